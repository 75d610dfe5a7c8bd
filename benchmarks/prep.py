"""A million SMILES to shards: time, megabytes a second and peak memory, by format and workers.

Run it with `python -m benchmarks.prep` on an idle machine; on a busy one the column of processor
time says what the command took, all processes and the start of Python included. It takes the MOSES
training set where the folder of real files lies beside the checkout, else SMILES that it makes up,
and prints one table. Memory is the sum over the process and its workers, sampled; pages that they
share are counted once for each.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "molecules" / "moses_train.csv.xz"
PIECES = ("C", "CC", "c1ccccc1", "C(=O)O", "N", "O", "C(F)(F)F", "S", "[C@@H](C)", "c1ccncc1")
SAMPLE_SECONDS = 0.01


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run took.

    Attributes
    ----------
    name
        Name of the input.
    workers
        How many processes did the work.
    seconds
        Wall time of the whole command, start of Python included.
    processor
        Processor time of all processes, in seconds.
    megabytes
        Size of the input, uncompressed.
    peak
        The most memory that the process and its workers held, in megabytes.
    """

    name: str
    workers: int
    seconds: float
    processor: float
    megabytes: float
    peak: float


def main() -> None:
    """Make the inputs, run the command on each, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{args.records:,} SMILES from {REAL.name if REAL.exists() else 'a generator'}")
        print("input          workers      s  cpu s   records/s   MB/s  peak MB")
        for source, size in _inputs(folder, list(islice(_smiles(), args.records))):
            for workers in args.workers:
                run = _timed(source, folder / f"{source.name}-{workers}", workers, size)
                print(
                    f"{run.name:<14} {run.workers:>7} {run.seconds:>6.2f} "
                    f"{run.processor:>6.2f} "
                    f"{args.records / run.seconds:>11,.0f} {run.megabytes / run.seconds:>6.1f} "
                    f"{run.peak:>8.0f}",
                    flush=True,
                )


def _smiles() -> Iterator[str]:
    if REAL.exists():
        with lzma.open(REAL, "rt") as file:
            next(file)
            for line in file:
                yield line.strip().partition(",")[0]
        return
    chosen = random.Random(0)
    while True:
        yield "".join(chosen.choices(PIECES, k=10))


def _inputs(folder: Path, smiles: list[str]) -> Iterator[tuple[Path, int]]:
    makers: dict[str, Callable[[int, str], str]] = {
        "bare.smi": lambda i, text: text,
        "named.smi": lambda i, text: f"{text} ID{i}",
        "plain.csv": lambda i, text: f"{i},{text},train",
        "quoted.csv": lambda i, text: f'"number, {i}",{text},train',
        "lines.jsonl": lambda i, text: f'{{"id": {i}, "smiles": "{text}"}}',
    }
    for name, maker in makers.items():
        header = "id,smiles,split\n" if name.endswith(".csv") else ""
        rows = "\n".join(maker(i, text) for i, text in enumerate(smiles))
        data = f"{header}{rows}\n".encode()
        (folder / name).write_bytes(data)
        yield folder / name, len(data)
        if name == "named.smi":
            (folder / "named.smi.gz").write_bytes(gzip.compress(data, 6))
            yield folder / "named.smi.gz", len(data)
        (folder / name).unlink()


def _timed(source: Path, out: Path, workers: int, size: int) -> Run:
    command = [sys.executable, "-m", "logos_grammar", "prep", str(source), "--kind", "molecule"]
    command += ["--out", str(out), "--workers", str(workers), "--quiet"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(command)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_resident, _family(process.pid))))
        time.sleep(SAMPLE_SECONDS)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode:
        raise SystemExit(f"the command ended with {process.returncode}: {' '.join(command)}")
    return Run(
        name=source.name,
        workers=workers,
        seconds=seconds,
        processor=processor,
        megabytes=size / 1e6,
        peak=peak / 1e3,
    )


def _family(process: int) -> Iterator[int]:
    """Yield a process and all that it began."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found = task.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from _family(int(child))


def _resident(process: int) -> int:
    """Return the resident memory of a process in kB, 0 when it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    _, found, rest = status.partition("VmRSS:")
    return int(rest.split()[0]) if found else 0


if __name__ == "__main__":
    main()
