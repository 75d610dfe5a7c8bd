"""SDF and MOL: records of atoms and bonds, read through RDKit."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.formats.compressed import InputError, Stream, text_blocks
from logos_grammar.prep.batch import Batch, Cell, Options, gather
from logos_grammar.prep.rdkit import text_of_mol_block
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.texts import Kind

_END = b"\n$$$$"


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Return nothing to know; an SDF holds molecules only."""
    no_columns(path, table_options)
    if kind != "molecule":
        raise InputError(f"expected molecule as the kind of {path}, got {kind}")
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole records."""
    return text_blocks(stream, size=size, cut=last_record)


def last_record(held: bytearray, searched: int) -> int:
    """Cut after the last line of four dollars."""
    at = held.rfind(_END)
    while at >= 0:
        end = held.find(b"\n", at + len(_END))
        if end >= 0:
            return end + 1
        at = held.rfind(_END, 0, at)
    return 0


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Read the records as molecules and these as SMILES."""
    newlines = block.count(b"\n")
    return gather(_cells(block, options), newlines=newlines, options=options)


def records(block: bytes) -> Iterator[bytes]:
    """Yield the records of a block as they are in the file."""
    return (text for _, text in _parts(block))


def _cells(block: bytes, options: Options) -> Iterator[Cell]:
    return ((line, text_of_mol_block(text, options)) for line, text in _parts(block))


def _parts(block: bytes) -> Iterator[tuple[int, bytes]]:
    """The line on which each record begins, and the record."""
    line = 0
    for part in (b"\n" + block).split(_END):
        # The rest of the line after the dollars has no meaning.
        text = part.partition(b"\n")[2]
        if text.strip():
            yield line, text
        line += part.count(b"\n") + 1
