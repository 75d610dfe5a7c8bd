"""A file checked: what is read from it, what comes back from ids, what is refused and why."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from logos_grammar.codec import decode_many, encode_many
from logos_grammar.encoded import Encoded
from logos_grammar.formats.compressed import InputError, Stream, size_of
from logos_grammar.kinds import text_kind
from logos_grammar.prep.batch import Batch, Options, PrepKind, Refusal, printable
from logos_grammar.prep.plan import Source
from logos_grammar.prep.producer import Examiner, encode_batch, producer_named
from logos_grammar.prep.readers import (
    TableOptions,
    ending_of,
    format_named,
    format_of,
    kind_of_column,
    loaded,
)
from logos_grammar.texts import Kind, decode_texts, encode_texts
from logos_grammar.vocabulary import vocabulary

_Judge: TypeAlias = Callable[[int, str], tuple[bool, str | None]]
"""Of a place in a batch and the text that came back: whether RDKit reads it, and what changed."""

_DIFFERS: Final = "its ids come back different"

_KINDS_OF_ENDINGS: dict[str, PrepKind] = {
    ".smi": "molecule",
    ".smiles": "molecule",
    ".sdf": "molecule",
    ".sd": "molecule",
    ".mol": "molecule",
    ".rsmi": "reaction",
    ".rxn": "reaction",
    ".faa": "protein",
    ".fna": "dna",
    ".ffn": "dna",
    ".frn": "rna",
    ".pdb": "structure",
    ".ent": "structure",
    ".cif": "structure",
    ".mmcif": "structure",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A record that did not come through.

    Attributes
    ----------
    record
        Its number in the file, from 1.
    line
        The line on which it begins, from 1; None in a format without lines.
    reason
        What was wanted.
    position
        The character of `text` that is wrong, from 0, or None.
    text
        Its text.
    member
        The file of a folder or an archive in which it is; record and line are those of this file,
        the record that of the archive.
    block
        The name of the block of a file of mmCIF that the record is.
    """

    record: int
    line: int | None
    reason: str
    position: int | None
    text: str
    member: str | None = None
    block: str | None = None


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What became of the records of a file.

    Attributes
    ----------
    path
        The file or folder.
    kind
        What its records are.
    read
        How many records there are.
    round_tripped
        How many came back: text, ids, text, and the same ids again; ids, object and the same ids
        where a record is not a text.
    refused
        The records that are not sentences.
    changed
        The records whose ids, or whose canonical SMILES, came back different.
    compared
        How many records RDKit compared.
    left_out
        What a reader says that it did not take of records, for formats whose readers say it.
    """

    path: str
    kind: PrepKind
    read: int
    round_tripped: int
    refused: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    compared: int
    left_out: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every record came back."""
        return self.read == self.round_tripped


def kind_of(path: str, *, format: str | None, table_options: TableOptions) -> PrepKind:
    """Return what the records of a file are, by its ending or its columns.

    Raises
    ------
    InputError
        If neither says it.
    """
    if os.path.isdir(path):
        raise InputError(f"say the --kind of the folder {path}")
    name = format or format_of(path)
    size_of(path)
    kind = _KINDS_OF_ENDINGS.get(ending_of(path))
    return kind or kind_of_column(path, name, table_options)


def audit(source: Source, *, options: Options, chunk_bytes: int, rdkit: bool) -> Audit:
    """Check a file.

    Parameters
    ----------
    source
        The file and how to read it.
    options
        What its records are.
    chunk_bytes
        How much of it is looked at together.
    rdkit
        Whether RDKit says of each molecule and reaction that it came back the same.
    """
    if rdkit and options.kind not in ("molecule", "reaction"):
        raise InputError(f"expected no --rdkit for {options.kind}")
    if hasattr(format_named(source.format), "examine"):
        return _examined(source, options, chunk_bytes)
    if hasattr(format_named(source.format), "produce"):
        if rdkit:
            raise InputError(f"expected no --rdkit for {source.format}, which holds no texts")
        return _audit_of_objects(source, options, chunk_bytes)
    read = trips = compared = lines = 0
    refused: list[Finding] = []
    changed: list[Finding] = []
    kind = text_kind(options.kind)
    for batch, records in _batches(source, options, chunk_bytes):
        encoded, refusals = encode_batch(batch, options)
        refused += (_numbered(one, read, lines) for one in refusals)
        kept = np.flatnonzero(np.diff(encoded.offsets))
        texts = batch.texts.split(b"\n")
        judge = _judge(texts, batch, records, kind) if rdkit else None
        count, differing = _differing(encoded, kept, kind, judge)
        compared += count
        trips += len(kept) - len(differing)
        for place, reason in sorted(differing.items()):
            row = int(batch.rows[place])
            line = None if batch.lines is None else int(batch.lines[row])
            text = printable(texts[place])
            found = Refusal(row=row, line=line, reason=reason, position=None, text=text)
            changed.append(_numbered(found, read, lines))
        read += batch.records
        lines += batch.newlines
    return Audit(
        path=source.path,
        kind=kind,
        read=read,
        round_tripped=trips,
        refused=tuple(refused),
        changed=tuple(changed),
        compared=compared,
    )


