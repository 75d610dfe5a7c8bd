"""A package that is not installed is asked for in a sentence, before any work is done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
from logos_grammar.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("package", "command", "name", "extra"),
    [
        ("pyarrow", "prep", "a.smi", "prep"),
        ("pyarrow", "check", "a.parquet", "prep"),
        ("zstandard", "prep", "a.smi.zst", "prep"),
        ("rdkit", "check", "a.sdf", "rdkit"),
        ("rdkit", "prep", "a.sdf", "rdkit"),
    ],
)
def test_what_is_missing_is_said(
    tmp_path: Path, package: str, command: str, name: str, extra: str
) -> None:
    (tmp_path / name).write_bytes(b"CCO\n")
    arguments = [command, str(tmp_path / name), "--kind", "molecule"]
    if command == "prep":
        arguments += ["--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, package, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"pip install 'logos-grammar[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_rdkit_is_asked_for_only_when_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "a.smi").write_bytes(b"CCO\n")
    command = [sys.executable, "-c", SCRIPT, "rdkit,pyarrow,zstandard", "check"]
    command.append(str(tmp_path / "a.smi"))
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    done = subprocess.run([*command, "--rdkit"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'logos-grammar[rdkit]'" in done.stderr
