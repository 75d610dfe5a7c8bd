"""Antibodies to rows of AIRR tables and back."""

from __future__ import annotations

import csv
import io
import lzma
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.strategies import antibodies
from logos_grammar.antibody.tables import from_airr, read_airr, to_airr

from .airr import HEAVY

LIGHT = {**HEAVY, "locus": "IGK", "c_sequence_alignment_aa": "RTV"}


@given(antibodies())
def test_antibodies_come_back(antibody: Antibody) -> None:
    chains = [chain for chain in (antibody.heavy, antibody.light) if chain is not None]
    try:
        rows = to_airr(antibody)
    except lg.ConversionError:
        assert any(chain.locus == "light" or chain.constant == "" for chain in chains)
        return
    assert from_airr(*rows, incomplete=True, na="residues") == antibody


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


def test_a_row_is_a_line_whatever_its_quotes() -> None:
    """AIRR fields are not quoted: a quote that is never closed loses no row."""
    open_quote = {**HEAVY, "v_call": '"IGHV1'}
    rows = list(read_airr(_table([HEAVY, open_quote, LIGHT], "\t")))
    assert rows == [from_airr(HEAVY), from_airr(HEAVY), from_airr(LIGHT)]
    heavy = {**HEAVY, "c_sequence_alignment_aa": ""}
    quoted = [{f'"{key}"': f'"{cell}"' for key, cell in row.items()} for row in (heavy, LIGHT)]
    assert list(read_airr(_table(quoted, "\t"))) == [from_airr(HEAVY), from_airr(LIGHT)]
    assert list(read_airr(_table(quoted, ","))) == [from_airr(HEAVY), from_airr(LIGHT)]
    spoiled = {**HEAVY, "fwr1_aa": '"QVQ'}
    for separator, message in (("\t", "'\"' is not a residue"), (",", "expected closed quotes")):
        table = _table([HEAVY, spoiled, LIGHT], separator)
        first, refused, last = read_airr(table, errors="collect")
        assert (first, last) == (from_airr(HEAVY), from_airr(LIGHT))
        assert isinstance(refused, lg.ConversionError)
        assert str(refused).startswith(message)
        assert refused.record == 1


def test_one_bad_row_does_not_end_the_table() -> None:
    rows = read_airr(_table([HEAVY, {**HEAVY, "locus": "TRB"}, LIGHT], "\t"))
    assert next(rows) == from_airr(HEAVY)
    with pytest.raises(lg.ConversionError, match="found TRB in row 1") as raised:
        next(rows)
    assert raised.value.record == 1
    assert next(rows) == from_airr(LIGHT)
    assert list(rows) == []


