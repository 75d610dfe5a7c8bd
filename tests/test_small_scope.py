"""Every word up to a length over a small alphabet: the core and the oracle agree on each.

The alphabets come from spec/ itself: the lowest ids of every terminal that an object type uses,
and for each refused example its own tokens, so that each condition is tried in all ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np
import pytest

import logos_grammar as lg
from oracle import EXPECTED, Recogniser, State, completion, lowest_ids, prefixes, read_spec

spec = read_spec()
recogniser = Recogniser(spec)
kinds = pytest.mark.parametrize("kind", spec.objects)
sizes = pytest.mark.parametrize(
    "share", [pytest.param(3, id="a third"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)

PREFIXES_OF_A_TYPE = 1500
PREFIXES_OF_AN_EXAMPLE = 150


@cache
def small_scope(alphabet: frozenset[int], most: int) -> list[tuple[tuple[int, ...], State]]:
    """Every prefix of a sentence of at most n tokens, for the largest n that gives `most`."""
    largest: list[tuple[tuple[int, ...], State]] = []
    for longest in range(1, 40):
        found = list(islice(prefixes(recogniser, longest, alphabet), most + 1))
        if len(found) > most:
            break
        largest = found
    return largest


def alphabets(kind: str) -> Iterator[tuple[frozenset[int], int]]:
    """Small alphabets, and how many prefixes to try over each."""
    yield lowest_ids(spec, kind, 1), PREFIXES_OF_A_TYPE
    yield lowest_ids(spec, kind, 2), PREFIXES_OF_A_TYPE
    own = set[frozenset[int]]()
    for example in spec.examples:
        if example.rule == kind and example.position is not None:
            begun = example.ids[: example.position]
            if recogniser.first_error(begun) is not None:
                begun = (*begun, *completion(recogniser, recogniser.reach(begun)))
            own.add(frozenset((*begun, *example.ids)))
    for alphabet in sorted(own, key=sorted):
        yield alphabet, PREFIXES_OF_AN_EXAMPLE


@sizes
@kinds
def test_the_core_and_the_oracle_agree_on_every_word(kind: str, share: int) -> None:
    for alphabet, most in alphabets(kind):
        for prefix, state in small_scope(alphabet, most // share):
            for token in alphabet:
                ids = np.array((*prefix, token), np.uint16)
                expected = recogniser.first_error((token,), after=state)
                found = lg.check(ids)
                if expected is None:
                    assert found is None, ids
                    assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()
                else:
                    assert found is not None, ids
                    position = len(prefix) + expected[0]
                    reason = found.condition or EXPECTED
                    assert (found.position, reason) == (position, expected[1]), ids


@sizes
@kinds
def test_next_ids_are_those_of_the_oracle_after_every_prefix(kind: str, share: int) -> None:
    for alphabet, most in alphabets(kind):
        for prefix, state in small_scope(alphabet, most // share // 2):
            found = lg.next_ids(np.array(prefix, np.uint16))
            assert found.tolist() == sorted(recogniser.allowed(state)), prefix


@sizes
@kinds
def test_no_two_words_are_one_object(kind: str, share: int) -> None:
    for alphabet, most in alphabets(kind):
        scope = small_scope(alphabet, most // share)
        things = [
            lg.decode(np.array(word, np.uint16))
            for word, state in scope
            if recogniser.is_complete(state)
        ]
        assert len(set(things)) == len(things)
