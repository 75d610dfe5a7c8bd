"""Parquet: one column of strings, read in batches of rows."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from logos_grammar.formats.compressed import InputError, Stream, compression
from logos_grammar.prep.batch import CHEMICAL, Batch, Cell, Options, gather, whole
from logos_grammar.prep.carried import Cells
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout, TableOptions, carried_places, choose_column
from logos_grammar.texts import Kind

_BATCH_ROWS = 8192
_PIECE = 1 << 20


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Find the column by its name in the schema."""
    if table_options.header is not None:
        raise InputError(f"expected no word on a header for {path}: Parquet has a schema")
    with Stream(path) as stream, _opened(path, stream) as file:
        names = list(file.schema_arrow.names)
        index = choose_column(path, names, kind=kind, column=table_options.column)
        types = arrow("types")
        found = file.schema_arrow.field(index).type
        value = found.value_type if types.is_dictionary(found) else found
        if not (types.is_string(value) or types.is_large_string(value)):
            raise InputError(f"expected strings in column {names[index]!r} of {path}, got {found}")
        carried = carried_places(path, names, table_options)
        for place in carried:
            _check_carried(path, file.schema_arrow.field(place))
    # The blocks have the texts in front, so that a carried column may be that of the texts.
    return Layout(column=names[index], names=(names[index], *(names[one] for one in carried)))


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield the column as Arrow streams, of about `size` bytes each."""
    length = 0 if compression(path) else os.path.getsize(path)
    with _opened(path, stream) as file:
        held: list[Any] = []
        rows = 0
        names = list(dict.fromkeys(layout.names))
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=names):
            held.append(batch)
            rows += batch.num_rows
            if sum(each.nbytes for each in held) >= size:
                stream.follow(length * rows // file.metadata.num_rows)
                yield _packed(held)
                held = []
        if held:
            yield _packed(held)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take the strings of a block; a null is a record without a text."""
    pa = arrow()
    table = pa.ipc.open_stream(block).read_all()
    column = table.column(layout.column).cast(pa.large_string())
    texts = _plain(column.combine_chunks(), chemical=options.kind in CHEMICAL)
    batch = None if texts is None else whole(texts, line=0, options=options)
    if batch is not None:
        return Batch(
            texts=batch.texts, rows=batch.rows, lines=None, records=batch.records, newlines=0
        )
    return gather(_cells(column), newlines=0, options=options, has_lines=False)


def cells(block: bytes, layout: Layout, options: Options, first: bool) -> Iterator[Cells]:
    """Yield the carried cells of each row as text."""
    pa = arrow()
    table = pa.ipc.open_stream(block).read_all()
    columns = [table.column(name).cast(pa.large_string()).to_pylist() for name in options.carried]
    for row in zip(*columns, strict=True):
        yield None, row


def _check_carried(path: str, field: Any) -> None:
    """Raise `InputError` for a column whose cells have no text that gives them back."""
    types = arrow("types")
    value = field.type.value_type if types.is_dictionary(field.type) else field.type
    kinds = (types.is_string, types.is_large_string, types.is_integer, types.is_boolean)
    if not any(each(value) for each in (*kinds, types.is_float32, types.is_float64)):
        raise InputError(
            f"expected text, numbers or booleans in column {field.name!r} of {path} to carry, got "
            f"{field.type}"
        )


def arrow(module: str = "") -> Any:
    """Return pyarrow or one of its modules.

    Raises
    ------
    InputError
        When it is not installed.
    """
    try:
        package = importlib.import_module("pyarrow")
        importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise InputError(
            "Parquet needs the package pyarrow: pip install 'logos-grammar[prep]'"
        ) from error
    return getattr(package, module) if module else package


def _plain(column: Any, *, chemical: bool) -> bytes | None:
    """Return the strings, each ended by a line end, if none needs to be looked at on its own."""
    if column.null_count or not len(column):
        return None
    pa = arrow()
    pc = importlib.import_module("pyarrow.compute")
    all_of_them = pa.LargeListArray.from_arrays(pa.array([0, len(column)], pa.int64()), column)
    joined = pc.binary_join(all_of_them, pa.scalar("\n", pa.large_string()))[0]
    texts = b"\n" + bytes(joined.as_buffer()) + b"\n"
    odd = (b" ", b"\t", b"\r", b"\n\n", *((b"|",) if chemical else ()))
    if texts.count(b"\n") != len(column) + 1 or any(one in texts for one in odd):
        return None
    return texts[1:]


def _cells(column: Any) -> Iterator[Cell]:
    for cell in column.to_pylist():
        yield 0, RejectedRecord("no text", None, b"") if cell is None else cell.encode()


def _packed(batches: list[Any]) -> bytes:
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return bytes(sink.getvalue())


def _opened(path: str, stream: Stream) -> Any:
    """Open a Parquet file; one that is compressed as a whole is laid out in a nameless file."""
    pa = arrow()
    source: Any = path
    if compression(path):
        # Parquet is read from its end, so its bytes have to lie somewhere.
        source = tempfile.TemporaryFile()  # noqa: SIM115 (goes with the Parquet file)
        while piece := stream.read(_PIECE):
            source.write(piece)
        source.seek(0)
    try:
        return pa.parquet.ParquetFile(source)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"expected Parquet in {path}: {error}") from error
