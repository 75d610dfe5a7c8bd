"""Odd grammars, classes and uses: what random grammars and a hostile eye found, each once."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from declared import shapes
from declared.process import run
from declared.shapes import BEGINS, ENDS, LABELS, ONE, TOKENS, came_back, grammar, tried
from declared.test_entry_points import LIPID, install
from logos_grammar import _core
from logos_grammar.derivation import grammar as known
from logos_grammar.notation import spec

pytestmark = pytest.mark.usefixtures("nothing_declared")


@dataclass(frozen=True)
class MaybeFlag:
    value: bool | None


@dataclass(frozen=True)
class Pause:
    long: bool


@dataclass(frozen=True)
class NumberOrPause:
    decimals: int
    value: Decimal | Pause


@dataclass(frozen=True)
class Inner:
    inner: Inner | None
    value: Decimal


@dataclass(frozen=True)
class Outer:
    decimals: int
    value: Inner


def brute(kind: str, prefix: list[int], few: list[int]) -> int:
    """The length of a shortest completion over some tokens."""
    now = [prefix]
    for length in range(16):
        later = []
        for ids in now:
            one = lg.Recognizer(kind)
            assert one.accept_many(ids) == len(ids)
            if one.is_done:
                return length
            later += [[*ids, id] for id in one.allowed().tolist() if id in few]
        now = later
    raise AssertionError("none")


def test_false_comes_back() -> None:
    lg.declare(tried('( "one" "two"? )?'), MaybeFlag)
    assert came_back(MaybeFlag(False)) == MaybeFlag(False)


def test_false_is_not_none() -> None:
    lg.declare(tried('( "one" "two"* )?'), shapes.MaybeCount)
    with pytest.raises(lg.GrammarError):
        came_back(shapes.MaybeCount(False))


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (
            'decimals ( number | pause ) "<TriedE>" ;\npause = "one" "two" "three"? ;',
            "as many numbers",
        ),
        ('decimals inner "<TriedE>" ;\ninner = "one" ( inner "two" )? number ;', "no number after"),
    ],
)
def test_numbers_that_could_not_be_counted_are_refused(rules: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        lg.declare(grammar(f'tried = "<TriedS>" {rules}'), NumberOrPause)


def test_a_class_of_the_spec_is_refused() -> None:
    with pytest.raises(TypeError):
        lg.declare(tried("amino_acid"), lg.protein.Protein)


def test_a_number_that_is_no_id_is_refused_where_it_stands() -> None:
    lg.declare(tried('( "one" | "two" )*'), shapes.Words)
    found = lg.check([BEGINS, ONE, 99999])
    assert found is not None
    assert found.position == 2


def test_numpy_ids_are_ids() -> None:
    lg.declare(tried('"one"?'), shapes.Flag)
    assert np.uint16(BEGINS) in lg.vocabulary


@pytest.mark.parametrize(
    "text",
    [
        tried('"one"' + "?" * 20_000),
        grammar(
            "".join(
                f"{'tried' if i == 0 else f'r{i}'} = "
                + ('"<TriedS>" ' if i == 0 else "")
                + '( "one" ' * 60
                + (f"r{i + 1}" if i < 89 else '"two"')
                + ' "one" )' * 60
                + (' "<TriedE>"' if i == 0 else "")
                + " ;\n"
                for i in range(90)
            )
        ),
    ],
)
def test_what_nests_too_deep_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        lg.declare(text, shapes.Nothing)


def test_postfix_signs_do_not_end_the_process(tmp_path: Path) -> None:
    code = (
        f"from logos_grammar import _core\n_core.Grammar({TOKENS!r} + "
        "'tried = \"<TriedS>\" \"one\"' + '?' * 300_000 + ' \"<TriedE>\" ;')"
    )
    status, _, _ = run("-c", code, folder=tmp_path)
    assert status == 1


def test_a_wide_choice_is_soon_read_or_refused() -> None:
    tokens = "tokens: tried at 7168\n    <TriedS>\n    <TriedE>\n    t{1..200}\n"
    options = " | ".join(f'"t{n}"' for n in range(1, 201))
    begun = time.monotonic()
    with suppress(ValueError):
        _core.Grammar(f'{tokens}tried = "<TriedS>" ( {options} )* "<TriedE>" ;')
    assert time.monotonic() - begun < 1


def test_a_comment_may_speak_of_tokens() -> None:
    comment = "(*\ntokens: these are the tokens\n*)\n"
    lg.declare(comment + tried('"one"?'), shapes.Flag)


def test_what_is_commented_out_is_not_declared() -> None:
    lg.declare("(*\ntokens: old at 7400\n    old\n*)\n" + tried('"one"?'), shapes.Flag)
    assert 7400 not in lg.vocabulary


def test_lines_may_end_as_elsewhere() -> None:
    text = TOKENS.replace("    one", "\n    one") + tried('"one"?').removeprefix(TOKENS)
    lg.declare(text.replace("\n", "\r\n"), shapes.Flag)


def test_what_may_be_empty_may_use_itself_or_is_refused() -> None:
    text = grammar(
        'tried = "<TriedS>" unit "two" "<TriedE>" ;\n'
        'unit = ( "three" unit "four" )? | "one" unit ;',
        tokens=TOKENS,
    )
    with pytest.raises(ValueError, match="unit may be empty and uses itself"):
        _core.Grammar(text)


LABELLED = (
    "    where: lowest_free(begun, ended, unit)\n"
    "    where: opened(ended, begun)\n"
    "    where: closes_within(begun, ended, {})\n"
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            grammar(
                'tried = "<TriedS>" ended "<TriedE>" ;\nunit = "one" ;\n' + LABELLED.format("unit"),
                tokens=TOKENS + LABELS,
            ),
            id="labels outside of their rule",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" unit* "<TriedE>" ;\n'
                + LABELLED.format("tried")
                + 'unit = "one" ( begun | ended )? ;',
                tokens=TOKENS + LABELS.replace("c{1..3}", "c{1..2}"),
            ),
            id="fewer to close than to open",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" unit* "<TriedE>" ;\n'
                + LABELLED.format("tried")
                + 'unit = "one" ( begun | "c1".."c2" )? ;',
                tokens=TOKENS + LABELS,
            ),
            id="some of those that close",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" unit* "<TriedE>" ;\n'
                + LABELLED.format("tried")
                + 'unit = "one" ( "o2".."o3" | ended )? ;',
                tokens=TOKENS + LABELS,
            ),
            id="some of those that open",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" unit* "<TriedE>" ;\n'
                + LABELLED.format("tried")
                + 'unit = "one" "o1".."c3"? ;',
                tokens=TOKENS + LABELS.replace("7208", "7203"),
            ),
            id="a span over both",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" unit* "<TriedE>" ;\n'
                + LABELLED.format("tried").replace("opened(ended", "opened(closed")
                + 'unit = "one" ( begun | ended | closed )? ;',
                tokens=TOKENS + LABELS + "tokens: closed at 7220\n    d{1..3}\n",
            ),
            id="another section closes",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" begun* ended* "<TriedE>" ;\n    where: as_many("c1", "o1")',
                tokens=TOKENS + LABELS,
            ),
            id="counted tokens in a block",
        ),
        pytest.param(
            tried('"one"* "two"*') + '    where: as_many("two", "one", "three")',
            id="three things counted",
        ),
        pytest.param(
            grammar(
                'tried = "<TriedS>" ( begun | ended )* "<TriedE>" ;\n'
                + LABELLED.format("tried")
                + 'unit = "one" ;',
                tokens=TOKENS + LABELS,
            ),
            id="closing outside of the item",
        ),
    ],
)
def test_conditions_that_would_not_hold_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|outside|used by no rule"):
        _core.Grammar(text)


def test_a_class_that_needs_more_than_its_fields_is_refused() -> None:
    with pytest.raises(TypeError):
        lg.declare(tried('"one"?'), shapes.WithInitVar)


@dataclass(frozen=True)
class NoSyntax:
    value: "Foo["  # type: ignore  # noqa


@dataclass(frozen=True)
class NoAttribute:
    value: lg.nothing


@pytest.mark.parametrize("cls", [NoSyntax, NoAttribute])
def test_annotations_that_mean_nothing_are_type_errors(cls: Any) -> None:
    with pytest.raises(TypeError):
        lg.declare(tried('"one"?'), cls)


def test_what_is_encoded_is_decoded() -> None:
    lg.declare(
        grammar('tried = "<TriedS>" nested "<TriedE>" ;\nnested = "one" ( nested "two" )? ;'),
        shapes.Nest,
    )
    inner = shapes.Nested(None)
    for _ in range(330):
        inner = shapes.Nested(inner)
        try:
            ids = lg.encode(shapes.Nest(inner))
        except lg.GrammarError:
            return
        lg.decode(ids)


OTHER = "tokens: other at 7500\n    <OS>\n    <OE>\n    o1\n    o2\n"


def test_a_kind_may_have_the_name_of_a_rule_of_another() -> None:
    lg.declare(grammar('tried = "<TriedS>" unit "<TriedE>" ;\nunit = "one" | "two" ;'), shapes.Word)
    lg.declare(OTHER + 'unit = "<OS>" ( "o1" | "o2" ) "<OE>" ;', shapes.OtherWord)
    assert {"tried", "unit"} <= set(spec().objects())


def test_sections_of_one_name_are_kept_apart_or_refused() -> None:
    lg.declare(
        grammar(
            'tried = "<TriedS>" mark "<TriedE>" ;',
            tokens=TOKENS + "tokens: mark at 7200\n    m1\n    m2\n",
        ),
        shapes.Word,
    )
    try:
        lg.declare(
            OTHER + 'tokens: mark at 7510\n    n1\n    n2\ny = "<OS>" mark "<OE>" ;',
            shapes.OtherWord,
        )
    except ValueError:
        return
    assert len(list(known().places([BEGINS, 7510, ENDS]))) == 1


def test_a_section_may_have_the_name_of_a_rule_of_another() -> None:
    lg.declare(grammar('tried = "<TriedS>" mark "<TriedE>" ;\nmark = "one" | "two" ;'), shapes.Word)
    try:
        lg.declare(
            OTHER + 'tokens: mark at 7510\n    n1\n    n2\ny = "<OS>" mark "<OE>" ;',
            shapes.OtherWord,
        )
    except ValueError:
        return
    assert len(list(known().places([7500, 7510, 7501]))) == 3


def test_no_page_of_the_spec_is_replaced() -> None:
    try:
        lg.declare(grammar('common = "<TriedS>" ( "one" | "two" ) "<TriedE>" ;'), shapes.Word)
    except ValueError:
        return
    assert spec().pages["common"].rules[0].name == "index"


def test_an_id_that_is_none_in_an_example_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="70000"):
        lg.declare(tried('"one"?') + "accepted: tried\n    70000", shapes.Flag)


def test_spec_shows_an_installed_type(tmp_path: Path) -> None:
    path = install(tmp_path / "one", "fats", {"lipid": LIPID}, {"lipid": "fats.lipid"})
    for arguments in (("spec",), ("spec", "lipid")):
        status, out, err = run("-m", "logos_grammar", *arguments, folder=tmp_path, path=path)
        assert status == 0, err
        assert "lipid" in out
