"""Choosers: the draw of all slots, on the processor or on a GPU.

Shape suffixes: B slots, V ids that can be drawn, W words of a mask (32 ids each).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from logos_model.generation.choice import choose
from logos_model.generation.sampling import Sampling
from logos_model.kernels.draw import draw


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What was drawn, on its way.

    Attributes
    ----------
    id_B
        The ids where the model reads them, int64 [B]; of no meaning in slots that were not drawn.
    is_drawn_B
        Which slots were drawn.
    copies
        The ids, and the log of the probability of all ids that were allowed, on the processor.
    arrived
        When the copies are whole; None where they are.
    """

    id_B: Tensor
    is_drawn_B: NDArray[np.bool_]
    copies: tuple[Tensor, Tensor]
    arrived: torch.cuda.Event | None = None

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Wait for the ids, and for the probability of all ids that were allowed, [B] each."""
        if self.arrived is not None:
            self.arrived.synchronize()
        id_B, log_kept_B = self.copies
        return id_B.numpy(), np.exp(log_kept_B.double().numpy())


class Chooser:
    """What draws: on a GPU one launch a step, whose ids arrive while the model reads them.

    Parameters
    ----------
    sampling
        How ids are drawn.
    rows
        Ids that can be drawn.
    device
        Where the model is.
    """

    def __init__(self, sampling: Sampling, *, rows: int, device: torch.device) -> None:
        self._how: dict[str, Any] = {
            name: getattr(sampling, name) for name in ("temperature", "top_p", "min_p", "seed")
        }
        self._device = device
        bits = np.zeros(-(-rows // 32) * 32, dtype=np.uint8)
        bits[:rows] = 1
        self._all_W = np.packbits(bits, bitorder="little").view(np.int32)

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
        if mask_BW is None:
            mask_BW = np.tile(self._all_W, (len(is_drawn_B), 1))
        if self._device.type == "cuda":
            # A slot that is not drawn still has an id to give.
            mask_BW[~is_drawn_B, 0] = 1
            given = (moved(each, self._device) for each in (mask_BW, sample_B, position_B))
            masks_BW, samples_B, positions_B = given
            id_B, _, log_kept_B = draw(
                logits_BV, masks_BW, sample_B=samples_B, position_B=positions_B, **self._how
            )
            id_B = id_B.long()
            copies = (_arriving(id_B), _arriving(log_kept_B))
            arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]  # has no types
            arrived.record()
            return Pending(id_B=id_B, is_drawn_B=is_drawn_B, copies=copies, arrived=arrived)
        slots = np.flatnonzero(is_drawn_B)
        ids_B = torch.zeros(len(is_drawn_B), dtype=torch.int64)
        log_kept_B = torch.zeros(len(is_drawn_B), dtype=torch.float64)
        if len(slots):
            ids_B.numpy()[slots], kept = choose(
                logits_BV.float(),
                mask_BW[slots],
                row_B=slots,
                sample_B=sample_B[slots],
                position_B=position_B[slots],
                **self._how,
            )
            log_kept_B.numpy()[slots] = np.log(kept)
        return Pending(id_B=ids_B, is_drawn_B=is_drawn_B, copies=(ids_B, log_kept_B))


def _arriving(tensor: Tensor) -> Tensor:
    """A copy on the processor that is whole once the device has come to it."""
    copy = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
    return copy.copy_(tensor, non_blocking=True)


def moved(array: NDArray[Any], device: torch.device) -> Tensor:
    """Return an array on a device, without waiting for the copy."""
    tensor = torch.from_numpy(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor
