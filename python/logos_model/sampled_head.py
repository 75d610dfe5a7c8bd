"""The head of an extended model, mostly without the base's rows.

Cross-entropy over the whole vocabulary is cross-entropy over the grammar's block plus the negative
log of the block's probability. The first part takes 8,192 rows, the second all of them: it is taken
for every 16th token and counted 16 times. Over the 16 choices of tokens the mean of loss and
gradient is exactly that of the whole. Targets outside of the block, which are text, always take the
whole head.

Shape suffixes: N tokens, D width, V rows of the vocabulary.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from logos_model.config import IGNORED
from logos_model.loss import cross_entropy_sum

EVERY = 16
_CHUNK = 1024


def sampled_cross_entropy_sum(
    h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, *, first_id: int, choice: int
) -> Tensor:
    """Return an estimate of the cross-entropy summed over the targets, in nats; unbiased.

    The host waits once for the device, to know how many targets are of which sort.

    Parameters
    ----------
    h_ND
        Last hidden states [N, D].
    weight_VD
        Weight of the head [V, D].
    targets_N
        Ids to be predicted, int64 [N]; `IGNORED` where nothing is predicted.
    first_id
        Where the grammar's block begins; it reaches to the end of the vocabulary.
    choice
        Which tokens take the whole head: those whose place among the targets in the block has this
        remainder, 0 to 15. A run takes another choice in every step.

    Returns
    -------
    Tensor
        A scalar.
    """
    in_block = torch.nonzero(targets_N >= first_id)[:, 0]
    in_text = torch.nonzero((targets_N != IGNORED) & (targets_N < first_id))[:, 0]
    loss = cross_entropy_sum(
        h_ND[in_block], weight_VD[first_id:], targets_N[in_block] - first_id
    ) + cross_entropy_sum(h_ND[in_text], weight_VD, targets_N[in_text])
    chosen = in_block[choice % EVERY :: EVERY]
    for begin in range(0, len(chosen), _CHUNK):
        part = chosen[begin : begin + _CHUNK]
        missing: Tensor = checkpoint(
            _minus_log_mass, h_ND[part], weight_VD, first_id, use_reentrant=False
        )
        loss = loss + EVERY * missing
    return loss


def _minus_log_mass(h_ND: Tensor, weight_VD: Tensor, first_id: int) -> Tensor:
    """The negative log of the block's probability, summed."""
    wide = torch.promote_types(h_ND.dtype, torch.float32)
    logits_NV = (h_ND @ weight_VD.T).to(wide)
    return (logits_NV.logsumexp(-1) - logits_NV[:, first_id:].logsumexp(-1)).sum()
