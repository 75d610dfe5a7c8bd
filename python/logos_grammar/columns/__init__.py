"""Columns: objects that are arrays under names, each column declared once.

A class of columns is its list of columns, and nothing else::

    class Points(Columns):
        number: npt.NDArray[np.uint16]
        height: Fixed
        special: npt.NDArray[np.bool_] | None = None

    points = Points(number=np.arange(3), height=Fixed.from_text(["0.50", "1.25", "-3.00"]))
    points[1:] == points[points.number > 0]
    Points.concatenate([points[:1], points[1:]]) == points
    points[2].height  # Fixed.from_text('-3.00')
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

import numpy as np
import numpy.typing as npt  # noqa: F401 (the example in the docstring)

from logos_grammar.columns.declaration import Declaration, declarations, number, text, word
from logos_grammar.columns.words import Words

__all__ = ["Columns", "Declaration", "Words"]


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False)
class Columns:
    """What every object that is columns can do; a subclass declares the columns and no more.

    A column is an annotation: ``npt.NDArray[np.uint8]`` or another dtype of numbers or truth
    values, `Fixed` for exact decimals, `Words` for names, or another class of columns, which then
    is part of this one. ``Annotated[…, "atom"]`` says what its rows are, for an object that has
    several tables; columns of one table are next to each other and have one length. A column that
    is ``… | None = None`` is optional, and absent unless it is given.

    Instances are read-only dataclasses: keyword arguments, `dataclasses.replace` and
    `dataclasses.fields` work as with any. All columns are held in one bytes object, which the core
    reads and makes without the interpreter (``rust/core/src/columns/mod.rs`` says how); an array is
    a view of it. Two are equal when they are of one class and all their columns are.

    Raises
    ------
    TypeError
        For a column that is not declared, lacks, or does not hold numbers.
    ValueError
        When columns of a table differ in length, or hold what their type cannot, with the row.
    """

    __slots__ = ("_bytes", "_views")
    _bytes: bytes
    _views: dict[str, Any]
    _declared: ClassVar[tuple[Declaration, ...]] = ()
    _row: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclass(frozen=True, eq=False, repr=False, kw_only=True, init=False)(cls)
        cls._declared = declarations(cls)
        names = [column.name for column in cls._declared]
        cls._row = namedtuple(f"{cls.__name__}Row", names)  # type: ignore[misc]
        for column in cls._declared:
            setattr(cls, column.name, _View(column))

    if not TYPE_CHECKING:  # a type checker makes the one of each subclass from its columns

        def __init__(self, **columns: Any) -> None:
            """Take the columns, each converted to its type without loss."""
            _check_names(type(self), columns)
            values: dict[str, Any] = {}
            rows: dict[str, tuple[str, int]] = {}
            for column in self._declared:
                given = columns.get(column.name)
                given = column.default if given is None else given
                if given is None:
                    continue
                values[column.name] = value = column.convert(given)
                if not column.is_nested:
                    first, length = rows.setdefault(column.table, (column.name, len(value)))
                    if len(value) != length:
                        found = f"{length} {first}, {len(value)} {column.name}"
                        raise ValueError(f"expected columns of one length, not {found}")
            _set_bytes(self, _written(self._declared, values, rows))

    @classmethod
    def _of_bytes(cls, data: bytes) -> Self:
        """Make an instance of bytes that the core wrote."""
        made = object.__new__(cls)
        _set_bytes(made, data)
        return made

    def _columns(self) -> dict[str, Any]:
        """Every column by name, None where it is absent."""
        try:
            return self._views
        except AttributeError:
            views, end = _read(type(self), self._bytes, 0)
            assert end == len(self._bytes), "bytes of these columns and no more"
            object.__setattr__(self, "_views", views)
            return views

    def __len__(self) -> int:
        """How many rows its first table has."""
        first = self._declared[0]
        return len(self._columns()[first.name])

    def __getitem__(self, rows: Any) -> Any:
        """Some rows, by a slice, a mask or their numbers; one row, by its number, as a tuple.

        Raises
        ------
        TypeError
            When it has several tables: what the rows of one say of another would be lost.
        """
        self._expect_one_table("sliced")
        columns = self._columns()
        if hasattr(rows, "__index__") and np.ndim(rows) == 0:
            row = index(rows)
            if not -len(self) <= row < len(self):
                raise IndexError(f"expected a row below {len(self)}, not {row}")
            cells = {name: None if it is None else it[row] for name, it in columns.items()}
            return type(self)._row(**cells)
        taken = {name: None if it is None else it[rows] for name, it in columns.items()}
        return type(self)(**taken)

    def __iter__(self) -> Iterator[Any]:
        """Every row as a tuple."""
        return (self[row] for row in range(len(self)))

    @classmethod
    def concatenate(cls, parts: Iterable[Self]) -> Self:
        """Put the rows of several objects one after another.

        Raises
        ------
        ValueError
            When an optional column is in some and not in all, or a column of `Fixed` has several
            counts of decimals, naming the column and the part.
        TypeError
            When it has several tables.
        """
        every = list(parts)
        if not every:
            raise ValueError("expected at least one part to concatenate")
        every[0]._expect_one_table("concatenated")
        columns: dict[str, Any] = {}
        for column in cls._declared:
            pieces = [part._columns()[column.name] for part in every]
            try:
                columns[column.name] = column.concatenate(pieces)
            except ValueError as error:
                raise ValueError(f"{error} in column {column.name}") from None
        return cls(**columns)

    def _expect_one_table(self, done: str) -> None:
        tables = list(dict.fromkeys(column.table for column in self._declared))
        if len(tables) > 1 or any(column.is_nested for column in self._declared):
            found = " and ".join(f"{table.removesuffix('s')}s" for table in tables)
            raise TypeError(f"expected one table to be {done}; {type(self).__name__} has {found}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash((type(self), self._bytes))

    def __reduce__(self) -> tuple[Any, ...]:
        # By column, so that a later version, which may have more columns, reads it.
        return _remade, (type(self), self._columns())

    def __repr__(self) -> str:
        columns = self._columns()
        present = ", ".join(name for name, value in columns.items() if value is not None)
        counts: dict[str, int] = {}
        for column in self._declared:
            if not column.is_nested and columns[column.name] is not None:
                counts.setdefault(column.table, len(columns[column.name]))
        rows = ", ".join(f"{count} {table}{'s' * (count != 1)}" for table, count in counts.items())
        return f"{type(self).__name__}({rows}: {present})"


_set_bytes: Callable[[Columns, bytes], None] = Columns.__dict__["_bytes"].__set__


class _View:
    """A column of an instance: read from its bytes on first access."""

    def __init__(self, column: Declaration) -> None:
        self.name = column.name
        self.__doc__ = column.about()

    def __get__(self, instance: Columns | None, owner: type) -> Any:
        return self if instance is None else instance._columns()[self.name]

    def __set__(self, instance: Columns, value: object) -> None:
        raise AttributeError(f"cannot assign to the column {self.name}: make another with replace")


def _written(
    declared: tuple[Declaration, ...], values: dict[str, Any], rows: dict[str, tuple[str, int]]
) -> bytes:
    """The bytes of the columns that are given, before those of each table its number of rows."""
    parts: list[bytes] = []
    begun: set[str] = set()
    for column in declared:
        if not column.is_nested and column.table not in begun:
            begun.add(column.table)
            parts.append(number(rows.get(column.table, ("", 0))[1]))
        value = values.get(column.name)
        parts.append(column.absent() if value is None else column.to_bytes(value))
    return b"".join(parts)


def _read(cls: type[Columns], data: bytes, at: int) -> tuple[dict[str, Any], int]:
    """The columns of a class that bytes hold from a place on, and where they end."""
    columns: dict[str, Any] = {}
    rows: dict[str, int] = {}
    for column in cls._declared:
        if column.is_nested:
            columns[column.name], at = _read_nested(column, data, at)
            continue
        if column.table not in rows:
            rows[column.table], at = word(data, at)
        columns[column.name], at = column.from_bytes(data, at, rows[column.table])
    return columns, at


def _read_nested(column: Declaration, data: bytes, at: int) -> tuple[Columns | str | None, int]:
    if column.type is str:
        return text(data, at)
    if column.optional:
        present, at = word(data, at)
        if not present:
            return None, at
    cls: type[Columns] = column.type
    _, end = _read(cls, data, at)
    return cls._of_bytes(data[at:end]), end


def _check_names(cls: type[Columns], given: dict[str, Any]) -> None:
    wanted = {column.name: column for column in cls._declared}
    for name in given:
        if name not in wanted:
            known = ", ".join(wanted)
            raise TypeError(f"{cls.__name__} has no column {name}, only {known}")
    for name, column in wanted.items():
        if given.get(name) is None and not column.optional and column.default is None:
            raise TypeError(f"{cls.__name__} needs the column {name}")


def _remade(cls: type[Columns], columns: dict[str, Any]) -> Columns:
    return cls(**columns)
