"""Linear layer and cross entropy in one: the logits of a whole batch never exist at once.

At the width of a vocabulary the logits are by far the largest tensor of a step. Here they are made
for some tokens at a time, turned into their own gradient in place, and dropped.

Shape suffixes: N tokens, C tokens of a chunk, D width, V vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

IGNORED = -100
"""Target of a place that is padding: no loss is taken there."""

_CHUNK_LOGITS = {"cpu": 2**21, "cuda": 2**26}
"""Logits of a chunk: on a processor what its cache holds, on a GPU what keeps it busy."""


def linear_cross_entropy(h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor) -> Tensor:
    """Return the mean cross entropy in nats of `h @ weight.T`, where targets are not `IGNORED`.

    Products are taken in autocast's type where autocast is on, else in the type of `h_ND`; the
    softmax, the loss and the sum of the weight's gradient over the chunks in 32 bits at least.

    Parameters
    ----------
    h_ND
        Last hidden states [N, D].
    weight_VD
        Weight of the head [V, D].
    targets_N
        Ids to be said, int64 [N].

    Returns
    -------
    Tensor
        A scalar, not a number if every target is `IGNORED`.
    """
    loss: Tensor = _LinearCrossEntropy.apply(h_ND, weight_VD, targets_N)
    return loss


def reference(h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor) -> Tensor:
    """Return the same in two plain operations."""
    logits_NV = F.linear(h_ND, weight_VD)
    wide = torch.promote_types(logits_NV.dtype, torch.float32)
    return F.cross_entropy(logits_NV.to(wide), targets_N, ignore_index=IGNORED)


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor) -> Tensor:
        device = h_ND.device.type
        product = h_ND.dtype
        if torch.is_autocast_enabled(device):
            product = torch.get_autocast_dtype(device)
        wide = torch.promote_types(product, torch.float32)
        with torch.autocast(device, enabled=False):
            return _forward(ctx, h_ND, weight_VD, targets_N, product=product, wide=wide)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dloss: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        dh_ND, dweight_VD = ctx.saved_tensors
        return (
            None if dh_ND is None else dh_ND * dloss.to(dh_ND.dtype),
            None if dweight_VD is None else dweight_VD * dloss.to(dweight_VD.dtype),
            None,
        )


def _forward(  # noqa: PLR0913 (autograd hands over its context beside the tensors)
    ctx: Any,
    h_ND: Tensor,
    weight_VD: Tensor,
    targets_N: Tensor,
    *,
    product: torch.dtype,
    wide: torch.dtype,
) -> Tensor:
    matrix_VD = weight_VD.detach().to(product)
    said_N = targets_N != IGNORED
    share_N = said_N.to(wide) / said_N.sum()
    loss = torch.zeros((), dtype=wide, device=h_ND.device)
    needs_h, needs_weight, _ = ctx.needs_input_grad
    dh_ND = torch.empty_like(h_ND) if needs_h else None
    dweight_VD = torch.zeros_like(weight_VD, dtype=wide) if needs_weight else None
    rows = max(1, _CHUNK_LOGITS.get(h_ND.device.type, 2**24) // len(weight_VD))
    for begin in range(0, len(h_ND), rows):
        chunk = slice(begin, begin + rows)
        h_CD, share_C = h_ND[chunk].to(product), share_N[chunk]
        at_C1 = targets_N[chunk].clamp(min=0)[:, None]
        logits_CV = (h_CD @ matrix_VD.T).to(wide)
        total_C = logits_CV.logsumexp(-1)
        loss += ((total_C - logits_CV.gather(1, at_C1)[:, 0]) * share_C).sum()
        if dh_ND is None and dweight_VD is None:
            continue
        # The logits become their own gradient: (softmax - one at the target) / count.
        dlogits_CV = logits_CV.sub_(total_C[:, None]).exp_().mul_(share_C[:, None])
        dlogits_CV.scatter_add_(1, at_C1, -share_C[:, None])
        narrow_CV = dlogits_CV.to(product)
        if dh_ND is not None:
            dh_ND[chunk] = narrow_CV @ matrix_VD
        if dweight_VD is not None:
            if product == wide:
                dweight_VD.addmm_(narrow_CV.T, h_CD)
            else:
                dweight_VD += narrow_CV.T @ h_CD
    dweight = None if dweight_VD is None else dweight_VD.to(weight_VD.dtype)
    ctx.save_for_backward(dh_ND, dweight)
    return loss
