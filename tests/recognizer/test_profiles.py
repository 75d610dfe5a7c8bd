"""What is sampled under a profile is complete within its budget and keeps what was asked for."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import Any

import pytest

import logos_grammar as lg

# Tokens that make molecules of rings and branches rather than of brackets.
_COMMON = "C N O c n o ( ) = # - open1 open2 close1 close2 ring="
COMMON = frozenset(map(lg.vocabulary.id, _COMMON.split()))


def walked(recognizer: lg.Recognizer, chosen: Random) -> Any:
    """An object, token by token at random; what is needed never exceeds what is left."""
    while not recognizer.is_done:
        allowed = recognizer.allowed().tolist()
        assert allowed, recognizer.ids.tolist()
        common = [token for token in allowed if token in COMMON]
        assert recognizer.accept(
            chosen.choice(common if common and chosen.random() < 0.6 else allowed)
        )
        if recognizer.budget is not None:
            assert recognizer.min_tokens_to_complete() <= recognizer.budget - recognizer.position
    assert recognizer.budget is None or recognizer.position <= recognizer.budget
    return lg.decode(recognizer.ids)


@pytest.mark.parametrize("budget", [16, 24, 64, 256])
def test_molecules_under_valences_pass_rdkit(budget: int) -> None:
    rdkit = pytest.importorskip("rdkit.Chem")
    chosen = Random(budget)
    for _ in range(100):
        recognizer = lg.Recognizer("molecule", profile="kekule+valence", budget=budget)
        smiles = walked(recognizer, chosen).to_smiles()
        assert rdkit.MolFromSmiles(smiles) is not None, smiles


@pytest.mark.parametrize("budget", [16, 24, 64, 256])
def test_molecules_with_aromatic_atoms_want_nothing_but_a_kekule_structure(budget: int) -> None:
    rdkit = pytest.importorskip("rdkit.Chem")
    chosen = Random(budget)
    for _ in range(100):
        recognizer = lg.Recognizer("molecule", profile="aromatic", budget=budget)
        mol = rdkit.MolFromSmiles(walked(recognizer, chosen).to_smiles(), sanitize=False)
        rdkit.SanitizeMol(mol, rdkit.SANITIZE_PROPERTIES | rdkit.SANITIZE_SYMMRINGS)
        for atom in mol.GetAtoms():
            assert atom.IsInRing() or not atom.GetIsAromatic()
        failed = rdkit.SanitizeMol(mol, catchErrors=True)
        assert failed in (rdkit.SANITIZE_NONE, rdkit.SANITIZE_KEKULIZE), rdkit.MolToSmiles(mol)


def test_valences_hold_in_every_molecule_of_a_reaction() -> None:
    rdkit = pytest.importorskip("rdkit.Chem")
    chosen = Random(1)
    for _ in range(60):
        recognizer = lg.Recognizer("reaction", profile="kekule+valence", budget=64)
        reaction = walked(recognizer, chosen)
        for molecule in (*reaction.reactants, *reaction.agents, *reaction.products):
            assert rdkit.MolFromSmiles(molecule.to_smiles()) is not None, molecule.to_smiles()


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("C(C)(C)(C)(C)C", "nothing would be left to go on with"),
        ("C=F", "an atom would bear more than it can"),
        ("c1ccccc1", "no aromatic atoms"),
        ("C1=CC=CC=C1", None),
        ("CC(=O)[O-].[Na+]", None),
        ("C[N+](C)(C)C", None),
        ("C[N](C)(C)C", "nothing would be left to go on with"),
        ("OS(=O)(=O)O", None),
        ("O=[N+]([O-])C", None),
    ],
)
def test_valences_are_those_of_the_table(smiles: str, reason: str | None) -> None:
    ids = lg.encode_texts("molecule", [smiles])[0]
    recognizer = lg.Recognizer("molecule", profile="kekule+valence")
    accepted = recognizer.accept_many(ids)
    if reason is None:
        assert accepted == len(ids)
        assert recognizer.is_done
        return
    error = recognizer.error()
    assert error is not None
    code, position, said = error
    assert (code, position) == (4, accepted)
    assert reason in said


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("c1ccccc1", None),
        ("c1ccccc1-c1ccc2[nH]ccc2c1", None),
        ("c1cccc1", None),
        ("C1=CC=CC=C1", None),
        ("cc", "an aromatic atom would be in no ring"),
        ("C1C(c)C1", "an aromatic atom would be in no ring"),
        ("c1cC1.c", "an aromatic atom would be in no ring"),
        ("C1c(=O)(=O)C1", "nothing would be left to go on with"),
        ("c1ccccc1(C)(C)C", "nothing would be left to go on with"),
        ("c1ccccn1=O", "an atom would bear more than it can"),
        ("c1cc[sH-]c1", "an atom would bear more than it can"),
        ("s1s2s3ss13s2", "more than three aromatic bonds"),
        ("c1cC:1", "only bonds of one to four"),
        ("C1C:c1", "only bonds of one to four"),
        ("O=I1O[o+]CC=1", None),
        ("C1[o+]=IOC1", "no double bond joins iodine and a charged oxygen"),
        ("[c@TB1]1cc1", "only @ and @@"),
        ("[1000cH]1cc1", "an isotope of at most three digits"),
    ],
)
def test_aromatic_atoms_keep_to_the_table_and_to_rings(smiles: str, reason: str | None) -> None:
    ids = lg.encode_texts("molecule", [smiles])[0]
    recognizer = lg.Recognizer("molecule", profile=lg.Profile(valence="rdkit", aromatic=True))
    accepted = recognizer.accept_many(ids)
    assert recognizer.is_done == (reason is None)
    error = recognizer.error()
    assert (error is None) == (reason is None)
    if error is not None:
        assert error[:2] == (4, accepted)
        assert (reason or "") in error[2]


def test_an_atom_more_is_counted_for_the_ring_that_a_branch_owes() -> None:
    """The third atom has three aromatic bonds: its second ring closes at no aromatic atom."""
    begun = "<MoleculeS> c open1 c c close1 open2 c ( c"
    ids = [lg.vocabulary.id(name) for name in begun.split()]
    recognizer = lg.Recognizer("molecule", profile="aromatic")
    assert recognizer.accept_many(ids) == len(ids)
    rest = "C close2 ) C <MoleculeE>"
    assert (
        recognizer.min_tokens_to_complete() == len(recognizer.closing_tokens()) == len(rest.split())
    )
    scarce = lg.Recognizer("molecule", profile="aromatic", budget=len(ids) + 4)
    assert scarce.accept_many(ids) < len(ids)


def test_what_is_not_marked_is_copied() -> None:
    chosen = Random(2)
    for _ in range(100):
        budget = chosen.choice([14, 20, 40, 100])
        edit = walked(lg.Recognizer("edit", profile="copy", budget=budget), chosen)
        parts = re.split(r"(\[[^\]]*\])", edit.before.sequence)
        pattern = "".join(".*" if part.startswith("[") else re.escape(part) for part in parts)
        assert re.fullmatch(pattern, edit.after.sequence), edit


def test_the_chains_of_a_pocket_are_repeated() -> None:
    chosen = Random(5)
    tasks = 0
    for _ in range(200):
        budget = chosen.choice([8, 14, 20, 40, 100])
        pocket = walked(lg.Recognizer("pocket", profile="copy", budget=budget), chosen)
        if pocket.given is not None:
            tasks += 1
            assert [each.chain for each in pocket.chains] == [each.chain for each in pocket.given]
    assert tasks > 8


def test_a_pocket_that_was_rolled_back_is_forgotten() -> None:
    names = "<PocketS> <ProteinS> Ala site1 <ProteinE> <Search> <ProteinS>"
    ids = [lg.vocabulary.id(name) for name in names.split()]
    one = lg.Recognizer("pocket", profile="copy")
    assert one.accept_many(ids) == len(ids)
    assert [lg.vocabulary.name(id) for id in one.allowed()] == ["Ala"]
    one.rollback(4)
    again = [lg.vocabulary.id(name) for name in ["Gly", "<ProteinE>", "<Search>", "<ProteinS>"]]
    assert one.accept_many(again) == len(again)
    assert [lg.vocabulary.name(id) for id in one.allowed()] == ["Ala"]
    assert one.accept(lg.vocabulary.id("Ala"))
    assert lg.vocabulary.id("Gly") in one.allowed()
    assert one.min_tokens_to_complete() == len(one.closing_tokens()) == 3


def test_a_composition_is_kept() -> None:
    chosen = Random(3)
    numbers = {"C": 6, "N": 7, "O": 8, "Pt": 78}
    for _ in range(60):
        asked = {name: chosen.randint(1, 3) for name in chosen.sample(sorted(numbers), 3)}
        profile = lg.Profile(composition=asked)
        budget = chosen.choice([None, 40])
        molecule = walked(lg.Recognizer("molecule", profile=profile, budget=budget), chosen)
        found = Counter(molecule.element.tolist())
        assert found == {numbers[name]: count for name, count in asked.items()}


@pytest.mark.parametrize("kind", ["molecule", "protein", "nucleic_acid"])
def test_a_length_is_kept(kind: str) -> None:
    chosen = Random(4)
    for _ in range(40):
        low = chosen.randint(1, 9)
        high = low + chosen.randint(0, 3)
        profile = lg.Profile(length=(low, high))
        thing = walked(lg.Recognizer(kind, profile=profile, budget=50), chosen)
        if kind == "molecule":
            length = len(thing.element)
        else:
            length = len(re.findall(r"\([^)]*\)|.", thing.sequence))
        assert low <= length <= high


@pytest.mark.parametrize(
    ("kind", "profile", "said"),
    [
        ("molecule", "valence", 'expected the profile "kekule\\+valence", "aromatic", "copy"'),
        ("molecule", "copy", "expected the kind edit or pocket to copy"),
        ("reaction", lg.Profile(length=3), "expected the kind molecule, protein or nucleic_acid"),
        ("molecule", lg.Profile(composition={"Q": 1}), "expected the name of a token"),
        ("molecule", lg.Profile(composition={"C": 1}, length=2), "a composition of the length"),
        ("molecule", lg.Profile(valence="mine"), 'expected the valence table "rdkit"'),
        ("molecule", lg.Profile(valence="rdkit", length=3), "either valences or counts"),
        ("molecule", lg.Profile(composition={}), "at least one atom"),
        ("molecule", lg.Profile(composition={"C": 0}), "at least one atom"),
        ("molecule", lg.Profile(length=0), "at least one atom"),
        ("molecule", lg.Profile(composition={"c": 2}), 'of a molecule, not "c"'),
        ("molecule", lg.Profile(composition={"Ala": 1}), 'of a molecule, not "Ala"'),
        ("protein", lg.Profile(composition={"nt:A": 1}), 'of a protein, not "nt:A"'),
        ("protein", lg.Profile(valence="rdkit"), "a kind with molecules"),
        ("edit", "kekule+valence", "a kind with molecules"),
    ],
)
def test_profiles_that_cannot_be_are_refused(kind: str, profile: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lg.Recognizer(kind, profile=profile)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"length": -1}, ValueError),
        ({"length": (1, 2, 3)}, ValueError),
        ({"length": True}, ValueError),
        ({"composition": "C2"}, TypeError),
        ({"composition": {"C": -1}}, ValueError),
        ({"composition": {"C": 1 << 32}}, ValueError),
        ({"aromatic": True}, ValueError),
    ],
)
def test_a_profile_says_what_it_can_hold(asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="expected"):
        lg.Profile(**asked)


def test_a_profile_stays_as_it_was_made() -> None:
    asked = {"C": 2}
    profile = lg.Profile(composition=asked)
    asked["C"] = 3
    assert profile.composition == {"C": 2}
    assert hash(profile) == hash(lg.Profile(composition={"C": 2}))


@pytest.mark.parametrize("found", [3, lg.Profile, b"copy", {}])
def test_what_is_no_profile_is_refused(found: Any) -> None:
    with pytest.raises(TypeError, match="expected the name of a profile or a Profile"):
        lg.Recognizer("molecule", profile=found)


@pytest.mark.parametrize("length", [(3,), ()])
def test_a_length_is_one_number_or_two(length: Any) -> None:
    with pytest.raises(ValueError, match="expected length to be a number"):
        lg.Profile(length=length)
