"""Every record of real files there and back: `python -m benchmarks.round_trip`.

Whatever RDKit can read comes back as the same molecule, its canonical isomeric SMILES being equal,
maps and isotopes included, or is refused with a reason; and RDKit's canonical SMILES of it comes
back letter for letter. Sequences come back letter for letter or are refused with a reason.
Exit status 0: nothing came back wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.records import Source, sources
from benchmarks.verdicts import Tally, judge

from logos_grammar.kinds import TextKind

_BESIDE: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_CHUNK: Final = 2000
_COLUMNS: Final = {
    "records": (),
    "identical": ("identical",),
    "same": ("same",),
    "refused": ("refused",),
    "WRONG": ("WRONG",),
    "canonical": ("canonical",),
    "not back": ("not canonical",),
    "RDKit refuses": ("read", "refused too"),
    "so do we": ("refused too",),
}


def main() -> int:
    """Run, and print a table and every reason of a refusal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the files")
    parser.add_argument("--limit", type=int, help="take only so many records of each column")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--only", default="", help="take only files whose path holds this")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"expected a folder of real files at {args.data}", file=sys.stderr)
        return 2
    total = Tally()
    print(_row("column", list(_COLUMNS)))
    with multiprocessing.get_context("spawn").Pool(args.workers) as pool:
        for source in sources(args.data):
            if args.only not in source.name:
                continue
            tally = Tally()
            started = time.monotonic()
            for part in pool.imap_unordered(_judge, _chunks(source, args.limit)):
                tally.update(part)
                _show_progress(source.name, tally, started)
            total.update(tally)
            print(_row(source.name, _cells(tally)), flush=True)
            for reason, count in tally.reasons.most_common():
                print(f"    {count} {reason}")
                for text in tally.examples[reason]:
                    print(f"        {text[:300]}")
    print(_row("all", _cells(total)))
    return 1 if total.counts["WRONG"] or total.counts["not canonical"] else 0


def _chunks(source: Source, limit: int | None) -> Iterator[tuple[TextKind, list[str]]]:
    texts = islice(source.texts, limit)
    while chunk := list(islice(texts, _CHUNK)):
        yield source.kind, chunk


def _judge(chunk: tuple[TextKind, list[str]]) -> Tally:
    return judge(*chunk)


def _records(tally: Tally) -> int:
    return sum(tally.counts.values()) - tally.counts["canonical"] - tally.counts["not canonical"]


def _cells(tally: Tally) -> list[str]:
    counts = [sum(tally.counts[what] for what in names) for names in _COLUMNS.values()]
    return [str(count) for count in [_records(tally), *counts[1:]]]


def _row(name: str, cells: list[str]) -> str:
    return f"{name[-64:]:<64} " + " ".join(
        f"{cell:>{max(len(title), 9)}}" for cell, title in zip(cells, _COLUMNS, strict=True)
    )


def _show_progress(name: str, tally: Tally, started: float) -> None:
    done = _records(tally)
    rate = done / max(time.monotonic() - started, 1e-9)
    if sys.stderr.isatty():
        print(f"\r{name[-50:]} {done} ({rate:.0f}/s) ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
