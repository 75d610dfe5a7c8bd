"""The benchmarks for a GPU run, small, on a processor: every stage ends and leaves records."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from logos_grammar.__main__ import main as logos_grammar
from logos_model.sample_data import SAMPLES

ROOT = Path(__file__).parents[2]
SECONDS = 1800
STAGES = (
    *("versions", "kernels", "training", "transformers_training"),
    *("generation", "resuming", "learning"),
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command, small, from the root of the project."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu", "--small", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.slow
def test_every_stage_runs_small(tmp_path: Path) -> None:
    molecules = next(sample.path for sample in SAMPLES if sample.kind == "molecule")
    few = tmp_path / "few.smi"
    few.write_text("\n".join(molecules.read_text("utf-8").splitlines()[:2000]), "utf-8")
    shards, out = tmp_path / "shards", tmp_path / "out"
    given = ["prep", str(few), "--kind", "molecule", "--out", str(shards), "--workers", "1"]
    assert logos_grammar(given) == 0
    given = ["--data", str(shards), "--out", str(out)]
    for stage in STAGES:
        done = run("--stage", stage, *given)
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads((out / f"{stage}.json").read_text("utf-8")), stage


def test_a_stage_that_fails_keeps_what_it_found_and_the_others_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = ["--data", str(tmp_path / "missing"), "--out", str(out)]
    done = run("--only", "versions", "kernels", "--seconds", str(SECONDS), *given)
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert done.returncode == 1
    assert result["versions"]["ending"] == "done"
    assert result["kernels"]["ending"] == "failed with status 1"
    assert result["kernels"]["draw"]["equal ids"] == result["kernels"]["draw"]["rows"]
