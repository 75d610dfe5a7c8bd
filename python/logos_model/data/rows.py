"""Rows: the documents of one source, shuffled, packed into rows, in an order that can be resumed.

The order follows from the seed and the count of documents alone, and a `Place` says where in it a
run stands; whoever begins at the same place sees the same rows, on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from logos_model.batches import Pass
from logos_model.config import IGNORED, PAD
from logos_model.data.corpus import Corpus
from logos_model.data.shards import Ids, ShardError
from logos_model.packing import Pieces, best_fit, cut
from logos_model.shuffle import shuffled

Change = Callable[[list[Ids], NDArray[np.int64], int], list[Ids]]
"""Documents, their numbers and the epoch to documents that stand in their place."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the order stands: the next row to take is `row` of window `window` of pass `epoch`."""

    epoch: int = 0
    window: int = 0
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that is built when it is written: a rank writes its own only."""

    window: Window
    number: int

    def write(self, stream: Stream, begin: int) -> int:
        """Write the row into the places of a stream from `begin` on; return where it ends."""
        window = self.window
        pieces = window.rows[self.number]
        owners = window.pieces.document[pieces].tolist()
        documents = window.documents(owners)
        offset, counts = window.pieces.begin[pieces], window.pieces.length[pieces]
        firsts = offset.tolist()
        ends = np.cumsum(counts)
        starts, used = ends - counts, int(ends[-1])
        here = slice(begin, begin + used)
        targets, ids = stream.targets[here], stream.ids[here]
        tokens = [
            document[first : first + count]
            for document, first, count in zip(documents, firsts, counts.tolist(), strict=True)
        ]
        np.concatenate(tokens, out=targets)
        targets += window.first_id
        ids[1:] = targets[:-1]
        ids[starts] = [
            (int(document[first - 1]) if first else window.bos_id) + window.first_id
            for document, first in zip(documents, firsts, strict=True)
        ]
        stream.begin[here] = np.repeat(starts + begin, counts)
        stream.end[here] = np.repeat(ends + begin, counts)
        stream.position[here] = np.arange(used) + np.repeat(offset - starts, counts)
        if window.loss_after is not None:
            prompt = [window.prompt(*each) for each in zip(documents, owners, strict=True)]
            targets[stream.position[here] < np.repeat(prompt, counts)] = IGNORED
        return begin + used


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The arrays of a pass while it is written, [N] each."""

    ids: NDArray[np.int64]
    targets: NDArray[np.int64]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    position: NDArray[np.int32]

    def write_padding(self, begin: int, end: int, *, pad: int) -> None:
        """Fill places with padding, each a document of its own without a target."""
        places = np.arange(begin, end)
        self.ids[begin:end], self.targets[begin:end] = pad, IGNORED
        self.begin[begin:end], self.end[begin:end] = places, places + 1
        self.position[begin:end] = 0


def pass_of(rows: Sequence[Row], *, count: int, context: int, first_id: int) -> Pass:
    """Build a pass of `count` rows, of which the last may be missing and are then padding."""
    stream = Stream(
        ids=np.empty(count * context, np.int64),
        targets=np.empty(count * context, np.int64),
        begin=np.empty(count * context, np.int32),
        end=np.empty(count * context, np.int32),
        position=np.empty(count * context, np.int32),
    )
    for number, row in enumerate(rows):
        end = row.write(stream, number * context)
        stream.write_padding(end, (number + 1) * context, pad=PAD + first_id)
    stream.write_padding(len(rows) * context, count * context, pad=PAD + first_id)
    return Pass(
        ids_N=torch.from_numpy(stream.ids),
        targets_N=torch.from_numpy(stream.targets),
        begin_N=torch.from_numpy(stream.begin),
        end_N=torch.from_numpy(stream.end),
        position_N=torch.from_numpy(stream.position),
    )


