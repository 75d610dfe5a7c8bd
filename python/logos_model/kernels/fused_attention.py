"""Attention within documents on a GPU: tiles over the flat stream, norms and rotation on the way.

A tile of queries reads the keys from the begin of its first token's document to its own end; a tile
of keys reads the queries from itself to the end of its last token's document. Places are driven by
`begin_N` and `end_N` alone: no list of documents, no longest document, nothing that the host waits
for. The query heads of one key-value head share a tile, so a key is loaded and rotated once for all
of them. No tile adds to what another writes, so equal inputs give equal bits.

Keys and queries are rotated in halves: the products of two halves are added, and no half is ever
moved to the place of the other.

Shape suffixes: N tokens of the stream, H query heads, K key-value heads, R query heads of one
key-value head, E width of a head, F half of it; M rows of a tile of queries (a row is a token and
one of its R heads), S keys of a tile, T tiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

LOG2E = tl.constexpr(1.4426950408889634)


@triton.jit
def _halves(x, norm, cos, sin, offset, token, real, eps, E: tl.constexpr, NORMED, ROTATED):
    """Load rows at `offset`; return their halves normed and rotated, in 32 bits."""
    F: tl.constexpr = E // 2
    half = tl.arange(0, F)
    left = tl.load(x + offset[:, None] + half[None], mask=real[:, None], other=0.0).to(tl.float32)
    right = tl.load(x + offset[:, None] + F + half[None], mask=real[:, None], other=0.0).to(
        tl.float32
    )
    if NORMED:
        square = tl.sum(left * left, 1) + tl.sum(right * right, 1)
        inverse = tl.rsqrt(square / E + eps)[:, None]
        left = left * inverse * tl.load(norm + half).to(tl.float32)[None]
        right = right * inverse * tl.load(norm + F + half).to(tl.float32)[None]
    if ROTATED:
        at = token[:, None] * E + half[None]
        c = tl.load(cos + at, mask=real[:, None], other=0.0).to(tl.float32)
        s = tl.load(sin + at, mask=real[:, None], other=0.0).to(tl.float32)
        turned = left * c - right * s
        right = right * c + left * s
        left = turned
    return left, right


@triton.jit
def _halves_backward(
    dleft, dright, x, norm, cos, sin, offset, token, real, eps, E: tl.constexpr, NORMED, ROTATED
):
    """Return the gradients of the halves that were loaded, and of the norm's, summed over rows."""
    F: tl.constexpr = E // 2
    half = tl.arange(0, F)
    if ROTATED:
        at = token[:, None] * E + half[None]
        c = tl.load(cos + at, mask=real[:, None], other=0.0).to(tl.float32)
        s = tl.load(sin + at, mask=real[:, None], other=0.0).to(tl.float32)
        turned = dleft * c + dright * s
        dright = dright * c - dleft * s
        dleft = turned
    dnorm_left = tl.zeros([F], tl.float32)
    dnorm_right = tl.zeros([F], tl.float32)
    if NORMED:
        left = tl.load(x + offset[:, None] + half[None], mask=real[:, None], other=0.0)
        right = tl.load(x + offset[:, None] + F + half[None], mask=real[:, None], other=0.0)
        left = left.to(tl.float32)
        right = right.to(tl.float32)
        inverse = tl.rsqrt((tl.sum(left * left, 1) + tl.sum(right * right, 1)) / E + eps)[:, None]
        left = left * inverse
        right = right * inverse
        dnorm_left = tl.sum(tl.where(real[:, None], dleft * left, 0.0), 0)
        dnorm_right = tl.sum(tl.where(real[:, None], dright * right, 0.0), 0)
        dleft = dleft * tl.load(norm + half).to(tl.float32)[None]
        dright = dright * tl.load(norm + F + half).to(tl.float32)[None]
        along = ((tl.sum(dleft * left, 1) + tl.sum(dright * right, 1)) / E)[:, None]
        dleft = (dleft - left * along) * inverse
        dright = (dright - right * along) * inverse
    return dleft, dright, dnorm_left, dnorm_right


