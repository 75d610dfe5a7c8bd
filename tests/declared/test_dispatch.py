"""Declared objects beside those of the spec: each function knows them by class or first token."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, ONE, THREE, TWO, Word, tried
from logos_grammar.encoded import Encoded
from logos_grammar.molecule import Molecule
from logos_grammar.protein import Protein

SENTENCE = [BEGINS, ONE, ENDS]


@pytest.fixture(autouse=True)
def _word_is_declared(nothing_declared: None) -> None:
    lg.declare(tried('( "one" | "two" )'), Word)


def test_many_may_be_of_all_types() -> None:
    things: list[Any] = [
        Word("one"),
        Protein("MK"),
        Word("two"),
        Molecule.from_smiles("CO"),
        Word("one"),
    ]
    encoded = lg.encode_many(things)
    assert encoded.ids.dtype == np.uint16
    assert encoded.offsets.dtype == np.int64
    assert len(encoded) == len(things)
    for ids, thing in zip(encoded, things, strict=True):
        assert ids.tolist() == lg.encode(thing).tolist()
    assert lg.decode_many(encoded) == things


def test_none_are_none() -> None:
    encoded = lg.encode_many([])
    assert len(encoded) == 0
    assert encoded.ids.dtype == np.uint16
    assert lg.decode_many(encoded) == []


def test_the_record_that_fails_is_said() -> None:
    things: list[Any] = [Protein("MK"), Word("six")]
    with pytest.raises(lg.GrammarError, match="of record 1") as refused:
        lg.encode_many(things)
    assert (refused.value.record, refused.value.position) == (1, 1)
    cut = Encoded(np.array([*SENTENCE, BEGINS, TWO], np.uint16), np.array([0, 3, 5], np.int64))
    with pytest.raises(lg.GrammarError, match="of record 1") as refused:
        lg.decode_many(cut)
    assert (refused.value.record, refused.value.position) == (1, 2)


def test_what_is_no_object_is_refused_among_them() -> None:
    things: list[Any] = [Word("one"), 3]
    with pytest.raises(TypeError):
        lg.encode_many(things)


def test_the_first_token_says_which_type_it_is() -> None:
    assert lg.check(SENTENCE) is None
    assert lg.check(lg.encode(Protein("MK"))) is None
    assert lg.next_ids([BEGINS]).tolist() == [ONE, TWO]
    assert lg.next_ids(np.array([BEGINS, ONE], np.int64)).tolist() == [ENDS]
    assert lg.next_ids(SENTENCE).tolist() == []
    assert lg.decode(np.array(SENTENCE, np.uint16)) == Word("one")


@pytest.mark.parametrize(
    ("ids", "position", "expected"),
    [
        ([BEGINS], 1, ("one", "two")),
        ([BEGINS, THREE], 1, ("one", "two")),
        ([BEGINS, ONE, ONE], 2, ("<TriedE>",)),
        ([*SENTENCE, ENDS], 3, ()),
        ([ONE], 0, ("<TriedS>",)),
    ],
)
def test_an_error_names_declared_tokens(
    ids: list[int], position: int, expected: tuple[str, ...]
) -> None:
    found = lg.check(ids)
    assert found is not None
    assert (found.position, found.condition) == (position, None)
    assert set(expected) <= set(found.expected)
    with pytest.raises(lg.GrammarError) as refused:
        lg.decode(ids)
    assert str(refused.value) == str(found)
    again = pickle.loads(pickle.dumps(found))
    assert (str(again), again.position) == (str(found), position)


def test_an_id_that_no_type_has_begins_nothing() -> None:
    found = lg.check([7900])
    assert found is not None
    assert found.position == 0


def test_a_recognizer_of_a_declared_kind_is_pickled_where_it_stands() -> None:
    one = lg.Recognizer("tried", budget=8)
    one.accept_many([BEGINS, TWO])
    again = pickle.loads(pickle.dumps(one))
    assert again.ids.tolist() == [BEGINS, TWO]
    assert again.allowed().tolist() == [ENDS]
    assert again.min_tokens_to_complete() == one.min_tokens_to_complete() == 1
    assert again.accept(ENDS)
    assert again.is_done
    again.rollback(2)
    assert again.allowed().tolist() == [ONE, TWO]
    assert one.ids.tolist() == [BEGINS, TWO]


def test_a_recognizer_of_a_declared_kind_forks_fills_and_forces() -> None:
    one = lg.Recognizer("tried")
    assert one.forced().tolist() == [BEGINS]
    other = one.fork()
    other.accept_many(SENTENCE)
    assert (other.is_done, one.is_done) == (True, False)
    one.accept(BEGINS)
    mask = np.zeros((1, -(-lg.vocabulary.size // 32)), np.int32)
    one.fill(mask, 0)
    bits = np.unpackbits(mask.view(np.uint8), bitorder="little")
    assert np.flatnonzero(bits).tolist() == one.allowed().tolist() == [ONE, TWO]
    found = one.error()
    assert found is None
    assert not one.accept(ENDS)
    _, position, reason = one.error() or (0, 0, "")
    assert position == 1
    assert "expected one, two" in reason


def test_a_kind_that_nobody_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="or a declared one, not"):
        lg.Recognizer("nobody")
