"""Attention within documents on a GPU: tiles over the flat stream, norms and rotation on the way.

A tile of queries reads the keys from the begin of its first token's document to its own end; a tile
of keys reads the queries from itself to the end of its last token's document. Places are driven by
`begin_N` and `end_N` alone: no list of documents, no longest document, nothing that the host waits
for. The query heads of one key-value head share a tile, so a key is loaded and rotated once for all
of them. No tile adds to what another writes, so equal inputs give equal bits.

Shape suffixes: N tokens of the stream, H query heads, K key-value heads, R query heads of one
key-value head, E width of a head, T tiles of a kernel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
import triton
from torch import Tensor

from logos_model.kernels import attention_tiles

WIDTHS = (32, 64, 128)
DTYPES = (torch.bfloat16, torch.float16, torch.float32)


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """How a kernel is cut: rows of a tile of queries, keys of a tile, warps that share it."""

    M: int
    S: int
    warps: int


def tiling(name: str, *, E: int, R: int, normed: bool, dtype: torch.dtype) -> Tiling:
    """Return the tiles of a kernel: of a dozen on an H200 the fastest whose registers suffice.

    Documents are short, so a tile reads two or three blocks: loading ahead does not pay. Products
    in 32 bits are there for tests and have small tiles, which compile in seconds.
    """
    if dtype == torch.float32:
        tile = Tiling(M=16, S=16, warps=4)
    elif name == "backward_kv" and (E <= 64 or normed):
        tile = Tiling(M=32, S=64 if E <= 64 else 32, warps=4)
    else:
        tile = Tiling(M=64, S=64 if E <= 64 else 32, warps=4)
    # A tile has at least one token with all of its heads.
    return replace(tile, M=max(tile.M, triton.next_power_of_2(R)))


def _check(q_NHE: Tensor) -> None:
    E, dtype = q_NHE.shape[-1], q_NHE.dtype
    if E not in WIDTHS or dtype not in DTYPES:
        raise ValueError(
            f"expected heads of width {', '.join(map(str, WIDTHS))} in bfloat16, float16 or float32"
            f" on a GPU, got {E} in {dtype}: choose model.head_dim and system.precision among these"
        )


@torch.library.custom_op("logos::fused_attention", mutates_args=())
def fused_attention(  # noqa: PLR0913, PLR0917 (an operator of torch takes tensors by place)
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    begin_N: Tensor,
    end_N: Tensor,
    cos_NE: Tensor | None,
    sin_NE: Tensor | None,
    q_norm_E: Tensor | None,
    k_norm_E: Tensor | None,
    eps: float,
    scale: float,
) -> tuple[Tensor, Tensor]:
    """Return `document_attention` and its log-sum-exp in base 2, 32 bits [N, H]."""
    _check(q_NHE)
    (N, H, E), K = q_NHE.shape, k_NKE.shape[1]
    q_NHE, k_NKE, v_NKE = _rows_of_heads(q_NHE, k_NKE, v_NKE)
    o_NHE = q_NHE.new_empty(N, H, E)
    lse_NH = q_NHE.new_empty(N, H, dtype=torch.float32)
    normed = q_norm_E is not None
    tile = tiling("forward", E=E, R=H // K, normed=normed, dtype=q_NHE.dtype)
    attention_tiles.forward[triton.cdiv(N, tile.M // (H // K)), K](
        q_NHE, k_NKE, v_NKE, cos_NE, sin_NE, q_norm_E, k_norm_E, begin_N, o_NHE, lse_NH,
        **_settings(tile, q_NHE, k_NKE, v_NKE, cos_NE, q_norm_E, eps, scale),
    )  # fmt: skip
    return o_NHE, lse_NH


@torch.library.custom_op("logos::fused_attention_backward", mutates_args=())
def _gradients(  # noqa: PLR0913, PLR0917 (as above)
    do_NHE: Tensor,
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    o_NHE: Tensor,
    lse_NH: Tensor,
    begin_N: Tensor,
    end_N: Tensor,
    cos_NE: Tensor | None,
    sin_NE: Tensor | None,
    q_norm_E: Tensor | None,
    k_norm_E: Tensor | None,
    eps: float,
    scale: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    (N, H, E), K = q_NHE.shape, k_NKE.shape[1]
    R = H // K
    q_NHE, k_NKE, v_NKE = _rows_of_heads(q_NHE, k_NKE, v_NKE)
    do_NHE = do_NHE.contiguous()
    dq_NHE, dk_NKE, dv_NKE = (x.new_empty(x.shape) for x in (q_NHE, k_NKE, v_NKE))
    delta_NH = torch.empty_like(lse_NH)
    q_tile, kv_tile = (
        tiling(name, E=E, R=R, normed=q_norm_E is not None, dtype=q_NHE.dtype)
        for name in ("backward_q", "backward_kv")
    )
    q_tiles, kv_tiles = triton.cdiv(N, q_tile.M // R), triton.cdiv(N, kv_tile.S)
    # A tile's share of the norms' gradients: summed in one order, not added by whoever is first.
    width = 0 if q_norm_E is None else E
    dq_norm_TKE = lse_NH.new_empty(q_tiles, K, width)
    dk_norm_TKE = lse_NH.new_empty(kv_tiles, K, width)
    attention_tiles.backward_q[q_tiles, K](
        do_NHE, q_NHE, k_NKE, v_NKE, o_NHE, lse_NH, cos_NE, sin_NE, q_norm_E, k_norm_E, begin_N,
        dq_NHE, delta_NH, dq_norm_TKE,
        **_settings(q_tile, q_NHE, k_NKE, v_NKE, cos_NE, q_norm_E, eps, scale),
    )  # fmt: skip
    attention_tiles.backward_kv[kv_tiles, K](
        do_NHE, q_NHE, k_NKE, v_NKE, lse_NH, delta_NH, cos_NE, sin_NE, q_norm_E, k_norm_E, begin_N,
        end_N, dk_NKE, dv_NKE, dk_norm_TKE,
        **_settings(kv_tile, q_NHE, k_NKE, v_NKE, cos_NE, q_norm_E, eps, scale),
    )  # fmt: skip
    dnorm = lse_NH.dtype if q_norm_E is None else q_norm_E.dtype
    dq_norm_E, dk_norm_E = (x.sum((0, 1)).to(dnorm) for x in (dq_norm_TKE, dk_norm_TKE))
    return dq_NHE, dk_NKE, dv_NKE, dq_norm_E, dk_norm_E


def _rows_of_heads(*tensors: Tensor) -> list[Tensor]:
    """Return the tensors with a token's heads side by side; tokens may be any step apart."""
    return [
        x if x.stride(2) == 1 and x.stride(1) == x.shape[2] else x.contiguous() for x in tensors
    ]


