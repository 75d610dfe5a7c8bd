"""The command `check`: how much comes through, what does not, where and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.kinds import OBJECT_TYPES
from logos_grammar.prep.batch import KINDS
from oracle import read_spec

Write = Callable[[str, str | bytes], Path]


def test_a_file_that_comes_through_ends_well(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(written("a.smi", "OCC\nc1ccccc1 benzene\n"))]) == 0
    shown = capsys.readouterr().out
    assert "2 read" in shown
    assert "2 round-tripped" in shown
    assert "(molecule)" in shown


def test_refused_records_are_shown_by_reason_with_their_lines(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written("a.smi", "C\nCC!\n" + "C!\n" * 9)
    assert main(["check", str(source)]) == 1
    shown = capsys.readouterr().out
    assert "10 refused" in shown
    assert "lines 2, 3, 4, 5, 6, …" in shown
    assert "CC»!" in shown


def test_everything_is_there_as_json(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(written("a.csv", "n,rxn\n1,C>>C\n2,C>C\n"))]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["read"], found["round_tripped"]) == ("reaction", 2, 1)
    assert found["passed"] is False
    (refused,) = found["refused"]
    assert (refused["record"], refused["line"], refused["text"]) == (2, 3, "C>C")


def test_the_kind_is_said_when_the_file_does_not_tell(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written("a.csv", "sequence\nMKV\n")
    assert main(["check", str(source)]) == 2
    assert "say the --kind" in capsys.readouterr().err
    assert main(["check", str(source), "--kind", "protein"]) == 0
    assert main(["check", "no_such_file.smi"]) == 2
    assert "cannot open" in capsys.readouterr().err


def test_rdkit_compares_before_and_after(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rdkit", reason="--rdkit needs the extra rdkit")
    molecules = written("a.smi", "C(C)O\nF/C=C/F\nN[C@@H](C)C(=O)O\nC(C)(C)(C)(C)C\n")
    reactions = written("a.rsmi", "C(O)C.[Na+].[Cl-]>N->[Pd]>CCO |f:1.2|\n")
    assert main(["check", "--rdkit", str(molecules), str(reactions)]) == 0
    shown = capsys.readouterr().out
    assert "3 of them compared by RDKit" in shown
    assert "1 of them compared by RDKit" in shown


def test_rdkit_takes_declared_normalisations_for_the_same(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rdkit", reason="--rdkit needs the extra rdkit")
    molecules = written("a.smi", "[CH3:0]C\nc1ccc(-*2cc[nH]c2)cc1\nc1/c/c/c/c/c1\n")
    assert main(["check", "--rdkit", str(molecules)]) == 0
    assert "3 of them compared by RDKit" in capsys.readouterr().out


_CHIRO_INOSITOL = "O[C@H]1[C@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@H]1O"
_MYO_INOSITOL = "O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O"


@pytest.mark.parametrize("kind", ["molecule", "reaction"])
def test_rdkit_compares_with_what_was_read_from_a_file_of_atoms(
    kind: str,
    written: Write,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chem = pytest.importorskip("rdkit.Chem", reason="--rdkit needs the extra rdkit")
    depictor = pytest.importorskip("rdkit.Chem.rdDepictor")
    mol = chem.MolFromSmiles(_CHIRO_INOSITOL)
    mol = chem.RenumberAtoms(mol, [2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 0])
    depictor.Compute2DCoords(mol)
    block = chem.MolToMolBlock(mol)
    if kind == "molecule":
        file = written("a.sdf", f"not a block\n\n\n\n$$$$\n{block}$$$$\n")
        reader, other = "sdf.text_of_mol_block", _MYO_INOSITOL
    else:
        file = written("a.rxn", f"$RXN\n\n\n\n  1  1\n$MOL\n{block}$MOL\n{block}")
        reader, other = "rxn.text_of_rxn_block", f"{_MYO_INOSITOL}>>{_MYO_INOSITOL}"
    main(["check", "--rdkit", str(file)])
    shown = capsys.readouterr().out
    assert "1 of them compared by RDKit" in shown
    assert "0 changed" in shown
    monkeypatch.setattr(f"logos_grammar.prep.readers.{reader}", lambda *_: other.encode())
    assert main(["check", "--rdkit", str(file)]) == 1
    assert "RDKit reads" in capsys.readouterr().out


def test_real_lists_come_through(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = real_data / "molecules" / "chembl_drugs.smi.xz"
    assert main(["check", str(source)]) == 0
    assert "942 round-tripped" in capsys.readouterr().out


ROW = "IGH\tQVQ\tGF\tWV\tIN\tRC\tAR\tWG\n"
TABLE = "locus\tfwr1_aa\tcdr1_aa\tfwr2_aa\tcdr2_aa\tfwr3_aa\tcdr3_aa\tfwr4_aa\n" + ROW


def test_tables_of_antibodies_are_checked_by_their_kind(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written("a.tsv", TABLE + ROW.replace("IGH", "TRB") + ROW.replace("GF", ""))
    assert main(["check", str(source), "--kind", "antibody", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["read"], found["round_tripped"]) == ("antibody", 3, 1)
    assert [(one["record"], one["line"]) for one in found["refused"]] == [(2, 3), (3, 4)]
    assert found["refused"][0]["reason"] == "expected locus to be IGH, IGK or IGL, found TRB"
    assert main(["check", str(source), "--kind", "antibody", "--incomplete"]) == 1
    assert "2 round-tripped" in capsys.readouterr().out
    assert main(["check", str(source), "--kind", "antibody", "--rdkit"]) == 2
    assert "expected no --rdkit for antibody" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [kind for kind in OBJECT_TYPES if kind in KINDS])
def test_sentences_of_every_type_are_checked(
    written: Write, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    examples = [np.array(one.ids, np.uint16) for one in read_spec().examples if one.rule == kind]
    lines = [" ".join(map(lg.vocabulary.name, ids.tolist())) for ids in examples if len(ids)]
    right = sum(lg.check(ids) is None for ids in examples)
    source = written("a.sentences", "".join(f"{line}\n" for line in lines))
    assert main(["check", str(source), "--kind", kind]) == (0 if right == len(lines) else 1)
    shown = capsys.readouterr().out
    assert f"{right} round-tripped" in shown
    assert f"{len(lines) - right} refused" in shown


def test_an_object_that_comes_back_different_is_told(
    written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "logos_grammar.prep.audit.decode_many", lambda encoded: lg.decode_many(encoded)[::-1]
    )
    source = written("a.tsv", TABLE + ROW.replace("AR", "ARR"))
    assert main(["check", str(source), "--kind", "antibody"]) == 1
    shown = capsys.readouterr().out
    assert "2 changed" in shown
    assert "its ids come back different: records 1, 2" in shown
    assert "<AntibodyS> <Heavy> <FR1> Gln" in shown


def test_the_kinds_and_the_format_to_say_are_named(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written("a.txt", "<ProteinS>\n")
    for kind, said in (("any", "not 'any'"), ("nucleic_acid", "say dna or rna")):
        with pytest.raises(SystemExit):
            main(["check", str(source), "--kind", kind])
        error = capsys.readouterr().err
        assert said in error
        assert all(f" {each}," in error for each in KINDS)
    for kind, format in (("infill", "sentences"), ("edit", "sentences"), ("antibody", "airr")):
        assert main(["check", str(source), "--kind", kind]) == 2
        assert f"say --format {format}" in capsys.readouterr().err
