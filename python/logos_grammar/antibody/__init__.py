"""Antibody: its chains, cut into framework and complementarity-determining regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from logos_grammar.displayed import Displayed
from logos_grammar.protein import Protein

__all__ = ["Antibody", "Chain"]


@dataclass(frozen=True)
class Chain:
    """One chain; each region is text as in `Protein.sequence` and may be empty.

    Where the regions begin and end is a matter of the numbering scheme (IMGT, Kabat, Chothia),
    which the grammar does not record: keep one scheme per data set.

    Attributes
    ----------
    locus
        ``"heavy"``, ``"kappa"``, ``"lambda"``, or ``"light"`` when it is not known which.
    fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4
        The regions of the variable domain.
    constant
        What follows the variable domain; None when it is not given.
    """

    locus: Literal["heavy", "kappa", "lambda", "light"]
    fr1: str
    cdr1: str
    fr2: str
    cdr2: str
    fr3: str
    cdr3: str
    fr4: str
    constant: str | None = None

    def variable(self) -> Protein:
        """The variable domain as a protein, without its regions."""
        regions = (self.fr1, self.cdr1, self.fr2, self.cdr2, self.fr3, self.cdr3, self.fr4)
        return Protein("".join(regions))

    def protein(self) -> Protein:
        """The whole chain as a protein, without its regions."""
        return Protein(self.variable().sequence + (self.constant or ""))


@dataclass(frozen=True)
class Antibody(Displayed):
    """A heavy chain, a light chain, or both.

    Attributes
    ----------
    heavy
        The heavy chain, of locus ``"heavy"``.
    light
        The light chain, of another locus.
    """

    heavy: Chain | None = None
    light: Chain | None = None
