"""Scenes: a residue and a molecule whose atoms are where a test puts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind
from logos_grammar.contacts.kinds import kinds_of
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.structure import Structure

Place = tuple[float, float, float]
RING: tuple[Place, ...] = tuple(
    (round(1.39 * float(np.cos(turn)), 3), round(1.39 * float(np.sin(turn)), 3), 0.0)
    for turn in np.arange(6) * np.pi / 3
)
"""A benzene around the origin, in the plane of x and y."""


def residues(*given: tuple[str, dict[str, Place]]) -> Structure:
    """Residues of one chain, each with the places of its atoms."""
    lines: list[str] = []
    for number, (component, atoms) in enumerate(given, 1):
        for name, (x, y, z) in atoms.items():
            element = name if name == component else name[0]
            label = f" {name:<3}" if len(element) == 1 and len(name) < 4 else f"{name:<4}"
            lines.append(
                f"ATOM  {len(lines) + 1:>5} {label} {component:>3} A{number:>4}    "
                f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00          {element:>2}\n"
            )
    return Structure.from_pdb("".join(lines))


def conformer(smiles: str, places: Iterable[Place], hydrogens: Sequence[int] = ()) -> Conformer:
    """A molecule with places of its atoms, each followed by as many hydrogens."""
    molecule = Molecule.from_smiles(smiles)
    points = np.array(list(places), np.float64).reshape(-1, 3)
    columns = [Fixed.from_float(column, decimals=3, rounding="half_even") for column in points.T]
    counts = np.zeros(len(molecule), np.uint32)
    counts[: len(hydrogens)] = hydrogens
    return Conformer(molecule=molecule, hydrogens=counts, x=columns[0], y=columns[1], z=columns[2])


def found(*members: Structure | Conformer) -> dict[tuple[int, int], tuple[ContactKind, ...]]:
    """The kinds of each pair of units that has some."""
    table = kinds_of(members)
    pairs = zip(table.first.tolist(), table.second.tolist(), strict=True)
    return {pair: tuple(table.kinds(row)) for row, pair in enumerate(pairs)}


def moved(places: Iterable[Place], by: Place) -> list[Place]:
    """Places elsewhere."""
    return [(x + by[0], y + by[1], z + by[2]) for x, y, z in places]


def turned(places: Iterable[Place], degrees: float) -> list[Place]:
    """Places turned around the axis x."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return [(x, y * cos - z * sin, y * sin + z * cos) for x, y, z in places]
