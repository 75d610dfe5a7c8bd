"""Byte strings that Hypothesis draws and that strategies read as little programs.

A strategy of this package draws one byte string and reads each byte as an instruction: add an atom,
go up a branch, begin a name. Every byte string is a program and every program makes an object, so
no draw is wasted; one draw costs a fraction of a draw per atom; and an instruction deleted
or lowered by Hypothesis changes one thing in the object, so failures shrink to small objects.
A table lists its instructions in order of preference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

LARGEST = 999_999_999
"""The largest number that a sentence holds in one place."""

_EDGES = (998, 999, 1000, 1001, 999_999, 1_000_000, 1_000_001, LARGEST)


def programs() -> st.SearchStrategy[bytes]:
    """Draw programs: half of them short, half of them sixteen bytes or longer.

    Returns
    -------
    SearchStrategy[bytes]
        Shrinks to the empty program.
    """
    return st.binary() | st.binary(min_size=16)


def instructions(weighted: Iterable[tuple[int, T]]) -> tuple[T, ...]:
    """Spread instructions over the 256 bytes, in their order and by their weights.

    Parameters
    ----------
    weighted
        Pairs of a weight and an instruction, the simplest first; 256 in sum or less.

    Returns
    -------
    tuple
        256 instructions, one for each byte.

    Raises
    ------
    ValueError
        When no instruction is given, or the weights sum to more than 256.
    """
    row = [instruction for weight, instruction in weighted for _ in range(weight)]
    if not 0 < len(row) <= 256:
        raise ValueError(f"expected weights that sum to 1..256, found {len(row)}")
    return tuple(row[byte * len(row) >> 8] for byte in range(256))


def choice(code: Iterator[int], among: Sequence[T]) -> T:
    """Read one byte as one of up to 256 things, the first when the program has ended."""
    return among[next(code, 0) * len(among) >> 8]


def positive(code: Iterator[int]) -> int:
    """Read a whole number from 1 to 999,999,999, 1 when the program has ended.

    One byte for a small number or for one at an edge of the notation, else up to four more.
    """
    head = next(code, 0)
    if head < 160:
        return head + 1
    if head < 192:
        return _EDGES[(head - 160) // 4]
    if head < 224:
        return 161 + next(code, 0)
    if head < 240:
        return 1 + (next(code, 0) | next(code, 0) << 8 | next(code, 0) << 16) % (LARGEST // 1000)
    high, low = next(code, 0) | next(code, 0) << 8, next(code, 0) | next(code, 0) << 8
    return 1 + (high << 16 | low) % LARGEST
