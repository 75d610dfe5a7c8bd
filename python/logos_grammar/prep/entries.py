"""Entries: files of structures, read, encoded, compared and written.

A PDB file is a structure, and so is each block of an mmCIF file that has an atom table. A file
whose compressed data are damaged is one refused record, as a member of a tar is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.codec import decode, encode
from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.formats.compressed import DamagedError, Stream
from logos_grammar.prep.batch import Options, PrepKind, Refusal, printable
from logos_grammar.prep.methods import applied
from logos_grammar.prep.readers.foreign import not_read
from logos_grammar.prep.sentences import Examined, Sentences, reason_of
from logos_grammar.structure import Reading, Structure
from logos_grammar.structure.comparison import difference

__all__ = ["EntryFormat", "check_kind", "examine", "produce", "records_in", "whole"]

EntryFormat: TypeAlias = Literal["pdb", "mmcif"]
"""The formats of files of structures."""

_WHOLE, _DAMAGED = b"+", b"-"
"""What a block begins with: the content of a file follows, or why it cannot be read."""

_WHERE = re.compile(r"line (\d+), column \d+: ")


def check_kind(path: str, ending: str, kind: PrepKind) -> None:
    """Raise `InputError` for a kind that such a file does not hold."""
    if kind != "structure":
        raise not_read(path, ending)


def whole(stream: Stream, size: int) -> bytes:
    """Return what is left of a file as a block, or why its compressed data cannot be read."""
    pieces = [_WHOLE]
    try:
        while piece := stream.read(size):
            pieces.append(piece)
    except DamagedError as error:
        return _DAMAGED + error.reason.encode("utf-8", "surrogateescape")
    return b"".join(pieces)


def produce(block: bytes, format: EntryFormat, options: Options) -> Sentences:
    """Read each structure of a file and encode it."""
    sentences: list[npt.NDArray[np.uint16]] = []
    rows: list[int] = []
    refused: list[Refusal] = []
    entries = _entries(block, format)
    for row, entry in enumerate(entries):
        try:
            sentences.append(encode(_projected(entry.read(format, options).structure, options)))
        except GrammarError as error:
            refused.append(entry.refusal(row, error))
        else:
            rows.append(row)
    return Sentences(
        ids=np.concatenate([np.empty(0, np.uint16), *sentences]),
        offsets=np.cumsum([0, *map(len, sentences)], dtype=np.int64),
        rows=np.array(rows, np.int64),
        records=len(entries),
        newlines=block.count(b"\n"),
        refused=tuple(refused),
    )


def examine(block: bytes, format: EntryFormat, options: Options) -> Examined:
    """Read, encode and decode each structure, compare it with its text, write it, compare that."""
    refused: list[Refusal] = []
    changed: list[Refusal] = []
    left_out: list[Refusal] = []
    entries = _entries(block, format)
    for row, entry in enumerate(entries):
        try:
            reading = entry.read(format, options)
            left_out += (entry.remark(row, text) for text in reading.left_out)
            structure = _projected(reading.structure, options)
            back = decode(encode(structure))
            assert isinstance(back, Structure)
        except GrammarError as error:
            refused.append(entry.refusal(row, error))
            continue
        reason = "its columns come back different" if back != structure else None
        reason = reason or difference(entry.content, format, back)
        reason = reason or _difference_of_written(back, format)
        if reason is not None:
            changed.append(entry.told(row, reason))
    return Examined(
        records=len(entries),
        newlines=block.count(b"\n"),
        refused=tuple(refused),
        changed=tuple(changed),
        left_out=tuple(left_out),
    )


def records_in(block: bytes, format: EntryFormat) -> int:
    """Return how many structures a file holds."""
    return len(_entries(block, format))


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A structure of a file: all of it, or a block of mmCIF.

    Attributes
    ----------
    content
        The text that is read as a file by itself.
    line
        The line of the file on which it begins, from 0.
    block
        The name of the block; None for a file that is read as a whole.
    error
        Why it cannot be read.
    """

    content: bytes
    line: int = 0
    block: str | None = None
    error: GrammarError | None = None

    def read(self, format: EntryFormat, options: Options) -> Reading:
        if self.error is not None:
            raise self.error
        read = Structure.read_pdb if format == "pdb" else Structure.read_mmcif
        return read(self.content, blank_occupancy=options.blank_occupancy)

    def refusal(self, row: int, error: GrammarError) -> Refusal:
        """Return where it fails: the line, and the character of that."""
        if not isinstance(error, ConversionError) or error.condition is None:
            return self.told(row, reason_of(error))
        before = self.content[: error.position]
        begin = before.rfind(b"\n") + 1
        line = self.content[begin:].partition(b"\n")[0].rstrip(b"\r")
        return replace(
            self.told(row, error.condition, before.count(b"\n")),
            position=len(printable(before[begin:])),
            text=printable(line),
        )

    def remark(self, row: int, text: str) -> Refusal:
        """Return what a reader says of something that it left out."""
        where = _WHERE.match(text)
        line = None if where is None else int(where[1]) - 1
        return self.told(row, _WHERE.sub("", text), line)

    def told(self, row: int, reason: str, line: int | None = None) -> Refusal:
        at = None if line is None else self.line + line
        return Refusal(row=row, line=at, reason=reason, position=None, text="", block=self.block)


def _entries(block: bytes, format: EntryFormat) -> list[_Entry]:
    """The structures of a file; one where its text cannot be read as far as to find them."""
    content = block.removeprefix(_WHOLE)
    if block.startswith(_DAMAGED):
        reason = printable(block.removeprefix(_DAMAGED))
        return [_Entry(content=b"", error=ConversionError(reason))]
    if format == "pdb":
        return [_Entry(content=content)]
    try:
        parts = _core.mmcif_parts(content)
    except ConversionError as error:
        return [_Entry(content=content, error=error)]
    entries: list[_Entry] = []
    line = before = 0
    for name, begin, end in parts:
        line += content.count(b"\n", before, begin)
        before = begin
        named = printable(name) if name else None
        entries.append(_Entry(content=content[begin:end], line=line, block=named))
    return entries


def _projected(structure: Structure, options: Options) -> Structure:
    less = structure.without_links() if options.without_links else structure
    return applied(less, options)


def _difference_of_written(structure: Structure, format: EntryFormat) -> str | None:
    """Say what of a structure is not in the file that is written of it."""
    try:
        if format == "pdb":
            content = structure.to_pdb(hybrid_36=True).encode("utf-8", "surrogateescape")
            again = Structure.from_pdb(content)
        else:
            content = structure.to_mmcif().encode("utf-8", "surrogateescape")
            again = Structure.from_mmcif(content)
    except GrammarError as error:
        return f"it cannot be written: {error}"
    found = difference(content, format, structure)
    # Writing mmCIF gives labels to a structure without any.
    if found is None and again != structure and structure.strands.label is not None:
        found = "it is another structure"
    return None if found is None else f"written and read again, {found}"
