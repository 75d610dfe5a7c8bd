"""Scaffolds: infills of molecules from and to SMILES with attachment points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import index
from typing import TypeVar

import numpy as np

from logos_grammar import _core
from logos_grammar.error import ConversionError
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.brackets import implied_hydrogens

_T = TypeVar("_T")

_OPPOSITE: dict[int, int] = {BondOrder.UP: BondOrder.DOWN, BondOrder.DOWN: BondOrder.UP}

_UNSURE = (BondOrder.QUADRUPLE, BondOrder.ANY, BondOrder.DATIVE, BondOrder.DATIVE_BACK)

Parts = tuple[Molecule, tuple[Molecule, ...], tuple[int, ...]]
"""A template, its fills and the atoms of its holes: the fields of an infill."""


def cut(molecule: Molecule, bonds: Iterable[tuple[int, int]], hydrogens: Iterable[int]) -> Parts:
    """Cut a molecule at bonds and at hydrogens; see `Infill.from_molecule`."""
    if not isinstance(molecule, Molecule):
        raise TypeError(f"expected molecule to be a Molecule, not {type(molecule).__name__}")
    cuts: list[tuple[int, int | None]] = []
    for number, bond in enumerate(listed("bonds", bonds)):
        ends = listed(f"bonds[{number}]", bond)
        if len(ends) != 2:
            raise ValueError(f"expected bonds[{number}] to be two rows of atoms, not {bond!r}")
        cuts.append((_row(f"bonds[{number}]", ends[0]), _row(f"bonds[{number}]", ends[1])))
    for number, atom in enumerate(listed("hydrogens", hydrogens)):
        cuts.append((_row(f"hydrogens[{number}]", atom), None))
    invalid = _without_hydrogen(molecule, cuts)
    template, holes, fills = _core.infill_cut(molecule, cuts[:invalid])
    if invalid is not None:
        raise ConversionError(f"expected an atom that has a hydrogen at cut {invalid}")
    return template, tuple(fills), tuple(holes)


def _without_hydrogen(molecule: Molecule, cuts: list[tuple[int, int | None]]) -> int | None:
    """Return the first cut of a hydrogen at a bare atom that has none left."""
    ends = np.stack([molecule.begin, molecule.end])
    implied = implied_hydrogens(molecule.element, molecule.aromatic, ends, molecule.order)
    # A bare atom with more bonds than its valence has none; of one with these bonds readers of
    # SMILES have different opinions, so that its hydrogens are not counted.
    unsure = np.isin(molecule.order, _UNSURE)
    implied[implied < 0] = 0
    implied[ends[:, unsure].ravel()] = len(cuts)
    left = np.where(molecule.hydrogens < 0, implied, len(cuts)).tolist()
    for number, (atom, neighbour) in enumerate(cuts):
        if neighbour is None and atom < len(left):
            left[atom] -= 1
            if left[atom] < 0:
                return number
    return None


def read(smiles: str, fills: Sequence[str]) -> Parts:
    """Read a scaffold and what grows on it; see `Infill.from_scaffold`."""
    texts = listed("fills", fills)
    named = [("template", smiles), *((f"fills[{n}]", text) for n, text in enumerate(texts))]
    for name, text in named:
        if not isinstance(text, str):
            raise TypeError(f"expected {name} to be a SMILES, not {type(text).__name__}")
    whole = Molecule.from_smiles(smiles)
    points = _attachment_points(whole)
    template, marks, holes = cut(whole, [(atom, point) for point, atom in points], ())
    if len(texts) != len(holes):
        wanted = f"a fill for each of {len(holes)} attachment points"
        raise ValueError(f"expected {wanted}, found {len(texts)}")
    grown = _in_order([int(mark.map[1]) for mark in marks], [_fill(text) for text in texts])
    # Holes are in the order of their atoms, and those of one atom in that of its neighbours.
    points.sort(key=lambda each: (each[1], each[0]))
    said = [_direction(whole, atom, point) for point, atom in points]
    return template, tuple(map(_bonded_as, marks, said, grown)), holes


def _in_order(numbers: list[int], fills: list[tuple[Molecule, int]]) -> list[Molecule]:
    """Put fills in the order of the numbers of attachment points, where these have any."""
    if not any(numbers):
        return [fill for fill, _ in fills]
    by_number = {number: fill for fill, number in fills}
    if sorted(numbers) != sorted(number for _, number in fills) or len(by_number) != len(fills):
        found = [number for _, number in fills]
        wanted = f"fills with the numbers {sorted(numbers)}, each once"
        raise ValueError(f"expected {wanted}, found {found}")
    return [by_number[number] for number in numbers]


def _bonded_as(mark: Molecule, said: int, fill: Molecule) -> Molecule:
    """Bond a fill as the scaffold or the fill says, of which one may say single."""
    order = int(mark.order[0])
    directed = order in _OPPOSITE or (len(fill.order) and int(fill.order[0]) in _OPPOSITE)
    # Each is seen from its own side, so that the same direction is a contradiction.
    if directed and said in _OPPOSITE and said == _direction(fill, 1, 0):
        fill = _turned_over(fill)
    if order == BondOrder.SINGLE or not len(fill.order) or int(fill.order[0]) == order:
        return fill
    if fill.order[0] != BondOrder.SINGLE:
        bonds = f"{BondOrder(order).name} and {BondOrder(int(fill.order[0])).name}"
        raise ValueError(f"expected one bond order in the scaffold and in {fill!r}, found {bonds}")
    return replace(fill, order=np.concatenate([mark.order[:1], fill.order[1:]]))


def _direction(molecule: Molecule, atom: int, point: int) -> int:
    """What a bond is from an atom on; its direction may follow from that of another at the atom."""
    orders = {}
    bonds = zip(
        molecule.begin.tolist(), molecule.end.tolist(), molecule.order.tolist(), strict=True
    )
    for begin, end, order in bonds:
        if begin == atom:
            orders[end] = order
        elif end == atom:
            orders[begin] = _OPPOSITE.get(order, order)
    own: int = orders.pop(point)
    others = set(orders.values())
    if own == BondOrder.SINGLE and BondOrder.DOUBLE in others:
        return next((_OPPOSITE[other] for other in others if other in _OPPOSITE), own)
    return own


def _turned_over(fill: Molecule) -> Molecule:
    """Turn over the direction of the first bond, with all that say something only beside it."""
    up, down = fill.order == BondOrder.UP, fill.order == BondOrder.DOWN
    # Directions are of one bond relative to another at the same double bond.
    joined = up | down | (fill.order == BondOrder.DOUBLE)
    reached = np.zeros(len(fill), bool)
    reached[:2], before = True, 0
    while before < (before := int(reached.sum())):
        ends = joined & (reached[fill.begin] | reached[fill.end])
        reached[fill.begin[ends]] = reached[fill.end[ends]] = True
    order = fill.order.copy()
    order[up & reached[fill.begin]] = _OPPOSITE[BondOrder.UP]
    order[down & reached[fill.begin]] = _OPPOSITE[BondOrder.DOWN]
    return replace(fill, order=order)


def written(whole: Molecule, fills: Iterable[Molecule]) -> tuple[str, tuple[str, ...]]:
    """Write a scaffold that is filled with numbered attachment points, and its fills."""
    numbered = []
    for number, fill in enumerate(fills, 1):
        maps, hydrogens = fill.map.copy(), fill.hydrogens.copy()
        maps[0], hydrogens[0] = number, 0
        numbered.append(replace(fill, map=maps, hydrogens=hydrogens).to_smiles())
    return whole.to_smiles(), tuple(numbered)


def attachment_point(number: int, fill: Molecule) -> Molecule:
    """Make the fill that is a numbered attachment point, its bond directed as that of a fill."""
    point = Molecule.from_smiles(f"*[*:{number}]")
    directed = len(fill.order) and fill.order[0] in _OPPOSITE
    return replace(point, order=fill.order[:1].copy()) if directed else point


def _fill(text: str) -> tuple[Molecule, int]:
    """Read a fill, its attachment point first, and the number of that."""
    molecule = Molecule.from_smiles(text)
    if len(molecule) == 1 and molecule.element[0] == 0:
        return Molecule.from_smiles("*"), int(molecule.map[0])
    points = _attachment_points(molecule)
    if len(points) != 1:
        raise ValueError(f"expected one attachment point in the fill {text!r}, found {len(points)}")
    point, atom = points[0]
    number = int(molecule.map[point])
    is_hydrogen = len(molecule) == 2 and molecule.element[atom] == 1
    if is_hydrogen and not (molecule.isotope[atom] or molecule.charge[atom] or molecule.map[atom]):
        return Molecule.from_smiles("*"), number
    _, fills, _ = cut(molecule, [(point, atom)], ())
    if len(fills[0]) != len(molecule):
        others = len(molecule) - len(fills[0])
        raise ValueError(
            f"expected one component in the fill {text!r}, not {others} atoms beside it"
        )
    return fills[0], number


def _attachment_points(molecule: Molecule) -> list[tuple[int, int]]:
    """Find the wildcards with one neighbour and nothing of their own but a number, and it."""
    degree = np.bincount(
        np.concatenate([molecule.begin, molecule.end]).astype(np.int64), minlength=len(molecule)
    )
    plain = (molecule.element == 0) & (degree == 1) & (molecule.hydrogens <= 0)
    plain &= (molecule.isotope == 0) & (molecule.charge == 0) & (molecule.stereo == 0)
    neighbour = {}
    for begin, end in zip(molecule.begin.tolist(), molecule.end.tolist(), strict=True):
        neighbour[begin], neighbour[end] = end, begin
    # Two attachment points that join each other are a molecule of wildcards, not a scaffold.
    return [
        (int(point), neighbour[int(point)])
        for point in np.flatnonzero(plain)
        if not plain[neighbour[int(point)]]
    ]


def listed(name: str, given: Iterable[_T]) -> list[_T]:
    """Take each of what an argument lists, which is not one text."""
    if isinstance(given, str):
        raise TypeError(f"expected {name} to be a list, not one text")
    try:
        return list(given)
    except TypeError:
        raise TypeError(f"expected {name} to be a list, not {type(given).__name__}") from None


def _row(name: str, atom: int) -> int:
    try:
        row = index(atom)
    except TypeError:
        found = type(atom).__name__
        raise TypeError(f"expected {name} to be the row of an atom, not {found}") from None
    if not 0 <= row < 1 << 32:
        raise ValueError(f"expected {name} to be the row of an atom, from 0 on, not {row}")
    return row
