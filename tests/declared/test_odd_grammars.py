"""Odd texts of grammars: what random ones and a hostile eye found, each once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import logos_grammar as lg
from declared import shapes
from declared.process import run
from declared.shapes import LABELS, TOKENS, grammar, tried
from logos_grammar import _core

pytestmark = pytest.mark.usefixtures("nothing_declared")


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


def test_a_wide_choice_is_soon_read() -> None:
    tokens = "tokens: tried at 7168\n    <TriedS>\n    <TriedE>\n    t{1..200}\n"
    options = " | ".join(f'"t{n}"' for n in range(1, 201))
    begun = time.process_time()
    _core.Grammar(f'{tokens}tried = "<TriedS>" ( {options} )* "<TriedE>" ;')
    assert time.process_time() - begun < 1


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


def labelled(unit: str, *, labels: str = LABELS, closes: str = "ended", more: str = "unit*") -> str:
    """An object of units, with labels."""
    return grammar(
        f'tried = "<TriedS>" {more} "<TriedE>" ;\n'
        "    where: lowest_free(begun, ended, unit)\n"
        f"    where: opened({closes}, begun)\n"
        "    where: closes_within(begun, ended, tried)\n"
        f"unit = {unit} ;",
        tokens=TOKENS + labels,
    )


PART = "neither in part nor among others"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (labelled('"one" ended?', more="unit* begun?"), "stands outside of its rules, too"),
        (labelled('"one"', more="ended"), "unit is used by no rule"),
        (labelled('"one"', more="( begun | ended )*"), "unit is used by no rule"),
        (
            labelled('"one" ( begun | ended )?', labels=LABELS.replace("c{1..3}", "c{1..2}")),
            "two sections with as many tokens",
        ),
        (labelled('"one" ( begun | "c1".."c2" )?'), PART),
        (labelled('"one" ( "o2".."o3" | ended )?'), PART),
        (labelled('"one" "o1".."c3"?', labels=LABELS.replace("7208", "7203")), PART),
        (
            labelled(
                '"one" ( begun | ended | closed )?',
                labels=LABELS + "tokens: closed at 7220\n    d{1..3}\n",
                closes="closed",
            ),
            "expected it to be about begun and ended",
        ),
        (
            grammar(
                'tried = "<TriedS>" begun* ended* "<TriedE>" ;\n    where: as_many("c1", "o1")',
                tokens=TOKENS + LABELS,
            ),
            PART,
        ),
        (
            tried('"one"* "two"*') + '    where: as_many("two", "one", "three")',
            "expected 2 arguments",
        ),
    ],
    ids=[
        "opening outside of the item",
        "closing, and no item",
        "both, and no item",
        "fewer to close than to open",
        "some of those that close",
        "some of those that open",
        "a span over both",
        "another section closes",
        "counted tokens in a block",
        "three things counted",
    ],
)
def test_conditions_that_would_not_hold_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        _core.Grammar(text)
