"""Changes: what happens to documents between the shard and the row, as a pure function.

What a document becomes follows from seed, epoch and its number alone, so a run that goes on sees
what it would have seen. A document keeps its `<eos>`.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from logos_model.data.rows import Change
from logos_model.data.shards import Ids, ShardError
from logos_model.data_config import SourceConfig
from logos_model.grammar import Grammar
from logos_model.shuffle import hashed


def change_of(
    source: SourceConfig, grammar: Grammar, *, context: int, seed: int, augment: bool
) -> Change | None:
    """Return what a source does to its documents; None where they stay as they are.

    Parameters
    ----------
    source
        Names the augmentation, and what becomes of long documents.
    grammar
        Knows the objects.
    context
        Tokens of a row.
    seed
        What the changes follow from.
    augment
        Whether documents are augmented: those held out are not.
    """
    if not (augment and source.augmentation) and source.long_documents != "crop":
        return None
    return _Changes(source, grammar, context=context, seed=seed, augment=augment)


class _Changes:
    def __init__(
        self, source: SourceConfig, grammar: Grammar, *, context: int, seed: int, augment: bool
    ) -> None:
        self._source = source
        self._grammar = grammar
        self._context = context
        self._seed = seed
        self._augmentation = source.augmentation if augment else ""
        self._is_said = False

    def __call__(self, documents: list[Ids], numbers: NDArray[np.int64], epoch: int) -> list[Ids]:
        seeds = hashed(numbers, self._seed, epoch)
        if self._augmentation:
            documents = self._augmented(documents, seeds)
        if self._source.long_documents == "crop":
            documents = [
                ids if len(ids) <= self._context else self._cropped(ids, int(seed), int(number))
                for ids, seed, number in zip(documents, seeds, numbers, strict=True)
            ]
        return documents

    def _augmented(self, documents: list[Ids], seeds: NDArray[np.uint64]) -> list[Ids]:
        begin = time.perf_counter()
        sentences = [ids[:-1] for ids in documents]
        made = self._grammar.augmented(self._augmentation, sentences, seeds)
        changed = [
            # Another order may be longer; a document that fitted a row still does.
            ids if new is None or len(new) >= self._context >= len(ids) else _with_end(new, ids)
            for ids, new in zip(documents, made, strict=True)
        ]
        if not self._is_said:
            self._is_said = True
            tokens, seconds = sum(map(len, documents)), time.perf_counter() - begin
            same = sum(one is other for one, other in zip(documents, changed, strict=True))
            print(
                f"{self._source.name}: {self._augmentation} changes "
                f"{tokens / seconds:,.0f} tokens/s on the thread that fetches; {same:,} of the "
                f"first {len(documents):,} documents stay as they are",
                file=sys.stderr,
            )
        return changed

    def _cropped(self, ids: Ids, seed: int, number: int) -> Ids:
        try:
            part = self._grammar.cropped(ids[:-1], self._context - 1, seed)
        except ValueError as error:
            raise ShardError(
                f"expected documents of at most {self._context} tokens or of a type that can be "
                f"cropped, got {len(ids)} in document {number} of {self._source.name}: {error}"
            ) from None
        return _with_end(part, ids)


def _with_end(sentence: Ids, document: Ids) -> Ids:
    return np.concatenate([sentence, document[-1:]])
