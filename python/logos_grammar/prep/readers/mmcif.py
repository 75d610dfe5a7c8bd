"""mmCIF: each block of a file that has an atom table is a structure."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.formats.compressed import Stream
from logos_grammar.prep import entries
from logos_grammar.prep.batch import Options, PrepKind
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.prep.sentences import Examined, Sentences


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Return nothing to know: the file says which of its blocks are structures."""
    entries.check_kind(path, ".cif", kind)
    no_columns(path, table_options)
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield the file."""
    yield entries.whole(stream, size)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read each structure and encode it."""
    return entries.produce(block, "mmcif", options)


def examine(block: bytes, layout: Layout, options: Options, first: bool) -> Examined:
    """Read each structure, encode and decode it, and compare it with its text."""
    return entries.examine(block, "mmcif", options)


def records_in(block: bytes) -> int:
    """Return how many structures a file holds."""
    return entries.records_in(block, "mmcif")
