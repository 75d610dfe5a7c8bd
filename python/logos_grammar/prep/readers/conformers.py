"""SDF and MOL, each record a conformer of one pose: the format of `sdf` files for this kind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from logos_grammar.codec import decode, encode
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.comparison import difference, records_of
from logos_grammar.conformer.record import RecordError
from logos_grammar.conformer.sdf import SdfOptions, read_records
from logos_grammar.error import GrammarError
from logos_grammar.formats.compressed import InputError, Stream
from logos_grammar.prep.batch import Options, PrepKind, Refusal, printable
from logos_grammar.prep.methods import applied
from logos_grammar.prep.readers import Layout, TableOptions, no_columns, sdf
from logos_grammar.prep.sentences import Examined, Sentences, reason_of

__all__ = ["blocks", "examine", "inspect", "produce", "records_in"]


def inspect(path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
    """Return nothing to know: every record is a conformer."""
    no_columns(path, table_options)
    if kind != "conformer":
        raise InputError(f"expected conformer as the kind of {path}, got {kind}")
    return Layout()


def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
    """Yield whole records."""
    return sdf.blocks(path, stream, layout, size)


def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
    """Read the records as conformers and encode these."""
    sentences: list[np.ndarray[tuple[int, ...], np.dtype[np.uint16]]] = []
    rows: list[int] = []
    refused: list[Refusal] = []
    records = 0
    for row, read in enumerate(_conformers(block, options)):
        records += 1
        try:
            if isinstance(read, RecordError):
                raise read
            sentences.append(encode(_projected(read, options)))
        except GrammarError as error:
            refused.append(_refusal(row, error, block))
        else:
            rows.append(row)
    return Sentences(
        ids=np.concatenate([np.empty(0, np.uint16), *sentences]),
        offsets=np.cumsum([0, *map(len, sentences)], dtype=np.int64),
        rows=np.array(rows, np.int64),
        records=records,
        newlines=block.count(b"\n"),
        refused=tuple(refused),
    )


def examine(block: bytes, layout: Layout, options: Options, first: bool) -> Examined:
    """Read the records, encode and decode each, and compare it with its text."""
    refused: list[Refusal] = []
    changed: list[Refusal] = []
    texts = records_of(block)
    records = 0
    for row, read in enumerate(_conformers(block, options)):
        records += 1
        try:
            if isinstance(read, RecordError):
                raise read
            back = decode(encode(read))
        except GrammarError as error:
            refused.append(_refusal(row, error, block))
            continue
        reason = "its columns come back different" if back != read else None
        reason = reason or difference(texts[row], read)
        if reason is not None:
            text = printable(read.title.encode("utf-8", "surrogateescape"))
            changed.append(Refusal(row=row, line=None, reason=reason, position=None, text=text))
    return Examined(
        records=records,
        newlines=block.count(b"\n"),
        refused=tuple(refused),
        changed=tuple(changed),
    )


def records_in(block: bytes) -> int:
    """Return how many records a block holds."""
    return len(records_of(block))


def _conformers(block: bytes, options: Options) -> Iterator[Conformer | RecordError]:
    choices = SdfOptions(
        stereo=options.stereo,
        layouts=options.layouts,
        without_atropisomers=options.without_atropisomers,
        without_stereo_groups=options.without_stereo_groups,
        without_substance_groups=options.without_substance_groups,
    )
    for read in read_records(block, choices):
        yield read if isinstance(read, RecordError) else Conformer(**read._asdict())


def _projected(conformer: Conformer, options: Options) -> Conformer:
    if options.without_order:
        conformer = conformer.without_order()
    if options.without_title:
        conformer = conformer.without_title()
    if options.without_properties:
        conformer = conformer.without_properties()
    return applied(conformer, options)


def _refusal(row: int, error: GrammarError, block: bytes) -> Refusal:
    if isinstance(error, RecordError):
        line = error.line - 1
        text = printable(block.split(b"\n", line + 1)[line].rstrip(b"\r"))
        return Refusal(row=row, line=line, reason=error.reason, position=None, text=text)
    return Refusal(row=row, line=None, reason=reason_of(error), position=None, text="")
