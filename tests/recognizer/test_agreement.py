"""The recognizer and `decode`, which has fast paths, agree: the same next ids, the same errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

import logos_grammar as lg
from logos_grammar.testing.strategies import near_misses, sentences, words

Ids = NDArray[np.uint16]
KINDS = sorted(path.stem for path in (Path(__file__).parents[2] / "spec/objects").glob("*.ebnf"))
UNEXPECTED, CONDITION = 1, 2

each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
def test_the_next_ids_are_the_same_at_every_prefix(kind: str) -> None:
    one, any_kind = lg.Recognizer(kind), lg.Recognizer()

    @given(sentences(kind))
    def law(ids: Ids) -> None:
        one.reset()
        any_kind.reset()
        for position, token in enumerate(ids):
            wanted = lg.next_ids(ids[:position]).tolist()
            assert any_kind.allowed().tolist() == wanted
            if position > 0:
                assert one.allowed().tolist() == wanted
            assert one.accept(int(token))
            assert any_kind.accept(int(token))
            assert one.is_done == (position + 1 == len(ids))
        assert one.allowed().size == 0

    law()


@each_kind
def test_the_errors_are_the_same(kind: str) -> None:
    recognizer = lg.Recognizer()

    @given(near_misses(kind) | words())
    def law(ids: Ids) -> None:
        error = lg.check(ids)
        recognizer.reset()
        accepted = recognizer.accept_many(ids)
        assert accepted == (len(ids) if error is None else error.position)
        assert recognizer.is_done == (error is None or error.expected_ids.size == 0)
        found = recognizer.error()
        if error is None or error.position == len(ids):
            assert found is None
            return
        wanted = (UNEXPECTED, accepted, str(error))
        if error.condition is not None:
            wanted = (CONDITION, accepted, error.condition)
        assert found == wanted
        assert recognizer.allowed().tolist() == error.expected_ids.tolist()

    law()
