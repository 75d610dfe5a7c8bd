"""Alternative locations: one place for each atom that has several."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from logos_grammar.structure.tables import Tables

__all__ = ["residue_groups", "rows_of_the_first"]


def residue_groups(tables: Tables) -> npt.NDArray[np.int64]:
    """Of each residue the number of its position, int64 [n].

    Residues that follow each other in one strand with one number and insertion code are at one
    position: two components there are microheterogeneity.
    """
    residues = tables.residues
    columns: list[npt.NDArray[Any]] = [residues.strand, residues.number, residues.insertion.codes]
    if residues.number_state is not None:
        columns.append(residues.number_state)
    begins = np.zeros(len(residues), np.bool_)
    for column in columns:
        begins[1:] |= column[1:] != column[:-1]
    return np.cumsum(begins)


def rows_of_the_first(tables: Tables) -> npt.NDArray[np.bool_]:
    """Which atoms are of the first location, bool [n].

    The letter of a position is the first one there. Atoms with it are kept, and those without a
    letter. An atom that has other letters only is kept once, with the first of them, unless its
    component has no atom with the letter of the position.
    """
    atoms, residues = tables.atoms, tables.residues
    letter = atoms.altloc.codes
    lettered = np.asarray([word != "" for word in atoms.altloc.words], np.bool_)[letter]
    if not lettered.any():
        return np.ones(len(atoms), np.bool_)
    position = residue_groups(tables)[atoms.residue]
    component = _pairs(position, residues.component.codes[atoms.residue])
    site = _pairs(component, atoms.name.codes)
    wanted = letter == _first(position, letter, lettered)[position]
    blank = ~lettered
    has_atoms = _any(component, wanted | blank)[component]
    has_blank = _any(site, blank)[site]
    has_wanted = _any(site, wanted | blank)[site]
    own = letter == _first(site, letter, lettered)[site]
    rest: npt.NDArray[np.bool_] = blank | (
        lettered & ((wanted & ~has_blank) | (own & ~has_wanted & has_atoms))
    )
    return rest


def _pairs(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """A number for each pair of numbers, from 0."""
    joined = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    return np.unique(joined, return_inverse=True)[1]


def _any(groups: npt.NDArray[np.int64], rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Of each group whether it has one of some rows."""
    return np.bincount(groups[rows], minlength=int(groups.max()) + 1) > 0


def _first(
    groups: npt.NDArray[np.int64], letter: npt.NDArray[np.uint32], rows: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Of each group the letter of its first one of some rows, -1 for none."""
    found, first = np.unique(groups[rows], return_index=True)
    letters = np.full(int(groups.max()) + 1, -1, np.int64)
    letters[found] = letter[rows][first]
    return letters
