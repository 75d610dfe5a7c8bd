"""Which sentences are in the profile kekule+valence, and at which token the others leave it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from oracle import Recogniser, read_spec, words
from oracle.valence import APART, LEFT_OUT, OWED, TOO_MUCH, kekule_valence
from oracle.valence_whole import objections
from valence.walks import Walker

PROFILE = kekule_valence()

INSIDE = [
    "C",
    "CC(C)(C)C",
    "C1=CC=CC=C1",
    "C#N",
    "[O-][N+](=O)C",
    "CS(=O)(=O)O",
    "FS(F)(F)(F)(F)F",
    "FP(F)(F)(F)F",
    "F[P-](F)(F)(F)(F)F",
    "O=I(=O)O",
    "F[Xe](F)(F)F",
    "CN1[CH][CH]N1",
    "[NH4+].[Cl-]",
    "[H+]",
    "[H][H]",
    "[2H]C([2H])[2H]",
    "[13CH3:999999999]",
    "[Re]$[Re]",
    "C[Pt](C)(C)(C)(C)(C)(C)C",
    "*(C)(C)(C)(C)(C)C",
    "C/C=C/C",
    "C/1=C/CCCCCC1",
    "C[C@H](F)Cl",
    "[C@@](F)(F)F",
    "[C+3]",
    "C12C3C4C1C5C4C3C25",
]

LEAVING = [
    ("CC(C)(C)(C)C", 9, "(", TOO_MUCH),
    ("CN(C)(C)C", 6, "(", TOO_MUCH),
    ("N(C)(C)(C)C", 8, "(", TOO_MUCH),
    ("NO(C)C", 3, "(", OWED),
    ("CN(=O)=O", 4, "=", TOO_MUCH),
    ("O=O=O", 4, "=", TOO_MUCH),
    ("C=F", 3, "F", TOO_MUCH),
    ("CFC", 3, "C", TOO_MUCH),
    ("[NH4]", 4, "]", TOO_MUCH),
    ("[NH4:1]", 4, "map", TOO_MUCH),
    ("[NH5+]", 4, "+1", TOO_MUCH),
    ("[PH-7]", 4, "-7", TOO_MUCH),
    ("[C+7]", 3, "+7", TOO_MUCH),
    ("F1CC1", 2, "open1", OWED),
    ("C1FCC1", 3, "F", OWED),
    ("C1[FH]CC1", 6, "]", TOO_MUCH),
    ("C1CO1C", 6, "C", TOO_MUCH),
    ("C1CC(F)(F)=1", 7, "(", OWED),
    ("C1(F)OCC#1", 9, "ring#", TOO_MUCH),
    ("O1CCC=1", 6, "ring=", TOO_MUCH),
    ("[OH+]=I(=O)O", 7, "I", APART),
    ("CO[O+]=[I]", 10, "]", APART),
    ("O=I(=[O+]C)O", 8, "+1", APART),
    ("O=I(=[OH+])O", 8, "H1", APART),
    ("I1(=O)CC[O+]=1", 13, "ring=", APART),
    ("c1ccccc1", 1, "c", LEFT_OUT),
    ("C:C", 2, ":", LEFT_OUT),
    ("C~C", 2, "~", LEFT_OUT),
    ("N->[Fe]", 2, "->", LEFT_OUT),
    ("[Fe]<-N", 4, "<-", LEFT_OUT),
    ("C1CC~1", 5, "ring~", LEFT_OUT),
    ("[H@](C)C", 3, "@", LEFT_OUT),
    ("[C@AL1]", 3, "@AL1", LEFT_OUT),
    ("[1000C]", 2, "#x2", LEFT_OUT),
]


@pytest.mark.parametrize("text", INSIDE)
def test_a_molecule_is_inside(text: str) -> None:
    assert PROFILE.first_error(lg.encode(Molecule.from_smiles(text)).tolist()) is None
    with rdBase.BlockLogs():
        assert Chem.MolFromSmiles(text) is not None


@pytest.mark.parametrize(("text", "position", "name", "reason"), LEAVING)
def test_a_sentence_leaves_where_no_end_is_inside(
    text: str, position: int, name: str, reason: str
) -> None:
    ids = lg.encode(Molecule.from_smiles(text)).tolist()
    assert PROFILE.first_error(ids) == (position, reason)
    assert PROFILE.vocabulary.names[ids[position]] == name


@given(molecules(max_atoms=8, valence=True))
def test_tokens_and_whole_molecules_say_the_same(molecule: Molecule) -> None:
    assert_alike(molecule)


@given(molecules(max_atoms=4, aromatic=False))
def test_they_say_the_same_of_molecules_that_are_none(molecule: Molecule) -> None:
    assert_alike(molecule)


def assert_alike(molecule: Molecule) -> None:
    """The oracle of sentences and the rule for whole molecules give the same verdict."""
    left = PROFILE.first_error(lg.encode(molecule).tolist())
    assert (left is None) == (not list(objections(molecule, PROFILE.table)))


@pytest.mark.parametrize(
    ("names", "longest"),
    [
        (["(", ")", "=", "ring=", "F", "O", "open1", "close1"], 8),
        (["[", "]", "H", "O", "I", "=", "H1", "+1", "-1"], 8),
    ],
)
def test_of_all_small_words_none_is_refused_too_early_or_too_late(
    names: list[str], longest: int
) -> None:
    """What is inside is never refused, and whatever is not refused can be ended inside."""
    recogniser, walker = Recogniser(read_spec(), "molecule"), Walker(PROFILE)
    ids = PROFILE.vocabulary.ids
    alphabet = [ids[name] for name in ("<MoleculeS>", "<MoleculeE>", *names)]
    beginnings = set()
    for word in words(recogniser, longest, alphabet):
        left = PROFILE.first_error(word)
        molecule = lg.decode(word)
        assert isinstance(molecule, Molecule)
        assert (left is None) == (not list(objections(molecule, PROFILE.table)))
        beginnings |= {word[:end] for end in range(1, left[0] if left else len(word))}
    for beginning in beginnings:
        ended = lg.decode(walker.sentence(Random(0), 0, beginning=beginning))
        assert isinstance(ended, Molecule)
        assert not list(objections(ended, PROFILE.table))
