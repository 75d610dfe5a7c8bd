"""Of grammars at random: masks and what is needed are what all sentences together say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Final

import pytest

import logos_grammar as lg
from declared.drawn import After, Counts, Drawn, Indices, Labels, tokens_of
from declared.random_grammars import (
    Rules,
    Word,
    called_rules,
    least_of,
    nested_rules,
    random_rules,
    sentences,
    text_of,
    tokens_in,
)
from declared.rounds import BESIDE, Rounds
from logos_grammar import _core, declared

LONGEST: Final = 9
LONGEST_WITH_INDICES: Final = 13
LONGEST_WITH_ROUNDS: Final = 12
MOST: Final = 40_000
MOST_WITH_ROUNDS: Final = 60_000
MOST_WITH_INDICES: Final = 6_000
UNITS: Final = Labels("tried", "unit", "open", "closed", 7200)
PARTS: Final = Labels("inner", "part", "left", "right", 7216)
_GROUPS: Final = frozenset(range(lg.vocabulary.id("#0"), lg.vocabulary.id("#x3") + 1))


HALF_OR_ALL: Final = pytest.mark.parametrize(
    "share", [pytest.param(2, id="half"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
"""Of the grammars."""


@HALF_OR_ALL
@pytest.mark.parametrize(
    ("make", "stated", "grammars"),
    [
        pytest.param(random_rules, (), 700, id="rules alone"),
        pytest.param(random_rules, (Counts("tried"),), 700, id="counts"),
        pytest.param(random_rules, (UNITS,), 4_000, id="labels"),
        pytest.param(nested_rules, (UNITS, PARTS), 100, id="labels within labels"),
        pytest.param(nested_rules, (UNITS, Counts("inner")), 500, id="counts within labels"),
        pytest.param(called_rules, (), 300, id="calls"),
        pytest.param(called_rules, (PARTS,), 600, id="labels within calls"),
        pytest.param(called_rules, (Counts("inner"),), 300, id="counts within calls"),
        pytest.param(random_rules, (After("tried", "part"),), 4_000, id="only after"),
        pytest.param(called_rules, (After("tried", "unit"),), 600, id="only after, with calls"),
        pytest.param(called_rules, (After("tried", "part"),), 600, id="only after, within calls"),
        pytest.param(called_rules, (After("inner", "part"),), 600, id="only after, in each call"),
        pytest.param(
            random_rules, (After("tried", "part", is_behind=False),), 4_000, id="not after"
        ),
        pytest.param(
            called_rules, (After("inner", "part", is_behind=False),), 300, id="not after, in calls"
        ),
    ],
)
def test_masks_and_completions_are_what_all_sentences_say(
    make: Callable[[Random], Rules],
    stated: tuple[Drawn, ...],
    grammars: int,
    share: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = 0
    for seed in range(grammars // share):
        random = Random(seed)
        found = compiled(make(random), stated, random, longest=LONGEST, most=MOST)
        if found is None:
            continue
        grammar, text, all_of_them = found
        monkeypatch.setattr(declared, "grammar_of", {"tried": grammar}.get)
        agrees(all_of_them, text)
        tried += 1
    assert tried > 20 // share


@HALF_OR_ALL
@pytest.mark.parametrize(
    ("make", "holder", "grammars"),
    [
        pytest.param(random_rules, "tried", 900, id="alone"),
        pytest.param(called_rules, "inner", 480, id="within calls"),
    ],
)
def test_indices_are_what_all_sentences_say(
    make: Callable[[Random], Rules],
    holder: str,
    grammars: int,
    share: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = dict.fromkeys(((True, True), (True, False), (False, True)), 0)
    tokens = set[int]()
    for seed in range(grammars // share):
        random = Random(seed)
        indices = replace(Indices.at_random(random), holder=holder)
        limits = {"longest": LONGEST_WITH_INDICES, "most": MOST_WITH_INDICES}
        found = compiled(make(random), (indices,), random, **limits)
        if found is None:
            continue
        grammar, text, all_of_them = found
        if not any("begin site" in word for word in all_of_them):
            continue
        monkeypatch.setattr(declared, "grammar_of", {"tried": grammar}.get)
        agrees(all_of_them, text, indices)
        tried[indices.ascend, bool(indices.counts)] += 1
        tokens |= {len(tokens_of(value)) for value in indices.values}
    assert min(tried.values()) > 20 // share, tried
    assert tokens == {1, 3, 4}


@HALF_OR_ALL
def test_rounds_are_what_all_sentences_say(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: dict[tuple[str, bool], int] = {}
    for seed in range(90 // share):
        random = Random(seed)
        rounds = Rounds.at_random(random)
        stated = (rounds, *rounds.points())
        limits = {"longest": LONGEST_WITH_ROUNDS, "most": MOST_WITH_ROUNDS}
        found = compiled(rounds.rules(random), stated, random, **limits)
        if found is None:
            continue
        grammar, text, all_of_them = found
        monkeypatch.setattr(declared, "grammar_of", {"tried": grammar}.get)
        agrees(all_of_them, text, beside=BESIDE, longest=LONGEST_WITH_ROUNDS)
        for name in ("grid", "share", "order", "nested"):
            key = name, getattr(rounds, name)
            tried[key] = tried.get(key, 0) + 1
    assert len(tried) == 8, tried
    assert min(tried.values()) > 4 // share, tried


def compiled(
    rules: Rules, stated: Sequence[Drawn], random: Random, *, longest: int, most: int
) -> tuple[_core.Grammar, str, list[Word]] | None:
    """A grammar and all its sentences; None when it is refused, has none, or has too many."""
    for each in stated:
        each.put_into(rules, random)
    if min(least_of(rules).values()) == 0:
        return None
    text = text_of(rules, stated)
    try:
        grammar = _core.Grammar(text)
    except ValueError:
        return None
    all_of_them = sentences(rules, stated, longest, most)
    return (grammar, text, all_of_them) if all_of_them else None


def agrees(
    words: list[Word],
    text: str,
    indices: Indices | None = None,
    *,
    beside: frozenset[int] = frozenset(),
    longest: int | None = None,
) -> None:
    """Whether a recognizer with a budget and one without agree with all sentences.

    They have no tokens of `beside`.
    """
    longest = longest or (LONGEST if indices is None else LONGEST_WITH_INDICES)
    after: dict[tuple[int, ...], set[int]] = {}
    needed: dict[tuple[int, ...], int] = {}
    sites: set[tuple[int, ...]] = set()
    for word in words:
        sentence = tokens_in(word)
        for at in range(len(sentence) + 1):
            prefix = sentence[:at]
            after.setdefault(prefix, set()).update(sentence[at : at + 1])
            needed[prefix] = min(needed.get(prefix, longest), len(sentence) - at)
        marks = (at for at, each in enumerate(word) if each == "begin site")
        sites.update(tokens_in(word[:at]) for at in marks)
    free, kept = lg.Recognizer("tried"), lg.Recognizer("tried", budget=longest)
    for prefix, wanted in needed.items():
        for one in (free, kept):
            one.reset()
            assert one.accept_many(prefix) == len(prefix), (text, prefix)
        assert free.min_tokens_to_complete() == len(free.closing_tokens()) == wanted, (text, prefix)
        allowed = set(kept.allowed().tolist())
        # Sentences have some indices alone; all others may be read as well.
        beside = beside if indices is None else _GROUPS
        assert allowed - beside == after[prefix] - beside, (text, prefix)
        assert after[prefix] <= allowed, (text, prefix)
        if indices is not None and prefix in sites:
            for value in indices.values:
                tokens = tokens_of(value)
                accepted = kept.fork().accept_many(tokens) == len(tokens)
                assert accepted == ((*prefix, *tokens) in needed), (text, prefix, value)
        # A budget that is tight tries each token; without one the mask has to be right by itself.
        offered = free.allowed().tolist()
        for token in offered if len(offered) < 50 else [*offered[:9], *offered[-9:]]:
            assert free.fork().accept(token), (text, prefix, token)
