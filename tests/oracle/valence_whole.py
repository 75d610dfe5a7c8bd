"""The profile kekule+valence said of a whole molecule instead of its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from oracle.valence_table import Table

_ORDERS: Final = {0: "", 1: "=", 2: "#", 3: "$", 5: "/", 6: "\\"}
_OTHERS: Final = {4: "aromatic", 7: "any", 8: "dative", 9: "dative"}
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


def objections(molecule: Columns, table: Table) -> Iterator[str]:
    """Every reason why a molecule is outside the profile, in words; none when it is inside."""
    symbols = [table.symbols[number] for number in molecule.element.tolist()]
    charges, hydrogens = molecule.charge.tolist(), molecule.hydrogens.tolist()
    totals = [max(0, count) for count in hydrogens]
    if molecule.aromatic.any():
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
        if order in _OTHERS:
            yield f"bond: {_OTHERS[order]}"
            continue
        bond = _ORDERS[order]
        totals[one] += table.takes[bond][0]
        totals[other] += table.takes[bond][1]
        kinds = [(symbols[atom], charges[atom] != 0) for atom in (one, other)]
        if table.keeps_apart(bond, *kinds):
            yield f"kept apart: {_named(symbols[one], charges[one])} {bond} {symbols[other]}"
    for symbol, charge, stated, total in zip(symbols, charges, hydrogens, totals, strict=True):
        limit = table.bare[symbol] if stated < 0 else table.brackets[symbol, charge]
        if limit < 0:
            yield f"{_named(symbol, charge)} is refused"
        elif total > limit:
            yield f"{_named(symbol, charge)} bears {total}, at most {limit}"


def _named(symbol: str, charge: int) -> str:
    return f"{symbol}{charge:+}" if charge else symbol
