"""FASTA: the sequence of each record is the text, its header is not."""

from __future__ import annotations

from collections.abc import Iterator

from logos_grammar.formats.compressed import InputError, Stream, text_blocks
from logos_grammar.formats.fasta import last_record, split
from logos_grammar.prep.batch import CHEMICAL, Batch, Cell, Options, gather
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.prep.readers import Layout, TableOptions, no_columns
from logos_grammar.texts import Kind


def inspect(path: str, kind: Kind, table_options: TableOptions) -> Layout:
    """Return nothing to know; a FASTA file holds sequences only."""
    no_columns(path, table_options)
    if kind in CHEMICAL:
        raise InputError(f"expected a protein, rna or dna as the kind of {path}, got {kind}")
    if table_options.header is not None:
        raise InputError(f"expected no word on a header for {path}: each record has one")
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole records."""
    return text_blocks(stream, size=size, cut=last_record)


def read(block: bytes, layout: Layout, options: Options, first: bool) -> Batch:
    """Take the sequences of the records."""
    newlines = block.count(b"\n")
    return gather(_cells(block), newlines=newlines, options=options)


def _cells(block: bytes) -> Iterator[Cell]:
    for line, header, sequence in split(block):
        if header is None:
            yield line, RejectedRecord("expected '>' before the first sequence", 0, sequence)
        else:
            yield line, sequence
