"""Resuming on this device under `deterministic`: the same losses and norms, bit for bit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.training import with_rows

from logos_model.grammar import LogosGrammar
from logos_model.loop import train
from logos_model.parallel import joined
from logos_model.report import METRICS

_STEPS, _STOP = 12, 5


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Train once without a stop, once with one, and compare."""
    given = (
        f"training.steps={_STEPS}",
        "training.context=1024",
        "training.batch_rows=8",
        "training.checkpoint_every=1000",
        "training.validate_every=1000",
        "model.num_hidden_layers=4",
        "system.deterministic=true",
    )
    config = with_rows(settings.config("100m", *(given[:1] if settings.small else given)))
    grammar = LogosGrammar()
    folders = [settings.out / "resuming" / name for name in ("whole", "stopped")]
    shutil.rmtree(settings.out / "resuming", ignore_errors=True)
    with joined() as ranks:
        train(config, out=folders[0], grammar=grammar, ranks=ranks)
        train(config, out=folders[1], grammar=grammar, ranks=ranks, stop_after=_STOP)
        train(config, out=folders[1], grammar=grammar, ranks=ranks, resume=True)
    whole, stopped = (_numbers(folder) for folder in folders)
    unequal = [step for step in whole if whole[step] != stopped.get(step)]
    yield (
        "resumed",
        {
            "steps": len(whole),
            "stopped after": _STOP,
            "steps of unequal bits": unequal,
            "losses": [whole[step][0] for step in (1, _STEPS)],
        },
    )
    shutil.rmtree(settings.out / "resuming")
    if unequal:
        raise ValueError(f"expected equal bits at every step, got others at {unequal}")


def _numbers(folder: Path) -> dict[int, tuple[Any, Any]]:
    lines = (folder / METRICS).read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {one["step"]: (one["loss"], one["gradient_norm"]) for one in records if "loss" in one}
