"""Motion: a rigid motion of points that are exact decimals, which can be undone exactly.

The rotation is that of a quaternion of four integers, so its matrix is nine integers over one, and
exactly orthogonal. Points are turned with exact integers and rounded once. A rounding moves a point
by at most half of the last decimal along each axis, by 0.87 of it in space. The motion back keeps
lengths, so it would miss by as much, which could round to a neighbour; with one decimal more it
misses by 0.087 and always comes back. The same holds for displacements, whose six numbers miss by
0.15 at most. Turns that bring each axis onto an axis need no rounding and no decimal more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from logos_grammar.fixed import Fixed

__all__ = ["Motion", "Posed", "mean_of"]

_Moved = TypeVar("_Moved")

_MOST_DECIMALS: Final = 9
_SPREAD: Final = 256.0
"""Rotations are drawn as four integers about as large: fine enough that none is preferred."""
_ROOMY: Final = 2**62


@dataclass(frozen=True, kw_only=True)
class Motion:
    """A turn about a point, and the way that this point takes.

    Attributes
    ----------
    quaternion
        The turn: four integers w, x, y, z with 1 as their greatest common divisor. Their length
        does not matter.
    centre
        The point about which it turns, in integers of the last decimal of the points.
    target
        Where that point goes, in the same integers.

    Raises
    ------
    ValueError
        For a quaternion of zeros.

    Examples
    --------
    >>> quarter = Motion(quaternion=(1, 0, 0, 1))
    >>> x, y, z = (Fixed([number], 3) for number in (1500, -2250, 125))
    >>> moved = quarter.moved(x, y, z)
    >>> moved
    (Fixed.from_text(['2.250'], decimals=3), Fixed.from_text(['1.500'], decimals=3), \
Fixed.from_text(['0.125'], decimals=3))
    >>> quarter.undone(*moved) == (x, y, z)
    True
    """

    quaternion: tuple[int, int, int, int]
    centre: tuple[int, int, int] = (0, 0, 0)
    target: tuple[int, int, int] = (0, 0, 0)

    def __post_init__(self) -> None:
        common = gcd(*self.quaternion)
        if not common:
            raise ValueError("expected a quaternion other than zero")
        reduced = tuple(int(part) // common for part in self.quaternion)
        object.__setattr__(self, "quaternion", reduced)

    @classmethod
    def drawn(
        cls,
        random: np.random.Generator,
        *,
        centre: Sequence[int] = (0, 0, 0),
        target: Sequence[int] = (0, 0, 0),
    ) -> Motion:
        """Draw a turn, all directions and angles alike."""
        quaternion = np.zeros(4, np.int64)
        while not quaternion.any():
            quaternion = np.rint(random.normal(0.0, _SPREAD, 4)).astype(np.int64)
        w, x, y, z = map(int, quaternion)
        return cls(quaternion=(w, x, y, z), centre=_point(centre), target=_point(target))

    @property
    def more_decimals(self) -> int:
        """How many decimals more moved points have: 0 where axes go onto axes, else 1."""
        matrix, unit = self._matrix()
        return int((matrix % unit != 0).any())

    def matrix(self) -> npt.NDArray[np.float64]:
        """The matrix of the turn in the nearest floats, float64 [3, 3]."""
        matrix, unit = self._matrix()
        return matrix.astype(np.float64) / unit

    def moved(self, x: Fixed, y: Fixed, z: Fixed) -> tuple[Fixed, Fixed, Fixed]:
        """The points after the motion.

        Raises
        ------
        ValueError
            For points that have 9 decimals and need one more, or would not fit in 64 bits.
        """
        decimals, finer = self._decimals(x.decimals)
        matrix, unit = self._matrix()
        points = _minus([x.scaled, y.scaled, z.scaled], self.centre)
        turned = _quotients(_product(matrix * finer, points), unit)
        return _fixed(_minus(turned, [-finer * to for to in self.target]), decimals)

    def undone(self, x: Fixed, y: Fixed, z: Fixed) -> tuple[Fixed, Fixed, Fixed]:
        """The points before the motion, of those after it."""
        decimals = x.decimals - self.more_decimals
        finer = 10**self.more_decimals
        matrix, unit = self._matrix()
        points = _minus([x.scaled, y.scaled, z.scaled], [finer * to for to in self.target])
        turned = _quotients(_product(matrix.T, points), unit * finer)
        return _fixed(_minus(turned, [-at for at in self.centre]), decimals)

    def turned_tensors(self, columns: Sequence[Fixed]) -> list[Fixed]:
        """Symmetric tensors after the turn: columns 11, 22, 33, 12, 13 and 23."""
        decimals, finer = self._decimals(columns[0].decimals)
        matrix, unit = self._matrix()
        return _turned(columns, matrix, unit, (finer, 1), decimals)

    def undone_tensors(self, columns: Sequence[Fixed]) -> list[Fixed]:
        """Symmetric tensors before the turn, of those after it."""
        finer = 10**self.more_decimals
        matrix, unit = self._matrix()
        decimals = columns[0].decimals - self.more_decimals
        return _turned(columns, matrix.T, unit, (1, finer), decimals)

    def _decimals(self, decimals: int) -> tuple[int, int]:
        """How many decimals there are afterwards, and ten to the power of how many more."""
        more = self.more_decimals
        if decimals + more > _MOST_DECIMALS:
            raise ValueError(
                f"expected at most {_MOST_DECIMALS - more} decimals, as a turn needs one more, "
                f"not {decimals}"
            )
        return decimals + more, 10**more

    def _matrix(self) -> tuple[npt.NDArray[Any], int]:
        """The matrix as integers over one integer."""
        w, x, y, z = self.quaternion
        rows = [
            [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
        ]
        return np.array(rows, object), w * w + x * x + y * y + z * z


class Posed(NamedTuple, Generic[_Moved]):
    """An object that was moved, and the motion."""

    object: _Moved
    motion: Motion


def mean_of(x: Fixed, y: Fixed, z: Fixed) -> tuple[int, int, int]:
    """The mean of the points, in units of their last decimal; without points the origin."""
    count = max(len(x), 1)
    of_x, of_y, of_z = (round(Fraction(sum(column.scaled.tolist()), count)) for column in (x, y, z))
    return of_x, of_y, of_z


def _point(given: Sequence[int]) -> tuple[int, int, int]:
    x, y, z = map(int, given)
    return x, y, z


def _minus(columns: Sequence[npt.NDArray[Any]], by: Sequence[int]) -> list[npt.NDArray[Any]]:
    """Numbers less one for each column, as Python's integers where 64 bits do not hold them."""
    result = []
    for column, number in zip(columns, by, strict=True):
        exact = column.dtype == object or _largest(column) + abs(number) >= _ROOMY
        result.append((column.astype(object) if exact else column) - number)
    return result


