"""Declared types whose numbers are columns of `Fixed`."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.fixed import Fixed
from logos_grammar.fixed.strategies import fixed_columns

pytestmark = pytest.mark.usefixtures("nothing_declared")

GRAMMAR = """
tokens: series at 7300
    <SeriesS>  a series begins
    <SeriesE>  a series ends

series = "<SeriesS>" numbers "<SeriesE>" ;
"""


@dataclass(frozen=True)
class Series:
    numbers: Fixed


def test_a_column_of_numbers_is_a_sentence() -> None:
    series = lg.declare(GRAMMAR, Series)

    @given(fixed_columns(least=-(10**9) + 1, most=10**9 - 1))
    def law(numbers: Fixed) -> None:
        if numbers.decimals > 9:
            with pytest.raises(lg.GrammarError, match="how many decimals, 0 to 9"):
                series.encode(Series(numbers))
            return
        ids = series.encode(Series(numbers))
        assert series.decode(ids) == Series(numbers)
        assert series.encode(series.decode(ids)).tolist() == ids.tolist()

    law()
    with pytest.raises(lg.GrammarError, match="in row 1, not '1000000000'"):
        series.encode(Series(Fixed([1, 10**9], 0)))
    with pytest.raises(lg.GrammarError, match="a column of Fixed"):
        series.encode(Series(Fixed.from_text("1.5")))
