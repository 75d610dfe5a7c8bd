"""FASTA: what is read, what is written, what is refused and where."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar import fasta
from logos_grammar.formats.compressed import InputError
from logos_grammar.formats.fasta import Record


def records(text: str | bytes) -> list[Record]:
    """Read a text."""
    return list(fasta.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


@pytest.mark.parametrize(
    "text",
    [
        ">one\nMKV\nLA\n>two x\nMK\n",
        ">one\r\nMKVLA\r\n>two x\r\nMK",
        ">one\rMKV\rLA\r>two x\rMK\r",
        "; a comment\n\n>one\n; another\nMKV\n\nLA\n\n>two x\n  M  \n\tK \n\n",
        "\ufeff>one\nMKVLA\n>two x\nMK\n",
        "\n\n>one\nM\nK\nV\nL\nA\n>two x\nMK\n;end",
    ],
)
def test_layout_is_not_part_of_a_record(text: str) -> None:
    assert records(text) == [Record("one", "MKVLA"), Record("two x", "MK")]


def test_records_know_their_place() -> None:
    found = records(";c\n>one\nM\n\n>two\nK\n")
    assert [(record.number, record.line) for record in found] == [(0, 2), (1, 5)]


def test_headers_are_kept_to_the_letter() -> None:
    found = records(b">a > b ; c \n>\nMK\n>\xe9\nM\n")
    assert [record.header for record in found] == ["a > b ; c ", "", "\udce9"]
    assert [record.sequence for record in found] == ["", "MK", "M"]


def test_case_is_kept() -> None:
    assert records(">x\nMkV")[0].sequence == "MkV"


def test_text_before_the_first_header_is_refused() -> None:
    with pytest.raises(lg.ConversionError, match="expected '>' before the sequence on line"):
        records("MKV\n>one\nMKV\n")


def test_records_longer_than_a_block_are_read() -> None:
    long = "MKV" * 1_000_000
    assert records(f">a\n{long}\n>b\nM\n") == [Record("a", long), Record("b", "M")]


def test_records_become_objects_and_say_which_do_not() -> None:
    protein, other = fasta.to_objects(records(">a\nMKV\n>b\nM(MSE)\n"), "protein")
    assert (protein, other) == (lg.protein.Protein("MKV"), lg.protein.Protein("M(MSE)"))
    (strand,) = fasta.to_objects(records(">a\nAC\nGT\n"), "dna")
    assert strand == lg.nucleic_acid.NucleicAcid("dna", "ACGT")
    with pytest.raises(lg.ConversionError) as caught:
        list(fasta.to_objects(records(">a\nMKV\n>b x\nMK!V\n"), "protein"))
    assert (caught.value.record, caught.value.position) == (1, 2)
    assert str(caught.value).endswith("at character 2 of record 1 (b x)")


HEADERS = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]))
SEQUENCES = st.text(alphabet="ABCxyz()*-1é")


@given(st.lists(st.builds(Record, HEADERS, SEQUENCES)), st.integers(1, 7) | st.none())
def test_what_is_written_is_read(found: list[Record], width: int | None) -> None:
    target = io.StringIO()
    fasta.write(target, found, width=width)
    assert records(target.getvalue()) == found
    if width is not None:
        lines = target.getvalue().split("\n")
        assert all(len(line) <= width for line in lines if not line.startswith(">"))


@given(st.text(alphabet=">;MK \n\r\t"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = records(text)
    except lg.ConversionError:
        return
    target = io.StringIO()
    kept = [record for record in found if not set(record.sequence) & set(">; \t")]
    fasta.write(target, kept)
    assert records(target.getvalue()) == kept


@pytest.mark.parametrize("ending", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_paths_may_be_compressed(tmp_path: Path, ending: str) -> None:
    found = [Record("one", "MKVLA" * 30), Record("two", "")]
    fasta.write(tmp_path / f"a.fasta{ending}", found)
    assert list(fasta.read(tmp_path / f"a.fasta{ending}")) == found


def test_an_open_text_file_is_read() -> None:
    assert list(fasta.read(io.StringIO(">a\nMK\n"))) == [Record("a", "MK")]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.fa.gz").write_bytes(gzip.compress(b">a\nMKV\n")[:-3])
    with pytest.raises(InputError, match="end early"):
        list(fasta.read(tmp_path / "a.fa.gz"))
    with pytest.raises(InputError, match="cannot open"):
        list(fasta.read(tmp_path / "none.fa"))


@pytest.mark.parametrize(
    "record", [Record("a\nb", "M"), Record("a", "M\nK"), Record("a", "M>K"), Record("a", "M K")]
)
def test_what_would_not_be_read_back_is_not_written(record: Record) -> None:
    with pytest.raises(lg.ConversionError, match="record 0"):
        fasta.write(io.StringIO(), [record])


def test_a_line_has_letters() -> None:
    with pytest.raises(ValueError, match="expected a width of 1 or more"):
        fasta.write(io.StringIO(), [], width=0)


def test_real_files_come_back(real_data: Path) -> None:
    counts = {}
    for path in sorted((real_data / "protein_sequences").glob("*.fasta.xz")):
        found = list(fasta.read(path))
        counts[path.name] = sum(1 for _ in fasta.to_objects(found, "protein"))
        target = io.StringIO()
        fasta.write(target, found)
        assert records(target.getvalue()) == found
    assert counts["prokka_Archaea_sprot.fasta.xz"] == 2870
    assert counts["deepfri_nrPDB_GO_test.fasta.xz"] == 3415
    assert sum(counts.values()) == 35301
