"""Attention of packed documents says what its reference in 64 bits says, gradients included."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from logos_model.kernels.document_attention import document_attention, reference
from logos_model.kernels.looped_attention import looped_attention
from logos_model.kernels.tolerances import BFLOAT16_TIMES_TORCH, RELATIVE_ERROR, relative_error

STREAMS = {
    "ragged": [1, 5, 17, 64, 33, 300, 2, 140],
    "padding": [30, 1, 1, 1, 1],
    "one token each": [1] * 9,
    "one document": [70],
}
Attention = Callable[..., Tensor]
Inputs = dict[str, Tensor]


def bounds(lengths: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Return begin_N and end_N of documents of these lengths, side by side."""
    length = torch.tensor(lengths)
    end = length.cumsum(0)
    return tuple(x.repeat_interleave(length).int() for x in (end - length, end))  # type: ignore[return-value]


def make_inputs(lengths: Sequence[int], *, H: int, K: int, E: int, seed: int = 0) -> Inputs:
    """Return `document_attention`'s inputs in 64 bits, and `do_NHE`, the gradient of its output."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    N = sum(lengths)
    angles_NE = normal(N, E // 2).repeat(1, 2)
    return {
        "q_NHE": normal(N, H, E),
        "k_NKE": normal(N, K, E),
        "v_NKE": normal(N, K, E),
        "cos_NE": angles_NE.cos(),
        "sin_NE": angles_NE.sin(),
        "q_norm_E": 1 + 0.1 * normal(E),
        "k_norm_E": 1 + 0.1 * normal(E),
        "do_NHE": normal(N, H, E),
    }


def output_and_gradients(
    attention: Attention, inputs: Inputs, lengths: Sequence[int], dtype: torch.dtype
) -> dict[str, Tensor]:
    cast = {name: x.to(dtype) for name, x in inputs.items() if name != "do_NHE"}
    for name in ("cos_NE", "sin_NE"):
        if name in cast and dtype == torch.bfloat16:
            cast[name] = inputs[name].float()
    learned = {
        name: x.requires_grad_() for name, x in cast.items() if name[:3] not in ("cos", "sin")
    }
    begin_N, end_N = (x.to(inputs["q_NHE"].device) for x in bounds(lengths))
    o_NHE = attention(**cast, begin_N=begin_N, end_N=end_N)
    gradients = torch.autograd.grad(o_NHE, list(learned.values()), inputs["do_NHE"].to(dtype))
    return {"o_NHE": o_NHE.detach(), **dict(zip(learned, gradients, strict=True))}


@pytest.mark.parametrize("dtype", RELATIVE_ERROR)
@pytest.mark.parametrize("lengths", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize(("H", "K", "E"), [(4, 4, 8), (6, 2, 16), (8, 1, 32)])
def test_attention_is_its_reference(
    lengths: list[int], H: int, K: int, E: int, dtype: torch.dtype
) -> None:
    inputs = make_inputs(lengths, H=H, K=K, E=E)
    expected = output_and_gradients(reference, inputs, lengths, torch.float64)
    found = output_and_gradients(document_attention, inputs, lengths, dtype)
    for name, value in found.items():
        if max(lengths) == 1 and name[0] in "qk":
            # A token alone gives itself all the weight, whatever its query and key are.
            assert value.abs().max() == 0.0, name
        else:
            assert relative_error(value, expected[name]) < RELATIVE_ERROR[dtype], name


@pytest.mark.parametrize("lengths", [STREAMS["ragged"], STREAMS["one document"]])
def test_bfloat16_is_at_most_twice_as_wrong_as_torch(lengths: list[int]) -> None:
    inputs = {
        name: x.bfloat16().double() if name[:3] not in ("cos", "sin") else x.float().double()
        for name, x in make_inputs(lengths, H=6, K=2, E=16).items()
    }
    expected = output_and_gradients(reference, inputs, lengths, torch.float64)
    plain = output_and_gradients(reference, inputs, lengths, torch.bfloat16)
    for name, value in output_and_gradients(
        document_attention, inputs, lengths, torch.bfloat16
    ).items():
        bound = BFLOAT16_TIMES_TORCH * relative_error(plain[name], expected[name])
        assert relative_error(value, expected[name]) < bound, name


def test_attention_without_rotation_or_norms_is_its_reference() -> None:
    lengths = STREAMS["ragged"]
    inputs = make_inputs(lengths, H=4, K=2, E=16)
    for left_out in (["cos_NE", "sin_NE"], ["q_norm_E", "k_norm_E"]):
        rest = {name: x for name, x in inputs.items() if name not in left_out}
        expected = output_and_gradients(reference, rest, lengths, torch.float64)
        found = output_and_gradients(document_attention, rest, lengths, torch.float64)
        for name, value in found.items():
            assert relative_error(value, expected[name]) < 1e-12, name


def test_no_document_sees_another() -> None:
    lengths = [7, 20, 1, 12]
    inputs = make_inputs(lengths, H=2, K=1, E=8)
    begin_N, end_N = bounds(lengths)
    q_NHE = inputs["q_NHE"].requires_grad_()
    k_NKE, v_NKE = (inputs[name].requires_grad_() for name in ("k_NKE", "v_NKE"))
    o_NHE = document_attention(q_NHE, k_NKE, v_NKE, begin_N=begin_N, end_N=end_N)
    for gradient in torch.autograd.grad(o_NHE[7:27].sum(), [q_NHE, k_NKE, v_NKE]):
        assert gradient[:7].abs().max() == 0.0
        assert gradient[27:].abs().max() == 0.0


def test_torch_finds_nothing_wrong_with_the_operation() -> None:
    begin_N, end_N = bounds([3, 9, 1, 20])
    tensors = [torch.randn(33, X, 8, requires_grad=True) for X in (4, 2, 2)]
    torch.library.opcheck(looped_attention, (*tensors, begin_N, end_N, 0.3))


def test_equal_inputs_give_equal_bits() -> None:
    lengths = STREAMS["ragged"]
    inputs = make_inputs(lengths, H=4, K=2, E=16)
    first, second = (
        output_and_gradients(document_attention, inputs, lengths, torch.float32) for _ in range(2)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_layer_around_attention_compiles_whole_and_once() -> None:
    compiled = torch.compile(document_attention, fullgraph=True)
    with torch._dynamo.config.patch(error_on_recompile=True):
        for lengths in ([3, 9, 1, 20], [33], [1] * 33):
            begin_N, end_N = bounds(lengths)
            q_NHE, k_NKE, v_NKE = (torch.randn(33, X, 8, requires_grad=True) for X in (4, 2, 2))
            found = compiled(q_NHE, k_NKE, v_NKE, begin_N=begin_N, end_N=end_N)
            plain = document_attention(q_NHE, k_NKE, v_NKE, begin_N=begin_N, end_N=end_N)
            torch.testing.assert_close(found, plain)
