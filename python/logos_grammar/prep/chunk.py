"""The unit of work: one block of a file, encoded and kept in one file of the work folder."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from logos_grammar.prep.batch import Options, Refusal
from logos_grammar.prep.carried import with_carried
from logos_grammar.prep.files import Measured, write_whole
from logos_grammar.prep.manifest import Counts
from logos_grammar.prep.producer import producer_named
from logos_grammar.prep.readers import Layout, format_with_cells
from logos_grammar.vocabulary import vocabulary

CHUNK = ".chunk"
"""Ending of the name of a chunk file."""

_MAGIC = b"logos chunk 5\n"
_DIGEST_BYTES = 16
_SIZE = struct.Struct("<Q")
_PIECE = 1 << 22


@dataclass(frozen=True, kw_only=True)
class Task:
    """A block and what to do with it.

    Attributes
    ----------
    path
        The file of the work folder to write.
    format
        Name of the format of the block.
    layout
        Where the texts are.
    options
        What they are to become.
    first
        Whether the source begins with this block.
    block
        Whole records.
    """

    path: Path
    format: str
    layout: Layout
    options: Options
    first: bool
    block: bytes


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What a chunk file says of itself.

    Attributes
    ----------
    digest
        Of the block that it was made from.
    records
        Records of the block.
    newlines
        Lines of the block.
    written
        Sentences, each of one record or several.
    tokens
        Tokens of all sentences, `<eos>` included.
    refused
        Records that did not.
    carried
        Bytes of the carried columns, as JSON.
    """

    digest: str
    records: int
    newlines: int
    written: int
    tokens: int
    refused: int
    carried: int = 0

    def counts(self) -> Counts:
        """Return what became of its records."""
        return Counts(
            read=self.records,
            written=self.records - self.refused,
            refused=self.refused,
            tokens=self.tokens,
        )


def digest(block: bytes) -> str:
    """Return what tells this block from others."""
    return hashlib.blake2b(block, digest_size=_DIGEST_BYTES).hexdigest()


def make(task: Task) -> Chunk:
    """Encode a block and write its chunk file, all of it or nothing."""
    producer = producer_named(task.format)
    made = producer.produce(task.block, task.layout, task.options, task.first)
    carried = b""
    if task.options.carried:
        cells = format_with_cells(task.format).cells
        found = cells(task.block, task.layout, task.options, task.first)
        made, columns = with_carried(made, found, task.options)
        carried = json.dumps(columns).encode()
    ids = np.insert(made.ids, made.offsets[1:], vocabulary.id("<eos>"))
    lengths = np.diff(made.offsets) + 1
    chunk = Chunk(
        digest=digest(task.block),
        records=made.records,
        newlines=made.newlines,
        written=len(lengths),
        tokens=len(ids),
        refused=len(made.refused),
        carried=len(carried),
    )
    parts = (
        ids.astype("<u2", copy=False).tobytes(),
        lengths.astype("<i4").tobytes(),
        made.rows.astype("<i8", copy=False).tobytes(),
        made.records_of_each().astype("<i4").tobytes(),
        carried,
        b"".join(json.dumps(asdict(refusal)).encode() + b"\n" for refusal in made.refused),
    )
    write_chunk(task.path, chunk, parts)
    return chunk


def write_chunk(path: Path, chunk: Chunk, parts: Iterable[bytes]) -> None:
    """Write a chunk file, all of it or nothing.

    Parameters
    ----------
    path
        Where it is to be.
    chunk
        What it says of itself.
    parts
        The ids (uint16), the lengths of the sentences (int32), the places of their first records
        (int64), how many records each holds (int32), all little-endian; the carried columns and the
        refusals as JSON.
    """
    header = json.dumps(asdict(chunk)).encode()
    whole = (_SIZE.pack(len(header)) + header, *parts)
    found = _digest_in(path)
    for part in whole:
        found.update(part)
    with write_whole(path) as file:
        file.write(_MAGIC + found.digest())
        for part in whole:
            file.write(part)


def read_chunk(path: Path) -> Chunk | None:
    """Return what a chunk file says of itself; None when it is missing, cut short or damaged.

    The whole file is read: the digest that it begins with is that of its name, which says the
    place of its block, and of every byte behind it.
    """
    try:
        with path.open("rb") as file:
            if not _is_whole(file, path):
                return None
            file.seek(0)
            return _header(file)[0]
    except FileNotFoundError:
        return None


def copy_ids(path: Path, target: Measured) -> None:
    """Append the ids of a chunk file to another file."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        file.seek(at)
        left = 2 * chunk.tokens
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise ValueError(f"expected {left} more bytes of ids in {path}")
            target.write(piece)
            left -= len(piece)


def read_ids(path: Path) -> NDArray[np.uint16]:
    """Return the ids of a chunk file, `<eos>` behind each sentence, uint16 [tokens]."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        return np.fromfile(file, "<u2", chunk.tokens, offset=at - file.tell())


def read_lengths(path: Path) -> NDArray[np.int32]:
    """Return the tokens of each sentence of a chunk file, int32 [written]."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        return np.fromfile(file, "<i4", chunk.written, offset=at + 2 * chunk.tokens - file.tell())


def read_rows(path: Path) -> NDArray[np.int64]:
    """Return the place in the block of the record of each sentence, int64 [written]."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        at += 2 * chunk.tokens + 4 * chunk.written
        return np.fromfile(file, "<i8", chunk.written, offset=at - file.tell())


def read_joined(path: Path) -> NDArray[np.int32]:
    """Return how many records each sentence of a chunk file holds, int32 [written]."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        at += 2 * chunk.tokens + 12 * chunk.written
        return np.fromfile(file, "<i4", chunk.written, offset=at - file.tell())


def read_carried(path: Path) -> dict[str, list[Any]]:
    """Return the carried columns of a chunk file, each with a cell for every sentence."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        file.seek(at + 2 * chunk.tokens + 16 * chunk.written)
        found: dict[str, list[Any]] = json.loads(file.read(chunk.carried) or b"{}")
        return found


def read_refusals(path: Path) -> Iterator[Refusal]:
    """Yield the refused records of a chunk file."""
    with path.open("rb") as file:
        chunk, at = _header(file)
        file.seek(at + 2 * chunk.tokens + 16 * chunk.written + chunk.carried)
        for line in file:
            yield Refusal(**json.loads(line))


def _digest_in(path: Path) -> hashlib.blake2b:
    """Begin a digest with the name of a file, which says its place among the others."""
    return hashlib.blake2b(path.name.encode(), digest_size=_DIGEST_BYTES)


def _is_whole(file: BinaryIO, path: Path) -> bool:
    """Whether a file is a chunk file, every byte of it as it was written under its name."""
    if file.read(len(_MAGIC)) != _MAGIC:
        return False
    wanted = file.read(_DIGEST_BYTES)
    found = _digest_in(path)
    while piece := file.read(_PIECE):
        found.update(piece)
    return found.digest() == wanted


def _header(file: BinaryIO) -> tuple[Chunk, int]:
    """Return the header and where the ids begin."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("expected a chunk file")
    file.seek(_DIGEST_BYTES, os.SEEK_CUR)
    (size,) = _SIZE.unpack(file.read(_SIZE.size))
    chunk = Chunk(**json.loads(file.read(size)))
    return chunk, file.tell()
