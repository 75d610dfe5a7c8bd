"""Masks where conditions meet: what one refuses before, at or after a token no other puts in."""

from __future__ import annotations

import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, FOUR, LABELS, ONE, THREE, TOKENS, TWO, grammar
from logos_grammar import _core, declared

OTHERS = """
tokens: left at 7216
    p{1..3}   number {n} begins, of the others
tokens: right at 7224
    q{1..3}   number {n} ends, of the others
"""
LABELLED = """
    where: lowest_free({0}, {1}, {2})
    where: opened({1}, {0})
    where: closes_within({0}, {1}, {3})
"""
INNER_AND_OUTER = f"""
tried = "<TriedS>" outer* "<TriedE>" ;
{LABELLED.format("begun", "ended", "outer", "tried")}
outer = "one" inner ( begun | ended )? ;
inner = unit unit* ;
{LABELLED.format("left", "right", "unit", "inner")}
unit  = "two" ( left | right )? ;
"""
AFTER_A_NUMBER = f"""
tried = "<TriedS>" decimals unit* "<TriedE>" ;
{LABELLED.format("begun", "ended", "unit", "tried")}
unit  = "one" number ( begun | ended )? ;
"""
AFTER_A_COUNT = f"""
tried = "<TriedS>" outer* "<TriedE>" ;
{LABELLED.format("begun", "ended", "outer", "tried")}
outer = "one" inner ( begun | ended )? ;
inner = "two" "three"* "four"* ;
    where: as_many("four", "three")
"""
AFTER_A_SYMBOL = f"""
tried = "<TriedS>" unit* "<TriedE>" ;
{LABELLED.format("begun", "ended", "unit", "tried")}
unit  = "one" ( begun | "two" ended )? ;
"""
PLAIN = [BEGINS, ENDS, ONE, TWO, THREE, FOUR, 7200, 7201, 7208, 7209, 7216, 7217, 7224, 7225]
ZERO, TENTHS, ONE_PLACE = (lg.vocabulary.id(name) for name in ("0.", ".100", "places1"))


@pytest.mark.parametrize(
    ("rules", "few", "longest"),
    [
        pytest.param(INNER_AND_OUTER, PLAIN, 9, id="the labels of an inner rule"),
        pytest.param(AFTER_A_NUMBER, [*PLAIN, ZERO, TENTHS, ONE_PLACE], 15, id="a number's places"),
        pytest.param(AFTER_A_COUNT, PLAIN, 10, id="a count"),
        pytest.param(AFTER_A_SYMBOL, PLAIN, 10, id="a symbol before what closes"),
    ],
)
def test_what_a_mask_offers_is_accepted(
    rules: str, few: list[int], longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = grammar(rules, tokens=TOKENS + LABELS + OTHERS)
    monkeypatch.setattr(declared, "grammar_of", {"tried": _core.Grammar(text)}.get)
    waiting, seen = [lg.Recognizer("tried")], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        offered = set(one.allowed().tolist())
        for id in offered | set(few):
            ahead = one.fork()
            assert ahead.accept(id) == (id in offered), (ahead, id)
            if id in few and id in offered and ahead.position < longest:
                waiting.append(ahead)
    assert seen > 50
