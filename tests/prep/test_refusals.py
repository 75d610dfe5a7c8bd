"""What is refused, where and why; and nothing is left out that no option names."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.prep import InputError, prepare
from logos_grammar.texts import Kind

from .conftest import read_refused, read_shard

Write = Callable[[str, str | bytes], Path]


def test_refused_records_stand_in_their_own_file(written: Write, tmp_path: Path) -> None:
    source = written("a.smi", "CCO\nC(C name\n\n  name\nC\nC!\n")
    manifest = prepare(source, kind="molecule", out=tmp_path / "out", chunk_bytes=6)
    found = [
        (one["record"], one["line"], one["position"], one["text"])
        for one in read_refused(tmp_path / "out")
    ]
    assert found == [(2, 2, 1, "C(C"), (3, 4, 0, "  name"), (5, 6, 1, "C!")]
    assert all(one["source"] == str(source) for one in read_refused(tmp_path / "out"))
    assert (manifest.counts.read, manifest.counts.written, manifest.counts.refused) == (5, 2, 3)
    assert sum(manifest.reasons.values()) == 3


def test_the_reason_says_nothing_of_the_place(written: Write, tmp_path: Path) -> None:
    prepare(written("a.smi", "C!\nCC!\nCCC!\n"), kind="molecule", out=tmp_path / "out")
    reasons = {one["reason"] for one in read_refused(tmp_path / "out")}
    assert len(reasons) == 1
    assert "character" not in reasons.pop()


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_rows_of_another_width_are_refused(written: Write, tmp_path: Path, name: str) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    text = "x,smiles,y\n1,C,\n2\n3,CC,,\n4,,\n5, CO ,\n".replace(",", mark)
    prepare(written(name, text), kind="molecule", out=tmp_path / "out")
    found = [(one["record"], one["line"], one["reason"]) for one in read_refused(tmp_path / "out")]
    assert found == [
        (2, 3, "expected column 2 of 3, found 1"),
        (3, 4, "expected 3 columns, found 4"),
        (4, 5, "no text"),
    ]
    assert len(read_shard(tmp_path / "out", "molecule")) == 2


def test_lines_are_counted_through_quoted_ones(written: Write, tmp_path: Path) -> None:
    text = 'x,smiles\n"a\nb",C\n"c\n\nd",!\n,C!\n'
    prepare(written("a.csv", text), kind="molecule", out=tmp_path / "out", chunk_bytes=4)
    assert [(one["record"], one["line"]) for one in read_refused(tmp_path / "out")] == [
        (2, 4),
        (3, 7),
    ]


def test_json_lines_that_hold_no_text_are_refused(written: Write, tmp_path: Path) -> None:
    text = '{"smiles": "C"}\n{"smiles": 1}\n[]\n{"smiles"\n{"x": ""}\n{"smiles": "\\ud800"}\n'
    prepare(written("a.jsonl", text), kind="molecule", out=tmp_path / "out")
    assert [one["record"] for one in read_refused(tmp_path / "out")] == [2, 3, 4, 5, 6]


def test_half_of_a_pair_of_surrogates_is_named_where_it_stands(
    written: Write, tmp_path: Path
) -> None:
    source = written("a.jsonl", '{"smiles": "C\\ud800"}\n{"smiles": "C\\ud83d\\ude00"}\n')
    prepare(source, kind="molecule", out=tmp_path / "out")
    found, pair = read_refused(tmp_path / "out")
    assert found["reason"] == r"expected text, found the lone surrogate \ud800"
    assert (found["position"], found["text"]) == (1, r"C\ud800")
    assert pair["text"] == "C\U0001f600"


def test_json_that_python_does_not_read_is_refused(written: Write, tmp_path: Path) -> None:
    deep = '{"x": ' + "[" * 200_000 + "\n"
    long = '{"x": ' + "1" * 5_000 + ', "smiles": "C"}\n'
    source = written("a.jsonl", '{"smiles": "C"}\n' + deep + long)
    assert prepare(source, kind="molecule", out=tmp_path / "out").counts.written == 1
    reasons = {one["reason"] for one in read_refused(tmp_path / "out")}
    assert reasons == {"expected JSON less deep and with shorter numbers"}


def test_bytes_that_are_no_text_are_refused(written: Write, tmp_path: Path) -> None:
    prepare(written("a.smi", b"C\n\xff\xfe\x00C\nCC\x00\n"), kind="molecule", out=tmp_path / "out")
    assert [one["line"] for one in read_refused(tmp_path / "out")] == [2, 3]


@pytest.mark.parametrize(("name", "text"), [("a.fa", ">x\nMk\nV\n>y\nM\n"), ("a.txt", "MkV\nM\n")])
def test_case_is_folded_only_when_asked(
    written: Write, tmp_path: Path, name: str, text: str
) -> None:
    source = written(name, text)
    prepare(source, kind="protein", out=tmp_path / "refused")
    (refused,) = read_refused(tmp_path / "refused")
    assert "--fold-case" in refused["reason"]
    assert (refused["record"], refused["position"]) == (1, 1)
    prepare(source, kind="protein", out=tmp_path / "out", fold_case=True)
    sentences = lg.encode_texts("protein", ["MKV", "M"])
    assert read_shard(tmp_path / "out", "protein") == [[*one.tolist(), 2] for one in sentences]


def test_case_of_atoms_is_never_folded(written: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="case tells atoms apart"):
        prepare(written("a.smi", "c"), kind="molecule", out=tmp_path / "out", fold_case=True)


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("molecule", "C[C@H](N)O |&1:1| x", "C[C@H](N)O"),
        ("molecule", "C[CH2] |^1:1|", "C[CH2]"),
        ("reaction", "C.O>>CO |^1:0,f:0.1,&1:2|", "C.O>>CO |f:0.1|"),
        ("reaction", "C.O>>CO |$f:0.1;a$|", "C.O>>CO"),
    ],
)
def test_extensions_are_left_out_only_when_asked(
    written: Write, tmp_path: Path, kind: Kind, text: str, kept: str
) -> None:
    source = written("a.smi", text + "\n")
    prepare(source, kind=kind, out=tmp_path / "refused")
    (refused,) = read_refused(tmp_path / "refused")
    assert "--without-extensions" in refused["reason"]
    assert refused["text"][refused["position"]] == "|"
    prepare(source, kind=kind, out=tmp_path / "out", without_extensions=True)
    (sentence,) = read_shard(tmp_path / "out", kind)
    assert sentence[:-1] == lg.encode_texts(kind, [kept]).ids.tolist()


def test_that_stereo_is_absolute_needs_no_extension(written: Write, tmp_path: Path) -> None:
    prepare(written("a.smi", "C[C@H](N)O |a:1|\n"), kind="molecule", out=tmp_path / "out")
    (sentence,) = read_shard(tmp_path / "out", "molecule")
    assert sentence[:-1] == lg.encode_texts("molecule", ["C[C@H](N)O"]).ids.tolist()


def test_a_bar_that_is_no_extension_is_refused(written: Write, tmp_path: Path) -> None:
    prepare(written("a.smi", "C |&1:1\nC|x|\n"), kind="molecule", out=tmp_path / "out")
    assert [one["position"] for one in read_refused(tmp_path / "out")] == [7, 1]


@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        ("a.csv", "x,y\n1,2\n", {}, "say which --column of .* it has x, y"),
        ("a.csv", "smiles,SMILES\n1,2\n", {}, "say which --column"),
        ("a.csv", "smiles\nC\n", {"column": "x"}, "expected one column 'x' in .*, found smiles"),
        (
            "a.csv",
            "CCO,1\n",
            {},
            "it has CCO, 1; if that row is not a header, say --no-header",
        ),
        ("a.csv", "CCO,1\n", {"column": "2"}, "if that row is not a header, say --no-header"),
        ("a.csv", "smiles;x\n", {}, "seem to be separated by semicolons: write it with commas"),
        ("a.csv", "smiles\tx\n", {}, "seem to be separated by tabs: say --format tsv"),
        ("a.tsv", "smiles,x\n", {}, "seem to be separated by commas: say --format csv"),
        ("a.csv", ",".join(["x" * 99] * 30) + "\n", {}, "it has x{40}…, .*… and 10 more"),
        ("a.csv", "C,1\n", {"header": False}, "expected a number from 1 to 2 as the --column"),
        ("a.csv", "C,1\n", {"header": False, "column": "3"}, "from 1 to 2 .*, got 3"),
        ("a.tsv", "C\t1\n", {"header": False, "column": "0"}, "from 1 to 2 .*, got 0"),
        ("a.tsv", "C\t1\n", {"header": False, "column": "x"}, "from 1 to 2 .*, got x"),
        ("a.smi", "C\n", {"column": "x"}, "its format has none"),
        ("a.xyz", "C\n", {}, "cannot tell the format"),
        ("a.parquet", "C\n", {}, "expected Parquet"),
        ("a.fasta", ">x\nC\n", {}, "expected a protein, rna or dna"),
        ("a.sdf", "", {"kind": "reaction"}, "expected molecule"),
        ("a.rxn", "", {}, "expected reaction"),
        ("a.jsonl", "[]\n", {}, "expected a JSON object"),
        ("a.smi", "C\n", {"kind": "rock"}, "expected a kind among"),
        ("a.smi", "C\n", {"format": "rock"}, "expected a format among"),
        ("a.smi", "C\n", {"chunk_bytes": 0}, "expected 1 byte or more"),
        ("a.smi", "C\n", {"workers": 0}, "expected 1 worker or more"),
    ],
)
def test_what_cannot_be_read_at_all_is_said_before_anything_is_written(
    tmp_path: Path, name: str, text: str, options: dict[str, Any], said: str
) -> None:
    (tmp_path / name).write_text(text)
    asked = {"kind": "molecule", **options}
    with pytest.raises(InputError, match=said):
        prepare(tmp_path / name, out=tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists()


MOL2 = "# made by hand\n\n@<TRIPOS>MOLECULE\nmethane\n"
RDF = "$RDFILE 1\n$DATM 10/17/03 10:05\n$RFMT\n$RXN\n"
COMPONENT = "# \ndata_ALA\n#\n_chem_comp.id ALA\n_chem_comp.name ALANINE\n"


@pytest.mark.parametrize(
    ("name", "text", "noun"),
    [
        ("a.mol2", MOL2, "MOL2"),
        ("a.mol", MOL2, "MOL2"),
        ("a.smi", MOL2, "MOL2"),
        ("a.rdf", RDF, "RDF"),
        ("a.rxn", RDF, "RDF"),
        ("a.sdf", RDF, "RDF"),
        ("ALA.cif", COMPONENT, "CIF"),
        ("ALA.cif.gz", COMPONENT, "CIF"),
        ("ALA.sdf", COMPONENT, "CIF"),
        ("a.pdb", "HEADER    X\n", "PDB"),
        ("a.txt", "HEADER    X\n", "PDB"),
    ],
)
def test_formats_that_are_not_read_are_named_with_what_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, noun: str
) -> None:
    data = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    kind = "reaction" if name == "a.rxn" else "molecule"
    for command in (["prep", "--out", str(tmp_path / "out")], ["check"]):
        assert main([*command, str(tmp_path / name), "--kind", kind]) == 2
        shown = capsys.readouterr().err
        assert f"{name} is {noun}, which is not read: convert it to" in shown
        assert "sequences, CSV, TSV, JSON lines, Parquet, SDF, MOL, RXN, FASTA, PDB, mmCIF" in shown


def test_a_column_may_have_the_name_of_a_format(written: Write, tmp_path: Path) -> None:
    source = written("a.csv", "data_x,smiles\n_y,C\n")
    assert prepare(source, kind="molecule", out=tmp_path / "out").counts.written == 1


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot open .*: No such file"):
        prepare(tmp_path / "none.smi", kind="molecule", out=tmp_path / "out")


@pytest.mark.parametrize("command", [["prep", "--out", "out", "--kind", "molecule"], ["check"]])
@pytest.mark.parametrize("name", ["pipe.smi", "pipe.csv", "pipe.parquet"])
def test_what_is_no_regular_file_is_refused_and_not_waited_for(
    tmp_path: Path, command: list[str], name: str
) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-m", "logos_grammar", command[0], str(tmp_path / name), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert done.stderr.endswith(f"{name}, which is read twice, found a pipe\n")
    assert done.stderr.count("\n") == 1


def test_a_folder_without_files_to_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.png").write_bytes(b"")
    for command in (["prep", "--out", str(tmp_path / "out")], ["check"]):
        assert main([*command, "--kind", "molecule", str(tmp_path / "folder")]) == 2
        assert "expected files to read in" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "folder")]) == 2
    assert "say the --kind of the folder" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("command", [["prep", "--out", "out", "--kind", "molecule"], ["check"]])
def test_a_name_that_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.smi")
    Path(path).write_text("C\n")
    assert main([command[0], path, *command[1:]]) == 2
    shown = capsys.readouterr().err
    assert "expected UTF-8 as the name of a file, found" in shown
    assert r"bad\xff.smi" in shown


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_may_have_a_name_that_is_no_text(written: Write, tmp_path: Path) -> None:
    out = os.fsencode(tmp_path) + b"/bad\xff"
    command = [sys.executable, "-m", "logos_grammar", "prep", str(written("a.smi", "C\n"))]
    command += ["--workers", "1", "--kind", "molecule", "--out"]
    done = subprocess.run([*command, out], capture_output=True, check=False)
    assert (done.returncode, done.stderr.count(b"Traceback")) == (0, 0)
    assert rb"bad\xff: molecule.bin" in done.stdout


def test_the_name_of_a_column_that_is_no_text_is_refused(written: Write, tmp_path: Path) -> None:
    source = written("a.jsonl", '{"smiles": "C"}\n')
    with pytest.raises(InputError, match="expected UTF-8 as the name of a column"):
        prepare(source, kind="molecule", out=tmp_path / "out", column="\udcff")


@pytest.mark.parametrize("name", ["a.smi", "other/../a.smi", "link.smi"])
def test_a_file_given_twice_is_refused(written: Write, tmp_path: Path, name: str) -> None:
    source = written("a.smi", "C\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "link.smi").symlink_to(source)
    again = os.path.join(tmp_path, name)
    with pytest.raises(InputError, match=rf"expected each file once, found .*{name} twice"):
        prepare([source, written("b.smi", "N\n"), again], kind="molecule", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["file", "file/x"])
def test_a_folder_that_cannot_be_made_is_said(
    written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    source = written("a.smi", "C\n")
    written("file", "")
    out = str(tmp_path / place)
    assert main(["prep", str(source), "--kind", "molecule", "--out", out]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"logos_grammar prep: cannot make the folder {out}: ")
    assert "goes on" not in shown


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
@pytest.mark.parametrize("out", ["/proc", "/proc/x"])
def test_a_folder_that_cannot_be_written_in_is_said(
    written: Write, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    assert main(["prep", str(written("a.smi", "C\n")), "--kind", "molecule", "--out", out]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("logos_grammar prep: cannot ")
    assert "goes on" not in shown


def test_a_header_is_seen_or_said(written: Write, tmp_path: Path) -> None:
    source = written("a.txt", "smiles name\nC x\n")
    assert prepare(source, kind="molecule", out=tmp_path / "seen").counts.refused == 0
    said = prepare(source, kind="molecule", out=tmp_path / "said", header=False)
    assert said.counts.refused == 1
    source = written("b.txt", "CC\nC\n")
    said = prepare(source, kind="molecule", out=tmp_path / "two", header=True)
    assert said.counts.read == 1


@pytest.mark.parametrize(("word", "kind"), [("SEQ", "protein"), ("SEQUENCE", "protein")])
def test_a_record_that_names_a_column_is_not_lost(
    word: str, kind: Kind, written: Write, tmp_path: Path
) -> None:
    source = written("a.txt", f"{word}\nMKT\n")
    with pytest.raises(InputError, match="say --header or --no-header"):
        prepare(source, kind=kind, out=tmp_path / "unsaid")
    said = prepare(source, kind=kind, out=tmp_path / "said", header=False)
    assert said.counts.read == 2
