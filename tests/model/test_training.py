"""Training lowers the loss, goes on exactly where it stopped, and says what it does."""

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
from safetensors.torch import load_file

from logos_model import checkpoint, loop
from logos_model.checkpoint import CheckpointError, find_checkpoint
from logos_model.config import Config, ConfigError
from logos_model.data_config import SourceConfig
from logos_model.grammar import Grammar
from logos_model.loop import DivergenceError, Outcome, next_token_loss, train
from logos_model.metrics import ProgressLine
from logos_model.shards import ShardError, open_corpus
from logos_model.train import sample_kinds

WriteShard = Callable[..., Path]
Documents = list[list[int]]
Run = Callable[..., Outcome]


@pytest.fixture
def data(write_shard: WriteShard, documents: Documents) -> Path:
    return write_shard("data/words", documents)


@pytest.fixture
def run(data: Path, grammar: Grammar, tmp_path: Path) -> Run:
    source = SourceConfig(name="words", paths=(str(data),))

    def run(config: Config, name: str, **options: Any) -> Outcome:
        return train(
            replace(config, data=replace(config.data, sources=(source,))),
            out=tmp_path / name,
            grammar=grammar,
            device=torch.device("cpu"),
            **options,
        )

    return run


def losses(run: Path) -> list[float]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    return [record["loss"] for record in map(json.loads, lines) if "loss" in record]


def assert_same_files(left: Path, right: Path) -> None:
    for name in ("model.safetensors", "optimizer.safetensors"):
        old, new = load_file(left / name), load_file(right / name)
        assert old.keys() == new.keys()
        assert all(torch.equal(old[key], new[key]) for key in old)
    states = [json.loads((path / "state.json").read_text()) for path in (left, right)]
    assert states[0]["progress"] == states[1]["progress"]


def test_training_lowers_the_loss(run: Run, config: Config, tmp_path: Path) -> None:
    longer = replace(config.training, steps=60)
    run(replace(config, training=longer), "run")
    found = losses(tmp_path / "run")
    assert len(found) == 60
    assert found[0] > 4.0, "an untrained model knows nothing of 64 ids"
    assert sum(found[-5:]) / 5 < 1.5
    records = [json.loads(line) for line in (tmp_path / "run/metrics.jsonl").open()]
    validations = [record["validation_loss"] for record in records if "validation_loss" in record]
    assert len(validations) == 8
    assert validations[-1] < 1.5
    assert (tmp_path / "run/loss.png").read_bytes().startswith(b"\x89PNG")


def test_a_resumed_run_is_the_same_run(run: Run, config: Config, tmp_path: Path) -> None:
    whole = run(config, "whole")
    run(config, "parts", stop_after=10)
    assert find_checkpoint(tmp_path / "parts").name == "step-00000010"
    resumed = run(config, "parts", resume=True)
    weights = zip(whole.model.named_parameters(), resumed.model.parameters(), strict=True)
    for (name, old), new in weights:
        assert torch.equal(old, new), name
    assert whole.finished
    assert resumed.finished
    assert whole.progress == resumed.progress
    assert losses(tmp_path / "whole") == losses(tmp_path / "parts")
    assert_same_files(find_checkpoint(tmp_path / "whole"), find_checkpoint(tmp_path / "parts"))


