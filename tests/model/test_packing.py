"""Packing loses no token, and an order follows from its key in every version."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logos_model.packing import best_fit, cut
from logos_model.shuffle import shuffled


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


def test_the_order_is_the_one_it_has_always_been() -> None:
    # Written down, because a run begun with one version is resumed with another.
    assert shuffled(8, 0).tolist() == SHUFFLED_8_0
    assert shuffled(8, 0, 1).tolist() == SHUFFLED_8_0_1
    assert sorted(shuffled(1000, 3).tolist()) == list(range(1000))


SHUFFLED_8_0 = [7, 3, 1, 0, 6, 2, 5, 4]
SHUFFLED_8_0_1 = [0, 1, 2, 7, 6, 3, 4, 5]
