"""What the text of a file says of its atoms, as far as a structure keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.vocabulary import vocabulary

__all__ = ["DISPLACEMENTS", "ELEMENT", "Column", "Table", "symbols"]

Column: TypeAlias = "npt.NDArray[np.bytes_]"
"""A cell of bytes for each atom."""

ELEMENT: Final = re.compile(rb"[+-]?(?:[0-9]{1,6}\.?[0-9]{0,10}|\.[0-9]{1,10})")
"""An element of a matrix or a vector that a structure holds."""
DISPLACEMENTS: Final = ("u11", "u22", "u33", "u12", "u13", "u23")
_ELEMENTS: Final = frozenset(
    [
        *(
            vocabulary.text(id).upper().encode()
            for id in vocabulary
            if vocabulary.block_of(id).name == "element"
        ),
        b"D",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table of atoms of a file, its columns by the names that a structure gives them.

    Attributes
    ----------
    rows
        How many atoms there are.
    names
        Columns of names, each bytes [rows]; an empty element is one that is not given.
    integers
        Columns of integers and truth values, each [rows].
    numbers
        Columns of decimal numbers as they are written, each bytes [rows]; blank, ``?`` or ``.``
        where none is given.
    displacements
        Of each of the six the numbers that the file gives, in its order.
    cell
        The six numbers of the unit cell; None for no cell.
    space_group
        As it is written.
    operators
        The names of operators, and the twelve numbers of each as they are written; None where the
        file does not say them as its format does.
    assemblies
        Names of assemblies, of their chains and operators, row by row.
    """

    rows: int
    names: dict[str, Column]
    integers: dict[str, npt.NDArray[Any]]
    numbers: dict[str, Column]
    displacements: dict[str, list[bytes]]
    cell: tuple[bytes, ...] | None
    space_group: bytes
    operators: dict[bytes, tuple[bytes, ...]] | None
    assemblies: tuple[tuple[bytes, bytes, bytes], ...]


def symbols(texts: Column) -> Column:
    """The symbols of elements in capitals, ``X`` for any other text, empty for none."""
    distinct, inverse = np.unique(np.char.upper(texts), return_inverse=True)
    known = [each if not each or each in _ELEMENTS else b"X" for each in distinct.tolist()]
    return np.array([*known, b""])[inverse]
