"""The kernels: how far from 64 bits, and how fast beside what torch has."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.gpu import document_attention, draw
from benchmarks.gpu.settings import Record, Settings


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield the records of each kernel; FlexAttention, which may take longest, comes last."""
    yield from draw.run(settings)
    yield from document_attention.run(settings)
