"""The chemistry of a structure: by the names of its components and atoms.

Bonds within a residue are found by distance: hydrogens have other names in every program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.contacts.kinds.chemistry import MASKS, Chemistry, Group
from logos_grammar.contacts.kinds.components import COMPONENTS, Component
from logos_grammar.contacts.points import Points
from logos_grammar.molecule.symbols import SYMBOLS
from logos_grammar.structure import Structure
from logos_grammar.structure.sequence import WATERS

__all__ = ["METALS", "of_structure"]

_Named: TypeAlias = Callable[[str], npt.NDArray[np.int64]]
"""The rows of the atoms of a component that have one of some names."""

_NUMBERS: Final = {symbol: number for number, symbol in enumerate(SYMBOLS)} | {"D": 1, "X": 0}
_OTHERS: Final = (
    "* X H D He B C N O F Ne Si P S Cl Ar Ge As Se Br Kr Te I Xe At Rn".split()  # noqa: SIM905
)
METALS: Final = frozenset(_NUMBERS[symbol] for symbol in set(SYMBOLS) - set(_OTHERS))
"""The atomic numbers of metals."""

_BOND: Final = "2.0"
"""In ångström: two atoms of a residue that are nearer are bonded."""
_BOND_OF_HYDROGEN: Final = "1.4"
"""The same of a hydrogen; S-H is 1.34 Å long, and hydrogens of one atom are 1.6 Å apart."""


def of_structure(structure: Structure, points: Points) -> Chemistry:
    """The chemistry of the points of one structure."""
    atoms, residues = structure.atoms, structure.residues
    numbers = np.array([_NUMBERS.get(symbol, 0) for symbol in atoms.element.words], np.uint8)
    element = numbers[atoms.element.codes][points.row]
    residue = atoms.residue[points.row]
    component = residues.component.codes[residue]
    names = atoms.name.codes[points.row]
    masks = {name: np.zeros(len(element), np.bool_) for name in MASKS}
    words = atoms.name.words
    codes = {name: code for code, name in enumerate(words)}
    same = _identities(structure)[residue]
    bonds = _bonds(points, element, same)
    found: dict[str, list[Group]] = {"cations": [], "anions": [], "rings": []}
    for code, name in enumerate(residues.component.words):
        rows = np.flatnonzero(component == code)
        known = COMPONENTS.get(name)
        if name in WATERS:
            masks["water"][rows[element[rows] == 8]] = True
        if known is None or not len(rows):
            continue

        def named(text: str, rows: npt.NDArray[np.int64] = rows) -> npt.NDArray[np.int64]:
            wanted = [codes[each] for each in text.split() if each in codes]
            return rows[np.isin(names[rows], wanted)]

        masks["donor"][named(known.donor)] = True
        masks["acceptor"][named(known.acceptor)] = True
        masks["hydrophobic"][named(known.hydrophobic)] = True
        masks["binder"][named(f"{known.acceptor} {known.sulfur}")] = True
        masks["halogen_acceptor"][named(f"{known.acceptor} {known.sulfur}")] = True
        for kind, groups in _groups(known, named, residue).items():
            found[kind] += groups
    _protonate(element, same, bonds, masks, found)
    masks["metal"] = np.isin(element, list(METALS))
    masks["donor"] |= masks["water"]
    masks["acceptor"] |= masks["water"]
    masks["binder"] |= masks["water"]
    return Chemistry(
        points=points,
        element=element,
        bonds=bonds,
        masks=masks,
        cations=tuple(found["cations"]),
        anions=tuple(found["anions"]),
        rings=tuple(found["rings"]),
    )


def _identities(structure: Structure) -> npt.NDArray[np.uint32]:
    """Of each residue a number of its model, chain, number and component, uint32 [n].

    Programs that add hydrogens may write those of all residues behind all other atoms.
    """
    residues, strands = structure.residues, structure.strands
    columns = [
        strands.model[residues.strand],
        strands.chain.codes[residues.strand],
        residues.number,
        residues.insertion.codes,
        residues.component.codes,
    ]
    cells = np.stack([column.astype(np.int64) for column in columns], axis=1)
    return np.unique(cells, axis=0, return_inverse=True)[1].ravel().astype(np.uint32)


def _bonds(
    points: Points, element: npt.NDArray[np.uint8], residue: npt.NDArray[np.uint32]
) -> npt.NDArray[np.int64]:
    """The pairs of points of one residue that are near enough, int64 [m, 2]."""
    every = replace(points, unit=np.arange(len(element), dtype=np.uint32), member=residue)
    pairs = []
    for cutoff, hydrogens in ((_BOND, 0), (_BOND_OF_HYDROGEN, 1)):
        near = every.contacts(cutoff, separation=0, between=False)
        pair = np.stack([near.first, near.second], axis=1).astype(np.int64)
        pairs.append(pair[(element[pair] == 1).sum(axis=1) == hydrogens])
    return np.concatenate(pairs)


def _groups(
    known: Component, named: _Named, residue: npt.NDArray[np.uint32]
) -> dict[str, list[Group]]:
    """The charged groups and rings of all residues of a component; a ring has all its atoms."""

    def by_residue(text: str) -> dict[int, tuple[int, ...]]:
        rows = named(text)
        found: dict[int, tuple[int, ...]] = {}
        for row, of in zip(rows.tolist(), residue[rows].tolist(), strict=True):
            found[of] = (*found.get(of, ()), row)
        return found

    anions = by_residue(known.anion)
    atoms = by_residue(known.anion_atoms) or anions
    return {
        "cations": [Group(rows, rows) for rows in by_residue(known.cation).values()],
        "anions": [Group(rows, atoms.get(of, rows)) for of, rows in anions.items()],
        "rings": [
            Group(rows, rows)
            for ring in known.rings
            for rows in by_residue(ring).values()
            if len(rows) == len(ring.split())
        ],
    }


def _protonate(
    element: npt.NDArray[np.uint8],
    residue: npt.NDArray[np.uint32],
    bonds: npt.NDArray[np.int64],
    masks: dict[str, npt.NDArray[np.bool_]],
    groups: dict[str, list[Group]],
) -> None:
    """In residues that have hydrogens, take donors and charges as these say.

    A donor has a hydrogen. A nitrogen with one is not an acceptor. A histidine is neutral of which
    a nitrogen is left as an acceptor.
    """
    is_hydrogen = element[bonds] == 1
    heavy = bonds[is_hydrogen[:, ::-1]]  # the other end of each bond of a hydrogen
    has_hydrogen = np.zeros(len(element), np.bool_)
    has_hydrogen[heavy] = True
    stated = np.isin(residue, residue[heavy])
    masks["donor"] &= has_hydrogen | ~stated
    masks["acceptor"] &= ~(has_hydrogen & (element == 7))
    groups["cations"] = [
        group
        for group in groups["cations"]
        if not any(stated[row] and masks["acceptor"][row] for row in group.atoms)
    ]
