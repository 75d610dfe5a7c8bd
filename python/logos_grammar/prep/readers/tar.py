"""Tars of structures or of SDF: each member is read as a file of its format, never unpacked.

A member may be compressed itself. A regular member that is of no format of the kind, and a link,
is a refused record, and so is the rest of a tar that is cut or damaged. With `--carry member` the
names of the members go into the side-car.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import IO, Any, Final, cast

import numpy as np

from logos_grammar.formats.compressed import DamagedError, InputError, Stream, compression
from logos_grammar.prep.batch import Options, PrepKind, Refusal, printable
from logos_grammar.prep.readers import (
    Layout,
    TableOptions,
    format_named,
    no_columns,
    reader_of_name,
)
from logos_grammar.prep.sentences import Examined, Sentences

KINDS: Final = ("structure", "conformer")
"""The kinds whose files may be members."""

_SIZE: Final = struct.Struct("<Q")
_BLOCK: Final = 512
_OPENERS: Final[dict[str, Callable[..., Any]]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}
_DAMAGED: Final = (OSError, EOFError, zlib.error, lzma.LZMAError)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Whole records of a member.

    Attributes
    ----------
    member
        Its name; None for what is behind the last whole member of a damaged tar.
    format
        The name of its format; None for a member that is refused.
    reason
        Why it is.
    line
        The line of the member on which the part begins, from 0.
    size
        Its bytes.
    """

    member: str | None
    format: str | None
    reason: str = ""
    line: int = 0
    size: int = 0


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Return nothing to know: the endings of the members say their formats."""
    no_columns(path, table_options)
    if kind not in KINDS:
        raise InputError(f"expected {' or '.join(KINDS)} as the kind of the tar {path}, got {kind}")
    others = [name for name in table_options.carried if name != "member"]
    if others:
        raise InputError(f"expected no columns to carry of {path} but member, found {others[0]}")
    if kind != "conformer":
        return Layout()
    return cast("Layout", _reader("conformers").layout_of(table_options))


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole members, or whole records of a member, each with its name."""
    file = _Tail(stream)
    held: list[tuple[_Part, bytes]] = []
    length = 0
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", file), mode="r|") as archive:
            for member in archive:
                for part in _parts(archive, member, layout, size):
                    held.append(part)
                    length += len(part[1])
                    if length >= size:
                        yield _packed(held)
                        held, length = [], 0
        if any(file.last):
            raise tarfile.ReadError("it has no end")
    except (tarfile.TarError, EOFError, DamagedError) as error:
        # What is behind is one refused record, so that other files are read.
        found = error.reason if isinstance(error, DamagedError) else error
        held.append((_Part(member=None, format=None, reason=f"expected a whole tar: {found}"), b""))
    if held:
        yield _packed(held)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read each part as a file of its format."""
    made: list[Sentences] = []
    for part, content in _unpacked(block):
        if part.format is None:
            refused = (_refused(part),)
            empty = np.empty(0, np.uint16)
            none = np.zeros(0, np.int64)
            made.append(
                Sentences(
                    ids=empty,
                    offsets=np.zeros(1, np.int64),
                    rows=none,
                    records=1,
                    newlines=0,
                    refused=refused,
                )
            )
            continue
        found = _reader(part.format).produce(content, layout, options, first)
        made.append(replace(found, refused=_of_member(found.refused, part)))
    return _joined(made)


def examine(block: bytes, layout: Layout, options: Options, first: bool) -> Examined:
    """Check each part as a file of its format."""
    records = 0
    lists: dict[str, list[Refusal]] = {"refused": [], "changed": [], "left_out": []}
    for part, content in _unpacked(block):
        if part.format is None:
            lists["refused"].append(replace(_refused(part), row=records))
            records += 1
            continue
        found = _reader(part.format).examine(content, layout, options, first)
        for name, every in lists.items():
            inner = _of_member(getattr(found, name), part)
            every.extend(replace(one, row=one.row + records) for one in inner)
        records += found.records
    return Examined(
        records=records, newlines=0, **{name: tuple(every) for name, every in lists.items()}
    )


def cells(
    block: bytes, layout: Layout, options: Options, first: bool
) -> Iterator[tuple[int | None, Sequence[str | None]]]:
    """Yield of each record the name of its member."""
    for part, content in _unpacked(block):
        count = 1
        if part.format is not None:
            count = _reader(part.format).records_in(content)
        for _ in range(count):
            yield None, (part.member,)


class _Tail:
    """What a tar is read from; it keeps the last bytes, which are zero at the end of a tar."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.last = b"\1"

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self.last = data[-_BLOCK:] or self.last
        return data


