"""Many objects to ids and back, on one thread and on two: `python -m benchmarks.many`.

All counts of threads do the same objects in the same run, in turns. The time is wall time, since
threads are what is measured: on a busy machine its best says most. Processor time beside it says
what threads cost in all.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.texts import BESIDE, columns

import logos_grammar as lg


def main() -> None:
    """Measure and print a table for each column of texts."""
    options = _parser().parse_args()
    one, five, fifteen = os.getloadavg()
    print(f"load of the machine before: {one:.1f} {five:.1f} {fifteen:.1f} of {os.cpu_count()}")
    for column in columns(options.data, options.most):
        encoded = lg.encode_texts(column.kind, column.texts, errors="collect")
        texts = lg.encode_texts(
            column.kind,
            [text for text, row in zip(column.texts, encoded, strict=True) if len(row)],
        )
        objects = lg.decode_many(texts)
        print(f"\n{column.title}: {len(objects):,} objects, best of {options.passes} passes")
        print("                      objects/s   times one   processor s")
        _compare("encode_many", options, len(objects), _calls(lg.encode_many, objects, options))
        _compare("decode_many", options, len(objects), _calls(lg.decode_many, texts, options))


def _calls(
    do: Callable[..., object], what: object, options: argparse.Namespace
) -> dict[int, Callable[[], object]]:
    if not hasattr(do, "__kwdefaults__") or "threads" not in (do.__kwdefaults__ or {}):
        return {1: lambda: do(what)}  # a version before threads
    return {threads: partial(do, what, threads=threads) for threads in options.threads}


def _compare(
    name: str, options: argparse.Namespace, count: int, calls: dict[int, Callable[[], object]]
) -> None:
    walls: dict[int, list[float]] = {threads: [] for threads in calls}
    cpus: dict[int, list[float]] = {threads: [] for threads in calls}
    for _ in range(options.passes):
        for threads, call in calls.items():
            gc.collect()
            gc.disable()
            wall, cpu = time.perf_counter(), time.process_time()
            made = call()
            walls[threads].append(time.perf_counter() - wall)
            cpus[threads].append(time.process_time() - cpu)
            gc.enable()
            del made
    first = min(walls[next(iter(calls))])
    for threads in calls:
        best = min(walls[threads])
        print(
            f"{name}, {threads} threads {count / best:>11,.0f} {first / best:>11.2f} "
            f"{median(cpus[threads]):>13.3f}"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=BESIDE, help="folder of real files (%(default)s)"
    )
    parser.add_argument("--most", type=int, default=100_000, help="objects (%(default)s)")
    parser.add_argument("--passes", type=int, default=7, help="(%(default)s)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="(%(default)s)")
    return parser


if __name__ == "__main__":
    main()
