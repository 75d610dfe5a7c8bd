"""Fetching ahead: one thread makes the next items while the last one is used."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from queue import Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")

_WAIT = 0.1


class Ahead(Generic[T]):
    """The items of an iterator, of which a thread makes the next ones early.

    The thread holds nothing that has to be kept: where an item has a place to go on from, the place
    comes with it, and items that nobody took are made again.

    Parameters
    ----------
    items
        What is iterated; only the thread touches it.
    depth
        Items that may lie ready.

    Attributes
    ----------
    waited
        Seconds that were spent waiting for items so far.
    """

    def __init__(self, items: Iterator[T], *, depth: int = 4) -> None:
        self.waited = 0.0
        self._ready: Queue[tuple[T | None, BaseException | None]] = Queue(depth)
        self._is_closed = threading.Event()
        self._thread = threading.Thread(
            target=self._fetch, args=(items,), name="fetch ahead", daemon=True
        )
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        """Yield the items; what the thread raised is raised where it would have come."""
        while True:
            begin = time.perf_counter()
            item, error = self._ready.get()
            self.waited += time.perf_counter() - begin
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item  # type: ignore[misc]  # an item, where there is no error

    def close(self) -> None:
        """Let the thread end, and wait for it."""
        self._is_closed.set()
        self._thread.join()

    def __enter__(self) -> Ahead[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fetch(self, items: Iterator[T]) -> None:
        while not self._is_closed.is_set():
            try:
                made: tuple[T | None, BaseException | None] = (next(items), None)
            except BaseException as error:  # raised again where the item would have come
                made = (None, error)
            while not self._is_closed.is_set():
                try:
                    self._ready.put(made, timeout=_WAIT)
                    break
                except Full:
                    continue
            if made[1] is not None:
                return
