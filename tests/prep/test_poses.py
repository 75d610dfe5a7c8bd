"""Records of SDF that are poses of one molecule become one sentence, wherever a file is cut."""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.conformer import Conformer
from logos_grammar.formats.compressed import Stream
from logos_grammar.prep import InputError, Progress, prepare
from logos_grammar.prep.batch import Options
from logos_grammar.prep.carried import with_carried
from logos_grammar.prep.readers import Layout
from logos_grammar.prep.sentences import Sentences

from .conftest import contents, read_refused, read_shard
from .entries import tar_of

pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
Write = Callable[[str, str | bytes], Path]

RECORD = """{title}
  -TEST-            {dimension}

  3  2  0  0  0  0            999 V2000
   -0.5000    0.8000    {z} H   0  0
    0.0000    0.0000    {height} {element:<3} 0  0
    1.0500    0.0000    0.0000 H   0  0
  1  2  1  0
  3  2  1  0
M  END
$$$$
"""
FLAT, TORN = "0.0000", "   nan"
DIGITS = ("0.1000", "0.2500", "0.1234", FLAT, TORN)
"""The third is of more decimals; the last two are refused, one of them with its atoms and bonds."""


def record(element: str = "O", z: str = "0.1000", title: str = "") -> str:
    height, dimension = (FLAT, "2D") if z == FLAT else ("1.2500", "3D")
    return RECORD.format(element=element, z=z, title=title, height=height, dimension=dimension)


def grouped(drawn: list[tuple[str, str, str]], *, most: int) -> Iterator[list[int]]:
    """The rows of the records of each conformer; a record is its element, a digit and a title."""
    run = 0
    rows: list[int] = []
    for row, (element, z, title) in enumerate(drawn):
        is_read = z not in (FLAT, TORN)
        before = drawn[row - 1] if row else ("", "", "")
        is_same = element == before[0] and TORN not in (z, before[1])
        run = run + 1 if is_same and run < most else 1
        if rows and (run == 1 or not is_read or title != drawn[rows[-1]][2]):
            yield rows
            rows = []
        if is_read:
            rows.append(row)
    if rows:
        yield rows


