"""Hypothesis strategies for nucleic acids."""

from __future__ import annotations

from itertools import islice
from typing import Final, Literal, TypeAlias

from hypothesis import strategies as st

from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.testing.programs import programs
from logos_grammar.testing.sequence_programs import Piece, pieces, spellings

Kind: TypeAlias = Literal["dna", "rna"]

KINDS: Final[tuple[Kind, ...]] = ("dna", "rna")
"""The kinds of strands, the one to shrink to first."""

LETTERS: Final = "ACGTU"
"""The five plain bases."""

RARE: Final = "NRYSWKMBDHVIX-"
"""Ambiguous and unknown bases, inosine and the gap."""

_NAMES: Final[dict[Kind, tuple[str, ...]]] = {
    "dna": ("5CM", "8OG", "A", "6MA"),
    "rna": ("PSU", "5MC", "H2U", "DA", "OMG"),
}
_LETTERED: Final[dict[Kind, frozenset[str]]] = {
    "dna": frozenset(("DA", "DC", "DG", "DT", "DU", "DI", "DN")),
    "rna": frozenset("ACGUIN"),
}


def nucleic_acids(
    *,
    kind: Kind | None = None,
    max_nucleotides: int | None = None,
    letters: str = LETTERS + RARE,
    modified: bool = True,
) -> st.SearchStrategy[NucleicAcid]:
    """Draw nucleic acids: by default every strand that has a sentence.

    Parameters
    ----------
    kind
        ``"dna"`` or ``"rna"``, default both.
    max_nucleotides
        The most nucleotides, at least 0.
    letters
        The one-letter codes that may occur; strands shrink to the first of them.
    modified
        Whether nucleotides may occur that are spelled by their chemical component name.

    Returns
    -------
    SearchStrategy[NucleicAcid]
        Shrinks to the DNA strand without nucleotides.

    Raises
    ------
    ValueError
        For negative `max_nucleotides`, no letter, or a letter that is not a nucleotide.
    """
    if max_nucleotides is not None and max_nucleotides < 0:
        raise ValueError(f"expected max_nucleotides of 0 or more, found {max_nucleotides}")
    kinds = KINDS if kind is None else (kind,)
    tables = {
        each: nucleotide_spellings(each, letters=letters, modified=modified) for each in kinds
    }

    def spell(each: Kind, program: bytes) -> NucleicAcid:
        return NucleicAcid(each, "".join(islice(pieces(program, tables[each]), max_nucleotides)))

    return st.builds(spell, st.sampled_from(kinds), programs())


def nucleotide_spellings(
    kind: Kind,
    marks: str = "",
    *,
    letters: str = LETTERS + RARE,
    modified: bool = True,
) -> tuple[Piece, ...]:
    """Make the instructions that spell nucleotides of one kind, and marks among them."""
    unknown = sorted(set(letters).difference(LETTERS + RARE))
    if unknown or not letters:
        raise ValueError(f"expected one-letter codes of nucleotides, found {unknown or 'none'}")
    return spellings(
        "".join(letter for letter in letters if letter in LETTERS),
        rare="".join(letter for letter in letters if letter in RARE),
        marks=marks,
        names=_NAMES[kind] if modified else (),
        lettered=_LETTERED[kind],
    )
