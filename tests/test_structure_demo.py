"""The demo of structures runs from PDB, mmCIF and SDF to mmCIF that gemmi opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from logos_grammar.conformer import Conformer
from logos_grammar.structure import Structure
from logos_model.demo import main
from logos_model.sample_data import STRUCTURES


def test_the_demo_goes_from_files_to_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    gemmi = pytest.importorskip("gemmi", reason="needs the extra structure")
    given = ["structure", "--out", str(tmp_path), "--steps", "1", "--samples", "1"]
    assert main(given) == 0
    told = capsys.readouterr().out
    assert "4 round-tripped" in told
    assert "4 records read, 4 written" in told
    assert "60 records read, 60 written" in told
    made = ["shards/structure/structure.bin", "shards/conformer/conformer.bin"]
    made += ["model/samples.jsonl", "files/001.cif", "files/002.sdf"]
    for name in made:
        assert (tmp_path / name).is_file()
        assert str(tmp_path / name) in told
    assert "gemmi reads 50 atoms" in told
    written = (tmp_path / "files" / "001.cif").read_bytes()
    assert gemmi.read_structure(str(tmp_path / "files" / "001.cif"))[0].count_atom_sites() == 50
    entry = Structure.from_pdb((STRUCTURES / "5wkd.pdb").read_bytes())
    drawn = Structure.from_mmcif(written)
    assert drawn.atoms.name == entry.atoms.name
    assert drawn.atoms.x != entry.atoms.x
    (ligand, *_) = Conformer.from_sdf((STRUCTURES / "ligands.sdf").read_bytes())
    # Only the elements of the record are compared: new points may have other stereo.
    (pose,) = Conformer.from_sdf((tmp_path / "files" / "002.sdf").read_bytes(), layouts="keep")
    assert pose.molecule.element.tolist() == ligand.molecule.element.tolist()
