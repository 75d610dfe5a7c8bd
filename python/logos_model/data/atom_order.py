"""Atom order: the same molecule with its atoms in another depth-first order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from logos_grammar.molecule import BondOrder, Molecule

_TURNED = {
    BondOrder.UP: BondOrder.DOWN,
    BondOrder.DOWN: BondOrder.UP,
    BondOrder.DATIVE: BondOrder.DATIVE_BACK,
    BondOrder.DATIVE_BACK: BondOrder.DATIVE,
}
_LARGEST_TETRAHEDRAL = 2
_HYDROGEN = -1
"""Stands for the hydrogen among the neighbours of a stereo centre."""


def has_plain_stereo(molecule: Molecule) -> bool:
    """Whether `reordered` knows every class of atom stereo in the molecule: tetrahedral or none."""
    return not len(molecule.stereo) or int(molecule.stereo.max()) <= _LARGEST_TETRAHEDRAL


def reordered(molecule: Molecule, rank: Sequence[float]) -> Molecule:
    """Return the molecule with its atoms in the depth-first order that `rank` prefers.

    Components begin at their atom of lowest rank and stand in the order of these atoms; from each
    atom the neighbour of lowest rank is visited first. Bond directions are turned and tetrahedral
    stereo is restated, so that the molecule is the same.

    Parameters
    ----------
    molecule
        A molecule of n atoms whose stereo is plain, see `has_plain_stereo`.
    rank
        One number for each atom, no two equal.
    """
    begins, ends = molecule.begin.tolist(), molecule.end.tolist()
    neighbours: list[list[int]] = [[] for _ in rank]
    bond_of: dict[tuple[int, int], int] = {}
    for bond, (one, other) in enumerate(zip(begins, ends, strict=True)):
        neighbours[one].append(other)
        neighbours[other].append(one)
        bond_of[one, other] = bond_of[other, one] = bond
    for others in neighbours:
        others.sort(key=rank.__getitem__)
    order, parent = _depth_first(neighbours, rank)
    place = [0] * len(order)
    for at, atom in enumerate(order):
        place[atom] = at
    begin, end, bonds = [], [], []
    for at, atom in enumerate(order):
        up = parent[atom]
        closed = sorted(place[other] for other in neighbours[atom] if place[other] < at)
        if up >= 0:
            closed.remove(place[up])
            closed.insert(0, place[up])
        for other in closed:
            begin.append(other)
            end.append(at)
            bonds.append(bond_of[order[other], atom])
    kinds = molecule.order.tolist()
    turned = [
        kinds[bond] if begins[bond] == order[one] else _TURNED.get(kinds[bond], kinds[bond])
        for one, bond in zip(begin, bonds, strict=True)
    ]
    atoms = np.array(order)
    stereo = molecule.stereo[atoms]
    if stereo.any():
        centres = np.flatnonzero(stereo).tolist()
        hydrogens = molecule.hydrogens.tolist()
        before = _around(begins, ends, [order[at] for at in centres], hydrogens)
        after = _around(begin, end, centres, [hydrogens[atom] for atom in order])
        for at in centres:
            old = [place[one] if one >= 0 else one for one in before[order[at]]]
            stereo[at] = 3 - stereo[at] if _is_odd(old, after[at]) else stereo[at]
    return Molecule(
        element=molecule.element[atoms],
        aromatic=molecule.aromatic[atoms],
        isotope=molecule.isotope[atoms],
        stereo=stereo,
        hydrogens=molecule.hydrogens[atoms],
        charge=molecule.charge[atoms],
        map=molecule.map[atoms],
        begin=np.array(begin, np.uint32),
        end=np.array(end, np.uint32),
        order=np.array(turned, np.uint8),
    )


def _depth_first(neighbours: list[list[int]], rank: Sequence[float]) -> tuple[list[int], list[int]]:
    """The atoms in the order of the walk, and of each atom the one it was reached from, or -1."""
    parent = [-2] * len(rank)
    order: list[int] = []
    for root in sorted(range(len(rank)), key=rank.__getitem__):
        if parent[root] != -2:
            continue
        parent[root] = -1
        order.append(root)
        path = [iter(neighbours[root])]
        atoms = [root]
        while path:
            for other in path[-1]:
                if parent[other] == -2:
                    parent[other] = atoms[-1]
                    order.append(other)
                    path.append(iter(neighbours[other]))
                    atoms.append(other)
                    break
            else:
                path.pop()
                atoms.pop()
    return order, parent


def _around(
    begin: list[int], end: list[int], centres: list[int], hydrogens: list[int]
) -> dict[int, list[int]]:
    """The neighbours of each stereo centre in the order that its code is about.

    The atom before it, the hydrogen, then rings that close, rings that open, and the atoms behind.
    """
    before: dict[int, list[int]] = {atom: [] for atom in centres}
    opened: dict[int, list[int]] = {atom: [] for atom in centres}
    behind: dict[int, list[int]] = {atom: [] for atom in centres}
    last = -1
    for one, other in zip(begin, end, strict=True):
        is_ring = other == last
        last = other
        if other in before:
            before[other].append(one)
        if one in before:
            (opened if is_ring else behind)[one].append(other)
    around = {}
    for atom in centres:
        named = [*before[atom], *opened[atom], *behind[atom]]
        if hydrogens[atom] == 1:
            # Behind the atom before it; a root has none, and then the hydrogen is named first.
            named.insert(min(1, len(before[atom])), _HYDROGEN)
        around[atom] = named
    return around


def _is_odd(one: list[int], other: list[int]) -> bool:
    """Whether an odd number of exchanges leads from one order to the other."""
    places = [other.index(each) for each in one]
    return (
        sum(places[i] > places[j] for i in range(len(places)) for j in range(i + 1, len(places)))
        % 2
        == 1
    )
