"""The Megatron index of a shard: where each document begins and how many tokens it has."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.files import Measured

_HEADER = struct.Struct("<9sQBQQ")
_MAGIC = b"MMIDIDX\x00\x00"
_VERSION = 1
_UINT16 = 8
_ARANGE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Index:
    """What an index says.

    Attributes
    ----------
    lengths
        Tokens of each document, `<eos>` included, int32 [documents].
    begins
        The place of the first token of each document, int64 [documents].
    """

    lengths: NDArray[np.int32]
    begins: NDArray[np.int64]


def write_index(file: Measured, lengths: Iterable[NDArray[np.int32]]) -> None:
    """Write the index of documents that follow each other without a gap.

    Parameters
    ----------
    file
        What to write to.
    lengths
        Tokens of each document, in pieces that are iterated more than once, int32 [documents].
    """
    pieces = list(lengths)
    count = sum(map(len, pieces))
    file.write(_HEADER.pack(_MAGIC, _VERSION, _UINT16, count, count + 1))
    for piece in pieces:
        file.write(piece.astype("<i4", copy=False).data)
    begin = 0
    for piece in pieces:
        ends = begin + np.cumsum(piece.astype("<i8") * 2)
        file.write((ends - piece.astype("<i8") * 2).data)
        begin = int(ends[-1]) if len(ends) else begin
    for first in range(0, count + 1, _ARANGE):
        file.write(np.arange(first, min(first + _ARANGE, count + 1), dtype="<i8").data)


def read_index(path: Path) -> Index:
    """Read the index of a shard of uint16 ids.

    Raises
    ------
    InputError
        If it is not such an index.
    """
    data = path.read_bytes()
    invalid = InputError(f"expected a Megatron index of uint16 ids in {path}")
    if len(data) < _HEADER.size:
        raise invalid
    magic, version, dtype, count, bounds = _HEADER.unpack_from(data)
    if (magic, version, dtype, bounds) != (_MAGIC, _VERSION, _UINT16, count + 1):
        raise invalid
    if len(data) != _HEADER.size + 12 * count + 8 * bounds:
        raise invalid
    at = _HEADER.size
    lengths = np.frombuffer(data, "<i4", count, at)
    begins = np.frombuffer(data, "<i8", count, at + 4 * count) // 2
    return Index(lengths=lengths, begins=begins)
