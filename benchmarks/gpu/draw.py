"""The draw: the ids of the reference, their frequencies, and times beside a draw that sorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.timing import microseconds
from torch import Tensor

from logos_model.kernels.draw import draw, nucleus, reference
from logos_model.kernels.tolerances import relative_error

_TEMPERATURE, _TOP_P, _MIN_P = 0.8, 0.9, 0.01


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield errors and times of the draw."""
    B, V = (8, 256) if settings.small else (256, 8192)
    device = settings.device
    generator = torch.Generator(device).manual_seed(0)
    logits_BV = 2 * torch.randn(B, V, device=device, generator=generator)
    mask_BW = torch.randint(-(2**31), 2**31, (B, V // 32), device=device, generator=generator).int()
    number_B = torch.arange(B, device=device)

    def drawn(
        by: Callable[..., tuple[Tensor, ...]], *, top_p: float = _TOP_P
    ) -> tuple[Tensor, ...]:
        return by(
            logits_BV,
            mask_BW,
            temperature=_TEMPERATURE,
            top_p=top_p,
            min_p=_MIN_P,
            seed=1,
            sample_B=number_B,
            position_B=number_B,
        )

    found, exact = drawn(draw), drawn(reference)
    yield (
        "draw",
        {
            "rows": B,
            "ids": V,
            "equal ids": int((found[0] == exact[0]).sum()),
            "error of the log-probability": relative_error(found[1], exact[1]),
            "error of the log mass": relative_error(found[2], exact[2]),
            "chi-square over its mean": _chi_square(device),
            "ours, us": microseconds(lambda: drawn(draw)),
            "without top-p, us": microseconds(lambda: drawn(draw, top_p=1.0)),
            "by sorting, us": microseconds(lambda: _by_sorting(logits_BV, mask_BW)),
        },
    )


def _by_sorting(logits_BV: Tensor, mask_BW: Tensor) -> Tensor:
    """Draw as it is usually written: unpack, sort, cut, and the largest with Gumbel noise."""
    id_V = torch.arange(logits_BV.shape[1], device=logits_BV.device)
    allowed_BV = (mask_BW[:, id_V // 32] >> (id_V % 32)) & 1 != 0
    score_BV = logits_BV.masked_fill(~allowed_BV, -torch.inf) / _TEMPERATURE
    score_BV = nucleus(score_BV, top_p=_TOP_P, min_p=_MIN_P)
    noise_BV = torch.empty_like(score_BV).exponential_()
    return (score_BV.softmax(-1) / noise_BV).argmax(-1)


def _chi_square(device: torch.device, draws: int = 20_000) -> float:
    """Return the statistic of draws of one row over its degrees of freedom."""
    V = 64
    logits_V = torch.linspace(0.0, 3.0, V, device=device)
    mask_BW = torch.full((draws, 2), 0x5F5F5F5F, dtype=torch.int32, device=device)
    number_B = torch.arange(draws, device=device)
    id_B, *_ = draw(
        logits_V.expand(draws, V),
        mask_BW,
        temperature=1.0,
        top_p=0.9,
        min_p=0.0,
        seed=2,
        sample_B=number_B,
        position_B=number_B,
    )
    id_V = torch.arange(V, device=device)
    allowed_V = (mask_BW[0, id_V // 32] >> (id_V % 32)) & 1 != 0
    score_V = logits_V.double().masked_fill(~allowed_V, -torch.inf)
    p_V = nucleus(score_V[None], top_p=0.9, min_p=0.0)[0].softmax(-1)
    count_V = torch.bincount(id_B, minlength=V).double()
    if count_V[p_V == 0].sum() > 0:
        raise ValueError("expected ids of the nucleus alone, another one was drawn")
    expected_V = draws * p_V[p_V > 0]
    statistic = ((count_V[p_V > 0] - expected_V).square() / expected_V).sum()
    return float(statistic) / (len(expected_V) - 1)
