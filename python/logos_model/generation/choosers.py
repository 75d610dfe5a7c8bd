"""Choosers: the draw of all slots, on the processor or on a GPU.

Shape suffixes: B slots, V ids that can be drawn, W words of a mask (32 ids each).
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from logos_model.decoder import Decoder
from logos_model.generation.choice import choose
from logos_model.generation.sampling import Sampling
from logos_model.kernels.draw import draw


class Pending(Protocol):
    """What was drawn, on its way.

    Attributes
    ----------
    id_B
        The ids where the model reads them, int64 [B]; of no meaning in slots that were not drawn.
    is_drawn_B
        Which slots were drawn.
    """

    id_B: Tensor
    is_drawn_B: NDArray[np.bool_]

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Wait for the ids, and for the probability of all ids that were allowed, [B] each."""
        ...


class Chooser(Protocol):
    """What draws."""

    def draw(
        self,
        logits_BV: Tensor,
        mask_BW: NDArray[np.int32] | None,
        *,
        is_drawn_B: NDArray[np.bool_],
        sample_B: NDArray[np.int64],
        position_B: NDArray[np.int64],
    ) -> Pending:
        """Draw an id in each slot that is to be drawn; without masks among all ids."""
        ...


def chooser_for(model: Decoder, sampling: Sampling, *, rows: int) -> Chooser:
    """Return what draws where the model is."""
    if model.lm_head.weight.is_cuda:
        return _OnGpu(sampling, rows=rows, device=model.lm_head.weight.device)
    return _OnProcessor(sampling, rows=rows)


class _Drawn:
    def __init__(
        self,
        id_B: NDArray[np.int64],
        kept_B: NDArray[np.float64],
        is_drawn_B: NDArray[np.bool_],
    ) -> None:
        self.id_B = torch.from_numpy(id_B)
        self.is_drawn_B = is_drawn_B
        self._result = (id_B, kept_B)

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return self._result


class _OnProcessor:
    def __init__(self, sampling: Sampling, *, rows: int) -> None:
        self._sampling = sampling
        self._all_W = _all_of(rows)

    def draw(
        self,
        logits_BV: Tensor,
        mask_BW: NDArray[np.int32] | None,
        *,
        is_drawn_B: NDArray[np.bool_],
        sample_B: NDArray[np.int64],
        position_B: NDArray[np.int64],
    ) -> _Drawn:
        sampling = self._sampling
        slots = np.flatnonzero(is_drawn_B)
        id_B, kept_B = np.zeros(len(is_drawn_B), np.int64), np.ones(len(is_drawn_B))
        if len(slots):
            id_B[slots], kept_B[slots] = choose(
                logits_BV.float(),
                np.tile(self._all_W, (len(slots), 1)) if mask_BW is None else mask_BW[slots],
                row_B=slots,
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                min_p=sampling.min_p,
                seed=sampling.seed,
                sample_B=sample_B[slots],
                position_B=position_B[slots],
            )
        return _Drawn(id_B, kept_B, is_drawn_B)


class _OnGpu:
    """One launch a step; ids and masses reach the processor while the model reads the ids."""

    def __init__(self, sampling: Sampling, *, rows: int, device: torch.device) -> None:
        self._sampling = sampling
        self._device = device
        self._all_W = torch.from_numpy(_all_of(rows)).to(device)

    def draw(
        self,
        logits_BV: Tensor,
        mask_BW: NDArray[np.int32] | None,
        *,
        is_drawn_B: NDArray[np.bool_],
        sample_B: NDArray[np.int64],
        position_B: NDArray[np.int64],
    ) -> _Copied:
        sampling = self._sampling
        if mask_BW is None:
            masks_BW = self._all_W.expand(len(is_drawn_B), -1).contiguous()
        else:
            # A slot that is not drawn still has an id to give.
            mask_BW[~is_drawn_B, 0] = 1
            masks_BW = moved(mask_BW, self._device)
        id_B, _, log_kept_B = draw(
            logits_BV,
            masks_BW,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            min_p=sampling.min_p,
            seed=sampling.seed,
            sample_B=moved(sample_B, self._device),
            position_B=moved(position_B, self._device),
        )
        return _Copied(id_B, log_kept_B, is_drawn_B)


class _Copied:
    def __init__(self, id_B: Tensor, log_kept_B: Tensor, is_drawn_B: NDArray[np.bool_]) -> None:
        self.id_B = id_B.long()
        self.is_drawn_B = is_drawn_B
        self._id_B, self._log_kept_B = _arriving(self.id_B), _arriving(log_kept_B)
        self._arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]  # has no types
        self._arrived.record()

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        self._arrived.synchronize()
        return self._id_B.numpy(), np.exp(self._log_kept_B.double().numpy())


def _arriving(tensor: Tensor) -> Tensor:
    """A copy on the processor that is whole once the device has come to it."""
    copy = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
    return copy.copy_(tensor, non_blocking=True)


def moved(array: NDArray[Any], device: torch.device) -> Tensor:
    """Return an array on a device, without waiting for the copy."""
    tensor = torch.from_numpy(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


def _all_of(rows: int) -> NDArray[np.int32]:
    """A mask that allows every id."""
    bits = np.zeros(-(-rows // 32) * 32, dtype=np.uint8)
    bits[:rows] = 1
    return np.packbits(bits, bitorder="little").view(np.int32)
