"""SDF for the kind conformer: shards of conformers, and `check` beside the text of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.conformer import Conformer
from logos_grammar.prep import InputError, prepare

from .conftest import read_refused, read_shard

pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
Write = Callable[[str, str | bytes], Path]

RECORD = """{name}
  -TEST-            3D

  3  2  0  0  0  0            999 V2000
   -0.5000    0.8000    {z} H   0  0
    0.0000    0.0000    1.2500 O   0  0
    1.0500    0.0000    0.0000 H   0  0
  1  2  1  0
  3  2  1  0
M  END
> <ID>
{name}

$$$$
"""
RECORDS = [RECORD.format(name=name, z=z) for name, z in (("a", "0.1000"), ("b", "0.2500"))]
FLAT = RECORD.format(name="flat", z="0.0000").replace("1.2500", "0.0000").replace("3D", "2D")
BROKEN = RECORD.format(name="broken", z="   nan")


def test_each_record_is_a_sentence(written: Write, tmp_path: Path) -> None:
    source = written("a.sdf", RECORDS[0] + FLAT + RECORDS[1] + BROKEN)
    manifest = prepare(source, kind="conformer", out=tmp_path / "out")
    assert (manifest.counts.read, manifest.counts.written) == (4, 2)
    found = [lg.decode(sentence[:-1]) for sentence in read_shard(tmp_path / "out", "conformer")]
    assert found == Conformer.from_sdf("".join(RECORDS))
    flat, broken = read_refused(tmp_path / "out")
    assert (flat["record"], flat["line"], flat["text"]) == (2, 15, "flat")
    assert "found a layout" in flat["reason"]
    assert (broken["record"], broken["line"]) == (4, 47)
    assert broken["reason"] == "expected a coordinate such as -1.2345, found 'nan'"
    small = prepare(source, kind="conformer", out=tmp_path / "small", chunk_bytes=10)
    assert small.files == manifest.files
    assert read_refused(tmp_path / "small") == [flat, broken]


def test_what_is_left_out_is_named(written: Write, tmp_path: Path) -> None:
    source = written("a.sdf", FLAT)
    options = {"without_order": True, "without_title": True, "without_properties": True}
    prepare(source, kind="conformer", out=tmp_path / "out", layouts="keep", **options)  # type: ignore[arg-type]
    ((*sentence, _),) = read_shard(tmp_path / "out", "conformer")
    (whole,) = Conformer.from_sdf(FLAT, layouts="keep")
    assert lg.decode(sentence) == whole.without_order().without_title().without_properties()


@pytest.mark.parametrize("option", ["without_order", "without_title", "without_properties"])
def test_other_kinds_have_none_of_it(option: str, written: Write, tmp_path: Path) -> None:
    source = written("a.smi", "C\n")
    with pytest.raises(InputError, match=f"no --{option.replace('_', '-')} for a molecule"):
        prepare(source, kind="molecule", out=tmp_path / "out", **{option: True})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no --layouts for a molecule"):
        prepare(source, kind="molecule", out=tmp_path / "out", layouts="keep")


def test_check_says_what_comes_through(written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    source = written("a.sdf", RECORDS[0] + FLAT + RECORDS[1])
    assert main(["check", "--json", "--kind", "conformer", str(source)]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    counts = (found["kind"], found["read"], found["round_tripped"], found["changed"])
    assert counts == ("conformer", 3, 2, [])
    (refused,) = found["refused"]
    assert (refused["record"], refused["line"]) == (2, 15)
    assert main(["check", "--kind", "conformer", "--layouts", "keep", str(source)]) == 0


def test_check_sees_what_is_not_what_the_text_says(
    written: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from logos_grammar.conformer import sdf  # noqa: PLC0415

    read = sdf._poses
    monkeypatch.setattr(sdf, "_poses", lambda *given: read(*given)._replace(title="another"))
    assert main(["check", "--kind", "conformer", str(written("a.sdf", RECORDS[0]))]) == 1
    assert "title 'a' is 'another'" in capsys.readouterr().out
