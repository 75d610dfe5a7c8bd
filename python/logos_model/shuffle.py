"""Shuffling: an order of numbers that follows from a key alone, in every version of numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shuffled(count: int, *key: int) -> NDArray[np.int64]:
    """Return the numbers below `count` in an order that follows from `key` alone, int64 [count].

    numpy's own shuffles may change between its versions, and then a resumed run would see other
    batches; this one sorts by a fixed hash (splitmix64) of number and key.
    """
    state = np.zeros(1, dtype=np.uint64)
    for part in key:
        state = _mixed(state + np.uint64(part) + np.uint64(1))
    hashes = _mixed(np.arange(count, dtype=np.uint64) + state)
    return np.argsort(hashes, kind="stable").astype(np.int64)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
