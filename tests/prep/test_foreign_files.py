"""Files that others made are left alone, in the folder of the output and in its work folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from logos_grammar.prep import InputError, Progress, ShardReader, Shards, prepare
from logos_grammar.prep.readers.parquet import arrow
from logos_grammar.protein import Protein

from .conftest import contents

Write = Callable[[str, str | bytes], Path]
OUTPUTS = ["molecule.bin", "molecule.idx", "molecule.parquet", "refused.jsonl", "manifest.json"]
DRAFT = "{}.host.1-0123456789abcdef.part"


def test_these_are_the_outputs(written: Write, tmp_path: Path) -> None:
    prepare(written("a.smi", "C\n"), kind="molecule", out=tmp_path / "out")
    assert sorted(contents(tmp_path / "out")) == sorted(OUTPUTS)


def table() -> bytes:
    pa = arrow()
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.table({"smiles": ["C"], "y": [1]}), sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("how", ["itself", "link", "hard-link", "other"])
def test_no_file_of_others_is_written_over(
    written: Write, tmp_path: Path, name: str, how: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    content = table() if name.endswith("parquet") else b'{"smiles": "C"}\n'
    format = "parquet" if name.endswith("parquet") else "jsonl"
    source = written(f"a.{format}", content)
    if how == "link":
        (out / name).symlink_to(source)
    elif how == "hard-link":
        os.link(source, out / name)
    else:
        (out / name).write_bytes(content)
    if how == "itself":
        source = out / name
    before = contents(tmp_path)
    with pytest.raises(InputError, match="choose another") as caught:
        prepare(source, kind="molecule", out=out, format=format)
    assert name in str(caught.value)
    assert contents(tmp_path) == before
    assert (out / name).is_symlink() == (how == "link")


@pytest.mark.parametrize("name", [*OUTPUTS, "work", "other.idx"])
@pytest.mark.parametrize("what", ["folder", "file", "dangling"])
def test_no_name_of_others_is_taken(written: Write, tmp_path: Path, name: str, what: str) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    out.mkdir()
    if what == "folder":
        (out / name).mkdir()
        (out / name / "x").touch()
    elif what == "file":
        (out / name).write_text("[]")
    else:
        (out / name).symlink_to(tmp_path / "nothing")
    before = sorted(out.rglob("*"))
    with pytest.raises(InputError, match=rf"{name}.*choose another"):
        prepare(source, kind="molecule", out=out)
    assert sorted(out.rglob("*")) == before


def test_only_own_drafts_and_chunks_are_removed(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\nCC\n"), tmp_path / "out"
    out.mkdir()
    names = ["data.part", "x.host.1-0.part", DRAFT.format("thesis.tex"), DRAFT.format("x.chunk")]
    theirs = {out / name: name.encode() for name in names}

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    for path, content in theirs.items():
        path.write_bytes(content)
    (out / "folder.part").mkdir()
    (out / DRAFT.format("molecule.bin")).mkdir()
    with pytest.raises(KeyboardInterrupt):
        prepare(source, kind="molecule", out=out, on_progress=stop)
    ours = [out / DRAFT.format("molecule.bin1").replace("bin1", "idx")]
    ours += [out / "work" / DRAFT.format("000000-00000000.chunk")]
    for draft in ours:
        draft.touch()
    names += ["x.part", "x.chunk"]
    theirs |= {out / "work" / name: name.encode() for name in names}
    for path, content in theirs.items():
        path.write_bytes(content)
    prepare([source], kind="molecule", out=out)
    assert {path: path.read_bytes() for path in theirs} == theirs
    assert (out / "folder.part").is_dir()
    assert not any(draft.exists() for draft in ours)
    assert not (out / "work" / "plan.json").exists()
    # A run that finds itself finished leaves them alone too.
    prepare(source, kind="molecule", out=out)
    assert {path: path.read_bytes() for path in theirs} == theirs


def test_an_input_that_looks_like_a_draft_stays(written: Write, tmp_path: Path) -> None:
    source = written("data.part", "C\n")
    prepare(source, kind="molecule", out=tmp_path, format="lines")
    assert source.read_bytes() == b"C\n"


@pytest.mark.parametrize("name", ["plan.json", "x.part", "000000-00000000.chunk", "folder"])
def test_a_work_folder_of_others_stays_after_a_finished_run(
    written: Write, tmp_path: Path, name: str
) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    prepare(source, kind="molecule", out=out)
    (out / "work").mkdir()
    (out / "work" / name).write_text('{"plan": "of others"}')
    before = contents(out)
    prepare(source, kind="molecule", out=out)
    assert contents(out) == before


@pytest.mark.parametrize("name", ["objects.bin", "objects.idx", "objects.parquet", "other.bin"])
@pytest.mark.parametrize("resume", [False, True])
def test_shards_write_over_nothing(tmp_path: Path, name: str, resume: bool) -> None:
    (tmp_path / name).write_bytes(b"years")
    with pytest.raises(InputError, match=f"expected no shards in .*, found {name}"):
        Shards(tmp_path, resume=resume)
    assert contents(tmp_path) == {name: b"years"}
    with Shards(tmp_path / "out", name="mine", resume=resume) as shards:
        shards.add(Protein("M"))


def test_the_table_of_other_shards_is_not_of_these(tmp_path: Path) -> None:
    (tmp_path / "labels.parquet").write_bytes(b"years")
    with Shards(tmp_path) as shards:
        shards.add(Protein("M"))
    assert (tmp_path / "labels.parquet").read_bytes() == b"years"
    assert list(ShardReader(tmp_path)) == [Protein("M")]


@pytest.mark.parametrize("what", ["file", "x.part", "x.chunk"])
def test_rows_are_not_kept_in_a_work_folder_of_others(tmp_path: Path, what: str) -> None:
    work = tmp_path / "work"
    if what == "file":
        work.write_bytes(b"years")
    else:
        work.mkdir()
        (work / what).write_bytes(b"years")
    before = contents(tmp_path)
    with pytest.raises(InputError, match="found other work"):
        Shards(tmp_path, resume=True)
    assert contents(tmp_path) == before


def test_files_of_others_among_kept_rows_stay(tmp_path: Path) -> None:
    with Shards(tmp_path, resume=True) as shards:
        shards.add(Protein("M"))
        (tmp_path / "work" / "x.part").write_bytes(b"years")
    assert (tmp_path / "work" / "x.part").read_bytes() == b"years"
    assert len(ShardReader(tmp_path)) == 1
