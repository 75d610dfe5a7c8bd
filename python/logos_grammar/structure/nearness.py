"""Nearness: which atoms lie within a radius of a point, compared exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.fixed import Fixed
from logos_grammar.structure.tables import Tables

__all__ = ["Number", "exact", "near"]

Number: TypeAlias = int | float | str | Decimal | Fraction | Fixed
"""An exact number: a float is the number that its bits have."""


def exact(number: Number) -> Fraction:
    """The number itself."""
    if isinstance(number, Fixed):
        return Fraction(int(number.scaled), 10**number.decimals)
    try:
        return Fraction(number)
    except (OverflowError, ValueError) as error:
        raise ValueError(f"expected a finite number, not {number}") from error


def near(tables: Tables, centre: list[Fraction], radius: Fraction) -> npt.NDArray[np.bool_]:
    """Which atoms are less than a radius away from a point, bool [n]."""
    if radius < 0:
        raise ValueError(f"expected a radius from 0 on, not {float(radius)}")
    columns = (tables.atoms.x, tables.atoms.y, tables.atoms.z)
    if len(centre) != len(columns):
        raise ValueError(f"expected a centre of 3 numbers, not {len(centre)}")
    floats = np.stack([np.asarray(column.to_float()) for column in columns], axis=1)
    distance = np.sqrt(((floats - [float(at) for at in centre]) ** 2).sum(axis=1))
    found: npt.NDArray[np.bool_] = distance < float(radius)
    # Floats are off by far less than this; what is so near to the radius is compared exactly.
    size = max(np.abs(floats).max(initial=0.0), *(abs(float(at)) for at in centre))
    for row in np.flatnonzero(np.abs(distance - float(radius)) <= 1e-6 + 1e-9 * size):
        squares = (exact(column[row]) - at for column, at in zip(columns, centre, strict=True))
        found[row] = sum(square**2 for square in squares) < radius**2
    return found
