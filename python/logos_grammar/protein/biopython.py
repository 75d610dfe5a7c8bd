"""Proteins from Biopython and back.

Kept: the residues. A residue that has a chemical component name and no letter is an X in Biopython,
under a feature of type `modified_residue` that tells the name (`{"component": ["MSE"]}`).

Not read, because they are not the protein's: names, annotations, other features, and what letter
is under a `modified_residue` with a component.

Refused: letters that are not residues, lower case among them unless an option leaves case out;
sequences whose letters are not known; features that are not one residue.
"""

from __future__ import annotations

from logos_grammar.codec import encode
from logos_grammar.formats.biopython import MutableSeq, Seq, SeqRecord, record_of, text_of
from logos_grammar.protein import Protein


def from_biopython(
    sequence: Seq | MutableSeq | SeqRecord, *, without_case: bool = False
) -> Protein:
    """Make a protein of a Biopython sequence or record.

    Parameters
    ----------
    sequence
        One-letter codes; of a record the features that name components are read as well.
    without_case
        Read lower-case letters, which often say that a region was masked, as upper-case ones.

    Returns
    -------
    Protein
        Its residues, from the amino to the carboxy terminus.

    Raises
    ------
    ConversionError
        For what is refused, as the page above says.
    """
    protein = Protein(text_of(sequence, feature=_FEATURE, without_case=without_case))
    encode(protein)  # rejects what is not a residue
    return protein


def to_biopython(protein: Protein) -> SeqRecord:
    """Make a Biopython record of a protein.

    Parameters
    ----------
    protein
        Any protein.

    Returns
    -------
    Bio.SeqRecord.SeqRecord
        Its letters, with a feature for each residue that has none, and ``molecule_type`` protein.
    """
    return record_of(protein.sequence, unknown="X", feature=_FEATURE, molecule_type="protein")


_FEATURE = "modified_residue"
