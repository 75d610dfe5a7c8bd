"""`python -m logos_grammar explain`: every token with its rule, aligned with the text."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.display.terminal import Ink, ink_for, pointed
from logos_grammar.formats.any_text import read
from logos_grammar.grammar.explanation import explain, object_text
from logos_grammar.grammar.spec import spec
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.object_types import ScientificObject
from logos_grammar.protein.strategies import proteins
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.strategies import reactions


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command; its status, what it wrote and what it complained of."""
    status = main(["explain", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_each_token_stands_with_its_text_id_rule_and_meaning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = said(capsys, "CC(=O)[O-]")
    assert status == 0
    assert out.splitlines()[0] == "molecule  CC(=O)[O-]"
    assert [line.split()[:6] for line in out.splitlines()[9:13]] == [
        ["4", "O", "O", "388", "element", "bare"],
        ["5", ")", ")", "196", "molecule", "branch"],
        ["6", "[", "[", "197", "molecule", "bracket"],
        ["7", "O", "O", "388", "element", "symbol"],
    ]
    assert out.splitlines()[13].endswith("charge minus one")


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "--json", "MK(MSE)L")
    record = json.loads(out)
    assert status == 0
    assert (record["kind"], record["object"]) == ("protein", "protein")
    assert record["fingerprint"] == lg.vocabulary.fingerprint
    assert [token["id"] for token in record["tokens"]] == lg.encode(
        lg.protein.Protein("MK(MSE)L")
    ).tolist()
    selenium = record["tokens"][4]
    assert selenium["token"] == "'M"
    assert selenium["start"] == 3
    assert selenium["rules"] == [
        "protein",
        "residue",
        "modified_residue",
        "component_name",
        "character",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CCO", "molecule"),
        ("C->[Fe]<-C", "molecule"),
        ("CCO.O>[H+]>CC", "reaction"),
        ("N->[Fe]>>N", "reaction"),
        ("MKTAYIAKQRQISFVK", "protein"),
        ("MKV", "protein"),
        ("GATTACA", "dna"),
        ("GAUUACA", "rna"),
        ("CCCC", "molecule"),
        ("CCCCCC", "molecule"),
        ("CNCCN", "molecule"),
        ("NNNNNN", "molecule"),
        ("C" * 40, "molecule"),
        ("CC*", "molecule"),
        ("SPIN", "molecule"),
        ("ACGT", "dna"),
        ("ACGTN", "dna"),
        ("ATATAT", "dna"),
        ("GCGCGC", "dna"),
        ("GAT(5CM)ACA", "dna"),
        ("AUGC", "rna"),
        ("AUG", "rna"),
        ("GA(PSU)UACA", "rna"),
        ("SPIKES", "protein"),
        ("KKKK", "protein"),
        ("MK(MSE)L", "protein"),
        ("ACG", "protein"),
        ("<MoleculeS> C <MoleculeE>", "tokens"),
        ("192 384 193", "ids"),
        ("<ProteinS>MKV<ProteinE>", "logos"),
    ],
)
def test_the_kind_of_a_text_is_guessed(text: str, kind: str) -> None:
    reading = read(text)
    assert reading.kind == kind
    assert lg.encode(reading.object).tolist() == [t.id for t in reading.explanation.tokens]


def test_another_kind_is_named_when_a_text_is_one_too(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = said(capsys, "GATTACA")[1].splitlines()[:2]
    assert first == "read as dna, a guess; otherwise say --kind protein, --kind rna"
    assert second == "nucleic_acid  GATTACA"
    assert said(capsys, "GATTACA", "--kind", "protein")[1].startswith("protein  GATTACA")
    first = said(capsys, "CCCCCC")[1].splitlines()[0]
    assert first.startswith("read as molecule, a guess; otherwise say --kind protein, ")
    assert json.loads(said(capsys, "--json", "CCO")[1])["others"] == ["protein"]
    assert said(capsys, "C=O")[1].startswith("molecule  C=O")


def test_a_type_whose_forms_have_the_text_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "ACGU", "--kind", "nucleic_acid"])
    assert "nucleic_acid has no text of its own: say dna or rna" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "at"), [("CCX", 2), ("HCC", 0), ("CCCCCA", 5)])
