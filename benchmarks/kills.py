"""Kills a run at random moments and compares what it comes to with a run that was not killed.

`python -m benchmarks.kills --data SHARDS --kills 7 --ranks 2` trains a model once from start to
end, and once with `kill -9` at random moments and `--resume` after each; loss, gradient norm,
tokens and validation have to be equal bit for bit, and the exported weights byte for byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from logos_model.checkpoint import find_checkpoint

_NUMBERS = ("step", "loss", "gradient_norm", "tokens", "validation_loss", "legal_loss", "kinds")


def main() -> int:
    """Train, kill, compare; return 0 if nothing differs."""
    options = _parser().parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as name:
        whole, killed = Path(name) / "whole", Path(name) / "killed"
        _run(options, ["--data", *options.data, "--out", str(whole)]).wait()
        arguments = ["--data", *options.data, "--out", str(killed)]
        for kill in range(options.kills):
            process = _run(options, arguments)
            # A random step of those to come, and a random moment in it.
            step = _last_step(killed) + random.randint(0, options.steps // options.kills - 1)
            while _last_step(killed) < step:
                time.sleep(0.02)
                if process.poll() is not None:
                    raise SystemExit(f"the run ended after {kill} kills: take more --steps")
            time.sleep(random.uniform(0.0, options.longest))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if (killed / "config.toml").is_file():
                arguments = ["--resume", str(killed)]
            print(f"killed after step {_last_step(killed)}", flush=True)
        _run(options, arguments).wait()
        same = _numbers(whole) == _numbers(killed)
        weights = [
            (find_checkpoint(run) / "model/model.safetensors").read_bytes()
            for run in (whole, killed)
        ]
        print(
            f"{options.ranks} ranks, {options.kills} kills, {len(_numbers(whole))} records: "
            f"numbers "
            f"{'equal' if same else 'differ'}, weights "
            f"{'equal' if weights[0] == weights[1] else 'differ'}"
        )
        return 0 if same and weights[0] == weights[1] else 1


def _run(options: argparse.Namespace, arguments: list[str]) -> subprocess.Popen[bytes]:
    launcher = [sys.executable, "-m"]
    if options.ranks > 1:
        launcher += ["torch.distributed.run", f"--nproc-per-node={options.ranks}"]
        launcher += ["--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", "-m"]
    training = ["logos_model.train", *arguments, "--samples", "1", "--threads", "1"]
    if arguments[0] != "--resume":
        training += ["--steps", str(options.steps), "--checkpoint-every", "5"]
        training += ["--validate-every", "10", *shlex.split(options.train)]
    return subprocess.Popen(
        [*launcher, *training],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _last_step(run: Path) -> int:
    records = _numbers(run)
    return int(records[-1]["step"]) if records else 0


def _numbers(run: Path) -> list[dict[str, Any]]:
    file = run / "metrics.jsonl"
    lines = file.read_text().split("\n")[:-1] if file.is_file() else []
    records = [json.loads(line) for line in lines]
    return [{name: one[name] for name in _NUMBERS if name in one} for one in records]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--data", nargs="+", required=True, help="folders of shards")
    parser.add_argument("--kills", type=int, default=7, help="(%(default)s)")
    parser.add_argument("--ranks", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--steps", type=int, default=40, help="(%(default)s)")
    parser.add_argument(
        "--longest", type=float, default=0.5, help="seconds from a step to a kill (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments (%(default)s)")
    parser.add_argument("--train", default="", help="further options of the run, as one text")
    return parser


if __name__ == "__main__":
    sys.exit(main())
