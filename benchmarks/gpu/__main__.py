"""All stages in one call, each in a process of its own and with a limit; JSON after each record.

`python -m benchmarks.gpu --data SHARDS --out FOLDER` takes at most eight minutes on a GPU; with
`--small` it takes small shapes, which run on a processor too. What a stage has found when its limit
is reached stays: `FOLDER/STAGE.json`, and all of them in `FOLDER/result.json`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.gpu.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage, named as its module, and the seconds that it may take."""

    name: str
    seconds: float


STAGES = (
    Stage(name="versions", seconds=20),
    Stage(name="kernels", seconds=90),
    Stage(name="training", seconds=110),
    Stage(name="transformers_training", seconds=60),
    Stage(name="generation", seconds=60),
    Stage(name="resuming", seconds=45),
    Stage(name="learning", seconds=120),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stages, or one of them in this process; return 1 if one failed or was cut."""
    options = _parser().parse_args(arguments)
    settings = Settings(data=tuple(options.data), out=options.out, small=options.small)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.stage is not None:
        _run_here(options.stage, settings)
        return 0
    end = time.monotonic() + options.seconds
    failed = False
    for stage in STAGES:
        if options.only and stage.name not in options.only:
            continue
        limit = end - time.monotonic()
        # The limits are for a GPU; small shapes on a busy processor share all of the time.
        if stage is not STAGES[-1] and not options.small:
            limit = min(limit, stage.seconds)
        if limit < 10:
            print(f"{stage.name}: no time left", flush=True)
            continue
        ending = _run_apart(stage.name, arguments or sys.argv[1:], limit, settings)
        failed |= ending != "done"
        found = {one.name: settings.read(one.name) for one in STAGES}
        text = json.dumps({name: record for name, record in found.items() if record}, indent=1)
        (options.out / "result.json").write_text(text + "\n", encoding="utf-8")
        print(f"{stage.name}: {ending}, {end - time.monotonic():.0f} s left", flush=True)
    return int(failed)


def _run_here(name: str, settings: Settings) -> None:
    for key, record in import_module(f"benchmarks.gpu.{name}").run(settings):
        settings.write(name, {**settings.read(name), key: record})
        print(f"{name}: {key}: {json.dumps(record)}", flush=True)


def _run_apart(name: str, arguments: Sequence[str], limit: float, settings: Settings) -> str:
    """Run a stage in another process; return how it ended."""
    settings.write(name, {})
    command = [sys.executable, "-m", "benchmarks.gpu", *arguments, "--stage", name]
    command += ["--limit", str(limit)]
    try:
        done = subprocess.run(command, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        ending = f"cut after {limit:.0f} s"
    else:
        ending = "done" if done.returncode == 0 else f"failed with status {done.returncode}"
    settings.write(name, {**settings.read(name), "ending": ending})
    return ending


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="folders of shards")
    add("--out", type=Path, required=True, help="folder of the results")
    add("--small", action="store_true", help="small shapes, as a processor takes them")
    add("--seconds", type=float, default=480, help="of all stages (%(default)s)")
    names = [stage.name for stage in STAGES]
    add("--only", nargs="+", choices=names, default=[], help="these stages alone")
    add("--stage", choices=names, help="run one stage in this process")
    add("--limit", type=float, default=120, help="seconds of that stage")
    return parser


if __name__ == "__main__":
    sys.exit(main())
