"""Memory does not grow with the input."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
from logos_grammar.prep import prepare
manifest = prepare(sys.argv[1], kind="molecule", out=sys.argv[2])
status = Path("/proc/self/status").read_text()
print(manifest.counts.written, status.split("VmHWM:")[1].split()[0])
"""
LINE = b"CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O name\n"
MEGABYTES = 1024


def peak(source: Path, out: Path) -> tuple[int, int]:
    """Return records written and the peak of resident memory in KiB."""
    command = [sys.executable, "-c", SCRIPT, str(source), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    written, kibibytes = done.stdout.split()
    return int(written), int(kibibytes)


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are read from /proc")
@pytest.mark.parametrize("ending", [pytest.param("", marks=pytest.mark.slow), ".gz"])
def test_memory_is_flat_in_the_size_of_the_input(tmp_path: Path, ending: str) -> None:
    peaks = []
    for count in (300_000, 1_200_000):
        text = LINE * count
        source = tmp_path / f"{count}.smi{ending}"
        source.write_bytes(gzip.compress(text, 1) if ending else text)
        written, kibibytes = peak(source, tmp_path / f"{count}{ending}")
        assert written == count
        peaks.append(kibibytes)
    assert peaks[1] - peaks[0] < 24 * MEGABYTES
    assert peaks[1] < 300 * MEGABYTES
