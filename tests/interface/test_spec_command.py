"""`python -m logos_grammar spec`: rules in words and as railroads, and the notation they are in."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import logos_grammar as lg
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
from logos_grammar.grammar.reader import read_spec
from logos_grammar.grammar.spec import spec

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["spec", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", spec().objects())
def test_the_rules_of_a_type_are_printed_as_the_spec_has_them(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = said(capsys, name)
    for rule in spec().pages[name].rules:
        assert rule.text in out
        for condition in rule.conditions:
            assert f"where: {condition}" in out
    for example in spec().pages[name].accepted:
        assert example.meaning in out


def test_rules_of_other_pages_are_printed_where_they_are_needed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = said(capsys, "reaction")
    assert out.index("needs, from other pages") < out.index("bracket   = ")
    assert "positive = " in out
    assert "residue" not in out


def test_without_a_type_all_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys).splitlines()
    assert [line.split()[0] for line in lines] == list(spec().objects())


def test_an_unknown_type_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["spec", "unicorn"])
    assert caught.value.code == 2
    assert "molecule" in capsys.readouterr().err


@pytest.mark.parametrize("name", spec().objects())
def test_pictures_are_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    said(capsys, name, "--svg", str(svg), "--html", str(html))
    words = [text.text for text in ElementTree.parse(svg).getroot().iter(f"{SVG}text")]
    page = html.read_text()
    for rule in spec().pages[name].rules:
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


def test_the_library_carries_the_spec_of_the_repository() -> None:
    files = [ROOT / "spec" / "common.ebnf", *sorted((ROOT / "spec" / "objects").glob("*.ebnf"))]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert dict(read_spec(texts).rules) == dict(spec().rules)
    assert dict(read_spec(texts).pages) == dict(spec().pages)


def test_a_page_is_read_as_it_is_written() -> None:
    text = """(* What it is,
   on two lines. *)
thing = "a" ( x | "b".."c" y? )* ;
    where: unique(x)
x     = "(" ;

accepted: thing
    1 2                    a meaning
refused: thing
                   at 0: expected   cut short
    1 3            at 1: unique(x)  twice
"""
    page = read_spec({"objects/thing.ebnf": text}).pages["thing"]
    thing = page.rules[0]
    assert thing.comment == "What it is, on two lines."
    assert thing.conditions == ("unique(x)",)
    choice = Choice((Name("x"), Sequence((Span("b", "c"), Maybe(Name("y"))))))
    assert thing.body == Sequence((Token("a"), Many(choice)))
    assert page.rules[1].body == Token("(")
    assert [(e.ids, e.meaning) for e in page.accepted] == [((1, 2), "a meaning")]
    assert [(e.ids, e.position, e.reason, e.why) for e in page.refused] == [
        ((), 0, "expected", "cut short"),
        ((1, 3), 1, "unique(x)", "twice"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('a = "b"', "expected ;, found the end at a.ebnf, line 1"),
        ('a = ( "b" ;', r"expected \), found ; at a.ebnf, line 1"),
        ('\na = "b" ! ;', "unexpected '!' at a.ebnf, line 2"),
        ("", "expected a rule in a.ebnf"),
        ('a = "b" ;\naccepted: a\n    one\n', "expected an example, found 'one'"),
        ('a = "b" ;\nrefused: a\n    1  because\n', "expected `at N: reason`"),
        ('a = "b" ; a = "c" ;', "two rules are named a"),
    ],
)
def test_what_is_not_in_the_notation_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_spec({"a.ebnf": text})


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
