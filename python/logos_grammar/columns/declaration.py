"""Declaration: what one column is, read from its annotation; and its values as bytes and back."""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields
from itertools import groupby
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from logos_grammar.columns.words import Words
from logos_grammar.fixed import Fixed

_ALIGNMENT: Final = 8
"""Every column begins at a multiple of as many bytes."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One column.

    Attributes
    ----------
    name
        The name of the column.
    type
        The dtype of its array, `Fixed`, `Words`, a class of columns, or str.
    table
        What its rows are: one word.
    optional
        Whether it may be absent.
    default
        What it is where it is not given, if anything.
    """

    name: str
    type: Any
    table: str
    optional: bool
    default: Any = None

    @property
    def is_nested(self) -> bool:
        """Whether it has no rows of its own: it is columns itself, or a text."""
        return not isinstance(self.type, np.dtype) and self.type not in (Fixed, Words)

    def about(self) -> str:
        """What it is, in words."""
        type_name = self.type.name if isinstance(self.type, np.dtype) else self.type.__name__
        optional = ", or None" if self.optional else ""
        if self.is_nested:
            return f"{type_name}{optional}."
        return f"{type_name}, a row for each {self.table}{optional}."

    def convert(self, given: Any) -> Any:
        """Take what the caller gives, without loss.

        Raises
        ------
        TypeError
            For what is of another kind.
        ValueError
            For values that its type cannot hold, with the row.
        """
        if isinstance(self.type, np.dtype):
            return self._array(given)
        if not isinstance(given, self.type):
            found = type(given).__name__
            raise TypeError(f"expected {self.name} as {self.type.__name__}, not {found}")
        if self.type is str:
            return _text(given, self.name)
        if self.type is Fixed and given.scaled.ndim != 1:
            raise ValueError(f"expected {self.name} in one dimension, not one number")
        return given

    def _array(self, given: Any) -> npt.NDArray[Any]:
        values = np.asarray(given)
        if values.ndim != 1:
            raise ValueError(f"expected {self.name} in one dimension, not {values.ndim}")
        if values.size and values.dtype.kind not in "biuf":
            # An integer beyond 64 bits makes an array of objects.
            invalid = next((row for row, cell in enumerate(given) if not isinstance(cell, int)), -1)
            if invalid >= 0:
                found = f"{values.dtype} in {self.name}[{invalid}]"
                raise TypeError(f"expected {self.name} as {self.type}, not {found}")
            raise ValueError(f"expected {self.name} as {self.type}, not integers beyond 64 bits")
        with np.errstate(invalid="ignore"):
            array = values.astype(self.type)
        if self.type == np.bool_:
            # A byte of an array of truth values may be another than 0 and 1.
            array = array.view(np.uint8) != 0
        if values.size and not np.array_equal(array, values):
            row = int(np.flatnonzero(array != values)[0])
            found = f"{values[row]!s} ({values.dtype}) in {self.name}[{row}]"
            raise ValueError(f"expected {self.name} as {self.type}, not {found}")
        return array

    def concatenate(self, pieces: list[Any]) -> Any:
        """Put columns one after another.

        Raises
        ------
        ValueError
            When some are absent and others are not, or have other counts of decimals.
        """
        present = [piece is not None for piece in pieces]
        if not any(present):
            return None
        if not all(present):
            raise ValueError(f"expected all parts to have it, not part {present.index(False)}")
        if self.type is Words:
            return Words.concatenate(pieces)
        if self.type is not Fixed:
            return np.concatenate(pieces)
        decimals = pieces[0].decimals
        for part, piece in enumerate(pieces):
            if piece.decimals != decimals:
                found = f"{piece.decimals} in part {part}"
                raise ValueError(f"expected {decimals} decimals as in part 0, not {found}")
        return Fixed(np.concatenate([piece.scaled for piece in pieces]), decimals)

    def absent(self) -> bytes:
        """The bytes of the column where it is absent."""
        return bytes(_ALIGNMENT)

    def to_bytes(self, value: Any) -> bytes:
        """The bytes of its values."""
        if self.type is str:
            text: bytes = value.encode("utf-8", "surrogateescape")
            return number(len(text)) + text + bytes(-len(text) % _ALIGNMENT)
        if self.is_nested:
            nested: bytes = value._bytes
            return self._mark() + nested
        if self.type is Fixed:
            column: Fixed = value
            return self._mark() + number(column.decimals) + column.scaled.tobytes()
        if self.type is Words:
            words: Words = value
            return self._mark() + words._to_bytes()
        held: bytes = value.tobytes()
        return self._mark() + held + bytes(-len(held) % _ALIGNMENT)

    def _mark(self) -> bytes:
        return number(1) if self.optional else b""

    def from_bytes(self, data: bytes, at: int, rows: int) -> tuple[Any, int]:
        """The values that bytes hold from a place on, None when absent, and where they end."""
        if self.optional:
            present, at = word(data, at)
            if not present:
                return None, at
        if self.type is Fixed:
            decimals, at = word(data, at)
            scaled = np.frombuffer(data, np.int64, rows, at)
            return Fixed(scaled, decimals), at + scaled.nbytes
        if self.type is Words:
            return Words._from_bytes(data, at, rows)
        array = np.frombuffer(data, self.type, rows, at)
        return array, at + array.nbytes + -array.nbytes % _ALIGNMENT