def _parts(
    archive: tarfile.TarFile, member: tarfile.TarInfo, layout: Layout, size: int
) -> Iterator[tuple[_Part, bytes]]:
    """Yield what a member holds, in parts of about `size` bytes where its records are cut."""
    if member.isdir():
        return
    name = printable(member.name.encode("utf-8", "surrogateescape"))
    if not member.isreg():
        yield _Part(member=name, format=None, reason="expected a file, found a link or device"), b""
        return
    reader = reader_of_name(name)
    # Only the layout of conformers has poses.
    is_conformer = layout.poses > 0
    if reader is None or is_conformer != (reader == "conformers"):
        formats = "SDF" if is_conformer else "PDB or mmCIF"
        reason = f"expected a file of {formats} by the ending of its name"
        yield _Part(member=name, format=None, reason=reason), b""
        return
    file = archive.extractfile(member)
    assert file is not None, "a regular member has content"
    suffix = compression(name)
    if suffix and suffix not in _OPENERS:
        reason = f"expected no member compressed as {suffix}"
        yield _Part(member=name, format=None, reason=reason), b""
        return
    line = 0
    try:
        opened = _OPENERS[suffix](file) if suffix else file
        for content in _reader(reader).blocks(name, _Named(opened, name), layout, size):
            yield _Part(member=name, format=reader, line=line, size=len(content)), content
            line += content.count(b"\n")
    except _DAMAGED as error:
        if not suffix:
            raise
        yield _Part(member=name, format=None, reason=f"damaged data of {suffix}: {error}"), b""
    except InputError as error:
        yield _Part(member=name, format=None, reason=str(error)), b""


class _Named:
    """The content of a member, with a name for errors."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self.name = name

    def read(self, count: int) -> bytes:
        pieces = []
        while count and (piece := self._file.read(count)):
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


def _packed(parts: list[tuple[_Part, bytes]]) -> bytes:
    """Return parts as one block."""
    header = json.dumps([asdict(part) for part, _ in parts]).encode()
    return b"".join([_SIZE.pack(len(header)), header, *(content for _, content in parts)])


def _unpacked(block: bytes) -> Iterator[tuple[_Part, bytes]]:
    (size,) = _SIZE.unpack_from(block)
    at = _SIZE.size + size
    for fields in json.loads(block[_SIZE.size : at]):
        part = _Part(**fields)
        yield part, block[at : at + part.size]
        at += part.size


def _reader(format: str) -> Any:
    return format_named(format)


def _refused(part: _Part) -> Refusal:
    text = part.member or ""
    return Refusal(
        row=0, line=None, reason=part.reason, position=None, text=text, member=part.member
    )


def _of_member(refused: Sequence[Refusal], part: _Part) -> tuple[Refusal, ...]:
    """Return refusals with the name of the member, and the line in it."""
    lines = [None if one.line is None else one.line + part.line for one in refused]
    return tuple(
        replace(one, member=part.member, line=line)
        for one, line in zip(refused, lines, strict=True)
    )


def _joined(made: Sequence[Sentences]) -> Sentences:
    """Return the sentences of several parts as those of one block."""
    records = np.cumsum([0, *(one.records for one in made)])
    tokens = np.cumsum([0, *(len(one.ids) for one in made)])
    rows = [one.rows + before for one, before in zip(made, records, strict=False)]
    ends = [one.offsets[1:] + before for one, before in zip(made, tokens, strict=False)]
    refused = [
        replace(refusal, row=refusal.row + int(before))
        for one, before in zip(made, records, strict=False)
        for refusal in one.refused
    ]
    joined = (one.records_of_each() for one in made)
    return Sentences(
        ids=np.concatenate([np.empty(0, np.uint16), *(one.ids for one in made)]),
        offsets=np.concatenate([np.zeros(1, np.int64), *ends]),
        rows=np.concatenate([np.zeros(0, np.int64), *rows]),
        records=int(records[-1]),
        newlines=0,
        refused=tuple(refused),
        joined=np.concatenate([np.zeros(0, np.int64), *joined]),
    )
