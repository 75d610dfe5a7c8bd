"""The roads through rows agree: array operations, one row after another, and Python's own."""

from __future__ import annotations

import csv as python_csv
import io
from typing import Literal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logos_grammar.prep.batch import Batch, Options
from logos_grammar.prep.readers import Layout, csv, tsv
from logos_grammar.prep.readers.cells import quoted_bytes

PROTEIN = Options(kind="protein")
CELLS = st.text(alphabet='A,"\nC \t|', max_size=4)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6)
MESS = st.text(alphabet='A,"\nC\t ', max_size=30)


def found(batch: Batch) -> list[tuple[int, bytes | str, int]]:
    """Return record, text or reason, and line of each record."""
    assert batch.lines is not None
    texts = batch.texts.split(b"\n")[:-1]
    came: dict[int, bytes | str] = {one.row: one.reason for one in batch.refused}
    came.update(zip(batch.rows.tolist(), texts, strict=True))
    assert sorted(came) == list(range(batch.records))
    return [(row, came[row], int(batch.lines[row])) for row in sorted(came)]


@given(ROWS, st.integers(0, 2), st.sampled_from([0, 1]))
def test_rows_that_python_wrote_are_read(
    rows: list[list[str]], index: int, quoting: Literal[0, 1]
) -> None:
    target = io.StringIO()
    python_csv.writer(target, lineterminator="\n", quoting=quoting).writerows(rows)
    layout = Layout(column="x", index=index, width=3)
    batch = csv.read(target.getvalue().encode(), layout, PROTEIN, False)
    texts = batch.texts.decode().split("\n")[:-1]
    wanted = [row[index].strip(" \t") if index < len(row) <= 3 else "" for row in rows]
    assert batch.records == len(rows)
    assert texts == [text for text in wanted if text and "\n" not in text]


@given(MESS, st.integers(0, 2))
def test_any_rows_are_cut_as_they_are_read(text: str, index: int) -> None:
    body = text.encode() + b"\n"
    layout = Layout(column="x", index=index, width=3)
    at = csv.last_row(bytearray(body), 0)
    whole = found(csv.read(body, layout, PROTEIN, False))
    first = csv.read(body[:at], layout, PROTEIN, False) if at else None
    rest = csv.read(body[at:], layout, PROTEIN, False)
    rows, lines = (first.records, first.newlines) if first else (0, 0)
    pieces = found(first) if first else []
    if at == len(body):
        assert pieces == whole
    else:
        moved = [(row + rows, what, line + lines) for row, what, line in found(rest)]
        assert [*pieces, *moved] == whole


@given(MESS)
def test_quotes_are_found_by_arrays_as_by_python(text: str) -> None:
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    quoted = quoted_bytes(data, separator=ord(","))
    if quoted is None or text.count('"') % 2:
        return
    hidden = "".join("A" if hide else one for one, hide in zip(text, quoted, strict=True))
    rows = list(python_csv.reader(io.StringIO(text, newline="")))
    widths = [len(row) for row in rows if row]
    assert widths == [line.count(",") + 1 for line in hidden.split("\n") if line]


@given(ROWS, st.integers(0, 2))
def test_rows_between_tabs_are_lines(rows: list[list[str]], index: int) -> None:
    plain = [[cell.replace("\n", "").replace("\t", "") for cell in row] for row in rows]
    body = "".join("\t".join(row) + "\n" for row in plain).encode()
    layout = Layout(column="x", index=index, width=3)
    fast = tsv.read(body, layout, PROTEIN, False)
    # A row of another width sends the block down the road that looks at each row.
    slow = tsv.read(body + b"\t\t\t\t\n", layout, PROTEIN, False)
    assert found(fast) == [one for one in found(slow) if one[0] < fast.records]
