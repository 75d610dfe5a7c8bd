"""A budget with much to spare is looked at again once it may matter, after rollback too."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from logos_grammar.kinds import OBJECT_TYPES


@pytest.mark.parametrize(
    ("kind", "profile"),
    [
        *((kind, None) for kind in OBJECT_TYPES),
        ("molecule", "kekule+valence"),
        ("reaction", "kekule+valence"),
    ],
)
def test_masks_are_those_of_a_new_recognizer(kind: str, profile: str | None) -> None:
    random = Random(f"{kind} {profile}")
    for _ in range(6):
        budget = random.randrange(60, 100)
        one = lg.Recognizer(kind, profile=profile, budget=budget)
        for _ in range(4):
            _walk(one, random)
            one.rollback(random.randrange(one.position // 2, one.position + 1))
            one = one.fork()


def _walk(one: lg.Recognizer, random: Random) -> None:
    """To the end of the sentence; every few tokens the mask is compared."""
    while len(allowed := one.allowed()):
        if random.random() < 0.2:
            new = lg.Recognizer(one.kind, profile=one.profile, budget=one.budget)
            assert new.accept_many(one.ids) == one.position
            assert allowed.tolist() == new.allowed().tolist(), one.ids
        # Late ids open more than they close.
        assert one.accept(int(allowed[int(len(allowed) * random.random() ** 0.5)]))
    assert one.is_done, one.ids