def test_a_killed_run_is_the_same_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, "whole")
    taken = 0

    def fail_in_step_12(*arguments: Any) -> torch.Tensor:
        # The validation after step 8 takes three calls of its own.
        nonlocal taken
        taken += 1
        if taken == 15:
            raise KeyboardInterrupt
        return next_token_loss(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "next_token_loss", fail_in_step_12)
        with pytest.raises(KeyboardInterrupt):
            run(config, "killed")
    assert len(losses(tmp_path / "killed")) == 11
    with (tmp_path / "killed/metrics.jsonl").open("a") as file:
        file.write('{"step": 12, "lo')
    run(config, "killed", resume=True)
    assert losses(tmp_path / "whole") == losses(tmp_path / "killed")
    assert_same_files(find_checkpoint(tmp_path / "whole"), find_checkpoint(tmp_path / "killed"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_a_run_killed_while_it_writes_a_checkpoint_is_the_same_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, "whole")
    child = os.fork()
    if child == 0:
        written = 0

        def killed_at_the_second(path: Path) -> dict[str, Any]:
            nonlocal written
            written += 1
            if written == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return digest(path)

        digest = checkpoint._digest
        monkeypatch.setattr(checkpoint, "_digest", killed_at_the_second)
        try:
            run(config, "killed")
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    left = sorted(path.name for path in (tmp_path / "killed/checkpoints").iterdir())
    assert left == ["step-00000005", "step-00000010.draft"]
    run(config, "killed", resume=True)
    assert losses(tmp_path / "whole") == losses(tmp_path / "killed")
    assert_same_files(find_checkpoint(tmp_path / "whole"), find_checkpoint(tmp_path / "killed"))


def test_a_signal_ends_a_run_with_a_checkpoint(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = signal.getsignal(signal.SIGTERM)

    def signal_at_7(step: int, training: object) -> float:
        if step == 7:
            os.kill(os.getpid(), signal.SIGTERM)
        return 1e-3

    monkeypatch.setattr(loop, "learning_rate", signal_at_7)
    outcome = run(config, "run")
    assert outcome.interrupted
    assert not outcome.finished
    assert find_checkpoint(tmp_path / "run").name == "step-00000008"
    assert signal.getsignal(signal.SIGTERM) == handler


def test_a_loss_that_is_no_number_ends_a_run(
    run: Run, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_at_7(step: int, training: object) -> float:
        return float("nan") if step == 7 else 1e-3

    monkeypatch.setattr(loop, "learning_rate", broken_at_7)
    with pytest.raises(DivergenceError, match="expected a finite loss, got nan at step 9"):
        run(config, "run")
    assert find_checkpoint(tmp_path / "run").name == "step-00000005"


def test_a_run_is_not_overwritten(run: Run, config: Config) -> None:
    run(config, "run", stop_after=1)
    with pytest.raises(CheckpointError, match="--resume goes on with it"):
        run(config, "run")


def test_other_options_and_data_do_not_resume(
    run: Run, config: Config, write_shard: WriteShard, documents: Documents
) -> None:
    run(config, "run", stop_after=1)
    with pytest.raises(ConfigError, match=r"training.seed 0 \(now 1\)"):
        run(replace(config, training=replace(config.training, seed=1)), "run", resume=True)
    write_shard("data/words", documents[:-1])
    with pytest.raises(CheckpointError, match="expected the shards that"):
        run(config, "run", resume=True)


def test_shards_of_another_vocabulary_are_refused(
    run: Run, config: Config, write_shard: WriteShard, documents: Documents
) -> None:
    write_shard("data/words", documents, fingerprint="brackets-0")
    with pytest.raises(ShardError, match="prepare the data again"):
        run(config, "run")


def test_a_run_ends_with_samples(
    run: Run, config: Config, data: Path, grammar: Grammar, tmp_path: Path
) -> None:
    model = run(config, "run").model
    corpus = open_corpus([data], fingerprint=grammar.fingerprint)
    out = tmp_path / "run"
    samples = sample_kinds(model, corpus, grammar=grammar, out=out, count=9, seed=0)
    records = [json.loads(line) for line in (out / "samples.jsonl").open()]
    assert len(samples) == len(records) == 9
    texts = (out / "samples.txt").read_text().splitlines()
    assert texts == [record["text"] for record in records if record["ended"]]


def test_the_progress_line_says_step_loss_speed_and_time_left() -> None:
    out = io.StringIO()
    line = ProgressLine(step=0, steps=2, out=out)
    line.show(step=1, loss=9.0, tokens=1000)
    line.show(step=2, loss=8.5, tokens=1000)
    first, last = out.getvalue().splitlines()
    assert first.startswith("step 1/2  loss 9.0000")
    assert "tokens/s" in first
    assert last.startswith("step 2/2  loss 8.5000")
    assert last.endswith("0:00 left")
