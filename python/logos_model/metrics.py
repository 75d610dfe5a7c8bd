"""Metrics: a record for each step in a file, and one line that says how the run goes."""

from __future__ import annotations

import json
import math
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from logos_model.checkpoint import CheckpointError
from logos_model.costs import Flops

_RECENT = 50
_SECONDS_BETWEEN_LINES = 10.0


class Metrics:
    """The file `metrics.jsonl` of a run: one JSON object on each line, in order of steps.

    Parameters
    ----------
    path
        The file; records later than `step` are dropped from it, since they are made again.
    step
        The step that the run goes on from.
    """

    def __init__(self, path: Path, *, step: int) -> None:
        self.records = [record for record in _records(path) if record["step"] <= step]
        draft = path.with_name(f"{path.name}.draft")
        draft.write_text("".join(map(_line, self.records)), encoding="utf-8")
        draft.rename(path)
        self._path = path

    def add(self, record: dict[str, Any]) -> None:
        """Append one record."""
        self.records.append(record)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(record))


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast a run goes, over its last steps.

    Attributes
    ----------
    tokens_per_second
        Targets of all ranks.
    mfu, nominal_mfu
        Share of the GPUs' bfloat16 operations, by what tokens attended to and by whole rows; None
        where the GPU is not known, and on a processor.
    data_wait
        Share of the time that was spent waiting for data.
    seconds_left
        Until the last step.
    """

    tokens_per_second: float
    mfu: float | None
    nominal_mfu: float | None
    data_wait: float
    seconds_left: float


class Clock:
    """Measures the speed of the last steps.

    Parameters
    ----------
    steps
        Of the whole run.
    flops
        Of one token.
    row
        Tokens of a row.
    peak
        Operations a second of all GPUs; None where it is not known.
    """

    def __init__(self, *, steps: int, flops: Flops, row: int, peak: float | None) -> None:
        self._steps, self._flops, self._row, self._peak = steps, flops, row, peak
        self._sums = (0, 0, 0.0)
        self._recent: deque[tuple[float, tuple[int, int, float]]] = deque(maxlen=_RECENT + 1)
        self.restart()

    def restart(self) -> None:
        """Begin to measure here: what came before was no step."""
        self._recent.clear()
        self._recent.append((time.perf_counter(), self._sums))

    def after(self, *, step: int, targets: int, context: int, waited: float) -> Speed:
        """Return the speed after a step.

        Parameters
        ----------
        step
            Steps taken.
        targets, context
            Of the last one, see `logos_model.step.Numbers`.
        waited
            Seconds that it waited for data.
        """
        begin_time, begin = self._recent[0]
        now, steps = time.perf_counter(), len(self._recent)
        self._sums = (self._sums[0] + targets, self._sums[1] + context, self._sums[2] + waited)
        self._recent.append((now, self._sums))
        seconds = max(now - begin_time, 1e-9)
        tokens, seen, wait = (last - first for last, first in zip(self._sums, begin, strict=True))
        return Speed(
            tokens_per_second=tokens / seconds,
            mfu=self._share(self._flops.of(int(tokens), seen) / seconds),
            nominal_mfu=self._share(self._flops.of(int(tokens), tokens * self._row) / seconds),
            data_wait=wait / seconds,
            seconds_left=seconds / steps * (self._steps - step),
        )

    def _share(self, operations: float) -> float | None:
        return None if self._peak is None else operations / self._peak


class ProgressLine:
    """One line about the run: rewritten in place on a terminal, now and then in a file.

    Parameters
    ----------
    steps
        Of the whole run.
    out
        Where it is written.
    """

    def __init__(self, *, steps: int, out: TextIO = sys.stderr) -> None:
        self._steps = steps
        self._out = out
        self._shown = -_SECONDS_BETWEEN_LINES

    def show(
        self, *, step: int, loss: float, speed: Speed, memory: int | None = None, skipped: int = 0
    ) -> None:
        """Write the line.

        Parameters
        ----------
        step
            Steps taken.
        loss
            Of the last one, nats per token.
        speed
            Of the last ones.
        memory
            Bytes of the GPU that were in use at most; None on a processor.
        skipped
            Steps whose gradient was not finite.
        """
        parts = [
            f"step {step}/{self._steps}",
            f"loss {loss:.4f}",
            f"{speed.tokens_per_second:,.0f} tokens/s",
        ]
        if speed.mfu is not None and speed.nominal_mfu is not None:
            parts.append(f"MFU {100 * speed.mfu:.1f} % (nominal {100 * speed.nominal_mfu:.1f} %)")
        if memory is not None:
            parts.append(f"{memory / 1e9:.1f} GB")
        parts.append(f"data wait {100 * speed.data_wait:.1f} %")
        if skipped:
            parts.append(f"{skipped} skipped")
        parts.append(f"{duration(speed.seconds_left)} left")
        line, now = "  ".join(parts), time.perf_counter()
        if self._out.isatty():
            print(f"\r{line}\x1b[K", end="\n" if step == self._steps else "", file=self._out)
            self._out.flush()
        elif step == self._steps or now - self._shown >= _SECONDS_BETWEEN_LINES:
            print(line, file=self._out, flush=True)
            self._shown = now


def duration(seconds: float) -> str:
    """Return a time in hours, minutes and seconds."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _records(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    # What follows the last line end is a record that a killed run did not finish.
    try:
        return [dict(json.loads(line)) for line in lines[:-1]]
    except ValueError as error:
        raise CheckpointError(f"expected a JSON object on each line of {path}: {error}") from None


def _line(record: dict[str, Any]) -> str:
    # JSON has no name for what is not finite.
    plain = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in record.items()
    }
    return json.dumps(plain, allow_nan=False) + "\n"
