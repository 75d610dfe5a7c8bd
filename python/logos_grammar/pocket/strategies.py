"""Hypothesis strategies for pockets."""

from __future__ import annotations

from typing import Final

import numpy as np
from hypothesis import strategies as st

from logos_grammar.molecule.strategies import molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.nucleic_acid.strategies import nucleic_acids
from logos_grammar.pocket import LinedChain, Pocket, Sites
from logos_grammar.protein import Protein
from logos_grammar.protein.strategies import proteins

_MOST_SITES: Final = 63


def lined_chains(*, max_residues: int = 6) -> st.SearchStrategy[LinedChain]:
    """Draw chains with sites and residues that are spelled out.

    Parameters
    ----------
    max_residues
        The most residues.

    Returns
    -------
    SearchStrategy[LinedChain]
        Shrinks to a protein without residues.
    """
    chains = proteins(max_residues=max_residues) | nucleic_acids(max_nucleotides=max_residues)
    return chains.flatmap(_lined)


def pockets(*, max_chains: int = 3) -> st.SearchStrategy[Pocket]:
    """Draw pockets: by default every pocket that has a sentence, of three short chains at most.

    Parameters
    ----------
    max_chains
        The most chains, at least 1.

    Returns
    -------
    SearchStrategy[Pocket]
        Shrinks to one protein without residues.
    """
    chains = st.lists(lined_chains(), min_size=1, max_size=max_chains).map(tuple)
    sought = st.builds(Pocket, chains, chains, st.sampled_from(["search", "trans"]))
    return st.builds(Pocket, chains) | sought


def _lined(chain: Protein | NucleicAcid) -> st.SearchStrategy[LinedChain]:
    residues = LinedChain(chain).residues
    if not residues:
        return st.just(LinedChain(chain))
    rows = st.tuples(st.integers(0, residues - 1), st.integers(1, 3) | st.integers(1, _MOST_SITES))
    places = st.dictionaries(st.integers(0, residues - 1), molecules(), max_size=2)
    return st.builds(
        LinedChain,
        st.just(chain),
        st.sets(rows, max_size=2 * residues).map(_sites),
        places.map(lambda spelled: tuple(sorted(spelled.items(), key=lambda one: one[0]))),
    )


def _sites(rows: set[tuple[int, int]]) -> Sites:
    residues, sites = zip(*sorted(rows), strict=True) if rows else ((), ())
    return Sites(residue=np.array(residues, np.uint32), site=np.array(sites, np.uint8))
