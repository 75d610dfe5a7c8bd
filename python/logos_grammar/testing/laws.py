"""The laws of the grammar as a suite of pytest, for any object type, declared ones above all.

>>> from logos_grammar.testing.laws import laws
>>> TestGlycan = laws("glycan")  # doctest: +SKIP
"""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from logos_grammar._core import Recognizer
from logos_grammar.codec import check, decode, encode, next_ids
from logos_grammar.error import GrammarError
from logos_grammar.testing.strategies import near_misses, objects, refusals, sentences, walks
from logos_grammar.vocabulary import vocabulary

Ids = NDArray[np.uint16]


def laws(kind: str) -> type:
    """Make the suite of one object type: a class of tests, to be named ``Test…`` in a module.

    Parameters
    ----------
    kind
        The name of an object type.

    Returns
    -------
    type
        A class whose methods are the theorems of ``spec/README.md`` as properties; how many
        examples each has is for the settings of Hypothesis to say.
    """

    class Laws:
        @settings(deadline=None)
        @given(objects(kind))
        def test_nothing_is_lost(self, thing: Any) -> None:
            """Theorem 1."""
            ids = encode(thing)
            assert ids.dtype == np.uint16
            assert check(ids) is None
            assert decode(ids) == thing
            assert pickle.loads(pickle.dumps(thing)) == thing

        @settings(deadline=None)
        @given(sentences(kind))
        def test_one_sentence_is_one_object(self, ids: Ids) -> None:
            """Theorem 2."""
            assert encode(decode(ids)).tolist() == ids.tolist()

        @settings(deadline=None)
        @given(near_misses(kind))
        def test_what_is_accepted_is_written_the_same(self, ids: Ids) -> None:
            """Theorem 2, of what was not made to be a sentence."""
            if check(ids) is None:
                assert encode(decode(ids)).tolist() == ids.tolist()

        @settings(deadline=None)
        @given(refusals(kind))
        def test_nothing_else_gets_in(self, refused: tuple[Ids, int]) -> None:
            """Theorem 3."""
            ids, position = refused
            error = check(ids)
            # What does not begin as this type may begin as another.
            if position > 0:
                assert error is not None
                assert error.position == position
                assert not _is_decoded(ids)
            one = Recognizer(kind)
            assert one.accept_many(ids) == position

        @settings(deadline=None)
        @given(sentences(kind), st.integers(0, 1 << 16))
        def test_the_next_tokens_are_those_that_are_accepted(self, ids: Ids, at: int) -> None:
            """Theorem 6."""
            prefix = ids[: 1 + at % len(ids)]
            one = Recognizer(kind)
            assert one.accept_many(prefix) == len(prefix)
            allowed = set(one.allowed().tolist())
            assert set(next_ids(prefix).tolist()) == allowed
            for token in range(vocabulary.size):
                assert one.accept(token) == (token in allowed)
                if token in allowed:
                    one.rollback(1)

        @settings(deadline=None)
        @given(walks(kind, max_tokens=24), st.integers(0, 1 << 16))
        def test_a_shortest_completion_completes(self, ids: Ids, at: int) -> None:
            """Theorem 8."""
            one = Recognizer(kind)
            one.accept_many(ids[: at % len(ids)])
            closing = one.closing_tokens()
            assert len(closing) == one.min_tokens_to_complete()
            assert one.accept_many(closing) == len(closing)
            assert one.is_done
            assert check(one.ids) is None

    return Laws


def _is_decoded(ids: Ids) -> bool:
    try:
        decode(ids)
    except GrammarError:
        return False
    return True
