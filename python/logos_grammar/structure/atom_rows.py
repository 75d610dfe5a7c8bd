"""Rows of atoms, each with all that a structure says of it: what converters fill and take."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.columns import Words
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed, Rounding
from logos_grammar.molecule.symbols import SYMBOLS
from logos_grammar.structure import Structure
from logos_grammar.structure.tables import (
    Atoms,
    Layout,
    Links,
    Models,
    Residues,
    Strands,
    UnitCell,
)

__all__ = [
    "AtomRows",
    "Digits",
    "cell_of",
    "elements_of",
    "expect_characters",
    "rows_of",
    "structure_of",
    "whole_numbers",
    "words_of",
]

_OF_RUN: Final = ("model", "chain", "label", "entity", "segment")
_OF_RESIDUE: Final = ("number", "insertion", "component", "hetero")
_ELEMENTS: Final = frozenset([*SYMBOLS[1:], "D", "X"])


@dataclass(frozen=True, kw_only=True)
class Digits:
    """How many decimals floats get, which have none of their own, and how they are rounded.

    Attributes
    ----------
    coordinates, occupancy, b_factor
        Counts of decimals, such as 3, 2 and 2 of PDB.
    rounding
        As for `Fixed.from_float`.
    """

    coordinates: int
    occupancy: int
    b_factor: int
    rounding: Rounding = "half_even"


@dataclass(frozen=True, kw_only=True)
class AtomRows:
    """Columns of n atoms in the order of the structure.

    Attributes
    ----------
    model, number
        int32 [n]: the numbers of the model and of the residue.
    chain, component, insertion, name, element, altloc
        `Words` [n]; the element as chemists write it.
    hetero
        bool [n].
    x, y, z
        `Fixed` [n].
    charge
        int8 [n].
    label, entity, segment, occupancy, b_factor
        None where the source has no such column.
    """

    model: npt.NDArray[np.int32]
    chain: Words
    component: Words
    number: npt.NDArray[np.int32]
    insertion: Words
    hetero: npt.NDArray[np.bool_]
    name: Words
    element: Words
    altloc: Words
    x: Fixed
    y: Fixed
    z: Fixed
    charge: npt.NDArray[np.int8]
    label: Words | None = None
    entity: Words | None = None
    segment: Words | None = None
    occupancy: Fixed | None = None
    b_factor: Fixed | None = None


def structure_of(rows: AtomRows, *, cell: UnitCell | None = None) -> Structure:
    """Make the structure of atoms: a run of rows with the same names is a strand, or a residue.

    Raises
    ------
    ConversionError
        Without atoms.
    """
    if not len(rows.x):
        raise ConversionError("expected atoms")
    begins_run = _changes(rows, _OF_RUN)
    begins_residue = begins_run | _changes(rows, _OF_RESIDUE)
    begins_model = _changes(rows, ("model",))
    run, residue = np.flatnonzero(begins_run), np.flatnonzero(begins_residue)

    def words(column: Words | None, at: npt.NDArray[Any]) -> Words | None:
        return None if column is None else column[at]

    none = np.zeros(0, np.uint32)
    built = Structure(
        layout=Layout(naming=[0], factors=[0], b_factor=[0]),  # type: ignore[arg-type]
        models=Models(number=rows.model[begins_model]),
        strands=Strands(
            model=_rows(begins_model)[run],
            kind=np.zeros(len(run), np.uint8),
            chain=rows.chain[run],
            label=words(rows.label, run),
            entity=words(rows.entity, run),
            segment=words(rows.segment, run),
        ),
        residues=Residues(
            strand=_rows(begins_run)[residue],
            component=rows.component[residue],
            number=rows.number[residue],
            insertion=rows.insertion[residue],
            hetero=rows.hetero[residue],
        ),
        atoms=Atoms(
            residue=_rows(begins_residue),
            name=rows.name,
            element=rows.element,
            altloc=rows.altloc,
            x=rows.x,
            y=rows.y,
            z=rows.z,
            occupancy=rows.occupancy,
            b_factor=rows.b_factor,
            charge=rows.charge,
        ),
        links=Links(begin=none, end=none, kind=none.astype(np.uint8)),
        cell=cell,
    )
    return Structure._of_bytes(_core.structure_settled(built))


def rows_of(structure: Structure) -> AtomRows:
    """Return the rows of a structure.

    Raises
    ------
    ConversionError
        For a residue of atoms whose number is not stated.
    """
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    residue = atoms.residue
    strand = residues.strand[residue]
    states = residues.number_state
    if states is not None and states[residue].any():
        row = int(residue[np.flatnonzero(states[residue])[0]])
        raise ConversionError(f"expected a number of each residue, not of residue {row}")

    def words(column: Words | None) -> Words | None:
        return None if column is None else column[strand]

    return AtomRows(
        model=structure.models.number[strands.model[strand]],
        chain=strands.chain[strand],
        component=residues.component[residue],
        number=residues.number[residue],
        insertion=residues.insertion[residue],
        hetero=residues.hetero[residue],
        name=atoms.name,
        element=atoms.element,
        altloc=atoms.altloc,
        x=atoms.x,
        y=atoms.y,
        z=atoms.z,
        charge=atoms.charge,
        label=words(strands.label),
        entity=words(strands.entity),
        segment=words(strands.segment),
        occupancy=atoms.occupancy,
        b_factor=atoms.b_factor,
    )


def whole_numbers(
    column: npt.NDArray[Any], dtype: type[np.signedinteger[Any]], name: str
) -> npt.NDArray[Any]:
    """Return a column as integers of a type of at most 32 bits.

    Raises
    ------
    ValueError
        For a number that is not whole or does not fit, naming its row.
    """
    if np.can_cast(column.dtype, dtype):
        return column.astype(dtype)
    # Bounds of 32 bits are exact in a float, and an integer that is not is far beyond them.
    floats = column.astype(np.float64)
    limits = np.iinfo(dtype)
    fits = (floats >= limits.min) & (floats <= limits.max) & (floats == np.trunc(floats))
    if not fits.all():
        row = int(np.flatnonzero(~fits)[0])
        raise ValueError(
            f"expected a whole number from {limits.min} to {limits.max} as {name}, "
            f"not {column[row]} in row {row}"
        )
    return floats.astype(dtype)


def words_of(column: npt.NDArray[Any]) -> Words:
    """Make a column of names of an array of str or bytes, each distinct one read once."""
    # Integers are sorted several times faster than bytes.
    in_8 = column.dtype == np.dtype("S8")
    cells: Any = np.ascontiguousarray(column).view(np.uint64) if in_8 else column
    distinct, codes = np.unique(cells, return_inverse=True)
    names = distinct.view("S8") if in_8 else distinct
    if names.dtype.kind == "S":
        names = np.char.decode(names, "utf-8", "surrogateescape")
    return Words.of_codes(names.tolist(), codes)


def elements_of(column: npt.NDArray[Any]) -> Words:
    """Make the column of elements of their symbols in any case; one that is empty is unknown, X.

    Raises
    ------
    ValueError
        For another text, naming its row.
    """
    words = words_of(column)
    symbols = [word.capitalize() or "X" for word in words.words]
    for code, symbol in enumerate(symbols):
        if symbol not in _ELEMENTS:
            row = int(np.flatnonzero(words.codes == code)[0])
            raise ValueError(
                f"expected the symbol of an element, D or X, not {words.words[code]!r} in row {row}"
            )
    return Words.of_codes(symbols, words.codes)


def expect_characters(names: Words, noun: str, library: str, *, is_ascii: bool) -> None:
    """Refuse names that a library has no room for: it holds one character of each.

    Raises
    ------
    ConversionError
        For a name of several characters or, where the library holds a byte, beyond ASCII.
    """
    for word in names.words:
        if len(word) > 1 or (is_ascii and not word.isascii()):
            character = "character of ASCII" if is_ascii else "character"
            raise ConversionError(
                f"expected one {character} as {noun}, which {library} holds, not {word!r}"
            )


def cell_of(numbers: Any, *, decimals: tuple[int, int], space_group: str) -> UnitCell:
    """Make a unit cell of six floats, the edges and the angles each with a count of decimals."""
    columns = [
        Fixed.from_float([float(number)], decimals=count, rounding="half_even")
        for number, count in zip(numbers, 3 * decimals[:1] + 3 * decimals[1:], strict=True)
    ]
    names = ("a", "b", "c", "alpha", "beta", "gamma")
    return UnitCell(**dict(zip(names, columns, strict=True)), space_group=Words([space_group]))


def _changes(rows: AtomRows, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which rows differ from the one before them in some column; the first does."""
    found = np.zeros(len(rows.x), np.bool_)
    found[0] = True
    known = {field.name for field in fields(rows)}
    for name in names:
        assert name in known, name
        column = getattr(rows, name)
        cells = column.codes if isinstance(column, Words) else column
        if cells is not None:
            found[1:] |= cells[1:] != cells[:-1]
    return found


def _rows(begins: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """Of each row in which of the runs it is that begin at some."""
    return (np.cumsum(begins) - 1).astype(np.uint32)