def _settings(  # noqa: PLR0913, PLR0917 (as above)
    tile: Tiling,
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    cos_NE: Tensor | None,
    q_norm_E: Tensor | None,
    eps: float,
    scale: float,
) -> dict[str, Any]:
    """Return what the three kernels take besides tensors, and how they are compiled."""
    N, H, E = q_NHE.shape
    return {
        "N": N, "H": H, "R": H // k_NKE.shape[1], "E": E, "M": tile.M, "S": tile.S,
        "q_step": q_NHE.stride(0), "k_step": k_NKE.stride(0), "v_step": v_NKE.stride(0),
        "NORMED": q_norm_E is not None, "ROTATED": cos_NE is not None,
        "PRECISION": "ieee" if q_NHE.dtype == torch.float32 else "tf32",
        "eps": eps, "scale": scale,
        "num_warps": tile.warps, "num_stages": 1, "enable_fp_fusion": True,
    }  # fmt: skip


@fused_attention.register_fake
def _(q_NHE: Tensor, *_: Any) -> tuple[Tensor, Tensor]:
    return q_NHE.new_empty(q_NHE.shape), q_NHE.new_empty(q_NHE.shape[:2], dtype=torch.float32)


@_gradients.register_fake
def _(do_NHE: Tensor, q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor, *rest: Any) -> tuple[Any, ...]:
    lse_NH, q_norm_E = rest[1], rest[6]
    dnorm = lse_NH.new_empty(0) if q_norm_E is None else torch.empty_like(q_norm_E)
    return *(x.new_empty(x.shape) for x in (q_NHE, k_NKE, v_NKE)), dnorm, dnorm.clone()


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
    q_NHE, k_NKE, v_NKE, *rest, ctx.eps, ctx.scale = inputs
    ctx.mark_non_differentiable(output[1])
    ctx.save_for_backward(q_NHE, k_NKE, v_NKE, *output, *rest)


def _differentiate(ctx: Any, do_NHE: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
    saved = ctx.saved_tensors
    dq_NHE, dk_NKE, dv_NKE, dq_norm_E, dk_norm_E = _gradients(do_NHE, *saved, ctx.eps, ctx.scale)
    normed = saved[-1] is not None
    return (
        dq_NHE, dk_NKE, dv_NKE, None, None, None, None,
        dq_norm_E if normed else None, dk_norm_E if normed else None, None, None,
    )  # fmt: skip


fused_attention.register_autograd(_differentiate, setup_context=_setup)
