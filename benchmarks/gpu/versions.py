"""What runs here, and the ceilings of this card: a matrix product and a copy."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator

import torch
from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.timing import microseconds

_PACKAGES = ("torch", "triton", "transformers", "numpy", "liger-kernel", "torchao")


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield the versions and the ceilings."""
    installed: dict[str, str | None] = {}
    for name in _PACKAGES:
        try:
            installed[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed[name] = None
    card = torch.cuda.get_device_name() if settings.device.type == "cuda" else None
    yield "versions", {"card": card, "python": platform.python_version(), **installed}
    width = 256 if settings.small else 8192
    dtype = torch.bfloat16 if settings.device.type == "cuda" else torch.float32
    x, y = (torch.randn(width, width, device=settings.device, dtype=dtype) for _ in range(2))
    product = microseconds(lambda: x @ y)
    source = torch.randn(2**20 if settings.small else 2**29, device=settings.device)
    target = torch.empty_like(source)
    copy = microseconds(lambda: target.copy_(source))
    yield (
        "ceilings",
        {
            "matrix product, TFLOP/s": round(2 * width**3 / product / 1e6, 1),
            "copy, TB/s read and written": round(2 * 4 * source.numel() / copy / 1e6, 3),
        },
    )
