"""Near pairs of points and of centres, compared exactly, and angles between them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar.contacts.kinds.chemistry import Chemistry, Group
from logos_grammar.contacts.points import Points

__all__ = ["Near", "angle"]

_SIXTIETHS: Final = 60
"""The mean of 1 to 6 points is a whole number of these."""
_SCALE: Final = Fraction(_SIXTIETHS, 100)
"""What a length is in hundredths when it is read as sixtieths."""
_FARTHEST: Final = 2**56
"""The sum of six such steps fits in 64 bits."""
_LEAST: Final = Fraction(1, 2)
"""In ångström: what is nearer is taken for one atom that is there twice (MIN_DIST of PLIP)."""


class Near:
    """The points of a chemistry, and which of them are near each other."""

    def __init__(self, chemistry: Chemistry) -> None:
        points = chemistry.points
        self.chemistry = chemistry
        self.member = points.member[points.unit]
        self.scaled = np.stack([points.x, points.y, points.z], axis=1)
        for column in self.scaled.T:
            if len(column) and int(column.max()) - int(column.min()) >= _FARTHEST:
                raise ValueError(
                    f"expected coordinates less than {_FARTHEST} of the last decimal apart"
                )
        # From one of them on: floats hold what is left.
        self.origin = self.scaled[0] if len(self.scaled) else np.zeros(3, np.int64)
        self.places = (self.scaled - self.origin) / 10.0**points.decimals
        self._neighbours: list[list[int]] | None = None

    def pairs(
        self, one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_], cutoff: Fraction
    ) -> list[tuple[int, int]]:
        """The pairs of a point of the one and a point of the other, of different members.

        They are at least 0.5 Å and less than a cutoff from each other.
        """
        return self._pairs(one, other, self.member, cutoff, _LEAST)

    def around(
        self,
        one: npt.NDArray[np.bool_],
        other: npt.NDArray[np.bool_],
        cutoff: Fraction,
        least: Fraction,
    ) -> list[tuple[int, int]]:
        """The same of any members, with another least length."""
        each = np.arange(len(one), dtype=np.uint32)
        return self._pairs(one, other, each, cutoff, least)

    def _pairs(
        self,
        one: npt.NDArray[np.bool_],
        other: npt.NDArray[np.bool_],
        member: npt.NDArray[np.uint32],
        cutoff: Fraction,
        least: Fraction,
    ) -> list[tuple[int, int]]:
        if not one.any() or not other.any():
            return []
        rows = np.flatnonzero(one | other)
        decimals = self.chemistry.points.decimals
        found = rows[_near(self.scaled[rows], decimals, member[rows], cutoff, least)]
        both = np.concatenate([found, found[:, ::-1]])
        kept = both[one[both[:, 0]] & other[both[:, 1]]]
        return [(int(a), int(b)) for a, b in np.unique(kept, axis=0)]

    def groups(
        self, one: tuple[Group, ...], other: tuple[Group, ...], cutoff: Fraction
    ) -> list[tuple[Group, Group]]:
        """The same of groups, by their centres."""
        every = (*one, *other)
        return [
            (every[a], every[b]) for a, b in self._near_centres(every, cutoff) if a < len(one) <= b
        ]

    def rings(self, cutoff: Fraction) -> list[tuple[Group, Group]]:
        """The pairs of rings that are near by their centres, each once."""
        rings = self.chemistry.rings
        return [(rings[a], rings[b]) for a, b in self._near_centres(rings, cutoff)]

    def _near_centres(self, groups: tuple[Group, ...], cutoff: Fraction) -> list[tuple[int, int]]:
        if not groups:
            return []
        sums = [(self.scaled[list(it.centre)] - self.origin).sum(axis=0) for it in groups]
        factors = [[_SIXTIETHS // len(it.centre)] for it in groups]
        members = self.member[[it.centre[0] for it in groups]]
        decimals = self.chemistry.points.decimals + 2
        cells = np.array(sums) * np.array(factors)
        near = _near(cells, decimals, members, cutoff * _SCALE, _LEAST * _SCALE)
        return [(a, b) for a, b in near.tolist()]

    def centre(self, group: Group) -> npt.NDArray[np.float64]:
        """The centre of a group in ångström, float64 [3]."""
        mean: npt.NDArray[np.float64] = self.places[list(group.centre)].mean(axis=0)
        return mean

    def normal(self, ring: Group) -> npt.NDArray[np.float64]:
        """The unit vector that is perpendicular to a ring, float64 [3]."""
        spread = self.places[list(ring.centre)] - self.centre(ring)
        normal: npt.NDArray[np.float64] = np.linalg.svd(spread)[2][2]
        return normal

    def nearest(self, one: Group, other: Group) -> tuple[int, int]:
        """The atoms of two groups that are nearest to each other; of equals the first."""
        apart = self.places[list(one.atoms)][:, None] - self.places[list(other.atoms)][None]
        at = int((apart**2).sum(axis=2).argmin())
        return one.atoms[at // len(other.atoms)], other.atoms[at % len(other.atoms)]

    def is_nearer(self, one: int, other: int, length: Fraction) -> bool:
        """Whether two points are less than a length from each other."""
        steps = (self.scaled[one] - self.scaled[other]).tolist()
        unit = 10**self.chemistry.points.decimals
        return bool(sum(step**2 for step in steps) < (length * unit) ** 2)

    def neighbours(self, row: int, *, hydrogens: bool) -> list[int]:
        """What is bonded to a point: its hydrogens, or the others."""
        if self._neighbours is None:
            self._neighbours = self.chemistry.neighbours()
        element = self.chemistry.element
        return [other for other in self._neighbours[row] if (element[other] == 1) == hydrogens]

    def angle(self, one: int, apex: int, other: int) -> float:
        """The angle at a point between two others, in degrees."""
        return angle(self.places[one] - self.places[apex], self.places[other] - self.places[apex])


def _near(
    scaled: npt.NDArray[np.int64],
    decimals: int,
    member: npt.NDArray[np.uint32],
    cutoff: Fraction,
    least: Fraction,
) -> npt.NDArray[np.int64]:
    """The pairs of rows that are at least one length and less than another from each other.

    Returns
    -------
    int64 [k, 2]
        The lower row first.
    """
    x, y, z = scaled.T
    every = np.arange(len(scaled))
    unit = every.astype(np.uint32)
    points = Points(x=x, y=y, z=z, decimals=decimals, unit=unit, member=member, row=every)
    pairs = [
        np.stack([found.first, found.second], axis=1).astype(np.int64)
        for found in (points.contacts(cutoff), points.contacts(least))
    ]
    near, too_near = (pair @ np.array([len(every), 1]) for pair in pairs)
    return pairs[0][~np.isin(near, too_near)]


def angle(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """The angle between two vectors, in degrees; 0 for one without length."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    if not lengths:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(one @ other / lengths, -1.0, 1.0))))
