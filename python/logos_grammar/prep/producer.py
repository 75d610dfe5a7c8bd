"""Producers: what turns a block of a file into sentences. Text is one road of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from logos_grammar.encoded import Encoded
from logos_grammar.formats.compressed import InputError, Stream
from logos_grammar.kinds import TEXTS, text_kind
from logos_grammar.prep.batch import Batch, Options, PrepKind, Refusal, printable
from logos_grammar.prep.projections import projected
from logos_grammar.prep.readers import Format, Layout, TableOptions, format_named
from logos_grammar.prep.sentences import Examined, Sentences, reason_of
from logos_grammar.texts import encode_texts

__all__ = [
    "Examined",
    "Examiner",
    "Producer",
    "Sentences",
    "TextProducer",
    "encode_batch",
    "producer_named",
    "reason_of",
]


class Producer(Protocol):
    """What a format of files must be able to do: a module of `prep.readers`, or a `TextProducer`.

    `inspect` and `blocks` are the source: they say how a file is cut. `produce` does the rest,
    in any of the worker processes; what it returns is what is written, whatever it is made from.
    """

    def inspect(self, path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
        """Return how the file is read; raise `InputError` when that is not clear."""

    def blocks(self, path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        """Yield the file as blocks of whole records."""

    def produce(self, block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
        """Return the sentences of a block; `first` says that the file begins with it."""


class Examiner(Protocol):
    """A producer whose records `check` can compare, each with what comes back of it."""

    def blocks(self, path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        """Yield the file as blocks of whole records."""

    def examine(self, block: bytes, layout: Layout, options: Options, first: bool) -> Examined:
        """Read, encode, decode and compare the records of a block."""


@dataclass(frozen=True)
class TextProducer:
    """The producer of a format whose records are texts: they are read, then encoded as a column.

    Attributes
    ----------
    format
        What finds the texts in a block.
    """

    format: Format

    def inspect(self, path: str, kind: PrepKind, table_options: TableOptions) -> Layout:
        """Return where the texts are."""
        if kind not in TEXTS:
            antibody = kind == "antibody"
            kinds, format = (
                ("a table of AIRR", "airr") if antibody else ("lines of sentences", "sentences")
            )
            raise InputError(
                f"expected {kinds} for a kind without a text of its own, {kind}: {path}; where it "
                f"holds them, say --format {format}"
            )
        return self.format.inspect(path, text_kind(kind), table_options)

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
        If it needs a library that is not installed.
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
    encoded = encode_texts(text_kind(options.kind), batch.texts, threads=1, errors="collect")
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