@triton.jit
def _rows(first, head, N, R: tl.constexpr, M: tl.constexpr):
    """Return token, query head and reality of each row of a tile of queries from token `first`."""
    row = tl.arange(0, M)
    token = first + row // R
    return token, head * R + row % R, (row < M // R * R) & (token < N)


@triton.jit
def _forward(
    q, k, v, cos, sin, q_norm, k_norm, begin, o, lse, N, q_step, k_step, v_step, scale, eps,
    H: tl.constexpr, R: tl.constexpr, E: tl.constexpr, M: tl.constexpr, S: tl.constexpr,
    NORMED: tl.constexpr, ROTATED: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    F: tl.constexpr = E // 2
    first, head = tl.program_id(0) * (M // R), tl.program_id(1)
    token, q_head, real = _rows(first, head, N, R, M)
    wide = token.to(tl.int64)
    ql, qr = _halves(q, q_norm, cos, sin, wide * q_step + q_head * E, wide, real, eps, E,
                     NORMED, ROTATED)  # fmt: skip
    ql, qr = (ql * (scale * LOG2E)).to(q.dtype.element_ty), (qr * (scale * LOG2E)).to(q.dtype.element_ty)
    document = tl.load(begin + token, mask=real, other=0)
    o_ME = tl.zeros([M, E], tl.float32)
    top = tl.full([M], float("-inf"), tl.float32)
    total = tl.zeros([M], tl.float32)
    end = tl.minimum(first + M // R, N)
    for start in range(tl.load(begin + first), end, S):
        key = start + tl.arange(0, S)
        there = key < end
        at = key.to(tl.int64)
        kl, kr = _halves(k, k_norm, cos, sin, at * k_step + head * E, at, there, eps, E,
                         NORMED, ROTATED)  # fmt: skip
        kl, kr = kl.to(k.dtype.element_ty), kr.to(k.dtype.element_ty)
        score = tl.dot(ql, tl.trans(kl), input_precision=PRECISION)
        score = tl.dot(qr, tl.trans(kr), score, input_precision=PRECISION)
        seen = (key[None] >= document[:, None]) & (key[None] <= token[:, None])
        score = tl.where(seen, score, float("-inf"))
        higher = tl.maximum(top, tl.max(score, 1))
        # A row that has seen no key yet keeps a finite top, or infinities would meet.
        level = tl.where(higher == float("-inf"), 0.0, higher)
        shrink = tl.exp2(top - level)
        p = tl.exp2(score - level[:, None])
        total = total * shrink + tl.sum(p, 1)
        v_SE = tl.load(v + at[:, None] * v_step + head * E + tl.arange(0, E)[None],
                       mask=there[:, None], other=0.0)  # fmt: skip
        o_ME = tl.dot(p.to(v_SE.dtype), v_SE, o_ME * shrink[:, None], input_precision=PRECISION)
        top = higher
    o_ME = o_ME / total[:, None]
    place = wide * (H * E) + q_head * E
    tl.store(o + place[:, None] + tl.arange(0, E)[None], o_ME.to(o.dtype.element_ty),
             mask=real[:, None])  # fmt: skip
    tl.store(lse + wide * H + q_head, top + tl.log2(total), mask=real)


@triton.jit
def _backward_q(
    do, q, k, v, o, lse, cos, sin, q_norm, k_norm, begin, dq, delta, dq_norm, N,
    q_step, k_step, v_step, scale, eps,
    H: tl.constexpr, R: tl.constexpr, E: tl.constexpr, M: tl.constexpr, S: tl.constexpr,
    NORMED: tl.constexpr, ROTATED: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    F: tl.constexpr = E // 2
    first, head = tl.program_id(0) * (M // R), tl.program_id(1)
    token, q_head, real = _rows(first, head, N, R, M)
    wide = token.to(tl.int64)
    offset = wide * q_step + q_head * E
    ql, qr = _halves(q, q_norm, cos, sin, offset, wide, real, eps, E, NORMED, ROTATED)
    ql, qr = (ql * (scale * LOG2E)).to(q.dtype.element_ty), (qr * (scale * LOG2E)).to(q.dtype.element_ty)
    place = wide * (H * E) + q_head * E
    wide_E = place[:, None] + tl.arange(0, E)[None]
    do_ME = tl.load(do + wide_E, mask=real[:, None], other=0.0)
    o_ME = tl.load(o + wide_E, mask=real[:, None], other=0.0)
    delta_M = tl.sum(do_ME.to(tl.float32) * o_ME.to(tl.float32), 1)
    tl.store(delta + wide * H + q_head, delta_M, mask=real)
    lse_M = tl.load(lse + wide * H + q_head, mask=real, other=0.0)
    document = tl.load(begin + token, mask=real, other=0)
    dl = tl.zeros([M, F], tl.float32)
    dr = tl.zeros([M, F], tl.float32)
    end = tl.minimum(first + M // R, N)
    for start in range(tl.load(begin + first), end, S):
        key = start + tl.arange(0, S)
        there = key < end
        at = key.to(tl.int64)
        kl, kr = _halves(k, k_norm, cos, sin, at * k_step + head * E, at, there, eps, E,
                         NORMED, ROTATED)  # fmt: skip
        kl, kr = kl.to(k.dtype.element_ty), kr.to(k.dtype.element_ty)
        score = tl.dot(ql, tl.trans(kl), input_precision=PRECISION)
        score = tl.dot(qr, tl.trans(kr), score, input_precision=PRECISION)
        seen = (key[None] >= document[:, None]) & (key[None] <= token[:, None]) & real[:, None]
        p = tl.exp2(tl.where(seen, score - lse_M[:, None], float("-inf")))
        v_SE = tl.load(v + at[:, None] * v_step + head * E + tl.arange(0, E)[None],
                       mask=there[:, None], other=0.0)  # fmt: skip
        dp = tl.dot(do_ME, tl.trans(v_SE), input_precision=PRECISION)
        ds = (p * (dp - delta_M[:, None])).to(k.dtype.element_ty)
        dl = tl.dot(ds, kl, dl, input_precision=PRECISION)
        dr = tl.dot(ds, kr, dr, input_precision=PRECISION)
    dl, dr, norm_left, norm_right = _halves_backward(
        dl * scale, dr * scale, q, q_norm, cos, sin, offset, wide, real, eps, E, NORMED, ROTATED
    )
    half = tl.arange(0, F)
    tl.store(dq + place[:, None] + half[None], dl.to(dq.dtype.element_ty), mask=real[:, None])
    tl.store(dq + place[:, None] + F + half[None], dr.to(dq.dtype.element_ty), mask=real[:, None])
    if NORMED:
        tile = (tl.program_id(0) * tl.num_programs(1) + head).to(tl.int64) * E
        tl.store(dq_norm + tile + half, norm_left)
        tl.store(dq_norm + tile + F + half, norm_right)


@triton.jit
def _backward_kv(
    do, q, k, v, lse, delta, cos, sin, q_norm, k_norm, begin, end, dk, dv, dk_norm, N,
    q_step, k_step, v_step, scale, eps,
    H: tl.constexpr, R: tl.constexpr, E: tl.constexpr, M: tl.constexpr, S: tl.constexpr,
    NORMED: tl.constexpr, ROTATED: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    F: tl.constexpr = E // 2
    start, head = tl.program_id(0) * S, tl.program_id(1)
    key = start + tl.arange(0, S)
    there = key < N
    at = key.to(tl.int64)
    offset = at * k_step + head * E
    kl, kr = _halves(k, k_norm, cos, sin, offset, at, there, eps, E, NORMED, ROTATED)
    kl, kr = kl.to(k.dtype.element_ty), kr.to(k.dtype.element_ty)
    v_SE = tl.load(v + at[:, None] * v_step + head * E + tl.arange(0, E)[None],
                   mask=there[:, None], other=0.0)  # fmt: skip
    dl = tl.zeros([S, F], tl.float32)
    dr = tl.zeros([S, F], tl.float32)
    dv_SE = tl.zeros([S, E], tl.float32)
    for first in range(start, tl.load(end + tl.minimum(start + S, N) - 1), M // R):
        token, q_head, real = _rows(first, head, N, R, M)
        wide = token.to(tl.int64)
        ql, qr = _halves(q, q_norm, cos, sin, wide * q_step + q_head * E, wide, real, eps, E,
                         NORMED, ROTATED)  # fmt: skip
        ql, qr = (ql * (scale * LOG2E)).to(q.dtype.element_ty), (qr * (scale * LOG2E)).to(q.dtype.element_ty)
        lse_M = tl.load(lse + wide * H + q_head, mask=real, other=0.0)
        document = tl.load(begin + token, mask=real, other=0)
        score = tl.dot(kl, tl.trans(ql), input_precision=PRECISION)
        score = tl.dot(kr, tl.trans(qr), score, input_precision=PRECISION)
        seen = (key[:, None] >= document[None]) & (key[:, None] <= token[None]) & real[None]
        p = tl.exp2(tl.where(seen, score - lse_M[None], float("-inf")))
        place = wide * (H * E) + q_head * E
        do_ME = tl.load(do + place[:, None] + tl.arange(0, E)[None], mask=real[:, None], other=0.0)
        dv_SE = tl.dot(p.to(do_ME.dtype), do_ME, dv_SE, input_precision=PRECISION)
        dp = tl.dot(v_SE, tl.trans(do_ME), input_precision=PRECISION)
        delta_M = tl.load(delta + wide * H + q_head, mask=real, other=0.0)
        ds = (p * (dp - delta_M[None])).to(q.dtype.element_ty)
        dl = tl.dot(ds, ql, dl, input_precision=PRECISION)
        dr = tl.dot(ds, qr, dr, input_precision=PRECISION)
    # The queries carried the scale and the logarithm's base.
    dl, dr, norm_left, norm_right = _halves_backward(
        dl / LOG2E, dr / LOG2E, k, k_norm, cos, sin, offset, at, there, eps, E, NORMED, ROTATED
    )
    half = tl.arange(0, F)
    place = at * (H // R * E) + head * E
    tl.store(dk + place[:, None] + half[None], dl.to(dk.dtype.element_ty), mask=there[:, None])
    tl.store(dk + place[:, None] + F + half[None], dr.to(dk.dtype.element_ty), mask=there[:, None])
    tl.store(dv + place[:, None] + tl.arange(0, E)[None], dv_SE.to(dv.dtype.element_ty),
             mask=there[:, None])  # fmt: skip
    if NORMED:
        tile = (tl.program_id(0) * tl.num_programs(1) + head).to(tl.int64) * E
        tl.store(dk_norm + tile + half, norm_left)
        tl.store(dk_norm + tile + F + half, norm_right)


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """How one kernel is cut: rows of a tile of queries, keys of a tile, warps and stages."""

    M: int
    S: int
    warps: int
    stages: int


TILINGS = {
    "forward": Tiling(M=128, S=64, warps=4, stages=2),
    "backward_q": Tiling(M=64, S=64, warps=4, stages=2),
    "backward_kv": Tiling(M=64, S=64, warps=4, stages=2),
}


def _launch(kernel: Any, name: str, tiles: int, K: int, **arguments: Any) -> None:
    tiling = TILINGS[name]
    kernel[(tiles, K)](
        **arguments,
        M=tiling.M,
        S=tiling.S,
        num_warps=tiling.warps,
        num_stages=tiling.stages,
        enable_fp_fusion=True,
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
    N, H, E = q_NHE.shape
    K = k_NKE.shape[1]
    o_NHE = q_NHE.new_empty(N, H, E)
    lse_NH = q_NHE.new_empty(N, H, dtype=torch.float32)
    tokens = TILINGS["forward"].M // (H // K)
    _launch(
        _forward,
        "forward",
        triton.cdiv(N, tokens),
        K,
        q=q_NHE, k=k_NKE, v=v_NKE, cos=cos_NE, sin=sin_NE, q_norm=q_norm_E, k_norm=k_norm_E,
        begin=begin_N, o=o_NHE, lse=lse_NH,
        **_shared(q_NHE, k_NKE, v_NKE, cos_NE, q_norm_E, eps, scale),
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
    do_NHE = do_NHE.contiguous()
    dq_NHE, dk_NKE, dv_NKE = (x.new_empty(x.shape) for x in (q_NHE, k_NKE, v_NKE))
    delta_NH = torch.empty_like(lse_NH)
    q_tiles = triton.cdiv(N, TILINGS["backward_q"].M // (H // K))
    kv_tiles = triton.cdiv(N, TILINGS["backward_kv"].S)
    width = 0 if q_norm_E is None else E
    dq_norm_TKE = lse_NH.new_empty(q_tiles, K, width)
    dk_norm_TKE = lse_NH.new_empty(kv_tiles, K, width)
    shared = {
        "do": do_NHE, "q": q_NHE, "k": k_NKE, "v": v_NKE, "lse": lse_NH, "delta": delta_NH,
        "cos": cos_NE, "sin": sin_NE, "q_norm": q_norm_E, "k_norm": k_norm_E, "begin": begin_N,
        **_shared(q_NHE, k_NKE, v_NKE, cos_NE, q_norm_E, eps, scale),
    }  # fmt: skip
    _launch(
        _backward_q, "backward_q", q_tiles, K, o=o_NHE, dq=dq_NHE, dq_norm=dq_norm_TKE, **shared
    )
    _launch(
        _backward_kv, "backward_kv", kv_tiles, K,
        end=end_N, dk=dk_NKE, dv=dv_NKE, dk_norm=dk_norm_TKE, **shared,
    )  # fmt: skip
    like = lse_NH if q_norm_E is None else q_norm_E
    return (
        dq_NHE,
        dk_NKE,
        dv_NKE,
        dq_norm_TKE.sum((0, 1)).to(like.dtype),
        dk_norm_TKE.sum((0, 1)).to(like.dtype),
    )


def _shared(  # noqa: PLR0913, PLR0917
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    cos_NE: Tensor | None,
    q_norm_E: Tensor | None,
    eps: float,
    scale: float,
) -> dict[str, Any]:
    """Return the arguments that the three kernels have in common."""
    N, H, E = q_NHE.shape
    return {
        "N": N, "H": H, "R": H // k_NKE.shape[1], "E": E,
        "q_step": q_NHE.stride(0), "k_step": k_NKE.stride(0), "v_step": v_NKE.stride(0),
        "NORMED": q_norm_E is not None, "ROTATED": cos_NE is not None,
        "eps": eps, "scale": scale,
        "PRECISION": "ieee" if q_NHE.dtype == torch.float32 else "tf32",
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
