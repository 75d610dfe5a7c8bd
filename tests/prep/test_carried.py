"""Columns of the input that go along: the right cell beside every sentence, typed or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logos_grammar.__main__ import main
from logos_grammar.molecule import Molecule
from logos_grammar.prep import InputError, ShardReader, prepare
from logos_grammar.prep.readers.parquet import arrow
from logos_model.sample_data import ANTIBODIES

from .conftest import contents, read_refused

Write = Callable[[str, str | bytes], Path]
ROWS: list[tuple[str, str | None, float | None, bool | None]] = [
    ("CCO", "train", 0.5, True),
    ("C!", "train", 1.0, True),
    ("c1ccccc1", "te,st", -1e-3, None),
    ("N", None, None, False),
    ("O", "train", 3.0, True),
]
KEPT = [0, 2, 3, 4]
TYPES: Any = {"split": "str", "label": "float", "good": "bool"}
NAMES = ("smiles", "split", "label", "good")


def as_text(cell: object) -> str:
    return "" if cell is None else json.dumps(cell) if not isinstance(cell, str) else cell


def rows_of(separator: str, quote: str) -> str:
    rows = [[as_text(cell) for cell in row] for row in ROWS]
    quoted = [
        [f"{quote}{cell}{quote}" if separator in cell else cell for cell in row] for row in rows
    ]
    return "\n".join(separator.join(row) for row in [list(NAMES), *quoted]) + "\n"


def as_parquet() -> bytes:
    pa = arrow()
    sink = pa.BufferOutputStream()
    columns = zip(*ROWS, strict=True)
    pa.parquet.write_table(pa.table(dict(zip(NAMES, map(list, columns), strict=True))), sink)
    return bytes(sink.getvalue())


FILES: dict[str, str | bytes] = {
    "a.csv": rows_of(",", '"'),
    "a.tsv": rows_of("\t", '"'),
    "a.jsonl": "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in ROWS),
    "a.parquet": as_parquet(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("chunk_bytes", [1, 40, 1 << 20])
def test_every_sentence_has_its_cells(
    written: Write, tmp_path: Path, name: str, chunk_bytes: int
) -> None:
    source = written(name, FILES[name])
    out = tmp_path / "out"
    prepare(source, kind="molecule", out=out, carried=TYPES, chunk_bytes=chunk_bytes)
    found = ShardReader(out)
    assert list(found) == [Molecule.from_smiles(ROWS[row][0]) for row in KEPT]
    for place, row in enumerate(KEPT):
        meta = found.meta(place)
        assert meta["record"] == row + 1
        missing: Any = "" if name[2:] in ("csv", "tsv") else None
        wanted = [missing if ROWS[row][1] is None else ROWS[row][1], *ROWS[row][2:]]
        assert [meta[column] for column in TYPES] == wanted
    types = [str(found.table.schema.field(column).type) for column in TYPES]
    assert types == ["string", "double", "bool"]
    assert [one["record"] for one in read_refused(out)] == [2]


@pytest.mark.parametrize("name", FILES)
def test_a_cell_of_another_type_is_refused_with_its_record(
    written: Write, tmp_path: Path, name: str
) -> None:
    source = written(name, FILES[name])
    prepare(source, kind="molecule", out=tmp_path / "out", carried={"split": "int"})
    found = ShardReader(tmp_path / "out")
    assert list(found) == [Molecule.from_smiles("N")]
    assert found.meta(0)["split"] is None
    refused = read_refused(tmp_path / "out")
    assert [one["record"] for one in refused] == [1, 2, 3, 5]
    assert refused[0]["reason"] == "expected int in column split"
    assert refused[0]["text"] == "train"
    lines = [one["line"] for one in refused]
    first = 1 if name == "a.jsonl" else 2
    assert lines == ([None] * 4 if name == "a.parquet" else [first + row for row in (0, 1, 2, 4)])


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "int",
            {"1": 1, "-7": -7, " 5 ": 5, "": None},
            ["1.0", "x", str(1 << 63), "true", "1_0", "\u0661"],
        ),
        (
            "float",
            {
                "1": 1.0,
                str(1 << 53): 2.0**53,
                "-9007199254740994": -(2.0**53) - 2,
                "1e23": 1e23,
                "0" * 5000: 0.0,
                "2.5e-3": 0.0025,
                "inf": float("inf"),
                "-Infinity": float("-inf"),
            },
            [
                *("x", "1,5", "1e400", "-1e400", "9" * 400, "1_0", "\u0661.5"),
                *(str((1 << 53) + 1), str(-(1 << 53) - 1), "+99999999999999999999"),
            ],
        ),
        ("bool", {"True": True, "false": False, "1": True, "0": False}, ["yes", "2"]),
        ("str", {"1": "1", "": "", "007": "007"}, []),
    ],
)
def test_the_types_of_cells(
    written: Write, tmp_path: Path, kind: Any, good: dict[str, Any], bad: list[str]
) -> None:
    cells = [*good, *bad]
    source = written("a.tsv", "smiles\tx\n" + "".join(f"C\t{cell}\n" for cell in cells))
    prepare(source, kind="molecule", out=tmp_path / "out", carried={"x": kind})
    found = ShardReader(tmp_path / "out")
    assert [found.meta(row)["x"] for row in range(len(found))] == list(good.values())
    assert len(read_refused(tmp_path / "out")) == len(bad)


@pytest.mark.parametrize(
    ("kind", "member"),
    [("float", "1e400"), ("float", "-1e400"), ("str", "[1]"), ("str", "{}"), ("int", "[1]")],
)
def test_members_of_json_that_are_no_cells_are_refused(
    written: Write, tmp_path: Path, kind: Any, member: str
) -> None:
    lines = [f'{{"smiles": "C", "x": {cell}}}\n' for cell in (member, "1", "null")]
    source = written("a.jsonl", "".join(lines))
    prepare(source, kind="molecule", out=tmp_path / "out", carried={"x": kind})
    found = ShardReader(tmp_path / "out")
    one: Any = {"float": 1.0, "int": 1, "str": "1"}[kind]
    assert [found.meta(row)["x"] for row in range(len(found))] == [one, None]
    (refused,) = read_refused(tmp_path / "out")
    assert (refused["record"], refused["text"]) == (1, member)
    assert refused["reason"].startswith(f"expected {kind} in column x")


def test_rows_without_the_cell_and_with_too_many(written: Write, tmp_path: Path) -> None:
    """A row that ends before a cell is refused, as one with more than the header."""
    for ending, separator in (("csv", ","), ("tsv", "\t")):
        rows = 'smiles,x,y\nC,1,7\nN\n\nO,2,3,4\n"CC","4"\nO,,\n'
        source, out = written(f"a.{ending}", rows.replace(",", separator)), tmp_path / ending
        prepare(source, kind="molecule", out=out, carried={"x": "int"})
        found = ShardReader(out)
        assert [found.meta(row)["x"] for row in range(len(found))] == [1, 4, None]
        refused = read_refused(out)
        assert [one["record"] for one in refused] == [2, 3]
        reasons = ["expected column 2 of 3, found 1", "expected 3 columns, found 4"]
        assert [one["reason"] for one in refused] == reasons
        assert [one["text"] for one in refused] == ["N", separator.join("O234")]


def test_the_text_of_a_row_that_ends_early_is_the_row(written: Write, tmp_path: Path) -> None:
    rows = 'smiles,x,y\n"N","b ad"\nCC,\xff\n'.encode("latin-1")
    for ending, separator in (("csv", b","), ("tsv", b"\t")):
        source, out = written(f"a.{ending}", rows.replace(b",", separator)), tmp_path / ending
        prepare(source, kind="molecule", out=out, carried={"x": "int", "y": "str"})
        shown = separator.decode()
        texts = [one["text"] for one in read_refused(out)]
        assert texts == [f'"N"{shown}"b ad"', rf"CC{shown}\xff"]


@pytest.mark.parametrize("kind", ["float", "str"])
def test_an_integer_of_json_is_not_rounded(written: Write, tmp_path: Path, kind: Any) -> None:
    cells = [(1 << 53) + 1, 1 << 53, 0.1, 1e300]
    lines = "".join(json.dumps({"smiles": "C", "x": cell}) + "\n" for cell in cells)
    out = tmp_path / "out"
    prepare(written("a.jsonl", lines), kind="molecule", out=out, carried={"x": kind})
    wanted: list[Any] = [*map(str, cells)] if kind == "str" else cells[1:]
    assert ShardReader(out).table.column("x").to_pylist() == wanted
    reasons = [one["reason"] for one in read_refused(out)]
    exact = "expected integers that a float holds exactly in column x"
    assert reasons == ([] if kind == "str" else [exact])


@pytest.mark.parametrize("carried", [["y"], []])
def test_a_member_that_is_there_twice_is_refused(
    written: Write, tmp_path: Path, carried: list[str]
) -> None:
    lines = [
        '{"smiles": "C", "y": 1, "y": 2}',
        '{"smiles": "C", "smiles": "N", "y": 1}',
        '{"smiles": "C", "\\u0073miles": "C"}',
        '{"smiles": "CC", "y": "1", "z": 1, "z": 1}',
        '{"smiles": "CCC", "y": "1", "z": {"y": 1, "y": 2, "smiles": 1, "smiles": 1}}',
    ]
    out = tmp_path / "out"
    prepare(written("a.jsonl", "\n".join(lines)), kind="molecule", out=out, carried=carried)
    refused = read_refused(out)
    assert [one["record"] for one in refused] == ([1, 2, 3] if carried else [2, 3])
    assert refused[-1]["reason"] == "expected 'smiles' once in an object"
    assert refused[-1]["text"] == lines[2]
    assert len(ShardReader(out)) == 5 - len(refused)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.parquet"])
def test_blanks_of_a_text_are_carried(written: Write, tmp_path: Path, name: str) -> None:
    cells = [" train", "train ", "  ", "a b", ""]
    if name == "a.parquet":
        pa = arrow()
        sink = pa.BufferOutputStream()
        pa.parquet.write_table(pa.table({"smiles": ["C"] * 5, "x": cells}), sink)
        content: str | bytes = bytes(sink.getvalue())
    elif name == "a.jsonl":
        content = "".join(json.dumps({"smiles": "C", "x": cell}) + "\n" for cell in cells)
    else:
        separator = "," if name == "a.csv" else "\t"
        content = "".join(
            f"{one}{separator}{x}\n"
            for one, x in zip(["smiles", *"CCCCC"], ["x", *cells], strict=True)
        )
    prepare(written(name, content), kind="molecule", out=tmp_path / "out", carried=["x"])
    found = ShardReader(tmp_path / "out")
    assert [found.meta(row)["x"] for row in range(5)] == cells
    if isinstance(content, str) and name != "a.jsonl":
        quoted = content.replace(" train", '" train"')
        prepare(written(name, quoted), kind="molecule", out=tmp_path / "quoted", carried=["x"])
        assert ShardReader(tmp_path / "quoted").meta(0)["x"] == " train"


def test_a_member_that_no_record_has_is_refused(
    written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ['{"smiles": "C"}'] * 9000 + ["[]", "?", '{"smiles": "N", "rare": null}']
    source, out = written("a.jsonl", "\n".join(lines)), tmp_path / "out"
    command = ["prep", str(source), "--kind", "molecule", "--out", str(out), "--carry"]
    assert main([*command, "raer"]) == 2
    assert "expected 'raer' in a record of" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "rare", "--column", "smiles"]) == 0
    assert len(ShardReader(out)) == 9001


def test_the_command_and_a_table_of_antibodies(tmp_path: Path) -> None:
    command = ["prep", str(ANTIBODIES), "--kind", "antibody", "--out", str(tmp_path / "out")]
    assert main([*command, "--carry", "locus", "--carry", "sequence_id:str"]) == 0
    found = ShardReader(tmp_path / "out")
    assert len(found) > 100
    for row in range(len(found)):
        chain = found[row].heavy or found[row].light
        wanted = {"heavy": "IGH", "kappa": "IGK", "lambda": "IGL"}[chain.locus]
        assert found.meta(row)["locus"] == wanted
        assert found.meta(row)["sequence_id"]


def test_without_a_header_columns_are_numbers(written: Write, tmp_path: Path) -> None:
    source = written("a.csv", "7,C\n8,N\n")
    options: Any = {"header": False, "column": "2", "carried": {"1": "int"}}
    prepare(source, kind="molecule", out=tmp_path / "out", **options)
    found = ShardReader(tmp_path / "out")
    assert [found.meta(row)["1"] for row in (0, 1)] == [7, 8]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bytes_do_not_depend_on_how_they_were_made(
    written: Write, tmp_path: Path, workers: int
) -> None:
    source = written("a.csv", FILES["a.csv"])
    shards = []
    for name, chunk_bytes in (("one", 1 << 20), ("two", 1)):
        out = tmp_path / name
        options: Any = {"carried": TYPES, "chunk_bytes": chunk_bytes, "workers": workers}
        prepare(source, kind="molecule", out=out, **options)
        shards.append(contents(out))
    assert shards[0] == shards[1]


TABLE = "smiles,x,y,y,kind\nC,1,2,3,4\n"


@pytest.mark.parametrize(
    ("carried", "message"),
    [
        (["z"], "expected one column 'z'"),
        (["y"], "expected one column 'y'"),
        (["kind"], "another name than 'kind'"),
        (["x", "x"], "once, found 'x' twice"),
        ({"x": "date"}, "a type among str, int, float, bool for 'x'"),
        ("x", "not one text"),
    ],
)
def test_what_cannot_be_carried_is_refused_at_once(
    written: Write, tmp_path: Path, carried: Any, message: str
) -> None:
    source, out = written("a.csv", TABLE), tmp_path / "out"
    with pytest.raises(InputError, match=message):
        prepare(source, kind="molecule", out=out, carried=carried)
    assert not out.exists()


def test_a_format_without_columns_carries_none(
    written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written("a.smi", "C x\n"), tmp_path / "out"
    command = ["prep", str(source), "--kind", "molecule", "--out", str(out), "--carry"]
    assert main([*command, "x"]) == 2
    assert "expected no columns to carry of a file of lines" in capsys.readouterr().err
    assert main([*command, "x", "--carry", "x:int"]) == 2
    assert "once" in capsys.readouterr().err
    assert not out.exists()
