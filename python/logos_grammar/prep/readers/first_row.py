"""The first row of a table: the names of its columns, or data already."""

from __future__ import annotations

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.readers import Layout, TableOptions, carried_places, choose_column
from logos_grammar.texts import Kind

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def row_layout(
    path: str, cells: list[bytes], *, kind: Kind, table_options: TableOptions, separator: str
) -> Layout:
    """Return where the texts of rows are, going by the first row.

    Parameters
    ----------
    path
        The file, for the error.
    cells
        The first row, without quotes.
    kind
        The kind of object.
    table_options
        What the caller said; without a header, its column is a number from 1.
    separator
        The separator of two cells.

    Raises
    ------
    InputError
        If that is not clear.
    """
    names = [cell.strip().decode("utf-8", "replace") for cell in cells]
    if table_options.header is False:
        index = _numbered_column(path, len(names), table_options.column)
        numbers = list(map(str, range(1, len(names) + 1)))
        carried = carried_places(path, numbers, table_options)
        return Layout(column=str(index + 1), index=index, width=len(names), carried=carried)
    try:
        index = choose_column(path, names, kind=kind, column=table_options.column)
    except InputError as error:
        raise InputError(f"{error}; {_hint(names, separator)}") from error
    carried = carried_places(path, names, table_options)
    return Layout(column=names[index], index=index, width=len(names), header=True, carried=carried)


def _numbered_column(path: str, width: int, column: str | None) -> int:
    """Return the place of a column that is named by its number from 1."""
    if column is None and width == 1:
        return 0
    if column is not None and column.isascii() and column.isdigit() and 0 < int(column) <= width:
        return int(column) - 1
    found = "" if column is None else f", got {column}"
    raise InputError(f"expected a number from 1 to {width} as the --column of {path}{found}")


def _hint(names: list[str], separator: str) -> str:
    """Say what else the first row may be than a header."""
    (row,) = names if len(names) == 1 else ("",)
    for mark, noun in _SEPARATORS.items():
        if mark in row:
            formats = {",": "say --format csv", "\t": "say --format tsv"}
            remedy = formats.get(mark, f"write it with {_SEPARATORS[separator]}")
            return f"its cells seem to be separated by {noun}: {remedy}"
    return "if that row is not a header, say --no-header and the number of the column as --column"
