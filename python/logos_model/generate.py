"""The command that draws: sentences of a kind from a trained model, written as texts.

`python -m logos_model.generate --checkpoint DIR --kind molecule --n 32` prints SMILES.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

import torch

from logos_grammar.formats.written import formats_of, written
from logos_grammar.prompts import Prompt, prompt
from logos_model.checkpoint import CheckpointError, find_checkpoint, read_model
from logos_model.config_error import ConfigError
from logos_model.decoder import Decoder
from logos_model.device import DeviceError, chosen_device, use_threads
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import Grammar, LogosGrammar
from logos_model.picture import draw_molecules
from logos_model.samples import Sample, tally, write_samples

_ROUNDS = 10
"""With `--unique` at most this many times the samples that are wanted are drawn."""
_SECONDS_BETWEEN_LINES = 1.0
PROFILES = ("kekule+valence", "aromatic", "copy", "none")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status, 1 if a sample under the grammar did not decode."""
    options = _parser().parse_args(arguments)
    try:
        LogosGrammar(types=options.types)
        begun = prompt(options.kind, options.prompt)
        grammar = LogosGrammar(_profile(options, begun))
    except ValueError as error:
        raise SystemExit(f"{error}") from None
    try:
        _check_options(options)
        sampling = Sampling(
            temperature=options.temperature,
            top_p=options.top_p,
            min_p=options.min_p,
            seed=options.seed,
            with_grammar=not options.no_grammar,
        )
        _make_folder(options.out)
        device = chosen_device(options.device)
        use_threads(options.threads)
        path = find_checkpoint(options.checkpoint)
        model = read_model(path, fingerprint=grammar.fingerprint, device=device)
        if device.type == "cuda":
            model = model.to(torch.bfloat16)
        samples = _drawn(model, grammar, options, begun, sampling)
    except (CheckpointError, ConfigError, DeviceError) as error:
        raise SystemExit(f"{error}") from None
    for number, sample in enumerate(samples):
        if sample.text is not None:
            _print(sample, options.format, number)
    counts = tally(samples)
    print(counts, file=sys.stderr)
    if options.out is not None:
        write_samples(samples, options.out)
        print(draw_molecules(samples, options.out / "molecules.png"), file=sys.stderr)
    return 0 if counts.decoded == counts.ended or options.no_grammar else 1


def _drawn(
    model: Decoder,
    grammar: Grammar,
    options: argparse.Namespace,
    begun: Prompt,
    sampling: Sampling,
) -> list[Sample]:
    """Draw as many samples as are wanted, with `--unique` until that many differ."""
    limit = options.limit or model.config.max_position_embeddings
    progress = _Progress(options.n)
    samples: list[Sample] = []
    seen: set[bytes] = set()
    drawn = 0
    while len(samples) < options.n and drawn < _ROUNDS * options.n:
        count = options.n - len(samples)
        for sample in draw(
            model,
            grammar,
            count=count,
            limit=limit,
            prefix=begun.ids,
            sampling=sampling,
            slots=options.slots,
            first_sample=drawn,
            on_progress=progress,
        ):
            if not options.unique or sample.ids.tobytes() not in seen:
                seen.add(sample.ids.tobytes())
                samples.append(sample)
        drawn += count
    progress.end()
    if len(samples) < options.n:
        print(f"{len(samples)} of {drawn} samples differ, {options.n} were wanted", file=sys.stderr)
    return samples


class _Progress:
    """One line about the drawing, rewritten in place on a terminal."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._begin = self._shown = time.perf_counter()
        self._is_open = False

    def __call__(self, done: int, tokens: int) -> None:
        now = time.perf_counter()
        if now - self._shown < _SECONDS_BETWEEN_LINES or not sys.stderr.isatty():
            return
        self._shown, self._is_open = now, True
        rate = tokens / (now - self._begin)
        line = f"{done} of {self._wanted} samples  {rate:,.0f} tokens/s"
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._is_open:
            print(file=sys.stderr)


def _profile(options: argparse.Namespace, begun: Prompt) -> str | None:
    if options.profile is None:
        return begun.profile
    if options.profile not in PROFILES:
        raise ConfigError(
            f"expected a --profile among {', '.join(PROFILES)}, got {options.profile!r}"
        )
    return None if options.profile == "none" else str(options.profile)


def _check_options(options: argparse.Namespace) -> None:
    """Refuse a format or a count before anything is drawn."""
    if options.n < 1:
        raise ConfigError(f"expected at least 1 sample, got --n {options.n}")
    known = formats_of(options.kind or "")
    if options.format is not None and options.format not in known:
        raise ConfigError(
            f"expected a format among {', '.join(known)} for {options.kind or 'any kind'}, "
            f"got {options.format!r}"
        )


def _make_folder(out: Path | None) -> None:
    """Make the folder for the samples before they are drawn, so that none is lost."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise ConfigError(
            f"expected a folder for the samples at {out} that can be written: {error.strerror}"
        ) from None


def _print(sample: Sample, format: str | None, number: int) -> None:
    """Print a sample; say of one that the format cannot hold why, and go on."""
    if format is None:
        print(sample.text)
        return
    name = f"sample_{number}"
    try:
        print(written(sample.ids, kind=sample.kind, format=format, name=name))
    except ValueError as error:
        print(f"{name}: {error}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.generate",
        description="draw samples from a trained model under the grammar, and print what they say",
    )
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help="a checkpoint, or the folder of a run")
    add("--kind", help="kind of object, such as molecule; any without it")
    add(
        "--prompt",
        help="what samples begin with: SMILES, one side of a reaction (CCO.CC(=O)O or >>CCO), the "
        "letters of a sequence, LOGOS text, or ids",
    )
    add(
        "--profile",
        help=f"what samples keep to: {', '.join(PROFILES)} "
        "(aromatic for molecules, copy for edits, none for others)",
    )
    add("--types", nargs="*", default=(), metavar="MODULE", help="modules that declare types")
    add("--n", type=int, default=32, help="samples (%(default)s)")
    add("--unique", action="store_true", help="samples that differ")
    add("--limit", type=int, help="tokens of a sample (the model's context)")
    add("--temperature", type=float, default=1.0, help="0 takes the likeliest (%(default)s)")
    add("--top-p", type=float, default=1.0, help="share of the likeliest (%(default)s)")
    add("--min-p", type=float, default=0.0, help="relative to the likeliest (%(default)s)")
    add("--no-grammar", action="store_true", help="draw among all ids, for comparison")
    add("--format", help="such as smiles, fasta, sdf, mmcif, tokens, ids, as the kind has them")
    add("--seed", type=int, default=0, help="(%(default)s)")
    add("--slots", type=int, default=256, help="sequences side by side (%(default)s)")
    add("--device", help="cpu or cuda (the GPU if there is one)")
    add("--threads", type=int, help="threads of the processor (what torch takes)")
    add("--out", type=Path, help="folder for samples.txt, .jsonl and the picture")
    return parser


if __name__ == "__main__":
    sys.exit(main())
