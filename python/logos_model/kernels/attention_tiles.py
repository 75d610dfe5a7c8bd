"""The three kernels of `fused_attention`: forward, gradient of queries, of keys and values.

Keys and queries are rotated in halves: the products of two halves are added, and no half is ever
moved to the place of the other. A kernel loads each row once, norms and rotates it in 32 bits, and
multiplies in the type of the tensors.

Shape suffixes: E width of a head, F half of it; M rows of a tile of queries (a row is a token and
one of the R query heads of a key-value head), S keys of a tile.
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes tensors and strides by place)
# mypy: disable-error-code="no-untyped-def,untyped-decorator"
from __future__ import annotations

import triton
import triton.language as tl

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
def forward(
    q, k, v, cos, sin, q_norm, k_norm, begin, o, lse, N, q_step, k_step, v_step, scale, eps,
    H: tl.constexpr, R: tl.constexpr, E: tl.constexpr, M: tl.constexpr, S: tl.constexpr,
    NORMED: tl.constexpr, ROTATED: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    first, head = tl.program_id(0) * (M // R), tl.program_id(1)
    token, q_head, real = _rows(first, head, N, R, M)
    wide = token.to(tl.int64)
    ql, qr = _halves(q, q_norm, cos, sin, wide * q_step + q_head * E, wide, real, eps, E,
                     NORMED, ROTATED)  # fmt: skip
    ql = (ql * (scale * LOG2E)).to(q.dtype.element_ty)
    qr = (qr * (scale * LOG2E)).to(q.dtype.element_ty)
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
def backward_q(
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
    ql = (ql * (scale * LOG2E)).to(q.dtype.element_ty)
    qr = (qr * (scale * LOG2E)).to(q.dtype.element_ty)
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
def backward_kv(
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
        ql = (ql * (scale * LOG2E)).to(q.dtype.element_ty)
        qr = (qr * (scale * LOG2E)).to(q.dtype.element_ty)
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
