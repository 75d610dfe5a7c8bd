"""RDKit sanitizes whatever is in the profile kekule+valence, and not what is left out of it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import kekulized, to_rdkit
from logos_model.sample_data import SAMPLES
from oracle.valence import kekule_valence
from valence.walks import Walker

PROFILE = kekule_valence()
WALKER = Walker(PROFILE)


@pytest.mark.parametrize(("length", "count"), [(6, 300), (16, 300), (40, 200), (100, 20)])
def test_rdkit_sanitizes_random_sentences(length: int, count: int) -> None:
    random = Random(length)
    for _ in range(count):
        assert_sanitized(WALKER.sentence(random, length))


def test_rdkit_sanitizes_what_begins_as_a_real_molecule() -> None:
    """The end is random: where valences are filled by what was there."""
    random = Random(0)
    (path,) = (sample.path for sample in SAMPLES if sample.kind == "molecule")
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in random.sample(lines, 300):
        ids = lg.encode(kekulized(Molecule.from_smiles(line.split()[0]))).tolist()
        left = PROFILE.first_error(ids)
        cut = random.randint(1, left[0] if left else len(ids) - 1)
        assert_sanitized(WALKER.sentence(random, cut + 12, beginning=ids[:cut]))


def assert_sanitized(ids: list[int]) -> None:
    """RDKit takes it with explicit hydrogens taken out, as unasked, and left in."""
    molecule = lg.decode(ids)
    assert isinstance(molecule, Molecule)
    assert PROFILE.first_error(ids) is None
    with rdBase.BlockLogs():
        assert Chem.MolFromSmiles(molecule.to_smiles()) is not None, molecule
        to_rdkit(molecule)


@pytest.mark.parametrize(
    "text",
    ["[H@]", "CCl~[H]", "CCl->[H]", "[H]<-ClC", "C1:C:C1", "[OH+]=I(=O)O", "[C+7]1($[U])=C[U]$1"],
)
def test_rdkit_refuses_what_is_left_out_though_no_valence_is_too_high(text: str) -> None:
    molecule = Molecule.from_smiles(text)
    assert PROFILE.first_error(lg.encode(molecule).tolist()) is not None
    with rdBase.BlockLogs():
        assert Chem.MolFromSmiles(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [("C1CC~1", "C1CC1"), ("[65536C]", "[C]"), ("[C@OH25]", "[C]"), ("[C@SP1](F)F", "F[C@SP2]F")],
)
def test_rdkit_reads_something_else_in_what_is_left_out(text: str, read: str) -> None:
    assert PROFILE.first_error(lg.encode(Molecule.from_smiles(text)).tolist()) is not None
    with rdBase.BlockLogs():
        assert Chem.MolToSmiles(Chem.MolFromSmiles(text)) == read


@pytest.mark.parametrize("text", ["CN(=O)=O", "CN=N#N", "OCl(=O)=O", "CN(C)(C)[Pt]"])
def test_rdkit_rewrites_some_molecules_that_are_outside(text: str) -> None:
    assert PROFILE.first_error(lg.encode(Molecule.from_smiles(text)).tolist()) is not None
    with rdBase.BlockLogs():
        written = Chem.MolToSmiles(Chem.MolFromSmiles(text))
    inside = PROFILE.first_error(lg.encode(Molecule.from_smiles(written)).tolist()) is None
    assert inside == ("->" not in written)


def test_all_labels_may_be_open_at_once() -> None:
    opened = [name for name in PROFILE.vocabulary.ids if name.startswith("open")]
    ids = PROFILE.vocabulary.ids
    chain = [token for name in opened for token in (ids["C"], ids[name])]
    closed = [t for name in opened for t in (ids["C"], ids[name.replace("open", "close")])]
    ends: list[Any] = [ids["<MoleculeS>"], *chain, *closed, ids["<MoleculeE>"]]
    assert len(opened) == 255
    assert_sanitized(ends)
