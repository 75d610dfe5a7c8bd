"""Readers of file formats: which there are, and what each must be able to do.

The text of a record is kept to the letter, and so is what a reader of the text makes of it.

=========  =====================================  ================================================
format     normalised                             refused
=========  =====================================  ================================================
all texts  line ends, a byte order mark           UTF-16; compressed data that end early
lines      what follows the first blank is a      lines that begin with a blank; words that may
           name, CXSMILES excepted                be tokens, without an option that says so
csv, tsv   blanks around a text, quotes of CSV,   empty cells, rows without the column or one
           cells at the end of a row that are     that is carried, rows with more columns than
           missing and not read                   the header
airr       see `logos_grammar.antibody.tables`    rows without an antibody
chains     the locus of a light chain; see        rows without a chain
           `logos_grammar.antibody.numbering`
sentences  blanks between names of tokens         names of no token, what is not a sentence
jsonl      escapes of JSON                        members that are not strings
parquet                                           nulls, strings with line ends
sdf, rxn   aromaticity and stereo as RDKit sees   what RDKit cannot read; coordinates in space,
           them, flat layouts                     stereo groups, substance groups
conformers see `logos_grammar.conformer.sdf`;     what RDKit cannot read, flat layouts
           records of one molecule that follow
           each other are joined
pdb, mmcif see PDB.md and MMCIF.md of the core;   see there; a file whose compressed data are
           a block of mmCIF is a record           damaged, as one record
tar                                               links, members of other formats
fasta      lengths of lines, blanks around them,  text before the first header, empty sequences,
           comments; headers are names            lower-case letters
CXSMILES   `a:`, stereo that is absolute          all features but `f:`, fragments of reactions
=========  =====================================  ================================================

What is refused for what it holds, an option that names it leaves out.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, cast

from logos_grammar.formats.compressed import InputError, Stream, compression
from logos_grammar.kinds import TEXTS
from logos_grammar.prep.batch import Batch, Options
from logos_grammar.prep.readers.foreign import check_ending
from logos_grammar.prep.words import Words
from logos_grammar.texts import Kind


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The place of the text of a record in its file.

    Attributes
    ----------
    column
        Name of the column, None in a format without columns.
    index
        Place of the column, from 0.
    width
        How many columns there are.
    header
        Whether the first record names the columns.
    carried
        The places of the columns that go along into the side-car, in a format of rows.
    names, separator, suffixes, lines
        Of a table of antibodies the names of its columns, what is between two cells, what follows
        the names of the columns of each chain, and how many lines come before the first row.
    poses
        Of conformers how many records one takes at most; 0 for other kinds.
    """

    column: str | None = None
    index: int = 0
    width: int = 1
    header: bool = False
    carried: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    separator: str = ""
    suffixes: tuple[str, ...] = ()
    lines: int = 0
    poses: int = 0


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """What the caller said about a file, each None when nothing was said."""

    column: str | None = None
    header: bool | None = None
    words: Words | None = None
    incomplete: bool = False
    scheme: str | None = None
    carried: tuple[str, ...] = ()
    poses: int | None = None


