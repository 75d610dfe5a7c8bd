"""Antibodies from Biopython records with annotated regions and back.

A chain is a record. Its regions are features of type `Region` whose `region_name` says which they
are: FR1, CDR1, FR2, CDR2, FR3, CDR3, FR4 and, if there is one, Constant; together they cover the
sequence, one after the other. The record's annotation `locus` is IGH, IGK, IGL or, for a light
chain of unknown locus, absent.

Kept: residues (as in `logos_grammar.protein.biopython`), regions, locus.

Normalised: other spellings of the names of regions (`FWR1`, `CDR-H3`, `cdr3`), in `region_name`,
`note` or `label` of features of any type.

Refused: regions (but the constant one) that are missing, twice there, out of order, at a position
that is not known, in pieces with residues between them (``join``), or that leave residues
uncovered.
"""

from __future__ import annotations

import re
from typing import Final

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.tables import LOCI, Locus
from logos_grammar.error import ConversionError
from logos_grammar.formats.biopython import (
    SeqFeature,
    SeqRecord,
    feature_of,
    span_of,
)
from logos_grammar.formats.letters import letters_of
from logos_grammar.protein import Protein
from logos_grammar.protein.biopython import from_biopython as protein_from_biopython
from logos_grammar.protein.biopython import to_biopython as protein_to_biopython

_REGIONS: Final = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4", "constant")
_NAME: Final = re.compile(r"(fw?r|cdr)-?[hkl]?-?([1-4])(?:[-_]imgt)?|(constant)", re.IGNORECASE)
_QUALIFIERS: Final = ("region_name", "note", "label")


def from_biopython(*records: SeqRecord) -> Antibody:
    """Make an antibody of the record of one chain, or of those of its two chains.

    Parameters
    ----------
    records
        One or two records; the heavy chain is the one whose `locus` is IGH.

    Returns
    -------
    Antibody
        With the chains of the records.

    Raises
    ------
    ConversionError
        For what is refused, as the page above says, and for two chains of one kind.
    """
    chains = [_chain(record) for record in records]
    heavy = [chain for chain in chains if chain.locus == "heavy"]
    light = [chain for chain in chains if chain.locus != "heavy"]
    if not chains or len(heavy) > 1 or len(light) > 1:
        loci = ", ".join(chain.locus for chain in chains) or "none"
        raise ConversionError(f"expected at most one heavy and one light chain, found {loci}")
    return Antibody(heavy=heavy[0] if heavy else None, light=light[0] if light else None)


def to_biopython(antibody: Antibody) -> list[SeqRecord]:
    """Make a record for each chain of an antibody, the heavy chain first.

    Parameters
    ----------
    antibody
        Any antibody.

    Returns
    -------
    list of Bio.SeqRecord.SeqRecord
        Each with a `Region` for every region, and the locus as annotation if it is known.
    """
    return [_record(chain) for chain in (antibody.heavy, antibody.light) if chain is not None]


def _chain(record: SeqRecord) -> Chain:
    locus = record.annotations.get("locus")
    if locus is not None and locus not in LOCI:
        raise ConversionError(f"expected locus to be IGH, IGK, IGL or absent, found {locus}")
    residues = letters_of(protein_from_biopython(record).sequence)
    found: dict[str, str] = {}
    covered = 0
    for name, feature in _regions(record):
        start, end = span_of(feature, noun=f"region {name}")
        if start != covered:
            raise ConversionError(f"expected region {name} to begin at {covered}, found {start}")
        found[name] = "".join(residues[start:end])
        covered = end
    if covered != len(residues):
        raise ConversionError(f"expected regions up to {len(residues)}, found them up to {covered}")
    kind: Locus = "light" if locus is None else LOCI[locus]
    return Chain(locus=kind, constant=found.pop("constant", None), **found)


def _regions(record: SeqRecord) -> list[tuple[str, SeqFeature]]:
    """The regions in the order of a chain, all but the constant one present."""
    found: dict[str, SeqFeature] = {}
    for feature in record.features:
        for name in _names(feature):
            if found.setdefault(name, feature) is not feature:
                raise ConversionError(f"expected one region {name}, found another")
    for name in _REGIONS[:-1]:
        if name not in found:
            raise ConversionError(f"expected region {name}, found none")
    return [(name, found[name]) for name in _REGIONS if name in found]


def _names(feature: SeqFeature) -> set[str]:
    said = [text for key in _QUALIFIERS for text in feature.qualifiers.get(key, ())]
    matches = [match for text in said if (match := _NAME.fullmatch(text.strip()))]
    return {
        "constant" if match[3] else f"{match[1].lower().replace('fwr', 'fr')}{match[2]}"
        for match in matches
    }


def _record(chain: Chain) -> SeqRecord:
    whole = "".join(getattr(chain, name) or "" for name in _REGIONS)
    record = protein_to_biopython(Protein(whole))
    start = 0
    for name in _REGIONS:
        text = getattr(chain, name)
        if text is None:
            continue
        end = start + len(protein_to_biopython(Protein(text)))
        shown = name.capitalize() if name == "constant" else name.upper()
        record.features.append(feature_of(start, end, "Region", {"region_name": [shown]}))
        start = end
    if chain.locus != "light":
        locus = next(key for key, kind in LOCI.items() if kind == chain.locus)
        record.annotations["locus"] = locus
    return record
