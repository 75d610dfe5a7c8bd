"""Alternative locations: one place for each atom that has several."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.structure.selection import selected
from logos_grammar.structure.tables import Tables

__all__ = ["residue_groups", "rows_of_the_first", "with_whole_residues"]

_Tables = TypeVar("_Tables", bound=Tables)


def residue_groups(tables: Tables) -> npt.NDArray[np.int64]:
    """Of each residue the number of its position, int64 [n].

    Residues that follow each other in one strand with one number and insertion code are at one
    position: two components there are microheterogeneity. So is a later residue with that number
    whose atoms all have letters, as a file has it that writes one location after the other.
    """
    residues, atoms = tables.residues, tables.atoms
    columns: list[npt.NDArray[Any]] = [residues.strand, residues.number, residues.insertion.codes]
    if residues.number_state is not None:
        columns.append(residues.number_state)
    begins = np.zeros(len(residues), np.bool_)
    for column in columns:
        begins[1:] |= column[1:] != column[:-1]
    runs: npt.NDArray[np.int64] = np.cumsum(begins)
    of_runs = runs[atoms.residue]
    blank = np.bincount(of_runs[np.asarray(atoms.altloc == "")], minlength=len(residues) + 1)
    is_lettered = (np.bincount(of_runs, minlength=len(residues) + 1) > 0) & (blank == 0)
    if not is_lettered.any():
        return runs
    starts = np.flatnonzero(np.concatenate([[True], begins[1:]]))
    position = np.arange(len(starts))
    seen: dict[tuple[int, ...], int] = {}
    for run, cells in enumerate(zip(*(column[starts].tolist() for column in columns), strict=True)):
        if is_lettered[run]:
            position[run] = position[seen.get(cells, run)]
        seen[cells] = run
    return position[runs]


def with_whole_residues(tables: _Tables) -> _Tables:
    """The structure whose residues of one position and component are one, where atoms have letters.

    The atoms of those that lie apart in the file follow those of the first.
    """
    residues, atoms, links = tables.residues, tables.atoms, tables.links
    whole = _pairs(residue_groups(tables), residues.component.codes)
    letters = np.unique(whole[atoms.residue[np.asarray(atoms.altloc != "")]])
    _, first = np.unique(whole, return_index=True)
    home = np.where(np.isin(whole, letters), first[whole], np.arange(len(residues)))
    if (home == np.arange(len(residues))).all():
        return tables
    order = np.argsort(home[atoms.residue], kind="stable")
    place = np.argsort(order)
    ends = np.stack([place[links.begin], place[links.end]])
    turned = ends[0] > ends[1]
    columns: dict[str, Any] = {"begin": ends.min(axis=0), "end": ends.max(axis=0)}
    if links.begin_symmetry is not None and links.end_symmetry is not None:
        words = np.array([list(links.begin_symmetry), list(links.end_symmetry)], object)
        words[:, turned] = words[::-1, turned]
        columns |= {"begin_symmetry": Words(words[0]), "end_symmetry": Words(words[1])}
    moved = replace(
        tables,
        atoms=replace(atoms[order], residue=home[atoms.residue][order]),
        links=replace(links, **columns)[np.argsort(columns["end"], kind="stable")],
    )
    return selected(moved, residues=home == np.arange(len(residues)))


def rows_of_the_first(tables: Tables) -> npt.NDArray[np.bool_]:
    """Which atoms are of the first location, bool [n].

    The letter of a position is the first one there. Atoms with it are kept, and those without a
    letter. An atom that has other letters only is kept once, with the first of them, unless its
    component has no atom with the letter of the position. Of several components of which one has
    letters only, the first is kept.
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
    # Of several components of which one has letters only, the first one is there.
    is_blank = _any(component, blank)[component]
    chosen = _first(position, component, rest)[position]
    is_chosen_blank = _any(position, rest & is_blank & (component == chosen))[position]
    rest &= (component == chosen) | (is_blank & is_chosen_blank)
    return rest


def _pairs(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """A number for each pair of numbers, from 0."""
    joined = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    return np.unique(joined, return_inverse=True)[1]


def _any(groups: npt.NDArray[np.int64], rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Of each group whether it has one of some rows."""
    return np.bincount(groups[rows], minlength=int(groups.max()) + 1) > 0


def _first(
    groups: npt.NDArray[np.int64], cells: npt.NDArray[np.integer], rows: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Of each group the cell of its first one of some rows, -1 for none."""
    found, first = np.unique(groups[rows], return_index=True)
    of_groups = np.full(int(groups.max()) + 1, -1, np.int64)
    of_groups[found] = cells[rows][first]
    return of_groups
