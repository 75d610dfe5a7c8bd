"""Comma-separated values: a header, as a rule, and rows; quotes may hold commas and line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from logos_grammar.formats.compressed import InputError, Stream, text_blocks
from logos_grammar.prep.batch import CHEMICAL, Batch, Cell, Options, gather, whole
from logos_grammar.prep.carried import Cells
from logos_grammar.prep.readers import Layout, TableOptions
from logos_grammar.prep.readers.cells import (
    carried_of,
    cell_of,
    plain_column,
    quoted_bytes,
    unquoted,
)
from logos_grammar.prep.readers.first_row import row_layout
from logos_grammar.texts import Kind

_COMMA, _NEWLINE = 44, 10
_PEEK = 1 << 16
_LONGEST_FIELD = 1 << 26

# A quote opens a quoted field at the beginning of a field only; elsewhere it is a character.
_QUOTED = re.compile(rb'(?:\A|(?<=[,\n]))"[^"]*(?:""[^"]*)*(?:"|\Z)')
_FIELD = re.compile(rb'(?:"([^"]*(?:""[^"]*)*)"([^,\n]*)|([^,\n]*))(,|\n)')


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Find the column by its name in the header, or by its number without a header."""
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=last_row), b"")
    cells = next(_rows(peek + b"\n"), (0, b"", []))[2]
    return row_layout(path, cells, kind=kind, table_options=table_options, separator=",")


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole rows."""
    return text_blocks(stream, size=size, cut=last_row)


def last_row(held: bytearray, searched: int) -> int:
    """Cut after the last line end that no quotes hold."""
    if b'"' not in held:
        return held.rfind(b"\n", searched) + 1
    data = np.frombuffer(held, dtype=np.uint8)
    quoted = quoted_bytes(data, separator=_COMMA)
    if quoted is None:
        quoted = _quoted_slowly(held)
    if len(held) > _LONGEST_FIELD and np.all(quoted[-_LONGEST_FIELD:]):
        raise InputError(f"expected the end of a quoted field within {_LONGEST_FIELD} bytes")
    ends = np.flatnonzero((data == _NEWLINE) & ~quoted)
    return int(ends[-1]) + 1 if len(ends) else 0


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take one column of the rows."""
    body = block if block.endswith(b"\n") else block + b"\n"
    header = first and layout.header
    if (texts := _plain(body, layout, options, header)) is not None:
        batch = whole(texts, line=1 if header else 0, options=options)
        if batch is not None:
            return batch
    rows = _rows(body)
    if header:
        next(rows, None)
    return gather(_cells(rows, layout), newlines=body.count(b"\n"), options=options)


def cells(block: bytes, layout: Layout, options: Options, first: bool) -> Iterator[Cells]:
    """Yield the carried cells of each row."""
    rows = _rows(block if block.endswith(b"\n") else block + b"\n")
    if first and layout.header:
        next(rows, None)
    for line, text, row in rows:
        yield line, carried_of(row, layout, text)


def _plain(body: bytes, layout: Layout, options: Options, header: bool) -> bytes | None:
    """Return the cells, each ended by a line end, if none needs to be looked at on its own."""
    if header:
        names, _, body = body.partition(b"\n")
        # A header in quotes may be longer than its line, and a blank line is not a row.
        if b'"' in names or not names:
            return None
    quoted = None
    if b'"' in body:
        data = np.frombuffer(body, dtype=np.uint8)
        quoted = quoted_bytes(data, separator=_COMMA)
        if quoted is None or np.any(quoted & (data == _NEWLINE)):
            return None
    texts = plain_column(
        body, separator=b",", index=layout.index, width=layout.width, quoted=quoted
    )
    if texts is None or (options.kind in CHEMICAL and b"|" in texts):
        return None
    return unquoted(texts)


def _quoted_slowly(held: bytearray) -> NDArray[np.bool_]:
    """Return which bytes are in quotes when some quotes are ordinary characters."""
    quoted = np.zeros(len(held), dtype=np.bool_)
    for match in _QUOTED.finditer(held):
        quoted[match.start() : match.end()] = True
    return quoted


def _cells(rows: Iterator[tuple[int, bytes, list[bytes]]], layout: Layout) -> Iterator[Cell]:
    for line, text, row in rows:
        yield line, cell_of(row, layout, text)


def _rows(body: bytes) -> Iterator[tuple[int, bytes, list[bytes]]]:
    """Yield of each row its line, its bytes and its cells; blank lines are not rows."""
    line, after, begin = 0, 0, 0
    row: list[bytes] = []
    for match in _FIELD.finditer(body):
        inner, trailing, bare, end = match.groups()
        if inner is None:
            row.append(bare)
        else:
            row.append(inner.replace(b'""', b'"') + trailing)
            after += inner.count(b"\n")
        if end == b"\n":
            text = body[begin : match.end() - 1]
            if text:
                yield line, text, row
            row = []
            begin = match.end()
            after += 1
            line = after
