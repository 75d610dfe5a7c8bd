"""Outlines of long sentences: structures by residues, conformers by poses, atom by atom."""

from __future__ import annotations

from logos_grammar.conformer import Conformer
from logos_grammar.display.outline.conformer import sections_of_conformer, summary_of_conformer
from logos_grammar.display.outline.section import Line, lines_of
from logos_grammar.display.outline.structure import sections_of_structure, summary_of_structure
from logos_grammar.grammar.explanation import Explanation
from logos_grammar.structure import Structure

__all__ = ["MOST", "Line", "outline", "summary"]

MOST = 3
"""How many models, strands of each, residues of each strand, and poses are shown unless said."""


def outline(obj: object, explanation: Explanation, *, most: int = MOST) -> list[Line] | None:
    """Break the sentence of a structure or conformer into lines.

    Parameters
    ----------
    obj
        Any object.
    explanation
        All tokens of its sentence, explained.
    most
        How many models, strands of a model, residues of a strand, poses and data items are shown;
        the rest are counted. 0 shows all.

    Returns
    -------
    list of Line or None
        None for an object of another type, whose tokens need no lines.
    """
    if isinstance(obj, Structure):
        return [*lines_of(sections_of_structure(obj, explanation.tokens), most)]
    if isinstance(obj, Conformer):
        return [*lines_of(sections_of_conformer(obj, explanation.tokens), most)]
    return None


def summary(obj: object) -> str:
    """Say in a line what a structure or a conformer holds; nothing of other objects."""
    if isinstance(obj, Structure):
        return summary_of_structure(obj)
    return summary_of_conformer(obj) if isinstance(obj, Conformer) else ""
