"""Times of small pieces of work: replays of a CUDA graph, or a processor's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import torch

_FLUSHED = 2**27
"""Bytes written between two replays, so that inputs do not lie in the cache."""


def microseconds(work: Callable[[], object], *, repeats: int = 20) -> float:
    """Return the median time of `work`: on a GPU of its kernels alone, without launching them."""
    if not torch.cuda.is_available():
        work()
        return round(median(_by_clock(work) for _ in range(3)), 1)
    # Kernels are compiled and memory is taken before the work is recorded.
    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    flushed = torch.empty(_FLUSHED, dtype=torch.int8, device="cuda")
    times: list[float] = []
    for _ in range(repeats):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
        flushed.zero_()
        begin.record()
        graph.replay()
        end.record()
        torch.cuda.synchronize()
        times.append(1000 * begin.elapsed_time(end))
    return round(median(times), 1)


def _by_clock(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1e6 * (time.perf_counter() - begin)
