"""Hypothesis strategies for proteins."""

from __future__ import annotations

from itertools import islice
from typing import Final

from hypothesis import strategies as st

from logos_grammar.protein import Protein
from logos_grammar.testing.programs import programs
from logos_grammar.testing.sequence_programs import Piece, pieces, spellings

LETTERS: Final = "AGVLIPMFYWSTCNQDEKRH"
"""The twenty amino acids, small ones first."""

RARE: Final = "UOXBZJ*-"
"""Rare, ambiguous and unknown residues, the stop and the gap."""

_NAMES: Final = ("MSE", "SEP", "TPO", "PTR", "HYP", "CSO", "ACE", "NH2", "A1IXY")
_LETTERED: Final = frozenset(
    (
        *(
            "ALA",
            "ARG",
            "ASN",
            "ASP",
            "ASX",
            "CYS",
            "GLN",
            "GLU",
            "GLX",
            "GLY",
            "HIS",
            "ILE",
            "LEU",
        ),
        *(
            "LYS",
            "MET",
            "PHE",
            "PRO",
            "PYL",
            "SEC",
            "SER",
            "THR",
            "TRP",
            "TYR",
            "UNK",
            "VAL",
            "XLE",
        ),
    )
)


def proteins(
    *,
    max_residues: int | None = None,
    letters: str = LETTERS + RARE,
    modified: bool = True,
) -> st.SearchStrategy[Protein]:
    """Draw proteins: by default every protein that has a sentence.

    Parameters
    ----------
    max_residues
        The most residues, at least 0.
    letters
        The one-letter codes that may occur; proteins shrink to the first of them.
    modified
        Whether residues may occur that are spelled by their chemical component name.

    Returns
    -------
    SearchStrategy[Protein]
        Shrinks to the protein without residues.

    Raises
    ------
    ValueError
        For negative `max_residues`, no letter, or a letter that is not a residue.
    """
    if max_residues is not None and max_residues < 0:
        raise ValueError(f"expected max_residues of 0 or more, found {max_residues}")
    table = residue_spellings(letters=letters, modified=modified)

    def spell(program: bytes) -> Protein:
        return Protein("".join(islice(pieces(program, table), max_residues)))

    return programs().map(spell)


def residue_spellings(
    marks: str = "", *, letters: str = LETTERS + RARE, modified: bool = True
) -> tuple[Piece, ...]:
    """Make the instructions that spell residues, and marks among them."""
    unknown = sorted(set(letters).difference(LETTERS + RARE))
    if unknown or not letters:
        raise ValueError(f"expected one-letter codes of residues, found {unknown or 'none'}")
    return spellings(
        "".join(letter for letter in letters if letter in LETTERS),
        rare="".join(letter for letter in letters if letter in RARE),
        marks=marks,
        names=_NAMES if modified else (),
        lettered=_LETTERED,
    )
