"""Antibodies from rows of AIRR rearrangement tables and back.

Kept: the amino acids of the seven regions (`fwr1_aa` to `fwr4_aa`), of the constant region
(`c_sequence_alignment_aa`) and the locus.

Normalised: missing values (an empty cell, None, NaN and the missing values of pandas, `NaN`, `null`
and other words that are not residues); `H`, `K` and `L` as locus, as the Observed Antibody Space
writes it; what `logos_grammar.formats.rows` says of tables.

Not read, because they are not the antibody's: nucleotides, genes, scores, coordinates, identifiers.

Refused: rows without a region, unless `incomplete` says that it is then empty; `NA` and `NULL`,
which may be a missing value or residues, unless `na` says which; other loci than IGH, IGK and IGL;
light chains of an unknown locus, which a row cannot hold; letters of no residue.

Source: AIRR Data Representation 1.5, rearrangement schema,
<https://docs.airr-community.org/en/stable/datarep/rearrangements.html>, and the files of the
Observed Antibody Space, <https://opig.stats.ox.ac.uk/webapps/oas/>.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import starmap
from typing import Final, Literal, TypeAlias, get_args, overload

import numpy as np

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.codec import encode
from logos_grammar.error import ConversionError
from logos_grammar.formats.rows import Header, read_header

_REGIONS: Final = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4")
_COLUMNS: Final = {region: f"{region.replace('fr', 'fwr')}_aa" for region in _REGIONS}
_CONSTANT: Final = "c_sequence_alignment_aa"

Locus: TypeAlias = Literal["heavy", "kappa", "lambda", "light"]
Na: TypeAlias = Literal["missing", "residues"]

LOCI: Final[dict[str, Locus]] = {"IGH": "heavy", "IGK": "kappa", "IGL": "lambda"}
"""What a chain is, by the name of its locus."""

MISSING: Final = ("nan", "NaN", "None", "null", "<NA>", "NaT", "N/A", "n/a", "#N/A")
"""What tables write for a missing value and what cannot be residues."""

_SHORT_LOCI: Final = {"H": "IGH", "K": "IGK", "L": "IGL"}
_AMBIGUOUS: Final = {"NA": "Asn-Ala", "NULL": "Asn-Sec-Leu-Leu"}


def from_airr(
    *rows: Mapping[str, object], suffix: str = "", incomplete: bool = False, na: Na | None = None
) -> Antibody:
    """Make an antibody of one row, or of the rows of its heavy and its light chain.

    Parameters
    ----------
    rows
        One or two rows: cells by column, such as a dict or a row of a pandas table.
    suffix
        What follows the names of columns, in tables that link two chains in a row (``"_heavy"``).
    incomplete
        Take a region whose cell is empty or absent as empty, instead of refusing the row.
    na
        Take the cells ``NA`` and ``NULL`` as ``"missing"`` or as ``"residues"`` (asparagine,
        alanine), instead of refusing the row.

    Returns
    -------
    Antibody
        With the chains of the rows.

    Raises
    ------
    ConversionError
        For rows that are refused, as the page above says, and for two chains of one kind.
    TypeError
        For what is not a row.
    ValueError
        For another `na`.
    """
    _check_na(na)
    for row in rows:
        if not callable(getattr(row, "get", None)):  # a row of pandas has no type Mapping
            raise TypeError(
                f"expected rows, each a mapping of cells by column, not {type(row).__name__}"
            )
    return _antibody([_chain(row, suffix, incomplete, na) for row in rows])


def to_airr(antibody: Antibody) -> list[dict[str, str]]:
    """Write an antibody as one row for each chain, the heavy chain first.

    Parameters
    ----------
    antibody
        Its light chain, if it has one, kappa or lambda.

    Returns
    -------
    list of dict
        Cells by column: the locus, the regions, the constant region (empty for none).

    Raises
    ------
    ConversionError
        For a light chain of unknown locus, and for a constant region that is known to be empty.
    """
    return [_row(chain) for chain in (antibody.heavy, antibody.light) if chain is not None]


@overload
def read_airr(
    lines: Iterable[str],
    *,
    suffixes: Sequence[str] = ...,
    incomplete: bool = ...,
    na: Na | None = ...,
    errors: Literal["raise"] = ...,
) -> Iterator[Antibody]: ...


@overload
def read_airr(
    lines: Iterable[str],
    *,
    suffixes: Sequence[str] = ...,
    incomplete: bool = ...,
    na: Na | None = ...,
    errors: Literal["collect"],
) -> Iterator[Antibody | ConversionError]: ...


def read_airr(
    lines: Iterable[str],
    *,
    suffixes: Sequence[str] = ("",),
    incomplete: bool = False,
    na: Na | None = None,
    errors: Literal["raise", "collect"] = "raise",
) -> Iterator[Antibody | ConversionError]:
    """Read the rows of a table, each as an antibody of one chain, or of two that a row links.

    Parameters
    ----------
    lines
        A table with a line of column names, separated by tabs or, without any tab, by commas;
        an open file will do. A row is a line; blank lines do not count.
    suffixes
        What follows the names of columns, once for each chain of a row: ``("_heavy", "_light")``
        for a table that links two chains in a row.
    incomplete, na
        As for `from_airr`.
    errors
        ``"raise"`` raises at a row that is refused; ``next`` goes on behind it. ``"collect"`` gives
        its error in the place of its antibody.

    Returns
    -------
    iterator of Antibody
        One for each row.

    Raises
    ------
    ConversionError
        Now, for a table without the columns; at a row as `from_airr`, with the number of the row,
        from 0, as ``record``.
    TypeError
        When the table is one str or in bytes.
    ValueError
        For another `na` or `errors`.
    """
    _check_na(na)
    if errors not in ("raise", "collect"):
        raise ValueError(f"expected errors to be raise or collect, not {errors!r}")
    if isinstance(lines, str | bytes):
        found = type(lines).__name__
        raise TypeError(f"expected lines, such as an open file, not one {found}")
    every = iter(lines)
    wanted, needed = columns_of(suffixes, incomplete=incomplete)
    header = read_header(every, wanted=wanted, needed=needed)

    def read(number: int, line: str) -> Antibody | ConversionError:
        try:
            return read_row(line, header, suffixes=suffixes, incomplete=incomplete, na=na)
        except ConversionError as error:
            refused = ConversionError(f"{error} in row {number}", record=number)
            if errors == "raise":
                raise refused from error
            return refused

    # A starmap goes on after an exception, where a generator would be at its end.
    rows = enumerate(line for line in every if line.strip("\r\n"))
    return starmap(read, rows)


def columns_of(suffixes: Sequence[str], *, incomplete: bool) -> tuple[list[str], list[str]]:
    """Name the columns that are read, and those of them without which no row can be read."""
    if isinstance(suffixes, str) or not all(isinstance(suffix, str) for suffix in suffixes):
        raise TypeError(f"expected a list of suffixes such as ['_heavy'], not {suffixes!r}")
    loci = [f"locus{suffix}" for suffix in suffixes]
    regions = [column + suffix for suffix in suffixes for column in _COLUMNS.values()]
    constant = [_CONSTANT + suffix for suffix in suffixes]
    return [*loci, *regions, *constant], loci if incomplete else [*loci, *regions]


def read_row(
    line: str, header: Header, *, suffixes: Sequence[str], incomplete: bool, na: Na | None
) -> Antibody:
    """Read one line of a table, as `read_airr` does.

    Raises
    ------
    ConversionError
        As `from_airr`.
    """
    row = header.row(line)
    return _antibody([_chain(row, suffix, incomplete, na) for suffix in suffixes])


def _check_na(na: object) -> None:
    if na is not None and na not in get_args(Na):
        raise ValueError(f"expected na to be None, 'missing' or 'residues', not {na!r}")


def _antibody(chains: list[Chain]) -> Antibody:
    heavy = [chain for chain in chains if chain.locus == "heavy"]
    light = [chain for chain in chains if chain.locus != "heavy"]
    if not chains or len(heavy) > 1 or len(light) > 1:
        loci = ", ".join(chain.locus for chain in chains) or "none"
        raise ConversionError(f"expected at most one heavy and one light chain, found {loci}")
    antibody = Antibody(heavy=heavy[0] if heavy else None, light=light[0] if light else None)
    encode(antibody)  # rejects what is not a residue
    return antibody


def _chain(row: Mapping[str, object], suffix: str, incomplete: bool, na: Na | None) -> Chain:
    cell = partial(_cell, row, suffix=suffix, na=na)
    found = _locus(row, suffix)
    if found not in LOCI:
        raise ConversionError(f"expected locus{suffix} to be IGH, IGK or IGL, found {found}")
    regions = {}
    for region, column in _COLUMNS.items():
        regions[region] = cell(column)
        if not regions[region] and not incomplete:
            raise ConversionError(f"expected residues in {column}{suffix}, found none")
    return Chain(locus=LOCI[found], constant=cell(_CONSTANT) or None, **regions)


def _locus(row: Mapping[str, object], suffix: str) -> str:
    found = _cell(row, "locus", suffix=suffix, na="missing") or "none"
    return _SHORT_LOCI.get(found, found)


def _cell(row: Mapping[str, object], column: str, *, suffix: str, na: Na | None) -> str:
    """Return the text of a cell, "" for a missing one."""
    name = column + suffix
    found = row.get(name)
    if not isinstance(found, str):
        # The missing values of pandas, by name: it need not be installed.
        if found is None or type(found).__name__ in ("NAType", "NaTType"):
            return ""
        if isinstance(found, float | np.floating) and np.isnan(found):
            return ""
        raise ConversionError(f"expected text in {name}, found {type(found).__name__}")
    if found in MISSING:
        return ""
    if found not in _AMBIGUOUS or na == "residues":
        return found
    if na is None:
        raise ConversionError(
            f"expected residues in {name}, found {found}, a missing value or "
            f'{_AMBIGUOUS[found]}: say na="missing" or na="residues"'
        )
    return ""


def _row(chain: Chain) -> dict[str, str]:
    if chain.locus == "light":
        raise ConversionError("expected a light chain of known locus, kappa or lambda")
    if chain.constant == "":
        raise ConversionError("expected residues in the constant region, or no constant region")
    locus = next(name for name, kind in LOCI.items() if kind == chain.locus)
    regions = {column: getattr(chain, region) for region, column in _COLUMNS.items()}
    return {"locus": locus, **regions, _CONSTANT: chain.constant or ""}
