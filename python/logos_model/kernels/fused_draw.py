"""The draw on a GPU: one launch, a row of logits to a program, no sort.

The nucleus of top-p is found by bisection over the bits of the weights: floats that are not
negative are ordered as their bits are, so some thirty sums find the smallest weight that is kept.
Noise is the Gumbel noise of `logos_model.generation.choice`: a processor draws the same tokens.

Shape suffixes: B rows, V ids, W words of a mask (32 ids each).
"""

# ruff: noqa: PLR0913, PLR0917 (a kernel takes tensors and numbers by place)
# mypy: disable-error-code="no-untyped-def,untyped-decorator"
from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

LIMIT = 16_384
"""Ids of a row that a program's registers hold."""


@triton.jit
def _mixed(x):
    """Mix the bits of unsigned 64-bit numbers (splitmix64, as `logos_model.shuffle.mixed`)."""
    x = x * 0x9E3779B97F4A7C15
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB
    return x ^ (x >> 31)


@triton.jit
def _gumbel(key):
    """Return Gumbel noise of 64-bit numbers: -log of an exponential variate, in 32 bits."""
    number = (key >> 11).to(tl.int64)
    # Large noise comes from uniform numbers near one: these are taken from the other end, where
    # floats are fine. Conversions of 64-bit integers are slow, so the halves are converted.
    near_one = number >= 8972014882652160
    taken = tl.where(near_one, 9007199254740991 - number, number)
    upper = (taken >> 32).to(tl.uint32).to(tl.float32)
    lower = (taken & 0xFFFFFFFF).to(tl.uint32).to(tl.float32)
    uniform = (upper * 4294967296.0 + lower + 0.5) * 1.1102230246251565e-16
    series = uniform + uniform * uniform * (0.5 + uniform * 0.3333333333333333)
    return -tl.log(tl.where(near_one, series, -tl.log(uniform)))


@triton.jit(do_not_specialize=["seed"])
def draw_row(
    logits, mask, sample, position, id, log_probability, log_mass, V, W, row_step,
    temperature, top_p, min_p, seed,
    BLOCK: tl.constexpr, GREEDY: tl.constexpr, NUCLEUS: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    score = tl.load(logits + row * row_step + at, mask=at < V, other=float("-inf")).to(tl.float32)
    word = tl.load(mask + row * W + at // 32, mask=at < V, other=0)
    allowed = ((word >> (at % 32)) & 1) != 0
    highest = tl.max(score, 0)
    whole = tl.sum(tl.exp(score - highest), 0)
    score = tl.where(allowed, score, float("-inf"))
    top = tl.max(score, 0)
    mass = tl.sum(tl.exp(score - top), 0)
    tl.store(log_mass + row, tl.minimum(tl.log(mass) - tl.log(whole) + (top - highest), 0.0))
    if GREEDY:
        tl.store(id + row, tl.argmax(score, 0).to(tl.int64))
        tl.store(log_probability + row, 0.0)
    else:
        score = (score - top) / temperature
        weight = tl.exp(score)
        # An id that is not allowed has the weight zero and the score minus infinity.
        kept = weight >= min_p
        if NUCLEUS:
            wanted = top_p * tl.sum(weight, 0)
            bits = weight.to(tl.int32, bitcast=True)
            # Weights from `low` on are enough, those from `high` on are not.
            low = tl.full([], 0, tl.int32)
            high = tl.full([], 0x3F800001, tl.int32)
            while high - low > 1:
                middle = low + (high - low) // 2
                enough = tl.sum(tl.where(bits >= middle, weight, 0.0), 0) >= wanted
                low = tl.where(enough, middle, low)
                high = tl.where(enough, high, middle)
            kept = kept & (bits >= low)
        total = tl.sum(tl.where(kept, weight, 0.0), 0)
        key = _mixed(_mixed(seed.to(tl.uint64)) + tl.load(sample + row).to(tl.uint64) + 1)
        key = _mixed(key + tl.load(position + row).to(tl.uint64) + 1)
        noise = _gumbel(_mixed(key + at.to(tl.uint64) + 1))
        best = tl.argmax(tl.where(kept, score + noise, float("-inf")), 0)
        chosen = tl.sum(tl.where(at == best, score, 0.0), 0)
        tl.store(id + row, best.to(tl.int64))
        tl.store(log_probability + row, chosen - tl.log(total))


@torch.library.custom_op("logos::fused_draw", mutates_args=())
def fused_draw(
    logits_BV: Tensor,
    mask_BW: Tensor,
    sample_B: Tensor,
    position_B: Tensor,
    temperature: float,
    top_p: float,
    min_p: float,
    seed: int,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return `draw` by one launch, for at most `LIMIT` ids."""
    B, V = logits_BV.shape
    if V > LIMIT:
        raise ValueError(f"expected at most {LIMIT} ids to draw from on a GPU, got {V}")
    logits_BV = logits_BV if logits_BV.stride(1) == 1 else logits_BV.contiguous()
    id_B = torch.empty(B, dtype=torch.int64, device=logits_BV.device)
    log_probability_B = torch.empty(B, dtype=torch.float32, device=logits_BV.device)
    log_mass_B = torch.empty_like(log_probability_B)
    draw_row[(B,)](
        logits_BV, mask_BW.contiguous(), sample_B, position_B, id_B, log_probability_B, log_mass_B,
        V, mask_BW.shape[1], logits_BV.stride(0), temperature, top_p, min_p, seed,
        BLOCK=triton.next_power_of_2(V), GREEDY=temperature == 0, NUCLEUS=top_p < 1,
        num_warps=warps(V), enable_fp_fusion=True,
    )  # fmt: skip
    return id_B, log_probability_B, log_mass_B


def warps(V: int) -> int:
    """Return the warps that share a row: 16 ids a thread at the width of the vocabulary."""
    return max(1, min(16, int(triton.next_power_of_2(V)) // 512))


@fused_draw.register_fake
def _(logits_BV: Tensor, *_: object) -> tuple[Tensor, Tensor, Tensor]:
    number = logits_BV.new_empty(len(logits_BV), dtype=torch.float32)
    return number.new_empty(len(logits_BV), dtype=torch.int64), number, torch.empty_like(number)
