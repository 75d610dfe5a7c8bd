"""Kinds of contacts at their limits: just within, and just beyond."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from contacts.scenes import RING, Place, conformer, found, moved, residues, turned
from logos_grammar.contacts import ContactKind, Points
from logos_grammar.contacts.kinds import kinds_of
from logos_grammar.structure import Structure

RING_NAMES = ("CG", "CD1", "CE1", "CZ", "CE2", "CD2")
PHENYLALANINE = residues(("PHE", dict(zip(RING_NAMES, RING, strict=True))))
LYSINE: Place = (0.0, 0.0, 0.0)


def kinds(*members: object) -> set[ContactKind]:
    return {kind for each in found(*members).values() for kind in each}  # type: ignore[arg-type]


def towards(degrees: float, length: float, at: Place = (0.0, 0.0, 0.0)) -> Place:
    """A place in the plane of x and y, by its angle to the axis x."""
    turn = np.radians(degrees)
    return (at[0] + length * float(np.cos(turn)), at[1] + length * float(np.sin(turn)), at[2])


@pytest.mark.parametrize(
    ("apart", "is_one"), [(0.499, False), (0.5, True), (3.999, True), (4, False)]
)
def test_hydrophobic_carbons_are_less_than_4_apart(apart: float, is_one: bool) -> None:
    alanine = residues(("ALA", {"CB": (0, 0, 0)}))
    wanted = {(0, 1): (ContactKind.HYDROPHOBIC,)} if apart >= 2 else None
    given = found(alanine, conformer("C", [(apart, 0, 0)]))
    assert (ContactKind.HYDROPHOBIC in given.get((0, 1), ())) == is_one
    assert wanted is None or given == (wanted if is_one else {})


def test_a_carbon_of_an_oxygen_is_not_hydrophobic() -> None:
    alanine = residues(("ALA", {"CB": (0, 0, 0)}), ("SER", {"CB": (0, 0, 20)}))
    assert found(alanine, conformer("CO", [(3.5, 0, 0), (4.9, 0, 0)])) == {}
    assert found(alanine, conformer("C", [(3.5, 0, 20)])) == {}


@pytest.mark.parametrize(("apart", "is_one"), [(3.499, True), (3.5, False)])
def test_a_hydrogen_bond_without_hydrogens_is_less_than_3_5(apart: float, is_one: bool) -> None:
    # Donor only: the nitrogen of the backbone. Acceptor only: formaldehyde.
    glycine = residues(("GLY", {"N": (0, 0, 0), "CA": (-1.45, 0, 0)}))
    ketone = conformer("C=O", [(apart + 1.2, 0, 0), (apart, 0, 0)])
    assert found(glycine, ketone) == ({(0, 2): (ContactKind.DONOR,)} if is_one else {})
    assert found(ketone, glycine) == ({(1, 2): (ContactKind.ACCEPTOR,)} if is_one else {})


@pytest.mark.parametrize(("degrees", "is_one"), [(90.5, True), (89.5, False)])
def test_its_angles_are_above_90(degrees: float, is_one: bool) -> None:
    straight = residues(("GLY", {"N": (0, 0, 0), "CA": (-1.45, 0, 0)}))
    bent = conformer("C=O", [towards(180 - degrees, 1.2, (3, 0, 0)), (3, 0, 0)])
    assert (kinds(straight, bent) == {ContactKind.DONOR}) == is_one
    turned_away = residues(("GLY", {"N": (0, 0, 0), "CA": towards(degrees, 1.45)}))
    ketone = conformer("C=O", [(4.2, 0, 0), (3, 0, 0)])
    assert (kinds(turned_away, ketone) == {ContactKind.DONOR}) == is_one


@pytest.mark.parametrize(
    ("apart", "degrees", "is_one"),
    [(4.099, 180, True), (4.1, 180, False), (3.8, 100.5, True), (3.8, 99.5, False)],
)
def test_a_hydrogen_bond_with_a_hydrogen(apart: float, degrees: float, is_one: bool) -> None:
    # The hydrogen is at the origin, the donor on the axis x.
    donor, hydrogen = (0.97, 0.0, 0.0), (0.0, 0.0, 0.0)
    cos = float(np.cos(np.radians(degrees)))
    length = 0.97 * cos + float(np.sqrt(apart**2 - 0.97**2 * (1 - cos**2)))
    oxygen = towards(degrees, length)
    glycine = residues(("GLY", {"O": oxygen, "C": towards(degrees, length + 1.23)}))
    methanol = conformer("CO", [(2.4, 0, 0), donor, hydrogen], [0, 1])
    assert found(glycine, methanol) == ({(0, 2): (ContactKind.ACCEPTOR,)} if is_one else {})


def test_a_hydrogen_has_one_bond_that_of_the_largest_angle() -> None:
    glycines = residues(
        ("GLY", {"O": (-2.5, 0.3, 0), "C": (-3.7, 0.3, 0)}),
        ("GLY", {"O": (-2.5, -1.2, 0), "C": (-3.7, -1.2, 0)}),
    )
    methanol = conformer("CO", [(2.4, 0, 0), (0.97, 0, 0), (0, 0, 0)], [0, 1])
    assert found(glycines, methanol) == {(0, 3): (ContactKind.ACCEPTOR,)}


def test_hydrogens_say_what_a_histidine_is() -> None:
    ring: dict[str, Place] = {"CG": (0, 0, 0), "ND1": (1.2, 0.8, 0), "CD2": (-0.6, 1.2, 0)}
    ring |= {"CE1": (0.9, 2.1, 0), "NE2": (-0.2, 2.3, 0)}
    acid = conformer("CC(=O)[O-]", [(1.2, 6.6, 0), (1.2, 5.1, 0), (0.6, 4.5, 1), (2, 4.6, 0)])
    charged = residues(("HIS", ring))
    assert ContactKind.CATION in kinds(charged, acid)
    one = residues(("HIS", ring | {"H1": (2.1, 0.4, 0)}))
    assert ContactKind.CATION not in kinds(one, acid)
    assert ContactKind.DONOR not in kinds(one, acid)
    other = residues(("HIS", ring | {"H9": (-0.3, 3.3, 0.2)}))
    assert kinds(other, acid) >= {ContactKind.DONOR}
    both = residues(("HIS", ring | {"H1": (2.1, 0.4, 0), "H9": (-0.3, 3.3, 0.2)}))
    assert kinds(both, acid) >= {ContactKind.DONOR, ContactKind.CATION}


def test_hydrogens_may_be_behind_all_other_atoms() -> None:
    ketone = conformer("C=O", [(5.0, 0, 0), (3.8, 0, 0)])
    nitrogen, hydrogen = {"N": (0.0, 0.0, 0.0), "CA": (-1.45, 0.0, 0.0)}, {"H": (0.9, 0.3, 0.0)}
    together = residues(("GLY", nitrogen | hydrogen))
    assert found(together, ketone) == {(0, 2): (ContactKind.DONOR,)}
    lines = residues(("GLY", nitrogen), ("ALA", {"CA": (0, 0, 9)}), ("GLY", hydrogen)).to_pdb()
    apart = Structure.from_pdb(lines.replace("GLY A   3", "GLY A   1"))
    assert len(apart.residues) == 3
    assert found(apart, ketone) == {(0, 4): (ContactKind.DONOR,)}


def test_an_arginine_is_charged_with_few_hydrogens() -> None:
    acid = conformer("CC(=O)[O-]", [(5.5, 0, 0), (4.1, 0, 0), (3.5, 1.1, 0), (3.5, -1.1, 0)])
    nitrogens = {"NE": (-1.0, 0.8, 0.0), "NH1": (0.0, 1.1, 0.0), "NH2": (0.0, -1.1, 0.0)}
    arginine = residues(("ARG", nitrogens | {"HH1": (0.9, 1.1, 0.0)}))
    assert found(arginine, acid) == {(0, 3): (ContactKind.DONOR, ContactKind.CATION)}


@pytest.mark.parametrize(("apart", "is_one"), [(5.499, True), (5.5, False)])
def test_charges_are_less_than_5_5_apart(apart: float, is_one: bool) -> None:
    lysine = residues(("LYS", {"NZ": (0, 0, 0), "CE": (-1.5, 0, 0)}))
    # The centre of the acid is between its oxygens; the first of the nearest two counts.
    acid = [(apart + 2, 0.0, 0.0), (apart + 0.6, 0.0, 0.0), (apart, 1.1, 0.0), (apart, -1.1, 0.0)]
    for smiles in ("CC(=O)[O-]", "CC(=O)O"):
        given = found(lysine, conformer(smiles, acid))
        assert given == ({(0, 3): (ContactKind.CATION,)} if is_one else {})
    aspartate = residues(("ASP", {"OD1": (0, 1.1, 0), "OD2": (0, -1.1, 0)}))
    for smiles in ("C[NH3+]", "CN"):
        amine = conformer(smiles, [(apart + 1.5, 0, 0), (apart, 0, 0)])
        assert found(aspartate, amine) == ({(0, 2): (ContactKind.ANION,)} if is_one else {})
        assert found(amine, aspartate) == ({(1, 2): (ContactKind.CATION,)} if is_one else {})


def test_the_phosphorus_of_a_nucleotide_is_the_centre_of_its_charge() -> None:
    nucleotide = residues(("DA", {"P": (0, 0, 0), "OP1": (1.0, 1.1, 0), "OP2": (1.0, -1.1, 0)}))
    for apart, is_one in ((5.499, True), (5.5, False)):
        amine = conformer("C[NH3+]", [(apart + 1.5, 0, 0), (apart, 0, 0)])
        assert (ContactKind.ANION in kinds(nucleotide, amine)) == is_one


@pytest.mark.parametrize(
    ("by", "degrees", "kind"),
    [
        ((0, 0, 5.499), 0, ContactKind.STACKED),
        ((0, 0, 5.5), 0, None),
        ((1.99, 0, 4), 0, ContactKind.STACKED),
        ((2.01, 0, 4), 0, None),
        ((0, 0, 4), 29.5, ContactKind.STACKED),
        ((0, 0, 4), 30.5, None),
        ((0, 0, 5), 59.5, None),
        ((0, 0, 5), 60.5, ContactKind.EDGE),
        ((0, 0, 5.499), 90, ContactKind.EDGE),
        ((0, 0, 5.5), 90, None),
        ((0, 1.99, 5), 90, ContactKind.EDGE),
        ((0, 2.01, 5), 90, None),
    ],
)
def test_rings_are_stacked_or_edge_to_face(
    by: Place, degrees: float, kind: ContactKind | None
) -> None:
    benzene = conformer("c1ccccc1", moved(turned(RING, degrees), by))
    given = kinds(PHENYLALANINE, benzene) - {ContactKind.HYDROPHOBIC}
    assert given == ({kind} if kind else set())


def test_carbons_of_stacked_rings_are_not_hydrophobic_as_well() -> None:
    benzene = conformer("c1ccccc1", moved(RING, (0, 0, 3.6)))
    assert kinds(PHENYLALANINE, benzene) == {ContactKind.STACKED}
    aside = conformer("c1ccccc1", moved(RING, (2.5, 0, 3.0)))
    assert kinds(PHENYLALANINE, aside) == {ContactKind.HYDROPHOBIC}


def test_two_rings_are_one_contact() -> None:
    benzene = conformer("c1ccccc1", moved(RING, (0, 0, 3.6)))
    assert len(found(PHENYLALANINE, benzene)) == 1


@pytest.mark.parametrize(
    ("place", "is_one"),
    [((0, 0, 5.999), True), ((0, 0, 6), False), ((1.99, 0, 4), True), ((2.01, 0, 4), False)],
)
def test_a_cation_is_above_a_ring(place: Place, is_one: bool) -> None:
    lysine = residues(("LYS", {"NZ": place}))
    given = found(lysine, conformer("c1ccccc1", RING))
    assert list(given.values()) == ([(ContactKind.CATION_PI,)] if is_one else [])
    amine = conformer("C[NH3+]", [(place[0], place[1], place[2] + 1.5), place])
    assert kinds(PHENYLALANINE, amine) == ({ContactKind.PI_CATION} if is_one else set())


def test_a_histidine_that_is_stacked_is_not_a_cation_as_well() -> None:
    names = ("CG", "ND1", "CE1", "NE2", "CD2")
    corners = [towards(72.0 * at, 1.17) for at in range(5)]
    histidine = residues(("HIS", dict(zip(names, corners, strict=True))))
    benzene = conformer("c1ccccc1", moved(RING, (0, 0, 3.8)))
    assert kinds(histidine, benzene) == {ContactKind.STACKED}
    # Without its atoms of carbon it is not a ring.
    charges = dict(list(zip(names, corners, strict=True))[1:4:2])
    assert kinds(residues(("HIS", charges)), benzene) == {ContactKind.CATION_PI}


@pytest.mark.parametrize(
    ("apart", "at_halogen", "at_acceptor", "is_one"),
    [
        (3.999, 170, 120, True),
        (4.0, 170, 120, False),
        (3.2, 135.5, 120, True),
        (3.2, 134.5, 120, False),
        (3.2, 180, 120, True),
        (3.2, 170, 90.5, True),
        (3.2, 170, 89.5, False),
        (3.2, 170, 149.5, True),
        (3.2, 170, 150.5, False),
    ],
)
def test_a_halogen_bond_has_two_angles(
    apart: float, at_halogen: float, at_acceptor: float, is_one: bool
) -> None:
    oxygen = (apart, 0.0, 0.0)
    glycine = residues(("GLY", {"O": oxygen, "C": towards(180 - at_acceptor, 1.23, oxygen)}))
    for symbol in ("Cl", "Br", "I"):
        halide = conformer(f"C{symbol}", [towards(at_halogen, 1.74), (0, 0, 0)])
        given = found(glycine, halide)
        assert given == ({(0, 2): (ContactKind.HALOGEN_ACCEPTOR,)} if is_one else {})
        assert found(halide, glycine) == ({(1, 2): (ContactKind.HALOGEN,)} if is_one else {})
    fluoride = conformer("CF", [towards(at_halogen, 1.74), (0, 0, 0)])
    assert found(glycine, fluoride) == {}


@pytest.mark.parametrize(("apart", "is_one"), [(2.999, True), (3.0, False)])
def test_a_metal_is_less_than_3_from_what_coordinates_it(apart: float, is_one: bool) -> None:
    zinc = residues(("ZN", {"ZN": (0, 0, 0)}))
    wanted = (ContactKind.METAL,)
    ketone = conformer("C=O", [(apart + 1.2, 0, 0), (apart, 0, 0)])
    assert found(zinc, ketone) == ({(0, 2): wanted} if is_one else {})
    ion = conformer("[Zn+2]", [(0, 0, 0)])
    for component, name in (("CYS", "SG"), ("HIS", "NE2"), ("ASP", "OD1"), ("GLY", "O")):
        given = found(residues((component, {name: (apart, 0, 0)})), ion)
        assert given == ({(0, 1): wanted} if is_one else {}), component
    assert found(residues(("LYS", {"NZ": (2.5, 0, 0)})), ion) == {}


@pytest.mark.parametrize(
    ("to_donor", "to_acceptor", "degrees", "is_one"),
    [
        (2.5, 2.8, 105, True),
        (2.499, 2.8, 105, False),
        (2.8, 2.499, 105, False),
        (4.099, 2.8, 105, True),
        (4.1, 2.8, 105, False),
        (2.8, 4.099, 105, True),
        (2.8, 4.101, 105, False),
        (2.8, 2.8, 71.5, True),
        (2.8, 2.8, 70.5, False),
        (2.8, 2.8, 139.5, True),
        (2.8, 2.8, 140.5, False),
    ],
)
def test_a_water_is_between_a_donor_and_an_acceptor(
    to_donor: float, to_acceptor: float, degrees: float, is_one: bool
) -> None:
    water = ("HOH", {"O": (0.0, 0.0, 0.0)})
    nitrogen = (to_donor, 0.0, 0.0)
    protein = residues(("GLY", {"N": nitrogen, "CA": (to_donor + 1.45, 0, 0)}), water)
    oxygen = towards(degrees, to_acceptor)
    ketone = conformer("C=O", [towards(degrees, to_acceptor + 1.2), oxygen])
    given = found(protein, ketone)
    assert (ContactKind.WATER in given.get((0, 3), ())) == is_one
    # Both of one member: not a contact.
    acceptor = ("GLY", {"O": oxygen})
    of_one = residues(("GLY", {"N": nitrogen}), water, acceptor)
    assert found(of_one, conformer("C", [(90, 0, 0)])) == {}


@pytest.mark.parametrize(("apart", "is_one"), [(2.209, True), (2.21, False)])
def test_a_covalent_bond_is_as_long_as_the_radii(apart: float, is_one: bool) -> None:
    cysteine = residues(("CYS", {"SG": (0, 0, 0)}))
    given = found(cysteine, conformer("CO", [(apart, 0, 0), (apart + 1.4, 0, 0)]))
    assert given == ({(0, 1): (ContactKind.COVALENT,)} if is_one else {})


def test_a_component_that_is_not_known_has_metals_and_bonds_only() -> None:
    ligand = residues(("LIG", {"O1": (0, 0, 0), "C1": (1.2, 0, 0)}))
    assert found(ligand, conformer("CO", [(-4, 0, 0), (-2.8, 0, 0)])) == {}


def test_units_are_those_of_points() -> None:
    glycine = residues(("ALA", {"CA": (9, 0, 0)}), ("GLY", {"N": (0, 0, 0), "CA": (-1.45, 0, 0)}))
    ketone = conformer("C=O", [(4.2, 0, 0), (3, 0, 0)])
    by_atom = kinds_of([glycine, ketone], level="atom")
    assert (by_atom.first.tolist(), by_atom.second.tolist()) == ([1], [4])
    near = Points.of([glycine, ketone]).contacts(4.5)
    table = near.with_kinds(kinds_of([glycine, ketone]))
    assert [table.kinds(row) for row in range(len(table))][-1] == [ContactKind.DONOR]
    assert (table.first == near.first).all()
    assert (table.distance == near.distance).all()
    assert table.kind.any()


def test_kinds_that_are_not_wanted_are_not_looked_for() -> None:
    lysine = residues(("LYS", {"NZ": (0, 0, 0), "CE": (-1.5, 0, 0)}))
    acid = conformer("CC(=O)[O-]", [(4.2, 0, 0), (3, 0, 0), (2.5, 1.1, 0), (2.5, -1.1, 0)])
    assert len(kinds_of([lysine, acid])) == 2
    only = kinds_of([lysine, acid], kinds=[ContactKind.ANION])
    assert [only.kinds(row) for row in range(len(only))] == [[ContactKind.CATION]]
    assert len(kinds_of([lysine, acid], kinds=[])) == 0


def test_nothing_and_what_is_too_far() -> None:
    assert found() == {}
    assert found(conformer("C", [(0, 0, 0)])) == {}
    far = conformer("C", [(0, 0, 0)])
    with pytest.raises(ValueError, match="of the last decimal apart"):
        found(far, conformer("C", [(9e13, 0, 0)]))


def test_chains_of_a_structure_are_members() -> None:
    text = residues(("LYS", {"NZ": (0, 0, 0)}), ("ASP", {"OD1": (3, 0, 0)})).to_pdb()
    other = Structure.from_pdb(text.replace("ASP A", "ASP B"))
    assert len(kinds_of([other])) == 0
    table = kinds_of([other], between="chains")
    assert table.kinds(0) == [ContactKind.DONOR, ContactKind.CATION]


def test_levels_of_limits_ascend() -> None:
    """The scenes above are at these limits: a change of one is a change of a test."""
    from logos_grammar.contacts.kinds import rules  # noqa: PLC0415

    limits = [rules.METAL, rules.HYDROPHOBIC, rules.HYDROGEN_BOND, rules.IONIC, rules.CATION_PI]
    assert all(low < high for low, high in pairwise(limits))