def declarations(cls: type) -> tuple[Declaration, ...]:
    """The columns of a class, from its annotations.

    Raises
    ------
    TypeError
        For an annotation that is not a column, and for a table in two runs.
    """
    hints = get_type_hints(cls, include_extras=True)
    found: list[Declaration] = []
    for field in fields(cls):
        type_, table, optional = _of_hint(hints[field.name], cls, field.name)
        if optional != (field.default is None):
            where = f"{cls.__name__}.{field.name}"
            raise TypeError(f"expected {where} as `… | None = None` or without both")
        default = None if field.default is MISSING else field.default
        found.append(
            Declaration(
                name=field.name, type=type_, table=table, optional=optional, default=default
            )
        )
    if not found:
        raise TypeError(f"expected {cls.__name__} to declare a column")
    if found[0].optional:
        raise TypeError(f"expected the first column of {cls.__name__} not to be optional")
    runs = [table for table, _ in groupby(column.table for column in found)]
    if len(set(runs)) != len(runs):
        raise TypeError(f"expected the columns of a table of {cls.__name__} side by side")
    return tuple(found)


def _of_hint(hint: Any, cls: type, name: str) -> tuple[Any, str, bool]:
    """The type, the table and whether it is optional, of an annotation."""
    table, optional = "row", False
    while get_origin(hint) in (Annotated, Union, types.UnionType):
        if get_origin(hint) is Annotated:
            hint, table = get_args(hint)[:2]
            continue
        members = [member for member in get_args(hint) if member is not type(None)]
        optional = len(members) < len(get_args(hint))
        if len(members) > 1:
            break
        hint = members[0]
    if get_origin(hint) is np.ndarray:
        dtype = np.dtype(get_args(get_args(hint)[1])[0])
        if dtype.kind in "biu":
            return dtype, table, optional
    elif hint is Fixed or hint is Words:
        return hint, table, optional
    elif hint is str:
        return str, name, optional
    elif isinstance(hint, type) and hasattr(hint, "_of_bytes"):
        return hint, name, optional
    raise TypeError(
        f"expected {cls.__name__}.{name} as npt.NDArray of integers or truth values, Fixed, Words "
        f"or Columns, not {hint}"
    )


def text(data: bytes, at: int) -> tuple[str, int]:
    """The text that bytes hold at a place, and where it ends."""
    size, at = word(data, at)
    return data[at : at + size].decode("utf-8", "surrogateescape"), at + size + -size % _ALIGNMENT


def _text(given: str, name: str) -> str:
    """A text as its bytes are read."""
    try:
        return given.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        found = f"{given[error.start]!a} at {error.start}"
        raise ValueError(f"expected {name} as characters and bytes, not {found}") from None


def number(value: int) -> bytes:
    """The bytes of a number."""
    return value.to_bytes(_ALIGNMENT, "little", signed=True)


def word(data: bytes, at: int) -> tuple[int, int]:
    """The number that bytes hold at a place, and where it ends."""
    end = at + _ALIGNMENT
    return int.from_bytes(data[at:end], "little", signed=True), end
