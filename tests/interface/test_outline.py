"""`explain` of structures and conformers: a line for each residue and atom, in 80 columns."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.strategies import conformers
from logos_grammar.display.outline import Line, outline, summary
from logos_grammar.display.outline.conformer import sections_of_conformer
from logos_grammar.display.outline.section import Section, lines_of
from logos_grammar.display.outline.structure import sections_of_structure
from logos_grammar.display.outline.writing import outline_html, outline_text
from logos_grammar.display.terminal import Ink
from logos_grammar.grammar.explanation import Explained, explain
from logos_grammar.grammar.spec import spec
from logos_grammar.structure import Structure
from logos_grammar.structure.strategies import structures

ATOM = "{record:<6}{serial:>5} {name:<4} {residue:>3} {chain}{number:>4}    {x:>8}{x:>8}{x:>8}"
ROWS = (
    ("ATOM", " N", "GLY", "A", 7),
    ("ATOM", " CA", "GLY", "A", 7),
    ("ATOM", " N", "ALA", "A", 9),
    ("ATOM", " CA", "ALA", "A", 9),
    ("ATOM", " N", "SER", "A", 10),
    ("HETATM", "ZN", " ZN", "B", 1),
)
PDB = "\n".join(
    ATOM.format(
        record=record, serial=row, name=name, residue=residue, chain=chain, number=number, x="1.500"
    )
    for row, (record, name, residue, chain, number) in enumerate(ROWS, 1)
)
MMCIF = Structure.from_pdb(PDB).to_mmcif()


def nested(sections: list[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from nested(section.parts)


def tokens_of(lines: list[Line]) -> list[Explained]:
    return [token for line in lines for token in line.tokens]


def check_structure(structure: Structure, tokens: tuple[Explained, ...]) -> None:
    """The sections are the rows of the tables, and every token is in one of them."""
    sections = sections_of_structure(structure, tokens)
    every = [*nested(sections)]
    assert [token for section in every for token in section.tokens] == list(tokens)
    assert all(section.tokens for section in every)
    models = [section for section in sections if section.noun == "model"]
    strands = [part for model in models for part in model.parts]
    residues = [part for strand in strands for part in strand.parts]
    atoms = [part for residue in residues for part in residue.parts]
    found = [len(each) for each in (models, strands, residues, atoms)]
    tables = (structure.models, structure.strands, structure.residues, structure.atoms)
    assert found == [len(table) for table in tables]
    for noun, table in (("operator", structure.operators), ("assembly", structure.assemblies)):
        count = sum(section.noun == noun for section in sections)
        assert count == (0 if table is None else len(table))
    rows = [at for at, residue in enumerate(residues) for _ in residue.parts]
    assert rows == structure.atoms.residue.tolist()
    for section in every:
        assert isinstance(section.says(), str)


def check_conformer(conformer: Conformer, tokens: tuple[Explained, ...]) -> None:
    sections = sections_of_conformer(conformer, tokens)
    every = [*nested(sections)]
    assert [token for section in every for token in section.tokens] == list(tokens)
    poses = [section for section in sections if section.noun == "pose"]
    points = [len(pose.parts) for pose in poses]
    assert points == conformer.poses * [len(conformer.x) // conformer.poses]
    assert [section.says() for section in sections if section.noun == "data item"] == [
        f"{name}: {value}" for name, value in conformer.properties
    ]
    for section in every:
        assert isinstance(section.says(), str)


@settings(max_examples=40, deadline=None)
@given(structures())
def test_each_row_of_a_structure_is_a_section(structure: Structure) -> None:
    check_structure(structure, explain(lg.encode(structure)).tokens)


@settings(max_examples=40, deadline=None)
@given(conformers())
def test_each_point_of_a_conformer_is_a_section(conformer: Conformer) -> None:
    check_conformer(conformer, explain(lg.encode(conformer)).tokens)


@pytest.mark.parametrize("kind", ["structure", "conformer"])
def test_sentences_of_the_spec_have_sections(kind: str) -> None:
    for example in spec().pages[kind].accepted:
        obj = lg.decode(example.ids)
        tokens = explain(example.ids).tokens
        if isinstance(obj, Structure):
            check_structure(obj, tokens)
        else:
            assert isinstance(obj, Conformer)
            check_conformer(obj, tokens)


@settings(max_examples=25, deadline=None)
@given(structures() | conformers())
def test_what_is_not_shown_is_counted(thing: Structure | Conformer) -> None:
    explanation = explain(lg.encode(thing))
    for most in (0, 1, 2):
        lines = outline(thing, explanation, most=most)
        assert lines is not None
        more = [line.says for line in lines if not line.tokens]
        counts = [re.findall(r"(\d[\d,]*) tokens$", says)[0] for says in more]
        left = sum(int(count.replace(",", "")) for count in counts)
        assert len(tokens_of(lines)) + left == len(explanation.tokens)
        assert most or not more
    assert summary(thing)


@settings(max_examples=25, deadline=None)
@given(structures() | conformers())
def test_lines_have_80_columns_in_colour_and_without(thing: Structure | Conformer) -> None:
    explanation = explain(lg.encode(thing))
    lines = outline(thing, explanation, most=2)
    assert lines is not None
    plain = outline_text(lines, Ink(colours=False))
    coloured = outline_text(lines, Ink(colours=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert max(map(len, plain.split("\n"))) <= 80
    names = [token.name for token in tokens_of(lines)]
    found = iter(plain.split())
    assert all(name in found for name in names)


class Balanced(HTMLParser):
    """Checks that tags are balanced, and keeps the texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@settings(max_examples=25, deadline=None)
