"""Contacts of structures and conformers, beside a reference of exact fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logos_grammar.columns import Words
from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind, Contacts, Points
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.structure import Structure

ATOMS = """ATOM      1  N   GLY A  -7       0.000   0.000   0.000  1.00 20.00           N
ATOM      2  CA AGLY A  -7       1.000   0.000   0.000  0.50 20.00           C
ATOM      3  CA BGLY A  -7       2.500   0.000   0.000  0.50 21.53           C
ATOM      4  H   GLY A  -7       3.500   0.000   0.000  1.00 20.00           H
ATOM      5  N   ALA A   8A      0.000   8.000   0.000  1.00  0.10           N
TER       6      ALA A   8A
ATOM      7  O5'  DA B   1       7.000   0.000   0.000  1.00 30.00           O
TER       8       DA B   1
HETATM    9 ZN    ZN A 101       7.000   4.000  -3.000  1.00 30.00          ZN2+
"""
Member: TypeAlias = Structure | Conformer | Molecule
STRUCTURE = Structure.from_pdb(ATOMS)
SECOND = ATOMS.replace("7.000", "2.000")
MODELS = Structure.from_pdb(f"MODEL        1\n{ATOMS}ENDMDL\nMODEL        2\n{SECOND}ENDMDL\n")
# A carbon with two hydrogens that are points only, an oxygen, and a hydrogen that is an atom.
CONFORMER = Conformer(
    molecule=Molecule.from_smiles("[CH2]O[H]"),
    hydrogens=np.array([2, 0, 0], np.uint32),
    x=Fixed.from_text(["0.00", "1.00", "-1.00", "9.00", "10.00"] * 2),
    y=Fixed.from_text(["0.00"] * 5 + ["5.50"] * 5),
    z=Fixed.from_text(["0.00"] * 10),
)


def rows(contacts: Contacts) -> list[tuple[int, int, int]]:
    columns = (contacts.first, contacts.second, contacts.distance)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def reference(points: Points, cutoff: Fraction, separation: int | None, between: bool) -> Any:
    """Every pair of points, in fractions."""
    scale = Fraction(10) ** points.decimals
    least: dict[tuple[int, int], Fraction] = {}
    places = np.stack([points.x, points.y, points.z], axis=1).tolist()
    for one, other in combinations(range(len(places)), 2):
        first, second = sorted((int(points.unit[one]), int(points.unit[other])))
        apart = points.member[first] != points.member[second]
        within = separation is not None and second - first >= separation
        if first == second or not (between if apart else within):
            continue
        square = sum((a - b) ** 2 for a, b in zip(places[one], places[other], strict=True))
        squared = square / scale**2
        if squared < cutoff**2:
            known = least.get((first, second), squared)
            least[first, second] = min(known, squared)
    # Bin k: (k/2)² <= d² < ((k+1)/2)².
    bins = {
        pair: max(k for k in range(65) if Fraction(k, 2) ** 2 <= d) for pair, d in least.items()
    }
    return [(*pair, bins[pair]) for pair in sorted(bins)]


@st.composite
def points(draw: st.DrawFn) -> Points:
    units, decimals = draw(st.integers(1, 9)), draw(st.sampled_from([0, 1, 3, 9]))
    unit = 10**decimals
    far = draw(st.sampled_from([0, 10**6 * unit, (1 << 62) // unit * unit]))
    centre = st.sampled_from([-far, 0, far])
    # Half ångströms, where there are such, so that lengths are at cutoffs and bounds of bins.
    near = st.integers(-12, 12).map(lambda halves: halves * unit // 2)
    number = st.builds(lambda a, b: a + b, centre, near | st.integers(-6 * unit, 6 * unit))
    cells = draw(st.lists(st.tuples(number, number, number), max_size=20))
    x, y, z = np.array(cells, np.int64).reshape(-1, 3).T
    return Points(
        x=x,
        y=y,
        z=z,
        decimals=decimals,
        unit=np.array([draw(st.integers(0, units - 1)) for _ in cells], np.uint32),
        member=np.array([draw(st.integers(0, 2)) for _ in range(units)], np.uint32),
        row=np.arange(len(cells)),
    )


@settings(deadline=None)
@given(
    points(),
    st.sampled_from(["0", "0.5", "3", "4.5", "6.5", "12"]),
    st.none() | st.integers(0, 4),
    st.booleans(),
)
def test_contacts_are_those_of_the_reference(
    points: Points, cutoff: str, separation: int | None, between: bool
) -> None:
    found = rows(points.contacts(cutoff, separation=separation, between=between))
    assert found == reference(points, Fraction(cutoff), separation, between)


def test_a_residue_is_as_far_as_its_nearest_atom() -> None:
    points = Points.of([STRUCTURE], between="strands")
    # The first location is 6 Å from the nucleotide; the zinc is 5 Å from it.
    assert rows(points.contacts("6.001")) == [(0, 2, 12), (2, 3, 10)]
    assert rows(points.contacts(6)) == [(2, 3, 10)]
    assert rows(points.contacts(5)) == []


def test_options_name_what_has_points() -> None:
    def nearest(**options: Any) -> list[tuple[int, int, int]]:
        return rows(Points.of([STRUCTURE], between="strands", **options).contacts("6.001"))

    assert nearest(altlocs="all") == [(0, 2, 9), (2, 3, 10)]
    assert nearest(hydrogens=True) == [(0, 2, 7), (2, 3, 10)]
    # Atoms count as units, whether they have points or not.
    assert nearest(level="atom") == [(1, 5, 12), (5, 6, 10)]
    assert nearest(level="atom", hydrogens=True)[:2] == [(1, 5, 12), (3, 5, 7)]


def test_members_chains_and_strands() -> None:
    def found(**options: Any) -> list[tuple[int, int, int]]:
        return rows(Points.of([STRUCTURE], **options).contacts(7))

    assert found() == []
    # The zinc is of chain A.
    assert found(between="chains") == [(0, 2, 12), (2, 3, 10)]
    nearer = replace(STRUCTURE.strands, chain=Words(["A", "B", "C"]))
    other = replace(STRUCTURE, strands=nearer)
    assert rows(Points.of([other], between="chains").contacts(8)) == rows(
        Points.of([STRUCTURE], between="strands").contacts(8)
    )


def test_pairs_of_one_member_are_separated() -> None:
    points = Points.of([STRUCTURE])
    assert rows(points.contacts("8.1", separation=1)) == [
        *((0, 1, 16), (0, 2, 12), (0, 3, 15), (2, 3, 10))
    ]
    assert rows(points.contacts("8.1", separation=2)) == [(0, 2, 12), (0, 3, 15)]
    by_chain = Points.of([STRUCTURE], between="chains")
    # Glycine, alanine and zinc of chain A: 8, 7.8 and 8.6 Å.
    assert rows(by_chain.contacts(9, separation=1, between=False)) == [
        *((0, 1, 16), (0, 3, 15), (1, 3, 17))
    ]
    assert rows(by_chain.contacts(9, separation=3, between=False)) == [(0, 3, 15)]


def test_models_have_units_and_one_has_points() -> None:
    first, second = (Points.of([MODELS], between="strands", model=row) for row in (0, 1))
    assert len(first.member) == len(second.member) == 8
    assert rows(first.contacts("6.001")) == [(0, 2, 12), (2, 3, 10)]
    assert rows(second.contacts("6.001"))[0] == (4, 6, 2)
    with pytest.raises(IndexError, match="expected a model below 2, not 2"):
        Points.of([MODELS], model=2)


def test_units_are_counted_through_members() -> None:
    members: list[Member] = [Molecule.from_smiles("CC"), STRUCTURE, CONFORMER]
    points = Points.of(members)
    assert points.member.tolist() == [0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert points.decimals == 3
    # The oxygen of the conformer is at 9 Å, its carbon where the glycine is.
    assert rows(points.contacts(3)) == [(2, 6, 0), (4, 7, 4)]
    # Two hydrogens are points of the carbon, one is an atom: (10, 0, 0) is 3 Å from the nucleotide.
    near = rows(Points.of(members, hydrogens=True).contacts("3.1"))
    assert near == [(2, 6, 0), (4, 7, 4), (4, 8, 6)]
    turned = rows(Points.of(members, pose=1).contacts(3))
    assert turned == [(3, 6, 5)]
    with pytest.raises(IndexError, match="expected a pose below 2, not 2"):
        Points.of(members, pose=2)


def test_rows_are_those_of_the_members() -> None:
    assert Points.of([STRUCTURE]).row.tolist() == [0, 1, 4, 5, 6]
    assert Points.of([CONFORMER]).row.tolist() == [0, 3]
    assert Points.of([CONFORMER], hydrogens=True).unit.tolist() == [0, 0, 0, 1, 2]


def test_nothing_has_no_contacts() -> None:
    assert rows(Points.of([]).contacts(4)) == []
    members: list[Member] = [Molecule.from_smiles("CC"), STRUCTURE]
    assert rows(Points.of(members).contacts(32)) == []
    assert rows(Points.of([STRUCTURE], between="strands").contacts(0)) == []


def test_a_float_is_the_number_that_its_bits_have() -> None:
    points = Points.of([STRUCTURE], between="strands")
    assert rows(points.contacts(np.nextafter(6.0, 7.0)))[0] == (0, 2, 12)
    assert rows(points.contacts(6.0)) == [(2, 3, 10)]


def test_what_is_not_a_question_is_refused() -> None:
    points = Points.of([STRUCTURE])
    for cutoff in (-1, 33, "32.001"):
        with pytest.raises(ValueError, match=f"expected a cutoff from 0 to 32 Å, not {cutoff}"):
            points.contacts(cutoff)
    with pytest.raises(ValueError, match="expected a separation from 0 on"):
        points.contacts(4, separation=-1)
    with pytest.raises(ValueError, match="expected level as 'residue' or 'atom', not 'chain'"):
        Points.of([STRUCTURE], level="chain")  # type: ignore[arg-type]
    with pytest.raises(
        TypeError, match="expected a Structure, Conformer, Molecule or LinedChain, not str"
    ):
        Points.of(["ALA"])  # type: ignore[list-item]
    fine = replace(points, decimals=18)
    with pytest.raises(ValueError, match="expected at most 17 decimals"):
        fine.contacts(1)
    foreign = replace(points, member=points.member[:2])
    with pytest.raises(ValueError, match="expected a unit that has a member at point 3"):
        foreign.contacts(1)


def test_kinds_are_a_set_of_bits() -> None:
    first, second = np.array([0, 1], np.uint32), np.array([1, 2], np.uint32)
    kind, far = np.array([1 << 2 | 1 << 6, 0], np.uint16), np.full(2, -1, np.int8)
    table = Contacts(first=first, second=second, distance=far, kind=kind)
    assert table.kinds(0) == [ContactKind.DONOR, ContactKind.HYDROPHOBIC]
    assert table.kinds(1) == []
    # The kinds of other pairs are left out.
    other = Contacts(
        first=first[:1], second=second[1:], distance=far[:1], kind=np.array([1], np.uint16)
    )
    assert not table.with_kinds(other).kind.any()
    assert table.with_kinds(other[:0]) == table.with_kinds(other)
    assert table.with_kinds(table[:1]) == table


def test_back_is_the_kind_of_the_other_order() -> None:
    assert [kind for kind in ContactKind if kind.back is kind] == [
        *(ContactKind.COVALENT, ContactKind.METAL, ContactKind.HYDROPHOBIC),
        *(ContactKind.STACKED, ContactKind.EDGE, ContactKind.WATER),
    ]
    assert all(kind.back.back is kind for kind in ContactKind)
    assert ContactKind.HALOGEN.back is ContactKind.HALOGEN_ACCEPTOR
