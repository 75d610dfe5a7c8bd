"""Random walks over the masks: `python -m benchmarks.walks`.

For every object type, every profile that it has and every budget, sentences are drawn token by
token from what a recognizer allows, in two ways. `any` takes all allowed ids alike. `open` would
rather open something (a branch, a ring, a name, a molecule, a hole) than not, and rather do
neither than close something, in some walks more and in others less: so it comes where much is open.

`ended`: the sentence is whole within its budget. `decoded`: it says an object, whose sentence it
is. `sanitized`, under kekule+valence: RDKit reads every molecule from its SMILES, and sanitizes
what `to_rdkit` makes of it. `kept`, under other profiles: the object has what was asked for. Each
check is put to what passed those before it. `length` is the mean, `depth` the most that was open
at once in any walk. Exit status 0: every walk passed every check.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random
from typing import Final

import numpy as np
from benchmarks.checks import CHECKS, Asked, passed, promise
from numpy.typing import NDArray
from rdkit import rdBase

import logos_grammar as lg
from logos_grammar.kinds import OBJECT_TYPES

_BUDGETS: Final = (16, 24, 64, 256)
_CHUNK: Final = 250
_SHOWN: Final = 3
_UNITS: Final = {
    "molecule": ("C", "N", "Se"),
    "protein": ("Ala", "Lys", "<NameS>"),
    "nucleic_acid": ("nt:A", "nt:G", "<NameS>"),
}
"""The kinds whose parts can be counted, and which a composition asks for, some of many tokens."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What is drawn, and how.

    Attributes
    ----------
    kind
        The object type.
    profile
        What is asked of it beyond the grammar.
    title
        The profile in a few words.
    eager
        Whether opening is preferred to closing.
    budget
        Tokens of the sentence at most.
    """

    kind: str
    profile: Asked
    title: str
    eager: bool
    budget: int


@dataclass
class Tally:
    """What became of some walks: how many passed each check, and the shortest that did not."""

    walks: int = 0
    tokens: int = 0
    depth: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def update(self, other: Tally) -> None:
        """Add all that another has counted."""
        self.walks += other.walks
        self.tokens += other.tokens
        self.depth = max(self.depth, other.depth)
        self.passed.update(other.passed)
        self.failed = sorted([*self.failed, *other.failed], key=len)[:_SHOWN]


def main() -> int:
    """Walk, and print a line for each type, profile, way and budget."""
    options = _parser().parse_args()
    everything = Tally()
    sound = True
    print(_line("type", "profile", "drawn", "budget", "walks", *CHECKS, "length", "depth"))
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        walks = [walk for walk in _walks() if options.only in f"{walk.kind} {walk.title}"]
        parts = -(-options.walks // _CHUNK)
        tallies = pool.imap(_tally, _jobs(walks, options.walks))
        for walk in walks:
            tally = Tally()
            for part in islice(tallies, parts):
                tally.update(part)
            everything.update(tally)
            print(_row(walk, tally), flush=True)
            for reason in tally.failed:
                print(f"    {reason}")
            sound &= not tally.failed
    count = f"{everything.walks:,} walks of {everything.tokens:,} tokens"
    print(f"{count}: {'every one passed every check' if sound else 'NOT ALL PASSED'}")
    return 0 if sound else 1


def _walks() -> Iterator[Walk]:
    for kind in OBJECT_TYPES:
        for budget in _BUDGETS:
            for walk in _profiles(kind, budget):
                shortest = lg.Recognizer(kind, profile=walk.profile).min_tokens_to_complete()
                if shortest > budget:
                    print(f"{kind}, {walk.title}: none is shorter than {shortest}, not {budget}")
                for eager in (False, True):
                    yield replace(walk, eager=eager, budget=max(budget, shortest))


def _profiles(kind: str, budget: int) -> Iterator[Walk]:
    """The profiles of a type; what they ask for grows with the budget."""
    walk = Walk(kind=kind, profile=None, title="", eager=False, budget=budget)
    yield walk
    if kind in ("molecule", "reaction"):
        for name in ("kekule+valence", "aromatic"):
            yield replace(walk, profile=name, title=name)
    if kind == "edit":
        yield replace(walk, profile="copy", title="copy")
    if kind in _UNITS:
        fewest, most = budget // 4, budget // 2
        length = lg.Profile(length=(fewest, most))
        yield replace(walk, profile=length, title=f"length {fewest} to {most}")
        counts = (budget // 4, budget // 8, budget // 16)
        composition = dict(zip(_UNITS[kind], counts, strict=True))
        title = " ".join(f"{re.sub('nt:|<|S>', '', name)}{n}" for name, n in composition.items())
        yield replace(walk, profile=lg.Profile(composition=composition), title=title)


def _jobs(walks: list[Walk], count: int) -> Iterator[tuple[Walk, int, int]]:
    for walk in walks:
        for first in range(0, count, _CHUNK):
            yield walk, first, min(_CHUNK, count - first)


def _tally(job: tuple[Walk, int, int]) -> Tally:
    """Walk so often, and check where it led."""
    walk, first, count = job
    recognizer = lg.Recognizer(walk.kind, profile=walk.profile, budget=walk.budget)
    random = Random(f"{walk} {first}")
    tally = Tally(walks=count)
    wanted = [check for check in (*CHECKS[:2], promise(walk.profile)) if check]
    with rdBase.BlockLogs():
        for _ in range(count):
            recognizer.reset()
            _go(recognizer, random, random.random() if walk.eager else 0.0)
            ids = recognizer.ids
            found = list(
                passed(ids, profile=walk.profile, budget=walk.budget, done=recognizer.is_done)
            )
            tally.tokens += len(ids)
            tally.depth = max(tally.depth, int(_OPENED[ids].cumsum().max(initial=0)))
            tally.passed.update(found)
            if found != wanted:
                tally.failed.append(f"not {wanted[len(found)]}: {ids.tolist()}")
    return tally


def _go(recognizer: lg.Recognizer, random: Random, eagerness: float) -> None:
    """Draw until the sentence is whole, or, as must not be, nothing is allowed."""
    draw = random.random
    while len(allowed := recognizer.allowed()):
        if draw() < eagerness:
            opened = _OPENED[allowed]
            allowed = allowed[opened == opened.max()]
        if not recognizer.accept(allowed[int(draw() * len(allowed))]):
            return


def _opened() -> NDArray[np.int8]:
    """What each id opens (1) or closes (-1), int8 [ids]."""
    opened = np.zeros(lg.vocabulary.size, np.int8)
    for token in lg.vocabulary:
        name, block = lg.vocabulary.name(token), lg.vocabulary.block_of(token).name
        if name.endswith("S>") or name in ("(", "<Hole>") or block == "ring_open":
            opened[token] = 1
        elif name.endswith("E>") or name in (")", "<Fill>") or block == "ring_close":
            opened[token] = -1
    return opened


_OPENED: Final = _opened()


def _row(walk: Walk, tally: Tally) -> str:
    wanted = (*CHECKS[:2], promise(walk.profile))
    checks = [f"{tally.passed[check]:,}" if check in wanted else "-" for check in CHECKS]
    way, length = "open" if walk.eager else "any", f"{tally.tokens / tally.walks:.1f}"
    count = f"{tally.walks:,}"
    return _line(
        walk.kind, walk.title, way, str(walk.budget), count, *checks, length, str(tally.depth)
    )


def _line(kind: str, title: str, way: str, *cells: str) -> str:
    return f"{kind:<13}{title:<20}{way:<5}" + "".join(f"{cell:>10}" for cell in cells)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="random walks over the masks of every type")
    add = parser.add_argument
    add("--walks", type=int, default=10_000, help="of each line of the table (%(default)s)")
    add("--processes", type=int, default=os.cpu_count(), help="(one for each core)")
    add("--only", default="", help="lines whose type and profile hold this text")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
