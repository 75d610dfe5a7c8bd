"""Records of SDF and MOL files as text: title, coordinates, data items. No chemistry.

Coordinates are read digit by digit as integers, never as floats. Source: CTfile formats, BIOVIA
2020, chapters 2 to 4 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np

from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed

__all__ = ["Record", "RecordError", "read_items", "records_of"]

_END: Final = b"$$$$"
_NUMBER: Final = re.compile(rb"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_MOST_DECIMALS: Final = 9
_WIDTH: Final = 10
"""Columns of a coordinate in V2000."""
_HEADER: Final = 4
_V30: Final = b"M  V30 "
_WORD: Final = re.compile(rb'"[^"]*"|\[[^\]]*\]|\S+')
"""Of V3000: an element may be a list of elements."""
_LIMIT: Final = 2**63


class RecordError(ConversionError):
    """A record that has no conformer.

    Parameters
    ----------
    reason
        What was wanted.
    line
        The line of the file at which that is seen, from 1.
    record
        The record of the file, from 0.
    """

    def __init__(self, reason: str, *, line: int, record: int) -> None:
        super().__init__(f"{reason}: line {line}, record {record}", record=record)
        self.reason = reason
        self.line = line

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.reason, self.line, self.record)


def _remade(reason: str, line: int, record: int) -> RecordError:
    return RecordError(reason, line=line, record=record)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record of a file, read without chemistry.

    Attributes
    ----------
    row
        Which record of the file, from 0.
    line
        The line of the file on which it begins, from 1.
    title
        Its first line.
    block
        Its MOL block, lines ended by a line feed; line 2 says 2D where z is 0 at every atom, else
        3D.
    x, y, z
        Coordinates of its atoms with the fewest decimals that hold all of them.
    items
        The names and values of its data items, in order.
    is_flat
        Whether it is a layout in the plane and not a place in space: z is 0 at every atom, and
        line 2 does not say 3D.
    """

    row: int
    line: int
    title: str
    block: str
    x: Fixed
    y: Fixed
    z: Fixed
    items: tuple[tuple[str, str], ...]
    is_flat: bool

    def error(self, reason: str) -> RecordError:
        """An error with the place of this record in its file."""
        return RecordError(reason, line=self.line, record=self.row)


def records_of(text: bytes) -> Iterator[Record | RecordError]:
    """Yield the records of a file, or the error of one that cannot be read.

    Parameters
    ----------
    text
        The whole content of an SDF or MOL file; lines end by LF or CR LF.
    """
    for row, (line, lines) in enumerate(cut(text)):
        try:
            yield _Reader(row, line, lines).read()
        except RecordError as error:
            yield error


