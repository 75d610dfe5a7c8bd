"""Processes that do tasks, and none when one is enough."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def workers_for(work: Callable[[T], R], count: int) -> Iterator[Callable[[T], Future[R]]]:
    """Give a function that hands tasks to `count` processes.

    Parameters
    ----------
    work
        What to do with a task; a function of a module, since other processes import it.
    count
        How many processes; 1 does the work in this one.

    Yields
    ------
    Callable
        Takes a task and returns its future. On an error, Ctrl-C included, tasks that have not
        begun are dropped and those that have are waited for.
    """
    if count == 1:
        yield lambda task: _done(work, task)
        return
    # Never fork: the parent has threads.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_prepare_worker)
    try:

        def submit(task: T) -> Future[R]:
            with _interrupts_held():
                return executor.submit(work, task)

        yield submit
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _done(work: Callable[[T], R], task: T) -> Future[R]:
    future: Future[R] = Future()
    future.set_result(work(task))
    return future


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C waiting; a process begun meanwhile never hears of it, not even as it starts."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker() -> None:
    # Ctrl-C reaches all processes of a terminal: the parent alone decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the parent, which may be killed without a chance to say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
