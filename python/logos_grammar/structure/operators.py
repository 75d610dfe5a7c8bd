"""Operators of a structure as exact integers, products of them, and points and tensors moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.fixed import Fixed
from logos_grammar.structure.tables import Operators

__all__ = ["Operator", "copies_of", "operator_of"]

_EXPRESSION: Final = re.compile(r"(?:\([^()]*\)|[^()]+)+")
_FACTOR: Final = re.compile(r"\(([^()]*)\)|([^()]+)")
_RANGE: Final = re.compile(r"([0-9]+)-([0-9]+)")
_ROOMY: Final = 2**62
_MOST_COPIES: Final = 100_000


@dataclass(frozen=True, kw_only=True)
class Operator:
    """A matrix and a vector, both integers over powers of ten.

    Attributes
    ----------
    matrix
        Its rows, integers.
    vector
        Integers.
    matrix_decimals, vector_decimals
        How many of the last digits of these integers are decimals.
    """

    matrix: tuple[tuple[int, ...], ...]
    vector: tuple[int, ...]
    matrix_decimals: int
    vector_decimals: int

    def after(self, other: Operator) -> Operator:
        """The operator that moves a point by another one, then by this one."""
        columns = tuple(zip(*other.matrix, strict=True))
        scale, own_scale = 10**self.matrix_decimals, 10**other.vector_decimals
        moved = (_dot(row, other.vector) for row in self.matrix)
        return Operator(
            matrix=tuple(tuple(_dot(row, column) for column in columns) for row in self.matrix),
            vector=tuple(
                at * 10**self.vector_decimals + by * scale * own_scale
                for at, by in zip(moved, self.vector, strict=True)
            ),
            matrix_decimals=self.matrix_decimals + other.matrix_decimals,
            vector_decimals=self.matrix_decimals + other.vector_decimals + self.vector_decimals,
        )

    def moved(self, points: Sequence[Fixed]) -> list[Fixed]:
        """Three columns of coordinates after it, with their decimals, each rounded once."""
        decimals = points[0].decimals
        more = max(self.matrix_decimals, self.vector_decimals - decimals)
        matrix = [[n * 10 ** (more - self.matrix_decimals) for n in row] for row in self.matrix]
        vector = [n * 10 ** (more + decimals - self.vector_decimals) for n in self.vector]
        columns = [point.scaled for point in points]
        return [
            Fixed(_rounded(_sum(row, columns, by), 10**more), decimals)
            for row, by in zip(matrix, vector, strict=True)
        ]

    def turned(self, tensors: Sequence[Fixed]) -> list[Fixed]:
        """Symmetric tensors after it: columns 11, 22, 33, 12, 13 and 23, each rounded once."""
        columns = [tensor.scaled for tensor in tensors]
        unit, decimals = 10 ** (2 * self.matrix_decimals), tensors[0].decimals
        turned = []
        for one, other in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)):
            left, right = self.matrix[one], self.matrix[other]
            # Of u12 = u21 there is one column.
            factors = [left[at] * right[at] for at in range(3)]
            factors += [
                left[at] * right[to] + left[to] * right[at] for at, to in ((0, 1), (0, 2), (1, 2))
            ]
            turned.append(Fixed(_rounded(_sum(factors, columns, 0), unit), decimals))
        return turned


def operator_of(operators: Operators | None, names: Sequence[str]) -> Operator:
    """The product of operators, of which the last moves a point first.

    Raises
    ------
    ValueError
        For an operator that there is not.
    """
    parts = [_named(operators, name) for name in names]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.after(part)
    return whole


def copies_of(expression: str) -> list[tuple[str, ...]]:
    """The operators of each copy that an expression makes, such as ``1,2`` or ``(1-60)(P,Q)``.

    Raises
    ------
    ValueError
        For another text, or one that makes more than 100,000 copies.
    """
    factors = (
        []
        if _EXPRESSION.fullmatch(expression) is None
        else [
            [name for part in (inner or outer).split(",") for name in _names(part)]
            for inner, outer in _FACTOR.findall(expression)
        ]
    )
    count = prod(map(len, factors)) if factors else 0
    if count > _MOST_COPIES:
        raise ValueError(f"expected at most {_MOST_COPIES:,} copies, not {count:,}")
    if not count:
        raise ValueError(f"expected operators, such as '1,2' or '(1-60)(P,Q)', not {expression!r}")
    return list(product(*factors))


def _names(part: str) -> list[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        return [part] if part else []
    # One too many says that there are too many.
    first, last = int(found[1]), int(found[2])
    return [str(number) for number in range(first, min(last, first + _MOST_COPIES) + 1)]


def _named(operators: Operators | None, name: str) -> Operator:
    ids = [] if operators is None else list(operators.id)
    if operators is None or name not in ids:
        raise ValueError(f"expected an operator, one of {ids}, not {name!r}")
    row = ids.index(name)

    def integers(prefix: str, places: Sequence[str]) -> tuple[tuple[int, ...], int]:
        columns: list[Fixed] = [getattr(operators, f"{prefix}{place}") for place in places]
        # Zeros at the end of all of them would only make the integers longer.
        cells = [int(column.scaled[row]) for column in columns]
        decimals = columns[0].decimals
        while decimals and all(cell % 10 == 0 for cell in cells):
            cells, decimals = [cell // 10 for cell in cells], decimals - 1
        return tuple(cells), decimals

    matrix, matrix_decimals = integers("m", [f"{row}{at}" for row in "123" for at in "123"])
    vector, vector_decimals = integers("v", "123")
    return Operator(
        matrix=(matrix[:3], matrix[3:6], matrix[6:]),
        vector=vector,
        matrix_decimals=matrix_decimals,
        vector_decimals=vector_decimals,
    )


def _dot(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _sum(factors: Sequence[int], columns: Sequence[npt.NDArray[np.int64]], by: int) -> Any:
    """The sum of columns times factors and a number, of int64 where all of it fits."""
    largest = abs(by) + sum(
        abs(factor) * max(abs(int(column.min(initial=0))), abs(int(column.max(initial=0))))
        for factor, column in zip(factors, columns, strict=True)
    )
    largest = max(largest, *map(abs, factors))
    kind: Any = np.int64 if largest < _ROOMY else object
    total: Any = np.full(len(columns[0]), by, kind)
    for factor, column in zip(factors, columns, strict=True):
        total = total + column.astype(kind) * factor
    return total


def _rounded(numbers: Any, unit: int) -> npt.NDArray[np.int64]:
    """Divide integers and round to the nearest one, a half to the even one."""
    if numbers.dtype != object and unit >= _ROOMY:
        numbers = numbers.astype(object)
    whole, rest = numbers // unit, numbers % unit
    up = (2 * rest > unit) | ((2 * rest == unit) & (whole % 2 == 1))
    whole = whole + up
    if len(whole) and max(abs(int(whole.min())), abs(int(whole.max()))) >= 2 * _ROOMY:
        raise ValueError("expected coordinates that fit in 64 bits after an operator")
    return np.asarray(whole, np.int64)
