"""Of grammars at random: masks and what is needed are what all sentences together say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

import logos_grammar as lg
from declared.random_grammars import (
    PARTS,
    UNITS,
    Bank,
    Rules,
    least_of,
    nested_rules,
    random_rules,
    sentences,
    text_of,
)
from logos_grammar import _core, declared

LONGEST = 9
MOST = 40_000


@pytest.mark.parametrize(
    ("make", "banks", "counts", "grammars"),
    [
        pytest.param(random_rules, (), None, 700, id="rules alone"),
        pytest.param(random_rules, (), "tried", 700, id="counts"),
        pytest.param(random_rules, (UNITS,), None, 5_000, id="labels"),
        pytest.param(nested_rules, (UNITS, PARTS), None, 100, id="labels within labels"),
        pytest.param(nested_rules, (UNITS,), "inner", 500, id="counts within labels"),
    ],
)
def test_masks_and_phi_are_what_all_sentences_say(
    make: Callable[[Random, Sequence[Bank]], Rules],
    banks: tuple[Bank, ...],
    counts: str | None,
    grammars: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = 0
    for seed in range(grammars):
        rules = make(Random(seed), banks)
        if min(least_of(rules).values()) == 0:
            continue
        text = text_of(rules, banks, counts=counts)
        try:
            grammar = _core.Grammar(text)
        except ValueError:
            continue
        all_of_them = sentences(rules, banks, LONGEST, MOST, counts=counts)
        if not all_of_them:
            continue
        monkeypatch.setattr(declared, "grammar_of", {"tried": grammar}.get)
        agrees(all_of_them, text)
        tried += 1
    assert tried > 20


def agrees(all_of_them: list[tuple[int, ...]], text: str) -> None:
    """Whether a recognizer with a budget and one without agree with all sentences."""
    after: dict[tuple[int, ...], set[int]] = {}
    needed: dict[tuple[int, ...], int] = {}
    for sentence in all_of_them:
        for at in range(len(sentence) + 1):
            prefix = sentence[:at]
            after.setdefault(prefix, set()).update(sentence[at : at + 1])
            needed[prefix] = min(needed.get(prefix, LONGEST), len(sentence) - at)
    free, kept = lg.Recognizer("tried"), lg.Recognizer("tried", budget=LONGEST)
    for prefix, wanted in needed.items():
        for one in (free, kept):
            one.reset()
            assert one.accept_many(prefix) == len(prefix), (text, prefix)
        assert free.min_tokens_to_complete() == len(free.closing_tokens()) == wanted, (text, prefix)
        assert set(kept.allowed().tolist()) == after[prefix], (text, prefix)
        # A budget that is tight tries each token; without one the mask has to be right by itself.
        for allowed in free.allowed():
            assert free.fork().accept(allowed), (text, prefix, allowed)
