"""Attention of packed documents: each token sees its own document up to itself.

Shape suffixes: N tokens of the stream, X heads of either sort, H query heads, K key-value heads,
E width of a head.
"""

from __future__ import annotations

from importlib.util import find_spec

import torch
from torch import Tensor

from logos_model.kernels.looped_attention import looped_attention

if find_spec("triton") is not None:
    from logos_model.kernels.fused_attention import fused_attention


def document_attention(  # noqa: PLR0913 (what one pass over the stream takes)
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    *,
    begin_N: Tensor,
    end_N: Tensor,
    cos_NE: Tensor | None = None,
    sin_NE: Tensor | None = None,
    q_norm_E: Tensor | None = None,
    k_norm_E: Tensor | None = None,
    eps: float = 1e-6,
    scale: float | None = None,
) -> Tensor:
    """Return the causal attention of each token within its document.

    Parameters
    ----------
    q_NHE, k_NKE, v_NKE
        Queries, keys and values of one floating type; K divides H.
    begin_N, end_N
        Place in the stream where each token's document begins and ends (exclusive), int32 [N].
        A token of padding is a document of its own.
    cos_NE, sin_NE
        Cosine and sine of each token's rotary angles, the second half of the width equal to the
        first, as Hugging Face's Llama has them. Queries and keys stay as they are without them.
    q_norm_E, k_norm_E
        Weights of the root-mean-square norms of queries and keys (Qwen3), before the rotation.
    eps
        What such a norm adds to the mean square.
    scale
        Factor of the products of queries and keys, E ** -0.5 unless given.

    Returns
    -------
    Tensor
        [N, H, E], of the queries' type.

    Raises
    ------
    ValueError
        On a GPU, if the kernels do not take heads of this width or numbers of this type.

    Notes
    -----
    On a GPU one kernel norms, rotates and attends, without rounding in between
    (`fused_attention`); elsewhere plain torch norms and rotates, and `looped_attention` attends.
    """
    scale = q_NHE.shape[-1] ** -0.5 if scale is None else scale
    if q_NHE.is_cuda:
        o_NHE, _ = fused_attention(
            q_NHE, k_NKE, v_NKE, begin_N, end_N, cos_NE, sin_NE, q_norm_E, k_norm_E, eps, scale
        )
        return o_NHE  # type: ignore[no-any-return]
    q_NHE = prepared(q_NHE, q_norm_E, cos_NE, sin_NE, eps=eps)
    k_NKE = prepared(k_NKE, k_norm_E, cos_NE, sin_NE, eps=eps)
    o_NHE, _ = looped_attention(q_NHE, k_NKE, v_NKE, begin_N, end_N, scale)
    return o_NHE  # type: ignore[no-any-return]


def reference(  # noqa: PLR0913 (as above)
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    *,
    begin_N: Tensor,
    end_N: Tensor,
    cos_NE: Tensor | None = None,
    sin_NE: Tensor | None = None,
    q_norm_E: Tensor | None = None,
    k_norm_E: Tensor | None = None,
    eps: float = 1e-6,
    scale: float | None = None,
) -> Tensor:
    """Return the same by a mask over the whole stream."""
    places_N = torch.arange(len(begin_N), device=begin_N.device)
    seen_NN = (places_N >= begin_N[:, None]) & (places_N <= places_N[:, None])
    q_HNE, k_HNE, v_HNE = (
        x_NXE.repeat_interleave(q_NHE.shape[1] // x_NXE.shape[1], 1).transpose(0, 1)
        for x_NXE in (
            prepared(q_NHE, q_norm_E, cos_NE, sin_NE, eps=eps),
            prepared(k_NKE, k_norm_E, cos_NE, sin_NE, eps=eps),
            v_NKE,
        )
    )
    scale = q_NHE.shape[-1] ** -0.5 if scale is None else scale
    scores_HNN = (q_HNE @ k_HNE.mT * scale).masked_fill(~seen_NN, -torch.inf)
    return (scores_HNN.softmax(-1) @ v_HNE).transpose(0, 1)


def prepared(
    x_NXE: Tensor,
    norm_E: Tensor | None,
    cos_NE: Tensor | None,
    sin_NE: Tensor | None,
    *,
    eps: float,
) -> Tensor:
    """Return queries or keys normed and rotated, in 32 bits at least, then of their own type."""
    wide_NXE = x_NXE.to(torch.promote_types(x_NXE.dtype, torch.float32))
    if norm_E is not None:
        wide_NXE = wide_NXE * torch.rsqrt(wide_NXE.square().mean(-1, keepdim=True) + eps) * norm_E
    if cos_NE is not None and sin_NE is not None:
        left, right = wide_NXE.chunk(2, dim=-1)
        turned_NXE = torch.cat((-right, left), dim=-1)
        wide_NXE = wide_NXE * cos_NE[:, None] + turned_NXE * sin_NE[:, None]
    return wide_NXE.to(x_NXE.dtype)
