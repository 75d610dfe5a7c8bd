"""What the digests of chunk files and blocks cost a preparation, in processor time.

Run it with `python -m benchmarks.chunk_digest`. It prepares the first MOSES SMILES in this process,
with one worker, and counts the processor time within the digests that are written with the chunks
and checked before the merge.
"""

from __future__ import annotations

import hashlib
import lzma
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.prep import REAL

from logos_grammar.prep import chunk, prepare

RECORDS = 250_000
RUNS = 3


class TimedDigest:
    """A digest that adds up the time of all of its kind."""

    seconds = 0.0

    def __init__(self, *data: bytes, digest_size: int) -> None:
        self._digest = hashlib.blake2b(digest_size=digest_size)
        for each in data:
            self.update(each)

    def update(self, data: bytes) -> None:
        """Take bytes."""
        begin = time.thread_time()
        self._digest.update(data)
        TimedDigest.seconds += time.thread_time() - begin

    def digest(self) -> bytes:
        """Return the digest."""
        return self._digest.digest()

    def hexdigest(self) -> str:
        """Return the digest in hexadecimal digits."""
        return self._digest.hexdigest()


def main() -> None:
    """Prepare and print the share of each run, and the median."""
    timed: Any = SimpleNamespace(blake2b=TimedDigest)
    shares = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "moses.csv"
        with lzma.open(REAL, "rt", encoding="utf-8") as rows:
            source.write_text("".join(islice(rows, RECORDS + 1)), encoding="utf-8")
        chunk.hashlib = timed  # type: ignore[attr-defined]
        for run in range(RUNS):
            TimedDigest.seconds, begin = 0.0, time.process_time()
            prepare(source, kind="molecule", out=Path(folder) / str(run))
            spent = time.process_time() - begin
            shares.append(TimedDigest.seconds / spent)
            print(f"{TimedDigest.seconds:.3f} s of {spent:.3f} s, {shares[-1]:.1%}")
    print(f"median {statistics.median(shares):.1%} of {RECORDS:,} records, n = {RUNS}")


if __name__ == "__main__":
    main()
