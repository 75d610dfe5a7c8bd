"""Packing loses no token, and batches come in one order wherever they are taken up."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from logos_model.batches import Batch, Batches, Place
from logos_model.config import BOS, IGNORED, Config
from logos_model.decoder import Decoder
from logos_model.division import divide
from logos_model.loop import next_token_loss
from logos_model.packing import best_fit, cut
from logos_model.shards import Corpus, ShardError, open_corpus
from logos_model.shuffle import shuffled

from .conftest import one_document

WriteShard = Callable[..., Path]
Documents = list[list[int]]


@pytest.fixture
def corpus(write_shard: WriteShard, documents: Documents) -> Corpus:
    return open_corpus([write_shard("data/words", documents)], fingerprint="brackets-1")


def make_batches(corpus: Corpus, *, context: int = 48, window: int = 64) -> Batches:
    return Batches(
        corpus,
        np.arange(len(corpus)),
        rows=3,
        context=context,
        window=window,
        seed=5,
        vocab_size=64,
    )


def pieces_of(batch: Batch) -> list[tuple[list[int], list[int]]]:
    """Return what was read and what was to be said, for each document of each row."""
    found = []
    for row in range(len(batch.ids_BT)):
        targets, numbers = batch.targets_BT[row], batch.documents_BT[row]
        for number in range(int(numbers.max()) + 1):
            here = (numbers == number) & (targets != IGNORED)
            if here.any():
                found.append((batch.ids_BT[row][here].tolist(), targets[here].tolist()))
    return found


@given(st.lists(st.integers(1, 20)), st.integers(20, 40))
def test_best_fit_lays_every_piece_once(lengths: list[int], capacity: int) -> None:
    rows = best_fit(np.array(lengths, dtype=np.int64), capacity=capacity)
    assert sorted(itertools.chain(*rows)) == list(range(len(lengths)))
    assert all(sum(lengths[piece] for piece in row) <= capacity for row in rows)


@given(st.lists(st.integers(1, 100), min_size=1), st.integers(1, 30))
def test_cutting_keeps_every_token(lengths: list[int], capacity: int) -> None:
    pieces = cut(np.arange(len(lengths)), np.array(lengths, dtype=np.int64), capacity=capacity)
    assert pieces.length.min() >= 1
    assert pieces.length.max() <= capacity
    found = {
        (document, begin + at)
        for document, begin, length in zip(
            pieces.document.tolist(), pieces.begin.tolist(), pieces.length.tolist(), strict=True
        )
        for at in range(length)
    }
    expected = {(number, at) for number, length in enumerate(lengths) for at in range(length)}
    assert found == expected
    assert len(pieces) == len({*zip(pieces.document.tolist(), pieces.begin.tolist(), strict=True)})
    assert pieces.length.sum() == sum(lengths)


def test_best_fit_takes_the_fullest_row_with_room() -> None:
    assert best_fit(np.array([6, 8, 2, 3, 10, 1]), capacity=10) == [[4], [1, 2], [0, 3, 5]]


def test_best_fit_fills_rows_of_real_lengths() -> None:
    lengths = np.clip(np.random.default_rng(0).normal(38, 12, size=20_000), 5, 100).astype(np.int64)
    rows = best_fit(lengths, capacity=256)
    assert lengths.sum() / (256 * len(rows)) > 0.99


def test_a_pass_says_every_document_once(corpus: Corpus, documents: Documents) -> None:
    said = [target for batch in make_batches(corpus).once() for _, target in pieces_of(batch)]
    assert sorted(said) == sorted(documents)


def test_a_place_reads_the_token_before_the_one_it_says(corpus: Corpus) -> None:
    for batch in make_batches(corpus).once():
        for read, said in pieces_of(batch):
            assert read == [BOS, *said[:-1]]
        # Positions begin again with each document.
        for positions, documents in zip(batch.positions_BT, batch.documents_BT, strict=True):
            for number in documents.unique():
                here = positions[documents == number]
                assert here.tolist() == list(range(len(here)))


def test_packed_documents_cost_what_they_cost_alone(corpus: Corpus, config: Config) -> None:
    model = Decoder(config.model)
    model.initialize(seed=1)
    batch = next(make_batches(corpus).once())
    pieces = pieces_of(batch)
    nats = 0.0
    with torch.inference_mode():
        for read, said in pieces:
            logits_TV = model(**one_document(torch.tensor(read)))
            nats += F.cross_entropy(logits_TV, torch.tensor(said), reduction="sum").item()
        packed = next_token_loss(model, batch).item()
    assert len(pieces) > len(batch.ids_BT), "the test should see packed documents"
    assert batch.tokens == sum(len(said) for _, said in pieces)
    assert packed == pytest.approx(nats / batch.tokens, rel=1e-5)


def test_long_documents_are_split_without_loss(corpus: Corpus, documents: Documents) -> None:
    batches = make_batches(corpus, context=7)
    pairs = [pair for batch in batches.once() for pair in pieces_of(batch)]
    said = sorted(itertools.chain(*(said for _, said in pairs)))
    assert said == sorted(itertools.chain(*documents))
    # A later piece is read on from the token before it, and so has no <bos>.
    assert sum(read[0] == BOS for read, _ in pairs) == len(documents)
    assert len(pairs) > len(documents)


def test_long_documents_are_refused_and_counted(
    corpus: Corpus, documents: Documents, config: Config
) -> None:
    config = replace(
        config,
        data=replace(config.data, held_out=0.0),
        training=replace(config.training, context=12),
    )
    division = divide(corpus, config, long_documents="refuse")
    short = [document for document in documents if len(document) <= 12]
    assert [corpus.document(int(number)).tolist() for number in division.trained] == short
    assert division.refused == len(documents) - len(short)
    assert division.refused_tokens + division.trained_tokens == sum(map(len, documents))
    assert f"{division.refused} longer than the context refused" in str(division)
    shorter = replace(config, training=replace(config.training, context=2))
    with pytest.raises(ShardError, match="expected documents of at most 2 tokens"):
        divide(corpus, shorter, long_documents="refuse")


def test_held_out_documents_are_not_trained_on(corpus: Corpus, config: Config) -> None:
    division = divide(corpus, config)
    assert len(division.held_out) == 30
    both = np.concatenate([division.trained, division.held_out])
    assert sorted(both.tolist()) == list(range(300))


def test_batches_are_the_same_from_every_place(corpus: Corpus) -> None:
    batches = make_batches(corpus)
    passes = list(itertools.islice(batches.since(Place()), 90))
    assert passes[-1][1].epoch > 1, "the test should see several passes"
    for taken in range(0, 89, 7):
        resumed = list(itertools.islice(batches.since(passes[taken][1]), 90 - taken - 1))
        for (old, old_place), (new, new_place) in zip(passes[taken + 1 :], resumed, strict=True):
            assert old_place == new_place
            assert torch.equal(old.ids_BT, new.ids_BT)
            assert torch.equal(old.targets_BT, new.targets_BT)
            assert torch.equal(old.documents_BT, new.documents_BT)


def test_passes_differ_in_order_and_not_in_content(corpus: Corpus, documents: Documents) -> None:
    first: list[list[int]] = []
    second: list[list[int]] = []
    # One row at a time, so that no batch reaches from one pass into the next.
    batches = Batches(corpus, np.arange(300), rows=1, context=48, window=64, seed=5, vocab_size=64)
    epoch = 0
    for batch, place in batches.since(Place()):
        if epoch == 2:
            break
        (first, second)[epoch].extend(said for _, said in pieces_of(batch))
        epoch = place.epoch
    assert first != second
    assert sorted(first) == sorted(second) == sorted(documents)


def test_ids_outside_the_vocabulary_are_refused(write_shard: WriteShard) -> None:
    corpus = open_corpus([write_shard("data/odd", [[3, 64, 4, 2]])], fingerprint="brackets-1")
    with pytest.raises(ShardError, match="expected ids below 64, got 64"):
        next(make_batches(corpus).once())


def test_the_order_is_the_one_it_has_always_been() -> None:
    # Written down, because a run begun with one version is resumed with another.
    assert shuffled(8, 0).tolist() == SHUFFLED_8_0
    assert shuffled(8, 0, 1).tolist() == SHUFFLED_8_0_1
    assert sorted(shuffled(1000, 3).tolist()) == list(range(1000))


SHUFFLED_8_0 = [7, 3, 1, 0, 6, 2, 5, 4]
SHUFFLED_8_0_1 = [0, 1, 2, 7, 6, 3, 4, 5]
