"""Writers that are cut and go on: the same bytes, as far as they were, after any kind of end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.prep import InputError, ShardReader, Shards, kept_rows, prepare
from logos_grammar.protein import Protein

from .conftest import contents

META: list[dict[str, Any]] = [
    {"label": 1, "split": None},
    {"label": 0.5},
    {},
    {"split": "train", "good": True},
    {"label": np.float32(2.5), "split": "test"},
]
OBJECTS: list[Any] = [
    lg.molecule.Molecule.from_smiles("C" * (row + 1)) if row % 2 else Protein("MK" * row)
    for row in range(40)
]


def meta_of(row: int) -> dict[str, Any]:
    return META[row % len(META)]


class Cut(Exception):
    """The end of a writer that was not to end."""


def write(folder: Path, until: int, *, resume: bool = True) -> int:
    """Go on until a row, then fail, or finish; return how many rows were there at first."""
    with Shards(folder, resume=resume) as shards:
        begun = len(shards)
        assert shards.resumed == begun
        assert f"{begun} rows" in repr(shards)
        for row in range(begun, until):
            assert shards.add(OBJECTS[row], meta=meta_of(row)) == row
        if until < len(OBJECTS):
            raise Cut
    return begun


@pytest.mark.parametrize("rows", [1, 3, 1000])
@settings(deadline=None, max_examples=15)
@given(cuts=st.lists(st.integers(0, len(OBJECTS) - 1), max_size=4).map(sorted))
def test_a_writer_that_was_cut_goes_on(
    tmp_path_factory: pytest.TempPathFactory, rows: int, cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_rows, "_ROWS", rows)
        before = 0
        for cut in cuts:
            with pytest.raises(Cut):
                write(folder, cut)
            before = cut
            assert [path.name for path in folder.iterdir()] == ["work"]
        assert write(folder, len(OBJECTS)) == before
    whole = tmp_path_factory.mktemp("whole")
    write(whole, len(OBJECTS), resume=False)
    assert contents(folder) == contents(whole)
    assert list(ShardReader(folder)) == OBJECTS


def test_rows_together_are_kept_as_one_by_one(tmp_path: Path) -> None:
    shards = Shards(tmp_path / "a", resume=True)
    shards.add_many(OBJECTS[:10], meta={"x": list(range(10)), "y": [None] * 9 + ["z"]})
    shards.__exit__(Cut, Cut(), None)
    with Shards(tmp_path / "a", resume=True) as shards:
        assert len(shards) == shards.resumed == 10
    with Shards(tmp_path / "b") as shards:
        shards.add_many(OBJECTS[:10], meta={"x": list(range(10)), "y": [None] * 9 + ["z"]})
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


PROGRAM = """
import os, sys
from logos_grammar.prep import Shards
from logos_grammar.protein import Protein
with Shards(sys.argv[1], resume=True) as shards:
    for row in range(10_000):
        shards.add(Protein("MK"), meta={"row": row})
    os.kill(os.getpid(), 9)
"""


def test_after_a_kill_whole_parts_are_there(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], check=False)
    assert killed.returncode == -9
    with Shards(tmp_path, resume=True) as shards:
        assert len(shards) == 8192
        shards.add(Protein("M"))
    found = ShardReader(tmp_path)
    assert len(found) == 8193
    assert [found.meta(row)["row"] for row in (0, 8191, 8192)] == [0, 8191, None]


def cut_at(folder: Path, rows: int) -> Path:
    with pytest.raises(Cut):
        write(folder, rows)
    (part,) = (folder / "work").glob("*.chunk")
    return part


def test_what_is_kept_is_not_written_over(tmp_path: Path) -> None:
    cut_at(tmp_path, 5)
    with pytest.raises(InputError, match="found work: resume=True goes on"):
        Shards(tmp_path)
    with pytest.raises(InputError, match="expected rows of other"):
        Shards(tmp_path, name="other", resume=True)
    write(tmp_path, len(OBJECTS))
    with pytest.raises(InputError, match="expected no shards"):
        Shards(tmp_path, resume=True)


def test_a_writer_that_was_cut_at_its_end_goes_on(tmp_path: Path) -> None:
    cut_at(tmp_path, 39)
    (tmp_path / "objects.bin").write_bytes(b"half")
    assert write(tmp_path, 40) == 39
    assert list(ShardReader(tmp_path)) == OBJECTS


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    part = cut_at(tmp_path, 5)
    data = bytearray(part.read_bytes())
    data[-3] ^= 1
    part.write_bytes(data)
    with pytest.raises(InputError, match="not as it was written"):
        Shards(tmp_path, resume=True)
    part.rename(part.with_name("00000001.chunk"))
    with pytest.raises(InputError, match="missing"):
        Shards(tmp_path, resume=True)


def test_parts_that_changed_places_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_rows, "_ROWS", 2)
    with pytest.raises(Cut):
        write(tmp_path, 4)
    one, other = sorted((tmp_path / "work").glob("*.chunk"))
    exchange(one, other)
    with pytest.raises(InputError, match=r"00000000\.chunk is not as it was written"):
        Shards(tmp_path, resume=True)
    exchange(one, other)
    assert write(tmp_path, len(OBJECTS)) == 4


def exchange(one: Path, other: Path) -> None:
    between = one.with_name("between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{", "shards.json is not as it was written"),
        ("[]", "shards.json is not as it was written"),
        ("5", "shards.json is not as it was written"),
        ('{"name": "objects"}', "shards.json is not as it was written"),
        ({"name": "x"}, "expected rows of objects in .*, found those of x: delete"),
        ({"fingerprint": "x"}, "expected rows of this vocabulary in .*, found those of another"),
        ({"types": {"rock": "x"}}, "expected rows of types as they are declared here in"),
    ],
)
def test_what_a_writer_said_of_itself_is_compared(tmp_path: Path, said: Any, message: str) -> None:
    cut_at(tmp_path, 5)
    path = tmp_path / "work" / "shards.json"
    changed = (
        said if isinstance(said, str) else json.dumps({**json.loads(path.read_text()), **said})
    )
    path.write_text(changed)
    with pytest.raises(InputError, match=message):
        Shards(tmp_path, resume=True)


def test_the_work_of_a_preparation_is_not_rows(tmp_path: Path) -> None:
    (tmp_path / "out" / "work").mkdir(parents=True)
    (tmp_path / "out" / "work" / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="found other work"):
        Shards(tmp_path / "out", resume=True)
    cut_at(tmp_path / "rows", 5)
    (tmp_path / "a.smi").write_text("C\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected no work of others"):
        prepare(tmp_path / "a.smi", kind="molecule", out=tmp_path / "rows")
