"""Object types without a text to shards: antibodies from tables, all types from sentences."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import logos_grammar as lg
from converters.airr import HEAVY
from logos_grammar.__main__ import main
from logos_grammar.antibody.tables import from_airr
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.prep import InputError, ShardReader, prepare
from logos_grammar.prep.batch import PrepKind
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction

from .conftest import contents, read_refused

Write = Callable[[str, str | bytes], Path]
LIGHT = {**HEAVY, "locus": "IGK", "fwr1_aa": "DIQ"}


def table(rows: list[dict[str, str]], separator: str = "\t") -> str:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(separator.join(line) + "\n" for line in lines)


@pytest.mark.parametrize("chunk_bytes", [50, 1 << 22])
def test_rows_of_a_table_become_antibodies(
    written: Write, tmp_path: Path, chunk_bytes: int
) -> None:
    bad = {**HEAVY, "locus": "TRB", "v_call": '"'}
    source = written("a.tsv", table([HEAVY, bad, LIGHT]))
    out = tmp_path / "out"
    manifest = prepare(source, kind="antibody", out=out, chunk_bytes=chunk_bytes)
    assert (manifest.counts.read, manifest.counts.written) == (3, 2)
    found = ShardReader(out)
    assert list(found) == [from_airr(HEAVY), from_airr(LIGHT)]
    assert [found.meta(row)["record"] for row in (0, 1)] == [1, 3]
    (refused,) = read_refused(out)
    assert (refused["record"], refused["line"]) == (2, 3)
    assert refused["reason"] == "expected locus to be IGH, IGK or IGL, found TRB"


def test_tables_of_the_observed_antibody_space_are_read(written: Write, tmp_path: Path) -> None:
    heavy, light = {**HEAVY, "locus": "H"}, {**LIGHT, "locus": "K"}
    text = '"{""Run"": 1}"\n' + table([heavy, light], ",")
    source = written("a.csv.gz", gzip.compress(text.encode()))
    prepare(source, kind="antibody", out=tmp_path / "out", chunk_bytes=60)
    assert list(ShardReader(tmp_path / "out")) == [from_airr(HEAVY), from_airr(LIGHT)]
    row = {f"{key}_heavy": cell for key, cell in HEAVY.items()}
    row |= {f"{key}_light": cell for key, cell in LIGHT.items()}
    prepare(written("b.csv", table([row], ",")), kind="antibody", out=tmp_path / "linked")
    assert list(ShardReader(tmp_path / "linked")) == [from_airr(HEAVY, LIGHT)]


def test_missing_regions_are_read_as_the_command_says(written: Write, tmp_path: Path) -> None:
    rows = [{**HEAVY, "cdr1_aa": ""}, {**HEAVY, "cdr2_aa": "NA"}]
    source = str(written("a.tsv", table(rows)))
    command = ["prep", source, "--kind", "antibody", "--workers", "1", "--out"]
    assert main([*command, str(tmp_path / "refused")]) == 1
    assert len(read_refused(tmp_path / "refused")) == 2
    assert main([*command, str(tmp_path / "out"), "--incomplete", "--na", "residues"]) == 0
    first, second = ShardReader(tmp_path / "out")
    assert (first.heavy.cdr1, second.heavy.cdr2) == ("", "NA")


VH = (
    "EVQLVESGGGLVQPGGSLRLSCAASGFNIKDTYIHWVRQAPGKGLEWVARIYPTNGYTRYADSVKGRFTISADTSKNTAYLQMNSLRAED"
    "TAVYYCSRWGGDGFYAMDYWGQGTLVTVSS"
)
VL = (
    "DIQMTQSPSSLSASVGDRVTITCRASQDVNTAVAWYQQKPGKAPKLLIYSASFLYSGVPSRFSGSRSGTDFTLTISSLQPEDFATYYCQQ"
    "HYTTPPTFGQGTKVEIK"
)


@pytest.mark.parametrize("chunk_bytes", [100, 1 << 22])
def test_tables_of_chains_are_numbered(written: Write, tmp_path: Path, chunk_bytes: int) -> None:
    numbering = pytest.importorskip("logos_grammar.antibody.numbering")
    rows = [
        (VH, VL),
        (VH, "N/A"),
        ("", ""),
        ("NA", VL),
        ("", f'"{VL}"'),
        (VL, VH),
        ("M" * 9 + VH, ""),
    ]
    text = "\ufeffName,VH,Light\n" + "".join(f"x,{vh},{vl}\n" for vh, vl in rows)
    source = written("a.csv", text)
    given: dict[str, Any] = {"kind": "antibody", "scheme": "imgt", "chunk_bytes": chunk_bytes}
    manifest = prepare(source, out=tmp_path / "out", **given)
    assert (manifest.counts.read, manifest.counts.written) == (7, 3)
    found = list(ShardReader(tmp_path / "out"))
    number = numbering.from_sequences
    assert found == [number(VH, VL), number(VH), number(light=VL)]
    refused = read_refused(tmp_path / "out")
    assert [(one["record"], one["line"]) for one in refused] == [(3, 4), (4, 5), (6, 7), (7, 8)]
    assert refused[0]["reason"] == "expected a heavy chain, a light chain or both, found neither"
    assert refused[1]["reason"].startswith("expected a variable domain in the heavy chain")
    assert "found MMMMMMMMM before it" in refused[3]["reason"]
    prepare(source, out=tmp_path / "cut", without_leader=True, **given)
    assert list(ShardReader(tmp_path / "cut")) == [*found, number(VH)]


def test_the_command_numbers_chains(written: Write, tmp_path: Path) -> None:
    numbering = pytest.importorskip("logos_grammar.antibody.numbering")
    source = written("a.tsv", f"heavy\tlight\n{'M' * 9}{VH.lower()}\t{VL[:80]}\n")
    command = ["prep", str(source), "--kind", "antibody", "--workers", "1", "--scheme", "kabat"]
    options = ["--without-leader", "--incomplete", "--fold-case"]
    assert main([*command, "--out", str(tmp_path / "out"), *options]) == 0
    wanted = numbering.from_sequences(VH, VL[:80], scheme="kabat", incomplete=True)
    assert list(ShardReader(tmp_path / "out")) == [wanted]
    assert '"scheme": "kabat"' in (tmp_path / "out" / "manifest.json").read_text()


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("name,sequence\n", {}, "expected a column heavy or light, found name, sequence in"),
        ("heavy,VH\n", {}, "expected one column heavy, found heavy, VH in"),
        ("heavy_sequence,VL\n", {}, "expected a column heavy, found heavy_sequence: name the"),
        ("VHH,light v\n", {}, "expected a column light, found light v: name the one"),
        ("heavy\n", {"scheme": "rock"}, "expected one of imgt, .* as --scheme of .*, got rock"),
        ("heavy\n", {"scheme": None, "format": "chains"}, "as --scheme of .*, got None"),
        ("heavy\n", {"format": "airr"}, "expected no --scheme for .*: its rows say what"),
        ("heavy\n", {"scheme": None}, "expected a column locus, .*; --scheme numbers and cuts"),
        ("heavy\n", {"na": "missing"}, "expected no --na with --scheme"),
        ("heavy\n", {"column": "heavy"}, "expected no --column"),
        ("locus\n", {"scheme": None, "without_leader": True, "incomplete": True}, "-leader with"),
        ("sequence\n", {"kind": "protein"}, "expected no --scheme for a protein"),
    ],
)
def test_what_is_not_a_table_of_chains_is_refused(
    written: Write, tmp_path: Path, text: str, given: dict[str, Any], said: str
) -> None:
    pytest.importorskip("logos_grammar.antibody.numbering")
    with pytest.raises(InputError, match=said):
        prepare(
            written("a.csv", text),
            out=tmp_path / "out",
            **{"kind": "antibody", "scheme": "imgt", **given},
        )


def test_numbering_without_its_library_says_what_to_install(
    written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("logos_grammar.antibody.numbering", "logos_grammar.prep.readers.chains"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "immunum", None)
    with pytest.raises(
        InputError, match=r"needs immunum: pip install 'logos-grammar\[numbering\]'"
    ):
        prepare(written("a.csv", "heavy\n"), kind="antibody", scheme="imgt", out=tmp_path / "out")


OBJECTS: list[tuple[PrepKind, Any]] = [
    ("infill", Infill(Protein("M_L"), ("K",))),
    ("edit", Edit(Protein("M[K]L"), Protein("MRL"))),
    ("antibody", from_airr(HEAVY, LIGHT)),
    ("reaction", Reaction.from_smiles("CC>>CO").retro()),
]


@pytest.mark.parametrize(("kind", "obj"), OBJECTS)
def test_sentences_become_shards(
    written: Write, tmp_path: Path, kind: PrepKind, obj: object
) -> None:
    names = [lg.vocabulary.name(int(id)) for id in lg.encode(obj)]
    lines = [
        " ".join(names),
        " ".join(names[:-1]),
        "<ProteinS> Met",
        "",
        "a rock",
        "  ".join(names),
    ]
    source = written("a.sentences", "\n".join(lines) + "\n")
    prepare(source, kind=kind, out=tmp_path / "out", chunk_bytes=30)
    assert list(ShardReader(tmp_path / "out")) == [obj, obj]
    refused = read_refused(tmp_path / "out")
    assert [(one["record"], one["line"]) for one in refused] == [(2, 2), (3, 3), (4, 5)]
    assert refused[1]["reason"].startswith(f"expected a sentence of {kind}, found one of <Protein")
    assert refused[2]["reason"] == "expected the name of a token, found a"
    prepare(source, kind=kind, out=tmp_path / "whole")
    assert contents(tmp_path / "whole") == contents(tmp_path / "out")


@pytest.mark.parametrize(
    ("file", "given", "said"),
    [
        (("a.tsv", "locus\tx\n"), {}, "expected a column fwr1_aa, found locus, x in .*a.tsv"),
        (("a.tsv", table([HEAVY])), {"column": "locus"}, "its format has none"),
        (("a.tsv", table([HEAVY])), {"header": False}, "expected no word on a header"),
        (("a.tsv", table([HEAVY])), {"kind": "protein", "format": "airr"}, "expected antibody as"),
        (("a.fasta", ">x\nM\n"), {}, "expected a table of AIRR for .* antibody"),
        (("a.txt", "x\n"), {"kind": "infill"}, "expected lines of sentences for .* infill"),
        (("a.tsv", table([HEAVY])), {"na": "rock"}, "expected missing or residues as --na"),
        (("a.fasta", ">x\nM\n"), {"kind": "protein", "incomplete": True}, "no --na and no --incom"),
    ],
)
def test_what_is_not_a_table_of_antibodies_is_refused(
    written: Write, tmp_path: Path, file: tuple[str, str], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        prepare(written(*file), out=tmp_path / "out", **{"kind": "antibody", **given})
