"""The demo of structures: PDB, mmCIF and SDF files become shards, a model, and mmCIF again."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch

import logos_grammar as lg
from logos_grammar import __main__ as grammar_command
from logos_grammar.conformer import Conformer
from logos_grammar.structure import Structure
from logos_model import train as train_command
from logos_model.checkpoint import find_checkpoint, has_checkpoint, read_model
from logos_model.demo_steps import StepFailedError, near, run_command, title
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar
from logos_model.sample_data import STRUCTURES
from logos_model.samples import Sample, write_samples

_KINDS = ("structure", "conformer")
_ENTRY = "5wkd.pdb"
_LONGEST = 2048
"""Tokens of a row: the longest sample structure has 1,597."""


def show(out: Path, *, steps: int | None, samples: int) -> int:
    """Run the demo and return its exit status: 0 when every step went well, 1 when one did not.

    Parameters
    ----------
    out
        Where to write.
    steps
        Steps of training; None takes 60.
    samples
        How many times coordinates are drawn.
    """
    began = time.perf_counter()
    shards = [out / "shards" / kind for kind in _KINDS]
    try:
        title("Do the structures come back, every column of every file?")
        _grammar("check", near(STRUCTURES), "--kind", "structure")
        title("A folder of PDB, mmCIF and SDF becomes shards of token ids")
        for kind, place in zip(_KINDS, shards, strict=True):
            given = ["--kind", kind, "--out", str(place), "--workers", "1"]
            _grammar("prep", near(STRUCTURES), *given)
        title("A model learns them")
        _train(shards, out / "model", steps=steps or 60)
    except StepFailedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    title(f"New coordinates for the residues of {_ENTRY} and for a ligand, written as files")
    written = _write(_draw(out / "model", samples=samples), out / "files")
    title("What there is to see")
    for path in sorted([*out.glob("shards/*/*.bin"), *out.glob("model/*.*"), *written]):
        print(f"{path.stat().st_size:>12,} B  {path}")
    print(f"\nall of it took {time.perf_counter() - began:.0f} s")
    return 0


def _grammar(*given: str) -> None:
    run_command("logos_grammar", grammar_command.main, given)


def _train(shards: list[Path], out: Path, *, steps: int) -> None:
    given = ["--config", "tiny", "--data", *map(str, shards), "--out", str(out)]
    given += ["--steps", str(steps), "--samples", "0"]
    for setting in (
        f"model.max_position_embeddings={_LONGEST}",
        f"training.context={_LONGEST}",
        "training.batch_rows=2",
    ):
        given += ["--set", setting]
    if has_checkpoint(out):
        given.append("--resume")
    run_command("logos_model.train", train_command.main, given)


def _draw(run: Path, *, samples: int) -> list[Sample]:
    """Draw new coordinates for the atoms of an entry and of a ligand, and keep what was drawn."""
    entry = Structure.from_pdb((STRUCTURES / _ENTRY).read_bytes())
    (ligand, *_) = Conformer.from_sdf((STRUCTURES / "ligands.sdf").read_bytes())
    drawn: list[Sample] = []
    for found in (entry, ligand):
        ids = lg.encode(found)
        grammar = LogosGrammar(lg.Profile(coordinates_of=ids))
        model = read_model(
            find_checkpoint(run), fingerprint=grammar.fingerprint, device=torch.device("cpu")
        )
        drawn += draw(
            model, grammar, count=samples, limit=_LONGEST, prefix=[int(ids[0])], sampling=Sampling()
        )
    write_samples(drawn, run)
    return drawn


def _write(drawn: Sequence[Sample], folder: Path) -> list[Path]:
    """Write the structures that were drawn as mmCIF, and let gemmi open each."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, sample in enumerate(drawn, 1):
        if not sample.ended:
            print(f"{number:>3} {sample.kind}: not ended within its budget")
            continue
        found = lg.decode(sample.ids)
        if isinstance(found, Conformer):
            path = folder / f"{number:03}.sdf"
            text = found.to_sdf()
        else:
            assert isinstance(found, Structure)
            path = folder / f"{number:03}.cif"
            text = found.to_mmcif()
        path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")
        written.append(path)
        noun = f"{found!r}" if isinstance(found, Structure) else f"Conformer of {found.title!r}"
        print(f"{number:>3} {noun}{_opened(path)}")
    return written


def _opened(path: Path) -> str:
    """What gemmi finds in a file, where it is installed."""
    if path.suffix != ".cif" or find_spec("gemmi") is None:
        return ""
    import gemmi  # noqa: PLC0415 (it is optional)

    count = gemmi.read_structure(str(path))[0].count_atom_sites()
    return f"; gemmi reads {count:,} atoms"
