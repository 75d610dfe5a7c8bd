"""Sentences: what became of the records of a block, from whatever they were made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logos_grammar.codec import encode_many
from logos_grammar.error import GrammarError
from logos_grammar.prep.batch import Refusal, printable

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
        int64 [n]: of each sentence its record's place in the block, from 0; that of the first
        where it holds several, which follow each other.
    records
        How many records the block holds: each is in a sentence or refused.
    newlines
        How many lines the block holds, 0 in a format without lines.
    refused
        The records that are not sentences, in their order.
    joined
        int64 [n]: how many records each sentence holds; None where each holds one.
    """

    ids: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    records: int
    newlines: int
    refused: tuple[Refusal, ...] = ()
    joined: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.offsets) - 1 or (np.diff(self.offsets) <= 0).any():
            raise ValueError("expected a row for each sentence, and no sentence to be empty")
        joined = self.records_of_each()
        if len(joined) != len(self.rows) or (joined < 1).any():
            raise ValueError("expected one record or more for each sentence")
        if joined.sum() + len(self.refused) != self.records:
            found = f"{joined.sum()} in sentences and {len(self.refused)} refused"
            raise ValueError(f"expected {self.records} records, not {found}: each is one of these")

    def records_of_each(self) -> NDArray[np.int64]:
        """Return how many records each sentence holds, int64 [n]."""
        return np.ones(len(self.rows), np.int64) if self.joined is None else self.joined


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What became of the records of one block that were read, encoded, decoded and compared.

    Attributes
    ----------
    records
        How many records the block holds.
    newlines
        How many lines the block holds, 0 in a format without lines.
    refused
        The records that are not sentences, in their order.
    changed
        The records that came back different, or are not what their text says, in their order.
    left_out
        What the reader of the format says that it did not take, in the words of its page.
    """

    records: int
    newlines: int
    refused: tuple[Refusal, ...]
    changed: tuple[Refusal, ...]
    left_out: tuple[Refusal, ...] = ()


def sentences_of_lines(block: bytes, read: Callable[[bytes], object], *, skipped: int) -> Sentences:
    """Read each line of a block as an object and encode these; blank lines are not records.

    Parameters
    ----------
    block
        Whole lines.
    read
        Makes the object of a line; raises `GrammarError` where it has no object.
    skipped
        How many lines come before the first record.
    """
    objects: list[object] = []
    rows: list[int] = []
    refused: list[Refusal] = []
    lines = block.split(b"\n")
    records = 0
    for number, line in enumerate(lines[skipped:], skipped):
        if not line:
            continue
        try:
            objects.append(read(line))
        except UnicodeDecodeError as error:
            refused.append(_refusal(records, number, "expected UTF-8", error.start, line))
        except GrammarError as error:
            refused.append(_refusal(records, number, reason_of(error), None, line))
        else:
            rows.append(records)
        records += 1
    encoded = encode_many(objects, threads=1)
    return Sentences(
        ids=encoded.ids,
        offsets=encoded.offsets,
        rows=np.array(rows, np.int64),
        records=records,
        newlines=block.count(b"\n"),
        refused=tuple(refused),
    )


def _refusal(row: int, line: int, reason: str, position: int | None, text: bytes) -> Refusal:
    shown = printable(text)
    return Refusal(row=row, line=line, reason=reason, position=position, text=shown)


def reason_of(error: GrammarError) -> str:
    """Return what an error says, without where: that is its position."""
    return _WHERE.sub("", str(error))
