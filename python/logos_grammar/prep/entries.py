"""Entries: files that are one structure each, read, encoded, compared and written."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import numpy as np

from logos_grammar.codec import decode, encode
from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.formats.compressed import Stream
from logos_grammar.prep.batch import Options, PrepKind, Refusal, printable
from logos_grammar.prep.methods import applied
from logos_grammar.prep.readers.foreign import not_read
from logos_grammar.prep.sentences import Examined, Sentences, reason_of
from logos_grammar.structure import Reading, Structure
from logos_grammar.structure.comparison import difference

__all__ = ["EntryFormat", "check_kind", "examine", "produce", "whole"]

EntryFormat: TypeAlias = Literal["pdb", "mmcif"]
"""The formats of files that are structures."""

_WHERE = re.compile(r"line (\d+), column \d+: ")


def check_kind(path: str, ending: str, kind: PrepKind) -> None:
    """Raise `InputError` for a kind that such a file does not hold."""
    if kind != "structure":
        raise not_read(path, ending)


def whole(stream: Stream, size: int) -> bytes:
    """Return what is left of a file, which is one record."""
    pieces = []
    while piece := stream.read(size):
        pieces.append(piece)
    return b"".join(pieces)


def produce(content: bytes, format: EntryFormat, options: Options) -> Sentences:
    """Read a file as a structure and encode it."""
    refused: tuple[Refusal, ...] = ()
    ids = np.empty(0, np.uint16)
    try:
        ids = encode(_projected(_read(content, format, options).structure, options))
    except GrammarError as error:
        refused = (_refusal(error, content),)
    written = int(not refused)
    return Sentences(
        ids=ids,
        offsets=np.array([0, len(ids)] if written else [0], np.int64),
        rows=np.zeros(written, np.int64),
        records=1,
        newlines=content.count(b"\n"),
        refused=refused,
    )


def examine(content: bytes, format: EntryFormat, options: Options) -> Examined:
    """Read a file, encode and decode it, compare it with its text, write it and compare that."""
    refused: tuple[Refusal, ...] = ()
    changed: tuple[Refusal, ...] = ()
    left_out: tuple[Refusal, ...] = ()
    try:
        reading = _read(content, format, options)
        left_out = tuple(map(_remark, reading.left_out))
        structure = _projected(reading.structure, options)
        back = decode(encode(structure))
        assert isinstance(back, Structure)
    except GrammarError as error:
        refused = (_refusal(error, content),)
    else:
        reason = "its columns come back different" if back != structure else None
        reason = reason or difference(content, format, back)
        reason = reason or _difference_of_written(back, format)
        if reason is not None:
            changed = (Refusal(row=0, line=None, reason=reason, position=None, text=""),)
    return Examined(
        records=1,
        newlines=content.count(b"\n"),
        refused=refused,
        changed=changed,
        left_out=left_out,
    )


def _read(content: bytes, format: EntryFormat, options: Options) -> Reading:
    read = Structure.read_pdb if format == "pdb" else Structure.read_mmcif
    return read(content, blank_occupancy=options.blank_occupancy)


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


def _refusal(error: GrammarError, content: bytes) -> Refusal:
    """Return where a file fails: its line, and the character of that."""
    if not isinstance(error, ConversionError) or error.condition is None:
        return Refusal(row=0, line=None, reason=reason_of(error), position=None, text="")
    before = content[: error.position]
    begin = before.rfind(b"\n") + 1
    line = content[begin:].partition(b"\n")[0].rstrip(b"\r")
    return Refusal(
        row=0,
        line=before.count(b"\n"),
        reason=error.condition,
        position=len(printable(before[begin:])),
        text=printable(line),
    )


def _remark(text: str) -> Refusal:
    """Return what a reader says of something that it left out."""
    where = _WHERE.match(text)
    line = None if where is None else int(where[1]) - 1
    return Refusal(row=0, line=line, reason=_WHERE.sub("", text), position=None, text="")
