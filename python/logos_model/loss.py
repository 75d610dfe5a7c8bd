"""The loss: cross-entropy of the next token, and what a validation measures beside it.

The logits of a whole pass may be far larger than everything else, so they are made for some tokens
at a time. In training they are turned into their own gradient at once and dropped.

Shape suffixes: N tokens, C tokens of a chunk, D width, V rows of the vocabulary, S states of the
grammar.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from logos_model.config import IGNORED

_CHUNK_LOGITS = {"cpu": 2**19, "cuda": 2**28}
"""Logits of a chunk: on a processor what its cache holds, on a GPU what keeps it busy."""
_FEWEST_TOKENS = 128
"""Of a chunk: each adds to the gradient of the whole head."""


class LegalTokens(NamedTuple):
    """The tokens that the grammar allows: of each place its state, of each state its tokens.

    Attributes
    ----------
    state_N
        Row of `masks_SV` of each place, int64 [N].
    masks_SV
        Whether a token may come, bool [S, V].
    """

    state_N: Tensor
    masks_SV: Tensor


def cross_entropy_sum(
    h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, *, z_loss: float = 0.0
) -> Tensor:
    """Return the cross-entropy of `h @ weight.T`, summed over the targets, in nats.

    Products are taken in the type of `h_ND`; softmax, loss and the sum over chunks in 32 bits at
    least.

    Parameters
    ----------
    h_ND
        Last hidden states [N, D].
    weight_VD
        Weight of the head [V, D].
    targets_N
        Ids to be predicted, int64 [N]; `IGNORED` at a place without a target.
    z_loss
        Weight of the squared log-sum-exp of the logits, which is added.

    Returns
    -------
    Tensor
        A scalar, 0 if every target is `IGNORED`.
    """
    loss: Tensor = _CrossEntropySum.apply(h_ND, weight_VD, targets_N, z_loss)
    return loss


def reference(h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, *, z_loss: float = 0.0) -> Tensor:
    """Return the same in plain operations, without chunks."""
    logits_NV = _wide(h_ND @ weight_VD.T)
    loss = torch.nn.functional.cross_entropy(
        logits_NV, targets_N, ignore_index=IGNORED, reduction="sum"
    )
    return loss + z_loss * logits_NV.logsumexp(-1)[targets_N != IGNORED].square().sum()


@torch.no_grad()
def token_measures(
    h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, legal: LegalTokens
) -> Tensor:
    """Return of each target its negative log-likelihood and the log mass of the legal tokens.

    Both in nats, [2, N], 0 where there is no target. Their sum is the negative log-likelihood under
    the grammar's mask.
    """
    measures_2N = torch.zeros(
        2, len(h_ND), dtype=torch.promote_types(h_ND.dtype, torch.float32), device=h_ND.device
    )
    for chunk in _chunks(h_ND, weight_VD):
        logits_CV = _wide(h_ND[chunk] @ weight_VD.T)
        said_C = targets_N[chunk] != IGNORED
        at_C1 = targets_N[chunk].clamp(min=0)[:, None]
        total_C = logits_CV.logsumexp(-1)
        illegal_CV = ~legal.masks_SV[legal.state_N[chunk]]
        legal_C = logits_CV.masked_fill(illegal_CV, -torch.inf).logsumexp(-1)
        measures_2N[0, chunk] = (total_C - logits_CV.gather(1, at_C1)[:, 0]).where(said_C, 0.0)
        measures_2N[1, chunk] = (legal_C - total_C).where(said_C, 0.0)
    return measures_2N


class _CrossEntropySum(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, h_ND: Tensor, weight_VD: Tensor, targets_N: Tensor, z_loss: float
    ) -> Tensor:
        needs_h, needs_weight, *_ = ctx.needs_input_grad
        wide = torch.promote_types(h_ND.dtype, torch.float32)
        loss = torch.zeros((), dtype=wide, device=h_ND.device)
        dh_ND = torch.empty_like(h_ND) if needs_h else None
        dweight_VD = torch.zeros_like(weight_VD, dtype=wide) if needs_weight else None
        for chunk in _chunks(h_ND, weight_VD):
            h_CD = h_ND[chunk]
            part, dlogits_CV = _for(h_ND.device.type)(h_CD @ weight_VD.T, targets_N[chunk], z_loss)
            loss += part
            if dh_ND is not None:
                dh_ND[chunk] = dlogits_CV @ weight_VD
            if dweight_VD is not None:
                if dlogits_CV.dtype == wide:
                    dweight_VD.addmm_(dlogits_CV.T, h_CD)
                else:
                    dweight_VD += dlogits_CV.T @ h_CD
        ctx.save_for_backward(dh_ND, None if dweight_VD is None else dweight_VD.to(weight_VD.dtype))
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dloss: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        dh_ND, dweight_VD = ctx.saved_tensors
        return (
            None if dh_ND is None else dh_ND * dloss.to(dh_ND.dtype),
            None if dweight_VD is None else dweight_VD * dloss.to(dweight_VD.dtype),
            None,
            None,
        )


def _loss_and_gradient(
    logits_CV: Tensor, targets_C: Tensor, z_loss: float
) -> tuple[Tensor, Tensor]:
    """Return the summed loss of a chunk and its gradient by the logits, in their type."""
    wide_CV = _wide(logits_CV)
    said_C = (targets_C != IGNORED).to(wide_CV.dtype)
    at_C1 = targets_C.clamp(min=0)[:, None]
    # One exponential, in place: passes over the logits are most of the time on a processor.
    highest_C1 = wide_CV.amax(-1, keepdim=True)
    dlogits_CV = (wide_CV - highest_C1).exp_()
    sum_C = dlogits_CV.sum(-1)
    total_C = highest_C1[:, 0] + sum_C.log()
    nats_C = total_C - wide_CV.gather(1, at_C1)[:, 0] + z_loss * total_C.square()
    pull_C = said_C * (1.0 + 2.0 * z_loss * total_C)
    dlogits_CV.mul_((pull_C / sum_C)[:, None]).scatter_add_(1, at_C1, -said_C[:, None])
    return (nats_C * said_C).sum(), dlogits_CV.to(logits_CV.dtype)


@cache
def _for(device: str) -> Any:
    """Return `_loss_and_gradient`, compiled where that pays: a GPU then reads the logits twice."""
    if device != "cuda":
        return _loss_and_gradient
    return torch.compile(_loss_and_gradient, fullgraph=True, dynamic=False)


def _chunks(h_ND: Tensor, weight_VD: Tensor) -> list[slice]:
    """Return equal slices of the tokens, the last one no longer than the others."""
    limit = _CHUNK_LOGITS.get(h_ND.device.type, 2**24)
    count = max(1, -(-len(h_ND) * len(weight_VD) // limit))
    rows = max(_FEWEST_TOKENS, -(-len(h_ND) // count))
    return [slice(begin, begin + rows) for begin in range(0, len(h_ND), rows)]


def _wide(x: Tensor) -> Tensor:
    return x.to(torch.promote_types(x.dtype, torch.float32))
