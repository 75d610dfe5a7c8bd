"""The side-car of a shard: a Parquet table with a row for each document."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from logos_grammar.prep.files import Measured
from logos_grammar.prep.meta import ColumnType, plain
from logos_grammar.prep.readers.parquet import arrow

COLUMNS: Final = ("record", "kind", "tokens")
"""What is known of every document: its number from 1, its kind, its tokens with `<eos>`."""

ROW_GROUP = 1 << 17
"""Rows of a group of the Parquet file."""

_RESERVED = (*COLUMNS, "source")


class SideCar:
    """Holds rows until a group is full, then on the disk until the types of all columns are known.

    Parameters
    ----------
    folder
        Where a nameless file lies meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._pa = arrow()
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed at the exit)
        self._begins: list[int] = []
        self._held: dict[str, list[Any]] = {}
        self._rows = 0
        own = {"record": int, "kind": str, "tokens": int}
        self._types = {name: ColumnType(type=found) for name, found in own.items()}
        # In the order in which they were named, so that rows give the same bytes one by one and
        # together.
        self._names = list(self._types)

    def __enter__(self) -> Self:
        """Return the side-car itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget what was not written."""
        self._file.close()

    def add(self, own: Mapping[str, Sequence[Any]], meta: Mapping[str, Sequence[Any]]) -> None:
        """Add rows, all of them or none.

        Parameters
        ----------
        own
            The columns `COLUMNS`.
        meta
            Columns of the caller, of as many cells.

        Raises
        ------
        TypeError
            When a cell is of another type than its column.
        ValueError
            When a column has a name that is used here, a text has no UTF-8, or an integer is not a
            float and its column has floats.
        """
        types, columns = dict(self._types), {name: list(cells) for name, cells in own.items()}
        for name, cells in meta.items():
            if name in _RESERVED:
                raise ValueError(f"expected another name than {name!r}, which the side-car uses")
            columns[name] = [plain(name, cell) for cell in cells]
            for cell in columns[name]:
                if cell is not None:
                    before = types.get(name)
                    types[name] = before.with_cell(name, cell) if before else ColumnType.of(cell)
        self._types = types
        self._names += [name for name in meta if name not in self._names]
        count = len(columns["record"])
        for name in columns.keys() - self._held.keys():
            self._held[name] = [None] * self._rows
        for name, column in self._held.items():
            column.extend(columns.get(name, [None] * count))
        self._rows += count
        while self._rows >= ROW_GROUP:
            self._spool(ROW_GROUP)

    def write(self, file: Measured) -> None:
        """Write the table."""
        if self._rows:
            self._spool(self._rows)
        schema = self._schema(
            {name: self._types[name] for name in self._names if name in self._types}
        )
        with self._pa.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for table in self._spooled():
                columns = [
                    table[field.name].cast(field.type)
                    if field.name in table.column_names
                    else self._pa.nulls(table.num_rows, field.type)
                    for field in schema
                ]
                whole = self._pa.table(columns, schema=schema)
                writer.write_table(whole, row_group_size=ROW_GROUP)

    def _spool(self, count: int) -> None:
        known = {name: self._types[name] for name in self._held if name in self._types}
        schema = self._schema(known)
        columns = [
            self._pa.array(self._held[name][:count], schema.field(name).type) for name in known
        ]
        self._begins.append(self._file.tell())
        with self._pa.ipc.new_stream(self._file, schema) as writer:
            writer.write_table(self._pa.table(columns, schema=schema))
        self._held = {name: column[count:] for name, column in self._held.items()}
        self._rows -= count

    def _spooled(self) -> Iterator[Any]:
        for begin in self._begins:
            self._file.seek(begin)
            yield self._pa.ipc.open_stream(self._file).read_all()

    def _schema(self, types: Mapping[str, ColumnType]) -> Any:
        pa = self._pa
        named = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
        fields = [(name, named[found.type]) for name, found in types.items()]
        fields = [(name, pa.int32() if name == "tokens" else found) for name, found in fields]
        return pa.schema(fields)
