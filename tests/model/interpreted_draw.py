"""The draw kernel against its reference, in Triton's interpreter: a process of its own.

`test_kernels_for_a_gpu.py` runs this file; on a GPU it runs as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from logos_model.kernels.draw import reference
from logos_model.kernels.fused_draw import LIMIT, fused_draw

from .test_draw import CASES, check_chi_square, packed

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@pytest.fixture(autouse=True)
def poisoned() -> Iterator[None]:
    """Fill what is allocated with not-a-number: whatever the kernel leaves out shows."""
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


def by_kernel(logits_BV: Tensor, mask_BW: Tensor, **options: Any) -> tuple[Tensor, ...]:
    names = ("sample_B", "position_B", "temperature", "top_p", "min_p", "seed")
    return fused_draw(  # type: ignore[no-any-return]
        logits_BV, mask_BW, *(options[name] for name in names)
    )


@pytest.mark.parametrize(
    ("V", "case"), [*((33, case) for case in CASES), (257, CASES[3]), (2000, CASES[1])], ids=str
)
def test_the_kernel_is_the_reference(V: int, case: dict[str, float]) -> None:
    generator = torch.Generator().manual_seed(V)
    logits_BV = 2 * torch.randn(3, V, generator=generator)
    allowed_BV = torch.rand(3, V, generator=generator) < torch.linspace(0.01, 1, 3)[:, None]
    allowed_BV[:, V // 2] = True
    allowed_BV[0] = torch.arange(V) == V - 1
    options: dict[str, Any] = {
        "sample_B": torch.arange(3).to(DEVICE) + 2**40,
        "position_B": torch.arange(3).to(DEVICE) * 7,
        "seed": 2**40 + 3,
        **case,
    }
    inputs = (logits_BV.to(DEVICE), packed(allowed_BV).to(DEVICE))
    expected = reference(*inputs, **options)
    found = by_kernel(*inputs, **options)
    assert found[0][0] == V - 1
    assert torch.equal(found[0], expected[0])
    for value, correct in zip(found[1:], expected[1:], strict=True):
        torch.testing.assert_close(value, correct, rtol=1e-5, atol=1e-5)
    again = by_kernel(*inputs, **options)
    assert all(torch.equal(x, y) for x, y in zip(found, again, strict=True))


@pytest.mark.skipif(DEVICE == "cpu", reason="an hour in the interpreter; equal to the reference")
def test_draws_follow_the_nucleus() -> None:
    check_chi_square(by_kernel, draws=20_000, device=DEVICE)


def test_logits_may_be_rows_of_a_wider_tensor() -> None:
    wide_BV = torch.randn(3, 100, device=DEVICE).bfloat16()
    mask_BW = packed(torch.ones(3, 40, dtype=torch.bool)).to(DEVICE)
    numbers_B = torch.arange(3, device=DEVICE)
    options: dict[str, Any] = {"temperature": 1.0, "top_p": 0.9, "min_p": 0.0, "seed": 0}
    found = by_kernel(wide_BV[:, :40], mask_BW, sample_B=numbers_B, position_B=numbers_B, **options)
    expected = reference(
        wide_BV[:, :40], mask_BW, sample_B=numbers_B, position_B=numbers_B, **options
    )
    assert torch.equal(found[0], expected[0])


def test_torch_finds_nothing_wrong_with_the_operation() -> None:
    numbers_B = torch.arange(2, device=DEVICE)
    inputs = (torch.randn(2, 40, device=DEVICE), torch.full((2, 2), -1).int().to(DEVICE))
    torch.library.opcheck(fused_draw, (*inputs, numbers_B, numbers_B, 1.0, 0.9, 0.0, 0))


def test_more_ids_than_fit_are_refused_in_a_sentence() -> None:
    numbers_B = torch.arange(1, device=DEVICE)
    inputs = (torch.zeros(1, LIMIT + 1, device=DEVICE), torch.zeros(1, 513).int().to(DEVICE))
    with pytest.raises(ValueError, match="expected at most 16384 ids to draw from"):
        fused_draw(*inputs, numbers_B, numbers_B, 1.0, 1.0, 0.0, 0)
