r"""FASTA: records of a header and a sequence, read and written natively.

What is kept: headers and sequences, letter for letter, case included.
What is normalised: line ends, the length of lines, blanks around lines, blank lines.
What is left out: comments, which are lines that begin with `;`.
What is refused: text before the first header, and, once a record becomes an object, every
character that is not a residue.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from logos_grammar.error import ConversionError
from logos_grammar.formats.compressed import Stream, open_write, text_blocks
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.texts import encode_texts

_BLOCK = 1 << 20
_BLANKS_AROUND = re.compile(rb"[ \t]*\n[ \t]*")
_COMMENT = re.compile(rb"^;[^\n]*", re.MULTILINE)
_WHERE = re.compile(r" at character \d+( of record \d+)?$")
_UNWRITABLE = re.compile(r"[\s>;]")


@dataclass(frozen=True)
class Record:
    """A header, the sequence under it, and their place in the file.

    Attributes
    ----------
    header
        What follows `>`, to the end of its line.
    sequence
        The letters of all its lines.
    number
        The record's place in the file, from 0. Two records may be equal at different places.
    line
        The line of its header, from 1; 0 for a record that was not read from a file.
    """

    header: str
    sequence: str
    number: int = field(default=0, compare=False)
    line: int = field(default=0, compare=False)


def read(source: str | os.PathLike[str] | IO[bytes] | IO[str]) -> Iterator[Record]:
    """Read the records of a file one by one.

    Parameters
    ----------
    source
        A path, compressed if it ends in `.gz`, `.bz2`, `.xz` or `.zst`, or an open file.

    Yields
    ------
    Record
        In the order of the file. Memory is bounded by the longest record.

    Raises
    ------
    ConversionError
        If there is text before the first header.
    InputError
        If the file is missing or damaged.
    """
    if isinstance(source, str | os.PathLike):
        with Stream(source) as stream:
            yield from _records(stream)
    else:
        yield from _records(_Handle(source))


def write(
    target: str | os.PathLike[str] | IO[str],
    records: Iterable[Record],
    *,
    width: int | None = 60,
) -> None:
    """Write records to a file.

    Parameters
    ----------
    target
        A path, compressed if it ends in `.gz`, `.bz2`, `.xz` or `.zst`, or an open text file.
    records
        What to write.
    width
        Letters on a line; None writes each sequence on one line.

    Raises
    ------
    ConversionError
        If a header has a line end, or a sequence a character that would not be read back.
    ValueError
        If `width` is less than 1.
    """
    if width is not None and width < 1:
        raise ValueError(f"expected a width of 1 or more, got {width}")
    texts = (_text(record, row, width) for row, record in enumerate(records))
    if isinstance(target, str | os.PathLike):
        with open_write(os.fspath(target)) as file:
            for text in texts:
                file.write(text.encode("utf-8", "surrogateescape"))
    else:
        for text in texts:
            target.write(text)


def to_objects(
    records: Iterable[Record], kind: Literal["protein", "dna", "rna"]
) -> Iterator[Protein | NucleicAcid]:
    """Turn records into objects of one kind; headers are not part of them.

    Parameters
    ----------
    records
        As `read` gives them.
    kind
        What the sequences are.

    Yields
    ------
    Protein or NucleicAcid
        One for each record.

    Raises
    ------
    ConversionError
        At the first character that is not a residue: `position` counts the characters of the
        sequence from 0, `record` is the number of the record.
    """
    for record in records:
        try:
            encode_texts(kind, [record.sequence], threads=1)
        except ConversionError as error:
            raise ConversionError(
                f"{_WHERE.sub('', str(error))} at character {error.position} of record "
                f"{record.number} ({record.header})",
                position=error.position,
                record=record.number,
            ) from None
        if kind == "protein":
            yield Protein(record.sequence)
        else:
            yield NucleicAcid(kind, record.sequence)


def split(block: bytes) -> Iterator[tuple[int, bytes | None, bytes]]:
    r"""Split a text of whole records.

    Parameters
    ----------
    block
        The text, its line ends `\n`.

    Yields
    ------
    tuple
        The line of the header, from 0; the header, None for text before the first one; and the
        sequence, its lines joined.
    """
    if block.startswith(b";") or b"\n;" in block:
        block = _COMMENT.sub(b"", block)
    line = 0
    for place, part in enumerate((b"\n" + block).split(b"\n>")):
        header: bytes | None = None
        if place:
            header, _, body = part.partition(b"\n")
        else:
            body = part
        if b" " in body or b"\t" in body:
            body = _BLANKS_AROUND.sub(b"\n", body).strip(b" \t")
        sequence = body.replace(b"\n", b"")
        if header is not None or sequence:
            yield line, header, sequence
        line += part.count(b"\n") + (1 if place else 0)


def last_record(held: bytearray, searched: int) -> int:
    """Return where the last header of a buffer begins: the records before it are whole."""
    return held.rfind(b"\n>", max(searched - 1, 0)) + 1


class _Handle:
    """An open file of bytes or text, as a stream."""

    def __init__(self, file: IO[Any]) -> None:
        self._file = file
        self._held = b""
        self.name = str(getattr(file, "name", "the open file"))

    def read(self, count: int) -> bytes:
        while len(self._held) < count:
            piece = self._file.read(count - len(self._held))
            if not piece:
                break
            self._held += (
                piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
            )
        out, self._held = self._held[:count], self._held[count:]
        return out


def _records(stream: Stream | _Handle) -> Iterator[Record]:
    number, above = 0, 1
    for block in text_blocks(stream, size=_BLOCK, cut=last_record):
        for line, header, sequence in split(block):
            if header is None:
                raise ConversionError(
                    f"expected '>' before the sequence on line {above + line} of {stream.name}",
                    record=0,
                )
            yield Record(
                header=header.decode("utf-8", "surrogateescape"),
                sequence=sequence.decode("utf-8", "surrogateescape"),
                number=number,
                line=above + line,
            )
            number += 1
        above += block.count(b"\n")


def _text(record: Record, row: int, width: int | None) -> str:
    if "\n" in record.header or "\r" in record.header:
        raise ConversionError(f"expected a header without line ends in record {row}", record=row)
    if found := _UNWRITABLE.search(record.sequence):
        raise ConversionError(
            f"expected a letter at character {found.start()} of record {row}, "
            f"found {found.group()!r}",
            position=found.start(),
            record=row,
        )
    step = width or max(len(record.sequence), 1)
    lines = [record.sequence[at : at + step] for at in range(0, len(record.sequence), step)]
    return "\n".join([">" + record.header, *lines, ""])
