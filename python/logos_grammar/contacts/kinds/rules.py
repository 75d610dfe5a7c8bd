"""The rules of kinds, each a function: which points are in a contact of that kind.

The limits are those of PLIP 3.0.1 (`plip/basic/config.py`), with the source that it names for each:
Salentin et al., Nucleic Acids Research 2015, 43, W443; Schake et al., ibid. 2025, 53, gkaf361. All
lengths are compared exactly, and one that is at an upper bound is beyond it. What is otherwise than
in PLIP is said at each rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np

from logos_grammar.contacts.kinds.chemistry import Group
from logos_grammar.contacts.kinds.near import Near, angle
from logos_grammar.contacts.table import ContactKind

__all__ = ["RULES", "Found"]

Found: TypeAlias = tuple[int, int]
"""Two points, the one that gives first: the donor, the cation, the halogen."""

HYDROPHOBIC: Final = Fraction("4.0")
HYDROGEN_BOND: Final = Fraction("4.1")
"""3.5 Å (Hubbard and Haider 2001) and 0.6 for structures of low resolution."""
HYDROGEN_BOND_WITHOUT_HYDROGENS: Final = Fraction("3.5")
DONOR_ANGLE: Final = 100.0
HEAVY_ANGLE: Final = 90.0
"""McDonald and Thornton, Journal of Molecular Biology 1994, 238, 777."""
STACKING: Final = Fraction("5.5")
"""McGaughey et al. 1998."""
STACKING_ANGLE: Final = 30.0
STACKING_OFFSET: Final = 2.0
"""The radius of benzene and 0.5 Å."""
CATION_PI: Final = Fraction("6.0")
"""Gallivan and Dougherty 1999."""
IONIC: Final = Fraction("5.5")
"""4.0 Å (Barlow and Thornton 1983) and 1.5."""
HALOGEN: Final = Fraction("4.0")
"""3.5 Å (Auffinger et al. 2004) and 0.5."""
HALOGEN_ACCEPTOR_ANGLE: Final = 120.0
HALOGEN_DONOR_ANGLE: Final = 165.0
HALOGEN_DEVIATION: Final = 30.0
METAL: Final = Fraction("3.0")
"""Harding 2001."""
WATER_LEAST: Final = Fraction("2.5")
WATER_MOST: Final = Fraction("4.1")
"""Jiang et al. 2005, as the angles below."""
WATER_ANGLES: Final = (71.0, 140.0)


# Covalent radii in ångström, Cordero et al., Dalton Transactions 2008, 2832.
_RADII: Final = {
    5: Fraction("0.84"),
    6: Fraction("0.76"),
    7: Fraction("0.71"),
    8: Fraction("0.66"),
    9: Fraction("0.57"),
    14: Fraction("1.11"),
    15: Fraction("1.07"),
    16: Fraction("1.05"),
    17: Fraction("1.02"),
    33: Fraction("1.19"),
    34: Fraction("1.20"),
    35: Fraction("1.20"),
    52: Fraction("1.38"),
    53: Fraction("1.39"),
}
_BOND: Final = Fraction("0.4")
"""By how much a bond may be longer than the sum of the radii."""
_LONGEST: Final = 2 * max(_RADII.values()) + _BOND


def covalent(near: Near) -> Iterator[Found]:
    """Name two atoms, not metals, nearer than the sum of their covalent radii and 0.4 Å.

    PLIP leaves out ligands that the file links to a residue.
    """
    element = near.chemistry.element
    known = np.isin(element, list(_RADII))
    for one, other in near.pairs(known, known, _LONGEST):
        radii = (_RADII[int(element[row])] for row in (one, other))
        if one < other and near.is_nearer(one, other, sum(radii, _BOND)):
            yield one, other


def metal(near: Near) -> Iterator[Found]:
    """Name a metal and an atom with a lone pair, less than 3.0 Å apart (Harding 2001).

    Besides the atoms that PLIP names, amides, methionine, bases and phosphates coordinate, and the
    water of another member.
    """
    masks = near.chemistry.masks
    yield from near.pairs(masks["metal"], masks["binder"], METAL)


def hydrogen_bond(near: Near) -> Iterator[Found]:
    """Name a donor and an acceptor less than 4.1 Å apart, with more than 100° at the hydrogen.

    Where the donor has hydrogens, each gives one bond, the one of the largest angle; in PLIP each
    donor gives one. Where it has none PLIP adds some. Here the two are less than 3.5 Å apart then,
    and the angles at both to what they are bonded to, other than hydrogen, are above 90° (McDonald
    and Thornton 1994).
    """
    masks = near.chemistry.masks
    best: dict[int, tuple[float, Found]] = {}
    far = set(near.pairs(masks["donor"], masks["acceptor"], HYDROGEN_BOND))
    close = set(near.pairs(masks["donor"], masks["acceptor"], HYDROGEN_BOND_WITHOUT_HYDROGENS))
    for donor, acceptor in sorted(far):
        hydrogens = near.neighbours(donor, hydrogens=True)
        for hydrogen in hydrogens:
            found = near.angle(donor, hydrogen, acceptor)
            if found > max(DONOR_ANGLE, best.get(hydrogen, (0.0,))[0]):
                best[hydrogen] = (found, (donor, acceptor))
        if not hydrogens and (donor, acceptor) in close:
            ends = ((donor, acceptor), (acceptor, donor))
            angles = [
                near.angle(bonded, apex, other)
                for apex, other in ends
                for bonded in near.neighbours(apex, hydrogens=False)
            ]
            if all(each > HEAVY_ANGLE for each in angles):
                yield donor, acceptor
    yield from (found for _, found in best.values())


def ionic(near: Near) -> Iterator[Found]:
    """Name a cation and an anion whose centres are less than 5.5 Å apart."""
    chemistry = near.chemistry
    for cation, anion in near.groups(chemistry.cations, chemistry.anions, IONIC):
        yield near.nearest(cation, anion)


def hydrophobic(near: Near) -> Iterator[Found]:
    """Name two hydrophobic carbons less than 4.0 Å apart that are not in rings that are stacked.

    PLIP then keeps one contact of each patch of atoms; here all are kept.
    """
    carbons = near.chemistry.masks["hydrophobic"]
    excluded = {(a, b) for one, other, _ in _stacked(near) for a in one.atoms for b in other.atoms}
    for one, other in near.pairs(carbons, carbons, HYDROPHOBIC):
        if one < other and (one, other) not in excluded and (other, one) not in excluded:
            yield one, other


def stacked(near: Near) -> Iterator[Found]:
    """Name two rings: centres less than 5.5 Å apart, planes within 30°, less than 2.0 Å aside."""
    for one, other, is_parallel in _stacked(near):
        if is_parallel:
            yield near.nearest(one, other)


def edge(near: Near) -> Iterator[Found]:
    """Name two rings that are as far and as little aside, with planes at more than 60°."""
    for one, other, is_parallel in _stacked(near):
        if not is_parallel:
            yield near.nearest(one, other)


def cation_pi(near: Near) -> Iterator[Found]:
    """Name a cation less than 6.0 Å from the centre of a ring, and less than 2.0 Å aside.

    A histidine that is stacked with the ring is not named. PLIP also drops amines of ligands
    whose substituents are between the two.
    """
    chemistry = near.chemistry
    pairs = {(one, other) for one, other, _ in _stacked(near)}
    partners = pairs | {(other, one) for one, other in pairs}
    for cation, ring in near.groups(chemistry.cations, chemistry.rings, CATION_PI):
        is_stacked = any(
            its_ring == ring and set(cation.atoms) <= set(own.atoms) for own, its_ring in partners
        )
        if not is_stacked and _offset(near, ring, near.centre(cation)) < STACKING_OFFSET:
            yield near.nearest(cation, ring)


def halogen(near: Near) -> Iterator[Found]:
    """Name a chlorine, bromine or iodine of a carbon and an acceptor, less than 4.0 Å apart.

    The angle at the halogen is within 30° of 165°, that at the acceptor, to the one atom to which
    it is bonded, within 30° of 120°. PLIP also takes fluorine, and nitrogens without a lone pair.
    """
    masks = near.chemistry.masks
    for donor, acceptor in near.pairs(masks["halogen"], masks["halogen_acceptor"], HALOGEN):
        carbons = near.neighbours(donor, hydrogens=False)
        bonded = near.neighbours(acceptor, hydrogens=False)
        if len(carbons) != 1 or len(bonded) != 1:
            continue
        at_donor = near.angle(carbons[0], donor, acceptor)
        at_acceptor = near.angle(bonded[0], acceptor, donor)
        if (
            abs(at_donor - HALOGEN_DONOR_ANGLE) < HALOGEN_DEVIATION
            and abs(at_acceptor - HALOGEN_ACCEPTOR_ANGLE) < HALOGEN_DEVIATION
        ):
            yield donor, acceptor


def water(near: Near) -> Iterator[Found]:
    """Name a donor and an acceptor of different members, each 2.5 to 4.1 Å from one water.

    The angle at the hydrogen of the donor, if it has any, is above 100°; the angle at the water,
    between the acceptor and this hydrogen or the donor, is between 71° and 140°. PLIP then keeps
    two for each water; here all are kept.
    """
    masks = near.chemistry.masks
    waters = masks["water"]
    donors: dict[int, list[tuple[int, int]]] = {}
    acceptors: dict[int, list[int]] = {}
    for at, row in near.around(waters, masks["donor"] & ~waters, WATER_MOST, WATER_LEAST):
        hydrogens = near.neighbours(row, hydrogens=True)
        turned = [each for each in hydrogens if near.angle(row, each, at) > DONOR_ANGLE]
        donors.setdefault(at, []).extend((row, each) for each in (turned if hydrogens else [row]))
    for at, row in near.around(waters, masks["acceptor"] & ~waters, WATER_MOST, WATER_LEAST):
        acceptors.setdefault(at, []).append(row)
    low, high = WATER_ANGLES
    for at in sorted(donors.keys() & acceptors.keys()):
        for donor, towards in donors[at]:
            for acceptor in acceptors[at]:
                apart = near.member[donor] != near.member[acceptor]
                if apart and low < near.angle(acceptor, at, towards) < high:
                    yield donor, acceptor


def _stacked(near: Near) -> Iterator[tuple[Group, Group, bool]]:
    """Two rings, and whether they are parallel or perpendicular."""
    for one, other in near.rings(STACKING):
        between = angle(near.normal(one), near.normal(other))
        between = min(between, 180.0 - between)
        aside = min(_offset(near, one, near.centre(other)), _offset(near, other, near.centre(one)))
        is_parallel = between < STACKING_ANGLE
        if aside < STACKING_OFFSET and (is_parallel or between > 90.0 - STACKING_ANGLE):
            yield one, other, is_parallel


def _offset(near: Near, ring: Group, place: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """How far a place is from the axis of a ring, in ångström."""
    apart = place - near.centre(ring)
    normal = near.normal(ring)
    return float(np.linalg.norm(apart - (apart @ normal) * normal))


RULES: Final = {
    ContactKind.COVALENT: covalent,
    ContactKind.METAL: metal,
    ContactKind.DONOR: hydrogen_bond,
    ContactKind.CATION: ionic,
    ContactKind.HYDROPHOBIC: hydrophobic,
    ContactKind.STACKED: stacked,
    ContactKind.EDGE: edge,
    ContactKind.CATION_PI: cation_pi,
    ContactKind.HALOGEN: halogen,
    ContactKind.WATER: water,
}
"""The rule of each kind. Where a kind has a direction, the first point gives."""
