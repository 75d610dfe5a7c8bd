"""The standard input, which is kept as a file, since inputs are read twice."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from logos_grammar.commands.inputs import kept_stdin
from logos_grammar.molecule import Molecule
from logos_grammar.prep import ShardReader, prepare

from .conftest import contents

TEXT = "CCO ethanol\nN ammonia\n"


def run(tmp_path: Path, *arguments: str, text: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "logos_grammar", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, cwd=tmp_path
    )


def test_prep_reads_the_standard_input(tmp_path: Path) -> None:
    options = ["--kind", "molecule", "--out", "out", "--workers", "1"]
    done = run(tmp_path, "prep", "-", *options, "--format", "lines", text=TEXT)
    assert done.returncode == 0, done.stderr
    assert list(ShardReader(tmp_path / "out")) == [
        Molecule.from_smiles("CCO"),
        Molecule.from_smiles("N"),
    ]
    before = contents(tmp_path / "out")
    assert before["stdin.smi"] == TEXT.encode()
    again = run(tmp_path, "prep", "-", *options, "--format", "lines", text=TEXT)
    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "out") == before


PREP = ["prep", "-", "--kind", "molecule", "--out", "out", "--workers", "1", "--format", "lines"]


@pytest.mark.parametrize("other", ["CCN\n", "", TEXT[:-1], TEXT + "C\n"])
@pytest.mark.parametrize("begun", [True, False], ids=["finished", "of-others"])
def test_another_standard_input_changes_nothing(tmp_path: Path, other: str, begun: bool) -> None:
    out = tmp_path / "out"
    if begun:
        assert run(tmp_path, *PREP, text=TEXT).returncode == 0
    else:
        out.mkdir()
        (out / "stdin.smi").write_text(TEXT, encoding="utf-8")
    before = contents(tmp_path)
    done = run(tmp_path, *PREP, text=other)
    assert done.returncode == 2
    assert "stdin.smi holds: delete the folder, or choose another" in done.stderr
    assert contents(tmp_path) == before


def test_a_refused_run_leaves_no_standard_input(tmp_path: Path) -> None:
    done = run(tmp_path, *PREP, "--chunk-bytes", "0", text=TEXT)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    (tmp_path / "a.smi").write_text("C\n", encoding="utf-8")
    assert run(tmp_path, "prep", "a.smi", *PREP[2:], text="").returncode == 0
    before = contents(tmp_path)
    done = run(tmp_path, *PREP, text=TEXT)
    assert (done.returncode, "another plan" in done.stderr) == (2, True)
    assert contents(tmp_path) == before


def test_a_run_that_was_stopped_keeps_the_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def stop(progress: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    with (
        pytest.raises(KeyboardInterrupt),
        kept_stdin(["-"], format="lines", folder=out) as inputs,
    ):
        prepare(inputs, kind="molecule", out=out, on_progress=stop)
    assert (out / "stdin.smi").read_bytes() == TEXT.encode()
    assert run(tmp_path, *PREP, text=TEXT).returncode == 0
    assert len(ShardReader(out)) == 2


def test_the_standard_input_needs_a_format_and_is_there_once(tmp_path: Path) -> None:
    options = ["--kind", "molecule", "--out", "out"]
    done = run(tmp_path, "prep", "-", *options, text="C\n")
    assert (done.returncode, "say the --format" in done.stderr) == (2, True)
    done = run(tmp_path, "prep", "-", "-", *options, "--format", "lines", text="C\n")
    assert (done.returncode, "expected - once" in done.stderr) == (2, True)


def test_check_reads_the_standard_input(tmp_path: Path) -> None:
    text = TEXT + "C!\n"
    options = ["--kind", "molecule", "--format", "lines"]
    done = run(tmp_path, "check", "-", *options, text=text)
    assert (done.returncode, done.stderr) == (1, "")
    (tmp_path / "same.smi").write_text(text, encoding="utf-8")
    file = run(tmp_path, "check", "same.smi", *options, text="")
    assert done.stdout == file.stdout.replace("same.smi", "-")
    assert "3 read" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["same.smi"]
    table = run(tmp_path, "check", "same.smi", "-", "--format", "csv", text="smiles\nCCO\n")
    assert "same.smi" in table.stderr
    json = run(tmp_path, "check", "-", "--format", "csv", "--json", text="smiles\nCCO\n")
    assert (json.returncode, '"path": "-"' in json.stdout) == (0, True)
    done = run(tmp_path, "check", "-", text="C\n")
    assert (done.returncode, "say the --format" in done.stderr) == (2, True)
