"""The demo: real records become shards, a model trains on them, and what it writes is decoded.

`python -m logos_model.demo` types the commands that a reader would type, on the records of
`logos_model.sample_data`, and says after each what it took and, at the end, what there is to see.
A demo that was stopped goes on where it was when it is asked for again; the records are not audited
again when training has begun.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from logos_grammar import __main__ as grammar_command
from logos_model import structure_demo
from logos_model import train as train_command
from logos_model.checkpoint import has_checkpoint
from logos_model.demo_steps import StepFailedError, near, run_command, title
from logos_model.presets import preset_names
from logos_model.sample_data import SAMPLES

_SHOWN = 3
"""Samples of each kind that are printed."""

_WIDTH = 96


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit status: 0 when every step went well, 1 when one did not."""
    options = _parser().parse_args(arguments)
    if options.of == "structure":
        return structure_demo.show(
            options.out or Path("runs/demo-structure"),
            steps=options.steps,
            samples=options.samples or 4,
        )
    out: Path = options.out or Path("runs/demo")
    began = time.perf_counter()
    shards = [out / "shards" / sample.kind for sample in SAMPLES]
    try:
        if not has_checkpoint(out / "model"):
            _check()
        _prepare(shards)
        _train(options, shards, out / "model")
    except StepFailedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    samples = _samples(out / "model")
    title("What it wrote: each decoded to an object, each object as text")
    for kind, texts in samples.items():
        print("\n".join(f"{kind:10}{_cut(text)}" for text in texts[:_SHOWN]))
    _explain(samples)
    title("What there is to see")
    for path in _files(out):
        print(f"{path.stat().st_size:>12,} B  {path}")
    print(f"\nall of it took {time.perf_counter() - began:.0f} s")
    return 0


def _check() -> None:
    """Audit the chemistry: text to ids, to text, to ids, and RDKit as the judge."""
    title("Does every record come back?")
    chemistry = [s.path for s in SAMPLES if s.kind in ("molecule", "reaction")]
    run_command("logos_grammar", grammar_command.main, ["check", *map(near, chemistry), "--rdkit"])


def _prepare(shards: Sequence[Path]) -> None:
    title("Files become shards of token ids")
    for sample, out in zip(SAMPLES, shards, strict=True):
        # One process each: the files are small, and another would first have to load torch.
        given = ["prep", near(sample.path), "--kind", sample.kind, "--out", str(out)]
        run_command("logos_grammar", grammar_command.main, [*given, "--workers", "1"])


def _train(options: argparse.Namespace, shards: Sequence[Path], out: Path) -> None:
    title("A model learns them, and draws samples under the grammar")
    given = ["--config", options.config, "--data", *map(str, shards), "--out", str(out)]
    given += ["--samples", str(options.samples or 36)]
    if options.steps:
        given += ["--steps", str(options.steps)]
    if has_checkpoint(out):
        given.append("--resume")
    run_command("logos_model.train", train_command.main, given)


def _explain(samples: dict[str, list[str]]) -> None:
    """Show the shortest molecule of some size that was drawn, token by token."""
    grown = [text for text in samples.get("molecule", ()) if len(text) >= 10]
    if grown:
        title("One of them, token by token")
        text = min(grown, key=len)
        run_command("logos_grammar", grammar_command.main, ["explain", text, "--kind", "molecule"])


def _samples(run: Path) -> dict[str, list[str]]:
    """Return the texts that the model of a run wrote, by kind."""
    texts = defaultdict(list)
    for line in (run / "samples.jsonl").read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample["text"] is not None:
            texts[sample["kind"]].append(sample["text"])
    return dict(texts)


def _files(out: Path) -> list[Path]:
    """Return what a reader may want to open, by its place."""
    made = [*out.glob("shards/*/*"), *out.glob("model/*"), *out.glob("model/checkpoints/*/model/*")]
    return sorted(path for path in made if path.is_file())


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.demo",
        description="prepare the sample records, train a small model on them, decode what it draws",
    )
    add = parser.add_argument
    add(
        "of",
        nargs="?",
        choices=("text", "structure"),
        default="text",
        help="of molecules, reactions and sequences, or of structures and conformers (%(default)s)",
    )
    add("--out", type=Path, help="where to write (runs/demo, of structures runs/demo-structure)")
    add("--config", choices=preset_names(), default="tiny", help="(%(default)s)")
    add("--steps", type=int, help="steps of training, otherwise those of the configuration")
    add("--samples", type=int, help="samples of each kind (36, of structures 4)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
