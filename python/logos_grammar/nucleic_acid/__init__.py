"""Nucleic acid: a strand of DNA or RNA as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from logos_grammar.displayed import Displayed

__all__ = ["NucleicAcid"]


@dataclass(frozen=True)
class NucleicAcid(Displayed):
    """A strand of DNA or RNA, from its 5' to its 3' end.

    Attributes
    ----------
    kind
        ``"dna"`` or ``"rna"``.
    sequence
        One-letter codes (A C G T U, the IUPAC ambiguity codes, I, X, and ``-`` for a gap), and the
        chemical component name of any other nucleotide in parentheses: ``GG(PSU)C``.
    """

    kind: Literal["dna", "rna"]
    sequence: str
