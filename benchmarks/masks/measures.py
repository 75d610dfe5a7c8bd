"""What is measured of an engine in one pass: times in microseconds, and how much it offers."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import cycle, islice
from statistics import median
from typing import Final

import numpy as np
import torch
from benchmarks.masks.engines import WIDTH, Call, Engine, Reader

SPREAD: Final = ("mask", "accept", "mask and accept")
"""The measures of single calls, of which the spread is told, too."""

LAST: Final = 50
"""Of how many tokens at the end of a long sentence times are taken."""

ROWS: Final = 64
"""Rows of logits that are masked together."""

_BATCH: Final = 256
_STEPS: Final = 24
_SOME: Final = 100

_clock = time.perf_counter_ns
Found = Iterator[tuple[str, list[float]]]


def measured(engine: Engine, molecules: list[list[int]], long: dict[int, list[int]]) -> Found:
    """One pass of an engine."""
    gc.collect()
    gc.disable()
    yield from zip(SPREAD, steps(engine.begin, molecules), strict=True)
    some = molecules[:_SOME]
    yield "many accepts, a token", _by_token(engine.accept_many, engine, some)
    yield "draft, a token", _by_token(engine.draft, engine, some)
    for length, ids in long.items():
        again = max(1, 10 * LAST // length)
        yield f"length {length:,}", steps(engine.begin, again * [ids], last=LAST)[2]
    masks, accepts = _batch(engine, [ids for ids in molecules if len(ids) > 2 * _STEPS])
    yield f"batch of {_BATCH}, masks", masks
    yield f"batch of {_BATCH}, accepts", accepts
    yield from _rows(engine, molecules)
    yield "a new reader", [timed(engine.begin) for _ in some]
    yield "tokens offered, mean", [_offered(engine, some)]
    gc.enable()


def repeated(call: Call, before: Call) -> list[float]:
    """Microseconds of each of some calls, the first left out; something is done before each."""
    times = []
    for _ in range(_STEPS):
        before()
        times.append(timed(call))
    return times[1:]


def timed(call: Call) -> float:
    """Microseconds of one call."""
    before = _clock()
    call()
    after = _clock()
    return (after - before) / 1e3 - _reading_the_clock()


def prefixes(molecules: Sequence[list[int]]) -> list[list[int]]:
    """What the rows of logits have read: prefixes of molecules, none of them whole."""
    return [
        ids[: 1 + row % (len(ids) - 1)] for row, ids in enumerate(islice(cycle(molecules), ROWS))
    ]


def new_logits() -> tuple[torch.Tensor, torch.Tensor]:
    """Logits, and the same again, float32 torch [ROWS, WIDTH]."""
    fresh = torch.randn((ROWS, WIDTH), generator=torch.Generator().manual_seed(0))
    return fresh, fresh.clone()


def steps(
    begin: Callable[[], Reader], sentences: Sequence[list[int]], last: int = 0
) -> list[list[float]]:
    """Time of the mask, of reading the token, and of both, before each of the last tokens."""
    taken: list[tuple[int, int, int]] = []
    for ids in sentences:
        reader = begin()
        fill, accept = reader.fill, reader.accept
        for id in ids[:-last] if last else ():
            assert accept(id)
        for id in ids[-last:]:
            before = _clock()
            fill()
            between = _clock()
            accepted = accept(id)
            taken.append((before, between, _clock()))
            assert accepted
    begins, middles, ends = np.array(taken, np.float64).T / 1e3
    cost = _reading_the_clock()
    times = (middles - begins - cost, ends - middles - cost, ends - begins - 2 * cost)
    return [each.tolist() for each in times]


def _by_token(
    prepare: Callable[[Reader, list[int]], Call | None], engine: Engine, molecules: list[list[int]]
) -> list[float]:
    """Times of reading molecules in one call each, by the token."""
    calls = [(prepare(engine.begin(), ids), len(ids)) for ids in molecules]
    return [timed(call) / length for call, length in calls if call is not None]


def _batch(engine: Engine, molecules: Sequence[list[int]]) -> tuple[list[float], list[float]]:
    """Times of masks and of reading a token, for a batch whose rows are at different places."""
    rows = list(islice(cycle(molecules), _BATCH))
    readers = [engine.begin() for _ in rows]
    places = [row % _STEPS for row in range(_BATCH)]
    for reader, ids, place in zip(readers, rows, places, strict=True):
        assert all(reader.accept(id) for id in ids[:place])
    fill = engine.fill_batch(readers)
    masks, accepts = [], []
    for step in range(_STEPS):
        tokens = [ids[place + step] for ids, place in zip(rows, places, strict=True)]
        masks.append(timed(fill))
        accepts.append(timed(engine.accept_batch(readers, tokens)))
    return masks, accepts


def _rows(engine: Engine, molecules: Sequence[list[int]]) -> Found:
    """Times of masking logits, and of computing the masks, too."""
    readers = [engine.begin() for _ in range(ROWS)]
    for reader, ids in zip(readers, prefixes(molecules), strict=True):
        assert all(map(reader.accept, ids))
    fresh, logits = new_logits()
    apply, both = engine.apply(readers, logits)
    yield f"{ROWS} rows, apply", repeated(apply, lambda: logits.copy_(fresh))
    yield f"{ROWS} rows, mask and apply", repeated(both, lambda: logits.copy_(fresh))


def _offered(engine: Engine, molecules: Sequence[list[int]]) -> float:
    """Count the tokens that masks allow."""
    counts = []
    for ids in molecules:
        reader = engine.begin()
        for id in ids:
            reader.fill()
            counts.append(engine.offered())
            reader.accept(id)
    return sum(counts) / len(counts)


@cache
def _reading_the_clock() -> float:
    """Microseconds that reading the clock adds to what is timed."""
    pairs = [(_clock(), _clock()) for _ in range(10_000)]
    return median(after - before for before, after in pairs) / 1e3
