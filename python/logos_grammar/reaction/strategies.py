"""Hypothesis strategies for reactions."""

from __future__ import annotations

from hypothesis import strategies as st

from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction


def reactions(
    *,
    molecule: st.SearchStrategy[Molecule] | None = None,
    max_molecules: int = 3,
    agents: bool = True,
    retro: bool = True,
) -> st.SearchStrategy[Reaction]:
    """Draw reactions: by default every reaction that has a sentence, of three molecules a side.

    Parameters
    ----------
    molecule
        Where its molecules come from, default `molecules()`.
    max_molecules
        The most reactants, agents and products, each, at least 0.
    agents
        Whether there may be agents.
    retro
        Whether reactions written backwards may occur.

    Returns
    -------
    SearchStrategy[Reaction]
        Shrinks to the forward reaction without molecules.
    """
    side = st.lists(molecules() if molecule is None else molecule, max_size=max_molecules).map(
        tuple
    )
    return st.builds(
        Reaction,
        reactants=side,
        agents=side if agents else st.just(()),
        products=side,
        direction=st.sampled_from(("forward", "retro")) if retro else st.just("forward"),
    )
