"""Protein: its residues as text."""

from __future__ import annotations

from dataclasses import dataclass

from logos_grammar.displayed import Displayed

__all__ = ["Protein"]


@dataclass(frozen=True)
class Protein(Displayed):
    """A protein, from its amino to its carboxy terminus.

    Attributes
    ----------
    sequence
        One-letter codes (the twenty, U, O, X, B, Z, J, ``*`` for a stop and ``-`` for a gap), and
        the chemical component name of any other residue or cap in parentheses: ``MK(MSE)L``, as
        mmCIF writes ``pdbx_seq_one_letter_code``. A residue that has a letter is written by it.
    """

    sequence: str
