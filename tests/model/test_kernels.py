"""Each kernel says what its reference says, within one tolerance for each type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from logos_model.kernels import linear_cross_entropy as kernel

TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5, torch.bfloat16: 2e-2}
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def make_inputs(dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    h_ND = torch.randn(300, 16, generator=generator).to(dtype).requires_grad_()
    weight_VD = torch.randn(70, 16, generator=generator).to(dtype).requires_grad_()
    targets_N = torch.randint(70, (300,), generator=generator)
    targets_N[::7] = kernel.IGNORED
    return h_ND, weight_VD, targets_N


def loss_and_gradients(loss: Loss, inputs: tuple[Tensor, Tensor, Tensor]) -> list[Tensor]:
    h_ND, weight_VD, targets_N = inputs
    value = loss(h_ND, weight_VD, targets_N)
    dh_ND, dweight_VD = torch.autograd.grad(3.0 * value, [h_ND, weight_VD])
    return [value.detach(), dh_ND, dweight_VD]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("rows", [1, 64, 300, 1000])
def test_linear_cross_entropy_is_its_reference(
    dtype: torch.dtype, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "_CHUNK_LOGITS", {"cpu": rows * 70})
    inputs = make_inputs(dtype)
    ours = loss_and_gradients(kernel.linear_cross_entropy, inputs)
    theirs = loss_and_gradients(kernel.reference, inputs)
    for mine, plain in zip(ours, theirs, strict=True):
        bound = TOLERANCE[dtype] * float(plain.abs().max())
        torch.testing.assert_close(mine.double(), plain.double(), rtol=0, atol=bound)


def test_linear_cross_entropy_keeps_to_autocast() -> None:
    inputs = make_inputs(torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        ours = loss_and_gradients(kernel.linear_cross_entropy, inputs)
    theirs = loss_and_gradients(kernel.reference, inputs)
    assert [found.dtype for found in ours] == [torch.float32] * 3
    for mine, plain in zip(ours, theirs, strict=True):
        bound = TOLERANCE[torch.bfloat16] * float(plain.abs().max())
        torch.testing.assert_close(mine, plain, rtol=0, atol=bound)
    assert not torch.equal(ours[1], theirs[1]), "products should have been taken in 16 bits"


def test_linear_cross_entropy_takes_one_gradient_alone() -> None:
    h_ND, weight_VD, targets_N = make_inputs(torch.float32)
    both = loss_and_gradients(kernel.linear_cross_entropy, (h_ND, weight_VD, targets_N))
    for place, other in ((1, weight_VD), (2, h_ND)):
        other.requires_grad_(False)
        value = kernel.linear_cross_entropy(h_ND, weight_VD, targets_N)
        (alone,) = torch.autograd.grad(3.0 * value, [(h_ND, weight_VD)[place - 1]])
        other.requires_grad_()
        torch.testing.assert_close(alone, both[place])
    with torch.inference_mode():
        assert torch.equal(kernel.linear_cross_entropy(h_ND, weight_VD, targets_N), both[0])


def test_a_batch_without_targets_has_no_mean() -> None:
    h_ND, weight_VD, targets_N = make_inputs(torch.float32)
    nothing = torch.full_like(targets_N, kernel.IGNORED)
    assert kernel.linear_cross_entropy(h_ND, weight_VD, nothing).isnan()
