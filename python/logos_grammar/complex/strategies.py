"""Hypothesis strategies for complexes."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from hypothesis import strategies as st

from logos_grammar.complex import Complex, ContactKind, Contacts, Member
from logos_grammar.conformer.strategies import conformers
from logos_grammar.molecule.strategies import molecules
from logos_grammar.pocket.strategies import lined_chains
from logos_grammar.structure.strategies import structures

_MOST_CONTACTS: Final = 12


def complexes(*, max_members: int = 3) -> st.SearchStrategy[Complex]:
    """Draw complexes: by default every complex that has a sentence, of three members at most.

    Parameters
    ----------
    max_members
        The most members, at least 1.

    Returns
    -------
    SearchStrategy[Complex]
        Shrinks to one protein without residues.
    """
    member = lined_chains() | molecules() | conformers() | structures(max_residues=2)
    members = st.lists(member, min_size=1, max_size=max_members).map(tuple)
    return members.flatmap(_with_contacts)


def _with_contacts(members: tuple[Member, ...]) -> st.SearchStrategy[Complex]:
    def at(level: Literal["residue", "atom"]) -> st.SearchStrategy[Complex]:
        none = Complex(members, _made({}), level)
        said = _contacts(int(none.first_units[-1]))
        return st.builds(Complex, st.just(members), said, st.just(level))

    return st.just(Complex(members)) | at("residue") | at("atom")


def _contacts(units: int) -> st.SearchStrategy[Contacts]:
    if units < 2:
        return st.just(_made({}))
    pair = st.tuples(st.integers(0, units - 2), st.integers(1, units - 1))
    ordered = pair.map(lambda two: (min(two), max(two))).filter(lambda two: two[0] < two[1])
    said = st.tuples(st.integers(-1, 63), st.integers(0, (1 << len(ContactKind)) - 1))
    return st.dictionaries(ordered, said, max_size=_MOST_CONTACTS).map(_made)


def _made(rows: dict[tuple[int, int], tuple[int, int]]) -> Contacts:
    """Contacts by their pairs, of a distance and kinds each."""
    pairs = sorted(rows)
    return Contacts(
        first=np.array([first for first, _ in pairs], np.uint32),
        second=np.array([second for _, second in pairs], np.uint32),
        distance=np.array([rows[pair][0] for pair in pairs], np.int8),
        kind=np.array([rows[pair][1] for pair in pairs], np.uint16),
    )
