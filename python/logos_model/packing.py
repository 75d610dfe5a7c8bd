"""Packing: documents of many lengths side by side in rows of one length, without losing a token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pieces:
    """Runs of tokens that each fit a row: whole documents, and parts of those that do not fit.

    Attributes
    ----------
    document
        Number of the document, int64 [pieces].
    begin
        First token in that document, int64 [pieces]; 0 but for later parts of a split document.
    length
        Tokens, int64 [pieces], at least 1 and at most a row.
    """

    document: NDArray[np.int64]
    begin: NDArray[np.int64]
    length: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the count of pieces."""
        return len(self.document)


def cut(documents: NDArray[np.int64], lengths: NDArray[np.int64], *, capacity: int) -> Pieces:
    """Cut documents into pieces of at most `capacity` tokens, keeping every token.

    Parameters
    ----------
    documents, lengths
        Numbers of the documents and their tokens, int64 [n] each.
    capacity
        Tokens of a row.

    Returns
    -------
    Pieces
        In the order of the documents, parts of one document in order.
    """
    parts = -(-lengths // capacity)
    part = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    begin = part * capacity
    length = np.minimum(np.repeat(lengths, parts) - begin, capacity)
    return Pieces(document=np.repeat(documents, parts), begin=begin, length=length)


def best_fit(lengths: NDArray[np.int64], *, capacity: int) -> list[list[int]]:
    """Lay pieces into rows: the longest first, each into the fullest row that still takes it.

    Parameters
    ----------
    lengths
        Tokens of each piece, int64 [pieces], at most `capacity`.
    capacity
        Tokens of a row.

    Returns
    -------
    list of list of int
        The pieces of each row, every piece in exactly one.
    """
    rows: list[list[int]] = []
    by_room: list[list[int]] = [[] for _ in range(capacity + 1)]
    # Bit r stands while some row has room for exactly r more tokens, so the fullest row that takes
    # a piece is found by one shift however many rows there are.
    rooms = 0
    for piece in np.argsort(-lengths, kind="stable").tolist():
        length = int(lengths[piece])
        enough = rooms >> length
        if enough:
            room = length + (enough & -enough).bit_length() - 1
            row = by_room[room].pop()
            if not by_room[room]:
                rooms &= ~(1 << room)
        else:
            room, row = capacity, len(rows)
            rows.append([])
        rows[row].append(piece)
        left = room - length
        if left:
            by_room[left].append(row)
            rooms |= 1 << left
    return rows
