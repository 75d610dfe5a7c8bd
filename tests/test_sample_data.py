"""The sample records: all are sentences, they are as many as said, and can be selected again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.antibody.tables import read_airr
from logos_model.sample_data import ANTIBODIES, SAMPLES, STRUCTURES, SampleFile
from logos_model.sample_data.selection import write_samples

FOLDER = ANTIBODIES.parent


def texts_of(sample: SampleFile) -> list[str]:
    """Return the texts of a file, without names and headers."""
    if sample.path.suffix == ".fasta":
        return [record.sequence for record in lg.fasta.read(sample.path)]
    return [line.split("\t")[0] for line in sample.path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.kind)
def test_every_sample_record_comes_back(sample: SampleFile) -> None:
    texts = texts_of(sample)
    encoded = lg.encode_texts(sample.kind, texts)
    back = lg.decode_texts(sample.kind, encoded)
    again = lg.encode_texts(sample.kind, back)
    assert len(encoded) == len(texts) > 100
    assert (again.ids == encoded.ids).all()
    if sample.kind in ("protein", "rna"):
        assert back == texts


def test_sample_antibodies_come_back() -> None:
    with ANTIBODIES.open(encoding="utf-8") as lines:
        antibodies = list(read_airr(lines))
    assert len(antibodies) == 200
    assert lg.decode_many(lg.encode_many(antibodies)) == antibodies


def test_the_sources_say_how_many_records_there_are() -> None:
    table = (FOLDER / "SOURCES.md").read_text("utf-8")
    sizes = [int(size.replace(",", "")) for size in re.findall(r"^\| .*?\| ([\d,]+)", table, re.M)]
    molecules = len(texts_of(SAMPLES[0]))
    assert sum(sizes[:3]) == molecules
    assert sizes[3:] == [len(texts_of(sample)) for sample in SAMPLES[1:]] + [200, 4, 60]
    assert len(list(STRUCTURES.glob("*.pdb")) + list(STRUCTURES.glob("*.cif"))) == 4
    assert (STRUCTURES / "ligands.sdf").read_text("utf-8").count("$$$$") == 60


def test_the_sample_is_small_enough_to_carry_along() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1_500_000


def test_the_same_sources_give_the_same_sample(real_data: Path, tmp_path: Path) -> None:
    write_samples(real_data, tmp_path)
    for made in (path for path in tmp_path.rglob("*") if path.is_file()):
        name = made.relative_to(tmp_path)
        assert made.read_bytes() == (FOLDER / name).read_bytes(), name
