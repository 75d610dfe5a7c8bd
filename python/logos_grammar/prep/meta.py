"""What a caller says of objects: cells by the names of columns, as the side-car can hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, TypeAlias, TypeVar

import numpy as np

Cell: TypeAlias = str | int | float | bool | np.generic | None
"""What the side-car holds of an object: a label, a split, an identifier."""

_T = TypeVar("_T")

_LARGEST: Final = 1 << 63
_EXACT: Final = 1 << 53
"""Up to here every integer is a float of 64 bits."""


@dataclass(frozen=True, kw_only=True)
class ColumnType:
    """The type of a column, as far as its cells are known.

    Attributes
    ----------
    type
        str, int, float or bool; integers among floats are floats.
    largest
        The largest magnitude of its integers.
    """

    type: type
    largest: int = 0

    @classmethod
    def of(cls, cell: str | float | bool) -> Self:
        """Return the type of a column of one cell."""
        return cls(type=type(cell), largest=abs(cell) if type(cell) is int else 0)

    def with_cell(self, name: str, cell: str | float | bool) -> ColumnType:
        """Return the type of the column with one cell more.

        Raises
        ------
        TypeError
            When the cell is of another type.
        ValueError
            When an integer is not a float of 64 bits, and the column has floats.
        """
        other = ColumnType.of(cell)
        if {self.type, other.type} - {int, float} and self.type is not other.type:
            raise TypeError(
                f"expected {self.type.__name__} in column {name!r}, found {other.type.__name__}"
            )
        largest = max(self.largest, other.largest)
        both = self.type if self.type is other.type else float
        if both is float and largest > _EXACT:
            raise ValueError(
                f"expected integers of at most 2**53 beside the floats of column {name!r}, "
                f"found {largest}"
            )
        return replace(self, type=both, largest=largest)


def plain(name: str, cell: object) -> str | float | bool | None:
    """Return a cell as str, int, float, bool or None, none of a class of its own.

    Raises
    ------
    TypeError
        When it is something else, or an integer of more than 64 bits.
    ValueError
        When it is text that has no UTF-8.
    """
    found = cell.item() if isinstance(cell, np.generic) else cell
    if found is None or isinstance(found, bool):
        return found
    if isinstance(found, str):
        found = str.__str__(found)
        check_text(found, f"in column {name!r}")
        return found
    if isinstance(found, int):
        found = int.__int__(found)
        if not -_LARGEST <= found < _LARGEST:
            raise TypeError(f"expected integers of 64 bits in column {name!r}, found {found}")
        return found
    if isinstance(found, float):
        return float.__float__(found)
    raise TypeError(
        f"expected str, int, float, bool or None in column {name!r}, found {type(cell).__name__}"
    )


def check_text(text: str, where: str) -> None:
    """Raise `ValueError` for a text with a lone surrogate, which no file of UTF-8 holds."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"expected text {where}, found the lone surrogate in {text!r}") from error


def by_name(meta: Mapping[str, _T] | None) -> dict[str, _T]:
    """Return what is said by column, nothing for None.

    Raises
    ------
    TypeError
        When `meta` is not a mapping, or the name of a column is not a text.
    ValueError
        When a name has no UTF-8.
    """
    if meta is None:
        return {}
    if not isinstance(meta, Mapping):
        raise TypeError(
            f"expected meta as a mapping by the names of columns, not {type(meta).__name__}"
        )
    for name in meta:
        if not isinstance(name, str):
            raise TypeError(f"expected names of columns in meta that are text, not {name!r}")
        check_text(name, "as the name of a column")
    return {str.__str__(name): cells for name, cells in meta.items()}


def listed(name: str, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells of a column; a text does not count as its letters."""
    if isinstance(cells, str | bytes) or not isinstance(cells, Iterable):
        found = type(cells).__name__
        raise TypeError(f"expected several cells in column {name!r}, not one {found}")
    return list(cells)
