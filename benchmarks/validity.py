"""A small model on real molecules: how many of its samples are valid, unique and new.

`python -m benchmarks.validity MOLECULES.smi --out RUN` trains 1.8 million parameters for some
minutes on a file of SMILES (or takes those that it trained in RUN before). Then it draws as many
samples under the profile "aromatic", "kekule+valence", the grammar alone, and without it.

Valid: RDKit reads and sanitizes the SMILES. Unique: differing canonical SMILES of the valid ones.
New: those of them that are not in the file. All are shares of what was drawn.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_model.checkpoint import find_checkpoint, has_checkpoint, read_model
from logos_model.device import use_threads
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar
from logos_model.samples import Sample

_SHAPE = (
    "model.hidden_size=192",
    "model.intermediate_size=512",
    "model.num_attention_heads=6",
    "model.num_key_value_heads=2",
    "training.batch_rows=8",
    "optimizer.learning_rate=3e-3",
    "training.validate_every=1000000",
    "training.checkpoint_every=1000000",
)
"""Of the preset tiny 1.8 million parameters."""

_WAYS = {
    "aromatic": ("aromatic", True),
    "kekule+valence": ("kekule+valence", True),
    "grammar alone": (None, True),
    "no grammar": (None, False),
}
"""The profile of each way to draw, and whether it keeps to the grammar."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("molecules", type=Path, help="SMILES, one on a line")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=650, help="of training (%(default)s)")
    parser.add_argument("--take", type=int, default=200_000, help="molecules (%(default)s)")
    parser.add_argument("--n", type=int, default=1000, help="samples of each way (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of training")
    options = parser.parse_args()
    rdBase.DisableLog("rdApp.*")
    use_threads(options.threads)
    taken = options.out / "molecules.smi"
    run = options.out / "run"
    if not has_checkpoint(run):
        options.out.mkdir(parents=True, exist_ok=True)
        lines = options.molecules.read_text().splitlines()
        random.Random(0).shuffle(lines)
        taken.write_text("\n".join(lines[: options.take]) + "\n")
        _command(
            "logos_grammar", "prep", taken, "--kind", "molecule", "--out", options.out / "data"
        )
        _train(options, run)
    grammar = LogosGrammar()
    model = read_model(
        find_checkpoint(run), fingerprint=grammar.fingerprint, device=torch.device("cpu")
    )
    known = {canonical for line in taken.open() if (canonical := _canonical(line.split()[0]))}
    parameters = sum(weight.numel() for weight in model.parameters())
    print(f"{parameters:,} parameters, {len(known):,} molecules; {options.n} samples each")
    print("| drawn under | decode | valid | unique | new | tokens/s |\n|---|---|---|---|---|---|")
    for name, (profile, with_grammar) in _WAYS.items():
        began = time.process_time()
        samples = draw(
            model,
            LogosGrammar(profile),
            count=options.n,
            limit=model.config.max_position_embeddings,
            prefix=lg.prompt("molecule").ids,
            sampling=Sampling(with_grammar=with_grammar),
        )
        print(_row(name, samples, known, time.process_time() - began), flush=True)


def _train(options: argparse.Namespace, run: Path) -> None:
    given = [f"--set={each}" for each in (*_SHAPE, f"training.steps={options.steps}")]
    given += ["--data", str(options.out / "data"), "--out", str(run)]
    began = time.perf_counter()
    _command("logos_model.train", *given, "--samples=0", f"--threads={options.threads}")
    print(f"{options.steps} steps in {(time.perf_counter() - began) / 60:.1f} minutes")


def _command(module: str, *given: object) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, given)], check=True)


def _row(name: str, samples: Sequence[Sample], known: set[str], seconds: float) -> str:
    n = len(samples)
    decoded = [sample.text for sample in samples if sample.text is not None]
    valid = [found for text in decoded if (found := _canonical(text))]
    unique = set(valid)
    tokens = sum(len(sample.ids) - 1 for sample in samples)
    counts = (len(decoded), len(valid), len(unique), len(unique - known))
    shares = " | ".join(f"{100 * count / n:.1f} %" for count in counts)
    return f"| {name} | {shares} | {tokens / seconds:,.0f} |"


def _canonical(smiles: str) -> str | None:
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None or not molecule.GetNumAtoms() else Chem.MolToSmiles(molecule)


if __name__ == "__main__":
    main()
