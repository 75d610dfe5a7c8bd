"""Hypothesis strategies for antibodies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hypothesis import strategies as st

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.tables import Locus
from logos_grammar.protein.strategies import LETTERS, RARE, residue_spellings
from logos_grammar.testing.programs import programs
from logos_grammar.testing.sequence_programs import pieces

ADVANCE: Final = "|"
"""The mark after which the next region begins."""

HEAVY: Final[st.SearchStrategy[Locus]] = st.just("heavy")
LIGHT: Final[st.SearchStrategy[Locus]] = st.sampled_from(("light", "kappa", "lambda"))

_REGIONS: Final = 8


def antibodies(
    *, letters: str = LETTERS + RARE, modified: bool = True
) -> st.SearchStrategy[Antibody]:
    """Draw antibodies: by default every antibody that has a sentence.

    Parameters
    ----------
    letters
        The one-letter codes that may occur; regions shrink to the first of them.
    modified
        Whether residues may occur that are spelled by their chemical component name.

    Returns
    -------
    SearchStrategy[Antibody]
        Shrinks to one heavy chain whose regions are empty.
    """
    table = residue_spellings(ADVANCE, letters=letters, modified=modified)

    def spelled(locus: st.SearchStrategy[Locus]) -> st.SearchStrategy[Chain]:
        return st.builds(
            lambda name, program: chain(name, regions(pieces(program, table))), locus, programs()
        )

    heavy, light = spelled(HEAVY), spelled(LIGHT)
    return st.one_of(
        st.builds(Antibody, heavy, st.none()),
        st.builds(Antibody, st.none(), light),
        st.builds(Antibody, heavy, light),
    )


def regions(spelling: Iterable[str]) -> list[str]:
    """Cut a spelling at its marks into the regions of a chain, FR1 to FR4 and what is constant."""
    found: list[list[str]] = [[]]
    for piece in spelling:
        if piece != ADVANCE:
            found[-1].append(piece)
        elif len(found) < _REGIONS:
            found.append([])
    return ["".join(region) for region in found]


def chain(locus: Locus, found: list[str]) -> Chain:
    """Make a chain of its regions, those that are missing being empty."""
    variable, constant = found[: _REGIONS - 1], found[_REGIONS - 1 :]
    fr1, cdr1, fr2, cdr2, fr3, cdr3, fr4 = variable + [""] * (_REGIONS - 1 - len(variable))
    return Chain(
        locus=locus,
        fr1=fr1,
        cdr1=cdr1,
        fr2=fr2,
        cdr2=cdr2,
        fr3=fr3,
        cdr3=cdr3,
        fr4=fr4,
        constant=constant[0] if constant else None,
    )
