"""A structure beside the text of its file, which is read here once more, by other code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.comparison.mmcif import table_of_mmcif
from logos_grammar.structure.comparison.pdb import table_of_pdb
from logos_grammar.structure.comparison.table import Column, Table

__all__ = ["difference"]

_NUMBER: Final = re.compile(rb"([+-]?)([0-9]*)\.?([0-9]*)")
_ELEMENTS: Final = ["m11", "m12", "m13", "v1", "m21", "m22", "m23", "v2", "m31", "m32", "m33", "v3"]
_CELL: Final = ("a", "b", "c", "alpha", "beta", "gamma")


def difference(content: bytes, format: Literal["pdb", "mmcif"], structure: Structure) -> str | None:
    """Say what of a file is not in its structure; None when all of it is.

    Compared is every column that the page of the format lists as kept: those of the table of atoms
    row by row, as bytes or as decimal numbers, the displacements, the unit cell, operators and
    assemblies.
    """
    table = table_of_pdb(content) if format == "pdb" else table_of_mmcif(content)
    return next(_differences(structure, table), None)


def _differences(structure: Structure, table: Table) -> Iterator[str]:
    if table.rows != len(structure):
        yield f"{table.rows:,} atoms are {len(structure):,}"
        return
    for name, wanted in table.names.items():
        yield from _differs(name, _names(structure, name), wanted)
    for name, wanted in table.integers.items():
        yield from _differs(name, _integers(structure, name), wanted)
    for name, texts in table.numbers.items():
        yield from _numbers_differ(name, getattr(structure.atoms, name), texts)
    for name, stated in table.displacements.items():
        yield from _displacements_differ(name, structure, stated)
    yield from _cell_differs(structure, table)
    yield from _assemblies_differ(structure, table)


def _names(structure: Structure, name: str) -> Column:
    """The bytes of a column of names, for each atom."""
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    residue = atoms.residue
    if name in ("component", "insertion"):
        return _bytes(getattr(residues, name))[residue]
    if name in ("chain", "label", "entity", "segment"):
        words: Words | None = getattr(strands, name)
        if words is None:
            return np.full(len(residue), b"")
        return _bytes(words)[residues.strand[residue]]
    column = _bytes(getattr(atoms, name))
    return np.char.upper(column) if name == "element" else column


def _integers(structure: Structure, name: str) -> npt.NDArray[Any]:
    """The cells of a column of integers, for each atom."""
    residues, residue = structure.residues, structure.atoms.residue
    if name == "charge":
        return structure.atoms.charge
    if name == "model":
        return structure.models.number[structure.strands.model[residues.strand[residue]]]
    column = getattr(residues, name)
    return np.zeros(len(residue), np.int32) if column is None else column[residue]


def _bytes(words: Words) -> Column:
    distinct = [word.encode("utf-8", "surrogateescape") for word in words.words]
    return np.array([*distinct, b""])[words.codes]


def _differs(name: str, held: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> Iterator[str]:
    """The first row in which a column is not what the file has."""
    # An element that the file does not give follows from the name: the page says how.
    ignored = wanted == b"" if name == "element" else np.zeros(len(wanted), np.bool_)
    rows = np.flatnonzero((held != wanted) & ~ignored)
    if len(rows):
        row = int(rows[0])
        yield f"{name} {_shown(wanted[row])} of atom {row + 1} is {_shown(held[row])}"


def _numbers_differ(name: str, column: Fixed | None, texts: Column) -> Iterator[str]:
    """The same for numbers: all have the count of decimals of the longest."""
    is_blank = (texts == b"") | (texts == b"?") | (texts == b".")
    if column is None:
        if not is_blank.all():
            yield f"{name} is left out"
        return
    distinct, inverse = np.unique(texts, return_inverse=True)
    # A blank occupancy is 1 by an option, a blank B factor has a state.
    blank = 10**column.decimals if name == "occupancy" else 0
    wanted = [
        blank if text in (b"", b"?", b".") else _scaled(text, column.decimals)
        for text in distinct.tolist()
    ]
    if None in wanted:
        yield f"{name} {_shown(distinct[wanted.index(None)])} has other decimals"
        return
    rows = np.flatnonzero(np.array(wanted, np.int64)[inverse] != column.scaled)
    if len(rows):
        row = int(rows[0])
        yield f"{name} {_shown(texts[row])} of atom {row + 1} is {column[row]}"


def _displacements_differ(name: str, structure: Structure, texts: list[bytes]) -> Iterator[str]:
    column: Fixed | None = getattr(structure.atoms, name)
    if column is None:
        if texts:
            yield f"{name} is left out"
        return
    states = structure.atoms.anisotropic_state
    held = column.scaled if states is None else column.scaled[states == 0]
    wanted = [_scaled(text, column.decimals) for text in texts]
    if held.tolist() != wanted:
        yield f"{name} is not what the file has"


def _cell_differs(structure: Structure, table: Table) -> Iterator[str]:
    if table.cell is None:
        return
    cell = structure.cell
    if cell is None:
        yield "the unit cell is left out"
        return
    for name, text in zip(_CELL, table.cell, strict=True):
        column: Fixed = getattr(cell, name)
        if _scaled(text, column.decimals) != int(column.scaled[0]):
            yield f"{name} {_shown(text)} of the unit cell is {column[0]}"
    yield from _differs("space group", _bytes(cell.space_group), np.array([table.space_group]))


def _assemblies_differ(structure: Structure, table: Table) -> Iterator[str]:
    if table.operators is None:
        return
    operators, assemblies = structure.operators, structure.assemblies
    ids = () if operators is None else tuple(_words(operators.id))
    if ids != tuple(table.operators):
        yield f"operators {list(table.operators)} are {list(ids)}"
        return
    for row, (id, texts) in enumerate(table.operators.items()):
        for name, text in zip(_ELEMENTS, texts, strict=True):
            column: Fixed = getattr(operators, name)
            if _scaled(text, column.decimals) != int(column.scaled[row]):
                yield f"{name} {_shown(text)} of the operator {_shown(id)} is {column[row]}"
    rows: tuple[tuple[bytes, ...], ...] = ()
    if assemblies is not None:
        names = (assemblies.id, assemblies.chains, assemblies.operators)
        rows = tuple(zip(*map(_words, names), strict=True))
    if rows != table.assemblies:
        yield f"assemblies {list(table.assemblies)} are {list(rows)}"


def _words(words: Words) -> list[bytes]:
    return [word.encode("utf-8", "surrogateescape") for word in words]


def _scaled(text: bytes, decimals: int) -> int | None:
    """The integer of a number with as many decimals, None for any other text."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    digits = found[3].rstrip(b"0") if len(found[3]) > decimals else found[3]
    if len(digits) > decimals:
        return None
    number = int(found[2] + digits or b"0") * int(10 ** (decimals - len(digits)))
    return -number if found[1] == b"-" else number


def _shown(cell: Any) -> str:
    if isinstance(cell, bytes):
        return repr(cell.decode("utf-8", "backslashreplace"))
    return str(cell)
