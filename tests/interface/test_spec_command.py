"""`python -m logos_grammar spec`: rules in words and as railroads, and the notation they are in."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import logos_grammar as lg
import oracle
from logos_grammar import kinds
from logos_grammar.__main__ import main
from logos_grammar.display.palette import colour
from logos_grammar.display.railroad import railroad
from logos_grammar.grammar.notation import (
    Choice,
    Many,
    Maybe,
    Name,
    Rule,
    Sequence,
    Span,
    Token,
)
from logos_grammar.grammar.spec import spec

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["spec", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", spec().kinds())
def test_the_rules_of_a_kind_are_printed_as_the_spec_has_them(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = said(capsys, name)
    for rule in spec().page(name).rules:
        assert rule.text in out
        for condition in rule.conditions:
            assert f"where: {condition}" in out
    for example in spec().page(name).accepted:
        assert example.meaning in out


@pytest.mark.parametrize("form", ["dna", "rna"])
def test_the_page_of_a_form_is_what_its_type_has_of_it(form: str) -> None:
    page, whole = spec().page(form), spec().page("nucleic_acid")
    assert page.rules[0].name == form
    names = {rule.name for rule in page.rules}
    assert names == {form, f"{form}_nucleotide", f"modified_{form}"}
    for shown, all_of_them in ((page.accepted, whole.accepted), (page.refused, whole.refused)):
        assert shown
        opening = {lg.vocabulary.id(f"<{form.capitalize()}S>")}
        assert list(shown) == [each for each in all_of_them if set(each.ids[:1]) == opening]
    kinds_ = spec().kinds()
    assert kinds_.index("nucleic_acid") < kinds_.index(form) < kinds_.index("protein")
    assert set(kinds.FORMS) == set(spec().kinds()) - set(spec().objects())


def test_rules_of_other_pages_are_printed_where_they_are_needed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = said(capsys, "reaction")
    assert out.index("needs, from other pages") < out.index("bracket   = ")
    assert "positive = " in out
    assert "residue" not in out


def test_without_a_type_all_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys).splitlines()
    assert [line.split()[0] for line in lines] == list(spec().kinds())
    assert "A form of nucleic_acid." in said(capsys)


def test_an_unknown_type_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["spec", "unicorn"])
    assert caught.value.code == 2
    assert "molecule" in capsys.readouterr().err


@pytest.mark.parametrize("name", spec().kinds())
def test_pictures_are_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    said(capsys, name, "--svg", str(svg), "--html", str(html))
    words = [text.text for text in ElementTree.parse(svg).getroot().iter(f"{SVG}text")]
    page = html.read_text()
    for rule in spec().page(name).rules:
        assert rule.name in words
        assert f'id="{rule.name}"' in page


def words_of(node: object) -> list[str]:
    """What the boxes of a rule say, in its order."""
    match node:
        case Token(name) | Name(name):
            return [name]
        case Span(first, last):
            return [f"{first} … {last}"]
        case Sequence(parts) | Choice(parts):
            return [word for part in parts for word in words_of(part)]
        case Maybe(part) | Many(part):
            return words_of(part)
    raise AssertionError(node)


@pytest.mark.parametrize("rule", spec().rules.values(), ids=spec().rules)
def test_a_railroad_has_a_box_for_each_part_and_stays_within_its_picture(rule: Rule) -> None:
    picture = ElementTree.fromstring(railroad(rule))
    assert [text.text for text in picture.iter(f"{SVG}text")] == words_of(rule.body)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    assert width < 1000
    for x, y, wide, high in boxes(picture):
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height


def boxes(
    element: ElementTree.Element, x: float = 0, y: float = 0
) -> list[tuple[float, float, float, float]]:
    """Every rectangle: where its left upper corner is, how wide and how high."""
    if "transform" in element.attrib:
        dx, dy = map(float, element.attrib["transform"][len("translate(") : -1].split())
        x, y = x + dx, y + dy
    found = [box for child in element for box in boxes(child, x, y)]
    if element.tag == f"{SVG}rect":
        left, top, wide, high = (float(element.get(k, 0)) for k in ("x", "y", "width", "height"))
        found.append((x + left, y + top, wide, high))
    return found


def test_boxes_of_a_railroad_do_not_touch() -> None:
    for rule in spec().rules.values():
        placed = boxes(ElementTree.fromstring(railroad(rule)))
        for number, (x, y, wide, high) in enumerate(placed):
            for left, top, width, height in placed[:number]:
                apart = (
                    x >= left + width or left >= x + wide or y >= top + height or top >= y + high
                )
                assert apart, rule.name


def test_the_pages_of_the_core_are_those_that_the_oracle_reads() -> None:
    read = oracle.read_spec()
    carried = spec()
    assert set(carried.rules) == set(read.rules)
    for name, rule in read.rules.items():
        assert "".join(carried.rules[name].text.split()) == "".join(rule.source.split())
        assert carried.rules[name].conditions == tuple(where.text for where in rule.wheres)
    accepted = [(each.rule, each.ids) for page in carried.pages.values() for each in page.accepted]
    refused = [
        (each.rule, each.ids, each.position, each.reason)
        for page in carried.pages.values()
        for each in page.refused
    ]
    assert accepted == [(e.rule, tuple(e.ids)) for e in read.examples if e.position is None]
    assert refused == [
        (e.rule, tuple(e.ids), e.position, e.reason)
        for e in read.examples
        if e.position is not None
    ]
    assert carried.pages["molecule"].rules[0].comment.startswith("Atoms and bonds in the order")


def test_rules_are_trees_that_know_with_what_they_begin() -> None:
    rules = spec().rules
    isotope, symbol = rules["isotope"].body, rules["symbol"].body
    assert isotope == Name("positive")
    assert symbol == Choice((Name("element"), Name("aromatic")))
    bracket = rules["bracket"].body
    assert isinstance(bracket, Sequence)
    assert bracket.parts[:2] == (Token("["), Maybe(Name("isotope")))
    assert bracket.begins == {lg.vocabulary.id("[")}
    assert not bracket.may_be_empty
    assert bracket.parts[1].may_be_empty
    bare = rules["bare"].body
    assert isinstance(bare, Choice)
    assert bare.parts[0] == Span("C", "*")
    assert bare.begins >= {lg.vocabulary.id(name) for name in ("C", "*", "c", "s")}
    assert rules["molecule"].body == Sequence(
        (
            Token("<MoleculeS>"),
            Name("component"),
            Many(Sequence((Token("."), Name("component")))),
            Token("<MoleculeE>"),
        )
    )


def test_every_block_has_a_colour_that_can_be_read() -> None:
    def luminance(shade: str) -> float:
        channels = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    papers = set()
    for block in lg.vocabulary.blocks:
        shade = colour(block.name)
        assert (luminance(shade.paper) + 0.05) / (luminance(shade.ink) + 0.05) > 7
        papers.add(shade.line)
    assert len(papers) == len(lg.vocabulary.blocks)
