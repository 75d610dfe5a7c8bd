"""Chemistry: what the points of members are, as far as the rules of kinds need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from logos_grammar.contacts.points import Points

__all__ = ["MASKS", "Chemistry", "Group"]

MASKS: Final = (
    *("hydrophobic", "donor", "acceptor", "halogen", "halogen_acceptor"),
    *("metal", "binder", "water"),
)
"""What a point may be, each a column of truth values."""


class Group(NamedTuple):
    """Atoms that are charged together, or a ring, by the rows of their points."""

    centre: tuple[int, ...]
    """Those whose mean is the centre: 1 to 6."""
    atoms: tuple[int, ...]
    """Those of which the nearest one is in contact."""

    def moved(self, rows: int) -> Group:
        """The same, of points that follow others."""
        return Group(*(tuple(row + rows for row in part) for part in self))


@dataclass(frozen=True, kw_only=True, eq=False)
class Chemistry:
    """Points, hydrogens among them, and what they are.

    Attributes
    ----------
    points
        n points.
    element
        uint8 [n]: the atomic number, 1 for deuterium too; 0 for an unknown one.
    bonds
        int64 [m, 2]: the rows of points that are bonded within a residue or a molecule.
    masks
        bool [n] each, by the name in `MASKS`.
    cations, anions, rings
        `Group`.
    """

    points: Points
    element: npt.NDArray[np.uint8]
    bonds: npt.NDArray[np.int64]
    masks: dict[str, npt.NDArray[np.bool_]]
    cations: tuple[Group, ...] = ()
    anions: tuple[Group, ...] = ()
    rings: tuple[Group, ...] = ()

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The chemistry of several members, one after another."""
        counts = [len(part.element) for part in parts]
        starts = [sum(counts[:at]) for at in range(len(parts))]
        groups = {
            name: tuple(
                group.moved(start)
                for part, start in zip(parts, starts, strict=True)
                for group in getattr(part, name)
            )
            for name in ("cations", "anions", "rings")
        }
        none = np.zeros(0, np.uint8)
        return cls(
            points=Points.joined([part.points for part in parts]),
            element=np.concatenate([none, *(part.element for part in parts)]),
            bonds=np.concatenate(
                [
                    np.zeros((0, 2), np.int64),
                    *(part.bonds + start for part, start in zip(parts, starts, strict=True)),
                ]
            ),
            masks={
                name: np.concatenate([none, *(part.masks[name] for part in parts)]).astype(np.bool_)
                for name in MASKS
            },
            **groups,
        )

    def neighbours(self) -> list[list[int]]:
        """Of each point those that are bonded to it."""
        found: list[list[int]] = [[] for _ in self.element]
        for one, other in self.bonds.tolist():
            found[one].append(other)
            found[other].append(one)
        return found
