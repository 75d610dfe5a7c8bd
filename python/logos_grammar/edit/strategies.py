"""Hypothesis strategies for edits: a protein with spans marked, and its edited form."""

from __future__ import annotations

from itertools import cycle
from typing import Final

from hypothesis import strategies as st

from logos_grammar.edit import Edit
from logos_grammar.protein import Protein
from logos_grammar.protein.strategies import LETTERS, RARE, proteins, residue_spellings
from logos_grammar.testing.programs import programs
from logos_grammar.testing.sequence_programs import pieces

_MARK: Final = "|"


def edits(*, letters: str = LETTERS + RARE, modified: bool = True) -> st.SearchStrategy[Edit]:
    """Draw edits: by default every edit that has a sentence.

    The edited form is drawn on its own: it need not agree with the protein outside the marks.

    Parameters
    ----------
    letters
        The one-letter codes that may occur; both proteins shrink to the first of them.
    modified
        Whether residues may occur that are spelled by their chemical component name.

    Returns
    -------
    SearchStrategy[Edit]
        Shrinks to two proteins without residues and without marks.
    """
    table = residue_spellings(_MARK, letters=letters, modified=modified)

    def spell(program: bytes) -> Protein:
        text = []
        marks = cycle("[]")
        for piece in pieces(program, table):
            text.append(next(marks) if piece == _MARK else piece)
        inside = next(marks) == "]"
        return Protein("".join(text) + ("]" if inside else ""))

    after = proteins(letters=letters, modified=modified)
    return st.builds(Edit, before=programs().map(spell), after=after)
