"""Ids are drawn from the exact nucleus of what is allowed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from logos_model.generation.choice import choose
from logos_model.kernels.draw import reference

LOGITS = np.random.default_rng(7).normal(0, 1.5, size=40).astype(np.float32)


def masks_of(allowed: list[int], rows: int, V: int = 40) -> NDArray[np.int32]:
    bits = np.zeros((rows, -(-V // 32) * 32), dtype=np.uint8)
    bits[:, allowed] = 1
    return np.packbits(bits, axis=1, bitorder="little").view(np.int32)


def nucleus(
    allowed: list[int], temperature: float, top_p: float, min_p: float
) -> NDArray[np.float64]:
    """Return the probability of each id, by the definition."""
    chances = np.zeros(40)
    chances[allowed] = np.exp(LOGITS[allowed].astype(np.float64) / temperature)
    chances /= chances.sum()
    order = np.argsort(-chances)
    likelier = np.cumsum(chances[order]) - chances[order]
    kept = np.zeros(40, dtype=bool)
    kept[order[likelier < top_p]] = True
    kept &= chances >= min_p * chances.max()
    chances = np.where(kept, chances, 0.0)
    return np.asarray(chances / chances.sum())


@pytest.mark.parametrize(
    ("temperature", "top_p", "min_p"),
    [(1.0, 1.0, 0.0), (0.7, 1.0, 0.0), (1.0, 0.8, 0.0), (1.5, 1.0, 0.2), (1.0, 0.9, 0.1)],
)
@pytest.mark.parametrize("allowed", [list(range(40)), [2, 3, 5, 31, 32, 39], [33]])
def test_draws_follow_the_exact_nucleus(
    allowed: list[int], temperature: float, top_p: float, min_p: float
) -> None:
    count = 20_000
    found = choose(
        torch.from_numpy(np.tile(LOGITS, (count, 1))),
        masks_of(allowed, count),
        row_B=np.arange(count),
        temperature=temperature,
        top_p=top_p,
        min_p=min_p,
        seed=3,
        sample_B=np.arange(count),
        position_B=np.full(count, 5),
    )
    expected = count * nucleus(allowed, temperature, top_p, min_p)
    counts = np.bincount(found.id_B, minlength=40)
    assert counts[expected == 0].sum() == 0
    within = expected > 0
    chi_square = ((counts - expected)[within] ** 2 / expected[within]).sum()
    # Five deviations of a chi-square above its mean.
    freedom = within.sum() - 1
    assert chi_square <= freedom + 5 * np.sqrt(2 * freedom) + 1e-9
    mass = (
        np.exp(LOGITS[allowed].astype(np.float64)).sum() / np.exp(LOGITS.astype(np.float64)).sum()
    )
    assert found.kept_B == pytest.approx(mass, rel=1e-5)


def test_draws_follow_from_seed_sample_and_position_alone() -> None:
    def drawn(rows: list[int], seed: int = 1, position: int = 0) -> list[int]:
        found = choose(
            torch.from_numpy(LOGITS)[None],
            masks_of(list(range(40)), len(rows)),
            row_B=np.zeros(len(rows), dtype=np.int64),
            temperature=1.0,
            top_p=0.99,
            min_p=0.0,
            seed=seed,
            sample_B=np.array(rows),
            position_B=np.full(len(rows), position),
        )
        return [int(id) for id in found.id_B]

    every = drawn(list(range(100)))
    assert drawn([7, 99, 3]) == [every[7], every[99], every[3]]
    assert drawn(list(range(100)), seed=2) != every
    assert drawn(list(range(100)), position=1) != every


@pytest.mark.parametrize(
    ("temperature", "top_p", "min_p"), [(0.0, 1.0, 0.0), (1.0, 1.0, 0.0), (0.8, 0.9, 0.05)]
)
def test_draws_are_those_of_the_kernel(temperature: float, top_p: float, min_p: float) -> None:
    count = 500
    random = np.random.default_rng(3)
    logits = torch.from_numpy(random.normal(0, 2, size=(count, 40)).astype(np.float32))
    allowed = random.random((count, 64)) < 0.4
    allowed[:, 7] = True
    octets = np.packbits(allowed[:, :40], axis=1, bitorder="little")
    masks: NDArray[np.int32] = np.pad(octets, ((0, 0), (0, 3))).view(np.int32)
    numbers: dict[str, Any] = {
        "temperature": temperature,
        "top_p": top_p,
        "min_p": min_p,
        "seed": 11,
    }
    sample_B, position_B = np.arange(count), random.integers(0, 90, size=count)
    found = choose(
        logits, masks, row_B=np.arange(count), sample_B=sample_B, position_B=position_B, **numbers
    )
    id_B, _, log_mass_B = reference(
        logits,
        torch.from_numpy(masks),
        sample_B=torch.from_numpy(sample_B),
        position_B=torch.from_numpy(position_B),
        **numbers,
    )
    assert found.id_B.tolist() == id_B.tolist()
    assert found.kept_B == pytest.approx(np.exp(log_mass_B.double().numpy()), rel=1e-5)