def side_car(out: Path) -> list[dict[str, Any]]:
    parquet = importlib.import_module("pyarrow.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(out / "conformer.parquet").to_pylist()
    return rows


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
@pytest.mark.parametrize("seed", range(4))
def test_a_file_is_the_same_conformers_wherever_it_is_cut(
    seed: int, most: int, written: Write, tmp_path: Path
) -> None:
    draw = random.Random(seed)
    drawn = [
        (draw.choice("OOOS"), draw.choice(5 * DIGITS[:3] + DIGITS[3:]), draw.choice(["", "", "b"]))
        for _ in range(24)
    ]
    records = [record(*each) for each in drawn]
    source = written("a.sdf", "".join(records))
    outs = [tmp_path / str(chunk) for chunk in (1, 700, 1 << 20)]
    for out in outs:
        prepare(source, kind="conformer", out=out, poses=most, chunk_bytes=int(out.name))
    assert contents(outs[0]) == contents(outs[1]) == contents(outs[2])
    groups = list(grouped(drawn, most=most))
    assert [row["record"] - 1 for row in side_car(outs[0])] == [rows[0] for rows in groups]
    assert [row["records"] for row in side_car(outs[0])] == [len(rows) for rows in groups]
    found = [lg.decode(sentence[:-1]) for sentence in read_shard(outs[0], "conformer")]
    for conformer, rows in zip(found, groups, strict=True):
        (whole,) = Conformer.from_sdf("".join(records[row] for row in rows))
        assert conformer == whole
    refused = [one["record"] - 1 for one in read_refused(outs[0])]
    assert sorted(refused + [row for rows in groups for row in rows]) == list(range(24))


def test_counts_are_of_records_and_the_table_says_how_many(written: Write, tmp_path: Path) -> None:
    records = [record(z=z) for z in (*DIGITS[:3], TORN)]
    source = written("a.sdf", "".join(records) + record("S"))
    manifest = prepare(source, kind="conformer", out=tmp_path / "out")
    counts = manifest.counts
    assert (counts.read, counts.written, counts.refused) == (5, 4, 1)
    rows = [(row["record"], row["records"]) for row in side_car(tmp_path / "out")]
    assert rows == [(1, 3), (5, 1)]
    manifest = prepare(source, kind="conformer", out=tmp_path / "alone", poses=1)
    assert manifest.counts.written == 4
    assert len(read_shard(tmp_path / "alone", "conformer")) == 4


def test_what_is_left_out_does_not_keep_records_apart(written: Write, tmp_path: Path) -> None:
    items = "> <energy>\n{}\n\n$$$$\n"
    texts = [
        record(title=name).replace("$$$$\n", items.format(energy)) for name, energy in ("ab", "cd")
    ]
    source = written("a.sdf", "".join(texts))
    for number, (options, count) in enumerate(
        (
            ({}, 2),
            ({"without_title": True}, 2),
            ({"without_properties": True}, 2),
            ({"without_title": True, "without_properties": True}, 1),
        )
    ):
        out = tmp_path / str(number)
        prepare(source, kind="conformer", out=out, **options)  # type: ignore[arg-type]
        assert len(read_shard(out, "conformer")) == count


def test_a_projection_is_one_of_the_whole_conformer(written: Write, tmp_path: Path) -> None:
    text = record(z="0.1000") + record(z="0.2500")
    options: dict[str, Any] = {"projections": ["centred", "heavy"], "without_order": True}
    prepare(written("a.sdf", text), kind="conformer", out=tmp_path / "out", **options)
    ((*sentence, _),) = read_shard(tmp_path / "out", "conformer")
    (whole,) = Conformer.from_sdf(text)
    assert lg.decode(sentence) == whole.without_order().centred().heavy()


def test_a_conformer_that_is_refused_refuses_all_its_records(
    written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(conformer: Conformer) -> Conformer:
        raise ValueError("not this one")

    monkeypatch.setattr(Conformer, "centred", refuse)
    source = written("a.sdf", record() + record(z="0.2500") + record("S"))
    manifest = prepare(source, kind="conformer", out=tmp_path / "out", projections=["centred"])
    assert (manifest.counts.read, manifest.counts.refused) == (3, 3)
    assert [one["record"] for one in read_refused(tmp_path / "out")] == [1, 2, 3]


def test_a_run_is_resumed_between_conformers(written: Write, tmp_path: Path) -> None:
    texts = [record("OS"[number // 5 % 2], f"0.{number:04}") for number in range(30)]
    source = written("a.sdf", "".join(texts))
    prepare(source, kind="conformer", out=tmp_path / "straight")

    def stop(progress: Progress) -> None:
        if progress.counts.read > 12:
            raise KeyboardInterrupt

    stopped = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        prepare(source, kind="conformer", out=stopped, chunk_bytes=1, on_progress=stop)
    with pytest.raises(InputError, match="layout poses: 1000 before, 7 now"):
        prepare(source, kind="conformer", out=stopped, chunk_bytes=1, poses=7)
    prepare(source, kind="conformer", out=stopped, chunk_bytes=1)
    assert contents(stopped) == contents(tmp_path / "straight")


def test_a_long_run_is_cut_before_it_is_long(written: Write) -> None:
    reader = importlib.import_module("logos_grammar.prep.readers.conformers")
    text = "".join(record(z=f"0.{number:04}") for number in range(500)).encode()
    size = len(record())
    path = str(written("a.sdf", text))
    with Stream(path) as stream:
        blocks = list(reader.blocks(path, stream, Layout(poses=20), 2 * size))
    assert b"".join(blocks) == text
    assert all(len(block) % (20 * size) == 0 for block in blocks)
    assert max(map(len, blocks)) <= 22 * size


def test_a_tar_joins_the_records_of_each_member(written: Write, tmp_path: Path) -> None:
    both = (record() + record(z="0.2500")).encode()
    source = written("a.tar", tar_of([("x.sdf", both), ("y.sdf", both)]))
    for poses, counts in ((None, [2, 2]), (1, [1, 1, 1, 1])):
        out = tmp_path / str(poses)
        prepare(source, kind="conformer", out=out, carried=["member"], poses=poses)
        rows = side_car(out)
        assert [row["records"] for row in rows] == counts
        assert [row["member"] for row in rows] == sorted(["x.sdf", "y.sdf"] * (len(counts) // 2))


def test_check_counts_records(
    written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written("a.sdf", "".join(record(z=z) for z in (*DIGITS[:3], TORN)))
    command = ["check", "--json", "--kind", "conformer", str(source)]
    for more in ([], ["--poses", "1"]):
        assert main([*command, *more]) == 1
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["read"], found["round_tripped"], found["changed"]) == (4, 3, [])
        assert [one["record"] for one in found["refused"]] == [4]
    reader = importlib.import_module("logos_grammar.prep.readers.conformers")
    told = lambda lines, pose: "other" if "0.2500" in lines[4] else None  # noqa: E731
    monkeypatch.setattr(reader, "difference", told)
    assert main(command) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["read"], found["round_tripped"]) == (4, 2)
    assert [(one["record"], one["reason"]) for one in found["changed"]] == [(2, "other")]


@pytest.mark.parametrize(
    ("kind", "poses", "said"),
    [
        ("molecule", 5, "expected no --poses for a molecule"),
        ("conformer", 0, "expected 1 record or more as --poses, got 0"),
    ],
)
def test_a_number_of_poses_that_says_nothing_is_refused(
    kind: str, poses: int, said: str, written: Write, tmp_path: Path
) -> None:
    source = written("a.sdf", record())
    with pytest.raises(InputError, match=said):
        prepare(source, kind=kind, out=tmp_path / "out", poses=poses)


def joined_sentences(joined: list[int], records: int) -> Sentences:
    return Sentences(
        ids=np.zeros(2, np.uint16),
        offsets=np.array([0, 1, 2], np.int64),
        rows=np.array([0, joined[0]], np.int64),
        records=records,
        newlines=0,
        joined=np.array(joined, np.int64),
    )


@pytest.mark.parametrize(("joined", "records"), [([2, 1], 2), ([2, 1, 1], 4), ([3, 0], 3)])
def test_joined_records_are_counted(joined: list[int], records: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        joined_sentences(joined, records)


def test_a_cell_that_is_refused_refuses_all_records_of_its_sentence() -> None:
    cells = [(0, ["x"]), (1, ["2"]), (2, ["3"])]
    options = Options(kind="conformer", carried={"label": "int"})
    made, columns = with_carried(joined_sentences([2, 1], 3), cells, options)
    assert [(one.row, one.line) for one in made.refused] == [(0, 0), (1, 1)]
    assert (made.records_of_each().tolist(), columns) == ([1], {"label": [3]})
