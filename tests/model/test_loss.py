"""The loss is plain cross-entropy, however it is cut, and so are its gradients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from logos_model import loss as losses
from logos_model.config import IGNORED
from logos_model.kernels.tolerances import BFLOAT16_TIMES_TORCH, RELATIVE_ERROR, relative_error
from logos_model.loss import LegalTokens, cross_entropy_sum, reference, token_measures

Inputs = tuple[Tensor, Tensor, Tensor]


def make_inputs(dtype: torch.dtype) -> Inputs:
    generator = torch.Generator().manual_seed(0)
    h_ND = torch.randn(300, 16, generator=generator).to(dtype).requires_grad_()
    weight_VD = torch.randn(70, 16, generator=generator).to(dtype).requires_grad_()
    targets_N = torch.randint(70, (300,), generator=generator)
    targets_N[::7] = IGNORED
    return h_ND, weight_VD, targets_N


def loss_and_gradients(loss: Callable[..., Tensor], inputs: Inputs, z_loss: float) -> list[Tensor]:
    h_ND, weight_VD, targets_N = inputs
    value = loss(h_ND, weight_VD, targets_N, z_loss=z_loss)
    return [value.detach(), *torch.autograd.grad(3.0 * value, [h_ND, weight_VD])]


@pytest.mark.parametrize("z_loss", [0.0, 0.1])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("rows", [1, 64, 300, 1000])
def test_the_loss_is_its_reference(
    dtype: torch.dtype, rows: int, z_loss: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "_CHUNK_LOGITS", {"cpu": rows * 70})
    monkeypatch.setattr(losses, "_FEWEST_TOKENS", 1)
    h_ND, weight_VD, targets_N = inputs = make_inputs(dtype)
    exact_inputs = (
        h_ND.detach().double().requires_grad_(),
        weight_VD.detach().double().requires_grad_(),
        targets_N,
    )
    ours = loss_and_gradients(cross_entropy_sum, inputs, z_loss)
    plain = loss_and_gradients(reference, inputs, z_loss)
    exact = loss_and_gradients(reference, exact_inputs, z_loss)
    for mine, torchs, truth in zip(ours, plain, exact, strict=True):
        bound = RELATIVE_ERROR.get(dtype)
        if bound is None:
            bound = BFLOAT16_TIMES_TORCH * max(relative_error(torchs, truth), 1e-3)
        assert relative_error(mine, truth) < bound
        assert mine.dtype == torchs.dtype


def test_one_gradient_is_taken_alone() -> None:
    h_ND, weight_VD, targets_N = make_inputs(torch.float32)
    both = loss_and_gradients(cross_entropy_sum, (h_ND, weight_VD, targets_N), 0.0)
    for place, other in ((1, weight_VD), (2, h_ND)):
        other.requires_grad_(False)
        value = cross_entropy_sum(h_ND, weight_VD, targets_N)
        (alone,) = torch.autograd.grad(3.0 * value, [(h_ND, weight_VD)[place - 1]])
        other.requires_grad_()
        torch.testing.assert_close(alone, both[place])
    with torch.inference_mode():
        assert torch.equal(cross_entropy_sum(h_ND, weight_VD, targets_N), both[0])


def test_a_pass_without_targets_has_no_loss() -> None:
    h_ND, weight_VD, targets_N = make_inputs(torch.float32)
    nothing_N = torch.full_like(targets_N, IGNORED)
    found = loss_and_gradients(cross_entropy_sum, (h_ND, weight_VD, nothing_N), 0.1)
    assert all(not value.any() for value in found)


@pytest.mark.parametrize("rows", [64, 1000])
def test_measures_are_those_of_the_whole_softmax(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "_CHUNK_LOGITS", {"cpu": rows * 70})
    monkeypatch.setattr(losses, "_FEWEST_TOKENS", 1)
    h_ND, weight_VD, targets_N = make_inputs(torch.float64)
    generator = torch.Generator().manual_seed(1)
    masks_SV = torch.rand(5, 70, generator=generator) < 0.4
    state_N = torch.randint(5, (300,), generator=generator)
    found_2N = token_measures(h_ND, weight_VD, targets_N, LegalTokens(state_N, masks_SV))
    chances_NV = (h_ND @ weight_VD.T).softmax(-1)
    said_N = targets_N != IGNORED
    chance_N = chances_NV.gather(1, targets_N.clamp(min=0)[:, None])[:, 0]
    mass_N = (chances_NV * masks_SV[state_N]).sum(-1)
    torch.testing.assert_close(found_2N[0], -chance_N.log().where(said_N, 1.0 * ~said_N) * said_N)
    torch.testing.assert_close(found_2N[1], mass_N.log() * said_N)
