"""Fixed: exact against Python's own exact numbers, in every direction."""

from __future__ import annotations

import copy
import math
import pickle
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from decimal import localcontext as decimal_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logos_grammar.fixed import MOST_DECIMALS, Fixed, Rounding
from logos_grammar.fixed.strategies import fixed, fixed_columns

MODES: dict[Rounding, str] = {
    "half_even": ROUND_HALF_EVEN,
    "half_away": ROUND_HALF_UP,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "toward_zero": ROUND_DOWN,
}
TWO_TO_53 = 2**53


@pytest.mark.parametrize(
    ("text", "scaled", "decimals"),
    [
        ("12.340", 12_340, 3),
        ("12.34", 1234, 2),
        ("-0.5", -5, 1),
        ("0", 0, 0),
        ("-7", -7, 0),
        (".25", 25, 2),
        ("5.", 5, 0),
        ("+1.0", 10, 1),
        ("0.000000000000000001", 1, 18),
        ("9223372036854775807", 9_223_372_036_854_775_807, 0),
        ("-9223372036854775.808", -9_223_372_036_854_775_808, 3),
    ],
)
def test_a_text_is_its_digits(text: str, scaled: int, decimals: int) -> None:
    number = Fixed.from_text(text)
    assert (int(number.scaled), number.decimals) == (scaled, decimals)


@pytest.mark.parametrize(
    "text",
    ["", ".", "-", "1e3", "1_000", "1,5", " 1", "1 ", "nan", "inf", "0x1", "1.2.3", "--1", "١"],
)
def test_what_is_not_a_number_is_refused_with_its_row(text: str) -> None:
    with pytest.raises(ValueError, match="in row 1"):
        Fixed.from_text(["1", text], decimals=3)


def test_a_sign_of_zero_is_not_dropped_in_silence() -> None:
    with pytest.raises(ValueError, match=r"without a sign, not '-0\.000' in row 0"):
        Fixed.from_text("-0.000")
    assert Fixed.from_text("-0.000", minus_zero="zero") == Fixed.from_text("0.000")


def test_decimals_are_part_of_a_number() -> None:
    assert Fixed.from_text("12.340") != Fixed.from_text("12.34")
    assert Fixed.from_text("12.34").rescaled(3) == Fixed.from_text("12.340")
    assert Fixed.from_text("12.340").rescaled(2) == Fixed.from_text("12.34")
    with pytest.raises(ValueError, match=r"expected 1 decimals, not 12\.34 in row 0"):
        Fixed.from_text("12.34").rescaled(1)
    with pytest.raises(ValueError, match="64 bits"):
        Fixed.from_text("12").rescaled(18)
    with pytest.raises(ValueError, match="one count of decimals, not 1, 2"):
        Fixed.from_text(["0.5", "0.25"])
    assert Fixed.from_text(["0.5", "0.25"], decimals=3).scaled.tolist() == [500, 250]
    with pytest.raises(ValueError, match=r"1 decimals, not '0\.25' in row 1"):
        Fixed.from_text(["0.5", "0.25"], decimals=1)


@given(fixed() | fixed_columns())
def test_texts_and_decimals_come_back(number: Fixed) -> None:
    text = number.to_text()
    if isinstance(text, list) and not text:
        assert Fixed.from_text(text, decimals=number.decimals) == number
        return
    assert Fixed.from_text(text) == number
    decimals = number.to_decimal()
    assert Fixed.from_decimal(decimals) == number
    with decimal_context() as context:
        context.prec = 40
        every = decimals if isinstance(decimals, list) else [decimals]
        scaled = np.atleast_1d(number.scaled).tolist()
        assert [int(each.scaleb(number.decimals)) for each in every] == scaled


@given(fixed() | fixed_columns())
def test_it_is_pickled_copied_and_hashed(number: Fixed) -> None:
    for twin in (pickle.loads(pickle.dumps(number)), copy.deepcopy(number)):
        assert twin == number
        assert hash(twin) == hash(number)
        assert twin.scaled.dtype == np.int64


@given(fixed() | fixed_columns())
def test_floats_are_the_nearest(number: Fixed) -> None:
    floats = np.atleast_1d(number.to_float()).tolist()
    exact = [int(scaled) / 10**number.decimals for scaled in np.atleast_1d(number.scaled)]
    assert floats == exact
    assert isinstance(number.to_float(), float) == (number.scaled.ndim == 0)


