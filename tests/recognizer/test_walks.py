"""Whatever is sampled under a budget is a sentence in time, and decodes."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from recognizer.states import FAST, Kind, begin, each_profile, random_walk

WALKS = 100 if FAST else 10_000


@each_profile
@pytest.mark.parametrize("budget", [16, 24, 64, 256])
def test_every_walk_ends_within_its_budget_and_decodes(kind: Kind, budget: int) -> None:
    recognizer = begin(kind, budget=budget)
    lengths = []
    for seed in range(WALKS):
        recognizer.reset()
        # Some end when they like, some as late as they can.
        for _ in random_walk(recognizer, Random(seed), reluctance=(0.0, 0.5, 0.9, 1.0)[seed % 4]):
            pass
        ids = recognizer.ids
        assert len(ids) <= budget
        assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()
        lengths.append(len(ids))
    assert max(lengths) == budget


@each_profile
def test_a_walk_within_the_shortest_budget_is_a_shortest_sentence(kind: Kind) -> None:
    shortest = begin(kind).min_tokens_to_complete()
    recognizer = begin(kind, budget=shortest)
    for seed in range(WALKS):
        recognizer.reset()
        for _ in random_walk(recognizer, Random(seed), reluctance=1.0):
            assert recognizer.position + recognizer.min_tokens_to_complete() == shortest
        assert lg.check(recognizer.ids) is None
