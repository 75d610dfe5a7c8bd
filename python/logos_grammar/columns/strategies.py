"""Hypothesis strategies for objects that are columns, from what their class declares."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from logos_grammar.columns import Columns, Declaration, Words
from logos_grammar.fixed import Fixed
from logos_grammar.fixed.strategies import fixed_columns

_C = TypeVar("_C", bound=Columns)

_MOST_ROWS = 6


def columns(cls: type[_C]) -> st.SearchStrategy[_C]:
    """Draw objects of a class of columns: any number of rows in each table, any cells.

    They shrink to no rows, to absent columns, to zeros.
    """
    return _columns(cls)


@st.composite
def _columns(draw: st.DrawFn, cls: type[_C]) -> _C:
    rows: dict[str, int] = {}
    values: dict[str, Any] = {}
    for column in cls._declared:
        if column.optional and not draw(st.booleans()):
            values[column.name] = None
        elif column.type is str:
            values[column.name] = draw(texts())
        elif column.is_nested:
            values[column.name] = draw(columns(column.type))
        else:
            if column.table not in rows:
                rows[column.table] = draw(st.integers(0, _MOST_ROWS))
            values[column.name] = draw(_cells(column, rows[column.table]))
    return cls(**values)


def _cells(column: Declaration, rows: int) -> st.SearchStrategy[Any]:
    """Draw the cells of a column with `rows` rows."""
    if column.type is Fixed:
        return fixed_columns(rows=rows)
    if column.type is Words:
        return words(rows=rows)
    cell = st.booleans() if column.type == np.bool_ else _integers(np.iinfo(column.type))
    return st.lists(cell, min_size=rows, max_size=rows).map(
        lambda cells: np.array(cells, column.type)
    )


def words(
    *, rows: int | None = None, names: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[Words]:
    """Draw columns of names.

    Parameters
    ----------
    rows
        How many rows; None draws any few.
    names
        What a row is drawn from; None draws short names of a few characters, so that some are
        repeated, and any bytes.

    Returns
    -------
    SearchStrategy[Words]
        Shrinks to fewer rows and to empty names.
    """
    if names is None:
        names = texts()
    return st.lists(names, min_size=rows or 0, max_size=rows).map(Words)


def texts(*, min_size: int = 0) -> st.SearchStrategy[str]:
    """Draw short texts of any bytes, often of a few characters, so that some are repeated.

    Parameters
    ----------
    min_size
        The fewest bytes.

    Returns
    -------
    SearchStrategy[str]
        Shrinks to the empty text.
    """
    any_bytes = st.binary(min_size=min_size, max_size=9)
    few = st.text("AC1 ", min_size=min_size, max_size=min_size + 2)
    return few | any_bytes.map(lambda b: b.decode("utf-8", "surrogateescape"))


def _integers(limits: np.iinfo[Any]) -> st.SearchStrategy[int]:
    return st.integers(int(limits.min), int(limits.max))
