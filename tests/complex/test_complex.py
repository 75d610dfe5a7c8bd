"""Complexes of structures and ligands: contacts, pockets, and what is left without coordinates."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.complex import Complex, ContactKind, Contacts
from logos_grammar.complex.strategies import complexes
from logos_grammar.conformer import Conformer
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.pocket import LinedChain, Pocket
from logos_grammar.protein import Protein
from logos_grammar.structure import Structure
from structure.test_pdb import atom


def line(name: str, component: str, number: str, x: float, **fields: str) -> str:
    element = name.strip()[0]
    return atom(
        name, component, number=number, element=element, xyz=f"{x:8.3f}{0:8.3f}{0:8.3f}", **fields
    )


LINES = [
    # Ala at 0 and 1, Gly at 10, Ser at 12 in a chain; one residue of another; a water at 14.
    line(" N  ", "ALA", "1", 0.0),
    line(" CA ", "ALA", "1", 1.0),
    line(" N  ", "GLY", "2", 10.0),
    line(" N  ", "SER", "3", 12.0),
    "TER",
    line(" N  ", "VAL", "1", 40.0, chain="B"),
    "TER",
    line(" O  ", "HOH", "9", 14.0, record="HETATM"),
]
STRUCTURE = Structure.from_pdb("\n".join(LINES))


def ligand(*places: float) -> Conformer:
    """Carbon atoms in a row."""
    count = len(places)
    zeros = Fixed(np.zeros(count, np.int64), 3)
    return Conformer(
        molecule=Molecule.from_smiles("C" * count),
        hydrogens=np.zeros(count, np.uint32),
        x=Fixed(np.array([round(1000 * x) for x in places], np.int64), 3),
        y=zeros,
        z=zeros,
    )


LIGAND = ligand(4.5, 8.0)
WHOLE = Complex.from_structure(STRUCTURE, ligands=[LIGAND])


def rows(contacts: Contacts) -> list[tuple[int, int, int]]:
    columns = (contacts.first, contacts.second, contacts.distance)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_contacts_are_of_residues_and_atoms_of_the_ligand() -> None:
    """Units: 0 Ala, 1 Gly, 2 Ser, 3 Val, 4 water; 5 and 6 the atoms of the ligand."""
    assert WHOLE.first_units.tolist() == [0, 5, 7]
    assert WHOLE.contacts is not None
    assert rows(WHOLE.contacts) == [(0, 5, 7), (1, 6, 4), (2, 6, 8)]
    assert lg.decode(lg.encode(WHOLE)) == WHOLE


def test_what_is_exactly_at_the_cutoff_is_no_contact() -> None:
    found = Complex((STRUCTURE, ligand(16.5))).with_contacts("4.5").contacts
    assert found is not None
    assert rows(found) == [(4, 5, 5)]


def test_units_of_a_structure_may_be_its_atoms() -> None:
    atoms = WHOLE.with_contacts(4.5, level="atom")
    assert atoms.first_units.tolist() == [0, 6, 8]
    assert atoms.contacts is not None
    assert rows(atoms.contacts) == [(1, 6, 7), (2, 7, 4), (3, 7, 8)]
    assert lg.decode(lg.encode(atoms)) == atoms
    with pytest.raises(ValueError, match="chains have no atoms"):
        atoms.without_coordinates()


def test_a_pocket_is_the_chains_that_line_it() -> None:
    pocket = WHOLE.pocket(1, 4.5)
    assert isinstance(pocket, Pocket)
    (chain,) = pocket.chains
    assert chain.chain == Protein("AGS")
    assert chain.sites.residue.tolist() == [0, 1, 2]
    assert chain.sites.site.tolist() == [1, 1, 1]
    assert WHOLE.pocket(1, 3).chains[0].sites.residue.tolist() == [1]
    with pytest.raises(ValueError, match=r"within 1 Å of member 1"):
        WHOLE.pocket(1, 1)
    with pytest.raises(IndexError, match="a member below 2, not 2"):
        WHOLE.pocket(2, 4.5)
    with pytest.raises(ValueError, match="member 0"):
        WHOLE.pocket(0, 4.5)


def test_chains_and_molecules_are_left_without_coordinates() -> None:
    plain = WHOLE.without_coordinates()
    assert plain.members == (LinedChain(Protein("AGS")), LinedChain(Protein("V")), LIGAND.molecule)
    assert plain.contacts is not None
    assert rows(plain.contacts) == [(0, 4, 7), (1, 5, 4), (2, 5, 8)]
    assert plain.without_coordinates() == plain
    near = plain.in_contact()
    assert near.members == (LinedChain(Protein("AGS")), LIGAND.molecule)
    assert near.contacts is not None
    assert rows(near.contacts) == [(0, 3, 7), (1, 4, 4), (2, 4, 8)]
    assert lg.decode(lg.encode(near)) == near
    assert lg.to_logos(near.without_contacts()) == (
        "<ProteinS>AGS<ProteinE><MoleculeS>CC<MoleculeE>"
    )


def test_contacts_are_between_members_and_two_structures_are_two() -> None:
    other = Complex((STRUCTURE, STRUCTURE)).with_contacts(0.5)
    assert other.contacts is not None
    assert rows(other.contacts) == [(unit, unit + 5, 0) for unit in range(5)]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Complex((LIGAND,), level="atom"), "contacts with a level"),
        (lambda: Complex((LIGAND,)).in_contact(), "expected contacts"),
        (lambda: WHOLE.with_contacts(33), "a cutoff from 0 to 32"),
        (
            lambda: WHOLE.with_contacts(4.5, level="bond"),  # type: ignore[arg-type]
            "level as 'residue' or 'atom'",
        ),
    ],
)
def test_what_cannot_be_is_refused(made: object, message: str) -> None:
    assert callable(made)
    with pytest.raises(ValueError, match=message):
        made()


def test_contacts_may_say_what_they_are() -> None:
    sites = [line(" CB ", "ALA", "1", 0.0), line(" CG1", "VAL", "2", 20.0)]
    whole = Complex((Structure.from_pdb("\n".join(sites)), ligand(3.0, 15.5)))
    found = whole.with_contacts(6, kinds=[ContactKind.HYDROPHOBIC])
    assert found.contacts is not None
    assert rows(found.contacts) == [(0, 2, 6), (1, 3, 9)]
    assert [found.contacts.kinds(row) for row in (0, 1)] == [[ContactKind.HYDROPHOBIC], []]
    assert lg.decode(lg.encode(found)) == found
    assert found.without_kinds() == whole.with_contacts(6)
    with pytest.raises(TypeError, match="the others have no coordinates"):
        Complex((*whole.members, LIGAND.molecule)).with_contacts(4, kinds=tuple(ContactKind))


DIMER = Structure.from_pdb(
    "\n".join(
        [
            line(" N  ", "ALA", "1", 0.0),
            line(" N  ", "GLY", "2", 5.0),
            line(" N  ", "SER", "3", 6.0),
            "TER",
            line(" N  ", "VAL", "1", 4.0, chain="B"),
            line(" N  ", "LEU", "2", 30.0, chain="B"),
        ]
    )
)


def test_an_interface_is_two_chains_and_their_contacts() -> None:
    found = Complex((DIMER,)).interface("A", "B", 3)
    one, other = found.members
    assert isinstance(one, LinedChain)
    assert isinstance(other, LinedChain)
    assert (one.chain, other.chain) == (Protein("AGS"), Protein("VL"))
    assert (one.sites.residue.tolist(), other.sites.residue.tolist()) == ([1, 2], [0])
    assert found.contacts is not None
    assert rows(found.contacts) == [(1, 3, 2), (2, 3, 4)]
    assert lg.decode(lg.encode(found)) == found
    turned = Complex((DIMER,)).interface("B", "A", 3)
    assert turned.contacts is not None
    assert rows(turned.contacts) == [(0, 3, 2), (0, 4, 4)]
    with pytest.raises(ValueError, match="with the chains 'A' and 'C'"):
        Complex((DIMER,)).interface("A", "C")


def test_each_chain_may_be_a_member() -> None:
    whole = Complex.from_structure(DIMER, ligands=[LIGAND], by_chain=True)
    assert whole.members == (DIMER.chain("A"), DIMER.chain("B"), LIGAND)
    assert whole.contacts is not None
    assert {(0, 3), (1, 3), (2, 3)} <= {
        (first, second) for first, second, _ in rows(whole.contacts)
    }
    assert lg.decode(lg.encode(whole)) == whole


def test_a_contact_map_is_of_residues_of_a_chain_and_of_several() -> None:
    found = Complex((DIMER,)).contact_map(2, 7)
    assert rows(found) == [(0, 2, 12), (0, 3, 8), (1, 3, 2), (2, 3, 4)]
    assert rows(Complex((DIMER,)).contact_map(1, "1.5")) == [(1, 2, 2), (1, 3, 2)]


def test_a_ligand_is_a_conformer_or_a_molecule() -> None:
    with pytest.raises(TypeError, match="conformers or molecules, not a Structure"):
        Complex.from_structure(STRUCTURE, ligands=[STRUCTURE])  # type: ignore[list-item]


def contacts(*pairs: tuple[int, int], distance: int = 0, kind: int = 0) -> Contacts:
    return Contacts(
        first=np.array([pair[0] for pair in pairs], np.uint32),
        second=np.array([pair[1] for pair in pairs], np.uint32),
        distance=np.full(len(pairs), distance, np.int8),
        kind=np.full(len(pairs), kind, np.uint16),
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (contacts((1, 1)), r"a unit and one after it.*, in contacts\.second\[0\]"),
        (contacts((1, 0)), r"a unit and one after it.*, in contacts\.second\[0\]"),
        (contacts((0, 1), (0, 3)), r"a unit and one after it.*, in contacts\.second\[1\]"),
        (contacts((0, 1), (0, 1)), r"pairs of units ascend, in contacts\.first\[1\]"),
        (contacts((0, 2), (0, 1)), r"pairs of units ascend, in contacts\.first\[1\]"),
        (contacts((1, 2), (0, 1)), r"pairs of units ascend, in contacts\.first\[1\]"),
        (contacts((0, 1), distance=64), r"0 to 63, or -1, in contacts\.distance\[0\]"),
        (contacts((0, 1), distance=-2), r"0 to 63, or -1, in contacts\.distance\[0\]"),
        (contacts((0, 1), kind=1 << 14), r"the 14 lowest bits, in contacts\.kind\[0\]"),
    ],
)
def test_what_is_no_table_of_contacts_is_refused(wrong: Contacts, message: str) -> None:
    with pytest.raises(lg.GrammarError, match=message):
        lg.encode(Complex((LinedChain(Protein("AGV")),), wrong))


def test_units_above_999_take_three_tokens() -> None:
    long = Complex((LinedChain(Protein("A" * 1500)), Molecule.from_smiles("CCC")))
    pairs = [*product([7, 999, 1000, 1499], [1500, 1502])]
    whole = Complex(long.members, contacts(*pairs, distance=63, kind=(1 << 14) - 1))
    assert whole.contacts is not None
    ids = lg.encode(whole)
    assert lg.decode(ids) == whole
    assert whole.contacts.kinds(0) == list(ContactKind)
    prefix = lg.encode(long)[:-1].tolist()
    one = lg.Recognizer("complex", budget=len(prefix) + 9)
    assert one.accept_many([*prefix, lg.vocabulary.id("<Contacts>"), lg.vocabulary.id("<From>")])
    closing = one.closing_tokens().tolist()
    assert one.min_tokens_to_complete() == len(closing) == 3
    lg.decode([*one.ids, *closing])


def test_the_second_unit_may_be_dearer_than_the_first() -> None:
    long = lg.encode(Complex((LinedChain(Protein("A" * 1001)),)))[:-1].tolist()
    one = lg.Recognizer("complex")
    tokens = ["<Contacts>", "<From>", "#998", "#999", "<From>", "#999"]
    one.accept_many([*long, *map(lg.vocabulary.id, tokens)])
    assert [lg.vocabulary.name(id) for id in one.allowed().tolist()] == ["#x2"]
    assert one.min_tokens_to_complete() == len(one.closing_tokens()) == 4


def test_both_units_of_a_pair_may_be_dear() -> None:
    long = lg.encode(Complex((LinedChain(Protein("A" * 1001)),)))[:-1].tolist()
    one = lg.Recognizer("complex")
    tokens = ["<Contacts>", "<From>", "#998", "#999", "<From>"]
    one.accept_many([*long, *map(lg.vocabulary.id, tokens)])
    # #999, the three tokens of 1000, and the end.
    assert one.min_tokens_to_complete() == len(one.closing_tokens()) == 5


@given(complexes())
def test_projections_of_any_complex_are_complexes(complex_: Complex) -> None:
    for projected in (
        complex_.without_contacts(),
        complex_.without_distances(),
        complex_.without_kinds(),
        complex_.without_sites(),
    ):
        assert lg.decode(lg.encode(projected)) == projected
    if complex_.level == "residue":
        plain = complex_.without_coordinates()
        assert plain.without_coordinates() == plain
    if complex_.contacts is not None and len(complex_.contacts):
        near = complex_.in_contact()
        assert lg.decode(lg.encode(near)) == near
        assert near.in_contact() == near
