"""The command that trains: shards in, a model out, with its loss and samples to look at.

`python -m logos_model.train --config tiny --data SHARDS --out RUN` runs from data to samples;
`python -m logos_model.train --resume RUN` goes on where it stopped, with the batches it would have
seen. Under torchrun the same commands run on several GPUs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from logos_model.checkpoint import (
    CheckpointError,
    find_checkpoint,
    has_checkpoint,
    read_checkpoint,
    read_model,
)
from logos_model.config import Config, ConfigError
from logos_model.data.shards import ShardError
from logos_model.data_config import SourceConfig
from logos_model.decoder import Decoder
from logos_model.device import DeviceError, use_threads
from logos_model.dry_run import describe
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import Grammar, LogosGrammar
from logos_model.hugging_face import read_config as read_shape
from logos_model.loop import DivergenceError, Outcome, train
from logos_model.parallel import joined
from logos_model.picture import draw_molecules
from logos_model.presets import preset_names, read_config, to_toml
from logos_model.resumption import RUN_CONFIG
from logos_model.samples import Sample, tally, write_samples

_SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a command."""


def sample_kinds(  # noqa: PLR0913 (each a choice of the user's)
    model: Decoder,
    openings: Sequence[int],
    *,
    grammar: Grammar,
    out: Path,
    count: int,
    seed: int,
    limit: int,
) -> list[Sample]:
    """Draw `count` samples of each kind of object; write and picture them in `out`.

    Molecules are drawn under the profile that `logos_model.generate` takes for them.

    Parameters
    ----------
    model
        The model.
    openings
        The ids that open the kinds.
    grammar, count, seed, limit
        As `logos_model.generate.draw` takes them.
    out
        Folder of `samples.txt`, `samples.jsonl` and the picture of molecules.
    """
    names = {id: name for name, id in grammar.kinds().items()}
    samples: list[Sample] = []
    for opening in openings:
        drawn = draw(
            model,
            grammar.usual(names[opening]),
            count=count,
            limit=limit,
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


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 (each a way to end)
    """Run the command; return its exit status.

    0 if all went well, 1 if a sample that ended did not decode, 128 and the number of the signal if
    one ended the run, with a checkpoint to go on from: 130 for an interrupt, 143 for a termination.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    resume = options.resume is not None
    if resume and options.resume:
        options.out = Path(options.resume)
    try:
        config = _config(options)
        if options.print_config:
            print(to_toml(config), end="")
            return 0
        grammar = LogosGrammar(types=config.data.types)
        if options.dry_run:
            for line in describe(config, grammar=grammar, ranks=options.ranks):
                print(line)
            return 0
        if options.out is None or not config.data.sources:
            parser.error("expected --data and --out, or --resume RUN")
        use_threads(options.threads)
        with joined(options.device) as ranks:
            outcome = train(
                config,
                out=options.out,
                grammar=grammar,
                ranks=ranks,
                resume=resume,
                stop_after=options.stop_after,
            )
        if outcome.signal is not None:
            return _SIGNALLED + outcome.signal
        if not outcome.finished or not ranks.is_first or options.samples == 0:
            return 0
        samples = _sample(options, config, outcome, grammar=grammar, device=ranks.device)
    except (ShardError, CheckpointError, ConfigError, DeviceError, DivergenceError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"expected to read and write {error.filename or 'files'}: {error.strerror}")
    counts = tally(samples)
    return 0 if counts.decoded == counts.ended else 1


def _sample(
    options: argparse.Namespace,
    config: Config,
    outcome: Outcome,
    *,
    grammar: Grammar,
    device: torch.device,
) -> list[Sample]:
    """Draw from the model as it was exported."""
    model = read_model(outcome.checkpoint, fingerprint=grammar.fingerprint, device=device)
    return sample_kinds(
        model,
        outcome.openings,
        grammar=grammar,
        out=options.out,
        count=options.samples,
        seed=config.training.seed,
        limit=config.training.context,
    )


def _fail(sentence: str) -> int:
    """End the command with a sentence, which the first rank alone prints."""
    if os.environ.get("RANK", "0") != "0":
        return 1
    raise SystemExit(sentence) from None


def _config(options: argparse.Namespace) -> Config:
    """Return the configuration of the run, with the options of the command line in place."""
    settings = list(options.set)
    for name, keys in _SHORT.items():
        value = getattr(options, name)
        if value is not None:
            settings += [f"{key}={value}" for key in keys]
    saved = None if options.resume is None else _saved(options.out)
    if saved is None or options.config is not None:
        config = read_config(options.config or "tiny", settings)
    else:
        config = read_config(str(options.out / RUN_CONFIG), settings)
    if saved is not None:
        if config.model.vocabulary_rows == "auto":
            rows = saved.model.vocabulary_rows
            config = replace(config, model=replace(config.model, vocabulary_rows=rows))
        if not config.data.sources:
            config = replace(config, data=replace(config.data, sources=saved.data.sources))
    if options.data:
        paths = tuple(str(path) for path in options.data)
        source = SourceConfig(name="data", paths=paths)
        if len(config.data.sources) == 1:
            source = replace(config.data.sources[0], paths=paths)
        config = replace(config, data=replace(config.data, sources=(source,)))
    config = _extending(config)
    # The run may be taken up from another folder.
    sources = tuple(
        replace(source, paths=tuple(str(Path(path).resolve()) for path in source.paths))
        for source in config.data.sources
    )
    return replace(config, data=replace(config.data, sources=sources))


def _saved(run: Path | None) -> Config:
    """Return the configuration that a run was begun with."""
    if run is None:
        raise ConfigError("expected the folder of a run: --resume RUN")
    if not (run / RUN_CONFIG).is_file():
        if has_checkpoint(run):
            read_checkpoint(find_checkpoint(run))  # raises where an earlier version wrote it
        raise CheckpointError(f"expected a run in {run}, it has no {RUN_CONFIG}")
    return read_config(str(run / RUN_CONFIG))


def _extending(config: Config) -> Config:
    """Return a configuration that has the shape of the extended model it begins with."""
    if not config.extension.base:
        return config
    base = Path(config.extension.base).resolve()
    extension = replace(config.extension, base=str(base))
    return replace(config, model=read_shape(base)[0], extension=extension)


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
        metavar="NAME|FILE",
        help=f"a TOML file, or one of {', '.join(preset_names())} (tiny)",
    )
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="as training.steps=100")
    add("--print-config", action="store_true", help="print the configuration as TOML and end")
    add("--dry-run", action="store_true", help="say what the run would take, and end")
    add("--ranks", type=int, default=1, help="GPUs that a dry run counts with (%(default)s)")
    add("--data", type=Path, nargs="+", help="folders or prefixes of shards")
    add("--out", type=Path, help="folder of the run")
    add("--resume", nargs="?", const="", metavar="RUN", help="go on from a run's last checkpoint")
    add("--stop-after", type=int, metavar="STEP", help="stop there, to go on another time")
    add("--samples", type=int, default=36, help="samples of each kind, 0 for none (%(default)s)")
    add("--device", help="cpu or cuda (the GPU if there is one)")
    add("--threads", type=int, help="threads of the processor (what torch takes)")
    for name, keys in _SHORT.items():
        add(f"--{name.replace('_', '-')}", metavar="N", help=f"short for --set {keys[0]}=N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
