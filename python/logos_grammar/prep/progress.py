"""The progress line of a preparation."""

from __future__ import annotations

import time
from typing import TextIO

from logos_grammar.prep.run import Progress

_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 10.0


class ProgressLine:
    """Writes how far a run is: one line that changes on a terminal, now and then one in a log.

    Parameters
    ----------
    target
        Where to write, usually the standard error.
    """

    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._terminal = target.isatty()
        self._began = time.monotonic()
        self._wrote = self._began if not self._terminal else 0.0

    def __call__(self, progress: Progress) -> None:
        """Write the line, unless the last one is too young."""
        now = time.monotonic()
        pause = _TERMINAL_SECONDS if self._terminal else _LOG_SECONDS
        if now - self._wrote < pause and not progress.merging:
            return
        self._wrote = now
        text = progress_text(progress, now - self._began)
        if self._terminal:
            self._target.write(f"\r\x1b[K{text}" + ("\n" if progress.merging else ""))
        else:
            self._target.write(text + "\n")
        self._target.flush()


def progress_text(progress: Progress, seconds: float) -> str:
    """Return the line: share done, records, rates, time left, records refused."""
    counts = progress.counts
    share = progress.position / progress.size if progress.size else 1.0
    seconds = max(seconds, 1e-9)
    parts = [f"{share:4.0%}", f"{counts.read:,} records", f"{counts.read / seconds:,.0f}/s"]
    parts.append(f"{progress.position / seconds / 1e6:,.1f} MB/s")
    if progress.merging:
        parts.append(f"{clock(seconds)} in all")
    else:
        done = progress.position - progress.resumed
        left = progress.size - progress.position
        parts.append(f"{clock(seconds * left / done)} left" if done > 0 else "--:-- left")
    parts.append(f"{counts.refused:,} refused")
    return "  ".join(parts)


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, or as hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
