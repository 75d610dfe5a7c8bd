"""Training lowers the loss, goes on exactly where it stopped, and reports what it does."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from logos_model import checkpoint as checkpoints
from logos_model import loop
from logos_model.checkpoint import CheckpointError, find_checkpoint, read_model
from logos_model.config import Config, ConfigError
from logos_model.costs import flops
from logos_model.data.shards import ShardError
from logos_model.data_config import SourceConfig
from logos_model.grammar import Grammar
from logos_model.lock import locked
from logos_model.loop import DivergenceError, Outcome, train
from logos_model.metrics import Clock, ProgressLine, Speed
from logos_model.parallel import Ranks, whole
from logos_model.step import Late, take_step
from logos_model.train import sample_kinds

WriteShard = Callable[..., Path]
Documents = list[list[int]]
Run = Callable[..., Outcome]


@pytest.fixture
def data(write_shard: WriteShard, documents: Documents) -> Path:
    return write_shard("data/words", documents)


@pytest.fixture
def run(data: Path, grammar: Grammar, ranks: Ranks, tmp_path: Path) -> Run:
    source = SourceConfig(name="words", paths=(str(data),))

    def run(config: Config, name: str, **options: Any) -> Outcome:
        config = replace(config, data=replace(config.data, sources=(source,)))
        return train(config, out=tmp_path / name, grammar=grammar, ranks=ranks, **options)

    return run


def records_of(run: Path, *names: str) -> list[tuple[Any, ...]]:
    """Return some numbers of each record that has the first of them."""
    records = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    return [tuple(record[name] for name in names) for record in records if names[0] in record]


def losses(run: Path) -> list[tuple[Any, ...]]:
    return [
        *records_of(run, "loss", "gradient_norm", "tokens", "step"),
        *records_of(run, "validation_loss", "legal_loss", "illegal_mass", "kinds", "step"),
    ]


def assert_same_end(left: Path, right: Path) -> None:
    one, other = (find_checkpoint(path) for path in (left, right))
    assert (one / "model/model.safetensors").read_bytes() == (
        other / "model/model.safetensors"
    ).read_bytes()
    notes = [json.loads((path / "checkpoint.json").read_text()) for path in (one, other)]
    assert notes[0]["progress"] == notes[1]["progress"]


def with_training(config: Config, **changes: Any) -> Config:
    return replace(config, training=replace(config.training, **changes))


def test_training_lowers_the_loss(run: Run, config: Config, tmp_path: Path) -> None:
    run(with_training(config, steps=60), "run")
    found = [loss for (loss,) in records_of(tmp_path / "run", "loss")]
    assert len(found) == 60
    assert found[0] > 4.0, "an untrained model knows nothing of 64 ids"
    assert sum(found[-5:]) / 5 < 1.5
    validations = records_of(tmp_path / "run", "validation_loss", "legal_loss", "illegal_mass")
    assert len(validations) == 8
    loss, legal, illegal = validations[-1]
    assert legal < loss < 1.5
    assert illegal < 0.2 < validations[0][2] + 0.2
    for name in ("loss.png", "kinds.png"):
        assert (tmp_path / "run" / name).read_bytes().startswith(b"\x89PNG")


def test_a_batch_is_learned_by_heart(
    run: Run, config: Config, tmp_path: Path, write_shard: WriteShard, documents: Documents
) -> None:
    # One row holds all documents, so each step sees the same.
    write_shard("data/words", documents[:4])
    config = replace(config, data=replace(config.data, held_out=0.0))
    run(with_training(config, steps=120, batch_rows=1, validate_every=200), "run")
    first, last = (records_of(tmp_path / "run", "loss")[place][0] for place in (0, -1))
    assert first > 4.0
    assert last < 0.25


def test_a_resumed_run_is_the_same_run(run: Run, config: Config, tmp_path: Path) -> None:
    whole_run = run(config, "whole")
    run(config, "parts", stop_after=10)
    assert find_checkpoint(tmp_path / "parts").name == "step-00000010"
    resumed = run(config, "parts", resume=True)
    assert whole_run.finished
    assert resumed.finished
    assert whole_run.progress == resumed.progress
    assert losses(tmp_path / "whole") == losses(tmp_path / "parts")
    assert_same_end(tmp_path / "whole", tmp_path / "parts")


def test_a_killed_run_is_the_same_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, "whole")
    taken = 0

    def fail_in_step_12(*arguments: Any, **options: Any) -> Late:
        nonlocal taken
        taken += 1
        if taken == 12:
            raise KeyboardInterrupt
        return take_step(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "take_step", fail_in_step_12)
        with pytest.raises(KeyboardInterrupt):
            run(config, "killed")
    assert len(records_of(tmp_path / "killed", "loss")) == 10
    with (tmp_path / "killed/metrics.jsonl").open("a") as file:
        file.write('{"step": 12, "lo')
    run(config, "killed", resume=True)
    assert losses(tmp_path / "whole") == losses(tmp_path / "killed")
    assert_same_end(tmp_path / "whole", tmp_path / "killed")


def test_a_run_killed_while_it_writes_a_checkpoint_is_the_same_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, "whole")
    written = 0

    def killed_at_the_second(path: Path) -> dict[str, Any]:
        nonlocal written
        written += path.name == "model.safetensors"
        if written == 2:
            raise KeyboardInterrupt
        return digest(path)

    digest = checkpoints._digest
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_digest", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            run(config, "killed")
    left = sorted(path.name for path in (tmp_path / "killed/checkpoints").iterdir())
    assert left == ["step-00000005", "step-00000010.draft"]
    run(config, "killed", resume=True)
    assert losses(tmp_path / "whole") == losses(tmp_path / "killed")
    assert_same_end(tmp_path / "whole", tmp_path / "killed")


def test_a_run_without_a_checkpoint_begins_again(
    run: Run, config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, "run", stop_after=5)
    (checkpoint,) = (tmp_path / "run/checkpoints").iterdir()
    checkpoint.rename(checkpoint.with_suffix(".draft"))
    run(config, "run", resume=True, stop_after=6)
    assert "no checkpoint in" in capsys.readouterr().out
    assert len(records_of(tmp_path / "run", "loss")) == 6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_with_a_checkpoint(
    run: Run,
    config: Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    handler = signal.getsignal(number)

    def signal_at_7(step: int, config: Config) -> float:
        if step == 7:
            os.kill(os.getpid(), number)
        return 1e-3

    monkeypatch.setattr(loop, "learning_rate", signal_at_7)
    outcome = run(config, "run")
    assert outcome.signal == number
    assert not outcome.finished
    # The signal is seen by all ranks one step later, with that step's numbers.
    assert find_checkpoint(tmp_path / "run").name in ("step-00000009", "step-00000010")
    assert signal.getsignal(number) == handler


def test_a_gradient_that_is_not_finite_changes_nothing(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights: list[dict[str, torch.Tensor]] = []
    taken = 0

    def broken_twice(model: Any, optimizer: Any, *arguments: Any, **options: Any) -> Late:
        nonlocal taken
        taken += 1
        hooks = []
        if taken in (7, 8):
            hooks = [model.model.norm.register_forward_hook(lambda *given: given[2] * torch.nan)]
        late = take_step(model, optimizer, *arguments, **options)
        for hook in hooks:
            hook.remove()
        state = {**dict(model.named_parameters()), **optimizer.state()}
        weights.append({name: whole(tensor).clone() for name, tensor in state.items()})
        return late

    monkeypatch.setattr(loop, "take_step", broken_twice)
    outcome = run(config, "run")
    assert outcome.finished
    assert outcome.progress.skipped == 2
    found = records_of(tmp_path / "run", "loss", "gradient_norm", "skipped")
    assert found[6:8] == [(None, None, 1), (None, None, 2)]
    for name, before in weights[5].items():
        assert torch.equal(before, weights[6][name]), name
        assert torch.equal(before, weights[7][name]), name
    assert not torch.equal(weights[7]["model.norm.weight"], weights[8]["model.norm.weight"])


@pytest.mark.parametrize("method", ["adamw", "muon"])
def test_three_steps_that_are_not_finite_end_a_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: Any
) -> None:
    def broken(model: Any, *arguments: Any, **options: Any) -> Late:
        model.model.norm.register_forward_hook(lambda *given: given[2] * torch.inf)
        return take_step(model, *arguments, **options)

    config = replace(config, optimizer=replace(config.optimizer, method=method))
    run(config, "run", stop_after=5)
    before = read_model(
        find_checkpoint(tmp_path / "run"), fingerprint="brackets-1", device=torch.device("cpu")
    )
    monkeypatch.setattr(loop, "take_step", broken)
    with pytest.raises(DivergenceError, match="expected finite gradients, got none at steps 6"):
        run(config, "run", resume=True)
    assert find_checkpoint(tmp_path / "run").name == "step-00000005"
    assert all(torch.isfinite(weight).all() for weight in before.parameters())


def test_a_run_is_not_overwritten(run: Run, config: Config) -> None:
    run(config, "run", stop_after=1)
    with pytest.raises(CheckpointError, match=r"--resume .* goes on with it"):
        run(config, "run")


def test_other_data_of_equal_length_does_not_resume(
    run: Run, config: Config, write_shard: WriteShard, documents: Documents
) -> None:
    run(config, "run", stop_after=1)
    # Every letter another one: as many documents of the same lengths.
    others = [[5 + (id - 4) % 8 if 5 <= id < 13 else id for id in ids] for ids in documents]
    assert [len(ids) for ids in others] == [len(ids) for ids in documents]
    write_shard("data/words", others)
    with pytest.raises(CheckpointError, match=r"expected the data that .* was trained on"):
        run(config, "run", resume=True)
    write_shard("data/words", documents)
    run(config, "run", resume=True, stop_after=2)


def test_another_schedule_does_not_resume(
    run: Run, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, "run", stop_after=12)
    with pytest.raises(ConfigError, match=r"training\.seed 0 \(now 1\)"):
        run(with_training(config, seed=1), "run", resume=True)
    wider = replace(config, model=replace(config.model, hidden_size=64))
    with pytest.raises(ConfigError, match=r"model\.hidden_size 32 \(now 64\)"):
        run(wider, "run", resume=True)
    # Twelve steps would already have fallen.
    with pytest.raises(ConfigError, match=r"training\.steps 20 \(now 13\)"):
        run(with_training(config, steps=13), "run", resume=True)
    cosine = replace(config, optimizer=replace(config.optimizer, schedule="cosine"))
    with pytest.raises(ConfigError, match=r"optimizer\.schedule stable \(now cosine\)"):
        run(cosine, "run", resume=True)
    capsys.readouterr()
    # The rate has only climbed and stayed: a longer run has the same past.
    run(with_training(config, steps=40, checkpoint_every=7), "run", resume=True, stop_after=14)
    said = capsys.readouterr().out
    assert "changed: training.checkpoint_every 5 (now 7), training.steps 20 (now 40)" in said


def test_a_second_writer_is_refused(run: Run, config: Config, tmp_path: Path) -> None:
    with (
        locked(tmp_path / "run"),
        pytest.raises(CheckpointError, match=r"expected no other run in .*process \d+ writes"),
    ):
        run(config, "run")
    assert run(config, "run", stop_after=1).progress.step == 1


def test_a_folder_that_cannot_be_written_is_refused(
    run: Run, config: Config, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match=r"expected a folder for the run, .* is a file"):
        run(config, "file")
    with pytest.raises(CheckpointError, match="expected a folder to write the run to, got"):
        run(config, "/proc/run")


def test_shards_of_another_vocabulary_are_refused(
    run: Run, config: Config, write_shard: WriteShard, documents: Documents
) -> None:
    write_shard("data/words", documents, fingerprint="brackets-0")
    with pytest.raises(ShardError, match="prepare the data again"):
        run(config, "run")


def test_a_run_ends_with_samples(
    run: Run, config: Config, grammar: Grammar, tmp_path: Path
) -> None:
    outcome = run(config, "run")
    out = tmp_path / "run"
    model = read_model(outcome.checkpoint, fingerprint="brackets-1", device=torch.device("cpu"))
    samples = sample_kinds(
        model, outcome.openings, grammar=grammar, out=out, count=9, seed=0, limit=48
    )
    records = [json.loads(line) for line in (out / "samples.jsonl").open()]
    assert len(samples) == len(records) == 9
    texts = (out / "samples.txt").read_text().splitlines()
    assert texts == [record["text"] for record in records if record["ended"]]


def test_the_progress_line_says_what_a_run_does() -> None:
    out = io.StringIO()
    line = ProgressLine(steps=2, out=out)
    speed = Speed(
        tokens_per_second=1234.5, mfu=0.414, nominal_mfu=0.52, data_wait=0.015, seconds_left=3700
    )
    line.show(step=1, loss=9.0, speed=speed, memory=12_345_678_901, skipped=1)
    line.show(step=2, loss=8.5, speed=replace(speed, mfu=None, seconds_left=0))
    assert out.getvalue().splitlines() == [
        "step 1/2  loss 9.0000  1,234 tokens/s  MFU 41.4 % (nominal 52.0 %)  12.3 GB  "
        "data wait 1.5 %  1 skipped  1:01:40 left",
        "step 2/2  loss 8.5000  1,234 tokens/s  data wait 1.5 %  0:00 left",
    ]


def test_real_operations_are_those_of_what_is_attended_to(config: Config) -> None:
    each = flops(config.model)
    clock = Clock(steps=10, flops=each, row=48, peak=1e9)
    clock.after(step=1, targets=100, context=500, waited=0.0)
    speed = clock.after(step=2, targets=100, context=500, waited=0.0)
    assert speed.mfu is not None
    assert speed.nominal_mfu is not None
    real, nominal = each.of(200, 1000), each.of(200, 200 * 48)
    assert speed.mfu / speed.nominal_mfu == pytest.approx(real / nominal)
    assert speed.mfu == pytest.approx(real / 200 * speed.tokens_per_second / 1e9)
