"""Division: which documents of a corpus are trained on, kept for validation, or left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logos_model.config import Config
from logos_model.shards import Corpus, ShardError
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
    split
        Documents longer than the context of which every piece is used.
    refused, refused_tokens
        Documents longer than the context that are left out, and their tokens.
    """

    trained: NDArray[np.int64]
    held_out: NDArray[np.int64]
    trained_tokens: int
    split: int
    refused: int
    refused_tokens: int

    def __str__(self) -> str:
        text = (
            f"{len(self.trained):,} documents of {self.trained_tokens:,} tokens to train on, "
            f"{len(self.held_out):,} held out"
        )
        if self.split:
            text += f", {self.split:,} longer than the context split"
        if self.refused:
            text += (
                f", {self.refused:,} longer than the context refused "
                f"({self.refused_tokens:,} tokens)"
            )
        return text


def divide(corpus: Corpus, config: Config, *, long_documents: str = "split") -> Division:
    """Divide `corpus` as `config` says; the choice follows from its seed.

    Parameters
    ----------
    corpus
        What is divided.
    config
        Share held out, seed and tokens of a row.
    long_documents
        What becomes of documents longer than a row: "split" or "refuse".

    Raises
    ------
    ShardError
        If nothing is left to train on.
    """
    context = config.training.context
    long = corpus.lengths > context
    refused = long if long_documents == "refuse" else np.zeros_like(long)
    usable = np.flatnonzero(~refused)
    order = usable[shuffled(len(usable), config.training.seed)]
    count = min(int(len(order) * config.data.held_out), config.data.held_out_limit)
    trained = np.sort(order[count:])
    if not len(trained):
        raise ShardError(f"expected documents of at most {context} tokens, found none")
    return Division(
        trained=trained,
        held_out=np.sort(order[:count]),
        trained_tokens=int(corpus.lengths[trained].sum()),
        split=int((long & ~refused).sum()),
        refused=int(refused.sum()),
        refused_tokens=int(corpus.lengths[refused].sum()),
    )
