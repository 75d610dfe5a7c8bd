"""AIRR rearrangement tables, and those of the Observed Antibody Space: a row is an antibody."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.antibody import Antibody
from logos_grammar.antibody.tables import columns_of, read_row
from logos_grammar.error import ConversionError
from logos_grammar.formats.compressed import InputError, Stream, after_line, text_blocks
from logos_grammar.formats.rows import Header, read_header
from logos_grammar.prep.batch import Options, PrepKind
from logos_grammar.prep.carried import Cells
from logos_grammar.prep.readers import Layout, TableOptions, carried_places, no_columns
from logos_grammar.prep.sentences import Sentences, sentences_of_lines

_PEEK = 1 << 20
_LINKED = ("_heavy", "_light")


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Find the columns of the regions, of one chain in a row or of two that a row links.

    Raises
    ------
    InputError
        If a column is missing or there twice, or the file is said to hold something else.
    """
    lines = first_lines(path, kind, table_options)
    if table_options.scheme is not None:
        raise InputError(f"expected no --scheme for {path}: its rows say what the regions are")
    linked = any(all(f"locus{suffix}" in line for suffix in _LINKED) for line in lines[:2])
    suffixes = _LINKED if linked else ("",)
    wanted, needed = columns_of(suffixes, incomplete=table_options.incomplete)
    try:
        header = read_header(iter(lines), wanted=wanted, needed=needed)
    except ConversionError as error:
        hint = "; --scheme numbers and cuts the chains of columns heavy and light"
        raise InputError(f"{error} in {path}{hint}") from error
    names, separator = header.names, header.separator
    return Layout(
        names=names,
        separator=separator,
        suffixes=suffixes,
        lines=header.lines,
        carried=carried_places(path, names, table_options),
    )


def first_lines(path: str, kind: PrepKind, table_options: TableOptions) -> list[str]:
    """Return the lines with which a table of antibodies begins.

    Raises
    ------
    InputError
        If the file is said to hold something else.
    """
    no_columns(path, table_options)
    if kind != "antibody":
        raise InputError(f"expected antibody as the kind of {path}, got {kind}")
    if table_options.header is not None:
        raise InputError(f"expected no word on a header for {path}: its columns have names")
    with Stream(path) as stream:
        peek = next(text_blocks(stream, size=_PEEK, cut=after_line), b"")
    return peek.decode("utf-8", "replace").split("\n")


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole lines, the first time with all that come before the rows."""
    begun = False

    def cut(held: bytearray, searched: int) -> int:
        nonlocal begun
        begun = begun or held.count(b"\n") >= layout.lines
        return after_line(held, 0) if begun else 0

    return text_blocks(stream, size=size, cut=cut)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read the rows as antibodies and encode these."""
    wanted, _ = columns_of(layout.suffixes, incomplete=options.incomplete)
    header = Header(names=tuple(layout.names), separator=layout.separator, wanted=frozenset(wanted))

    def read(line: bytes) -> Antibody:
        text = line.decode()
        suffixes, incomplete = layout.suffixes, options.incomplete
        return read_row(text, header, suffixes=suffixes, incomplete=incomplete, na=options.na)

    skipped = layout.lines if first else 0
    return sentences_of_lines(block, read, skipped=skipped)


def cells(block: bytes, layout: Layout, options: Options, first: bool) -> Iterator[Cells]:
    """Yield the carried cells of each row."""
    header = Header(names=tuple(layout.names), separator=layout.separator, wanted=frozenset())
    for number, line in enumerate(block.split(b"\n")):
        if not line or (first and number < layout.lines):
            continue
        try:
            row = header.row(line.decode())
        except (ConversionError, UnicodeDecodeError):
            row = {}  # The record is refused.
        yield number, [row.get(name) for name in options.carried]
