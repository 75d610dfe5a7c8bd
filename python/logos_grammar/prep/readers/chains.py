"""Tables of the chains of antibodies: a row is an antibody, whose regions a numbering finds.

The columns are `heavy` (or `VH`, `VHH`, `VH or VHH`) and `light` (or `VL`), in any case. One of
them may be absent, when no other column is named after such a chain; a cell may be empty or another
missing value (`N/A`). Tables as `logos_grammar.formats.rows` says, chains as
`logos_grammar.antibody.numbering` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from logos_grammar.antibody import Antibody
from logos_grammar.antibody.numbering import from_sequences
from logos_grammar.antibody.schemes import SCHEMES
from logos_grammar.antibody.tables import MISSING
from logos_grammar.error import ConversionError
from logos_grammar.formats.compressed import InputError
from logos_grammar.formats.rows import Header, read_header
from logos_grammar.prep.batch import Options, PrepKind
from logos_grammar.prep.readers import Layout, TableOptions, carried_places
from logos_grammar.prep.readers.airr import blocks, cells, first_lines
from logos_grammar.prep.sentences import Sentences, sentences_of_lines

__all__ = ["blocks", "cells", "inspect", "produce"]

_COLUMNS = {"heavy": ("heavy", "vh", "vhh", "vh or vhh"), "light": ("light", "vl")}
_WORD = re.compile(r"[a-z]+")


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Find the columns of the chains.

    Raises
    ------
    InputError
        If there is no such column or one is there twice, no scheme is named, or the file is said
        to hold something else.
    """
    lines = first_lines(path, kind, table_options)
    if table_options.scheme not in SCHEMES:
        schemes = ", ".join(SCHEMES)
        raise InputError(
            f"expected one of {schemes} as --scheme of {path}, got {table_options.scheme}"
        )
    try:
        header = read_header(iter(lines), wanted=(), needed=())
        _columns(header.names)
    except ConversionError as error:
        raise InputError(f"{error} in {path}") from error
    return Layout(
        names=header.names,
        separator=header.separator,
        lines=header.lines,
        carried=carried_places(path, header.names, table_options),
    )


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read the rows as antibodies and encode these."""
    columns = _columns(layout.names)
    names, wanted = tuple(layout.names), frozenset(columns.values())
    header = Header(names=names, separator=layout.separator, wanted=wanted)

    def read(line: bytes) -> Antibody:
        row = header.row(line.decode())
        cells = {noun: row[column] for noun, column in columns.items()}
        chains = {noun: cell for noun, cell in cells.items() if cell and cell not in MISSING}
        if not chains:
            raise ConversionError("expected a heavy chain, a light chain or both, found neither")
        if options.fold_case:
            chains = {noun: text.upper() for noun, text in chains.items()}
        assert options.scheme is not None, "the plan says which"
        return from_sequences(
            chains.get("heavy"),
            chains.get("light"),
            scheme=options.scheme,
            incomplete=options.incomplete,
            without_leader=options.without_leader,
        )

    return sentences_of_lines(block, read, skipped=layout.lines if first else 0)


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Return the names of the columns of the heavy and the light chain, those that are there."""
    found = {}
    for noun, usual in _COLUMNS.items():
        fitting = [name for name in names if name.strip().lower() in usual]
        if len(fitting) > 1:
            raise ConversionError(f"expected one column {noun}, found {', '.join(fitting)}")
        if fitting:
            found[noun] = fitting[0]
            continue
        near = [name for name in names if set(_WORD.findall(name.lower())) & set(usual)]
        if near:
            raise ConversionError(
                f"expected a column {noun}, found {', '.join(near)}: name the one with the "
                f"sequences {noun}, or leave these out"
            )
    if not found:
        raise ConversionError(f"expected a column heavy or light, found {', '.join(names)}")
    return found
