"""What a recognizer should be: its tokens, and nothing remembered but them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import logos_grammar as lg
from recognizer.states import BLOCKS, Kind, begin

Ids = NDArray[np.uint16]

WORDS = lg.vocabulary.size // 32


def array(ids: Sequence[int]) -> Ids:
    return np.array(ids, np.uint16)


def chosen(allowed: Sequence[int], block: float, place: float) -> int:
    """One of the tokens: first a block of them, then one of the block."""
    blocks = sorted({BLOCKS[token] for token in allowed})
    name = blocks[int(block * len(blocks))]
    tokens = [token for token in allowed if BLOCKS[token] == name]
    return tokens[int(place * len(tokens))]


def bits(ids: Sequence[int]) -> NDArray[np.int32]:
    """The mask of some ids."""
    mask = np.zeros(lg.vocabulary.size, np.uint8)
    mask[list(ids)] = 1
    return np.packbits(mask, bitorder="little").view(np.int32)


class Model:
    """A recognizer of one kind and budget that stands after some tokens."""

    def __init__(self, kind: Kind, budget: int | None, ids: tuple[int, ...] = ()) -> None:
        self.kind, self.budget, self.ids = kind, budget, ids

    def new(self) -> lg.Recognizer:
        """A recognizer that never did anything else than take these tokens."""
        recognizer = begin(self.kind, budget=self.budget)
        assert recognizer.accept_many(array(self.ids)) == len(self.ids)
        return recognizer

    def allowed(self) -> list[int]:
        """The ids that may come next: those of the reader, after which the budget suffices."""
        one = begin(self.kind)
        assert one.accept_many(array(self.ids)) == len(self.ids)
        # The reader knows no profile, and at the beginning it knows no kind.
        by_reader = self.kind[1] is None and self.ids
        allowed: list[int] = (lg.next_ids(array(self.ids)) if by_reader else one.allowed()).tolist()
        if self.budget is None:
            return allowed
        left = self.budget - len(self.ids)
        kept = []
        for token in allowed:
            assert one.accept(token)
            if one.min_tokens_to_complete() < left:
                kept.append(token)
            one.rollback(1)
        return kept
