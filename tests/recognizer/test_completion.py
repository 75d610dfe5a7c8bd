"""Every state has an end: `phi` is how far it is, and under a budget it is always reached.

`phi` is exact when it is 0 for sentences alone, and when otherwise no token lowers it by more than
one and some token lowers it by one: then no completion is shorter, and one is as short. So it is
enough to look at each state and one token further; and a brute force search looks at all words.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

import logos_grammar as lg
import test_small_scope
from oracle import lowest_ids
from recognizer.states import (
    FAST,
    KINDS,
    Kind,
    begin,
    each_kind,
    each_profile,
    random_walk,
    scopes,
    small_scope,
    spec,
)

STATES = 400 if FAST else 20_000
WALKS = 30 if FAST else 3_000
LONGEST = 80
BUDGET_MISSED = 3


def states(kind: Kind, *, fewer: int = 1) -> Iterator[lg.Recognizer]:
    """Every state of the small scopes, and those of random walks in which objects rarely end."""
    recognizer = begin(kind)
    for alphabet in scopes(kind[0]):
        for _ in small_scope(recognizer, alphabet, most=STATES // fewer):
            yield recognizer
    for seed in range(WALKS // fewer):
        recognizer.reset()
        for _ in random_walk(recognizer, Random(seed), reluctance=0.95):
            yield recognizer
            if recognizer.position == LONGEST:
                break


def after_each(recognizer: lg.Recognizer) -> dict[int, int]:
    """What is still needed after each token that may come next."""
    needed = {}
    for token in recognizer.allowed().tolist():
        assert recognizer.accept(token)
        needed[token] = recognizer.min_tokens_to_complete()
        recognizer.rollback(1)
    return needed


@each_kind
def test_what_is_needed_is_exact(kind: Kind) -> None:
    for recognizer in states(kind):
        needed = after_each(recognizer)
        if recognizer.is_done:
            assert (recognizer.min_tokens_to_complete(), needed) == (0, {})
        else:
            assert min(needed.values()) == recognizer.min_tokens_to_complete() - 1 >= 0, (
                recognizer.ids
            )


@each_profile
def test_from_every_state_the_closing_tokens_complete_a_sentence(kind: Kind) -> None:
    for recognizer in states(kind, fewer=4):
        closing = recognizer.closing_tokens()
        ahead = recognizer.fork()
        assert ahead.accept_many(closing) == len(closing), recognizer.ids
        assert ahead.is_done, recognizer.ids
        assert ahead.is_accepting
        assert lg.check(ahead.ids) is None
        if kind[1] is None:
            assert len(closing) == recognizer.min_tokens_to_complete(), recognizer.ids
        else:
            # Under a profile it is a bound, which the closing tokens keep.
            assert len(closing) <= recognizer.min_tokens_to_complete(), recognizer.ids


@each_profile
def test_under_a_budget_exactly_what_can_still_be_completed_is_allowed(kind: Kind) -> None:
    for recognizer in states(kind, fewer=10):
        needed, ids = after_each(recognizer), recognizer.ids
        for left in range(
            recognizer.min_tokens_to_complete(), recognizer.min_tokens_to_complete() + 5
        ):
            kept = begin(kind, budget=len(ids) + left)
            if kept.accept_many(ids) < len(ids):
                # Under a profile it is a bound, which may have been too high on the way here.
                assert kind[1] is not None, (ids, left)
                continue
            wanted = [token for token, more in needed.items() if more < left]
            assert kept.allowed().tolist() == wanted, (ids, left)
            assert wanted or recognizer.is_done, (ids, left)
            assert kept.min_tokens_to_complete() == recognizer.min_tokens_to_complete()
            for token in set(needed) - set(wanted):
                assert not kept.accept(token), (ids, left, token)
                error = kept.error()
                assert error is not None
                assert error[:2] == (BUDGET_MISSED, len(ids))
            assert kept.ids.tolist() == ids.tolist()


@each_kind
@pytest.mark.parametrize("each", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_no_word_completes_a_prefix_sooner(kind: Kind, each: int) -> None:
    """Against all words of the oracle over the lowest ids of each terminal.

    One id of each would not do: the name of one `A` is none in RNA.
    """
    alphabet = lowest_ids(spec, kind[0], each)
    prefixes = [ids for ids, _ in test_small_scope.small_scope(alphabet, 1500)]
    longest = max(map(len, prefixes))
    shortest: dict[tuple[int, ...], int] = {}
    for ids in prefixes:
        if lg.check(np.array(ids, np.uint16)) is None:
            for n in range(len(ids) + 1):
                shortest[ids[:n]] = min(shortest.get(ids[:n], longest), len(ids) - n)
    assert shortest
    recognizer = lg.Recognizer()
    for ids in filter(None, prefixes):
        recognizer.reset()
        assert recognizer.accept_many(np.array(ids, np.uint16)) == len(ids)
        if ids in shortest:
            assert recognizer.min_tokens_to_complete() == shortest[ids], ids
        else:
            assert len(ids) + recognizer.min_tokens_to_complete() > longest, ids


@each_profile
def test_a_budget_below_the_shortest_sentence_is_refused(kind: Kind) -> None:
    shortest = begin(kind).min_tokens_to_complete()
    begin(kind, budget=shortest)
    for budget in (0, 1, shortest - 1):
        with pytest.raises(ValueError, match=f"at least {shortest} tokens.*not {budget}"):
            begin(kind, budget=budget)


def test_a_budget_leaves_out_objects_that_are_longer() -> None:
    openings = {kind: int(begin(kind).allowed()[0]) for kind in KINDS if kind[0] != "nucleic_acid"}
    for budget in range(2, 12):
        allowed = lg.Recognizer(budget=budget).allowed().tolist()
        for kind, opening in openings.items():
            assert (opening in allowed) == (begin(kind).min_tokens_to_complete() <= budget)
