"""Hypothesis strategies for exact decimal numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from logos_grammar.fixed import MOST_DECIMALS, Fixed

_LEAST = int(np.iinfo(np.int64).min)
_MOST = int(np.iinfo(np.int64).max)


def fixed(
    *,
    decimals: int | None = None,
    least: int = _LEAST,
    most: int = _MOST,
) -> st.SearchStrategy[Fixed]:
    """Draw single numbers.

    Parameters
    ----------
    decimals
        How many decimals they have; None draws any count.
    least, most
        Bounds of the scaled integer.

    Returns
    -------
    SearchStrategy[Fixed]
        Shrinks to zero without decimals.
    """
    return st.builds(Fixed, st.integers(least, most), _counts(decimals))


def fixed_columns(
    *,
    rows: int | None = None,
    decimals: int | None = None,
    least: int = _LEAST,
    most: int = _MOST,
) -> st.SearchStrategy[Fixed]:
    """Draw columns of numbers with one count of decimals.

    Parameters
    ----------
    rows
        How many numbers; None draws any few.
    decimals, least, most
        As for `fixed`.

    Returns
    -------
    SearchStrategy[Fixed]
        Shrinks to fewer numbers, zeros, no decimals.
    """
    numbers = st.lists(st.integers(least, most), min_size=rows or 0, max_size=rows)
    scaled = numbers.map(lambda each: np.array(each, np.int64))
    return st.builds(Fixed, scaled, _counts(decimals))


def _counts(decimals: int | None) -> st.SearchStrategy[int]:
    return st.integers(0, MOST_DECIMALS) if decimals is None else st.just(decimals)
