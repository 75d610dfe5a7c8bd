"""Which sentences are in the profile aromatic, and what RDKit makes of them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_model.sample_data import SAMPLES
from oracle import Recogniser, read_spec, words
from oracle.valence import (
    APART,
    FOURTH,
    LEFT_OUT,
    NO_RING,
    OWED,
    TOO_MUCH,
    aromatic,
    kekule_valence,
)
from oracle.valence_whole import objections
from valence.walks import Walker

PROFILE = aromatic()
WALKER = Walker(PROFILE)

INSIDE = [
    "c1ccccc1",
    "c1ccc2ccccc2c1",
    "c1ccccc1-c1ccccc1",
    "c1ccccc1c1ccccc1",
    "c1cc2ccc3cccc4ccc(c1)c2c34",
    "O=c1cc[nH]cc1",
    "Cn1cnc2c1c(=O)[nH]c(=O)n2C",
    "c1ccn2cncc2c1",
    "[O-][n+]1ccccc1",
    "[cH-]1cccc1",
    "[nH+]1cc[nH]c1",
    "O=s1(=O)cccc1",
    "c1cc[o+]cc1",
    "[13cH]1cc[se]c1",
    "c1[te]ccc1",
    "b1ccccc1.p1ccccc1.[si]1ccccc1.[as]1ccccc1",
    "c1cc(-c2ccccc2)c2c(c1)cccc2",
    "C1=CC=CC=C1",
    "c1cC1",
    "c1(cc2)c2cccc1",
    "C(c1ccccc1)c1ccccc1",
    "c1ccc/cc1",
]

NO_KEKULE_STRUCTURE = ["c1cccc1", "n1cccc1", "c1ccccc1=O", "c1[cH2]cccc1"]

LEAVING = [
    ("cc", 2, "c", NO_RING),
    ("c", 2, "<MoleculeE>", NO_RING),
    ("c.C", 2, ".", NO_RING),
    ("c(C)C", 2, "(", NO_RING),
    ("c=C", 2, "=", NO_RING),
    ("c[cH]", 2, "[", NO_RING),
    ("cC1CC1", 2, "C", NO_RING),
    ("C1CC1c", 7, "<MoleculeE>", NO_RING),
    ("C1C(c)C1", 6, ")", NO_RING),
    ("C1C(c1)c", 9, "<MoleculeE>", NO_RING),
    ("c1cC1c", 7, "<MoleculeE>", NO_RING),
    ("c12cc1c2c", 10, "<MoleculeE>", NO_RING),
    ("O=o", 3, "o", OWED),
    ("C1o(C)C1", 4, "(", OWED),
    ("C1CCo=1", 6, "ring=", TOO_MUCH),
    ("c1cccc[nH2]1", 10, "]", OWED),
    ("c1ccn(C)(C)c1", 9, "(", TOO_MUCH),
    ("c1c(=O)(=O)ccc1", 8, "(", TOO_MUCH),
    ("c1ccccn1=O", 9, "=", TOO_MUCH),
    ("o1cccco1C", 9, "C", TOO_MUCH),
    ("[n+2]1ccccc1", 3, "+2", TOO_MUCH),
    ("[sH-]1cccc1", 4, "-1", TOO_MUCH),
    ("O=I1O[o+]=1", 10, "ring=", APART),
    ("s1s2s3ss13s2", 11, "s", FOURTH),
    ("s1s(s2)(s3)ss1s2s3", 16, "close3", FOURTH),
    ("C1C:c1", 4, ":", LEFT_OUT),
    ("c1cC:1", 5, "ring:", LEFT_OUT),
    ("c1cc~1", 5, "ring~", LEFT_OUT),
    ("[c@AL1]1cc1", 3, "@AL1", LEFT_OUT),
    ("[1000cH]1cc1", 2, "#x2", LEFT_OUT),
]


@pytest.mark.parametrize("text", [*INSIDE, *NO_KEKULE_STRUCTURE])
def test_a_molecule_is_inside(text: str) -> None:
    molecule = Molecule.from_smiles(text)
    assert PROFILE.first_error(lg.encode(molecule).tolist()) is None
    assert not list(objections(molecule, PROFILE.table, aromatic=True))
    with rdBase.BlockLogs():
        assert (Chem.MolFromSmiles(text) is None) == (text in NO_KEKULE_STRUCTURE)


@pytest.mark.parametrize(("text", "position", "name", "reason"), LEAVING)
def test_a_sentence_leaves_where_no_end_is_inside(
    text: str, position: int, name: str, reason: str
) -> None:
    ids = lg.encode(Molecule.from_smiles(text)).tolist()
    assert PROFILE.first_error(ids) == (position, reason)
    assert PROFILE.vocabulary.names[ids[position]] == name


@given(molecules(max_atoms=8, elements=["C", "N", "O", "S"], isotopes=False, stereo=False))
def test_tokens_and_whole_molecules_say_the_same(molecule: Molecule) -> None:
    left = PROFILE.first_error(lg.encode(molecule).tolist())
    assert (left is None) == (not list(objections(molecule, PROFILE.table, aromatic=True)))


@given(molecules(max_atoms=8, valence=True))
def test_what_is_kekule_is_inside_as_well(molecule: Molecule) -> None:
    ids = lg.encode(molecule).tolist()
    assert (PROFILE.first_error(ids) is None) == (kekule_valence().first_error(ids) is None)


@pytest.mark.parametrize(
    ("names", "longest"),
    [
        (["c", "C", "(", ")", "open1", "close1"], 9),
        (["s", "o", "=", "-", "ring-", "ring=", "open1", "open2", "close1", "close2"], 8),
        (["[", "]", "n", "C", "H1", "+1", "open1", "close1"], 8),
    ],
)
def test_of_all_small_words_none_is_refused_too_early_or_too_late(
    names: list[str], longest: int
) -> None:
    """What is inside is never refused, and whatever is not refused can be ended inside."""
    recogniser = Recogniser(read_spec(), "molecule")
    ids = PROFILE.vocabulary.ids
    alphabet = [ids[name] for name in ("<MoleculeS>", "<MoleculeE>", *names)]
    beginnings = set()
    for word in words(recogniser, longest, alphabet):
        left = PROFILE.first_error(word)
        molecule = lg.decode(word)
        assert isinstance(molecule, Molecule)
        assert (left is None) == (not list(objections(molecule, PROFILE.table, aromatic=True)))
        beginnings |= {word[:end] for end in range(1, left[0] if left else len(word))}
    for beginning in beginnings:
        ended = lg.decode(WALKER.sentence(Random(0), 0, beginning=beginning))
        assert isinstance(ended, Molecule)
        assert not list(objections(ended, PROFILE.table, aromatic=True))


@pytest.mark.parametrize(("length", "count"), [(6, 300), (16, 300), (40, 200), (100, 20)])
def test_rdkit_misses_nothing_but_a_kekule_structure(length: int, count: int) -> None:
    random = Random(length)
    for _ in range(count):
        assert_only_kekule_structures_miss(WALKER.sentence(random, length))


def test_rdkit_misses_nothing_else_in_what_begins_as_a_real_molecule() -> None:
    random = Random(0)
    for ids in _real(300):
        left = PROFILE.first_error(ids)
        cut = random.randint(1, left[0] if left else len(ids) - 1)
        assert_only_kekule_structures_miss(WALKER.sentence(random, cut + 12, beginning=ids[:cut]))


def test_real_molecules_are_inside_or_bear_too_much() -> None:
    """What RDKit takes beyond the profile are nitro groups and the like, which it rewrites."""
    for ids in _real(1000):
        molecule = lg.decode(ids)
        assert isinstance(molecule, Molecule)
        reasons = list(objections(molecule, PROFILE.table, aromatic=True))
        assert (PROFILE.first_error(ids) is None) == (not reasons)
        assert all(" bears " in reason for reason in reasons), molecule


def _real(count: int) -> list[list[int]]:
    (path,) = (sample.path for sample in SAMPLES if sample.kind == "molecule")
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [line.split()[0] for line in Random(0).sample(lines, count)]
    return [lg.encode(Molecule.from_smiles(text)).tolist() for text in texts]


def assert_only_kekule_structures_miss(ids: list[int]) -> None:
    """RDKit accepts every valence, and refuses a molecule only for want of a Kekulé structure.

    Or since it makes a bond to a metal dative, so that what was closed by it is no ring to it.
    """
    molecule = lg.decode(ids)
    assert isinstance(molecule, Molecule)
    assert PROFILE.first_error(ids) is None
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(molecule.to_smiles(), sanitize=False)
        Chem.SanitizeMol(mol, Chem.SANITIZE_PROPERTIES | Chem.SANITIZE_SYMMRINGS)
        rings = mol.GetRingInfo()
        for atom in mol.GetAtoms():
            assert rings.NumAtomRings(atom.GetIdx()) or not atom.GetIsAromatic()
        try:
            Chem.SanitizeMol(mol)
        except Chem.KekulizeException:
            pass
        except Chem.AtomKekulizeException:
            assert any(bond.GetBondType() == Chem.BondType.DATIVE for bond in mol.GetBonds())


@pytest.mark.parametrize(
    "text", ["C=c1=CCC1", "[n+2]1(C)cccC1", "[sH-](=O)1(=O)cccc1", "cc", "c1(:*)(:*):*:c1"]
)
def test_rdkit_refuses_what_is_left_out_whatever_its_kekule_structures(text: str) -> None:
    molecule = Molecule.from_smiles(text)
    assert PROFILE.first_error(lg.encode(molecule).tolist()) is not None
    with rdBase.BlockLogs(), pytest.raises((Chem.AtomValenceException, Chem.AtomKekulizeException)):
        Chem.SanitizeMol(Chem.MolFromSmiles(text, sanitize=False))
