"""Shards: Megatron `.bin`/`.idx` files of ids, uint16 or int32, read where they lie on disk.

A shard is `prefix.bin`, the ids of all documents one after another, and `prefix.idx`, where each
begins and how long it is. Read and written from the format's description; arrays are little-endian
whatever the machine.

    idx: "MMIDIDX" 0 0, version uint64 = 1, dtype uint8 = 8 (uint16) or 4 (int32),
         sequences uint64, documents + 1 uint64, lengths int32 [sequences],
         byte offsets int64 [sequences], first sequence of each document int64 [documents + 1]
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"MMIDIDX\x00\x00"
_HEADER = struct.Struct("<9sQBQQ")
_VERSION = 1
_DTYPES: dict[int, np.dtype[Any]] = {8: np.dtype("<u2"), 4: np.dtype("<i4")}

Ids = NDArray[Any]
"""uint16 for objects, int32 for text, [n]."""


class ShardError(ValueError):
    """Shards that are not there, not whole, or of another vocabulary."""


@dataclass(frozen=True)
class Shard:
    """One pair of files.

    Attributes
    ----------
    prefix
        Path of the pair without its endings.
    ids
        All ids, uint16 or int32 [tokens], mapped from disk.
    lengths
        Tokens of each document, int64 [documents].
    begins
        Place of each document's first token in `ids`, int64 [documents].
    """

    prefix: Path
    ids: Ids
    lengths: NDArray[np.int64]
    begins: NDArray[np.int64]


def open_shard(prefix: Path) -> Shard:
    """Open the pair `prefix.bin`, `prefix.idx`; anything that does not add up is a `ShardError`."""
    index = with_ending(prefix, ".idx")
    tokens = with_ending(prefix, ".bin")
    for path in (index, tokens):
        if not path.is_file():
            raise ShardError(f"expected a file at {path}")
    size = index.stat().st_size
    with index.open("rb") as file:
        header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or header[: len(_MAGIC)] != _MAGIC:
        raise ShardError(f"expected a Megatron index at the start of {index}")
    _, version, code, sequences, bounds = _HEADER.unpack(header)
    if version != _VERSION:
        raise ShardError(f"expected version {_VERSION} of the index, got {version} in {index}")
    if code not in _DTYPES:
        raise ShardError(
            f"expected ids of 16 or 32 bits (dtype 8 or 4), got dtype {code} in {index}"
        )
    if bounds != sequences + 1:
        raise ShardError(f"expected one sequence for each document in {index}")
    if size != _HEADER.size + 12 * sequences + 8 * bounds:
        raise ShardError(f"expected {sequences} documents in {index}, its size is of another count")
    at = _HEADER.size
    lengths = _column(index, "<i4", at, sequences).astype(np.int64)
    offsets = _column(index, "<i8", at + 4 * sequences, sequences).astype(np.int64)
    firsts = _column(index, "<i8", at + 12 * sequences, bounds)
    stored, width = tokens.stat().st_size, _DTYPES[code].itemsize
    _check_layout(index, lengths=lengths, offsets=offsets, firsts=firsts, size=stored, width=width)
    ids = _column(tokens, _DTYPES[code], 0, stored // width)
    return Shard(prefix=prefix, ids=ids, lengths=lengths, begins=offsets // width)


def write_shard(prefix: Path, documents: Iterable[Ids]) -> tuple[Path, Path]:
    """Write documents as one shard, all of the integer type of the first; return its files.

    Parameters
    ----------
    prefix
        Path of the pair without its endings; its folder exists.
    documents
        Ids of each document, its end of sequence included, uint16 or int32 [n].

    Raises
    ------
    ShardError
        If a document is empty, or its ids are of another integer type.
    """
    index, tokens = with_ending(prefix, ".idx"), with_ending(prefix, ".bin")
    lengths: list[int] = []
    dtype: np.dtype[Any] | None = None
    with tokens.open("wb") as file:
        for ids in documents:
            dtype = dtype or ids.dtype.newbyteorder("<")
            if not len(ids) or ids.dtype != dtype or dtype not in _DTYPES.values():
                raise ShardError(
                    f"expected documents of ids of one type, uint16 or int32, got {ids.dtype} "
                    f"[{len(ids)}] as document {len(lengths)}"
                )
            file.write(ids.astype(dtype, copy=False).tobytes())
            lengths.append(len(ids))
    dtype = dtype or _DTYPES[8]
    code = next(code for code, known in _DTYPES.items() if known == dtype)
    begins = np.cumsum([0, *lengths], dtype=np.int64)[:-1] * dtype.itemsize
    columns = (
        np.array(lengths, "<i4"),
        begins.astype("<i8"),
        np.arange(len(lengths) + 1, dtype="<i8"),
    )
    header = _HEADER.pack(_MAGIC, _VERSION, code, len(lengths), len(lengths) + 1)
    index.write_bytes(header + b"".join(column.tobytes() for column in columns))
    return index, tokens


def with_ending(prefix: Path, ending: str) -> Path:
    """Return the file of a prefix, which may hold dots of its own."""
    return prefix.with_name(prefix.name + ending)


def _check_layout(  # noqa: PLR0913 (the columns of the index)
    index: Path,
    *,
    lengths: NDArray[np.int64],
    offsets: NDArray[np.int64],
    firsts: NDArray[Any],
    size: int,
    width: int,
) -> None:
    if not np.array_equal(firsts, np.arange(len(lengths) + 1)):
        raise ShardError(f"expected one sequence for each document in {index}")
    if np.any(lengths < 1):
        raise ShardError(f"expected no empty document in {index}")
    if np.any(offsets < 0) or np.any(offsets % width) or np.any(offsets + width * lengths > size):
        raise ShardError(f"expected every document of {index} inside its .bin of {size} bytes")
    ends = width * np.cumsum(lengths)
    if not np.array_equal(offsets, ends - width * lengths):
        raise ShardError(f"expected each document of {index} to begin where the last one ends")
    wanted = int(ends[-1]) if len(ends) else 0
    if size != wanted:
        raise ShardError(f"expected a .bin of {wanted} bytes beside {index}, got {size}")


def _column(path: Path, dtype: str | np.dtype[Any], offset: int, count: int) -> NDArray[Any]:
    if count == 0:
        return np.empty(0, dtype=dtype)
    mapped = np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=(count,))
    # Slices of a plain array are three times as fast to make.
    return mapped.view(np.ndarray)