class Rows:
    """Rows of a corpus, without end, each epoch over the documents in a new order.

    Documents are shuffled, taken in windows, and packed window by window, so that memory does not
    grow with their tokens. No row is dropped.

    Parameters
    ----------
    corpus
        Where the documents come from.
    documents
        Which of them, int64 [n].
    context
        Tokens of a row.
    window
        Documents packed together.
    seed
        What the order follows from.
    first_id
        Added to every id of objects: where their block begins in a model that extends another.
    loss_after
        The id up to whose first occurrence a document is a prompt; None for none.
    change
        What is done to the documents of a window before they are packed.
    """

    def __init__(  # noqa: PLR0913 (what the rows follow from)
        self,
        corpus: Corpus,
        documents: NDArray[np.int64],
        *,
        context: int,
        window: int,
        seed: int,
        first_id: int = 0,
        loss_after: int | None = None,
        change: Change | None = None,
    ) -> None:
        if not len(documents):
            raise ShardError("expected documents to make rows of, got none")
        self._corpus = corpus
        self._documents = documents
        self._context = context
        self._window = window
        self._seed = seed
        self._first_id = 0 if corpus.manifest.is_text else first_id
        self._loss_after = loss_after
        self._change = change

    def since(self, place: Place) -> Iterator[tuple[Row, Place]]:
        """Yield the rows from `place` on, each with the place after it."""
        windows = -(-len(self._documents) // self._window)
        while True:
            order = self._documents[shuffled(len(self._documents), self._seed, place.epoch)]
            while place.window < windows:
                begin = place.window * self._window
                window = self._packed(order[begin : begin + self._window], place)
                while place.row < len(window.rows):
                    row = Row(window=window, number=place.row)
                    place = replace(place, row=place.row + 1)
                    yield row, _settled(place, len(window.rows), windows)
                place = Place(epoch=place.epoch, window=place.window + 1)
            place = Place(epoch=place.epoch + 1)

    def once(self) -> Iterator[Row]:
        """Yield the rows of one epoch."""
        for row, after in self.since(Place()):
            yield row
            if after.epoch:
                return

    def _packed(self, numbers: NDArray[np.int64], place: Place) -> Window:
        lengths = self._corpus.lengths[numbers]
        changed: list[Ids] | None = None
        if self._change is not None:
            whole = self._corpus.documents(numbers)
            changed = self._change(whole, numbers, place.epoch)
            lengths = np.array([len(ids) for ids in changed], np.int64)
        pieces = cut(np.arange(len(numbers)), lengths, capacity=self._context)
        rows = best_fit(pieces.length, capacity=self._context)
        # Best fit lays the longest first; the order in which rows are seen must not say so.
        order = shuffled(len(rows), self._seed, place.epoch, place.window)
        return Window(
            corpus=self._corpus,
            numbers=numbers,
            changed=changed,
            pieces=pieces,
            rows=[rows[number] for number in order],
            first_id=self._first_id,
            loss_after=self._loss_after,
        )


@dataclass(frozen=True, kw_only=True)
class Window:
    """Documents that were packed together.

    Attributes
    ----------
    corpus
        Where they come from.
    numbers
        Their numbers there, int64 [n].
    changed
        The documents themselves where they are not as in the corpus.
    pieces
        Which runs of which of them, counted from 0, each row takes from.
    rows
        The pieces of each row.
    first_id, loss_after
        As `Rows` takes them.
    """

    corpus: Corpus
    numbers: NDArray[np.int64]
    changed: list[Ids] | None
    pieces: Pieces
    rows: list[list[int]]
    first_id: int
    loss_after: int | None

    @property
    def bos_id(self) -> int:
        """The id that is read before a document: its end, where the vocabulary has no other."""
        manifest = self.corpus.manifest
        return manifest.eos_id if manifest.bos_id is None else manifest.bos_id

    def documents(self, owners: list[int]) -> list[Ids]:
        """Return the ids of some of the documents."""
        if self.changed is not None:
            return [self.changed[owner] for owner in owners]
        return self.corpus.documents(self.numbers[owners])

    def prompt(self, ids: Ids, owner: int) -> int:
        """Return how many tokens of a document are its prompt."""
        places = np.flatnonzero(ids == self.loss_after)
        if not len(places):
            raise ShardError(
                f"expected the token {self.loss_after}, after which the loss begins, in document "
                f"{self.numbers[owner]} of {self.corpus.manifest.path.parent}"
            )
        return int(places[0]) + 1


def _settled(place: Place, rows: int, windows: int) -> Place:
    """Return the same place as the next row's own: never behind a window's or epoch's end."""
    if place.row < rows:
        return place
    if place.window + 1 < windows:
        return Place(epoch=place.epoch, window=place.window + 1)
    return Place(epoch=place.epoch + 1)
