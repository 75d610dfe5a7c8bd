"""A molecule that grows by one instruction at a time, always in depth-first order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from logos_grammar.molecule import BondOrder, Molecule

_PLAIN_BARE: Final = frozenset((0, 5, 6, 7, 8, 9, 15, 16, 17, 35, 53))
_AROMATIC_BARE: Final = frozenset((5, 6, 7, 8, 15, 16))
_LABELS: Final = 255
_UNBOUND: Final = 1 << 30
_BY_VALENCE: Final = (BondOrder.SINGLE, BondOrder.DOUBLE, BondOrder.TRIPLE, BondOrder.QUADRUPLE)
_VALENCE: Final = {order: i + 1 for i, order in enumerate(_BY_VALENCE)} | {
    BondOrder.UP: 1,
    BondOrder.DOWN: 1,
}


class Sketch:
    """The atoms so far, the present one among them, and the bond order to use next.

    An instruction that cannot be followed, such as a ring to an atom that is already joined,
    does nothing; so any sequence of instructions ends in a molecule that has a sentence.

    Parameters
    ----------
    max_atoms
        The most atoms; instructions to add more do nothing.
    valences
        By atomic number the valence that bonds and hydrogens together have; bonds get the order for
        which there is room, and hydrogens take the room that is left. By default there are no
        limits.
    """

    def __init__(
        self, max_atoms: int | None = None, valences: Mapping[int, int] | None = None
    ) -> None:
        self._max_atoms = max_atoms
        self._valences = valences
        self._room: list[int] = []
        self._element: list[int] = []
        self._aromatic: list[bool] = []
        self._isotope: list[int] = []
        self._stereo: list[int] = []
        self._hydrogens: list[int] = []
        self._charge: list[int] = []
        self._map: list[int] = []
        self._parent: list[int] = []
        self._bonds: list[list[tuple[int, int]]] = []
        self._rings: list[tuple[int, int]] = []
        self._present = -1
        self._order: BondOrder | None = None

    def __len__(self) -> int:
        return len(self._element)

    def add(self, number: int, aromatic: bool = False) -> None:
        """Bond a new atom to the present one; it is the present one from now on."""
        atom = len(self._element)
        if atom == self._max_atoms or (self._present >= 0 and not self._room[self._present]):
            return
        bare = number in (_AROMATIC_BARE if aromatic else _PLAIN_BARE)
        self._element.append(number)
        self._aromatic.append(aromatic)
        self._isotope.append(0)
        self._stereo.append(0)
        self._hydrogens.append(-1 if bare else 0)
        self._charge.append(0)
        self._map.append(0)
        self._parent.append(self._present)
        self._bonds.append([])
        self._room.append(_UNBOUND if self._valences is None else self._valences[number])
        if self._present >= 0:
            self._join(self._present, atom)
        self._present = atom
        self._order = None

    def ask(self, order: BondOrder) -> None:
        """Set the order of the next bond."""
        self._order = order

    def go_up(self, generations: int) -> None:
        """Make an ancestor of the present atom the present one, the first atom at most."""
        for _ in range(generations):
            if self._present < 0 or self._parent[self._present] < 0:
                return
            self._present = self._parent[self._present]

    def close(self, generations: int) -> None:
        """Bond the present atom to an ancestor, by generations upwards, the first atom at most."""
        if self._present < 0:
            return
        parent = begin = self._parent[self._present]
        for _ in range(generations - 1):
            if begin < 0 or self._parent[begin] < 0:
                break
            begin = self._parent[begin]
        joined = (bond[0] for bond in self._bonds[self._present])
        if begin == parent or begin in joined or self._crowded(begin, self._present):
            return
        if not min(self._room[begin], self._room[self._present]):
            return
        self._rings.append((begin, self._present))
        self._join(begin, self._present)
        self._order = None

    def begin_component(self) -> None:
        """Let the next atom begin a new component."""
        self._present = -1
        self._order = None

    def set_isotope(self, isotope: int) -> None:
        """Set the isotope of the present atom."""
        if self._state():
            self._isotope[self._present] = isotope

    def set_stereo(self, stereo: int) -> None:
        """Set the stereo code of the present atom."""
        if self._state():
            self._stereo[self._present] = stereo

    def set_hydrogens(self, hydrogens: int) -> None:
        """State the hydrogens of the present atom."""
        if self._state():
            self._hydrogens[self._present] = hydrogens

    def set_charge(self, charge: int) -> None:
        """Set the charge of the present atom."""
        if self._state():
            self._charge[self._present] = charge

    def set_map(self, number: int) -> None:
        """Set the map number of the present atom."""
        if self._state():
            self._map[self._present] = number

    def molecule(self) -> Molecule:
        """Return the molecule, which must have an atom."""
        bonds = [(begin, end, order) for end, row in enumerate(self._bonds) for begin, order in row]
        hydrogens = self._hydrogens
        if self._valences is not None:
            stated = zip(self._hydrogens, self._room, strict=True)
            hydrogens = [room if count >= 0 else count for count, room in stated]
        begin, end, order = zip(*bonds, strict=True) if bonds else ((), (), ())
        return Molecule(
            element=np.array(self._element, np.uint8),
            aromatic=np.array(self._aromatic, np.bool_),
            isotope=np.array(self._isotope, np.uint32),
            stereo=np.array(self._stereo, np.uint8),
            hydrogens=np.array(hydrogens, np.int8),
            charge=np.array(self._charge, np.int8),
            map=np.array(self._map, np.uint32),
            begin=np.array(begin, np.uint32),
            end=np.array(end, np.uint32),
            order=np.array(order, np.uint8),
        )

    def _join(self, begin: int, end: int) -> None:
        order = self._order
        if order is None:
            both = self._aromatic[begin] and self._aromatic[end]
            order = BondOrder.AROMATIC if both else BondOrder.SINGLE
        room = min(self._room[begin], self._room[end])
        if _VALENCE.get(order, 1) > room:
            order = _BY_VALENCE[room - 1]
        self._room[begin] -= _VALENCE.get(order, 1)
        self._room[end] -= _VALENCE.get(order, 1)
        self._bonds[end].append((begin, order))

    def _state(self) -> bool:
        """Give the present atom brackets; False when no atom is there."""
        if self._present < 0:
            return False
        self._hydrogens[self._present] = max(self._hydrogens[self._present], 0)
        return True

    def _crowded(self, begin: int, end: int) -> bool:
        """Whether one ring more from begin to end needs more labels at once than there are."""
        if len(self._rings) < _LABELS:
            return False
        return any(
            sum(first <= atom <= last for first, last in self._rings) >= _LABELS
            for atom in range(begin, end + 1)
        )
