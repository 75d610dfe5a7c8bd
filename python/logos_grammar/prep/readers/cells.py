"""One column of rows: of one row, and of a whole block by array operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logos_grammar.prep.batch import printable
from logos_grammar.prep.carried import Lacking
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout

_NEWLINE, _SPACE, _TAB, _QUOTE = 10, 32, 9, 34


def plain_column(
    body: bytes,
    *,
    separator: bytes,
    index: int,
    width: int,
    quoted: NDArray[np.bool_] | None = None,
) -> bytes | None:
    r"""Cut one column out of rows.

    Parameters
    ----------
    body
        Rows, each ended by `\n`.
    separator
        The byte between two cells.
    index
        The place of the column, from 0.
    width
        How many columns there are; rows may lack the last of them.
    quoted
        Which bytes separate nothing because they are in quotes, bool [bytes]; None for none.

    Returns
    -------
    bytes or None
        The cells, each ended by `\n`. None when rows differ in width or have not the right one,
        or when a cell is empty or has blanks around it: then they are to be looked at one by one.
    """
    data = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    separates = data == separator[0]
    if quoted is not None:
        separates &= ~quoted
    marks = np.flatnonzero(separates)
    each, rest = divmod(len(marks), max(len(ends), 1))
    if not len(ends) or rest or not index <= each < width:
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])
    grid = marks.reshape(len(ends), each)
    if each and (np.any(grid[:, 0] < starts) or np.any(grid[:, -1] > ends)):
        return None
    begins = starts if index == 0 else grid[:, index - 1] + 1
    stops = ends if index == each else grid[:, index]
    if np.any(begins >= stops):
        return None
    edges = np.concatenate([data[begins], data[stops - 1]])
    if np.any((edges == _SPACE) | (edges == _TAB)):
        return None
    if each == 0:
        return body
    steps = np.zeros(len(data), dtype=np.int8)
    steps[begins] = 1
    steps[stops] = -1
    keep = np.cumsum(steps, dtype=np.int8).view(np.bool_)
    keep[ends] = True
    return data[keep].tobytes()


def quoted_bytes(data: NDArray[np.uint8], *, separator: int) -> NDArray[np.bool_] | None:
    """Return which bytes are in quotes, if every quote opens, closes or doubles as it should.

    Parameters
    ----------
    data
        Rows, uint8 [bytes].
    separator
        The byte between two cells.

    Returns
    -------
    NDArray or None
        True from an opening quote to before its closing one, bool [bytes]. None when some quote
        is inside a cell that does not begin with one, and so is a character.
    """
    quotes: NDArray[np.bool_] = data == _QUOTE
    places = np.flatnonzero(quotes)
    if not len(places):
        return quotes
    opens, closes = places[::2], places[1::2]
    # Within quotes two of them are one: that one closes and opens at once changes nothing.
    before = data[opens[1:] - 1]
    if opens[0]:
        before = np.append(before, data[opens[0] - 1])
    after = data[closes[closes + 1 < len(data)] + 1]
    beside = np.concatenate([before, after])
    if not np.all((beside == separator) | (beside == _NEWLINE) | (beside == _QUOTE)):
        return None
    odd: NDArray[np.bool_] = np.logical_xor.accumulate(quotes)
    return odd


def unquoted(texts: bytes) -> bytes | None:
    r"""Take the quotes off cells, each ended by `\n`, if all have them around and none inside.

    None when they do not, or when a cell is empty or has blanks around it.
    """
    if b'"' not in texts:
        return texts
    count = texts.count(b"\n")
    between = texts.count(b'"\n"') == count - 1
    if texts.count(b'"') != 2 * count or not between or texts[:1] + texts[-2:] != b'""\n':
        return None
    bare = b"\n" + texts.replace(b'"', b"")
    if any(odd in bare for odd in (b"\n\n", b"\n ", b" \n", b"\n\t", b"\t\n")):
        return None
    return bare[1:]


def carried_of(row: list[bytes], layout: Layout, text: bytes) -> list[str | Lacking]:
    """Return the carried cells of a row, blanks included: `Lacking` where it ends before one.

    Parameters
    ----------
    row
        The cells.
    layout
        Where the carried ones are.
    text
        The row as it is in the file.
    """
    return [
        row[place].decode("utf-8", "backslashreplace")
        if place < len(row)
        else Lacking(reason=_too_short(place, row, layout), row=printable(text))
        for place in layout.carried
    ]


def cell_of(row: list[bytes], layout: Layout, text: bytes) -> bytes | RejectedRecord:
    """Return the wanted cell of a row, or why it has none.

    Parameters
    ----------
    row
        The cells; the last ones may be missing, as in many real files.
    layout
        Where the wanted one is.
    text
        The row as it is in the file.
    """
    if layout.index < len(row) <= layout.width:
        return row[layout.index]
    if len(row) > layout.width:
        reason = f"expected {layout.width} columns, found {len(row)}"
    else:
        reason = _too_short(layout.index, row, layout)
    return RejectedRecord(reason, None, text)


def _too_short(place: int, row: list[bytes], layout: Layout) -> str:
    return f"expected column {place + 1} of {layout.width}, found {len(row)}"
