"""Where conditions meet: masks offer what is accepted, and what is needed is exact."""

from __future__ import annotations

import pytest

from declared.exact import NUMBERS, OTHERS, PLAIN, states_that_are_exact
from declared.shapes import BEGINS, ENDS, FOUR, LABELS, ONE, THREE, TOKENS, TWO, grammar
from logos_grammar import _core, declared

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
AFTER_A_MOLECULE = f"""
tried = "<TriedS>" unit* "<TriedE>" ;
{LABELLED.format("begun", "ended", "unit", "tried")}
unit  = "one" molecule ( begun | ended )? ;
"""
COUNTED_NUMBERS = """
tried = "<TriedS>" decimals "one"* ( "two" number )* "<TriedE>" ;
    where: as_many("two", "one")
"""
SOME_NUMBERS = """
tried = "<TriedS>" decimals number number number unit* "<TriedE>" ;
unit  = "one" number number number ;
"""
NUMBERS_OR_NOT = 'tried = "<TriedS>" ( decimals number "one" number | "two" )* "<TriedE>" ;'
LAST_MATCHES = """
tried = "<TriedS>" inner* "<TriedE>" ;
inner = "one"* "three" ( "two" | "four" "two"* "four" )? ;
    where: as_many("two", "one")
"""
LAST_CLOSES = f"""
tried = "<TriedS>" inner* "<TriedE>" ;
inner = "one" begun? ( ended | "two" ended* "four" )? ;
{LABELLED.format("begun", "ended", "inner", "inner")}
"""
ATOMS = [192, 193, 195, 196, 384, 528, 784]


@pytest.mark.parametrize(
    ("rules", "few", "longest"),
    [
        pytest.param(INNER_AND_OUTER, PLAIN, 11, id="the labels of an inner rule"),
        pytest.param(AFTER_A_NUMBER, [*PLAIN, *NUMBERS], 12, id="labels after numbers"),
        pytest.param(AFTER_A_COUNT, PLAIN, 12, id="labels after counts"),
        pytest.param(AFTER_A_SYMBOL, PLAIN, 13, id="a symbol before what closes"),
        pytest.param(AFTER_A_MOLECULE, [*PLAIN, *ATOMS], 12, id="labels after molecules"),
        pytest.param(COUNTED_NUMBERS, [*PLAIN, *NUMBERS], 11, id="numbers that are counted"),
        pytest.param(SOME_NUMBERS, [*PLAIN, *NUMBERS], 12, id="numbers"),
        pytest.param(NUMBERS_OR_NOT, [*PLAIN, *NUMBERS], 10, id="numbers on one way"),
        pytest.param(LAST_MATCHES, PLAIN, 12, id="a last token that matches"),
        pytest.param(LAST_CLOSES, PLAIN, 12, id="a last token that closes"),
    ],
)
def test_masks_and_what_is_needed_are_exact(
    rules: str, few: list[int], longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _core.Grammar(grammar(rules, tokens=TOKENS + LABELS + OTHERS))
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    assert states_that_are_exact(few, longest) > 50


@pytest.mark.parametrize(
    ("rules", "good", "bad"),
    [
        (LAST_MATCHES, [[ONE, THREE, TWO], [ONE, ONE, THREE, FOUR, TWO, TWO, FOUR]], [ONE, THREE]),
        (LAST_CLOSES, [[ONE, 7200, 7208], [ONE, ONE, 7200, TWO, 7208, FOUR]], [ONE, 7200, ONE]),
        (
            """
tried = "<TriedS>" inner* "<TriedE>" ;
inner = "one" "two"? ;
    where: as_many("two", "one")
""",
            [[ONE, TWO], [ONE, TWO, ONE, TWO]],
            [ONE],
        ),
    ],
    ids=["matches", "closes", "has to match"],
)
def test_the_last_token_of_a_rule_may_pay(
    rules: str, good: list[list[int]], bad: list[int]
) -> None:
    machine = _core.Grammar(grammar(rules, tokens=TOKENS + LABELS))
    for sentence in good:
        assert machine.check([BEGINS, *sentence, ENDS]) is None
    assert machine.check([BEGINS, *bad, ENDS]) is not None


def test_labels_close_within_what_states_it() -> None:
    rules = f"""
tried = "<TriedS>" inner* "<TriedE>" ;
inner = "three" unit* ;
{LABELLED.format("begun", "ended", "unit", "tried")}
unit  = "one" ( begun | ended )? ;
"""
    with pytest.raises(ValueError, match="its rule stands around the one that states it"):
        _core.Grammar(grammar(rules, tokens=TOKENS + LABELS))


def test_a_symbol_before_what_has_to_close_last_is_refused() -> None:
    rules = f"""
tried = "<TriedS>" inner* "<TriedE>" ;
inner = "one" begun? ( "two" ended | "three" )? ;
{LABELLED.format("begun", "ended", "inner", "inner")}
"""
    with pytest.raises(ValueError, match="cannot be the last of its rule"):
        _core.Grammar(grammar(rules, tokens=TOKENS + LABELS))
