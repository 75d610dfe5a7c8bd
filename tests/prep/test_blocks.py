"""mmCIF of several blocks: each that has an atom table is a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.prep import prepare
from logos_grammar.structure import Structure

from .conftest import contents, read_refused, read_shard
from .entries import MMCIF, tar_of

Write = Callable[[str, str | bytes], Path]

OTHER = MMCIF.replace("data_small", "data_other").replace("9.25", "8.25")
TORN = MMCIF.replace("data_small", "data_torn").replace("2.6 -2.25", "nan -2.25")
DICTIONARY = "data_comp_list\n_chem_comp.id GLY\n"
LINES = MMCIF.count("\n")


def found_in(out: Path) -> list[object]:
    return [lg.decode(sentence[:-1]) for sentence in read_shard(out, "structure")]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_each_block_with_an_atom_table_is_a_record(
    ends: str, written: Write, tmp_path: Path
) -> None:
    text = "# a comment\n" + DICTIONARY + MMCIF + TORN + DICTIONARY + OTHER + MMCIF
    source = written("a.cif", text.replace("\n", ends))
    manifest = prepare(source, kind="structure", out=tmp_path / "out")
    assert (manifest.counts.read, manifest.counts.written) == (4, 3)
    one, other = map(Structure.from_mmcif, (MMCIF, OTHER))
    assert found_in(tmp_path / "out") == [one, other, one]
    (refused,) = read_refused(tmp_path / "out")
    assert (refused["record"], refused["block"]) == (2, "torn")
    assert refused["text"] == text.splitlines()[refused["line"] - 1]
    assert refused["text"][refused["position"] :].startswith("nan")
    small = prepare(source, kind="structure", out=tmp_path / "small", chunk_bytes=1)
    assert small.files == manifest.files


def test_a_file_that_is_not_cif_is_one_record(written: Write, tmp_path: Path) -> None:
    source = written("a.cif", MMCIF + OTHER + "_x.y 'open\n")
    manifest = prepare(source, kind="structure", out=tmp_path / "out")
    assert (manifest.counts.read, manifest.counts.refused) == (1, 1)
    (refused,) = read_refused(tmp_path / "out")
    assert (refused["line"], refused["text"]) == (2 * LINES + 1, "_x.y 'open")


def test_a_file_without_an_atom_table_is_one_record(written: Write, tmp_path: Path) -> None:
    prepare(written("a.cif", 2 * DICTIONARY), kind="structure", out=tmp_path / "out")
    (refused,) = read_refused(tmp_path / "out")
    assert "expected an atom table" in refused["reason"]
    assert "block" not in refused


def test_members_of_a_tar_have_blocks(written: Write, tmp_path: Path) -> None:
    members = [("x.cif", (MMCIF + TORN).encode()), ("y.cif", OTHER.encode())]
    source = written("a.tar", tar_of(members))
    out = tmp_path / "out"
    prepare(source, kind="structure", out=out, carried=["member"])
    assert len(found_in(out)) == 2
    (refused,) = read_refused(out)
    found = [refused[name] for name in ("record", "member", "block", "line")]
    assert found == [2, "x.cif", "torn", LINES + TORN[: TORN.index("nan")].count("\n") + 1]
    prepare(source, kind="structure", out=tmp_path / "small", carried=["member"], chunk_bytes=1)
    assert contents(tmp_path / "small") == contents(out)


def test_check_counts_blocks(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    source = written("a.cif", MMCIF + TORN + OTHER)
    assert main(["check", "--json", str(source)]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["read"], found["round_tripped"], found["changed"]) == (3, 2, [])
    (refused,) = found["refused"]
    assert (refused["record"], refused["block"]) == (2, "torn")
    assert refused["line"] == LINES + TORN[: TORN.index("nan")].count("\n") + 1
