"""Division: which documents of a corpus are trained on, kept for validation, or left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logos_model.data.corpus import Corpus
from logos_model.data.shards import ShardError
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.shuffle import shuffled


@dataclass(frozen=True, kw_only=True)
class Division:
    """What becomes of the documents of a corpus; `str()` says it in a sentence.

    Attributes
    ----------
    trained, held_out
        Numbers of the documents, ascending, int64 [n] each.
    trained_tokens
        Tokens of the former.
    long
        Documents longer than a row that are used, and `long_documents` what becomes of them.
    refused, refused_tokens
        Documents longer than a row that are left out, and their tokens.
    """

    trained: NDArray[np.int64]
    held_out: NDArray[np.int64]
    trained_tokens: int
    long: int
    long_documents: str
    refused: int
    refused_tokens: int

    def __str__(self) -> str:
        text = (
            f"{len(self.trained):,} documents of {self.trained_tokens:,} tokens to train on, "
            f"{len(self.held_out):,} held out"
        )
        if self.long:
            done = {"split": "split", "crop": "cropped"}[self.long_documents]
            text += f", {self.long:,} longer than a row {done}"
        if self.refused:
            text += f", {self.refused:,} longer than a row refused ({self.refused_tokens:,} tokens)"
        return text


def divide(
    corpus: Corpus, source: SourceConfig, config: DataConfig, *, context: int, seed: int
) -> Division:
    """Divide `corpus`; the choice follows from the seed.

    Parameters
    ----------
    corpus
        What is divided.
    source
        What becomes of its long documents.
    config
        The share that is held out.
    context
        Tokens of a row.
    seed
        What the choice follows from.

    Raises
    ------
    ShardError
        If nothing is left to train on.
    """
    long = corpus.lengths > context
    refused = long if source.long_documents == "refuse" else np.zeros_like(long)
    usable = np.flatnonzero(~refused)
    order = usable[shuffled(len(usable), seed)]
    count = min(int(len(order) * config.held_out), config.held_out_limit)
    trained = np.sort(order[count:])
    if not len(trained):
        raise ShardError(f"expected documents of at most {context} tokens, found none")
    return Division(
        trained=trained,
        held_out=np.sort(order[:count]),
        trained_tokens=int(corpus.lengths[trained].sum()),
        long=int((long & ~refused).sum()),
        long_documents=source.long_documents,
        refused=int(refused.sum()),
        refused_tokens=int(corpus.lengths[refused].sum()),
    )
