"""Antibodies to rows of AIRR tables and back."""

from __future__ import annotations

import csv
import io
import lzma
from pathlib import Path

import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.strategies import antibodies
from logos_grammar.antibody.tables import from_airr, read_airr, to_airr

HEAVY = {
    "locus": "IGH",
    "fwr1_aa": "QVQ",
    "cdr1_aa": "GF",
    "fwr2_aa": "WV",
    "cdr2_aa": "IN",
    "fwr3_aa": "RC",
    "cdr3_aa": "AR",
    "fwr4_aa": "WG",
    "v_call": "IGHV1-1*01",
}
LIGHT = {**HEAVY, "locus": "IGK", "c_sequence_alignment_aa": "RTV"}


@given(antibodies())
def test_antibodies_come_back(antibody: Antibody) -> None:
    chains = [chain for chain in (antibody.heavy, antibody.light) if chain is not None]
    try:
        rows = to_airr(antibody)
    except lg.ConversionError:
        assert any(chain.locus == "light" or chain.constant == "" for chain in chains)
        return
    assert from_airr(*rows, incomplete=True) == antibody


def test_rows_are_read_by_their_columns() -> None:
    heavy = Chain("heavy", "QVQ", "GF", "WV", "IN", "RC", "AR", "WG", None)
    light = Chain("kappa", "QVQ", "GF", "WV", "IN", "RC", "AR", "WG", "RTV")
    assert from_airr(HEAVY) == Antibody(heavy, None)
    assert from_airr(HEAVY, LIGHT) == Antibody(heavy, light)
    assert from_airr(LIGHT, HEAVY) == Antibody(heavy, light)


def test_rows_that_link_two_chains_are_read_by_suffix() -> None:
    row = {f"{key}_heavy": value for key, value in HEAVY.items()}
    assert from_airr(row, suffix="_heavy") == from_airr(HEAVY)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "expected at most one heavy and one light chain, found none"),
        ([HEAVY, HEAVY], "expected at most one heavy and one light chain, found heavy, heavy"),
        ([{**HEAVY, "locus": "TRB"}], "expected locus to be IGH, IGK or IGL, found TRB"),
        ([{**HEAVY, "cdr1_aa": ""}], "expected residues in cdr1_aa, found none"),
        ([{**HEAVY, "cdr1_aa": "G?"}], "'?' is not a residue"),
    ],
)
def test_rows_that_are_no_antibody_are_refused(rows: list[dict[str, str]], message: str) -> None:
    with pytest.raises(lg.ConversionError) as raised:
        from_airr(*rows)
    assert str(raised.value).startswith(message)


def test_a_missing_region_is_empty_only_when_asked() -> None:
    antibody = from_airr({**HEAVY, "cdr1_aa": ""}, incomplete=True)
    assert antibody.heavy is not None
    assert antibody.heavy.cdr1 == ""


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_tables_are_read_row_by_row(delimiter: str) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, fieldnames=list(HEAVY), delimiter=delimiter)
    table.writeheader()
    table.writerows([HEAVY, {**HEAVY, "locus": "IGL"}, {**HEAVY, "locus": "?"}])
    text.seek(0)
    rows = read_airr(text)
    assert next(rows) == from_airr(HEAVY)
    assert next(rows).light is not None
    with pytest.raises(lg.ConversionError, match="found \\? in row 2") as raised:
        next(rows)
    assert raised.value.record == 2


def test_real_tables_come_back(real_data: Path) -> None:
    with lzma.open(real_data / "antibodies/airr_imgt_v_quest_airr.tsv.xz", "rt") as lines:
        found = list(read_airr(lines))
    assert len(found) == 1000
    for antibody in found:
        assert from_airr(*to_airr(antibody)) == antibody
        assert lg.decode(lg.encode(antibody)) == antibody
