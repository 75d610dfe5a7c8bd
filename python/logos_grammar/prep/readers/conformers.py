"""SDF and MOL: records of one molecule that follow each other are the poses of one conformer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.codec import decode, encode
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.comparison import difference, records_of
from logos_grammar.conformer.record import RecordError
from logos_grammar.conformer.sdf import Joined, SdfOptions, read_joined
from logos_grammar.error import GrammarError
from logos_grammar.formats.compressed import InputError, Stream, text_blocks
from logos_grammar.prep.batch import Options, PrepKind, Refusal, printable
from logos_grammar.prep.methods import applied
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.prep.sentences import Examined, Sentences, reason_of

__all__ = ["POSES", "blocks", "examine", "inspect", "layout_of", "produce", "records_in"]

POSES: Final = 1000
"""How many records one conformer takes, unless the caller says otherwise."""


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Return how many records one conformer takes."""
    no_columns(path, table_options)
    if kind != "conformer":
        raise InputError(f"expected conformer as the kind of {path}, got {kind}")
    return layout_of(table_options)


def layout_of(table_options: TableOptions) -> Layout:
    """Return how many records one conformer takes, as the caller said or did not."""
    return Layout(poses=POSES if table_options.poses is None else table_options.poses)


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole runs of records with the same atoms, bonds and charges, however long they are.

    So no conformer is cut where a block ends, and the bytes that are written do not depend on it.
    """

    def cut(held: bytearray, searched: int) -> int:
        return _core.sdf_end_of_runs(bytes(held), layout.poses)

    return text_blocks(stream, size=size, cut=cut)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read the records as conformers and encode these."""
    sentences: list[npt.NDArray[np.uint16]] = []
    rows: list[int] = []
    joined: list[int] = []
    refused: list[Refusal] = []
    records = 0
    for read in _read(block, layout, options):
        count = 1 if isinstance(read, RecordError) else read.records
        try:
            sentences.append(encode(_projected(_conformer(read), options)))
        except GrammarError as error:
            refused += _refusals(range(records, records + count), error, block)
        else:
            rows.append(records)
            joined.append(count)
        records += count
    return Sentences(
        ids=np.concatenate([np.empty(0, np.uint16), *sentences]),
        offsets=np.cumsum([0, *map(len, sentences)], dtype=np.int64),
        rows=np.array(rows, np.int64),
        records=records,
        newlines=block.count(b"\n"),
        refused=tuple(refused),
        joined=np.array(joined, np.int64),
    )


def examine(block: bytes, layout: Layout, options: Options, first: bool) -> Examined:
    """Read the records, encode and decode each conformer, and compare its poses with their text."""
    refused: list[Refusal] = []
    changed: list[Refusal] = []
    texts = records_of(block)
    records = 0
    for read in _read(block, layout, options):
        count = 1 if isinstance(read, RecordError) else read.records
        rows = range(records, records + count)
        records += count
        try:
            conformer = _conformer(read)
            back = decode(encode(conformer))
        except GrammarError as error:
            refused += _refusals(rows, error, block)
            continue
        is_other = back != conformer
        for pose, row in enumerate(rows):
            reason = "its columns come back different" if is_other else None
            reason = reason or difference(texts[row], conformer.pose(pose))
            if reason is not None:
                text = printable(conformer.title.encode("utf-8", "surrogateescape"))
                found = Refusal(row=row, line=None, reason=reason, position=None, text=text)
                changed.append(found)
    return Examined(
        records=records,
        newlines=block.count(b"\n"),
        refused=tuple(refused),
        changed=tuple(changed),
    )


def records_in(block: bytes) -> int:
    """Return how many records a block holds."""
    return len(records_of(block))


def _read(block: bytes, layout: Layout, options: Options) -> Iterator[Joined | RecordError]:
    choices = SdfOptions(
        stereo=options.stereo,
        layouts=options.layouts,
        without_title=options.without_title,
        without_properties=options.without_properties,
        without_atropisomers=options.without_atropisomers,
        without_stereo_groups=options.without_stereo_groups,
        without_substance_groups=options.without_substance_groups,
    )
    return read_joined(block, choices, most=layout.poses)


def _conformer(read: Joined | RecordError) -> Conformer:
    if isinstance(read, RecordError):
        raise read
    return Conformer(**read.poses._asdict())


def _projected(conformer: Conformer, options: Options) -> Conformer:
    return applied(conformer.without_order() if options.without_order else conformer, options)


def _refusals(rows: Sequence[int], error: GrammarError, block: bytes) -> Iterator[Refusal]:
    """The refusals of records: of one that cannot be read, or of all that are one conformer."""
    if not isinstance(error, RecordError):
        reason = reason_of(error)
        for row in rows:
            yield Refusal(row=row, line=None, reason=reason, position=None, text="")
        return
    line = error.line - 1
    text = printable(block.split(b"\n", line + 1)[line].rstrip(b"\r"))
    yield Refusal(row=rows[0], line=line, reason=error.reason, position=None, text=text)
