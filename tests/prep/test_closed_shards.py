"""What a writer of shards leaves behind it: under which names, on an error, and when closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from logos_grammar.prep import InputError, ShardReader, Shards, files
from logos_grammar.prep.files import write_whole
from logos_grammar.prep.manifest import MANIFEST
from logos_grammar.protein import Protein

OBJECTS = [Protein("MK"), Protein("ML"), Protein("")]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../zz", "/a", "a/", "\0", "a\\b", "x" * 300, "\ud800"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputError, match=r"expected the name of files|File name too long"):
        Shards(out, name=name)
    assert not out.exists() or list(out.iterdir()) == []
    with pytest.raises(TypeError, match="expected the name of files as text, not int"):
        Shards(out, name=5)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", [".bin", ".idx", ".parquet", "manifest.json"])
@pytest.mark.parametrize("resume", [False, True])
def test_a_close_that_fails_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, resume: bool
) -> None:
    @contextmanager
    def full(path: Path) -> Iterator[BinaryIO]:
        with write_whole(path) as file:
            if path.name.endswith(fault):
                raise OSError(28, "No space left on device")
            yield file

    shards = Shards(tmp_path, resume=resume)
    shards.add_many(OBJECTS)
    monkeypatch.setattr("logos_grammar.prep.shards.write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        shards.close()
    monkeypatch.undo()
    assert [each.name for each in tmp_path.iterdir()] == (["work"] if resume else [])
    with Shards(tmp_path, resume=resume) as shards:
        assert len(shards) == (len(OBJECTS) if resume else 0)


@pytest.mark.parametrize("resume", [False, True])
def test_what_a_writer_that_was_killed_at_its_end_left_is_removed(
    tmp_path: Path, resume: bool
) -> None:
    names = [f"objects{ending}" for ending in (".bin", ".idx", ".parquet")] + [MANIFEST]
    draft = "{}.{}.1-0123456789abcdef.part"
    ours = [tmp_path / draft.format(name, files._HOST) for name in names]
    theirs = [tmp_path / draft.format(name, "other-machine") for name in names]
    foreign = [tmp_path / draft.format("notes.txt", files._HOST), tmp_path / "objects.bin.part"]
    for path in (*ours, *theirs, *foreign):
        path.touch()
    with Shards(tmp_path, resume=resume) as shards:
        shards.add_many(OBJECTS)
        assert not any(path.exists() for path in ours)
        assert all(path.exists() for path in theirs), "another machine may be writing them"
    assert {path.name for path in tmp_path.iterdir()} == {*names, *(p.name for p in foreign)}


def test_a_closed_writer_takes_nothing_and_closes_again(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    shards.add(OBJECTS[0])
    shards.close()
    shards.close()
    for add in (lambda: shards.add(OBJECTS[0]), lambda: shards.add_many([OBJECTS[0]])):
        with pytest.raises(
            ValueError, match=r"expected a writer that is open, the one in .* is cl"
        ):
            add()
    assert len(ShardReader(tmp_path)) == 1
