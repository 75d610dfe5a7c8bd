"""Runs a Python of its own: what is declared there is known to no other test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def run(*arguments: str, folder: Path, path: tuple[Path, ...] = ()) -> tuple[int, str, str]:
    """Run Python with these arguments in a folder.

    Parameters
    ----------
    folder
        Where it runs.
    path
        Folders from which it imports, before those of this process.

    Returns
    -------
    status, out, err
        The exit status, and what it wrote.
    """
    known = [entry for entry in sys.path if entry]
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, path), *known])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def run_tests(file: Path, *, folder: Path) -> str:
    """Run the tests of a file, which have to pass; what pytest said."""
    options = ("-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(file.parent))
    status, out, err = run(*options, str(file), folder=folder)
    assert status == 0, out + err
    return out
