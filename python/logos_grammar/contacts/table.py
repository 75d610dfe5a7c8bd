"""The table of contacts, and what kinds there are."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Columns

__all__ = ["ContactKind", "Contacts"]


class ContactKind(IntEnum):
    """What a contact is: the bit of `Contacts.kind`. Where its units differ, `first` is named."""

    COVALENT = 0
    METAL = 1
    """The coordination of a metal."""
    DONOR = 2
    """A hydrogen bond whose donor is `first`."""
    ACCEPTOR = 3
    """A hydrogen bond whose donor is `second`."""
    CATION = 4
    """A salt bridge whose cation is `first`."""
    ANION = 5
    """A salt bridge whose cation is `second`."""
    HYDROPHOBIC = 6
    STACKED = 7
    """Aromatic rings face to face."""
    EDGE = 8
    """Aromatic rings edge to face."""
    CATION_PI = 9
    """A cation at an aromatic ring, the cation is `first`."""
    PI_CATION = 10
    """A cation at an aromatic ring, the cation is `second`."""
    HALOGEN = 11
    """A halogen bond whose halogen is `first`."""
    HALOGEN_ACCEPTOR = 12
    """A halogen bond whose halogen is `second`."""
    WATER = 13
    """A bridge of one water."""

    @property
    def back(self) -> ContactKind:
        """The same kind of the two units in the other order."""
        return _BACK.get(self, self)


_DIRECTED: Final = (
    (ContactKind.DONOR, ContactKind.ACCEPTOR),
    (ContactKind.CATION, ContactKind.ANION),
    (ContactKind.CATION_PI, ContactKind.PI_CATION),
    (ContactKind.HALOGEN, ContactKind.HALOGEN_ACCEPTOR),
)
_BACK: Final = dict([*_DIRECTED, *((back, kind) for kind, back in _DIRECTED)])


class Contacts(Columns):
    """Contacts between units of a complex, by `first` and then by `second`, each pair once.

    Units are counted through the members from 0: residues, and atoms of molecules; the atoms of a
    residue that is spelled out follow it.
    """

    first: npt.NDArray[np.uint32]
    """The earlier unit."""
    second: npt.NDArray[np.uint32]
    """The later unit."""
    distance: npt.NDArray[np.int8]
    """How far they are apart, in whole halves of an ångström: 7 is from 3.5 to less than 4.0; 63 is
    the most. -1 where it is not held."""
    kind: npt.NDArray[np.uint16]
    """What the contact is: the bit ``1 << k`` for each `ContactKind` k."""

    def kinds(self, row: int) -> list[ContactKind]:
        """The kinds of one contact."""
        return [kind for kind in ContactKind if int(self.kind[row]) >> kind & 1]

    def with_kinds(self, found: Contacts) -> Contacts:
        """These contacts with the kinds of others, such as those that `kinds_of` finds.

        Loses pairs that are in the others only.
        """
        one, other = self._pairs(), found._pairs()
        if not len(other):
            return replace(self, kind=np.zeros(len(one), np.uint16))
        at = np.minimum(np.searchsorted(other, one), len(other) - 1)
        return replace(self, kind=np.where(other[at] == one, found.kind[at], np.uint16(0)))

    def _pairs(self) -> npt.NDArray[np.uint64]:
        """A number for each pair, ascending."""
        return self.first.astype(np.uint64) << np.uint64(32) | self.second