class Format(Protocol):
    """A file format whose records are texts: a module of this package with these three functions.

    A format with columns has `cells` as well: see `FormatWithCells`. A format whose records are
    not texts in the file (SDF, RXN) has `records` beside these, which yields the records of a block
    as they are, so that `check` can compare with what was read. A format whose records are
    something else has `produce` instead of `read`, which returns sentences, and may have `examine`
    for `check`: see `logos_grammar.prep.producer`.
    """

    def inspect(self, path: str, kind: Kind, table_options: TableOptions) -> Layout:
        """Return where the texts are; raise `InputError` when that is not clear."""

    def blocks(self, path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        """Yield the file as blocks of whole records."""

    def read(self, block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
        """Return the records of a block; `first` says that the file begins with it."""


class FormatWithCells(Protocol):
    """A file format whose records have columns."""

    def cells(
        self, block: bytes, layout: Layout, options: Options, first: bool
    ) -> Iterator[tuple[int | None, Sequence[str | None]]]:
        """Yield of each record of a block its line and the carried cells."""


ENDINGS: dict[str, tuple[str, ...]] = {
    "lines": (".smi", ".smiles", ".rsmi", ".cxsmiles", ".ism", ".can", ".txt"),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "jsonl": (".jsonl", ".ndjson"),
    "parquet": (".parquet", ".pq"),
    "sdf": (".sdf", ".sd", ".mol"),
    "rxn": (".rxn",),
    "conformers": (),
    "airr": (),
    "chains": (),
    "sentences": (".sentences",),
    "fasta": (".fasta", ".fa", ".faa", ".fna", ".ffn", ".frn", ".fas", ".fsa"),
    "pdb": (".pdb", ".ent"),
    "mmcif": (".cif", ".mmcif"),
    "tar": (".tar", ".tgz", ".tbz2", ".txz", ".tzst"),
}
"""Formats and the endings of the names of their files."""

_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "molecule": ("smiles", "canonical_smiles", "isomeric_smiles", "mol"),
    "reaction": ("rxn", "rxns", "rsmi", "rxn_smiles", "reactions", "reaction_smiles"),
    "protein": ("sequence", "seq", "protein_sequence"),
    "rna": ("sequence", "seq", "rna_sequence"),
    "dna": ("sequence", "seq", "dna_sequence"),
}
"""Usual names of a column of a kind, beside the name of the kind itself."""


_MISSING = re.compile(r"expected (\w+): install (logos-grammar\[\w+\])")
_SHOWN_NAMES = 20
_SHOWN_CHARACTERS = 40


def format_of(path: str) -> str:
    """Return the name of the format of a file, by its ending.

    Raises
    ------
    InputError
        If the ending is of none or of a format that is not read, or there is no such file.
    """
    ending = ending_of(path)
    for found, endings in ENDINGS.items():
        if ending in endings:
            return found
    if not os.path.exists(path):
        raise InputError(f"cannot open {path}: no such file")
    check_ending(path, ending)
    known = " ".join(ending for endings in ENDINGS.values() for ending in endings)
    raise InputError(
        f"cannot tell the format of {path} by its ending: say --format, or use one of {known}"
    )


def ending_of(path: str) -> str:
    """Return the ending that says the format of a file, in lower case, compressed or not."""
    return os.path.splitext(path.lower().removesuffix(compression(path)))[1]


def reader_of_name(name: str) -> str | None:
    """Return the format of a member of a tar, by its ending; None for what is not read there."""
    ending = ending_of(name)
    readers = {"pdb": "pdb", "mmcif": "mmcif", "sdf": "conformers"}
    return next((readers[each] for each in readers if ending in ENDINGS[each]), None)


def format_named(name: str) -> Format:
    """Return a format by its name, loading it on first use.

    Raises
    ------
    InputError
        If it needs a library that is not installed.
    """
    return cast(Format, loaded(f"{__name__}.{name}", name))


def format_with_cells(name: str) -> FormatWithCells:
    """Return a format by its name.

    Raises
    ------
    InputError
        If its records have no columns.
    """
    found = format_named(name)
    if not hasattr(found, "cells"):
        raise InputError(f"expected no columns to carry of a file of {name}, which has none")
    return cast(FormatWithCells, found)


def loaded(module: str, asked: str) -> ModuleType:
    """Return a module that may need a library.

    Parameters
    ----------
    module
        Its name.
    asked
        The option or format that needs it.

    Raises
    ------
    InputError
        If the library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        missing = _MISSING.fullmatch(str(error))
        if missing is None:
            raise
        library, extra = missing.groups()
        raise InputError(f"{asked} needs {library}: pip install '{extra}'") from error


def is_header(word: str, kind: Kind) -> bool:
    """Return whether a word is the usual name of a column of this kind."""
    return word.strip().strip('"').lower() in (kind, *_COLUMNS.get(kind, ()))


def choose_column(path: str, names: list[str], *, kind: Kind, column: str | None) -> int:
    """Return the place of the column that holds the texts.

    Parameters
    ----------
    path
        The file, for the error.
    names
        The names of its columns.
    kind
        The kind of object, which says what names are obvious.
    column
        The name that the caller gave.

    Raises
    ------
    InputError
        If there is no such column, or none was given and none or several are obvious.
    """
    listed = shown_names(names)
    if column is not None:
        if names.count(column) != 1:
            raise InputError(f"expected one column {column!r} in {path}, found {listed}")
        return names.index(column)
    places = [place for place, name in enumerate(names) if is_header(name, kind)]
    if len(places) != 1:
        raise InputError(f"say which --column of {path} holds the {kind}: it has {listed}")
    return places[0]


def shown_names(names: Sequence[str]) -> str:
    """Return the names of columns as an error lists them, the first 20 and how many more."""
    listed = ", ".join(map(_short, names[:_SHOWN_NAMES]))
    more = len(names) - _SHOWN_NAMES
    return f"{listed} and {more} more" if more > 0 else listed


def no_columns(path: str, table_options: TableOptions) -> None:
    """Raise `InputError` if a column was named for a format that has none."""
    if table_options.column is not None:
        raise InputError(f"expected no --column for {path}, its format has none")


def carried_places(path: str, names: Sequence[str], table_options: TableOptions) -> tuple[int, ...]:
    """Return the places of the columns that are carried.

    Raises
    ------
    InputError
        If one is not there, or twice.
    """
    return tuple(
        choose_column(path, list(names), kind="molecule", column=name)
        for name in table_options.carried
    )


def kind_of_column(path: str, format: str, table_options: TableOptions) -> Kind:
    """Return the only kind for whose texts a table has a column with a usual name.

    Raises
    ------
    InputError
        If no kind fits, or several do.
    """
    found: list[Kind] = []
    if format in ("csv", "tsv", "jsonl", "parquet") and table_options.column is None:
        for kind in TEXTS:
            try:
                format_named(format).inspect(path, kind, table_options)
            except InputError:
                continue
            found.append(kind)
    if len(found) != 1:
        raise InputError(f"say the --kind of {path}: its name and columns do not tell")
    return found[0]


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN_CHARACTERS else name[:_SHOWN_CHARACTERS] + "…"
