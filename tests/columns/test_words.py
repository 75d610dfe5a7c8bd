"""Words: columns of names, each distinct one held once."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logos_grammar.columns import Words
from logos_grammar.columns.strategies import words

NAMES = Words(["N", "CA", "C", "CA", ""])


def test_an_example_reads_as_it_says() -> None:
    assert NAMES.words == ("N", "CA", "C", "")
    assert NAMES.codes.tolist() == [0, 1, 2, 1, 3]
    assert NAMES.codes.dtype == np.uint32
    assert (len(NAMES), NAMES[1], NAMES[-1], [*NAMES[2:]]) == (5, "CA", "", ["C", "CA", ""])
    assert (NAMES == "CA").tolist() == [False, True, False, True, False]
    assert (NAMES != "CA").tolist() == [True, False, True, False, True]
    assert (NAMES == "CB").tolist() == [False] * 5
    assert (NAMES == ["N", "C", "C", "CA", "X"]).tolist() == [True, False, True, True, False]
    assert NAMES.isin(["N", "C", "O"]).tolist() == [True, False, True, False, False]
    assert NAMES[NAMES.isin("CA")] == Words(["CA", "CA"])
    assert ("CA" in NAMES, "CB" in NAMES, NAMES.index("C"), NAMES.count("CA")) == (
        True,
        False,
        2,
        2,
    )
    assert np.asarray(NAMES).tolist() == [*NAMES]
    assert repr(NAMES[:2]) == "Words(['N', 'CA'])"
    assert repr(Words([*"abcdefgh"])).startswith("<Words: 8")


@given(words())
def test_nothing_is_lost(column: Words) -> None:
    rows = [*column]
    assert len(rows) == len(column)
    assert all(column[row] == name for row, name in enumerate(rows))
    read, end = Words._from_bytes(b"12345678" + column._to_bytes(), 8, len(column))
    assert end == 8 + len(column._to_bytes())
    assert end % 8 == 0
    for twin in (
        Words(rows),
        read,
        pickle.loads(pickle.dumps(column)),
        copy.deepcopy(column),
        Words.of_codes(column.words, column.codes),
        Words.of_codes(column.words[::-1], len(column.words) - 1 - column.codes.astype(np.int64)),
    ):
        assert twin == column
        assert not twin != column  # noqa: SIM202 (both operators)
        assert hash(twin) == hash(column)
        assert twin._to_bytes() == column._to_bytes()


@given(words(), words())
def test_columns_are_equal_when_their_rows_are(a: Words, b: Words) -> None:
    same = [*a] == [*b]
    assert (a == b) is same
    assert (a != b) is not same
    assert (a._to_bytes() == b._to_bytes()) is same


@given(words(), st.data())
def test_rows_are_taken_as_of_a_list(column: Words, data: st.DataObject) -> None:
    rows = [*column]
    part = data.draw(st.slices(len(rows)))
    assert column[part] == Words(rows[part])
    mask = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    wanted = [name for name, taken in zip(rows, mask, strict=True) if taken]
    assert column[np.array(mask, np.bool_)] == Words(wanted)
    assert Words.concatenate([column[:2], column[2:], column]) == Words(rows + rows)
    for name in {*rows, "CA"}:
        assert (column == name).tolist() == [name == each for each in rows]
        assert column.isin([name]).tolist() == [name == each for each in rows]


def test_parts_may_be_none_at_all() -> None:
    assert Words.concatenate([]) == Words([]) == Words()


def test_one_name_is_one_word_however_it_is_written() -> None:
    """Two lone surrogates that are the bytes of a character are that character."""
    assert Words(["\udcc3\udca9", "é"]).words == ("é",)
    assert Words(["\udcff"]).words == ("\udcff",)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ("CA", TypeError, "not one str"),
        (["N", 7], TypeError, "a str in row 1, not int"),
        (["N", b"CA"], TypeError, "a str in row 1, not bytes"),
        (["N", ["CA"]], TypeError, "a str in row 1, not list"),
        (["N", "\ud800"], ValueError, r"not '\\ud800' in row 1"),
    ],
)
def test_what_is_not_a_name_is_refused(rows: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Words(rows)


@pytest.mark.parametrize("codes", [[0, 2], [-1], [0.5], [[0]]])
def test_codes_without_a_word_are_refused(codes: Any) -> None:
    with pytest.raises(ValueError, match="expected codes"):
        Words.of_codes(["a", "b"], codes)


def test_an_array_of_str_drops_no_zero() -> None:
    with pytest.raises(ValueError, match="an array of str can hold"):
        np.asarray(Words(["a\0"]))