def _product(matrix: npt.NDArray[Any], columns: list[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    """A matrix of integers times columns, as Python's integers where 64 bits do not hold them."""
    rows = np.atleast_2d(matrix)
    largest = max((_largest(column) for column in columns), default=0)
    factor = int(max(sum(abs(each) for each in row) for row in rows))
    if largest * factor >= _ROOMY:
        columns = [column.astype(object) for column in columns]
    made = []
    for row in rows:
        total = columns[0] * int(row[0])
        for column, factor in zip(columns[1:], row[1:], strict=True):
            total = total + column * int(factor)
        made.append(total)
    return made


def _quotients(columns: list[npt.NDArray[Any]], unit: int) -> list[npt.NDArray[Any]]:
    """Each number over a unit, to the nearest integer, of two the higher one."""
    if any(column.dtype != object and 2 * _largest(column) + unit >= _ROOMY for column in columns):
        columns = [column.astype(object) for column in columns]
    return [(2 * column + unit) // (2 * unit) for column in columns]


def _turned(
    columns: Sequence[Fixed],
    matrix: npt.NDArray[Any],
    unit: int,
    scale: tuple[int, int],
    decimals: int,
) -> list[Fixed]:
    """Tensors, turned from both sides, in other units."""
    places = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
    factors = [
        [
            matrix[i, k] * matrix[j, m] + (matrix[i, m] * matrix[j, k] if k != m else 0)
            for k, m in places
        ]
        for i, j in places
    ]
    finer, coarser = scale
    product = _product(np.array(factors, object) * finer, [column.scaled for column in columns])
    return list(_fixed(_quotients(product, unit * unit * coarser), decimals))


def _largest(column: npt.NDArray[Any]) -> int:
    return max(abs(int(column.max())), abs(int(column.min()))) if len(column) else 0


def _fixed(columns: list[npt.NDArray[Any]], decimals: int) -> tuple[Any, ...]:
    for column in columns:
        if _largest(column) > np.iinfo(np.int64).max:
            raise ValueError("expected points that fit in 64 bits when they are moved")
    return tuple(Fixed(column.astype(np.int64), decimals) for column in columns)
