"""Metrics: a record for each step in a file, and one line that says how the run goes."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, TextIO

from logos_model.checkpoint import CheckpointError

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


class ProgressLine:
    """One line about the run: rewritten in place on a terminal, now and then in a file.

    Parameters
    ----------
    step, steps
        Steps taken when it begins, and in all.
    out
        Where it is written.
    """

    def __init__(self, *, step: int, steps: int, out: TextIO = sys.stderr) -> None:
        self._steps = steps
        self._out = out
        self._recent: deque[tuple[float, int]] = deque([(time.perf_counter(), 0)], _RECENT + 1)
        self._tokens = 0
        self._shown = -_SECONDS_BETWEEN_LINES
        self._step = step

    def show(self, *, step: int, loss: float, tokens: int) -> float:
        """Say step, loss, tokens per second and time left; return the tokens per second.

        Parameters
        ----------
        step
            Steps taken.
        loss
            Loss of the last one, nats per token.
        tokens
            Targets of the last one.
        """
        now = time.perf_counter()
        self._tokens += tokens
        self._recent.append((now, self._tokens))
        begin, before = self._recent[0]
        rate = (self._tokens - before) / (now - begin)
        left = (now - begin) / (len(self._recent) - 1) * (self._steps - step)
        line = (
            f"step {step}/{self._steps}  loss {loss:.4f}  {rate:,.0f} tokens/s  "
            f"{_duration(left)} left"
        )
        if self._out.isatty():
            print(f"\r{line}\x1b[K", end="\n" if step == self._steps else "", file=self._out)
            self._out.flush()
        elif step == self._steps or now - self._shown >= _SECONDS_BETWEEN_LINES:
            print(line, file=self._out, flush=True)
            self._shown = now
        return rate


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
    return json.dumps(record) + "\n"


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
