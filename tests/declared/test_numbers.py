"""Numbers with several counts of decimals in force: each is counted with its own.

Coordinates have three decimals and occupancies two, in one object; what is needed and the masks are
exact at every state.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, ONE, TWO, grammar
from logos_grammar import _core, declared

ATOMS = """
tried = "<TriedS>" fine coarse atom* "<TriedE>" ;
fine = decimals ;
coarse = decimals ;
atom = "one" place place share? ;
place = whole fraction* ;
    where: places(place, fine)
share = "two" value ;
value = whole fraction* ;
    where: places(value, coarse)
"""
COUNTED = """
tried = "<TriedS>" fine coarse "one"* unit* "<TriedE>" ;
    where: as_many("two", "one")
fine = decimals ;
coarse = decimals ;
unit = "two" place value ;
place = whole fraction* ;
    where: places(place, fine)
value = whole fraction* ;
    where: places(value, coarse)
"""
NUMBERS = ["0.", ".000", ".100", ".110", ".123", "places0", "places2", "places3", "places4"]
FEW = [BEGINS, ENDS, ONE, TWO, *map(lg.vocabulary.id, NUMBERS)]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def compile_(rules: str) -> None:
        machine = _core.Grammar(grammar(rules))
        monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)

    return compile_


@pytest.mark.parametrize("rules", [ATOMS, COUNTED], ids=["atoms", "counted"])
def test_masks_and_what_is_needed_are_exact(rules: str, tried: Callable[[str], None]) -> None:
    tried(rules)
    waiting, seen = [lg.Recognizer("tried")], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        offered = set(one.allowed().tolist())
        needed = {}
        for id in offered | set(FEW):
            ahead = one.fork()
            assert ahead.accept(id) == (id in offered), (one.ids, id)
            if id in offered:
                needed[id] = ahead.min_tokens_to_complete()
                if id in FEW and ahead.position < 11 and (seen < 400 or id % 3 == seen % 3):
                    waiting.append(ahead)
        assert one.min_tokens_to_complete() == (0 if one.is_done else 1 + min(needed.values())), (
            one.ids
        )
        assert len(one.closing_tokens()) == one.min_tokens_to_complete(), one.ids
        if seen % 40 == 0:
            least = one.position + one.min_tokens_to_complete()
            kept = lg.Recognizer("tried", budget=least + 2)
            assert kept.accept_many(one.ids) == one.position
            wanted = sorted(id for id, more in needed.items() if more <= least + 1 - one.position)
            assert kept.allowed().tolist() == wanted, one.ids
        if seen > 3_000:
            break
    assert seen > 300


def test_each_number_has_the_decimals_of_its_own_count(tried: Callable[[str], None]) -> None:
    tried(ATOMS)
    counts, place, value = "places3 places2", "1. .234 2. .345", "0. .500"
    numbers = [list(map(lg.vocabulary.id, names.split())) for names in (counts, place, value)]
    ids = [BEGINS, *numbers[0], ONE, *numbers[1], TWO, *numbers[2], ENDS]
    one = lg.Recognizer("tried")
    assert one.accept_many(ids) == len(ids)
    assert one.is_done
    one.reset()
    # The third decimal of a value that has two is zero.
    assert one.accept_many([*ids[:-2], lg.vocabulary.id(".501")]) == len(ids) - 2
    assert one.error() == (2, len(ids) - 2, "places(value, coarse)")


@pytest.mark.parametrize("decimals", range(11))
def test_the_mask_of_each_group_is_what_has_so_many_decimals(
    decimals: int, tried: Callable[[str], None]
) -> None:
    tried('tried = "<TriedS>" decimals number* "<TriedE>" ;')
    one = lg.Recognizer("tried")
    first, zero = lg.vocabulary.id(".000"), lg.vocabulary.id("0.")
    assert one.accept_many([BEGINS, lg.vocabulary.id(f"places{decimals}"), zero]) == 3
    for written in range(0, decimals, 3):
        # The last group has zeros beyond the last decimal.
        unit = 10 ** max(0, written + 3 - decimals)
        assert one.allowed().tolist() == list(range(first, first + 1000, unit))
        assert one.accept(first + 1000 - unit)
    assert {ENDS, zero} <= set(one.allowed().tolist())
    assert not {*one.allowed().tolist()} & set(range(first, first + 1000))


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("place = whole fraction? ;\n    where: places(place, decimals)", "any number of"),
        ("place = whole ;\n    where: places(place, decimals)", "any number of"),
        ("place = whole fraction* ;\n    where: places(place, whole)", "one token of `decimals`"),
    ],
)
def test_numbers_that_could_not_have_their_decimals_are_refused(rules: str, reason: str) -> None:
    text = grammar(f'tried = "<TriedS>" decimals place* "<TriedE>" ;\n{rules}\n')
    with pytest.raises(ValueError, match=reason):
        _core.Grammar(text)
