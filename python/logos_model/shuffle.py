"""Shuffling: orders and numbers that follow from a key alone, in every version of numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shuffled(count: int, *key: int) -> NDArray[np.int64]:
    """Return the numbers below `count` in an order that follows from `key` alone, int64 [count].

    numpy's own shuffles may change between its versions, and then a resumed run would see other
    batches; this one sorts by a fixed hash.
    """
    return np.argsort(hashed(np.arange(count), *key), kind="stable").astype(np.int64)


def hashed(numbers: NDArray[np.int64], *key: int) -> NDArray[np.uint64]:
    """Return a hash (splitmix64) of each number under `key`, uint64 [n]."""
    state = np.zeros(1, dtype=np.uint64)
    for part in key:
        state = mixed(state + np.uint64(part) + np.uint64(1))
    return mixed(numbers.astype(np.uint64) + state)


def mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the numbers with their bits mixed (the finisher of splitmix64)."""
    x = x * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
