"""What an engine costs before it does anything and while it waits, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from importlib import import_module
from pathlib import Path
from typing import Final

from benchmarks.masks.engines import ENGINES
from benchmarks.masks.measures import Found

_READERS: Final = 200


def costs(name: str, ids: list[int]) -> Found:
    """What an engine costs, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for measure, value in pool.apply(_costs_here, (name, ids)).items():
            yield measure, [value]


def _costs_here(name: str, ids: list[int]) -> dict[str, float]:
    library = name.partition(",")[0]
    if library in ("xgrammar", "llguidance"):
        import_module(library)
    empty, begun = _resident(), time.perf_counter()
    engine = ENGINES[name]()
    engine.begin().fill()
    ready, made = time.perf_counter() - begun, _resident()
    readers = [engine.begin() for _ in range(_READERS)]
    for reader in readers:
        assert all(map(reader.accept, ids))
    return {
        "first mask, ms": ready * 1e3,
        "memory, kB": (made - empty) / 1e3,
        "memory of a reader of 1,000 tokens, kB": (_resident() - made) / 1e3 / _READERS,
    }


def _resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return (
        int(statm.read_text("ascii").split()[1]) * resource.getpagesize() if statm.exists() else 0
    )
