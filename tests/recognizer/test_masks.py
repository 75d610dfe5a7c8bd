"""The mask is what is accepted, in every state of a small scope, and what the oracle allows."""

from __future__ import annotations

import numpy as np

import logos_grammar as lg
from oracle import Recogniser, State
from recognizer.states import (
    FAST,
    KINDS,
    Kind,
    begin,
    each_kind,
    each_profile,
    scopes,
    small_scope,
    spec,
)

oracle = Recogniser(spec)
STATES = 100 if FAST else 5000
WORDS = lg.vocabulary.size // 32
IDS = (*range(lg.vocabulary.size), lg.vocabulary.size, 0xFFFF)


def bits_of(recognizer: lg.Recognizer) -> list[int]:
    """The ids whose bits are set, of a mask that is wider than the vocabulary and was not empty."""
    mask = np.full((3, WORDS + 2), -1, np.int32)
    recognizer.fill(mask, 1)
    assert (mask[[0, 2]] == -1).all()
    return np.flatnonzero(np.unpackbits(mask[1].view(np.uint8), bitorder="little")).tolist()


@each_profile
def test_what_the_mask_has_is_accepted_and_nothing_else(kind: Kind) -> None:
    recognizer = begin(kind)
    for alphabet in scopes(kind[0]):
        for _ in small_scope(recognizer, alphabet, most=STATES):
            ids = recognizer.ids.tolist()
            accepted = []
            for token in IDS:
                if recognizer.accept(token):
                    accepted.append(token)
                    recognizer.rollback(1)
            assert recognizer.ids.tolist() == ids
            assert recognizer.allowed().tolist() == accepted, ids
            assert bits_of(recognizer) == accepted, ids
            assert (not accepted) == recognizer.is_done


@each_kind
def test_the_next_ids_are_those_of_the_reader_in_every_state(kind: Kind) -> None:
    recognizer = begin(kind)
    for alphabet in scopes(kind[0]):
        for _ in small_scope(recognizer, alphabet, most=10 * STATES):
            if recognizer.position > 0:
                ids = recognizer.ids
                assert recognizer.allowed().tolist() == lg.next_ids(ids).tolist(), ids


@each_kind
def test_the_next_ids_are_those_of_the_oracle_in_every_state(kind: Kind) -> None:
    reader = Recogniser(spec, kind[0])
    recognizer = begin(kind)
    reached: dict[bytes, State] = {b"": reader.begin}
    for alphabet in scopes(kind[0])[:2]:
        for _ in small_scope(recognizer, alphabet, most=3 * STATES):
            ids = recognizer.ids
            state = reached.get(ids.tobytes()) or reader.reach(
                ids[-1:].tolist(), after=reached[ids[:-1].tobytes()]
            )
            reached[ids.tobytes()] = state
            assert recognizer.allowed().tolist() == sorted(reader.allowed(state)), ids
            assert recognizer.is_done == reader.is_complete(state)
            assert recognizer.is_accepting == reader.is_complete(state)


def test_without_a_kind_every_object_may_begin() -> None:
    openings = [begin(kind).allowed() for kind in KINDS]
    assert lg.Recognizer().allowed().tolist() == sorted(np.concatenate(openings).tolist())
    assert lg.Recognizer().allowed().tolist() == lg.next_ids([]).tolist()