class NAType:
    """What pandas has for a missing value refuses to be compared."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "missing", [None, "", float("nan"), np.float32("nan"), NAType(), "NaN", "nan", "<NA>", "null"]
)
def test_a_missing_value_is_no_residue(missing: object) -> None:
    with pytest.raises(lg.ConversionError, match="expected residues in cdr1_aa, found none"):
        from_airr({**HEAVY, "cdr1_aa": missing})
    antibody = from_airr(
        {**HEAVY, "cdr1_aa": missing, "c_sequence_alignment_aa": missing}, incomplete=True
    )
    assert antibody.heavy == Chain("heavy", "QVQ", "", "WV", "IN", "RC", "AR", "WG", None)
    with pytest.raises(
        lg.ConversionError, match="expected locus to be IGH, IGK or IGL, found none"
    ):
        from_airr({**HEAVY, "locus": missing})


def test_missing_values_of_pandas_are_missing() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame([HEAVY, LIGHT], dtype="string")
    for _, row in frame.iterrows():
        assert from_airr(row) == from_airr(dict(row.dropna()))
    with pytest.raises(lg.ConversionError, match="found none"):
        from_airr({**HEAVY, "cdr1_aa": pd.NaT})


@pytest.mark.parametrize("word", ["NA", "NULL"])
def test_na_is_read_as_the_caller_says(word: str) -> None:
    row = {**HEAVY, "cdr2_aa": word}
    with pytest.raises(
        lg.ConversionError, match=f'found {word}, a missing value or .*na="missing"'
    ):
        from_airr(row)
    with pytest.raises(lg.ConversionError, match="expected residues in cdr2_aa, found none"):
        from_airr(row, na="missing")
    (read,) = read_airr(_table([row], "\t"), na="residues")
    assert read.heavy is not None
    assert read.heavy.cdr2 == word


@pytest.mark.parametrize("na", ["Missing", "x", "", 5, ["missing"]])
def test_na_is_one_of_two_words(na: object) -> None:
    message = "expected na to be None, 'missing' or 'residues', not "
    with pytest.raises(ValueError, match=message + re.escape(repr(na))):
        from_airr(HEAVY, na=na)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=message):
        read_airr(_table([HEAVY], "\t"), na=na)  # type: ignore[call-overload]


@pytest.mark.parametrize("row", [None, 5, "locus", [HEAVY], HEAVY.get])
def test_what_is_no_row_is_refused(row: object) -> None:
    found = type(row).__name__
    message = f"expected rows, each a mapping of cells by column, not {found}"
    with pytest.raises(TypeError, match=message):
        from_airr(row)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=message):
        from_airr(HEAVY, row)  # type: ignore[arg-type]


def test_a_cell_that_is_no_text_is_refused() -> None:
    with pytest.raises(lg.ConversionError, match="expected text in cdr1_aa, found int"):
        from_airr({**HEAVY, "cdr1_aa": 5})


@pytest.mark.parametrize(
    "metadata", ['{"Run": 1, "Chain": "Heavy"}', '"{""Run"": 1, ""x"": ""y, z""}"']
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_before_the_names_of_columns_is_no_name(metadata: str, mark: str) -> None:
    rows = [{**HEAVY, "locus": "H"}, {**LIGHT, "locus": "K"}]
    table = _table(rows, ",").getvalue()
    found = list(read_airr(io.StringIO(f"{mark}{metadata}\n{table}")))
    assert found == [from_airr(HEAVY), from_airr(LIGHT)]
    assert list(read_airr(io.StringIO(mark + table))) == found
    with pytest.raises(lg.ConversionError, match="expected names of columns, or JSON on a line"):
        read_airr(io.StringIO("{not JSON\n" + table))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("locus\tfwr1_aa\tlocus", "expected a column cdr1_aa, found locus, fwr1_aa, locus"),
        ("\t".join([*HEAVY, "locus"]), "expected one column locus, found 2"),
        ("", "expected a column locus, found $"),
    ],
)
def test_columns_that_are_missing_or_repeated_are_refused(names: str, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        read_airr([names, "\t".join(HEAVY.values())])


def test_rows_of_another_width_are_refused() -> None:
    header, row = "\t".join([*HEAVY, "x", "x"]), "\t".join(HEAVY.values())
    wide, short, whole, refused = read_airr(
        [
            header,
            f"{row}\ta\tb\tc",
            "IGH\tQVQ\tGF",
            "",
            f"{row}\ta\tb",
            f"{row.replace('QVQ', 'Q?')}\ta\tb",
        ],
        errors="collect",
    )
    assert str(wide) == "expected 11 cells, found 12 in row 0"
    assert str(short).startswith("expected 11 cells, found 3, without cdr2_aa, cdr3_aa, fwr2_aa")
    assert whole == from_airr(HEAVY)
    assert isinstance(refused, lg.ConversionError)
    assert refused.record == 3


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_row_that_is_cut_is_refused(separator: str) -> None:
    """Wherever a file ends, also behind the last column that is read."""
    header = separator.join([*HEAVY, "v_call", "note"])
    cells = [*HEAVY.values(), "IGHV3", ""]
    for count in range(1, len(cells)):
        (refused,) = read_airr([header, separator.join(cells[:count])], errors="collect")
        assert str(refused).startswith(f"expected {len(cells)} cells, found {count}")
    (whole,) = read_airr([header, separator.join(cells)])
    assert whole == from_airr(HEAVY)


def test_a_row_that_links_two_chains_is_one_antibody() -> None:
    row = {f"{key}_heavy": cell for key, cell in HEAVY.items()}
    row |= {f"{key}_light": cell for key, cell in LIGHT.items()}
    (read,) = read_airr(_table([row], ","), suffixes=("_heavy", "_light"))
    assert read == from_airr(HEAVY, LIGHT)


def test_what_is_no_lines_is_refused() -> None:
    with pytest.raises(TypeError, match="expected lines, such as an open file, not one str"):
        read_airr("locus\n")
    with pytest.raises(TypeError, match="open it as text"):
        read_airr(io.BytesIO(b"locus\n"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected errors to be raise or collect"):
        read_airr([], errors="skip")  # type: ignore[call-overload]


def _table(rows: list[dict[str, str]], separator: str) -> io.StringIO:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return io.StringIO("".join(separator.join(line) + "\n" for line in lines))


def test_real_tables_come_back(real_data: Path) -> None:
    with lzma.open(real_data / "antibodies/airr_imgt_v_quest_airr.tsv.xz", "rt") as lines:
        found = list(read_airr(lines))
    assert len(found) == 1000
    for antibody in found:
        assert from_airr(*to_airr(antibody)) == antibody
        assert lg.decode(lg.encode(antibody)) == antibody


def test_suffixes_are_a_list() -> None:
    for suffixes in ("_heavy", [5]):
        with pytest.raises(TypeError, match="expected a list of suffixes such as"):
            read_airr(["locus_heavy"], suffixes=suffixes)  # type: ignore[arg-type]
