"""Edit: a protein with the spans to be edited marked, and its edited form."""

from __future__ import annotations

from dataclasses import dataclass

from logos_grammar.displayed import Displayed
from logos_grammar.protein import Protein

__all__ = ["Edit"]


@dataclass(frozen=True)
class Edit(Displayed):
    """What a protein was, marked, and what it became.

    Attributes
    ----------
    before
        The original, in whose text ``[`` and ``]`` enclose each span to be edited; spans are
        not nested, and an empty one is a place for an insertion.
    after
        The edited form.
    """

    before: Protein
    after: Protein

    def original(self) -> Protein:
        """The original without its marks."""
        return Protein(self.before.sequence.replace("[", "").replace("]", ""))
