"""Which token may come next, beside what else one would take: `python -m benchmarks.masks`.

Every engine reads the same molecules over the same 8,192 ids in the same run, one thread each, in
turns, so that what else the machine does falls on all of them alike. Only `logos` knows rings, and
which atoms a bond may join; what is given to others is context-free, and they offer tokens after
which there is no molecule. partialsmiles checks texts, valences included: `accept` is one check of
a prefix, and a mask takes one for each token. numpy unpacks masks and copies -inf where they are 0.

Times are microseconds, at the median unless said, less what reading the clock takes. `draft` is a
molecule in one call, by the token: reading it, writing the mask after it, taking it back; hardly
any of that is Python. At a length it is mask and accept of the last tokens of so many: of real
molecules, each grown from the last atom of the one before. `logos` computes masks while it applies
them, so its two figures for 64 rows are one. `decimals` are masks of numbers, `points` masks of the
coordinates of a conformer, and `infill` of molecules that grow at holes, which only it has.
What an engine costs is measured in processes of their own, libraries imported: from nothing to its
first mask, and resident memory.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from benchmarks.masks.costs import costs
from benchmarks.masks.decimals import decimals
from benchmarks.masks.engines import KIND, installed
from benchmarks.masks.infills import infills
from benchmarks.masks.measures import SPREAD, Found, measured
from benchmarks.masks.others import checks, unpacked
from benchmarks.masks.points import points
from benchmarks.texts import BESIDE, columns

import logos_grammar as lg

_LENGTHS: Final = (10, 100, 1_000, 10_000)


def main() -> None:
    """Measure and print the table."""
    options = _parser().parse_args()
    torch.set_num_threads(1)
    one, five, fifteen = os.getloadavg()
    print(f"load of the machine before: {one:.1f} {five:.1f} {fifteen:.1f} of {os.cpu_count()}")
    molecules = _molecules(options.data, options.most)
    long = {length: _grown(molecules, length) for length in _LENGTHS}
    turns: dict[str, list[Callable[[], Found]]] = {
        name: [partial(measured, make(), molecules, long), partial(costs, name, long[1_000])]
        for name, make in installed().items()
    }
    turns["logos"] += [decimals, points, partial(infills, molecules)]
    if find_spec("partialsmiles"):
        turns["partialsmiles"] = [partial(checks, molecules[:100], long)]
    turns["numpy"] = [partial(unpacked, molecules)]
    table: defaultdict[str, dict[str, list[float]]] = defaultdict(dict)
    for _ in range(options.passes):
        for name, calls in turns.items():
            for measure, values in chain.from_iterable(call() for call in calls):
                table[measure].setdefault(name, []).extend(values)
    tokens = sum(map(len, molecules))
    print(f"{len(molecules):,} molecules of {tokens:,} tokens, {options.passes} passes\n")
    print(_text(table, list(turns)))


def _molecules(folder: Path, most: int) -> list[list[int]]:
    """Sentences of molecules, drawn from those of the last column that holds such."""
    *_, column = (each for each in columns(folder, 250_000) if each.kind == KIND)
    encoded = lg.encode_texts(KIND, column.texts, errors="collect")
    rows = [row for row in range(len(encoded)) if len(encoded[row])]
    print(f"{column.title}: {len(rows):,} molecules")
    return [encoded[row].tolist() for row in Random(0).sample(rows, min(most, len(rows)))]


def _grown(molecules: Sequence[list[int]], length: int) -> list[int]:
    """A sentence of so many tokens: molecules that grow from one another, and then a chain."""
    begin, *_, end = molecules[0]
    carbon = lg.vocabulary.id("C")
    ids = [begin]
    for molecule in molecules:
        if len(ids) + len(molecule) - 2 < length - 1:
            ids += molecule[1:-1]
    ids += [carbon] * (length - 1 - len(ids))
    assert lg.check([*ids, end]) is None
    return [*ids, end]


def _text(table: Mapping[str, Mapping[str, list[float]]], names: Sequence[str]) -> str:
    """The table: a line for each measure, those of single calls at three percentiles."""
    widths = [max(len(name), 8) + 2 for name in names]
    lines = [" " * 38 + "".join(f"{name:>{w}}" for name, w in zip(names, widths, strict=True))]
    for measure, found in table.items():
        for percent in (50, 90, 99) if measure in SPREAD else (50,):
            title = f"{measure}, p{percent}" if measure in SPREAD else measure
            cells = [_cell(found.get(name), percent) for name in names]
            line = "".join(f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
            lines.append(f"{title:38}{line}")
    return "\n".join(lines)


def _cell(values: list[float] | None, percent: int) -> str:
    if not values:
        return "-"
    value = float(np.percentile(values, percent))
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="masks of next tokens, beside other engines")
    parser.add_argument(
        "--data",
        type=Path,
        default=BESIDE,
        help="folder of real files; without it the sample molecules are taken",
    )
    parser.add_argument("--most", type=int, default=1_000, help="molecules (%(default)s)")
    parser.add_argument("--passes", type=int, default=3, help="(%(default)s)")
    return parser


if __name__ == "__main__":
    main()
