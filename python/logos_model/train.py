"""The command that trains: shards in, a model out, with its loss and samples to look at.

`python -m logos_model.train --config tiny --data SHARDS --out RUN` runs from data to samples; the
same command with `--resume` goes on where it stopped, with the batches it would have seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

from logos_model.checkpoint import CheckpointError
from logos_model.config import (
    Config,
    ConfigError,
    LongDocuments,
    TrainingConfig,
    config_names,
    named_config,
)
from logos_model.decoder import Decoder
from logos_model.device import DeviceError, chosen_device, use_threads
from logos_model.generate import draw
from logos_model.grammar import Grammar, LogosGrammar
from logos_model.loop import DivergenceError, train
from logos_model.picture import draw_molecules
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
            seed=seed,
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
    options = _parser().parse_args(arguments)
    grammar = LogosGrammar()
    try:
        config = _config(options, grammar)
        device = chosen_device(options.device)
        use_threads(options.threads)
        outcome = train(
            config,
            data=options.data,
            out=options.out,
            grammar=grammar,
            device=device,
            resume=options.resume,
            stop_after=options.stop_after,
        )
        if not outcome.finished:
            return _INTERRUPTED if outcome.interrupted else 0
        corpus = open_corpus(options.data, fingerprint=grammar.fingerprint)
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


def _config(options: argparse.Namespace, grammar: Grammar) -> Config:
    """Return the named configuration with the options given on the command line in place."""
    config = named_config(options.config, vocab_size=grammar.size)
    names = {field.name for field in fields(TrainingConfig)}
    given = {
        name: value for name, value in vars(options).items() if name in names and value is not None
    }
    model = config.model
    if options.context:
        model = replace(model, max_position_embeddings=options.context)
    return Config(model=model, training=replace(config.training, **given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.train",
        description="train a model on token shards, then draw samples and decode them",
    )
    add = parser.add_argument
    add("--config", choices=config_names(), default="tiny", help="(%(default)s)")
    add("--data", type=Path, nargs="+", required=True, help="folders or prefixes of shards")
    add("--out", type=Path, required=True, help="folder of the run")
    add("--resume", action="store_true", help="go on from the latest checkpoint in --out")
    add("--stop-after", type=int, metavar="STEP", help="stop there, to go on another time")
    add("--samples", type=int, default=36, help="samples of each kind (%(default)s)")
    add("--device", help="cpu or cuda (the GPU if there is one)")
    add("--threads", type=int, help="threads of the processor (what torch takes)")
    add("--context", type=int, help="tokens of a row")
    add("--steps", type=int, help="steps of the whole run")
    add("--batch-rows", type=int, help="rows of a step")
    add("--learning-rate", type=float, help="its height after warming up")
    add("--warmup-steps", type=int, help="steps of warming up")
    add("--weight-decay", type=float, help="of matrices; norms and embeddings have none")
    add("--seed", type=int, help="of weights, order and samples")
    add("--long-documents", choices=get_args(LongDocuments), help="those longer than the context")
    add("--held-out", type=float, help="share of documents kept for validation")
    add("--validate-every", type=int, help="steps between validations")
    add("--checkpoint-every", type=int, help="steps between checkpoints")
    add("--keep-checkpoints", type=int, help="the latest so many stay")
    return parser


if __name__ == "__main__":
    sys.exit(main())
