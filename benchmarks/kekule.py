"""Real molecules in the profile kekule+valence: `python -m benchmarks.kekule`.

Every molecule is taken as it was found, and once more as RDKit has it after reading it (nitro
groups with charges, dative bonds to metals). Each is kekulized and encoded; the oracle of the tests
says whether its sentence is in the profile, and the rule for whole molecules why it is not. RDKit
says whether it sanitizes what was encoded, and whether that is still the molecule that it was.
Then random sentences of the profile, half of them with the beginning of a real one: RDKit must
sanitize them all. Exit status 0: it does, and takes all real molecules that are in the profile, and
oracle and rule agree on every one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.records import sources
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import from_rdkit, kekulized

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from oracle.valence import kekule_valence  # noqa: E402 (the oracle lies among the tests)
from oracle.valence_whole import objections  # noqa: E402
from valence.walks import Walker  # noqa: E402

_BESIDE: Final = ROOT.parent / "shared" / "data"
_WHERE: Final = re.compile(r" at (atom|bond|character) \d+|# \d+ |: [0-9 ]+$|, found .*")
_SHOWN: Final = 3


@dataclass
class Stream:
    """What became of molecules that were taken in one way, why, and some of their texts."""

    title: str
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    tokens: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: str, text: str, reason: str = "") -> None:
        """Count a molecule."""
        self.verdicts[verdict] += 1
        if reason:
            self.reasons.setdefault(verdict, Counter())[reason] += 1
            self.texts.setdefault(verdict + reason, []).append(text)
            del self.texts[verdict + reason][_SHOWN:]

    def add_tokens(self, molecule: Molecule, before: int, after: int) -> None:
        """Count the tokens of a molecule before it was kekulized and after."""
        for name in ("all", "with aromatic atoms")[: 2 if molecule.aromatic.any() else 1]:
            self.tokens.update({f"{name}: n": 1, f"{name}: 0": before, f"{name}: 1": after})


class Judge:
    """Asks the oracle, the rule for whole molecules, and RDKit."""

    def __init__(self) -> None:
        self.profile = kekule_valence()
        self.inside: list[list[int]] = []

    def judge(self, stream: Stream, text: str, molecule: Molecule | None) -> None:
        """Kekulize a molecule and say whether it is in the profile."""
        if molecule is None:
            stream.add("not read", text)
            return
        try:
            kekule = kekulized(molecule)
        except lg.ConversionError as error:
            stream.add("not kekulized", text, _WHERE.sub("", str(error)))
            return
        before, ids = lg.encode(molecule), lg.encode(kekule)
        left = self.profile.first_error(ids.tolist())
        reasons = sorted(set(objections(kekule, self.profile.table)))
        written = Chem.MolFromSmiles(kekule.to_smiles())
        if (left is None) != (not reasons):
            stream.add("ORACLE AND RULE DISAGREE", text, f"{left}, {reasons}")
        elif left is not None:
            stream.add(
                f"outside, RDKit {'refuses' if written is None else 'takes'} it", text, reasons[0]
            )
        elif written is None:
            stream.add("INSIDE, RDKIT REFUSES IT", text, "wrong")
        elif _canonical(Chem.MolFromSmiles(molecule.to_smiles())) != _canonical(written):
            stream.add("inside, another molecule", text, "RDKit writes another SMILES")
        else:
            stream.add("inside", text)
        if left is None:
            self.inside.append(ids.tolist())
            stream.add_tokens(molecule, len(before), len(ids))

    def walk(self, count: int) -> bool:
        """Make random sentences; say how many RDKit refuses, and whether it is none."""
        walker, random = Walker(self.profile), Random(0)
        refused, tokens, distinct = [], 0, set()
        for number in range(count):
            real = random.choice(self.inside) if number % 2 else [0, 0]
            beginning = real[: random.randrange(1, len(real))]
            length = len(beginning) + random.choice((4, 8, 16, 32, 64))
            ids = walker.sentence(random, length, beginning=beginning)
            molecule = lg.decode(ids)
            assert isinstance(molecule, Molecule)
            text = molecule.to_smiles()
            tokens += len(ids)
            distinct.add(text)
            if Chem.MolFromSmiles(text) is None:
                refused.append(text)
        print(
            f"\n{count} random sentences, {len(distinct)} molecules, {tokens / count:.1f} tokens: "
        )
        print(f"{len(refused):>9} refused by RDKit", *refused[:_SHOWN])
        return not refused


def main() -> int:
    """Measure, and print a table and every reason of a refusal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the files")
    parser.add_argument("--most", type=int, default=100_000, help="molecules in all")
    parser.add_argument("--each", type=int, default=8_000, help="molecules of one column at most")
    parser.add_argument("--walks", type=int, default=20_000, help="random sentences")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"expected a folder of real files at {args.data}", file=sys.stderr)
        return 2
    judge, found, read = Judge(), Stream("as found"), Stream("as RDKit has it")
    with rdBase.BlockLogs():
        for text in islice(_texts(args.data, args.each), args.most):
            judge.judge(found, text, _found(text))
            judge.judge(read, text, _read(text))
        for stream in (found, read):
            _print(stream)
        sound = judge.walk(args.walks)
    return 1 if any(map(str.isupper, {**found.verdicts, **read.verdicts})) or not sound else 0


def _texts(folder: Path, each: int) -> Iterator[str]:
    """The first molecules of every column of SMILES."""
    for source in sources(folder):
        if source.kind == "molecule":
            texts = list(islice(source.texts, each))
            print(f"{len(texts):>7} {source.name}", flush=True)
            yield from texts


def _found(text: str) -> Molecule | None:
    try:
        return Molecule.from_smiles(text)
    except lg.ConversionError:
        return None


def _read(text: str) -> Molecule | None:
    mol = Chem.MolFromSmiles(text)
    try:
        return None if mol is None else from_rdkit(mol).molecule
    except lg.ConversionError:
        return None


def _canonical(mol: Chem.Mol | None) -> str | None:
    return None if mol is None else Chem.MolToSmiles(mol)


def _print(stream: Stream) -> None:
    print(f"\n{stream.title}: {stream.verdicts.total()} molecules")
    for verdict, count in stream.verdicts.most_common():
        print(f"{count:>9} {verdict}")
        for reason, of_it in stream.reasons.get(verdict, Counter()).most_common():
            print(f"{'':9} {of_it:>7} {reason}")
            for text in stream.texts[verdict + reason]:
                print(f"{'':18} {text[:100]}")
    for name in ("all", "with aromatic atoms"):
        n, before, after = (stream.tokens[f"{name}: {key}"] for key in ("n", "0", "1"))
        if n:
            print(f"tokens, {name}: {before / n:.2f} aromatic, {after / n:.2f} kekule, ", end="")
            print(f"ratio {after / before:.4f}, n = {n}")


if __name__ == "__main__":
    raise SystemExit(main())
