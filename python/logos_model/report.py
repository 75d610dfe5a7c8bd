"""Report: what a run says of itself while it goes: records, a line, and pictures at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from logos_model.checkpoint import Progress
from logos_model.config import Config
from logos_model.costs import flops, peak_flops
from logos_model.metrics import Clock, Metrics, ProgressLine
from logos_model.parallel import Ranks
from logos_model.picture import draw_kinds, draw_loss
from logos_model.step import Numbers
from logos_model.validation import Measure

METRICS = "metrics.jsonl"


class Report:
    """The report of a run, which its first rank writes; on the others nothing is done.

    Parameters
    ----------
    out
        Folder of the run.
    config
        Its configuration.
    step
        The step that it goes on from.
    ranks
        The processes of the run.
    """

    def __init__(self, out: Path, config: Config, *, step: int, ranks: Ranks) -> None:
        self._out, self._device = out, ranks.device
        self._metrics = Metrics(out / METRICS, step=step) if ranks.is_first else None
        peak = peak_flops(ranks.device)
        self._clock = Clock(
            steps=config.training.steps,
            flops=flops(config.model),
            row=config.training.context,
            peak=None if peak is None else peak * ranks.count,
        )
        self._line = ProgressLine(steps=config.training.steps)

    def restart(self) -> None:
        """Measure speed from here on."""
        self._clock.restart()

    def add_step(
        self, numbers: Numbers, progress: Progress, *, step: int, rate: float, waited: float
    ) -> None:
        """Write down a step: its numbers, the progress after it, its rate, seconds for data."""
        if self._metrics is None:
            return
        speed = self._clock.after(
            step=step, targets=numbers.targets, context=numbers.context, waited=waited
        )
        memory = None
        if self._device.type == "cuda":
            memory = torch.cuda.max_memory_allocated(self._device)
        self._line.show(
            step=step, loss=numbers.loss, speed=speed, memory=memory, skipped=progress.skipped
        )
        self._metrics.add(
            {
                "step": step,
                "loss": numbers.loss,
                "gradient_norm": numbers.norm,
                "learning_rate": rate,
                "tokens": progress.tokens,
                "skipped": progress.skipped,
                "epoch": max(one["epoch"] for one in (progress.data or {}).values()),
                "tokens_per_second": round(speed.tokens_per_second),
                "mfu": speed.mfu,
                "nominal_mfu": speed.nominal_mfu,
                "data_wait": round(speed.data_wait, 4),
                "memory": memory,
            }
        )

    def add_validation(self, found: Mapping[str, Measure], *, step: int) -> None:
        """Write down what a validation found, unless nothing is held out."""
        if self._metrics is None or not found["all"].tokens:
            return
        records = {kind: measure.record() for kind, measure in found.items()}
        every = records.pop("all")
        self._metrics.add(
            {
                "step": step,
                "validation_loss": every["loss"],
                "legal_loss": every["legal_loss"],
                "illegal_mass": every["illegal_mass"],
                "kinds": records,
            }
        )

    def draw(self) -> None:
        """Draw the pictures of the run, and say where they are."""
        if self._metrics is not None:
            print(draw_loss(self._metrics.records, self._out / "loss.png"))
            print(draw_kinds(self._metrics.records, self._out / "kinds.png"))