@given(structures() | conformers())
def test_a_page_has_each_token_that_is_shown(thing: Structure | Conformer) -> None:
    lines = outline(thing, explain(lg.encode(thing)), most=2)
    assert lines is not None
    texts = [text for text in Balanced(outline_html(lines)).texts if text in lg.vocabulary]
    names = iter(texts)
    assert all(token.name in names for token in tokens_of(lines))


def test_operators_and_assemblies_are_lines() -> None:
    examples = [lg.decode(each.ids) for each in spec().pages["structure"].accepted]
    found = [each for each in examples if isinstance(each, Structure) and each.assemblies]
    assert found
    for structure in found:
        lines = outline(structure, explain(lg.encode(structure)), most=1)
        assert lines is not None
        operators = sum(line.says.startswith("operator ") for line in lines)
        assert operators == (structure.operators is not None)
        assert sum(line.says.startswith("assembly ") for line in lines) == 1


def test_sections_of_one_noun_are_counted_where_they_end() -> None:
    def section(noun: str, says: str) -> Section:
        return Section(lambda: says, noun)

    sections = [section("a", "1"), section("a", "2"), section("", "x"), section("a", "3")]
    assert [line.says for line in lines_of(sections, 1)] == ["1", "… 1 more a, 0 tokens", "x", "3"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["explain", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], str]:
    def write(name: str, text: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


Write = Callable[[str, str | bytes], str]


def test_a_file_is_explained_chain_by_chain(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("a.pdb", PDB), ("a.cif.gz", gzip.compress(MMCIF.encode()))):
        status, out, _ = said(capsys, written(name, text), "--most", "2")
        assert status == 0
        lines = out.split("\n")
        assert lines[0].startswith("structure  ")
        assert lines[1].strip().startswith("1 model, 2 strands, 4 residues, 6 atoms; ")
        starts = [line[:38].rstrip() for line in lines]
        for wanted in (
            "model 1",
            "  chain A, protein",
            "    GLY 7",
            "      CA        1.500    1.500    1.500",
            "    … 1 more residue, 7 tokens",
            "  chain B, hetero",
            "    ZN 1",
        ):
            assert any(start.startswith(wanted[:38]) for start in starts), wanted
        assert "SER 10" not in out
        assert "SER 10" in said(capsys, written(name, text), "--most", "0")[1]


def test_ids_and_token_names_of_a_structure_have_lines_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = lg.encode(Structure.from_pdb(PDB)).tolist()
    for text in (" ".join(map(str, ids)), " ".join(map(lg.vocabulary.name, ids))):
        status, out, _ = said(capsys, text)
        assert status == 0
        assert "\n  chain A, protein " in out
        assert max(map(len, out.split("\n"))) <= 80
    assert len(json.loads(said(capsys, text, "--json")[1])["tokens"]) == len(ids)


def test_a_block_or_a_record_is_chosen(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    other = Structure.from_pdb(PDB.replace("A  10", "A  11")).to_mmcif()
    path = written("two.cif", MMCIF + other)
    assert "SER 10" in said(capsys, path)[1]
    assert "SER 11" in said(capsys, path, "--record", "2")[1]
    status, _, err = said(capsys, path, "--record", "3")
    assert (status, err.split("\n")[0]) == (
        1,
        f"error: expected a structure of the 2 of {path}, not 3",
    )
    assert said(capsys, written("a.pdb", PDB), "--record", "0")[0] == 1


def test_records_of_sdf_have_poses(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    atom = "{:>10}    0.0000    0.2500 {:<3} 0  0\n"
    head = "a <b>\n  x                 3D\n\n  1  0  0  0  0  0            999 V2000\n"
    item = "> <a long name>\n" + 90 * "v" + "\n\n"
    records = [
        head + atom.format(x, element) + "M  END\n" + item + "$$$$\n"
        for x, element in (("1.5000", "N"), ("2.5000", "N"), ("1.5000", "C"))
    ]
    path = written("a.sdf", "".join(records))
    status, out, _ = said(capsys, path, "--most", "1")
    assert status == 0
    assert "2 poses, 1 atom, 0 hydrogens, 'a <b>'; " in out
    assert "… 1 more pose, 6 tokens" in out
    assert "a long name: vvv" in out
    assert max(map(len, out.split("\n")[1:])) <= 80
    assert "1 pose, 1 atom" in said(capsys, path, "--record", "2")[1]
    assert said(capsys, path, "--record", "3")[0] == 1


@pytest.mark.parametrize("name", ["a.pdb", "a.cif"])
def test_a_file_that_cannot_be_read_is_pointed_at(
    name: str, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PDB if name == "a.pdb" else MMCIF).replace("1.500", "  nan", 1)
    status, out, err = said(capsys, written(name, text))
    assert (status, out) == (1, "")
    error, line, caret = err.split("\n")[:3]
    assert error.startswith(f"error: {name}: line ")
    assert line[caret.index("^") :].startswith("nan")
    status, _, err = said(capsys, "nowhere/" + name)
    assert (status, err.split("\n")[0]) == (
        1,
        f"error: cannot open nowhere/{name}: No such file or directory",
    )


def test_a_page_has_the_view_and_the_lines(
    written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "a.html"
    assert said(capsys, written("a.pdb", PDB), "--html", str(page), "--most", "1")[0] == 0
    texts = Balanced(page.read_text().partition("<body>")[2].partition("</body>")[0]).texts
    assert "    GLY 7" in texts
    assert any(text.startswith("    … 2 more residues, ") for text in texts)


def test_a_notebook_shows_lines_of_what_is_not_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = Structure.from_pdb(PDB)
    page = structure._repr_html_()
    texts = Balanced(page).texts
    assert "1 model, 2 strands, 4 residues, 6 atoms; " in "".join(texts)
    assert "    GLY 7" in texts
    monkeypatch.setattr("logos_grammar.display.OUTLINED", 10)
    assert "    GLY 7" not in Balanced(structure._repr_html_()).texts


def test_a_picture_has_the_tokens_that_are_shown(
    written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "a.svg"
    ids = " ".join(map(str, lg.encode(Structure.from_pdb(PDB)).tolist()))
    for most, wanted in (("1", True), ("0", False)):
        assert said(capsys, ids, "--svg", str(picture), "--most", most)[0] == 0
        assert (" tokens)" in picture.read_text()) == wanted


def test_a_residue_that_was_not_seen_says_so(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    sequence = "SEQRES   1 A    3  GLY ALA SER\n"
    seen = [line for line in PDB.split("\n") if "ALA" not in line]
    text = sequence + "\n".join(seen).replace("SER A  10", "SER A   9")
    out = said(capsys, written("a.pdb", text), "--most", "0")[1]
    assert [line[:30].strip() for line in out.split("\n") if "not seen" in line] == [
        "ALA 8, not seen"
    ]


def test_a_number_of_sections_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "C", "--most", "-1"])
    assert "expected a number from 0, not '-1'" in capsys.readouterr().err
