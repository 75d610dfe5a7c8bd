"""The same input comes to the same bytes, however it is cut, shared out and begun again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from logos_grammar.__main__ import main
from logos_grammar.prep import InputError, Output, prepare, read_manifest
from logos_grammar.prep.workers import workers_for

from .conftest import contents

Write = Callable[[str, str | bytes], Path]
ATOMS = ["C", "CC", "c1ccccc1", "C(=O)O", "N", "[13CH3]", "O", "C(F)(F)F", "S", "!"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of random SMILES, one in a hundred of them refused."""
    folder = tmp_path_factory.mktemp("inputs")
    chosen = random.Random(1)
    rows = ["".join(chosen.choices(ATOMS, [30] * 9 + [1], k=8)) for _ in range(40_000)]
    (folder / "a.smi").write_text("".join(f"{row} n{i}\n" for i, row in enumerate(rows[:30_000])))
    cells = "".join(f'"x,{i}",{row}\n' for i, row in enumerate(rows[30_000:]))
    (folder / "b.csv").write_text("id,smiles\n" + cells)
    return [folder / "a.smi", folder / "b.csv"]


@pytest.fixture(scope="module")
def straight(inputs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes that nothing stops."""
    out = tmp_path_factory.mktemp("straight") / "out"
    prepare(inputs, kind="molecule", out=out, chunk_bytes=1 << 16)
    return contents(out)


@pytest.mark.parametrize("workers", [2, 3])
def test_the_bytes_do_not_depend_on_the_number_of_workers(
    inputs: list[Path], straight: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    out = tmp_path / "out"
    prepare(inputs, kind="molecule", out=out, chunk_bytes=1 << 16, workers=workers)
    assert contents(out) == straight


@pytest.mark.parametrize("chunk_bytes", [5_000, 1 << 22])
def test_the_bytes_do_not_depend_on_the_size_of_chunks(
    inputs: list[Path], straight: dict[str, bytes], tmp_path: Path, chunk_bytes: int
) -> None:
    out = tmp_path / "out"
    prepare(inputs, kind="molecule", out=out, chunk_bytes=chunk_bytes)
    assert contents(out) == straight


KILLED = """
import os, signal, sys
from logos_grammar.prep import merge, prepare

def end(*args, **names):
    os.kill(os.getpid(), signal.SIGKILL)

def on_progress(progress):
    on_progress.calls += 1
    if sys.argv[1] == str(on_progress.calls):
        end()

on_progress.calls = 0
if not sys.argv[1].isdigit():
    setattr(merge, sys.argv[1], end)
if __name__ == "__main__":
    prepare(sys.argv[4:], kind="molecule", out=sys.argv[2], chunk_bytes=1 << 16,
            workers=int(sys.argv[3]), on_progress=on_progress)
"""


@pytest.mark.parametrize(
    ("moment", "workers"),
    [("1", 1), ("3", 2), ("_write_index", 1), ("_write_refusals", 1), ("settle_folder", 1)],
)
def test_a_run_that_was_killed_goes_on_to_the_same_bytes(
    inputs: list[Path], straight: dict[str, bytes], tmp_path: Path, moment: str, workers: int
) -> None:
    out = tmp_path / "out"
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    command = [sys.executable, str(script), moment, str(out), str(workers), *map(str, inputs)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (out / "manifest.json").exists()
    assert list((out / "work").glob("*.chunk"))
    prepare(inputs, kind="molecule", out=out, chunk_bytes=1 << 16)
    assert contents(out) == straight


def test_the_command_killed_from_outside_goes_on_to_the_same_bytes(
    inputs: list[Path], straight: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "logos_grammar", "prep", *map(str, inputs)]
    command += ["--kind", "molecule", "--out", str(out), "--workers", "2", "--chunk-bytes", "65536"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not list(out.glob("work/*.chunk")) and time.monotonic() < until:
        time.sleep(0.005)
    process.kill()
    process.wait()
    killed = not (out / "manifest.json").exists()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "40,000 records read" in done.stdout
    assert contents(out) == straight
    assert killed, "the run ended before it was killed, so nothing was tested"


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_workers_end_with_a_parent_that_was_killed(inputs: list[Path], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "logos_grammar", "prep", *map(str, inputs), "--quiet"]
    command += ["--kind", "molecule", "--out", str(tmp_path / "out"), "--workers", "2"]
    process = subprocess.Popen([*command, "--chunk-bytes", "2000"])
    until = time.monotonic() + 30
    while not list(tmp_path.glob("out/work/*.chunk")) and time.monotonic() < until:
        time.sleep(0.005)
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    workers = [Path("/proc") / child for task in tasks for child in task.read_text().split()]
    process.kill()
    process.wait()
    assert len(workers) >= 2
    while any(worker.exists() for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(worker.exists() for worker in workers)


def test_a_finished_run_is_not_done_again(
    inputs: list[Path], straight: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = prepare(inputs, kind="molecule", out=out, chunk_bytes=1 << 16)
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    assert prepare(inputs, kind="molecule", out=out, chunk_bytes=1 << 16) == first
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == times
    assert read_manifest(out / "manifest.json") == first


def _shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def _overwritten(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


DAMAGES: dict[Callable[[Path], None], str] = {
    Path.unlink: "No such file",
    _shortened: "bytes instead of",
    _lengthened: "bytes instead of",
    _overwritten: "its SHA-256 is not that of the manifest",
}


@pytest.mark.parametrize(
    "name", ["molecule.bin", "molecule.idx", "molecule.parquet", "refused.jsonl"]
)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_finished_run_that_was_damaged_is_not_said_to_be_done(
    written: Write,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    damage: Callable[[Path], None],
) -> None:
    source, out = written("a.smi", "CCO\nCC\nC!\n"), tmp_path / "out"
    command = ["prep", str(source), "--kind", "molecule", "--out", str(out), "--workers", "1"]
    assert main(command) == 0
    damage(out / name)
    assert main(command) == 2
    shown = capsys.readouterr().err
    assert str(out / name) in shown
    assert DAMAGES[damage] in shown
    assert f"delete {out} and run the same command again" in shown
    shutil.rmtree(out)
    assert main(command) == 0


def test_the_manifest_says_what_each_file_is(written: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    manifest = prepare(written("a.smi", "CCO\nC!\n"), kind="molecule", out=out)
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix != ".json"}
    assert manifest.files == {
        name: Output(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    }


def test_a_manifest_of_another_version_is_refused(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    prepare(source, kind="molecule", out=out)
    found = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**found, "files": {"molecule.bin": 8}}))
    with pytest.raises(InputError, match="expected the manifest of a preparation by this version"):
        prepare(source, kind="molecule", out=out)


def test_another_plan_in_the_same_folder_is_refused(written: Write, tmp_path: Path) -> None:
    source, out = written("a.txt", "CCO\nCC\n"), tmp_path / "out"
    prepare(source, kind="molecule", out=out)
    with pytest.raises(InputError, match="kind: 'molecule' before, 'protein' now"):
        prepare(source, kind="protein", out=out)
    with pytest.raises(InputError, match="without_extensions: False before, True now"):
        prepare(source, kind="molecule", out=out, without_extensions=True)
    with pytest.raises(InputError, match="sources: 1 before, 2 now"):
        prepare([source, written("b.txt", "CCO\nCC\n")], kind="molecule", out=out)


def test_a_file_that_changed_is_refused(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "CCO\nCC\n"), tmp_path / "out"
    prepare(source, kind="molecule", out=out)
    source.write_text("CCO\nCN\n")
    with pytest.raises(InputError, match=r"before .* changed: delete the folder, or ch"):
        prepare(source, kind="molecule", out=out)


def test_a_file_that_changed_while_a_run_was_stopped_is_refused(
    written: Write, tmp_path: Path
) -> None:
    source, out = written("a.smi", "CCO\nCC\n"), tmp_path / "out"

    def stop(progress: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(source, kind="molecule", out=out, on_progress=stop)
    source.write_text("CCO\nCN\n")
    with pytest.raises(InputError, match=r"has changed since .*: delete the folder, or ch"):
        prepare(source, kind="molecule", out=out)


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(inputs: list[Path], tmp_path: Path) -> None:
    # Long enough that the run cannot be over before the signal comes.
    source, out = tmp_path / "long.smi", tmp_path / "out"
    source.write_bytes(inputs[0].read_bytes() * 10)
    command = [sys.executable, "-m", "logos_grammar", "prep", str(source)]
    command += ["--kind", "molecule", "--out", str(out), "--workers", "2", "--chunk-bytes", "65536"]
    # A shell lets what it runs in the background ignore Ctrl-C: these tests perhaps, and so theirs.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, process_group=0, stdout=subprocess.DEVNULL
    )
    signal.signal(signal.SIGINT, before)
    until = time.monotonic() + 30
    while not list(out.glob("work/*.chunk")) and time.monotonic() < until:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped; the same command goes on" in said
    assert "Traceback" not in said
    prepare(source, kind="molecule", out=out, chunk_bytes=1 << 16)
    prepare(source, kind="molecule", out=tmp_path / "straight", chunk_bytes=1 << 16)
    assert contents(out) == contents(tmp_path / "straight")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not blocked there")
def test_a_worker_never_hears_ctrl_c_not_even_as_it_starts() -> None:
    with workers_for(_blocked_signals, 2) as submit:
        assert signal.SIGINT in submit(0).result(timeout=30)
    assert signal.SIGINT not in _blocked_signals(0)


def _blocked_signals(task: int) -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_shards_of_someone_else_are_not_written_over(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    out.mkdir()
    (out / "other.bin").write_bytes(b"")
    with pytest.raises(InputError, match=r"no work of others in .*, found other\.bin"):
        prepare(source, kind="molecule", out=out)


def test_a_work_folder_of_someone_else_is_left_alone(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    (out / "work").mkdir(parents=True)
    (out / "work" / "thesis.tex").write_text("years")
    with pytest.raises(InputError, match=r"no work of others in .*, found work/thesis\.tex"):
        prepare(source, kind="molecule", out=out)
    assert (out / "work" / "thesis.tex").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the lock of a folder needs fcntl")
def test_two_runs_do_not_write_in_one_folder(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"

    def other(progress: object) -> None:
        with pytest.raises(InputError, match="another process is preparing"):
            prepare(source, kind="molecule", out=out)

    assert prepare(source, kind="molecule", out=out, on_progress=other).counts.written == 1
