"""What lies on the disk is looked at before it is believed: chunks, plans, inputs, drafts."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logos_grammar.prep import InputError, Progress, files, prepare
from logos_grammar.prep.files import write_whole

from .conftest import contents

Write = Callable[[str, str | bytes], Path]
LINES = "".join(f"{'C' * (row % 9 + 1)} n{row}\n" if row % 7 else "C!\n" for row in range(300))


@pytest.fixture
def source(written: Write) -> Path:
    return written("a.smi", LINES)


def prepared(source: Path | str, out: Path, **given: Any) -> dict[str, bytes]:
    prepare(source, kind="molecule", out=out, chunk_bytes=1000, **given)
    return contents(out)


def stopped(source: Path, out: Path) -> list[Path]:
    """Stop a run before its chunks are put together."""

    def stop(progress: Progress) -> None:
        if progress.merging:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepared(source, out, on_progress=stop)
    chunks = sorted((out / "work").glob("*.chunk"))
    assert len(chunks) > 2
    return chunks


def flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(30))
def test_a_bit_that_flipped_before_a_run_goes_on_changes_nothing(
    source: Path, tmp_path: Path, seed: int
) -> None:
    straight, out = prepared(source, tmp_path / "straight"), tmp_path / "out"
    chosen = random.Random(seed)
    chunk = chosen.choice(stopped(source, out))
    flip(chunk, chosen.randrange(8 * chunk.stat().st_size))
    assert prepared(source, out) == straight


@pytest.mark.parametrize("keep", [0, 10, 40, -1])
def test_a_chunk_that_was_cut_short_is_made_again(source: Path, tmp_path: Path, keep: int) -> None:
    straight, out = prepared(source, tmp_path / "straight"), tmp_path / "out"
    chunk = stopped(source, out)[1]
    chunk.write_bytes(chunk.read_bytes()[:keep])
    assert prepared(source, out) == straight


@pytest.mark.parametrize("lines", [LINES, "CCO\n" * 700], ids=["different", "alike"])
def test_chunks_that_changed_places_are_made_again(
    written: Write, tmp_path: Path, lines: str
) -> None:
    source, out = written("b.smi", lines), tmp_path / "out"
    straight = prepared(source, tmp_path / "straight")
    one, other, *_ = stopped(source, out)
    between = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(between)
    assert prepared(source, out) == straight


def test_a_bit_that_flips_while_a_run_goes_on_is_noticed(source: Path, tmp_path: Path) -> None:
    straight, out = prepared(source, tmp_path / "straight"), tmp_path / "out"

    def damage(progress: Progress) -> None:
        if progress.merging:
            flip(next((out / "work").glob("*.chunk")), 777)

    with pytest.raises(InputError, match=r"\.chunk is not as it was written: run the same"):
        prepared(source, out, on_progress=damage)
    assert not (out / "manifest.json").exists()
    assert prepared(source, out) == straight


def test_a_plan_that_is_damaged_is_said(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    stopped(source, out)
    (out / "work" / "plan.json").write_text("{")
    with pytest.raises(InputError, match=r"plan\.json is damaged .*: delete .*work"):
        prepared(source, out)


def longer(source: Path) -> None:
    with source.open("a") as file:
        file.write("CCO\n")


def other(source: Path) -> None:
    source.write_text(LINES.replace("C", "N"))
    os.utime(source, ns=(1, 1))


@pytest.mark.parametrize("moment", ["first", "last", "merging"])
@pytest.mark.parametrize("change", [longer, other])
def test_a_file_that_changes_while_it_is_read_is_noticed(
    source: Path, tmp_path: Path, moment: str, change: Callable[[Path], None]
) -> None:
    size = source.stat().st_size
    seen: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        now = {
            "first": not seen,
            "last": progress.position == size and not progress.merging,
            "merging": progress.merging,
        }
        seen.append(progress)
        if now[moment] and not changed:
            changed.append(moment)
            change(source)

    changed: list[str] = []
    out = tmp_path / "out"
    with pytest.raises(InputError, match=f"changed while it was read, from {size} bytes to "):
        prepared(source, out, on_progress=on_progress)
    assert changed
    assert not (out / "manifest.json").exists()


def test_how_the_caller_came_to_a_file_changes_no_byte(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = prepared(source, tmp_path / "absolute")
    monkeypatch.chdir(tmp_path)
    assert prepared("a.smi", Path("relative")) == wanted
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    assert prepared("../a.smi", tmp_path / "above") == wanted
    (tmp_path / "link").symlink_to(tmp_path)
    assert prepared("../link/a.smi", tmp_path / "linked") == wanted
    stopped(source, tmp_path / "stopped")
    assert prepared("../a.smi", tmp_path / "stopped") == wanted


def test_two_machines_never_write_in_one_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, drafts = tmp_path / "a.bin", set()
    # Containers have one number for their first process, and some have one name.
    monkeypatch.setattr(os, "getpid", lambda: 1)
    with write_whole(target) as one:
        for host in ("one", "one", "other"):
            monkeypatch.setattr(files, "_HOST", host)
            with write_whole(target) as another:
                another.write(host.encode())
                drafts |= {path.name for path in tmp_path.glob("*.part")}
        one.write(b"last")
    assert len(drafts) == 4
    assert target.read_bytes() == b"last"
    assert list(tmp_path.iterdir()) == [target]


def test_a_draft_of_another_machine_is_left_alone_until_the_end(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, out = prepared(source, tmp_path / "straight"), tmp_path / "out"
    stopped(source, out)
    names = [out / "molecule.bin", out / "a.smi", out / "work" / "000000-00000000.chunk"]
    drafts = "{}.{}.1-0123456789abcdef.part"
    theirs = [path.with_name(drafts.format(path.name, "other-machine")) for path in names]
    ours = [path.with_name(drafts.format(path.name, files._HOST)) for path in names]
    for draft in (*theirs, *ours):
        draft.touch()
    seen: list[bool] = []

    def on_progress(progress: Progress) -> None:
        seen.append(all(draft.exists() for draft in theirs))
        seen.append(not any(draft.exists() for draft in ours))

    assert prepared(source, out, on_progress=on_progress) == straight
    assert seen
    assert all(seen)
