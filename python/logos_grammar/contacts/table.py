"""The table of contacts, and what kinds there are."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Columns

__all__ = ["ContactKind", "Contacts"]


class ContactKind(IntEnum):
    """What a contact is, as the bit of a set. A kind that has a direction is two, of which the one
    with ``BACK`` says that it goes from the second unit to the first.
    """

    COVALENT = 0
    METAL = 1
    """One of the two is a metal, which the other one coordinates."""
    HYDROGEN_BOND = 2
    """The first unit is the donor."""
    HYDROGEN_BOND_BACK = 3
    IONIC = 4
    """The first unit is the cation."""
    IONIC_BACK = 5
    HYDROPHOBIC = 6
    STACKED = 7
    """Two rings whose planes are parallel."""
    EDGE = 8
    """Two rings whose planes are perpendicular."""
    CATION_PI = 9
    """The first unit is the cation, the second has the ring."""
    PI_CATION = 10
    HALOGEN = 11
    """The first unit has the halogen."""
    HALOGEN_BACK = 12
    WATER = 13
    """A water is between them and has a hydrogen bond with each."""

    @property
    def back(self) -> ContactKind:
        """The same kind of the two units in the other order."""
        return _BACK.get(self, self)


_DIRECTED = ("HYDROGEN_BOND", "IONIC", "HALOGEN")
_BACK = {ContactKind[name]: ContactKind[f"{name}_BACK"] for name in _DIRECTED}
_BACK[ContactKind.CATION_PI] = ContactKind.PI_CATION
_BACK |= {back: kind for kind, back in _BACK.items()}


class Contacts(Columns):
    """Contacts between units: pairs, ascending, each once, the first unit below the second.

    A unit is a residue, or an atom of a molecule; units are counted through the members.
    """

    first: npt.NDArray[np.uint32]
    """The lower unit."""
    second: npt.NDArray[np.uint32]
    """The higher unit."""
    distance: npt.NDArray[np.uint8] | None = None
    """The half ångströms that fit into their distance: k where it is k/2 and less than (k+1)/2."""
    kind: npt.NDArray[np.uint16] | None = None
    """What they are: a set of bits, that of each `ContactKind`; 0 where no kind is known."""

    def kinds(self, row: int) -> tuple[ContactKind, ...]:
        """The kinds of one contact, ascending; empty where the table has no kinds."""
        bits = 0 if self.kind is None else int(self.kind[row])
        return tuple(kind for kind in ContactKind if bits >> kind & 1)
