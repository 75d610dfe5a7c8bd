"""The draw: ids come as often as their probability says, whatever is left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from logos_model.generation.choice import choose
from logos_model.kernels.draw import draw, gumbel, reference

CASES = [
    {"temperature": 1.0, "top_p": 1.0, "min_p": 0.0},
    {"temperature": 0.7, "top_p": 0.8, "min_p": 0.0},
    {"temperature": 1.3, "top_p": 1.0, "min_p": 0.1},
    {"temperature": 1.0, "top_p": 0.5, "min_p": 0.05},
    {"temperature": 0.0, "top_p": 1.0, "min_p": 0.0},
]
Draw = Callable[..., tuple[Tensor, ...]]

CHI_SQUARE_BOUND = 3.0
"""Standard deviations above its mean that the statistic may be."""


def packed(allowed_BV: Tensor) -> Tensor:
    """Return a mask as int32 words."""
    B, V = allowed_BV.shape
    bits = np.zeros((B, -(-V // 32) * 32), dtype=np.uint8)
    bits[:, :V] = allowed_BV.numpy()
    return torch.from_numpy(np.packbits(bits, axis=1, bitorder="little").view(np.int32))


def exact(logits_V: Tensor, allowed_V: Tensor, case: dict[str, float]) -> Tensor:
    """Return the probabilities that ids are drawn with, by their definition."""
    p_V = torch.where(allowed_V, (logits_V.double() / case["temperature"]).exp(), 0.0)
    kept_V = (p_V >= case["min_p"] * p_V.max()) & allowed_V
    mass, last = 0.0, 0.0
    for p in sorted(p_V.tolist(), reverse=True):
        mass, last = mass + p, p
        if mass >= case["top_p"] * p_V.sum():
            break
    p_V = torch.where(kept_V & (p_V >= last), p_V, 0.0)
    return p_V / p_V.sum()


def check_chi_square(by: Draw, *, draws: int, device: str = "cpu") -> None:
    """Compare the counts of draws of one row with the exact distribution."""
    V = 33
    generator = torch.Generator().manual_seed(1)
    logits_V = 0.7 * torch.randn(V, generator=generator)
    allowed_V = torch.rand(V, generator=generator) < 0.6
    mask_BW = packed(allowed_V.expand(draws, V)).to(device)
    logits_BV = logits_V.to(device).expand(draws, V)
    sample_B = torch.arange(draws, device=device)
    for case in CASES[:-1]:
        position_B = torch.full_like(sample_B, 5)
        id_B, *_ = by(logits_BV, mask_BW, seed=4, sample_B=sample_B, position_B=position_B, **case)
        count_V = torch.bincount(id_B.cpu(), minlength=V).double()
        expected_V = draws * exact(logits_V, allowed_V, case)
        assert count_V[expected_V == 0].sum() == 0, "an id was drawn that is left out"
        drawn = expected_V > 0
        statistic = ((count_V - expected_V)[drawn].square() / expected_V[drawn]).sum()
        freedom = int(drawn.sum()) - 1
        assert freedom >= 3, case
        assert statistic < freedom + CHI_SQUARE_BOUND * (2 * freedom) ** 0.5, case


def test_draws_follow_the_nucleus() -> None:
    check_chi_square(draw, draws=20_000)


def test_another_seed_draws_other_samples() -> None:
    sample_B = torch.arange(1000)
    position_B = torch.zeros_like(sample_B)
    noise_BV = [gumbel(seed, sample_B[:, None], position_B[:, None], sample_B) for seed in (0, 1)]
    assert not torch.isin(noise_BV[0], noise_BV[1]).any()


def test_one_allowed_id_is_always_drawn() -> None:
    allowed_BV = torch.zeros(20_000, 70, dtype=torch.bool)
    allowed_BV[:, 69] = True
    logits_BV = torch.zeros(1, 70).index_fill(1, torch.tensor([69]), -30.0).expand(20_000, 70)
    sample_B = torch.arange(20_000)
    for case in CASES:
        id_B, log_probability_B, log_mass_B = draw(
            logits_BV, packed(allowed_BV), seed=0, sample_B=sample_B, position_B=sample_B, **case
        )
        assert (id_B == 69).all()
        assert log_probability_B.abs().max() < 1e-6
        torch.testing.assert_close(log_mass_B, torch.full((20_000,), -30.0 - float(np.log(69))))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_log_probability_is_that_of_the_distribution(case: dict[str, float]) -> None:
    generator = torch.Generator().manual_seed(2)
    logits_BV = torch.randn(50, 40, generator=generator)
    allowed_BV = torch.rand(50, 40, generator=generator) < 0.5
    allowed_BV[:, 0] = True
    numbers_B = torch.arange(50)
    id_B, log_probability_B, log_mass_B = draw(
        logits_BV, packed(allowed_BV), seed=0, sample_B=numbers_B, position_B=numbers_B, **case
    )
    mass_B = torch.where(allowed_BV, logits_BV.double().softmax(-1), 0.0).sum(-1)
    torch.testing.assert_close(log_mass_B, mass_B.log().float())
    if case["temperature"] == 0:
        assert log_probability_B.abs().max() == 0.0
        return
    for row in range(50):
        p_V = exact(logits_BV[row], allowed_BV[row], case)
        torch.testing.assert_close(log_probability_B[row], p_V[id_B[row]].log().float())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_processors_own_draw_takes_the_same_ids(case: dict[str, float]) -> None:
    generator = torch.Generator().manual_seed(3)
    logits_BV = 2 * torch.randn(200, 300, generator=generator)
    allowed_BV = torch.rand(200, 300, generator=generator) < 0.2
    allowed_BV[:, 7] = True
    sample_B, position_B = torch.arange(200) + 2**40, torch.arange(200) % 9
    id_B, _, log_mass_B = reference(
        logits_BV,
        packed(allowed_BV),
        seed=2**40 + 1,
        sample_B=sample_B,
        position_B=position_B,
        **case,
    )
    chosen = choose(
        logits_BV,
        packed(allowed_BV).numpy(),
        row_B=np.arange(200),
        seed=2**40 + 1,
        sample_B=sample_B.numpy(),
        position_B=position_B.numpy(),
        **case,
    )
    assert id_B.tolist() == chosen.id_B.tolist()
    np.testing.assert_allclose(log_mass_B.exp(), chosen.kept_B, rtol=1e-5)
