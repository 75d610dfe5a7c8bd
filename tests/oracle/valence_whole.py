"""The profiles kekule+valence and aromatic said of a whole molecule instead of its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from oracle.valence_table import Table

_ORDERS: Final = {0: "", 1: "=", 2: "#", 3: "$", 5: "/", 6: "\\"}
_OTHERS: Final = {4: "aromatic", 7: "any", 8: "dative", 9: "dative"}
_AROMATIC: Final = 4
_READ_AS_AROMATIC: Final = (_AROMATIC, 5, 6)
_HYDROGEN: Final = 1
_LARGEST_ISOTOPE: Final = 999
_TETRAHEDRAL: Final = 2


class Columns(Protocol):
    """The columns of a molecule of the grammar."""

    @property
    def element(self) -> NDArray[np.uint8]: ...
    @property
    def aromatic(self) -> NDArray[np.bool_]: ...
    @property
    def isotope(self) -> NDArray[np.uint32]: ...
    @property
    def stereo(self) -> NDArray[np.uint8]: ...
    @property
    def hydrogens(self) -> NDArray[np.int8]: ...
    @property
    def charge(self) -> NDArray[np.int8]: ...
    @property
    def begin(self) -> NDArray[np.uint32]: ...
    @property
    def end(self) -> NDArray[np.uint32]: ...
    @property
    def order(self) -> NDArray[np.uint8]: ...


def objections(molecule: Columns, table: Table, *, aromatic: bool = False) -> Iterator[str]:
    """Every reason why a molecule is outside the profile, in words; none when it is inside."""
    flags = molecule.aromatic.tolist()
    symbols = [
        table.symbols[number].lower() if flag else table.symbols[number]
        for number, flag in zip(molecule.element.tolist(), flags, strict=True)
    ]
    charges, hydrogens = molecule.charge.tolist(), molecule.hydrogens.tolist()
    totals = [max(0, count) for count in hydrogens]
    if aromatic:
        yield from _of_aromatic_atoms(molecule, table)
    elif molecule.aromatic.any():
        yield "aromatic atom"
    if (molecule.isotope > _LARGEST_ISOTOPE).any():
        yield f"isotope above {_LARGEST_ISOTOPE}"
    if (molecule.stereo > _TETRAHEDRAL).any():
        yield "stereo other than @ and @@"
    if (molecule.stereo[molecule.element == _HYDROGEN] > 0).any():
        yield "stereo of hydrogen"
    for one, other, order in zip(
        molecule.begin.tolist(), molecule.end.tolist(), molecule.order.tolist(), strict=True
    ):
        both = flags[one] and flags[other]
        if order in _OTHERS and not (aromatic and both and order == _AROMATIC):
            yield f"bond: {_OTHERS[order]}"
            continue
        bond = _ORDERS.get(order, "")
        totals[one] += table.takes[bond][0]
        totals[other] += table.takes[bond][1]
        kinds = [(symbols[atom], charges[atom] != 0) for atom in (one, other)]
        if table.keeps_apart(bond, *kinds):
            yield f"kept apart: {_named(symbols[one], charges[one])} {bond} {symbols[other]}"
    for symbol, charge, stated, total in zip(symbols, charges, hydrogens, totals, strict=True):
        limit = table.limit(symbol, None if stated < 0 else charge)
        if limit < 0:
            yield f"{_named(symbol, charge)} is refused"
        elif total > limit:
            yield f"{_named(symbol, charge)} bears {total}, at most {limit}"


def _of_aromatic_atoms(molecule: Columns, table: Table) -> Iterator[str]:
    """What only aromatic atoms must be: in a ring, and with few aromatic bonds."""
    for atom in np.flatnonzero(molecule.aromatic).tolist():
        if not _is_in_ring(molecule, atom):
            yield "aromatic atom in no ring"
    aromatic = molecule.aromatic[molecule.begin] & molecule.aromatic[molecule.end]
    aromatic &= np.isin(molecule.order, _READ_AS_AROMATIC)
    ends = np.concatenate([molecule.begin[aromatic], molecule.end[aromatic]])
    if (np.bincount(ends) > table.most_aromatic_bonds).any():
        yield f"more than {table.most_aromatic_bonds} aromatic bonds"


def _is_in_ring(molecule: Columns, atom: int) -> bool:
    """Whether a way leads from a neighbour back to the atom that does not use their bond."""
    bonds = set(zip(molecule.begin.tolist(), molecule.end.tolist(), strict=True))
    return any(
        atom in _reached(bonds - {bond}, bond[0] + bond[1] - atom) for bond in bonds if atom in bond
    )


def _reached(bonds: set[tuple[int, int]], start: int) -> set[int]:
    reached, new = {start}, {start}
    while new:
        new = {end for bond in bonds if not new.isdisjoint(bond) for end in bond} - reached
        reached |= new
    return reached


def _named(symbol: str, charge: int) -> str:
    return f"{symbol}{charge:+}" if charge else symbol
