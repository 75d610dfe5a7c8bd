"""The laws of the grammar, written once and run for every object type in spec/."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import logos_grammar as lg
from logos_grammar import kinds
from logos_grammar.reaction.strategies import reactions
from logos_grammar.testing.strategies import near_misses, objects, sentences, words
from logos_grammar.texts import Kind
from oracle import EXPECTED, Recogniser, random_sentence, read_spec

spec = read_spec()
recogniser = Recogniser(spec)

Ids = NDArray[np.uint16]

KINDS = sorted(path.stem for path in (Path(__file__).parent.parent / "spec/objects").glob("*.ebnf"))
TOKENS = np.array([token for token in lg.vocabulary if token > 2], np.uint16)


def text_of(thing: Any) -> str:
    """The text that an object writes for itself."""
    for method in ("to_smiles", "to_text"):
        if hasattr(thing, method):
            return str(getattr(thing, method)())
    return str(thing.sequence)


# A reaction's text has no direction, so only reactions written forwards have one.
WITH_A_TEXT: dict[str, st.SearchStrategy[Any]] = {"reaction": reactions(retro=False)}
TEXTS: dict[Kind, st.SearchStrategy[Any]] = {
    kind: WITH_A_TEXT.get(kind, objects(kind)) for kind in kinds.TEXTS
}

each_kind = pytest.mark.parametrize("kind", KINDS)
each_text = pytest.mark.parametrize("kind", TEXTS)


@each_kind
def test_nothing_is_lost(kind: str) -> None:
    @given(objects(kind))
    def law(thing: Any) -> None:
        ids = lg.encode(thing)
        assert ids.dtype == np.uint16
        assert ids.ndim == 1
        assert lg.check(ids) is None
        back = lg.decode(ids)
        assert type(back) is type(thing)
        assert back == thing
        assert hash(back) == hash(thing)

    law()


@each_kind
def test_sentences_are_encodings(kind: str) -> None:
    @given(near_misses(kind))
    def law(ids: Ids) -> None:
        if lg.check(ids) is None:
            assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()

    law()


@each_kind
def test_no_two_objects_share_a_sentence(kind: str) -> None:
    @given(objects(kind), objects(kind))
    def law(one: Any, other: Any) -> None:
        same = lg.encode(one).tolist() == lg.encode(other).tolist()
        assert same == (one == other)

    law()


@each_kind
def test_nothing_else_gets_in(kind: str) -> None:
    @given(near_misses(kind) | words())
    def law(ids: Ids) -> None:
        error = lg.check(ids)
        if error is None:
            assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()
            return
        assert 0 <= error.position <= len(ids)
        with pytest.raises(lg.GrammarError) as raised:
            lg.decode(ids)
        assert raised.value.position == error.position
        assert raised.value.expected == error.expected
        assert raised.value.condition == error.condition

    law()


@each_kind
def test_the_oracle_says_the_same(kind: str) -> None:
    @given(near_misses(kind) | words(max_size=8))
    def law(ids: Ids) -> None:
        error = lg.check(ids)
        found = error and (error.position, error.condition or EXPECTED)
        assert recogniser.first_error(ids.tolist()) == found

    law()


@each_kind
def test_sentences_of_the_oracle_are_encodings(kind: str) -> None:
    reader = Recogniser(spec, kind)

    @given(st.integers(0, 1 << 32), st.integers(0, 60))
    def law(seed: int, length: int) -> None:
        ids = list(random_sentence(reader, Random(seed), length))
        assert lg.encode(lg.decode(ids)).tolist() == ids

    law()


@each_kind
def test_an_error_stands_where_no_sentence_can_continue(kind: str) -> None:
    @given(near_misses(kind) | words())
    def law(ids: Ids) -> None:
        error = lg.check(ids)
        if error is None:
            return
        viable = lg.next_ids(ids[: error.position])
        assert error.condition or error.expected_ids.tolist() == viable.tolist()
        if error.position < len(ids):
            assert ids[error.position] not in viable
            with pytest.raises(lg.GrammarError) as raised:
                lg.next_ids(ids)
            assert raised.value.position == error.position
        else:
            assert len(viable) > 0

    law()


@each_kind
def test_next_ids_hold_the_next_token_of_every_sentence(kind: str) -> None:
    @given(sentences(kind))
    def law(ids: Ids) -> None:
        for position, token in enumerate(ids):
            viable = lg.next_ids(ids[:position])
            assert viable.dtype == np.uint16
            assert (np.diff(viable.astype(np.int64)) > 0).all()
            assert token in viable
        assert lg.next_ids(ids).size == 0

    law()


@each_kind
def test_next_ids_are_exactly_what_is_not_refused(kind: str) -> None:
    @given(sentences(kind), st.integers(0, 1 << 16), st.integers(0, 15))
    def law(ids: Ids, place: int, comb: int) -> None:
        prefix = ids[: place * len(ids) >> 16]
        viable = lg.next_ids(prefix)
        for token in TOKENS[comb::16]:
            error = lg.check(np.append(prefix, token))
            cut_short = error is None or error.position == len(prefix) + 1
            assert cut_short == (token in viable), lg.vocabulary.name(int(token))

    law()


@each_kind
def test_many_are_encoded_as_each_is(kind: str) -> None:
    @given(st.lists(objects(kind), max_size=5))
    def law(things: list[Any]) -> None:
        encoded = lg.encode_many(things)
        assert encoded.ids.dtype == np.uint16
        assert encoded.offsets.dtype == np.int64
        assert len(encoded) == len(things)
        assert not encoded.errors
        assert [row.tolist() for row in encoded] == [lg.encode(each).tolist() for each in things]
        assert lg.decode_many(encoded) == things

    law()


@each_kind
def test_objects_survive_pickling(kind: str) -> None:
    @given(objects(kind))
    def law(thing: Any) -> None:
        assert pickle.loads(pickle.dumps(thing)) == thing

    law()


@each_kind
def test_threads_do_not_disturb_one_another(kind: str) -> None:
    @given(st.lists(objects(kind), min_size=1, max_size=5))
    def law(things: list[Any]) -> None:
        alone = [lg.encode(each).tolist() for each in things]
        together = pool.map(
            lambda each: (lg.encode(each).tolist(), lg.decode(lg.encode(each))),
            [each for _ in range(4) for each in things],
        )
        assert list(together) == list(zip(alone, things, strict=True)) * 4

    with ThreadPoolExecutor(4) as pool:
        law()


@each_text
def test_both_roads_agree(kind: Kind) -> None:
    drawn = TEXTS[kind]

    @given(st.lists(drawn, max_size=5))
    def law(things: list[Any]) -> None:
        texts = [text_of(each) for each in things]
        encoded = lg.encode_texts(kind, texts)
        assert [row.tolist() for row in encoded] == [lg.encode(each).tolist() for each in things]
        assert lg.decode_many(encoded) == things
        assert lg.decode_texts(kind, encoded) == texts

    law()


@each_text
def test_every_column_of_texts_is_read_alike(kind: Kind) -> None:
    drawn = TEXTS[kind]

    @given(st.lists(drawn, max_size=5), st.integers(1, 4))
    def law(things: list[Any], threads: int) -> None:
        texts = [text_of(each) for each in things]
        expected = lg.encode_texts(kind, texts, threads=1)
        lines = "".join(f"{text}\n" for text in texts).encode()
        for column in (texts, lines, np.array(texts, dtype=np.str_)):
            encoded = lg.encode_texts(kind, column, threads=threads)
            assert encoded.ids.tolist() == expected.ids.tolist()
            assert encoded.offsets.tolist() == expected.offsets.tolist()
        assert lg.decode_texts(kind, expected, threads=threads) == texts

    law()


@each_text
def test_text_cannot_forge_tokens(kind: Kind) -> None:
    drawn = TEXTS[kind]
    tags = st.sampled_from([lg.vocabulary.name(int(token)) for token in TOKENS])
    pieces = drawn.map(text_of) | tags | st.text(max_size=8)

    @given(st.lists(pieces, max_size=4).map("".join))
    def law(text: str) -> None:
        encoded = lg.encode_texts(kind, [text], errors="collect")
        if encoded.errors:
            ((row, error),) = encoded.errors
            assert row == 0
            assert isinstance(error, lg.ConversionError)
            assert 0 <= error.position <= len(text)
            assert str(error)
            assert len(encoded[0]) == 0
            return
        thing = lg.decode(encoded[0])
        assert lg.encode(thing).tolist() == encoded[0].tolist()
        assert type(thing) is type(lg.decode(lg.encode_texts(kind, [text])[0]))

    law()