def together(audits: Sequence[Audit], path: str) -> Audit:
    """Return the audits of the files of a folder as one, each finding with its file."""
    lists: dict[str, list[Finding]] = {"refused": [], "changed": [], "left_out": []}
    for one in audits:
        file = os.path.relpath(one.path, os.path.realpath(path))
        for name, found in lists.items():
            for each in getattr(one, name):
                inner = file if each.member is None else f"{file}/{each.member}"
                found.append(replace(each, member=inner))
    return Audit(
        path=path,
        kind=audits[0].kind,
        read=sum(one.read for one in audits),
        round_tripped=sum(one.round_tripped for one in audits),
        refused=tuple(lists["refused"]),
        changed=tuple(lists["changed"]),
        compared=sum(one.compared for one in audits),
        left_out=tuple(lists["left_out"]),
    )


def _examined(source: Source, options: Options, chunk_bytes: int) -> Audit:
    """Check a file whose format compares its records itself."""
    format = cast(Examiner, format_named(source.format))
    read = lines = 0
    refused: list[Finding] = []
    changed: list[Finding] = []
    left_out: list[Finding] = []
    with Stream(source.path) as stream:
        blocks = format.blocks(source.path, stream, source.layout, chunk_bytes)
        for number, block in enumerate(blocks):
            found = format.examine(block, source.layout, options, number == 0)
            refused += (_numbered(one, read, lines) for one in found.refused)
            changed += (_numbered(one, read, lines) for one in found.changed)
            left_out += (_numbered(one, read, lines) for one in found.left_out)
            read += found.records
            lines += found.newlines
    return Audit(
        path=source.path,
        kind=options.kind,
        read=read,
        round_tripped=read - len(refused) - len(changed),
        refused=tuple(refused),
        changed=tuple(changed),
        compared=0,
        left_out=tuple(left_out),
    )


def _audit_of_objects(source: Source, options: Options, chunk_bytes: int) -> Audit:
    """Check a file whose records are not texts: ids, objects, and the same ids again."""
    read = trips = lines = 0
    refused: list[Finding] = []
    changed: list[Finding] = []
    producer = producer_named(source.format)
    with Stream(source.path) as stream:
        blocks = producer.blocks(source.path, stream, source.layout, chunk_bytes)
        for number, block in enumerate(blocks):
            made = producer.produce(block, source.layout, options, number == 0)
            refused += (_numbered(one, read, lines) for one in made.refused)
            before = Encoded(made.ids, made.offsets)
            differing = _differing_rows(before, encode_many(decode_many(before)))
            trips += len(before) - len(differing)
            for row in differing:
                text = printable(" ".join(map(vocabulary.name, before[row].tolist())).encode())
                place = int(made.rows[row])
                found = Refusal(row=place, line=None, reason=_DIFFERS, position=None, text=text)
                changed.append(_numbered(found, read, lines))
            read += made.records
            lines += made.newlines
    return Audit(
        path=source.path,
        kind=options.kind,
        read=read,
        round_tripped=trips,
        refused=tuple(refused),
        changed=tuple(changed),
        compared=0,
    )


def _batches(
    source: Source, options: Options, chunk_bytes: int
) -> Iterator[tuple[Batch, list[bytes] | None]]:
    """Yield batches, each with its records as they are in the file where these are not texts."""
    format = format_named(source.format)
    if not hasattr(format, "read"):
        raise InputError(f"expected a format of texts to check, not {source.format}")
    with Stream(source.path) as stream:
        blocks = format.blocks(source.path, stream, source.layout, chunk_bytes)
        for number, block in enumerate(blocks):
            records = getattr(format, "records", None)
            batch = format.read(block, source.layout, options, number == 0)
            yield batch, None if records is None else list(records(block))


def _judge(texts: list[bytes], batch: Batch, records: list[bytes] | None, kind: Kind) -> _Judge:
    """Return what lets RDKit compare what was read at a place with the text that came back."""
    rdkit = loaded("logos_grammar.prep.rdkit", "--rdkit")

    def judge(place: int, after: str) -> tuple[bool, str | None]:
        if records is None:
            found = rdkit.compared(texts[place].decode(), after, kind)
        else:
            found = rdkit.compared_with_record(records[int(batch.rows[place])], after, kind)
        read, reason = found
        return bool(read), reason

    return judge


def _differing(
    encoded: Encoded, kept: NDArray[np.intp], kind: Kind, judge: _Judge | None
) -> tuple[int, dict[int, str]]:
    """Return how many RDKit compared, and why which texts did not come back the same."""
    offsets = np.concatenate([[0], np.cumsum(np.diff(encoded.offsets)[kept])])
    whole = Encoded(ids=encoded.ids, offsets=offsets)
    back = decode_texts(kind, whole)
    again = encode_texts(kind, back, errors="collect")
    found = {int(kept[row]): _DIFFERS for row in _differing_rows(whole, again)}
    if judge is None:
        return 0, found
    count = 0
    for row, place in enumerate(kept):
        read, reason = judge(int(place), back[row])
        count += read
        if reason is not None:
            found.setdefault(int(place), reason)
    return count, found


def _differing_rows(before: Encoded, after: Encoded) -> list[int]:
    """Return which rows have other ids."""
    if np.array_equal(after.ids, before.ids) and np.array_equal(after.offsets, before.offsets):
        return []
    return [row for row, ids in enumerate(before) if not np.array_equal(after[row], ids)]


def _numbered(refusal: Refusal, records: int, lines: int) -> Finding:
    return Finding(
        record=records + refusal.row + 1,
        line=None if refusal.line is None else lines + refusal.line + 1,
        reason=refusal.reason,
        position=refusal.position,
        text=refusal.text,
        member=refusal.member,
        block=refusal.block,
    )
