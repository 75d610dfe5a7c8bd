"""Projections on the way to a shard, and what SDF records hold that a sentence does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.prep import InputError, ShardReader, prepare
from logos_grammar.reaction import Reaction

from .conftest import contents, read_refused

Chem = pytest.importorskip("rdkit.Chem", reason="projections need the extra rdkit")

from logos_grammar.molecule.rdkit import kekulized  # noqa: E402
from logos_grammar.reaction.rdkit import root_aligned  # noqa: E402

Write = Callable[[str, str | bytes], Path]
MAPPED = "c1ccccc1[CH2:1][OH:2]>>[CH:1](=[O:2])c1ccccc1"


def test_molecules_are_kekulized(written: Write, tmp_path: Path) -> None:
    source = written("a.smi", "c1ccccc1O\nC!\nc1cccc1\nCC\n")
    prepare(source, kind="molecule", out=tmp_path / "out", kekulized=True)
    wanted = [kekulized(lg.molecule.Molecule.from_smiles(text)) for text in ("c1ccccc1O", "CC")]
    found = ShardReader(tmp_path / "out")
    assert list(found) == wanted
    assert [found.meta(row)["record"] for row in (0, 1)] == [1, 4]
    refused = read_refused(tmp_path / "out")
    assert [(one["record"], one["text"]) for one in refused] == [(2, "C!"), (3, "c1cccc1")]


def test_reactions_are_written_as_the_options_say(written: Write, tmp_path: Path) -> None:
    source = written("a.rsmi", MAPPED + "\nCC>>CC\n")
    reactions = [Reaction.from_smiles(text) for text in (MAPPED, "CC>>CC")]
    prepare(source, kind="reaction", out=tmp_path / "retro", retro=True)
    assert list(ShardReader(tmp_path / "retro")) == [each.retro() for each in reactions]
    prepare(source, kind="reaction", out=tmp_path / "root", root_aligned=True)
    found = ShardReader(tmp_path / "root")
    assert found[0] == root_aligned(reactions[0])
    assert len(found) + len(read_refused(tmp_path / "root")) == 2
    options = {"kekulized": True, "root_aligned": True, "retro": True}
    prepare(source, kind="reaction", out=tmp_path / "all", **options)  # type: ignore[arg-type]
    (first, *_) = ShardReader(tmp_path / "all")
    assert first.direction == "retro"
    assert ":" not in first.to_smiles().replace(":1]", "").replace(":2]", "")
    assert "c" not in first.to_smiles()


def test_map_numbers_and_their_brackets_are_left_out(written: Write, tmp_path: Path) -> None:
    source = written("a.rsmi", MAPPED + "\n[NH3+:1][CH2:2]>>[NH3+:1][CH3:2]\n")
    command = ["prep", str(source), "--kind", "reaction", "--out", str(tmp_path / "out")]
    assert main([*command, "--without-maps"]) == 0
    found = [each.to_smiles() for each in ShardReader(tmp_path / "out")]
    assert found == ["c1ccccc1CO>>C(=O)c1ccccc1", "[NH3+][CH2]>>[NH3+]C"]
    prepare(source, kind="reaction", out=tmp_path / "all", without_maps=True, root_aligned=True)
    assert ":" not in "".join(each.to_smiles() for each in ShardReader(tmp_path / "all"))
    with pytest.raises(InputError, match="expected no --without-maps for a protein"):
        prepare(source, kind="protein", out=tmp_path / "none", without_maps=True)


def test_the_command_has_the_options(written: Write, tmp_path: Path) -> None:
    source = written("a.rsmi", MAPPED + "\n")
    options = ["--kekulized", "--root-aligned", "--retro"]
    command = ["prep", str(source), "--kind", "reaction", "--out", str(tmp_path / "out")]
    assert main([*command, *options]) == 0
    given = {"kekulized": True, "root_aligned": True, "retro": True}
    prepare(source, kind="reaction", out=tmp_path / "same", **given)  # type: ignore[arg-type]
    assert contents(tmp_path / "out") == contents(tmp_path / "same")


@pytest.mark.parametrize("option", ["root_aligned", "retro"])
def test_projections_that_do_not_go_with_the_kind_are_refused(
    written: Write, tmp_path: Path, option: str
) -> None:
    with pytest.raises(InputError, match=f"expected no --{option.replace('_', '-')} for a mol"):
        prepare(
            written("a.smi", "C\n"),
            kind="molecule",
            out=tmp_path / "out",
            **{option: True},  # type: ignore[arg-type]
        )


def test_atropisomers_are_left_out_only_when_an_option_says_so(
    written: Write, tmp_path: Path
) -> None:
    mol = Chem.MolFromSmiles("Cc1cccc(I)c1-c1c(C)cccc1Br")
    bond = mol.GetBondBetweenAtoms(7, 8)
    bond.SetStereo(Chem.BondStereo.STEREOATROPCW)
    begin = next(n.GetIdx() for n in mol.GetAtomWithIdx(7).GetNeighbors() if n.GetIdx() != 8)
    end = next(n.GetIdx() for n in mol.GetAtomWithIdx(8).GetNeighbors() if n.GetIdx() != 7)
    bond.SetStereoAtoms(begin, end)
    from rdkit.Chem import rdDepictor  # noqa: PLC0415

    rdDepictor.Compute2DCoords(mol)
    Chem.WedgeMolBonds(mol, mol.GetConformer())
    block = Chem.MolToMolBlock(mol)
    if not any(
        each.GetStereo() == bond.GetStereo() or "ATROP" in str(each.GetStereo())
        for each in Chem.MolFromMolBlock(block).GetBonds()
    ):
        pytest.fail("expected RDKit to read an atropisomer")
    source = written("a.mol", block)
    prepare(source, kind="molecule", out=tmp_path / "refused")
    (refused,) = read_refused(tmp_path / "refused")
    assert "which --without-atropisomers would leave out" in refused["reason"]
    command = ["prep", str(source), "--kind", "molecule", "--out", str(tmp_path / "out")]
    assert main([*command, "--without-atropisomers"]) == 0
    assert len(ShardReader(tmp_path / "out")) == 1
