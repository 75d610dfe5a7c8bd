"""The attention kernels against the reference, in Triton's interpreter: a process of its own.

`test_kernels_for_a_gpu.py` runs this file; on a GPU it runs as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
import torch
from torch import Tensor

from logos_model.kernels import fused_attention as kernel
from logos_model.kernels.document_attention import reference
from logos_model.kernels.fused_attention import Tiling, fused_attention
from logos_model.kernels.tolerances import RELATIVE_ERROR, relative_error

from .test_document_attention import bounds, make_inputs, output_and_gradients

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
STREAMS = {
    "ragged": [1, 5, 33, 2, 17, 20],
    "padding": [21, 1, 1, 1],
    "one token each": [1] * 11,
    "one document": [40],
}


@pytest.fixture(autouse=True)
def poisoned() -> Iterator[None]:
    """Fill what is allocated with not-a-number: whatever a kernel leaves out shows."""
    torch.use_deterministic_algorithms(True)
    assert torch.empty(8).isnan().all()
    assert torch.zeros(1).new_empty(8).isnan().all()
    yield
    torch.use_deterministic_algorithms(False)


def attention(q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor, **rest: Tensor) -> Tensor:
    """Return `document_attention` by the kernels, wherever the tensors are."""
    optional = (rest.get(name) for name in ("cos_NE", "sin_NE", "q_norm_E", "k_norm_E"))
    scale = q_NHE.shape[-1] ** -0.5
    o_NHE, _ = fused_attention(
        q_NHE, k_NKE, v_NKE, rest["begin_N"], rest["end_N"], *optional, 1e-6, scale
    )
    return o_NHE  # type: ignore[no-any-return]


TILE = Tiling(M=32, S=16, warps=4)
CASES = [
    (STREAMS["ragged"], 6, 2, 32, TILE, ()),
    *((lengths, 3, 1, 32, TILE, ()) for name, lengths in STREAMS.items() if name != "ragged"),
    (STREAMS["ragged"], 4, 1, 32, Tiling(M=16, S=32, warps=4), ("q_norm_E", "k_norm_E")),
    (STREAMS["ragged"], 2, 2, 64, Tiling(M=32, S=32, warps=4), ("cos_NE", "sin_NE")),
]


@pytest.mark.parametrize(("lengths", "H", "K", "E", "tile", "left_out"), CASES)
def test_the_kernels_are_the_reference(  # noqa: PLR0913, PLR0917 (each is a case)
    lengths: Sequence[int],
    H: int,
    K: int,
    E: int,
    tile: Tiling,
    left_out: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel, "tiling", lambda *_, **__: tile)
    inputs = {
        name: x.to(DEVICE)
        for name, x in make_inputs(lengths, H=H, K=K, E=E).items()
        if name not in left_out
    }
    expected = output_and_gradients(reference, inputs, lengths, torch.float64)
    found = output_and_gradients(attention, inputs, lengths, torch.float32)
    for name, value in found.items():
        if max(lengths) == 1 and name[0] in "qk":
            assert value.abs().max() < 1e-5, name
        else:
            assert relative_error(value, expected[name]) < RELATIVE_ERROR[torch.float32], name


def test_equal_inputs_give_equal_bits() -> None:
    lengths = STREAMS["ragged"]
    inputs = {name: x.to(DEVICE) for name, x in make_inputs(lengths, H=4, K=2, E=32).items()}
    first, second = (
        output_and_gradients(attention, inputs, lengths, torch.float32) for _ in range(2)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_tokens_may_lie_any_step_apart() -> None:
    lengths = [5, 9, 2]
    begin_N, end_N = (x.to(DEVICE) for x in bounds(lengths))
    joined_NXE = torch.randn(16, 8, 32, device=DEVICE)
    q_NHE, k_NKE, v_NKE = joined_NXE[:, :4], joined_NXE[:, 4:6], joined_NXE[:, 6:]
    found = attention(q_NHE, k_NKE, v_NKE, begin_N=begin_N, end_N=end_N)
    expected = reference(
        q_NHE.double(), k_NKE.double(), v_NKE.double(), begin_N=begin_N, end_N=end_N
    )
    assert relative_error(found, expected) < RELATIVE_ERROR[torch.float32]


def test_torch_finds_nothing_wrong_with_the_operation() -> None:
    begin_N, end_N = (x.to(DEVICE) for x in bounds([3, 9, 1]))
    q_NHE, k_NKE, v_NKE = (
        torch.randn(13, X, 32, device=DEVICE, requires_grad=True) for X in (4, 2, 2)
    )
    angles_NE = torch.randn(13, 16, device=DEVICE).repeat(1, 2)
    norms = [torch.randn(32, device=DEVICE, requires_grad=True) for _ in range(2)]
    rotated = (angles_NE.cos(), angles_NE.sin())
    for optional in ((None,) * 4, (*rotated, *norms)):
        arguments = (q_NHE, k_NKE, v_NKE, begin_N, end_N, *optional, 1e-6, 0.2)
        torch.library.opcheck(fused_attention, arguments)


def test_other_widths_are_refused_in_a_sentence() -> None:
    begin_N, end_N = (x.to(DEVICE) for x in bounds([4]))
    tensors = [torch.randn(4, 2, 24, device=DEVICE) for _ in range(3)]
    with pytest.raises(ValueError, match=r"expected heads of width 32, .* model\.head_dim"):
        attention(*tensors, begin_N=begin_N, end_N=end_N)
