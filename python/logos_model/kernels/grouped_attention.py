"""Attention within documents on a processor: documents of similar length side by side.

A mask over the whole stream computes mostly zeros, and a loop over documents spends its time
between operations. Here documents are gathered by length, padded to the next of two lengths an
octave, and each group takes a few batched products. The gradient is written out, so that
torch.compile sees one operation either way.

Shape suffixes: N tokens of the stream, X heads of either sort, H query heads, K key-value heads,
R query heads of one key-value head, E width of a head; of one group G documents, T tokens of each
with padding, M = G * K, C queries taken together, S keys that they see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

_QUERIES = 128
"""Queries of a document taken together: what bounds the memory of a long document."""


@torch.library.custom_op("logos::grouped_attention", mutates_args=())
def grouped_attention(  # noqa: PLR0913, PLR0917 (an operator of torch takes tensors by place)
    q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor, begin_N: Tensor, end_N: Tensor, scale: float
) -> Tensor:
    """Return the causal attention of each token within its document.

    Parameters
    ----------
    q_NHE, k_NKE, v_NKE
        Queries, keys and values of one floating type; K divides H.
    begin_N, end_N
        Place in the stream where each token's document begins and ends, int32 [N].
    scale
        Factor of the products of queries and keys.

    Returns
    -------
    Tensor
        [N, H, E].
    """
    K, wide = k_NKE.shape[1], _wide(q_NHE)
    o_NHE = q_NHE.new_empty(q_NHE.shape)
    for places_GT, real_GT in _groups(begin_N, end_N):
        q_MRTE, k_M1TE, v_M1TE = (
            _gathered(x, places_GT, K).to(wide) for x in (q_NHE, k_NKE, v_NKE)
        )
        o_MRTE = torch.empty_like(q_MRTE)
        for part in _parts(places_GT.shape[1]):
            seen = slice(part.stop)
            p_MRCS = _weights(q_MRTE[:, :, part], k_M1TE[:, 0, seen], scale)
            o_MRTE[:, :, part] = _over_keys(p_MRCS, v_M1TE[:, 0, seen])
        _put(o_NHE, o_MRTE, places_GT, real_GT)
    return o_NHE


@torch.library.custom_op("logos::grouped_attention_backward", mutates_args=())
def _gradients(  # noqa: PLR0913, PLR0917 (as above)
    do_NHE: Tensor,
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    begin_N: Tensor,
    end_N: Tensor,
    scale: float,
) -> tuple[Tensor, Tensor, Tensor]:
    K, wide = k_NKE.shape[1], _wide(q_NHE)
    dq_NHE, dk_NKE, dv_NKE = (x.new_empty(x.shape) for x in (q_NHE, k_NKE, v_NKE))
    for places_GT, real_GT in _groups(begin_N, end_N):
        q_MRTE, k_M1TE, v_M1TE, do_MRTE = (
            _gathered(x, places_GT, K).to(wide) for x in (q_NHE, k_NKE, v_NKE, do_NHE)
        )
        # Without a gradient of its own a query of the padding gives nothing to keys and values.
        do_MRTE.masked_fill_(~real_GT.repeat_interleave(K, 0)[:, None, :, None], 0.0)
        dq_MRTE, dk_M1TE, dv_M1TE = (torch.zeros_like(x) for x in (q_MRTE, k_M1TE, v_M1TE))
        for part in _parts(places_GT.shape[1]):
            seen = slice(part.stop)
            q_MRCE, do_MRCE = q_MRTE[:, :, part], do_MRTE[:, :, part]
            p_MRCS = _weights(q_MRCE, k_M1TE[:, 0, seen], scale)
            dp_MRCS = _over_keys(do_MRCE, v_M1TE[:, 0, seen].transpose(1, 2))
            ds_MRCS = torch._softmax_backward_data(dp_MRCS, p_MRCS, -1, p_MRCS.dtype).mul_(scale)
            dq_MRTE[:, :, part] = _over_keys(ds_MRCS, k_M1TE[:, 0, seen])
            dk_M1TE[:, 0, seen] += _over_queries(ds_MRCS, q_MRCE)
            dv_M1TE[:, 0, seen] += _over_queries(p_MRCS, do_MRCE)
        _put(dq_NHE, dq_MRTE, places_GT, real_GT)
        _put(dk_NKE, dk_M1TE, places_GT, real_GT)
        _put(dv_NKE, dv_M1TE, places_GT, real_GT)
    return dq_NHE, dk_NKE, dv_NKE


@grouped_attention.register_fake
def _(q_NHE: Tensor, *_: Any) -> Tensor:
    return q_NHE.new_empty(q_NHE.shape)


@_gradients.register_fake
def _(do_NHE: Tensor, q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor, *_: Any) -> tuple[Tensor, ...]:
    return tuple(x.new_empty(x.shape) for x in (q_NHE, k_NKE, v_NKE))


def _setup(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    *tensors, ctx.scale = inputs
    ctx.save_for_backward(*tensors)


def _differentiate(ctx: Any, do_NHE: Tensor) -> tuple[Tensor | None, ...]:
    return *_gradients(do_NHE, *ctx.saved_tensors, ctx.scale), None, None, None


grouped_attention.register_autograd(_differentiate, setup_context=_setup)


def _wide(x: Tensor) -> torch.dtype:
    return torch.promote_types(x.dtype, torch.float32)


def _groups(begin_N: Tensor, end_N: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield each group's places in the stream [G, T], the document's last repeated as padding,
    and which of them are real.
    """
    begin_N, end_N = begin_N.long(), end_N.long()
    first = torch.nonzero(begin_N == torch.arange(len(begin_N), device=begin_N.device))[:, 0]
    length = end_N[first] - first
    octave = 2 ** (length.double().log2().floor().long() - 1).clamp(min=0)
    padded = -(-length // octave) * octave
    for T in torch.unique(padded).tolist():
        of_length = padded == T
        step_T = torch.arange(T, device=first.device)
        last_G1 = length[of_length, None] - 1
        yield first[of_length, None] + torch.minimum(step_T, last_G1), step_T <= last_G1


def _parts(T: int) -> Iterator[slice]:
    for begin in range(0, T, _QUERIES):
        yield slice(begin, min(begin + _QUERIES, T))


def _gathered(x_NXE: Tensor, places_GT: Tensor, K: int) -> Tensor:
    """Return these places by key-value head, [M, R, T, E]."""
    (G, T), (_, X, E) = places_GT.shape, x_NXE.shape
    rows = x_NXE.reshape(-1, X * E).index_select(0, places_GT.flatten())
    return rows.view(G, T, K, X // K, E).permute(0, 2, 3, 1, 4).reshape(G * K, X // K, T, E)


def _put(x_NXE: Tensor, x_MRTE: Tensor, places_GT: Tensor, real_GT: Tensor) -> None:
    """Write the real ones of these places into the stream: the inverse of `_gathered`."""
    (G, T), (_, R, _, E) = places_GT.shape, x_MRTE.shape
    x_GTKRE = x_MRTE.view(G, -1, R, T, E).permute(0, 3, 1, 2, 4)
    real = real_GT.flatten().nonzero()[:, 0]
    rows = x_GTKRE.reshape(G * T, -1).index_select(0, real).to(x_NXE.dtype)
    x_NXE.view(len(x_NXE), -1).index_copy_(0, places_GT.flatten()[real], rows)


def _weights(q_MRCE: Tensor, k_MSE: Tensor, scale: float) -> Tensor:
    """Return what each of the last C places gives to each of S, zero to those behind it."""
    C, S = q_MRCE.shape[2], k_MSE.shape[1]
    scores_MRCS = _over_keys(q_MRCE, k_MSE.transpose(1, 2)).mul_(scale)
    behind_CC = torch.ones(C, C, dtype=torch.bool, device=q_MRCE.device).triu(1)
    scores_MRCS[..., S - C :].masked_fill_(behind_CC, -torch.inf)
    return scores_MRCS.softmax(-1)


def _over_keys(x_MRCS: Tensor, y_MSE: Tensor) -> Tensor:
    return torch.bmm(x_MRCS.flatten(1, 2), y_MSE).view(*x_MRCS.shape[:3], -1)


def _over_queries(x_MRCS: Tensor, y_MRCE: Tensor) -> Tensor:
    return torch.bmm(x_MRCS.flatten(1, 2).transpose(1, 2), y_MRCE.flatten(1, 2))
