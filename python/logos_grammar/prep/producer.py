"""Producers: what turns a block of a file into sentences. Text is one road of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from logos_grammar.encoded import Encoded
from logos_grammar.error import GrammarError
from logos_grammar.formats.compressed import Stream
from logos_grammar.prep.batch import Batch, Options, Refusal, printable
from logos_grammar.prep.projections import projected
from logos_grammar.prep.readers import Format, Layout, TableOptions, format_named
from logos_grammar.texts import Kind, encode_texts

_WHERE = re.compile(r" at character \d+( of record \d+)?$")


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What became of the records of one block.

    Attributes
    ----------
    ids
        uint16 [tokens]: all sentences, one after another, without `<eos>`.
    offsets
        int64 [n + 1]: where each sentence begins, and the end; none is empty.
    rows
        int64 [n]: of each sentence its record's place in the block, from 0.
    records
        How many records the block holds: each is a sentence or refused.
    newlines
        How many lines the block holds, 0 in a format without lines.
    refused
        The records that are not sentences, in their order.
    """

    ids: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    records: int
    newlines: int
    refused: tuple[Refusal, ...] = ()

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.offsets) - 1 or (np.diff(self.offsets) <= 0).any():
            raise ValueError("expected a row for each sentence, and no sentence to be empty")
        if len(self.rows) + len(self.refused) != self.records:
            found = f"{len(self.rows)} sentences and {len(self.refused)} refused"
            raise ValueError(f"expected {self.records} records, not {found}: each is one of these")


class Producer(Protocol):
    """What a format of files must be able to do: a module of `prep.readers`, or a `TextProducer`.

    `inspect` and `blocks` are the source: they say how a file is cut. `produce` does the rest,
    in any of the worker processes; what it returns is what is written, whatever it is made from.
    """

    def inspect(self, path: str, kind: Kind, table_options: TableOptions) -> Layout:
        """Return how the file is read; raise `InputError` when that is not clear."""

    def blocks(self, path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        """Yield the file as blocks of whole records."""

    def produce(self, block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
        """Return the sentences of a block; `first` says that the file begins with it."""


@dataclass(frozen=True)
class TextProducer:
    """The producer of a format whose records are texts: they are read, then encoded as a column.

    Attributes
    ----------
    format
        What finds the texts in a block.
    """

    format: Format

    def inspect(self, path: str, kind: Kind, table_options: TableOptions) -> Layout:
        """Return where the texts are."""
        return self.format.inspect(path, kind, table_options)

    def blocks(self, path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        """Yield the file as blocks of whole records."""
        return self.format.blocks(path, stream, layout, size)

    def produce(self, block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
        """Return the sentences of the texts of a block."""
        batch = self.format.read(block, layout, options, first)
        encoded, refused = encode_batch(batch, options, project=True)
        lengths = np.diff(encoded.offsets)
        kept = lengths > 0
        offsets = encoded.offsets
        if not kept.all():
            # A refused text is an empty row, which takes no ids.
            offsets = np.append(encoded.offsets[:-1][kept], encoded.offsets[-1])
        return Sentences(
            ids=encoded.ids,
            offsets=offsets,
            rows=batch.rows[kept],
            records=batch.records,
            newlines=batch.newlines,
            refused=refused,
        )


def producer_named(name: str) -> Producer:
    """Return the producer of a format by the name of the format.

    Raises
    ------
    InputError
        If it needs RDKit, which is not installed.
    """
    found = format_named(name)
    return cast(Producer, found) if hasattr(found, "produce") else TextProducer(found)


def encode_batch(
    batch: Batch, options: Options, *, project: bool = False
) -> tuple[Encoded, tuple[Refusal, ...]]:
    """Encode the texts of a batch.

    Parameters
    ----------
    batch
        The texts.
    options
        What they are to become.
    project
        Whether to apply the projections that the options name.

    Returns
    -------
    tuple
        The sentences, a refused one of length 0; and all refused records in their order.
    """
    encoded = encode_texts(options.kind, batch.texts, threads=1, errors="collect")
    if project:
        encoded = projected(encoded, options)
    if not encoded.errors:
        return encoded, batch.refused
    texts = batch.texts.split(b"\n")
    found = list(batch.refused)
    for place, error in encoded.errors:
        text = int(place)
        row = int(batch.rows[text])
        found.append(
            Refusal(
                row=row,
                line=None if batch.lines is None else int(batch.lines[row]),
                reason=reason_of(error),
                position=error.position,
                text=printable(texts[text]),
            )
        )
    return encoded, tuple(sorted(found, key=lambda refusal: refusal.row))


def reason_of(error: GrammarError) -> str:
    """Return what an error says, without where: that is its position."""
    return _WHERE.sub("", str(error))
