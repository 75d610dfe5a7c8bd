"""The training loop: batches in, a model out, with checkpoints, metrics and validation."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import numpy as np
import torch
from numpy.typing import NDArray

from logos_model.batches import Batch, Batches, Place, flat
from logos_model.checkpoint import (
    Checkpoint,
    CheckpointError,
    Progress,
    check_resumable,
    find_checkpoint,
    has_checkpoint,
    read_checkpoint,
    restore_optimizer,
    restore_weights,
    write_checkpoint,
)
from logos_model.config import Config
from logos_model.decoder import Decoder
from logos_model.device import precision
from logos_model.division import divide
from logos_model.grammar import Grammar
from logos_model.metrics import Metrics, ProgressLine
from logos_model.optim import adamw, learning_rate, set_learning_rate
from logos_model.picture import draw_loss
from logos_model.shards import Corpus, open_corpus


class DivergenceError(ArithmeticError):
    """A loss that is no longer a number."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to.

    Attributes
    ----------
    model
        The model as trained so far.
    progress
        How far it has come.
    finished
        Whether all steps were taken.
    interrupted
        Whether a signal ended it.
    """

    model: Decoder
    progress: Progress
    finished: bool
    interrupted: bool


def train(  # noqa: PLR0913, PLR0915 (each a choice of the user's)
    config: Config,
    *,
    out: Path,
    grammar: Grammar,
    device: torch.device,
    resume: bool = False,
    stop_after: int | None = None,
) -> Outcome:
    """Train a model on shards.

    Parameters
    ----------
    config
        Shape and training.
    out
        Folder of the run: `checkpoints/`, `metrics.jsonl`, `loss.png`.
    grammar
        Whose vocabulary the shards and the model have.
    device
        Where to train.
    resume
        Go on from the latest checkpoint in `out`.
    stop_after
        Stop after this step with a checkpoint, as an interrupt signal would.

    Raises
    ------
    ShardError, CheckpointError, ConfigError
        If the data, the checkpoint to resume, or the options do not fit.
    DivergenceError
        If the loss is no longer a number; nothing of that step is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    corpus = open_corpus(data_paths(config), fingerprint=grammar.fingerprint)
    if config.model.vocabulary_rows == "auto":
        rows = grammar.rows_for(corpus.highest_id())
        config = replace(config, model=replace(config.model, vocabulary_rows=rows))
    checkpoint = _checkpoint_to_resume(config, corpus, out, resume)
    training = config.training
    division = divide(corpus, config)
    print(division)
    torch.manual_seed(training.seed)
    model = Decoder(config.model)
    optimizer = adamw(model.to(device), config.optimizer)
    if checkpoint is None:
        model.initialize(seed=training.seed)
        progress = Progress(step=0, tokens=0, place=Place(), data=corpus.description())
    else:
        restore_weights(model, checkpoint)
        restore_optimizer(model, optimizer, checkpoint)
        progress = checkpoint.progress
        print(f"going on from {checkpoint.path} at step {progress.step}")
    batches = _batches(corpus, config, division.trained)
    validation = _batches(corpus, config, division.held_out) if len(division.held_out) else None
    metrics = Metrics(out / "metrics.jsonl", step=progress.step)
    line = ProgressLine(step=progress.step, steps=training.steps)
    last = min(training.steps, stop_after or training.steps)
    with _interruption() as interrupted:
        for made, place in batches.since(progress.place):
            if progress.step >= last or interrupted.is_set():
                break
            rate = learning_rate(progress.step, config)
            set_learning_rate(optimizer, rate)
            batch = made.to(device)
            with precision(device):
                loss = next_token_loss(model, batch)
            torch.autograd.backward(loss)
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), config.optimizer.clip_norm)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            progress = replace(
                progress,
                step=progress.step + 1,
                tokens=progress.tokens + batch.tokens,
                place=place,
            )
            nats = loss.item()
            if not math.isfinite(nats):
                raise DivergenceError(
                    f"expected a finite loss, got {nats} at step {progress.step}: "
                    "try a lower learning rate"
                )
            speed = line.show(step=progress.step, loss=nats, tokens=batch.tokens)
            metrics.add(
                {
                    "step": progress.step,
                    "loss": nats,
                    "tokens": progress.tokens,
                    "learning_rate": rate,
                    "gradient_norm": float(norm),
                    "tokens_per_second": round(speed),
                    "epoch": place.epoch,
                }
            )
            ending = progress.step >= last or interrupted.is_set()
            if validation and (ending or progress.step % training.validate_every == 0):
                nats = validate(model, validation, device)
                metrics.add({"step": progress.step, "validation_loss": nats})
            if ending or progress.step % training.checkpoint_every == 0:
                write_checkpoint(
                    out,
                    model=model,
                    optimizer=optimizer,
                    config=config,
                    progress=progress,
                    fingerprint=grammar.fingerprint,
                )
    print(draw_loss(metrics.records, out / "loss.png"))
    if progress.step < training.steps:
        print(f"stopped at step {progress.step} of {training.steps}: go on with --resume")
    return Outcome(
        model=model,
        progress=progress,
        finished=progress.step >= training.steps,
        interrupted=interrupted.is_set(),
    )


def data_paths(config: Config) -> list[Path]:
    """Return the folders and prefixes of all sources."""
    return [Path(path) for source in config.data.sources for path in source.paths]


def next_token_loss(model: Decoder, batch: Batch) -> torch.Tensor:
    """Return the mean loss of `model` over the targets of `batch`, nats per token, a scalar."""
    loss: torch.Tensor = model(**vars(flat(batch)))
    return loss / batch.tokens


@torch.inference_mode()
def validate(model: Decoder, batches: Batches, device: torch.device) -> float:
    """Return the mean loss over one pass of `batches`, nats per token."""
    nats, tokens = 0.0, 0
    for made in batches.once():
        batch = made.to(device)
        with precision(device):
            nats += next_token_loss(model, batch).item() * batch.tokens
        tokens += batch.tokens
    return nats / tokens


def _checkpoint_to_resume(
    config: Config, corpus: Corpus, out: Path, resume: bool
) -> Checkpoint | None:
    if not resume:
        if has_checkpoint(out):
            raise CheckpointError(
                f"expected a folder without a run, {out} has one: --resume goes on with it"
            )
        return None
    checkpoint = read_checkpoint(find_checkpoint(out), fingerprint=corpus.fingerprint)
    check_resumable(config, checkpoint)
    if checkpoint.progress.data != corpus.description():
        raise CheckpointError(
            f"expected the shards that {checkpoint.path} was trained on, "
            f"{checkpoint.progress.data}, got {corpus.description()}"
        )
    return checkpoint


def _batches(corpus: Corpus, config: Config, documents: NDArray[np.int64]) -> Batches:
    return Batches(
        corpus,
        documents,
        rows=config.training.batch_rows,
        context=config.training.context,
        window=config.data.window,
        seed=config.training.seed,
        vocab_size=config.model.vocab_size,
    )


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Turn the first interrupt or termination signal into an event, so that a step can finish."""
    event = threading.Event()
    # Python lets only the main thread set handlers; in another one signals stay as they are.
    if threading.current_thread() is not threading.main_thread():
        yield event
        return

    def note(number: int, frame: FrameType | None) -> None:
        event.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, note)
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
