"""The command that trains: shards in, a model out, with its loss and samples to look at.

`python -m logos_model.train --config tiny --data SHARDS --out RUN` runs from data to samples; the
same command with `--resume` goes on where it stopped, with the batches it would have seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from logos_model.checkpoint import CheckpointError
from logos_model.config import Config, ConfigError
from logos_model.data_config import SourceConfig
from logos_model.decoder import Decoder
from logos_model.device import DeviceError, chosen_device, use_threads
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import Grammar, LogosGrammar
from logos_model.loop import DivergenceError, data_paths, train
from logos_model.picture import draw_molecules
from logos_model.presets import preset_names, read_config, to_toml
from logos_model.samples import Sample, tally, write_samples
from logos_model.shards import Corpus, ShardError, open_corpus

_INTERRUPTED = 130
"""Exit status of a run that a signal ended, as a shell gives it."""


def sample_kinds(  # noqa: PLR0913 (each a choice of the user's)
    model: Decoder, corpus: Corpus, *, grammar: Grammar, out: Path, count: int, seed: int
) -> list[Sample]:
    """Draw `count` samples of each kind of object in `corpus`; write and picture them in `out`.

    Returns
    -------
    list of Sample
        All samples, the most frequent kind first.
    """
    names = {id: name for name, id in grammar.kinds().items()}
    samples: list[Sample] = []
    for opening in corpus.openings():
        if opening not in names:
            raise ShardError(f"expected documents that begin an object, one begins with {opening}")
        drawn = draw(
            model,
            grammar,
            count=count,
            limit=model.config.max_position_embeddings,
            prefix=[opening],
            sampling=Sampling(seed=seed),
        )
        print(f"{names[opening]}: {tally(drawn)}")
        samples.extend(drawn)
    write_samples(samples, out)
    print(f"samples: {out / 'samples.txt'}")
    if "molecule" in {sample.kind for sample in samples}:
        print(draw_molecules(samples, out / "molecules.png"))
    return samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    0 if all went well, 1 if a sample that ended did not decode, 130 if a signal ended the run (with
    a checkpoint to go on from).
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    grammar = LogosGrammar()
    try:
        config = _config(options)
        if options.print_config:
            print(to_toml(config), end="")
            return 0
        if options.out is None or not config.data.sources:
            parser.error("expected --data and --out")
        device = chosen_device(options.device)
        use_threads(options.threads)
        outcome = train(
            config,
            out=options.out,
            grammar=grammar,
            device=device,
            resume=options.resume,
            stop_after=options.stop_after,
        )
        if not outcome.finished:
            return _INTERRUPTED if outcome.interrupted else 0
        corpus = open_corpus(data_paths(config), fingerprint=grammar.fingerprint)
        samples = sample_kinds(
            outcome.model,
            corpus,
            grammar=grammar,
            out=options.out,
            count=options.samples,
            seed=config.training.seed,
        )
    except (ShardError, CheckpointError, ConfigError, DeviceError, DivergenceError) as error:
        raise SystemExit(f"{error}") from None
    counts = tally(samples)
    return 0 if counts.decoded == counts.ended else 1


def _config(options: argparse.Namespace) -> Config:
    """Return the configuration with the options given on the command line in place."""
    settings = list(options.set)
    for name, keys in _SHORT.items():
        value = getattr(options, name)
        if value is not None:
            settings += [f"{key}={value}" for key in keys]
    config = read_config(options.config, settings)
    if options.data:
        paths = tuple(str(path) for path in options.data)
        source = SourceConfig(name="data", paths=paths)
        config = replace(config, data=replace(config.data, sources=(source,)))
    return config


_SHORT = {
    "steps": ["training.steps"],
    "context": ["training.context", "model.max_position_embeddings"],
    "batch_rows": ["training.batch_rows"],
    "learning_rate": ["optimizer.learning_rate"],
    "warmup_steps": ["optimizer.warmup_steps"],
    "weight_decay": ["optimizer.weight_decay"],
    "seed": ["training.seed"],
    "held_out": ["data.held_out"],
    "validate_every": ["training.validate_every"],
    "checkpoint_every": ["training.checkpoint_every"],
    "keep_checkpoints": ["training.keep_checkpoints"],
}
"""Options that are short for settings."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.train",
        description="train a model on token shards, then draw samples and decode them",
    )
    add = parser.add_argument
    add(
        "--config",
        default="tiny",
        metavar="NAME|FILE",
        help=f"a TOML file, or one of {', '.join(preset_names())} (%(default)s)",
    )
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="as training.steps=100")
    add("--print-config", action="store_true", help="print the configuration as TOML and end")
    add("--data", type=Path, nargs="+", help="folders or prefixes of shards")
    add("--out", type=Path, help="folder of the run")
    add("--resume", action="store_true", help="go on from the latest checkpoint in --out")
    add("--stop-after", type=int, metavar="STEP", help="stop there, to go on another time")
    add("--samples", type=int, default=36, help="samples of each kind (%(default)s)")
    add("--device", help="cpu or cuda (the GPU if there is one)")
    add("--threads", type=int, help="threads of the processor (what torch takes)")
    for name, keys in _SHORT.items():
        add(f"--{name.replace('_', '-')}", metavar="N", help=f"short for --set {keys[0]}=N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
