"""Nucleic acids from Biopython and back.

Kept: the nucleotides and whether they are DNA or RNA. A nucleotide that has a chemical component
name and no letter is an N in Biopython, under a feature of type `modified_base` that tells the name
(`{"component": ["PSU"]}`).

Not read, because they are not the strand's: names, annotations other than `molecule_type`, other
features, and which letter is under a `modified_base` with a component.

Refused: sequences of which nothing says whether they are DNA or RNA, letters that are no
nucleotides, lower case among them unless an option leaves case out; sequences whose letters are not
known; features that are not one nucleotide.
"""

from __future__ import annotations

from typing import Literal

from logos_grammar.codec import encode
from logos_grammar.error import ConversionError
from logos_grammar.formats.biopython import MutableSeq, Seq, SeqRecord, record_of, text_of
from logos_grammar.nucleic_acid import NucleicAcid


def from_biopython(
    sequence: Seq | MutableSeq | SeqRecord,
    *,
    kind: Literal["dna", "rna"] | None = None,
    without_case: bool = False,
) -> NucleicAcid:
    """Make a nucleic acid of a Biopython sequence or record.

    Parameters
    ----------
    sequence
        One-letter codes; of a record the features that name components are read as well.
    kind
        ``"dna"`` or ``"rna"``; by default what the record's ``molecule_type`` says (``"mRNA"``,
        ``"genomic DNA"``).
    without_case
        Read lower-case letters, which often say that a region was masked, as upper-case ones.

    Returns
    -------
    NucleicAcid
        The strand as it is written, from 5' to 3'.

    Raises
    ------
    ConversionError
        For what is refused, as the page above says.
    """
    text = text_of(sequence, feature=_FEATURE, without_case=without_case)
    strand = NucleicAcid(kind=kind or _kind(sequence), sequence=text)
    encode(strand)  # rejects what is not a nucleotide
    return strand


def to_biopython(strand: NucleicAcid) -> SeqRecord:
    """Make a Biopython record of a nucleic acid.

    Parameters
    ----------
    strand
        Any nucleic acid.

    Returns
    -------
    Bio.SeqRecord.SeqRecord
        Its letters, with a feature for each nucleotide that has none, and ``molecule_type`` DNA or
        RNA.
    """
    return record_of(
        strand.sequence, unknown="N", feature=_FEATURE, molecule_type=strand.kind.upper()
    )


_FEATURE = "modified_base"


def _kind(sequence: Seq | MutableSeq | SeqRecord) -> Literal["dna", "rna"]:
    annotations = sequence.annotations if isinstance(sequence, SeqRecord) else {}
    said = str(annotations.get("molecule_type", "")).upper()
    if "DNA" in said and "RNA" not in said:
        return "dna"
    if "RNA" in said and "DNA" not in said:
        return "rna"
    raise ConversionError(f"expected DNA or RNA as molecule_type or kind, found {said or 'none'}")
