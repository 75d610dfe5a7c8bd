"""Real molecules in the profile aromatic, and random ones: `python -m benchmarks.aromatic`.

Every real molecule with an aromatic atom is taken as it was found. The recognizer says whether it
is in the profile, the rule of the tests for whole molecules why it is not, and RDKit whether it
sanitizes it. Then random sentences of the profile: RDKit says how many of those with an aromatic
atom it sanitizes, and why not the others. Exit status 0: recognizer and rule agree on every one,
and RDKit wants nothing but a Kekulé structure.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.records import sources
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from oracle.valence import aromatic  # noqa: E402 (the oracle lies among the tests)
from oracle.valence_whole import objections  # noqa: E402

_BESIDE: Final = ROOT.parent / "shared" / "data"
_COMMON: Final = "C N O S c n o s ( ) = - open1 open2 close1 close2 ring="
_KEKULE: Final = ("SANITIZE_NONE", "SANITIZE_KEKULIZE")


def main() -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the files")
    parser.add_argument("--most", type=int, default=10_000, help="molecules in all")
    parser.add_argument("--each", type=int, default=500, help="molecules of one column at most")
    parser.add_argument("--walks", type=int, default=8_000, help="random sentences")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"expected a folder of real files at {args.data}", file=sys.stderr)
        return 2
    with rdBase.BlockLogs():
        sound = real(islice(_aromatic(args.data, args.each), args.most))
        return 0 if random(args.walks) and sound else 1


def real(found: Iterator[tuple[str, Molecule]]) -> bool:
    """Ask everyone about real molecules."""
    table, verdicts, shown, sound = aromatic().table, Counter[str](), dict[str, str](), True
    for text, molecule in found:
        ids = lg.encode(molecule)
        recognizer = lg.Recognizer("molecule", profile="aromatic")
        recognizer.accept_many(ids)
        reasons = sorted(set(objections(molecule, table, aromatic=True)))
        sound &= recognizer.is_done != bool(reasons)
        takes = "takes" if Chem.MolFromSmiles(text) is not None else "refuses"
        verdict = f"RDKit {takes} it, {f'outside: {reasons[0]}' if reasons else 'inside'}"
        verdicts[verdict] += 1
        shown.setdefault(verdict, text)
    print(f"{verdicts.total()} real molecules")
    for verdict, count in verdicts.most_common():
        print(f"{count:>9} {verdict:60} {shown[verdict][:80]}")
    return sound


def random(count: int) -> bool:
    """Ask RDKit about random sentences: half of the tokens common ones, the others any."""
    chosen, verdicts = Random(0), Counter[str]()
    common = frozenset(map(lg.vocabulary.id, _COMMON.split()))
    for _ in range(count):
        budget = chosen.choice((16, 24, 64, 256))
        recognizer = lg.Recognizer("molecule", profile="aromatic", budget=budget)
        while not recognizer.is_done:
            allowed = recognizer.allowed().tolist()
            likely = [token for token in allowed if token in common]
            recognizer.accept(
                chosen.choice(likely if likely and chosen.random() < 0.75 else allowed)
            )
        molecule = lg.decode(recognizer.ids)
        assert isinstance(molecule, Molecule)
        if molecule.aromatic.any():
            mol = Chem.MolFromSmiles(molecule.to_smiles(), sanitize=False)
            verdicts[Chem.SanitizeMol(mol, catchErrors=True).name] += 1
    print(f"\n{verdicts.total()} random molecules with an aromatic atom, of {count}")
    for verdict, number in verdicts.most_common():
        print(f"{number:>9} {number / verdicts.total():.1%} {verdict}")
    return set(verdicts) <= set(_KEKULE)


def _aromatic(folder: Path, each: int) -> Iterator[tuple[str, Molecule]]:
    """Molecules with an aromatic atom, the first of every column of SMILES."""
    for source in sources(folder):
        if source.kind == "molecule":
            for text in islice(source.texts, each):
                try:
                    molecule = Molecule.from_smiles(text)
                except lg.ConversionError:
                    continue
                if molecule.aromatic.any():
                    yield text, molecule


if __name__ == "__main__":
    raise SystemExit(main())
