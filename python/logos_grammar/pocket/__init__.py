"""Pocket: chains whose residues say which sites they line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Columns
from logos_grammar.displayed import Displayed
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein

__all__ = ["LinedChain", "Pocket", "Sites"]


_RESIDUE: Final = re.compile(r"\([^)]*\)|.")


class Sites(Columns):
    """The sites that residues of a chain line, by residue and then by site, each once."""

    residue: npt.NDArray[np.uint32]
    """The residue, counted from 0 in its chain."""
    site: npt.NDArray[np.uint8]
    """The site, from 1 to 63; residues of several chains may line one."""


def _no_sites() -> Sites:
    return Sites(residue=np.empty(0, np.uint32), site=np.empty(0, np.uint8))


@dataclass(frozen=True)
class LinedChain(Displayed):
    """A chain, the sites that its residues line, and the residues that are spelled out.

    Attributes
    ----------
    chain
        A protein or a strand of a nucleic acid.
    sites
        Which residue lines which site.
    spelled
        Residues as molecules: pairs of a residue, counted from 0 in the chain, and what it is, in
        the order of the residues. LOGOS calls a pocket with these "small-molecule-expanded".
    """

    chain: Protein | NucleicAcid
    sites: Sites = field(default_factory=_no_sites)
    spelled: tuple[tuple[int, Molecule], ...] = ()

    @property
    def residues(self) -> int:
        """How many residues the chain has; a name in parentheses is one."""
        return len(_RESIDUE.findall(self.chain.sequence))

    def without_letters(self) -> Self:
        """Leave out what the residues are that are spelled out: each is of an unknown component."""
        unknown = "X" if isinstance(self.chain, Protein) else "N"
        pieces = _RESIDUE.findall(self.chain.sequence)
        for row, _ in self.spelled:
            pieces[row] = unknown
        return replace(self, chain=replace(self.chain, sequence="".join(pieces)))

    def without_sites(self) -> Self:
        """Leave out which sites the residues line."""
        return replace(self, sites=_no_sites())


@dataclass(frozen=True)
class Pocket(Displayed):
    """Chains with the sites that their residues line, and what they were found from.

    Attributes
    ----------
    chains
        One chain or more, in their order.
    given
        The chains of which something was to be found, before `chains`; None without a task.
    task
        What was to be found of them: their sites (``"search"``, LOGOS' ``<Search>``), or their
        residues as molecules (``"trans"``, LOGOS' ``<Trans>``).

    Raises
    ------
    ValueError
        For chains that are given without a task, or a task without them.
    """

    chains: tuple[LinedChain, ...]
    given: tuple[LinedChain, ...] | None = None
    task: Literal["search", "trans"] | None = None

    def __post_init__(self) -> None:
        if (self.given is None) is not (self.task is None):
            raise ValueError("expected a task with the chains that are given, or neither of them")

    def without_sites(self) -> Self:
        """Leave out which sites the residues of `chains` line."""
        return replace(self, chains=tuple(chain.without_sites() for chain in self.chains))

    def without_task(self) -> Self:
        """Leave out the chains that were given, and what was to be found of them."""
        return replace(self, given=None, task=None)

    def without_letters(self) -> Self:
        """Leave out what the residues are that are spelled out: each is X, as in LOGOS' texts."""
        return replace(self, chains=tuple(chain.without_letters() for chain in self.chains))

    def searched(self) -> Self:
        """Give the chains without their sites, so that these are to be found.

        The sentence is LOGOS' "binding site identification": as much as is written before
        ``<Search>`` is the prompt.
        """
        return replace(self, given=self.without_sites().chains, task="search")
