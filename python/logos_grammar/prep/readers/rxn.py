"""RXN: a file of one reaction, read through RDKit."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.formats.compressed import InputError, Stream, text_blocks
from logos_grammar.prep.batch import Batch, Options, gather
from logos_grammar.prep.rdkit import text_of_rxn_block
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.texts import Kind


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Return nothing to know; an RXN file holds a reaction only."""
    no_columns(path, table_options)
    if kind != "reaction":
        raise InputError(f"expected reaction as the kind of {path}, got {kind}")
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield the whole file."""
    return text_blocks(stream, size=size, cut=_nowhere)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Read the reaction and write it as a reaction SMILES."""
    text = text_of_rxn_block(block, options)
    return gather([(0, text)], newlines=block.count(b"\n"), options=options)


def records(block: bytes) -> Iterator[bytes]:
    """Yield the file, which is one record."""
    return iter((block,))


def _nowhere(held: bytearray, searched: int) -> int:
    return 0