@given(fixed_columns(least=-TWO_TO_53 // 16, most=TWO_TO_53 // 16))
def test_floats_of_few_digits_come_back_exactly(numbers: Fixed) -> None:
    again = Fixed.from_float(numbers.to_float(), decimals=numbers.decimals, rounding="exact")
    assert again == numbers


_floats = (
    st.floats(-1e6, 1e6)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-10_000, 10_000).map(lambda n: n / 8)
    | st.integers(-10_000_000, 10_000_000).map(lambda n: n / 2000)
)


@given(st.lists(_floats, min_size=1, max_size=4), st.integers(0, MOST_DECIMALS), st.data())
def test_floats_are_rounded_by_their_exact_value(
    values: list[float], decimals: int, data: st.DataObject
) -> None:
    rounding = data.draw(st.sampled_from(sorted(MODES)))
    with decimal_context() as context:
        context.prec = 2000
        unit = Decimal(1).scaleb(-decimals)
        wanted = [
            int(Decimal(value).quantize(unit, MODES[rounding]).scaleb(decimals)) for value in values
        ]
    if not all(-(2**63) <= each < 2**63 for each in wanted):
        with pytest.raises(ValueError, match="64 bits"):
            Fixed.from_float(np.array(values), decimals=decimals, rounding=rounding)
        return
    found = Fixed.from_float(np.array(values), decimals=decimals, rounding=rounding)
    assert found.scaled.tolist() == wanted
    assert found.decimals == decimals


@given(fixed(), st.integers(0, MOST_DECIMALS), st.sampled_from(sorted(MODES)))
def test_numbers_are_rounded_as_decimals_are(
    number: Fixed, decimals: int, rounding: Rounding
) -> None:
    exact = number.to_decimal()
    assert isinstance(exact, Decimal)
    with decimal_context() as context:
        context.prec = 60
        wanted = int(exact.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]).scaleb(decimals))
    if not -(2**63) <= wanted < 2**63:
        with pytest.raises(ValueError, match="64 bits"):
            number.rounded(decimals, rounding=rounding)
        return
    found = number.rounded(decimals, rounding=rounding)
    assert (int(found.scaled), found.decimals) == (wanted, decimals)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused_with_its_row(value: float) -> None:
    with pytest.raises(ValueError, match="in row 1"):
        Fixed.from_float([0.0, value], decimals=2, rounding="half_even")


def test_exact_refuses_what_has_more_decimals() -> None:
    assert Fixed.from_float(12.34, decimals=2, rounding="exact") == Fixed.from_text("12.34")
    with pytest.raises(ValueError, match=r"expected 2 decimals, not 0\.125 in row 1"):
        Fixed.from_float([1.5, 0.125], decimals=2, rounding="exact")
    wide = Fixed.from_float(np.float32(0.1), decimals=9, rounding="half_even")
    assert wide == Fixed.from_text("0.100000001")
    assert Fixed.from_float(np.arange(3), decimals=1, rounding="exact").scaled.tolist() == [
        0,
        10,
        20,
    ]


def test_nothing_becomes_a_float_by_itself() -> None:
    number = Fixed.from_text("0.5")
    conversions: list[Any] = [float, np.asarray, np.float64, lambda it: it + 1]
    for convert in conversions:
        with pytest.raises(TypeError):
            convert(number)


@pytest.mark.parametrize(
    ("scaled", "decimals", "error"),
    [
        (1.5, 2, TypeError),
        (["1"], 2, TypeError),
        ([[1]], 2, ValueError),
        (2**63, 0, ValueError),
        ([0, 2**64], 0, ValueError),
        (np.array([2**63], np.uint64), 0, ValueError),
        (1, 19, ValueError),
        (1, -1, ValueError),
        (1, 1.0, TypeError),
        (1, True, TypeError),
    ],
)
def test_what_is_not_scaled_is_refused(scaled: Any, decimals: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="expected"):
        Fixed(scaled, decimals)


def test_a_column_has_rows_and_a_number_has_none() -> None:
    numbers = Fixed.from_text(["1.0", "-2.5", "3.0"])
    assert len(numbers) == 3
    assert numbers[1] == Fixed.from_text("-2.5")
    assert [str(number) for number in numbers] == ["1.0", "-2.5", "3.0"]
    assert numbers[numbers.scaled < 0] == numbers[1:2]
    assert (str(numbers), repr(numbers[0])) == ("[1.0 -2.5 3.0]", "Fixed.from_text('1.0')")
    for each in (numbers, numbers[0], numbers[:0]):
        assert eval(repr(each), {"Fixed": Fixed}) == each
    many = Fixed(range(100), 1)
    assert repr(many) == "<Fixed: 100 numbers, decimals=1: 0.0, 0.1, 0.2, 0.3, ...>"
    for ask in (len, list, lambda number: number[0]):
        with pytest.raises(TypeError, match="one number"):
            ask(numbers[0])
