"""Rows of a table of text: tab-separated as they are, comma-separated with quotes.

A row is one line, whatever its quotes: a quote that is never closed spoils its own row and no
other. Blank lines are not rows.

Normalised: a byte order mark; a line of JSON before the names of the columns, as the Observed
Antibody Space writes it; blanks and closed quotes around a cell.

Refused: repeated names of columns that are read, rows with more or fewer cells than there are
names, as at the end of a file that was cut. One that was cut in its last cell cannot be told from a
whole one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from logos_grammar.error import ConversionError

_BYTE_ORDER_MARK = "\ufeff"
_SHOWN_NAMES = 20


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the first line of a table says.

    Attributes
    ----------
    names
        The names of the columns.
    separator
        A tab or a comma.
    wanted
        The names of the columns that are read.
    lines
        How many lines come before the first row.
    """

    names: tuple[str, ...]
    separator: str
    wanted: frozenset[str]
    lines: int = 1

    def row(self, line: str) -> dict[str, str]:
        """Return the cells of a line by the names of their columns.

        Raises
        ------
        ConversionError
            When its cells do not go with the names, or a quote of a comma-separated line is not
            closed.
        """
        cells = _cells(line, self.separator)
        if len(cells) != len(self.names):
            found = f"expected {len(self.names)} cells, found {len(cells)}"
            missing = sorted(self.wanted.intersection(self.names[len(cells) :]))
            without = f", without {', '.join(missing)}" if missing else ""
            raise ConversionError(f"{found}{without}")
        return dict(zip(self.names, cells, strict=True))


def read_header(lines: Iterator[str], *, wanted: Iterable[str], needed: Iterable[str]) -> Header:
    """Take the names of the columns from the first lines of a table.

    Parameters
    ----------
    lines
        The lines of the table, from its beginning.
    wanted
        The names of the columns that are read.
    needed
        Those of them without which no row can be read.

    Raises
    ------
    TypeError
        When the lines are bytes.
    ConversionError
        When a needed name is not there, or a name that is read is there twice.
    """
    first = next(lines, "")
    if not isinstance(first, str):
        raise TypeError(f"expected lines of text, not of {type(first).__name__}: open it as text")
    first = first.removeprefix(_BYTE_ORDER_MARK)
    before = 0
    if first.lstrip('" ').startswith("{"):
        _check_json(first)
        before = 1
        first = next(lines, "")
    separator = "\t" if "\t" in first else ","
    names = tuple(_cells(first, separator))
    header = Header(names=names, separator=separator, wanted=frozenset(wanted), lines=before + 1)
    listed = ", ".join(names[:_SHOWN_NAMES])
    if len(names) > _SHOWN_NAMES:
        listed += f" and {len(names) - _SHOWN_NAMES} more"
    for name in needed:
        if name not in names:
            raise ConversionError(f"expected a column {name}, found {listed}")
    for name in sorted(header.wanted):
        if names.count(name) > 1:
            raise ConversionError(f"expected one column {name}, found {names.count(name)}")
    return header


def _cells(line: str, separator: str) -> list[str]:
    text = line.rstrip("\r\n")
    if separator == "\t":
        return [_bare(cell.strip(" ")) for cell in text.split("\t")]
    if "\n" in text or "\r" in text:
        raise ConversionError("expected one line, found a line end inside it")
    try:
        return [cell.strip(" ") for cell in next(csv.reader([text], strict=True), [])]
    except csv.Error as error:
        raise ConversionError(f"expected closed quotes around a cell of this line: {error}") from (
            error
        )


def _bare(cell: str) -> str:
    """Take off the quotes that some writers put around a cell."""
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def _check_json(line: str) -> None:
    """Raise `ConversionError` unless a line is JSON, as it is or in comma-separated cells."""
    try:
        json.loads(line)
    except ValueError:
        try:
            json.loads(",".join(_cells(line, ",")))
        except ValueError as error:
            raise ConversionError(
                f"expected names of columns, or JSON on a line before them: {error}"
            ) from error
