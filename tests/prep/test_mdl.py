"""SDF and RXN through RDKit: the same molecules, and nothing left out without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.prep import prepare

from .conftest import read_refused, read_shard

Chem = pytest.importorskip("rdkit.Chem", reason="SDF needs the extra rdkit")
AllChem = pytest.importorskip("rdkit.Chem.AllChem", reason="SDF needs the extra rdkit")
Write = Callable[[str, str | bytes], Path]


def flat(smiles: str, name: str) -> str:
    """Return a MOL block with a flat layout."""
    mol = Chem.MolFromSmiles(smiles)
    mol.SetProp("_Name", name)
    AllChem.Compute2DCoords(mol)
    return str(Chem.MolToMolBlock(mol))


def in_space(smiles: str) -> str:
    """Return a MOL block with coordinates in space."""
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    AllChem.EmbedMolecule(mol, randomSeed=1)
    return str(Chem.MolToMolBlock(mol))


def canonical(sentence: list[int]) -> str:
    """Return RDKit's canonical SMILES of a document."""
    (text,) = lg.decode_texts("molecule", lg.encode_many([lg.decode(sentence[:-1])]))
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(text)))


def test_an_sdf_comes_to_the_molecules_that_rdkit_reads(written: Write, tmp_path: Path) -> None:
    smiles = ["C[C@H](N)C(=O)O", "F/C=C/F", "c1ccc2[nH]ccc2c1", "[13CH4]"]
    records = [f"{flat(one, str(i))}> <x>\n1\n\n$$$$\n" for i, one in enumerate(smiles)]
    source = written("a.sdf", "".join(records))
    prepare(source, kind="molecule", out=tmp_path / "out", chunk_bytes=100)
    found = [canonical(sentence) for sentence in read_shard(tmp_path / "out", "molecule")]
    assert found == [Chem.CanonSmiles(one) for one in smiles]


def test_coordinates_in_space_are_left_out_only_when_asked(written: Write, tmp_path: Path) -> None:
    source = written("a.sdf", f"{in_space('CCO')}$$$$\n{flat('CC', 'two')}$$$$\n")
    manifest = prepare(source, kind="molecule", out=tmp_path / "refused")
    assert manifest.counts.refused == 1
    (refused,) = read_refused(tmp_path / "refused")
    assert "--without-conformers" in refused["reason"]
    assert (refused["record"], refused["line"]) == (1, 1)
    manifest = prepare(source, kind="molecule", out=tmp_path / "out", without_conformers=True)
    assert manifest.counts.written == 2
    assert manifest.options.without_conformers


def test_records_that_rdkit_does_not_read_are_refused(written: Write, tmp_path: Path) -> None:
    broken = flat("CC", "broken").replace("  2  1  0", "  2  9  0")
    valence = flat("CC", "five").replace("  1  2  1  0", "  1  2  7  0")
    source = written("a.sdf", f"{broken}$$$$\n{flat('CC', 'good')}$$$$\n{valence}$$$$\n")
    manifest = prepare(source, kind="molecule", out=tmp_path / "out")
    assert manifest.counts.written == 1
    first, second = read_refused(tmp_path / "out")
    assert (first["record"], first["text"]) == (1, "broken")
    assert (second["record"], second["text"]) == (3, "five")


def test_an_rxn_comes_to_a_reaction(written: Write, tmp_path: Path) -> None:
    reaction = AllChem.ReactionFromSmarts("CCO.CC(=O)O>>CC(=O)OCC", useSmiles=True)
    source = written("a.rxn", AllChem.ReactionToRxnBlock(reaction))
    prepare(source, kind="reaction", out=tmp_path / "out")
    (sentence,) = read_shard(tmp_path / "out", "reaction")
    found = lg.decode(sentence[:-1])
    assert isinstance(found, lg.reaction.Reaction)
    assert found == lg.reaction.Reaction.from_smiles("CCO.CC(=O)O>>CC(=O)OCC")
