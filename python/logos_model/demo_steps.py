"""What the demos share: commands typed as a reader would type them, each with the time it took."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Command = Callable[[Sequence[str]], int]


class StepFailedError(RuntimeError):
    """A step of a demo that did not end well."""


def run_command(module: str, command: Command, arguments: Sequence[str]) -> None:
    """Type a command, run it, and say how long it took."""
    print(f"$ python -m {shlex.join([module, *arguments])}", flush=True)
    began = time.perf_counter()
    status = command(arguments)
    sys.stderr.flush()
    print(f"  ({time.perf_counter() - began:.1f} s)\n", flush=True)
    if status:
        raise StepFailedError(f"expected exit status 0 of {module} {arguments[0]}, got {status}")


def near(path: Path) -> str:
    """Return a path as one would type it here."""
    below = path.is_relative_to(Path.cwd())
    return os.path.relpath(path) if below else str(path)


def title(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")
