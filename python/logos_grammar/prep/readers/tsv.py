"""Tab-separated values: a header, as a rule, and rows, which are lines whatever their quotes."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.formats.compressed import Stream, after_line, text_blocks
from logos_grammar.prep.batch import CHEMICAL, Batch, Cell, Options, gather, whole
from logos_grammar.prep.carried import Cells
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout, TableOptions
from logos_grammar.prep.readers.cells import carried_of, cell_of, plain_column, unquoted
from logos_grammar.prep.readers.first_row import row_layout
from logos_grammar.texts import Kind

_PEEK = 1 << 16


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Find the column by its name in the header, or by its number without a header."""
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=after_line), b"")
    cells = [_bare(cell.strip()) for cell in peek.partition(b"\n")[0].split(b"\t")]
    return row_layout(path, cells, kind=kind, table_options=table_options, separator="\t")


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole rows."""
    return text_blocks(stream, size=size, cut=after_line)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take one column of the rows."""
    body = block if block.endswith(b"\n") else block + b"\n"
    skipped = 1 if first and layout.header else 0
    if skipped:
        body = body[body.index(b"\n") + 1 :]
    texts = plain_column(body, separator=b"\t", index=layout.index, width=layout.width)
    extended = options.kind in CHEMICAL and texts is not None and b"|" in texts
    bare = None if texts is None or extended else unquoted(texts)
    batch = None if bare is None else whole(bare, line=skipped, options=options)
    if batch is not None:
        return batch
    lines = body.split(b"\n")[:-1]
    cells = _cells(lines, layout, skipped)
    return gather(cells, newlines=skipped + len(lines), options=options)


def cells(block: bytes, layout: Layout, options: Options, first: bool) -> Iterator[Cells]:
    """Yield the carried cells of each row."""
    for number, line in enumerate(block.split(b"\n")):
        if line and (number or not (first and layout.header)):
            row = [_bare(cell) for cell in line.split(b"\t")]
            yield number, carried_of(row, layout, line)


def _cells(lines: list[bytes], layout: Layout, skipped: int) -> Iterator[Cell]:
    for number, line in enumerate(lines, skipped):
        if not line:
            continue
        cell = cell_of(line.split(b"\t"), layout, line)
        yield number, cell if isinstance(cell, RejectedRecord) else _bare(cell)


def _bare(cell: bytes) -> bytes:
    """Take off the quotes that some writers put around a cell: no text begins with one."""
    if len(cell) > 1 and cell.startswith(b'"') and cell.endswith(b'"'):
        return cell[1:-1].replace(b'""', b'"')
    return cell
