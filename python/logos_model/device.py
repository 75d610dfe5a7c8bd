"""Devices: where a model runs, and on how many threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

_SMALL = 20_000_000


class DeviceError(ValueError):
    """A device that this machine does not have."""


def chosen_device(name: str | None) -> torch.device:
    """Return the device called `name`; without a name the GPU if there is one, else the processor.

    Raises
    ------
    DeviceError
        If there is no such device here.
    """
    if name is None:
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise DeviceError(f"expected a device such as cpu or cuda:0, got {name!r}") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise DeviceError(f"expected a GPU for {name!r}, torch finds none")
    return device


def use_threads(count: int | None) -> None:
    """Compute on `count` threads of the processor; without a count as many as torch takes.

    Raises
    ------
    DeviceError
        If that is less than one.
    """
    if count is None:
        return
    if count < 1:
        raise DeviceError(f"expected at least one thread, got {count}")
    torch.set_num_threads(count)


@contextmanager
def threads_for(model: nn.Module) -> Iterator[None]:
    """Draw from a small model on one thread of the processor, and from others on all of them.

    A step of drawing has so little in it that threads wait for each other longer than they work;
    where other programs keep the cores busy, one thread was measured 40 times as fast as two.
    """
    before = torch.get_num_threads()
    if sum(weight.numel() for weight in model.parameters()) < _SMALL:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
