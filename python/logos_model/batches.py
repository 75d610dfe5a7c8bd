"""Batches: documents shuffled, packed into rows, in an order that can be taken up anywhere.

The order follows from the seed and the count of documents alone, and a `Place` says where in it a
run stands; whoever begins at the same place sees the same batches, on any machine.

Shape suffixes: B batch rows, T tokens of a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from logos_model.config import BOS, IGNORED, PAD
from logos_model.packing import Pieces, best_fit, cut
from logos_model.shards import Corpus, ShardError
from logos_model.shuffle import shuffled


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the order stands: the next row to take is `row` of window `window` of pass `epoch`."""

    epoch: int = 0
    window: int = 0
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What one forward pass reads: rows of packed documents, one after another in a flat stream.

    Shape suffix: N tokens of the stream, which is the same for every pass of a run.

    Attributes
    ----------
    ids_N
        What the model reads, int64: `<bos>` and the document without its last token, then the
        next document. What is left of a row is `<pad>`.
    targets_N
        The next token, int64; `IGNORED` where there is padding or a prompt.
    begin_N, end_N
        Place in the stream at which each token's document begins and ends (exclusive), int32.
        Each padding token is a document of its own.
    position_N
        Position of each token in its document, int32. A later piece of a document that was split
        goes on where the piece before it ended, so a position may exceed the length of a row.
    """

    ids_N: Tensor
    targets_N: Tensor
    begin_N: Tensor
    end_N: Tensor
    position_N: Tensor

    @property
    def targets(self) -> int:
        """Count of targets; reads the tensor, so ask before it is on a device."""
        return int((self.targets_N != IGNORED).sum())

    def to(self, device: torch.device) -> Pass:
        """Return the same pass on `device`; from pinned memory the copies do not wait."""
        return Pass(
            **{
                field.name: getattr(self, field.name).to(device, non_blocking=True)
                for field in fields(self)
            }
        )

    def pinned(self) -> Pass:
        """Return the same pass in pinned memory."""
        return Pass(
            **{field.name: getattr(self, field.name).pin_memory() for field in fields(self)}
        )


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows of packed documents, int64 [B, T] each.

    Attributes
    ----------
    ids_BT
        What the model reads: `<bos>` and the document without its last token, then the next
        document; `<pad>` behind the last.
    targets_BT
        What it should say: the document, end of sequence included; `IGNORED` where `<pad>` is. Each
        token of each document is a target exactly once.
    positions_BT
        Place in the document, from 0 for each.
    documents_BT
        Number of the document in its row.
    tokens
        Count of targets.
    """

    ids_BT: Tensor
    targets_BT: Tensor
    positions_BT: Tensor
    documents_BT: Tensor
    tokens: int

    def to(self, device: torch.device) -> Batch:
        """Return the same batch on `device`."""
        return replace(
            self,
            ids_BT=self.ids_BT.to(device),
            targets_BT=self.targets_BT.to(device),
            positions_BT=self.positions_BT.to(device),
            documents_BT=self.documents_BT.to(device),
        )


def flat(batch: Batch) -> Pass:
    """Return the rows of a batch one after another in a flat stream."""
    B, T = batch.ids_BT.shape
    rows_BT = torch.arange(B)[:, None].expand(B, T)
    is_padding_BT = batch.targets_BT == IGNORED
    keys_N = (rows_BT * (T + 1) + batch.documents_BT).flatten()
    _, counts = torch.unique_consecutive(keys_N, return_counts=True)
    ends = counts.cumsum(0)
    end_N = ends.repeat_interleave(counts)
    begin_N = end_N - counts.repeat_interleave(counts)
    places_N = torch.arange(B * T)
    padding_N = is_padding_BT.flatten()
    return Pass(
        ids_N=batch.ids_BT.flatten(),
        targets_N=batch.targets_BT.flatten(),
        begin_N=torch.where(padding_N, places_N, begin_N).int(),
        end_N=torch.where(padding_N, places_N + 1, end_N).int(),
        position_N=torch.where(padding_N.view(B, T), 0, batch.positions_BT).flatten().int(),
    )


class Batches:
    """Batches of a corpus, without end, each pass over the documents in a new order.

    Documents are shuffled, taken in windows, and packed window by window, so that memory does not
    grow with their tokens. A row is never dropped: a batch may reach over into the next window or
    pass.

    Parameters
    ----------
    corpus
        Where the documents come from.
    documents
        Which of them, int64 [n].
    rows, context
        Shape of a batch.
    window
        Documents packed together.
    seed
        What the order follows from.
    vocab_size
        Ids at or above it are refused.
    """

    def __init__(  # noqa: PLR0913 (what the order follows from)
        self,
        corpus: Corpus,
        documents: NDArray[np.int64],
        *,
        rows: int,
        context: int,
        window: int,
        seed: int,
        vocab_size: int,
    ) -> None:
        if not len(documents):
            raise ShardError("expected documents to make batches of, got none")
        self._corpus = corpus
        self._documents = documents
        self._rows = rows
        self._context = context
        self._window = window
        self._seed = seed
        self._vocab_size = vocab_size

    def since(self, place: Place) -> Iterator[tuple[Batch, Place]]:
        """Yield the batches from `place` on, each with the place after it."""
        rows: list[NDArray[np.int64]] = []
        for row, after in self._row_stream(place):
            rows.append(row)
            if len(rows) == self._rows:
                yield _batch(np.stack(rows)), after
                rows = []

    def once(self) -> Iterator[Batch]:
        """Yield the batches of one pass, the last one as short as it is."""
        rows: list[NDArray[np.int64]] = []
        for row, after in self._row_stream(Place()):
            rows.append(row)
            if len(rows) == self._rows or after.epoch:
                yield _batch(np.stack(rows))
                rows = []
            if after.epoch:
                return

    def _row_stream(self, place: Place) -> Iterator[tuple[NDArray[np.int64], Place]]:
        windows = -(-len(self._documents) // self._window)
        while True:
            order = self._documents[shuffled(len(self._documents), self._seed, place.epoch)]
            while place.window < windows:
                begin = place.window * self._window
                pieces, rows = self._packed(order[begin : begin + self._window], place)
                while place.row < len(rows):
                    row = rows[place.row]
                    place = replace(place, row=place.row + 1)
                    yield self._row(pieces, row), self._settled(place, len(rows), windows)
                place = Place(epoch=place.epoch, window=place.window + 1)
            place = Place(epoch=place.epoch + 1)

    def _settled(self, place: Place, rows: int, windows: int) -> Place:
        """Return the same place as the next row's own: never behind a window's or pass's end."""
        if place.row < rows:
            return place
        if place.window + 1 < windows:
            return Place(epoch=place.epoch, window=place.window + 1)
        return Place(epoch=place.epoch + 1)

    def _packed(self, documents: NDArray[np.int64], place: Place) -> tuple[Pieces, list[list[int]]]:
        pieces = cut(documents, self._corpus.lengths[documents], capacity=self._context)
        rows = best_fit(pieces.length, capacity=self._context)
        # Best fit lays the longest first; the order in which rows are seen must not say so.
        order = shuffled(len(rows), self._seed, place.epoch, place.window)
        return pieces, [rows[number] for number in order]

    def _row(self, pieces: Pieces, row: list[int]) -> NDArray[np.int64]:
        """Build ids, targets, positions and documents of one row, int64 [4, T]."""
        T = self._context
        built = np.empty((4, T), dtype=np.int64)
        ids, targets, positions, documents = built
        at = 0
        for number, piece in enumerate(row):
            document, begin = int(pieces.document[piece]), int(pieces.begin[piece])
            end = at + int(pieces.length[piece])
            tokens = self._corpus.document(document)
            targets[at:end] = tokens[begin : begin + end - at]
            ids[at] = tokens[begin - 1] if begin else BOS
            ids[at + 1 : end] = targets[at : end - 1]
            positions[at:end] = np.arange(end - at)
            documents[at:end] = number
            at = end
        if targets[:at].max() >= self._vocab_size:
            raise ShardError(f"expected ids below {self._vocab_size}, got {targets[:at].max()}")
        ids[at:], targets[at:], documents[at:] = PAD, IGNORED, len(row)
        positions[at:] = np.arange(T - at)
        return built


def _batch(rows: NDArray[np.int64]) -> Batch:
    ids_BT, targets_BT, positions_BT, documents_BT = (
        torch.from_numpy(np.ascontiguousarray(rows[:, part])) for part in range(4)
    )
    return Batch(
        ids_BT=ids_BT,
        targets_BT=targets_BT,
        positions_BT=positions_BT,
        documents_BT=documents_BT,
        tokens=int((targets_BT != IGNORED).sum()),
    )