def cut(text: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Yield of each record the line on which it begins, from 1, and its lines.

    What is behind the last end of a record is a record unless it is blank.
    """
    lines = text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    begin = 0
    for number, line in enumerate(lines):
        if line.startswith(_END):
            yield begin + 1, [each.removesuffix(b"\r") for each in lines[begin:number]]
            begin = number + 1
    rest = [each.removesuffix(b"\r") for each in lines[begin:]]
    if any(each.strip() for each in rest):
        yield begin + 1, rest


class _Reader:
    """The lines of a record, read from the first to the last."""

    def __init__(self, row: int, line: int, lines: list[bytes]) -> None:
        self.row = row
        self.line = line
        self.lines = lines

    def read(self) -> Record:
        lines = self.lines
        if len(lines) < _HEADER:
            self._refuse("expected a counts line as the fourth of a record", len(lines) - 1)
        end = next((at for at, line in enumerate(lines) if line.startswith(b"M  END")), None)
        if end is None:
            self._refuse("expected M  END", len(lines) - 1)
        version = lines[3][33:39].strip()
        if version == b"V3000":
            fields = self._fields_of_v3000(end)
        elif version in (b"V2000", b""):
            fields = self._fields_of_v2000(end)
        else:
            self._refuse("expected V2000 or V3000 in columns 34 to 39", 3)
        x, y, z = self._coordinates(fields)
        # RDKit reads in line 2, too, whether there are places in space or a layout with wedges.
        dimension = b"3D" if z.scaled.any() else b"2D"
        program = lines[1][:20].ljust(20) + dimension
        block = b"\n".join([lines[0], program, *lines[2 : end + 1]]) + b"\n"
        return Record(
            row=self.row,
            line=self.line,
            title=_text(lines[0]),
            block=block.decode("utf-8", "replace"),
            x=x,
            y=y,
            z=z,
            items=self._items(end + 1),
            is_flat=not z.scaled.any() and lines[1][20:22] != b"3D",
        )

    def _fields_of_v2000(self, end: int) -> list[tuple[int, bytes]]:
        """The line of each atom, and its three coordinates of ten columns."""
        counted = self.lines[3][:3].strip()
        if not counted.isdigit():
            self._refuse("expected the number of atoms in columns 1 to 3", 3)
        last = _HEADER + int(counted)
        if last > end:
            self._refuse(f"expected {int(counted)} lines of atoms before M  END", end)
        for at in range(_HEADER, last):
            self._check_element(self.lines[at][31:34].strip(), at)
        return [(at, self.lines[at][: 3 * _WIDTH]) for at in range(_HEADER, last)]

    def _fields_of_v3000(self, end: int) -> list[tuple[int, bytes]]:
        """The line of each atom, and its three coordinates in ten columns or more each."""
        fields: list[tuple[int, bytes]] = []
        inside, held = False, b""
        for at in range(_HEADER, end):
            line = self.lines[at]
            if not line.startswith(_V30.rstrip()):
                continue
            held += line[len(_V30) :]
            if held.endswith(b"-"):
                held = held[:-1]
                continue
            words, held = _WORD.findall(held), b""
            if words[:2] == [b"BEGIN", b"ATOM"]:
                inside = True
            elif words[:2] == [b"END", b"ATOM"]:
                return fields
            elif inside:
                if len(words) < 5:
                    self._refuse("expected an index, an element and three coordinates", at)
                self._check_element(words[1], at)
                width = max(_WIDTH, *map(len, words[2:5]))
                fields.append((at, b"".join(word.rjust(width) for word in words[2:5])))
        raise self._error("expected atoms from BEGIN ATOM to END ATOM", end)

    def _check_element(self, symbol: bytes, at: int) -> None:
        """Refuse abbreviations such as CO and CN, which RDKit takes for Co and Cn."""
        if len(symbol) == 2 and symbol.isalpha() and symbol.isupper():
            self._refuse(f"expected an element such as Cl, found {_text(symbol)}", at)

    def _coordinates(self, fields: Sequence[tuple[int, bytes]]) -> list[Fixed]:
        read = []
        for at, line in fields:
            width = max(_WIDTH, len(line) // 3)
            for axis in range(3):
                read.append(self._number(line[axis * width : (axis + 1) * width].strip(), at))
        most = max((decimals for _, decimals in read), default=0)
        scaled = [number * 10 ** (most - decimals) for number, decimals in read]
        while most and not any(number % 10 for number in scaled):
            scaled = [number // 10 for number in scaled]
            most -= 1
        if most > _MOST_DECIMALS or any(not -_LIMIT <= number < _LIMIT for number in scaled):
            self._refuse(f"expected coordinates of at most {_MOST_DECIMALS} decimals in 64 bits", 3)
        table = np.array(scaled, np.int64).reshape(-1, 3)
        return [Fixed(column, most) for column in table.T]

    def _number(self, text: bytes, at: int) -> tuple[int, int]:
        """The digits of a number as an integer, and how many of them are decimals."""
        found = _NUMBER.fullmatch(text)
        if found is None or not (found[2] or found[3]):
            self._refuse(f"expected a coordinate such as -1.2345, found {_text(text)!r}", at)
        sign, whole, fraction = found[1], found[2], (found[3] or b"").rstrip(b"0")
        if len(whole) + len(fraction) > 2 * _MOST_DECIMALS:
            self._refuse(f"expected a coordinate of 18 digits at most, found {_text(text)}", at)
        number = int(whole + fraction or b"0")
        return (-number if sign == b"-" else number), len(fraction)

    def _items(self, begin: int) -> tuple[tuple[str, str], ...]:
        try:
            return read_items(self.lines[begin:])
        except _ItemError as error:
            self._refuse(str(error), begin + error.row)

    def _refuse(self, reason: str, at: int) -> NoReturn:
        raise self._error(reason, at)

    def _error(self, reason: str, at: int) -> RecordError:
        return RecordError(reason, line=self.line + max(at, 0), record=self.row)


class _ItemError(ValueError):
    def __init__(self, reason: str, row: int) -> None:
        super().__init__(reason)
        self.row = row


def read_items(lines: Sequence[bytes]) -> tuple[tuple[str, str], ...]:
    """Read data items: a line ``> <NAME>``, the lines of its value, a blank line.

    A blank line that is followed by neither an item nor the end belongs to the value.

    Raises
    ------
    ValueError
        For a line that belongs to no item.
    """
    items: list[tuple[str, str]] = []
    name: bytes | None = None
    value: list[bytes] = []
    for row, line in enumerate([*lines, b">"]):
        ended = row == len(lines) or (value and not value[-1].strip())
        if line.startswith(b">") and (name is None or ended):
            if name is not None:
                while value and not value[-1].strip():
                    value.pop()
                items.append((_text(name), _text(b"\n".join(value))))
            name, value = _name(line), []
        elif name is not None:
            value.append(line)
        elif line.strip():
            raise _ItemError("expected a data item, such as > <NAME>", row)
    return tuple(items)


def _name(line: bytes) -> bytes:
    """What is between the angle brackets of a header, else what is behind its first character."""
    first, last = line.find(b"<"), line.rfind(b">")
    return line[first + 1 : last] if 0 <= first < last else line[1:].strip()


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")
