"""Antibodies from rows of AIRR rearrangement tables and back.

Kept: the amino acids of the seven regions (`fwr1_aa` to `fwr4_aa`), of the constant region
(`c_sequence_alignment_aa`) and the locus.

Not read, because they are not the antibody's: nucleotides, genes, scores, coordinates, identifiers.

Refused: rows without a region, unless `incomplete` says that it is then empty; other loci than IGH,
IGK and IGL; light chains of an unknown locus, which a row cannot hold; letters of no residue.

Source: AIRR Data Representation 1.5, rearrangement schema,
<https://docs.airr-community.org/en/stable/datarep/rearrangements.html>.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain as joined
from typing import Final, Literal, TypeAlias

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.codec import encode
from logos_grammar.error import ConversionError

_REGIONS: Final = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4")
_COLUMNS: Final = {region: f"{region.replace('fr', 'fwr')}_aa" for region in _REGIONS}
_CONSTANT: Final = "c_sequence_alignment_aa"

Locus: TypeAlias = Literal["heavy", "kappa", "lambda", "light"]

LOCI: Final[dict[str, Locus]] = {"IGH": "heavy", "IGK": "kappa", "IGL": "lambda"}
"""What a chain is, by the name of its locus."""


def from_airr(*rows: Mapping[str, str], suffix: str = "", incomplete: bool = False) -> Antibody:
    """Make an antibody of one row, or of the rows of its heavy and its light chain.

    Parameters
    ----------
    rows
        One or two rows: cells by column.
    suffix
        What follows the names of columns, in tables that link two chains in a row (``"_heavy"``).
    incomplete
        Take a region whose cell is empty or absent as empty, instead of refusing the row.

    Returns
    -------
    Antibody
        With the chains of the rows.

    Raises
    ------
    ConversionError
        For rows that are refused, as the page above says, and for two chains of one kind.
    """
    chains = [_chain(row, suffix, incomplete) for row in rows]
    heavy = [chain for chain in chains if chain.locus == "heavy"]
    light = [chain for chain in chains if chain.locus != "heavy"]
    if not chains or len(heavy) > 1 or len(light) > 1:
        loci = ", ".join(chain.locus for chain in chains) or "none"
        raise ConversionError(f"expected at most one heavy and one light chain, found {loci}")
    antibody = Antibody(heavy=heavy[0] if heavy else None, light=light[0] if light else None)
    encode(antibody)  # rejects what is not a residue
    return antibody


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


def read_airr(lines: Iterable[str], *, incomplete: bool = False) -> Iterator[Antibody]:
    """Read the rows of a table, each as an antibody of one chain.

    Parameters
    ----------
    lines
        A table with a line of column names, separated by tabs or, without any tab, by commas;
        an open file will do.
    incomplete
        As for `from_airr`.

    Yields
    ------
    Antibody
        One for each row.

    Raises
    ------
    ConversionError
        As `from_airr`, with the number of the row, from 0.
    """
    lines = iter(lines)
    header = next(lines, "")
    table = csv.DictReader(joined([header], lines), delimiter="\t" if "\t" in header else ",")
    for number, row in enumerate(table):
        try:
            antibody = from_airr(row, incomplete=incomplete)
        except ConversionError as error:
            raise ConversionError(f"{error} in row {number}", record=number) from error
        yield antibody


def _chain(row: Mapping[str, str], suffix: str, incomplete: bool) -> Chain:
    found = row.get(f"locus{suffix}") or "none"
    if found not in LOCI:
        raise ConversionError(f"expected locus{suffix} to be IGH, IGK or IGL, found {found}")
    regions = {}
    for region, column in _COLUMNS.items():
        regions[region] = row.get(column + suffix) or ""
        if not regions[region] and not incomplete:
            raise ConversionError(f"expected residues in {column}{suffix}, found none")
    return Chain(locus=LOCI[found], constant=row.get(_CONSTANT + suffix) or None, **regions)


def _row(chain: Chain) -> dict[str, str]:
    if chain.locus == "light":
        raise ConversionError("expected a light chain of known locus, kappa or lambda")
    if chain.constant == "":
        raise ConversionError("expected residues in the constant region, or no constant region")
    locus = next(name for name, kind in LOCI.items() if kind == chain.locus)
    regions = {column: getattr(chain, region) for region, column in _COLUMNS.items()}
    return {"locus": locus, **regions, _CONSTANT: chain.constant or ""}
