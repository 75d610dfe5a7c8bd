"""Padded batches: rows of one width, no token lost, and the same as a tokenizer makes."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.testing.strategies import objects

TEXTS = ["CCO", "C", "c1ccccc1"]


@given(
    st.lists(st.sampled_from(sorted(lg.kinds.OBJECT_TYPES)).flatmap(objects), max_size=6),
    st.sampled_from(["left", "right"]),
    st.booleans(),
    st.booleans(),
    st.integers(1, 9),
)
def test_the_rows_are_the_sentences(
    drawn: list[Any], side: Literal["left", "right"], bos: bool, eos: bool, multiple_of: int
) -> None:
    column = lg.encode_many(drawn)
    batch = column.padded(side=side, with_bos=bos, with_eos=eos, multiple_of=multiple_of)
    longest = max((len(row) + bos + eos for row in column), default=0)
    assert batch.ids.shape == batch.mask.shape
    assert batch.ids.shape[0] == len(drawn)
    assert longest <= batch.ids.shape[1] < longest + multiple_of
    assert batch.ids.shape[1] % multiple_of == 0
    assert batch.ids.dtype == np.int64
    assert batch.mask.dtype == np.bool_
    assert not batch.ids[~batch.mask].any()
    for sentence, ids, mask in zip(column, *batch, strict=True):
        assert ids[mask].tolist() == [1] * bos + sentence.tolist() + [2] * eos
        at = np.flatnonzero(mask)
        assert at[-1] - at[0] + 1 == len(at)
        assert at[0] == 0 if side == "right" else at[-1] == len(mask) - 1


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_tokenizer_makes_the_same(side: Literal["left", "right"]) -> None:
    pytest.importorskip("transformers")
    from logos_grammar.serving.tokenizer import LogosTokenizer  # noqa: PLC0415

    tokenizer = LogosTokenizer(kind="molecule", with_eos=True, padding_side=side)
    wanted = tokenizer(TEXTS, padding=True, pad_to_multiple_of=8, return_tensors="np")
    found = lg.encode_texts("molecule", TEXTS).padded(side=side, with_eos=True, multiple_of=8)
    assert np.array_equal(found.ids, wanted["input_ids"])
    assert np.array_equal(found.mask, wanted["attention_mask"])


def test_no_token_is_dropped() -> None:
    column = lg.encode_texts("molecule", TEXTS)
    assert column.padded(length=12).ids.shape == (3, 12)
    with pytest.raises(ValueError, match="at most 9 tokens, found 10 in row 2"):
        column.padded(length=9)
    with pytest.raises(ValueError, match="at most 10 tokens, found 11 in row 2"):
        column.padded(length=10, with_eos=True)


def test_refused_rows_are_no_rows_of_a_batch() -> None:
    column = lg.encode_texts("molecule", ["C", "C!", "CC"], errors="collect")
    with pytest.raises(lg.GrammarError, match="row 1 was refused"):
        column.padded()
    assert column.without_refused().padded().ids.tolist() == [
        [192, 384, 193, 0],
        [192, 384, 384, 193],
    ]


def test_wrong_options_are_refused() -> None:
    column = lg.encode_texts("molecule", TEXTS)
    with pytest.raises(ValueError, match="left or right, not 'top'"):
        column.padded(side="top")  # type: ignore[arg-type]
    for multiple_of in (0, -8):
        with pytest.raises(ValueError, match="at least 1, not"):
            column.padded(multiple_of=multiple_of)
    with pytest.raises(ValueError, match="expected offsets"):
        lg.Encoded(column.ids, np.array([1, 3])).padded()


@pytest.mark.parametrize("value", [5.5, 1.5, "x", [9]])
def test_a_width_is_an_integer(value: Any) -> None:
    column = lg.encode_texts("molecule", ["C"])
    for options in ({"length": value}, {"multiple_of": value}):
        (name,) = options
        with pytest.raises(TypeError, match=f"expected {name} to be an integer, not "):
            column.padded(**options)
    of_numpy: Any = {"length": np.int64(5), "multiple_of": np.int64(3)}
    assert column.padded(**of_numpy).ids.shape == (1, 6)
    with pytest.raises(ValueError, match="expected length to be at least 0, not -1"):
        lg.encode_many([]).padded(length=-1)


def test_a_slice_is_a_list_of_sentences() -> None:
    column = lg.encode_texts("protein", ["MK", "M?", "L", ""], errors="collect")
    rows = [each.tolist() for each in column]
    for cut in (slice(0, 2), slice(None), slice(-1, None), slice(None, None, -2), slice(9, 12)):
        assert [each.tolist() for each in column[cut]] == rows[cut]
    row: Any
    for row in ("0", None, 1.0, (0, 1)):
        with pytest.raises(TypeError, match="expected the number of a row or a slice, not"):
            column[row]
