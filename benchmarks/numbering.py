"""Antibodies numbered, against published regions: `python -m benchmarks.numbering`.

The chains of tables whose regions are known are given to `antibody.numbering` as sequences; what
comes back is compared with the table. Then residues are put into frameworks at random: a numbering
cannot place them, and must be right or refused. Exit status 0: the folder of the files was there.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.numbering import from_scfv, from_sequences
from logos_grammar.antibody.tables import read_airr
from logos_grammar.error import GrammarError
from logos_grammar.prep.batch import family

_BESIDE: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_LETTERS: Final = "ACDEFGHIKLMNPQRSTVWY"
_NOT_DETERMINED: Final = ("", "ND", "N/A")
_SHOWN: Final = 5

Case = tuple[str, str, Callable[[Chain], bool]]
"""A chain: heavy or light, its residues, and whether regions are those that are known."""


def main() -> int:
    """Run, and print a table, every reason of a refusal and some chains that differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the files")
    folder = parser.parse_args().data / "antibodies"
    if not folder.is_dir():
        print(f"expected a folder of real files at {folder}", file=sys.stderr)
        return 2
    sources: dict[str, Iterator[Case]] = {
        "V-QUEST, all regions": _of_table(folder / "airr_imgt_v_quest_airr.tsv.xz", ("",)),
        "SADIE linked table, all regions": _of_table(
            folder / "airr_linked_airrtable_scfv.csv.xz", ("_heavy", "_light")
        ),
        "SAbDab, three CDRs": _of_sabdab(folder / "sabdab_heavy_val.jsonl.xz"),
        "CoV-AbDab, CDR3": _of_covabdab(folder / "CoV-AbDab_050821.csv.xz"),
    }
    print(f"{'source':34}{'chains':>8}{'equal':>8}{'differ':>8}{'refused':>8}{'chains/s':>10}")
    for name, cases in sources.items():
        _compare(name, list(cases))
    _insertions(folder / "airr_imgt_v_quest_airr.tsv.xz")
    return 0


def _compare(name: str, cases: list[Case]) -> None:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    different: list[str] = []
    started = time.process_time()
    for noun, sequence, is_known in cases:
        try:
            found = _numbered(noun, sequence)
        except GrammarError as error:
            counts["refused"] += 1
            reasons[family(str(error))] += 1
            continue
        equal = any(map(is_known, found))
        counts["equal" if equal else "differ"] += 1
        if not equal:
            different.append(" + ".join(map(_shown, found)))
    speed = len(cases) / (time.process_time() - started)
    cells = [len(cases), counts["equal"], counts["differ"], counts["refused"]]
    print(f"{name:34}" + "".join(f"{cell:>8,}" for cell in cells) + f"{speed:>10,.0f}")
    for reason, count in reasons.most_common():
        print(f"    {count} refused: {reason[:140]}")
    for text in different[:_SHOWN]:
        print(f"    differs: {text}")


def _numbered(noun: str, sequence: str) -> list[Chain]:
    """Number one chain, or both domains of a single-chain Fv."""
    heavy, light = (sequence, None) if noun == "heavy" else (None, sequence)
    try:
        antibody = from_sequences(heavy, light)
    except GrammarError as error:
        if "from_scfv" not in str(error):
            raise
        antibody = from_scfv(sequence).antibody
    return [chain for chain in (antibody.heavy, antibody.light) if chain is not None]


def _of_table(path: Path, suffixes: tuple[str, ...]) -> Iterator[Case]:
    """Every chain of a table that has all regions, and residues only."""
    for suffix in suffixes:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for one in read_airr(lines, suffixes=(suffix,), errors="collect"):
                if isinstance(one, Antibody):
                    known = one.heavy or one.light
                    assert known is not None, "an antibody has a chain"
                    noun = "light" if one.heavy is None else "heavy"
                    yield noun, known.protein().sequence, known.__eq__


def _of_sabdab(path: Path) -> Iterator[Case]:
    """Heavy chains whose CDRs are marked residue by residue."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            marked = list(zip(record["seq"], record["cdr"], strict=True))
            cdrs = ["".join(letter for letter, mark in marked if mark == each) for each in "123"]
            yield "heavy", record["seq"], partial(_has_cdrs, cdrs)


def _of_covabdab(path: Path) -> Iterator[Case]:
    """Both chains of antibodies whose CDR3 are in columns of their own."""
    columns = (("heavy", "VH or VHH", "CDRH3"), ("light", "VL", "CDRL3"))
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for noun, column, cdr in columns:
                sequence, known = row[column].strip(), row[cdr].strip()
                if sequence not in _NOT_DETERMINED and known not in _NOT_DETERMINED:
                    yield noun, sequence, partial(_has_cdr3, known)


def _insertions(path: Path) -> None:
    """Put one to three residues into the middle of each framework of the chains of a table."""
    draw = random.Random(0)
    print(f"\n{'residues put in':34}{'chains':>8}{'right':>8}{'wrong':>8}{'refused':>8}")
    cases = list(_of_table(path, ("",)))
    for region in ("fr1", "fr2", "fr3", "fr4"):
        counts: Counter[str] = Counter()
        for noun, sequence, is_known in cases:
            try:
                (plain,) = _numbered(noun, sequence)
            except GrammarError:
                continue
            if not is_known(plain):
                continue
            text = getattr(plain, region)
            at = draw.randrange(4, len(text) - 3)
            extra = "".join(draw.choices(_LETTERS, k=draw.randint(1, 3)))
            longer = replace(plain, **{region: text[:at] + extra + text[at:]})
            try:
                (found,) = _numbered(noun, longer.protein().sequence)
            except GrammarError:
                counts["refused"] += 1
            else:
                counts["right" if found == longer else "wrong"] += 1
        cells = [sum(counts.values()), counts["right"], counts["wrong"], counts["refused"]]
        print(f"{region:34}" + "".join(f"{cell:>8,}" for cell in cells))


def _has_cdrs(known: list[str], chain: Chain) -> bool:
    return [chain.cdr1, chain.cdr2, chain.cdr3] == known


def _has_cdr3(known: str, chain: Chain) -> bool:
    return chain.cdr3 == known


def _shown(chain: Chain) -> str:
    regions = (chain.fr1, chain.cdr1, chain.fr2, chain.cdr2, chain.fr3, chain.cdr3, chain.fr4)
    return "|".join(regions)


if __name__ == "__main__":
    sys.exit(main())
