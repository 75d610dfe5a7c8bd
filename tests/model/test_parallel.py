"""Ranks and passes share a step without changing it, and a run goes on with another number."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.multiprocessing.spawn import spawn

from logos_model.batches import Pass
from logos_model.checkpoint import find_checkpoint
from logos_model.config import Config
from logos_model.data.steps import Data
from logos_model.data_config import SourceConfig
from logos_model.loop import train
from logos_model.optim import Optimizer
from logos_model.parallel import Ranks, joined, sharded, whole
from logos_model.step import take_step

from .conftest import Brackets, Documents, WriteShard

ROWS = 8


class Gradients(Optimizer):
    """An optimizer that keeps the gradients instead of taking the step."""

    def step(self, is_finite: torch.Tensor) -> None:
        assert is_finite
        self.found = {
            name: whole(weight.grad)
            for weight, name in self._names.items()
            if weight.grad is not None
        }


def one_step(config: Config, ranks: Ranks, *, passes: int) -> dict[str, Any]:
    """Return loss and gradients of one step in 64 bits, its rows divided among ranks and passes."""
    model = sharded(config, ranks, dtype=torch.float64)
    optimizer = Gradients(model, config.optimizer)
    data = Data(config.data, grammar=Brackets(), context=config.training.context, seed=0)
    step = next(data.steps(rows=ROWS, rank=ranks.rank, ranks=ranks.count, passes=passes))
    numbers = take_step(model, optimizer, step.passes, ranks=ranks, clip_norm=1e9).read()
    targets = ranks.gather([one.targets for one in step.passes])
    return {"numbers": numbers, "targets": targets, **optimizer.found}


def work(rank: int, port: int, config: Config, folder: Path) -> None:
    """Do as one of two ranks what the tests compare with one."""
    os.environ |= {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    torch.set_num_threads(1)
    with joined("cpu") as ranks:
        found = one_step(config, ranks, passes=2)
        if ranks.is_first:
            torch.save(found, folder / "step.pt")
        for name, stops in (("two", [None]), ("two-resumed", [10, None]), ("mixed", [10])):
            for place, stop in enumerate(stops):
                train(
                    config,
                    out=folder / name,
                    grammar=Brackets(),
                    ranks=ranks,
                    resume=place > 0,
                    stop_after=stop,
                )


@pytest.fixture
def config_of_words(config: Config, write_shard: WriteShard, documents: Documents) -> Config:
    source = SourceConfig(name="words", paths=(str(write_shard("data/words", documents)),))
    return replace(
        config,
        data=replace(config.data, sources=(source,)),
        training=replace(config.training, pass_rows=1),
    )


def metrics_of(run: Path) -> list[dict[str, Any]]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    times = ("tokens_per_second", "data_wait")
    return [
        {name: value for name, value in json.loads(line).items() if name not in times}
        for line in lines
    ]


def test_ranks_and_passes_share_a_step_without_changing_it(
    config_of_words: Config, ranks: Ranks, tmp_path: Path
) -> None:
    config = config_of_words
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spawn(work, (port, config, tmp_path), nprocs=2)  # type: ignore[no-untyped-call]

    # One step in 64 bits: 1 x 1, 1 x 4 and 2 x 2.
    two_by_two = torch.load(tmp_path / "step.pt", weights_only=False)
    one = one_step(config, ranks, passes=1)
    four = one_step(config, ranks, passes=4)
    assert len(set(four["targets"][0])) > 1, "the rows should be filled unequally"
    assert [sum(part) for part in two_by_two["targets"]] == [
        sum(four["targets"][0][:2]),
        sum(four["targets"][0][2:]),
    ]
    for other in (four, two_by_two):
        assert other["numbers"].loss == pytest.approx(one["numbers"].loss, rel=1e-12)
        assert other["numbers"].norm == pytest.approx(one["numbers"].norm, rel=1e-10)
        for name in one.keys() - {"numbers", "targets"}:
            error = (other[name] - one[name]).norm() / one[name].norm()
            assert error < 1e-10, name

    # Two ranks that were stopped and went on are two ranks that were not.
    two = metrics_of(tmp_path / "two")
    assert len(two) == 20 + 3
    assert metrics_of(tmp_path / "two-resumed") == two
    weights = [
        (find_checkpoint(tmp_path / name) / "model/model.safetensors").read_bytes()
        for name in ("two", "two-resumed")
    ]
    assert weights[0] == weights[1]

    # One rank goes on where two stopped, with the same batches.
    train(config, out=tmp_path / "mixed", grammar=Brackets(), ranks=ranks, resume=True)
    mixed = metrics_of(tmp_path / "mixed")
    for mine, theirs in zip(mixed, two, strict=True):
        assert (mine["step"], mine.get("tokens")) == (theirs["step"], theirs.get("tokens"))
        loss = "loss" if "loss" in mine else "validation_loss"
        assert mine[loss] == pytest.approx(theirs[loss], rel=1e-6)


def test_an_error_of_one_rank_is_raised(ranks: Ranks) -> None:
    with pytest.raises(ZeroDivisionError):
        ranks.agree(lambda: 1 // 0)
    assert ranks.first(lambda: 3) == 3
    assert ranks.gather("a") == ["a"]


def test_a_pass_counts_what_its_targets_attend_to() -> None:
    one = Pass(
        ids_N=torch.tensor([1, 3, 4, 1, 3, 0]),
        targets_N=torch.tensor([3, 4, 2, -100, 2, -100]),
        begin_N=torch.tensor([0, 0, 0, 3, 3, 5], dtype=torch.int32),
        end_N=torch.tensor([3, 3, 3, 5, 5, 6], dtype=torch.int32),
        position_N=torch.tensor([0, 1, 2, 0, 1, 0], dtype=torch.int32),
    )
    assert (one.targets, one.context) == (4, 1 + 2 + 3 + 2)
