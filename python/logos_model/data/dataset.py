"""Sentences as a data set of torch, and batches that the `Trainer` of transformers takes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from logos_grammar.encoded import Encoded
from logos_grammar.prep.shard_reader import ShardReader
from logos_model.config import BOS, EOS, IGNORED, PAD


class SentenceDataset(Dataset[dict[str, Tensor]]):
    """Sentences by their row, each with `<eos>` behind it.

    Parameters
    ----------
    sentences
        What `encode_many` or `encode_texts` gives, a folder of shards, or its `ShardReader`.
    with_bos, with_eos
        Whether `<bos>` comes before and `<eos>` behind each sentence.

    Raises
    ------
    GrammarError
        When a row was refused: give ``encoded.without_refused()``.
    ValueError
        When the offsets are not those of all ids.
    TypeError
        When it is nothing of all this.
    InputError
        When a folder has no shards that this vocabulary reads.

    Examples
    --------
    >>> import logos_grammar as lg
    >>> dataset = SentenceDataset(lg.encode_texts("molecule", ["CCO", "C"]))
    >>> dataset[1]
    {'input_ids': tensor([192, 384, 193,   2])}
    >>> batch = collate([dataset[0], dataset[1]])
    >>> batch["labels"]
    tensor([[ 192,  384,  384,  388,  193,    2],
            [ 192,  384,  193,    2, -100, -100]])
    """

    def __init__(
        self,
        sentences: Encoded | ShardReader | str | os.PathLike[str],
        *,
        with_bos: bool = False,
        with_eos: bool = True,
    ) -> None:
        if isinstance(sentences, str | os.PathLike):
            sentences = ShardReader(sentences)
        if isinstance(sentences, Encoded):
            sentences.check_offsets()
            sentences.check_accepted()
        elif not isinstance(sentences, ShardReader):
            raise TypeError(
                "expected an Encoded, a folder of shards or its ShardReader, not "
                f"{type(sentences).__name__}"
            )
        self._sentences = sentences
        self._before = [BOS] * with_bos
        self._after = [EOS] * with_eos

    def __len__(self) -> int:
        """Return how many sentences there are."""
        return len(self._sentences)

    def __getitem__(self, row: int) -> dict[str, Tensor]:
        """Return the sentence of a row, `input_ids` int64 [tokens]."""
        held = self._sentences
        ids = held.ids(row) if isinstance(held, ShardReader) else held[row]
        whole = np.concatenate([self._before, ids, self._after]).astype(np.int64)
        return {"input_ids": torch.from_numpy(whole)}


def collate(rows: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Make a batch of rows of a `SentenceDataset`: pad them on the right to the longest.

    Parameters
    ----------
    rows
        Rows with `input_ids`, int64 [tokens].

    Returns
    -------
    dict
        `input_ids`, `attention_mask` and `labels`, int64 [rows, tokens]: labels are the ids, and
        -100, which losses ignore, where there is padding. A model of transformers shifts them.

    Raises
    ------
    ValueError
        When there are no rows.
    """
    if not rows:
        raise ValueError("expected at least 1 row to make a batch of, not 0")
    ids = torch.nn.utils.rnn.pad_sequence(
        [row["input_ids"] for row in rows], batch_first=True, padding_value=PAD
    )
    lengths = torch.tensor([len(row["input_ids"]) for row in rows])
    mask = torch.arange(ids.shape[1]) < lengths[:, None]
    return {
        "input_ids": ids,
        "attention_mask": mask.long(),
        "labels": ids.masked_fill(~mask, IGNORED),
    }
