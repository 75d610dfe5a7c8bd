r"""Records of SDF and MOL files as columns: coordinates, bonds, data items. No chemistry.

The core reads them (``rust/core/src/formats/sdf``): coordinates digit by digit as integers, never
as floats. What it takes to make a molecule of them is RDKit's: aromaticity, hydrogens, and stereo
from wedges or from coordinates.

>>> (record,) = records_of(b"\n\n\n  1  0  0  0  0  0            999 V2000\n" + _ATOM)
>>> record.atoms.element[0], record.atoms.x.to_text(), record.atoms.charge.tolist()
('N', ['-1.25'], [1])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.columns import Columns, Words
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed

__all__ = ["Atoms", "Bonds", "Items", "Record", "RecordError", "Tables", "records_of"]

_ATOM: Final = b"   -1.2500    0.0000    0.0000 N   0  3  0\nM  END\n"


class RecordError(ConversionError):
    """A record that has no conformer.

    Parameters
    ----------
    reason
        What was wanted.
    line
        The line of the file at which that is seen, from 1.
    record
        The record of the file, from 0.
    line_column
        The column of the line, from 1, in bytes; None where it is the record as a whole.
    """

    def __init__(
        self, reason: str, *, line: int, record: int, line_column: int | None = None
    ) -> None:
        at = "" if line_column is None else f"column {line_column}, "
        super().__init__(f"{reason}: {at}line {line}, record {record}", record=record)
        self.reason = reason
        self.line = line
        self.line_column = line_column

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.reason, self.line, self.record, self.line_column)


def _remade(reason: str, line: int, record: int, line_column: int | None) -> RecordError:
    return RecordError(reason, line=line, record=record, line_column=line_column)


class Atoms(Columns):
    """The atoms of a record, in its order."""

    element: Words
    """The symbol as it is written: ``Cl``, and also ``D``, ``*`` or a list of elements."""
    x: Fixed
    """In ångström, with one count of decimals, the fewest that hold all of the record."""
    y: Fixed
    z: Fixed
    charge: npt.NDArray[np.int8]
    """The formal charge."""
    radical: npt.NDArray[np.uint8]
    """0 none, 2 doublet, 3 triplet; a singlet is refused."""
    isotope: npt.NDArray[np.uint16]
    """The mass number, 0 where it is not given."""
    mass_difference: npt.NDArray[np.int8]
    """How far the mass is from that of the element, where no atom has a mass number; V2000."""
    map_number: npt.NDArray[np.uint32]
    """The number in a reaction, 0 for none."""


class Bonds(Columns):
    """The bonds of a record, in its order."""

    begin: npt.NDArray[np.uint32]
    """The row of the first atom, at which a wedge is narrow."""
    end: npt.NDArray[np.uint32]
    """The row of the second."""
    kind: npt.NDArray[np.uint8]
    """1 to 3 the order, 4 aromatic, 5 to 8 queries, 9 dative, 10 hydrogen."""
    wedge: npt.NDArray[np.uint8]
    """0 none, 1 up, 6 down, 4 up or down, 3 a double bond that may be cis or trans."""


class Items(Columns):
    """The data items of a record, in its order; a byte that is not UTF-8 is a lone surrogate."""

    name: Words
    value: Words
    """Lines are joined by line feeds."""


class Tables(Columns):
    """What a record says, as columns."""

    atoms: Atoms
    bonds: Bonds
    items: Items


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record of a file, read without chemistry.

    Attributes
    ----------
    row
        Which record of the file, from 0.
    line
        The line of the file on which it begins, from 1.
    is_flat
        Whether it is a layout in the plane and not a place in space: z is 0 at every atom, and
        line 2 does not say 3D.
    is_alike
        Whether its atoms, bonds and charges are those of the record before, in the same order.
    title
        Its first line.
    block
        Its MOL block, lines ended by a line feed; line 2 says 2D where z is 0 at every atom, else
        3D.
    tables
        Its columns.
    """

    row: int
    line: int
    is_flat: bool
    is_alike: bool
    title: str
    block: str
    tables: Tables

    @property
    def atoms(self) -> Atoms:
        """Its atoms."""
        return self.tables.atoms

    @property
    def bonds(self) -> Bonds:
        """Its bonds."""
        return self.tables.bonds

    @property
    def items(self) -> Items:
        """Its data items."""
        return self.tables.items

    def error(self, reason: str) -> RecordError:
        """An error with the place of this record in its file."""
        return RecordError(reason, line=self.line, record=self.row)


def records_of(text: bytes) -> Iterator[Record | RecordError]:
    """Yield the records of a file, or the error of one that cannot be read.

    Parameters
    ----------
    text
        The whole content of an SDF or MOL file; lines end by LF or CR LF.
    """
    for row, read in enumerate(_core.sdf_records(text)):
        if len(read) == 3:
            line, column, reason = read
            yield RecordError(reason, line=line, record=row, line_column=column)
            continue
        line, is_flat, is_alike, title, block, tables = read
        yield Record(
            row=row,
            line=line,
            is_flat=is_flat,
            is_alike=is_alike,
            title=title.decode("utf-8", "surrogateescape"),
            block=block.decode("utf-8", "replace"),
            tables=Tables._of_bytes(tables),
        )
