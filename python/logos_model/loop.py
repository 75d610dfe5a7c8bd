"""The training loop: data in, a model out, with checkpoints, metrics and validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from logos_model.attention import takes_varlen
from logos_model.batches import Pass
from logos_model.checkpoint import (
    Checkpoint,
    CheckpointError,
    Progress,
    restore,
    write_checkpoint,
)
from logos_model.config import Config
from logos_model.data.ahead import Ahead
from logos_model.data.steps import Data, Step
from logos_model.decoder import Decoder
from logos_model.grammar import Grammar
from logos_model.hugging_face import Identity, copy_tokenizer, read_weights
from logos_model.lock import locked
from logos_model.optim import Optimizer, learning_rate
from logos_model.parallel import Ranks, fill, sharded, use_deterministic
from logos_model.presets import to_toml
from logos_model.report import Report
from logos_model.resumption import RUN_CONFIG, changes, checkpoint_to_resume
from logos_model.signals import noted_signals
from logos_model.step import Late, take_step
from logos_model.text_shards import tokenizer_digest
from logos_model.validation import validate

_TOKENIZER = "tokenizer"
_MOST_SKIPPED = 3
"""Steps in a row without a finite gradient that end a run."""


class DivergenceError(ArithmeticError):
    """Gradients that stay infinite, or are no longer numbers."""


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A step whose numbers are on their way."""

    step: int
    rate: float
    waited: float
    numbers: Late


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to.

    Attributes
    ----------
    checkpoint
        The last one; the folder of the run before the first one.
    progress
        How far it has come.
    finished
        Whether all steps were taken.
    signal
        The signal that ended it, if one did.
    openings
        The ids with which documents begin, the most frequent first.
    """

    checkpoint: Path
    progress: Progress
    finished: bool
    signal: int | None
    openings: tuple[int, ...]


def train(  # noqa: PLR0913 (each a choice of the user's)
    config: Config,
    *,
    out: Path,
    grammar: Grammar,
    ranks: Ranks,
    resume: bool = False,
    stop_after: int | None = None,
) -> Outcome:
    """Train a model.

    Parameters
    ----------
    config
        Shape, data, optimizer and training.
    out
        Folder of the run: `config.toml`, `checkpoints/`, `metrics.jsonl`, pictures.
    grammar
        Whose vocabulary the data and the model have; it knows the declared types.
    ranks
        The processes of the run; each of them calls this.
    resume
        Go on from the latest checkpoint in `out`.
    stop_after
        Stop after this step with a checkpoint, as a signal would.

    Raises
    ------
    ShardError, CheckpointError, ConfigError
        If the data, the checkpoint to resume, or the settings do not fit, or another process writes
        to the folder.
    DivergenceError
        After three steps in a row whose gradient is not finite; the last checkpoint stays.
    """
    with _locked(out, ranks):
        run = _Run(config, out=out, grammar=grammar, ranks=ranks, resume=resume)
        return run.train(stop_after)


class _Run:
    """A run as it stands, from its start to its end."""

    def __init__(
        self, config: Config, *, out: Path, grammar: Grammar, ranks: Ranks, resume: bool
    ) -> None:
        self._out, self._grammar, self._ranks = out, grammar, ranks
        use_deterministic(config.system)
        checkpoint = ranks.first(
            lambda: checkpoint_to_resume(config, out, grammar.fingerprint, resume)
        )
        self._data = ranks.agree(
            lambda: Data(
                config.data,
                grammar=grammar,
                context=config.training.context,
                seed=config.training.seed,
                vocab_size=(
                    None if config.model.vocabulary_rows == "auto" else config.model.vocab_size
                ),
                first_id=config.model.first_id,
                tokenizer=_base_tokenizer(config),
                verify=ranks.is_first and checkpoint is None,
            )
        )
        self._say(str(self._data))
        if config.model.vocabulary_rows == "auto":
            first_id = config.model.first_id
            rows = first_id + ranks.first(
                lambda: grammar.rows_for(self._data.highest_id() - first_id)
            )
            config = replace(config, model=replace(config.model, vocabulary_rows=rows))
        self._config = config
        self._takes_varlen, said = takes_varlen(
            config, context=self._data.context_of_a_token(), device=ranks.device
        )
        self._say(said)
        self._pass_rows = config.training.rows_of_a_pass(ranks.count)
        self._identity = Identity(
            fingerprint=grammar.fingerprint,
            types=self._data.types,
            tokenizer=ranks.first(self._prepare),
        )
        self._model: Decoder = sharded(config, ranks)
        self._optimizer = Optimizer(self._model, config.optimizer)
        self._progress = Progress(fingerprint=self._data.fingerprint)
        self._checkpoint = out
        if checkpoint is not None:
            self._go_on_from(checkpoint)
        elif config.extension.base:
            fill(self._model, read_weights(Path(config.extension.base)))
        self._taken: _Taken | None = None
        self._is_stopping = False
        self._skipped: list[int] = []
        self._report = Report(out, config, step=self._progress.step, ranks=ranks)

    def train(self, stop_after: int | None) -> Outcome:
        """Take the steps that are left, up to `stop_after`."""
        steps = self._config.training.steps
        last = min(steps, stop_after or steps)
        with noted_signals() as received:
            if self._progress.step < last:
                self._take_steps(last, received)
        self._report.draw()
        is_finished = self._progress.step >= steps
        if not is_finished:
            self._say(
                f"stopped at step {self._progress.step} of {steps}: go on with --resume {self._out}"
            )
        signals = [number for each in self._ranks.gather(received) for number in each]
        return Outcome(
            checkpoint=self._checkpoint,
            progress=self._progress,
            finished=is_finished,
            signal=None if is_finished or not signals else signals[0],
            openings=tuple(self._data.openings()),
        )

    def _take_steps(self, last: int, received: list[int]) -> None:
        training, ranks = self._config.training, self._ranks
        steps = self._data.steps(
            rows=training.batch_rows,
            after=self._progress.data,
            rank=ranks.rank,
            ranks=ranks.count,
            passes=training.batch_rows // (ranks.count * self._pass_rows),
        )
        if self._takes_varlen:
            steps = _changed(steps, Pass.with_documents)
        if ranks.device.type == "cuda":
            # From pinned memory copies do not wait; the fetching thread pins.
            steps = _changed(steps, Pass.pinned)
        with Ahead(steps) as ahead:
            self._report.restart()
            waited = 0.0
            for step in ahead:
                rate = learning_rate(self._progress.step, self._config)
                extension = self._config.extension
                is_alone = self._progress.step < extension.new_rows_steps
                self._optimizer.set_rate(rate, decays=not is_alone)
                numbers = take_step(
                    self._model,
                    self._optimizer,
                    step.passes,
                    ranks=ranks,
                    clip_norm=self._config.optimizer.clip_norm,
                    is_stopping=bool(received),
                    head_choice=self._progress.step if extension.head == "sampled" else None,
                    new_rows_from=self._config.model.first_id if is_alone else None,
                )
                # The numbers of the step before are there by now; those of this one are not.
                self._settle()
                at = self._progress.step + 1
                self._progress = replace(self._progress, step=at, data=step.after)
                self._taken = _Taken(
                    step=at, rate=rate, waited=ahead.waited - waited, numbers=numbers
                )
                waited = ahead.waited
                is_last = at >= last or self._is_stopping
                is_validating = at >= training.steps or at % training.validate_every == 0
                is_saving = is_last or at % training.checkpoint_every == 0
                if is_validating or is_saving:
                    self._settle()
                    if is_validating:
                        self._validate()
                    if is_saving:
                        self._save()
                    self._report.restart()
                if is_last:
                    return

    def _settle(self) -> None:
        """Read the numbers of the last step, if they were not, and write them down.

        Raises
        ------
        DivergenceError
            If this was the last of three steps in a row without a finite gradient.
        """
        taken, self._taken = self._taken, None
        if taken is None:
            return
        numbers = taken.numbers.read()
        self._is_stopping |= bool(numbers.stop)
        self._skipped = [*self._skipped, taken.step] if numbers.is_skipped else []
        self._progress = replace(
            self._progress,
            tokens=self._progress.tokens + numbers.targets,
            skipped=self._progress.skipped + numbers.is_skipped,
        )
        self._report.add_step(
            numbers, self._progress, step=taken.step, rate=taken.rate, waited=taken.waited
        )
        if len(self._skipped) >= _MOST_SKIPPED:
            raise DivergenceError(
                f"expected finite gradients, got none at steps {', '.join(map(str, self._skipped))}"
                f": their updates were skipped; the last checkpoint is in {self._checkpoint}, try "
                "a lower learning rate from there or from the start"
            )

    def _validate(self) -> None:
        ranks = self._ranks
        passes = self._data.held_out(rows=self._pass_rows, rank=ranks.rank, ranks=ranks.count)
        if self._takes_varlen:
            passes = map(Pass.with_documents, passes)
        found = validate(
            self._model, passes, grammar=self._grammar, shape=self._config.model, ranks=ranks
        )
        self._report.add_validation(found, step=self._progress.step)

    def _save(self) -> None:
        self._checkpoint = write_checkpoint(
            self._out,
            model=self._model,
            optimizer=self._optimizer,
            config=self._config,
            progress=self._progress,
            identity=self._identity,
            ranks=self._ranks,
        )

    def _prepare(self) -> Path | None:
        """Write what a run has from its start on; return the folder of the tokenizer's files."""
        (self._out / RUN_CONFIG).write_text(to_toml(self._config), encoding="utf-8")
        folder = self._out / _TOKENIZER
        if not folder.is_dir():
            draft = folder.with_name(f"{_TOKENIZER}.draft")
            draft.mkdir(exist_ok=True)
            lacking = ""
            if self._config.extension.base:
                copy_tokenizer(Path(self._config.extension.base), draft)
            else:
                lacking = self._grammar.save_tokenizer(draft)
            if lacking:
                draft.rmdir()
                print(lacking)
                return None
            draft.rename(folder)
        return folder

    def _go_on_from(self, checkpoint: Checkpoint) -> None:
        if checkpoint.progress.fingerprint != self._data.fingerprint:
            raise CheckpointError(
                f"expected the data that {checkpoint.path} was trained on, of the fingerprint "
                f"{checkpoint.progress.fingerprint}, got {self._data.fingerprint}"
            )
        restore(checkpoint, model=self._model, optimizer=self._optimizer)
        self._progress, self._checkpoint = checkpoint.progress, checkpoint.path
        self._say(f"going on from {checkpoint.path} at step {self._progress.step}")
        if changed := changes(checkpoint.config, self._config, step=self._progress.step):
            self._say(f"changed: {changed}")

    def _say(self, text: str) -> None:
        if self._ranks.is_first:
            print(text, flush=True)


def _changed(steps: Iterator[Step], change: Callable[[Pass], Pass]) -> Iterator[Step]:
    return (replace(step, passes=tuple(map(change, step.passes))) for step in steps)


def _base_tokenizer(config: Config) -> str | None:
    base = config.extension.base
    return tokenizer_digest(Path(base)) if base else None


@contextmanager
def _locked(out: Path, ranks: Ranks) -> Iterator[None]:
    """Hold the lock of the run's folder, by the first rank for all."""
    with ExitStack() as stack:
        ranks.first(lambda: stack.enter_context(locked(out)))
        yield
