"""Masks put on the logits of an engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

try:
    import torch
except ImportError as error:
    raise ImportError("serving needs torch: pip install 'logos-grammar[serving]'") from error

from logos_grammar.serving.sentence import unpacked


def masked(logits: torch.Tensor, rows: Sequence[int], words: npt.NDArray[np.int32]) -> torch.Tensor:
    """Put -inf, in place, where the masks of some rows say so."""
    refused = torch.from_numpy(~unpacked(words, logits.shape[-1])).to(logits.device)
    if len(rows) == len(logits):
        return logits.masked_fill_(refused, -torch.inf)
    at = torch.tensor(rows, dtype=torch.int64, device=logits.device)
    return logits.index_copy_(0, at, logits[at].masked_fill_(refused, -torch.inf))