def test_a_mistyped_molecule_is_no_sequence(
    capsys: pytest.CaptureFixture[str], text: str, at: int
) -> None:
    status, out, err = said(capsys, text)
    assert (status, out) == (1, "")
    caret, hint = err.splitlines()[2:]
    assert caret == " " * at + "^"
    assert hint.startswith("read as molecule, a guess; otherwise say --kind protein")
    assert read(text, "protein").kind == "protein"


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_text_is_refused_unless_its_kind_is_given(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    status, out, err = said(capsys, text)
    assert (status, out) == (1, "")
    assert err.startswith("error: expected a text, found none")
    assert read("", "protein").object == lg.protein.Protein("")


def test_a_text_written_otherwise_is_shown_in_both_forms(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = said(capsys, "C1CC1C2CC2")[1].splitlines()
    assert lines[0].split() == ["molecule", "C1CC1C1CC1"]
    assert lines[1].split() == ["read", "from", "C1CC1C2CC2"]


@pytest.mark.parametrize(
    ("arguments", "at"),
    [
        (("CC@C",), 2),
        (("MKxLV",), 2),
        (("<MoleculeS> C ) <MoleculeE>",), 14),
        (("<MoleculeS> C Q",), 14),
        (("192 384 9999",), 8),
        (("192 384",), 7),
        (("<ProteinS>MK1<ProteinE>",), 12),
        (("MKBxLV", "--kind", "protein"), 3),
    ],
)
def test_what_cannot_be_read_is_pointed_at(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], at: int
) -> None:
    status, out, err = said(capsys, *arguments)
    assert (status, out) == (1, "")
    error, text, caret = err.splitlines()[:3]
    assert error.startswith("error: ")
    assert text == arguments[0]
    assert caret == " " * at + "^"


def test_an_error_is_data_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "--json", "<MoleculeS> C ) <MoleculeE>")
    error = json.loads(out)["error"]
    assert status == 1
    assert error["position"] == 14
    assert "<MoleculeE>" in error["expected"]


def test_the_caret_stays_under_its_character_in_a_long_text() -> None:
    text = "A" * 500 + "x" + "B" * 500
    line, caret = pointed(text, 500, Ink(colours=False)).splitlines()
    assert line[caret.index("^")] == "x"
    assert len(line) <= 80
    line, caret = pointed("A\nB\tx", 4, Ink(colours=False)).splitlines()
    assert line[caret.index("^")] == "x"
    line, caret = pointed(text, len(text), Ink(colours=False)).splitlines()
    assert caret.index("^") == len(line)


def test_half_a_character_is_pointed_at(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = said(capsys, "CC\udcff")
    assert status == 1
    assert err.splitlines()[1:3] == ["CC␣", "  ^"]


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert ink_for(Screen()).colours
    assert not ink_for(Screen(), colours=False).colours
    assert not ink_for(io.StringIO()).colours
    monkeypatch.setenv("NO_COLOR", "1")
    assert not ink_for(Screen()).colours


def test_coloured_and_plain_say_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = said(capsys, "C[C@H](F)Cl")[1]
    monkeypatch.setattr("logos_grammar.commands.explain.ink_for", lambda *_, **__: Ink(True))
    coloured = said(capsys, "C[C@H](F)Cl")[1]
    assert coloured != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_pictures_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    status, out, _ = said(capsys, "CC(=O)[O-]", "--svg", str(svg), "--html", str(html))
    assert status == 0
    assert out.splitlines() == [f"wrote {svg}", f"wrote {html}"]
    picture = "".join(ElementTree.parse(svg).getroot().itertext())
    for word in ("<MoleculeS>", "197", "bracket", "charge minus one", "ring_open"):
        assert (word in picture) == (word != "ring_open")
    page = html.read_text()
    assert "<svg" in page
    assert "&lt;MoleculeS&gt;" in page
    assert "charge minus one" in page


@given(molecules() | proteins() | reactions().map(Reaction.forward))
def test_every_token_has_a_rule_and_every_glyph_its_place(thing: ScientificObject) -> None:
    ids = lg.encode(thing)
    explanation = explain(ids, object_text(thing))
    assert [token.id for token in explanation.tokens] == ids.tolist()
    assert explanation.aligned()
    for token in explanation.tokens:
        assert token.rule in spec().rules
        if token.start is not None:
            assert explanation.text.startswith(token.glyph, token.start)


@pytest.mark.parametrize("rule", spec().objects())
def test_every_sentence_of_the_spec_is_explained(rule: str) -> None:
    for example in spec().pages[rule].accepted:
        tokens = explain(example.ids).tokens
        assert [token.id for token in tokens] == list(example.ids)
        assert all(token.rules[0] == rule for token in tokens)


@pytest.mark.parametrize("option", ["--html", "--svg"])
@pytest.mark.parametrize("command", [["explain", "CCO"], ["spec", "molecule"]])
def test_a_file_that_cannot_be_written_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], option: str
) -> None:
    file = tmp_path / "none" / "x"
    assert main([*command, option, str(file)]) == 2
    shown = capsys.readouterr()
    wanted = f"logos_grammar {command[0]}: cannot write {file}: No such file or directory\n"
    assert (shown.out, shown.err) == ("", wanted)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that nobody reads is told otherwise")
@pytest.mark.parametrize("command", [["explain", "CCO"], ["spec", "molecule"], ["--help"]])
def test_a_reader_that_stops_ends_the_command_quietly(command: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "logos_grammar", *command],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        # What is held until the end is what fails late.
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_long_molecule_is_explained_in_reasonable_time() -> None:
    ids = lg.encode(Molecule.from_smiles("C" * 20_000))
    assert len(explain(ids).tokens) == 20_002


@pytest.mark.parametrize("name", ["a/t.tar", "t.tar.gz", "T.TGZ", "x.bcif", "x.bcif.gz", "x.mmtf"])
def test_a_file_that_is_not_one_object_is_said(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name]) == 1
    said = capsys.readouterr().err
    assert (
        f"expected one file with an ending of .pdb .ent .cif .mmcif .sdf .sd .mol, found {name}"
        in said
    )
