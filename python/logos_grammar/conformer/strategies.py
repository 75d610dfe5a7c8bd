"""Hypothesis strategies for conformers."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from logos_grammar.columns import Words
from logos_grammar.columns.strategies import texts
from logos_grammar.conformer import Conformer
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules

_MOST_DECIMALS = 9
_FARTHEST = 999_999_999
_MOST_HYDROGENS = 3


def conformers(  # noqa: PLR0913 (each keyword narrows one thing)
    *,
    molecule: st.SearchStrategy[Molecule] | None = None,
    max_poses: int = 3,
    decimals: int | None = None,
    hydrogens: bool = True,
    order: bool = True,
    record: bool = True,
    far: bool = True,
) -> st.SearchStrategy[Conformer]:
    """Draw conformers: by default every conformer that has a sentence, of few poses.

    Parameters
    ----------
    molecule
        Where its molecule comes from, default `molecules()`.
    max_poses
        The most poses, at least 1.
    decimals
        How many decimals coordinates have; None draws any count.
    hydrogens
        Whether atoms may have hydrogens with points of their own.
    order
        Whether there may be an order of the points.
    record
        Whether there may be a title and properties.
    far
        Whether points may lie anywhere, and not only some ångström from each other.

    Returns
    -------
    SearchStrategy[Conformer]
        Shrinks to methane at the origin, without decimals, hydrogens and what a record says.
    """
    drawn = molecules() if molecule is None else molecule
    return _conformers(drawn, max_poses, decimals, hydrogens, order, record, far)


@st.composite
def _conformers(  # noqa: PLR0913, PLR0917
    draw: st.DrawFn,
    molecule: st.SearchStrategy[Molecule],
    max_poses: int,
    decimals: int | None,
    hydrogens: bool,
    order: bool,
    record: bool,
    far: bool,
) -> Conformer:
    drawn = draw(molecule)
    count = len(drawn.element)
    most = _MOST_HYDROGENS if hydrogens else 0
    carried = draw(st.lists(st.integers(0, most), min_size=count, max_size=count))
    digits = draw(st.integers(0, _MOST_DECIMALS)) if decimals is None else decimals
    points = (count + sum(carried)) * draw(st.integers(1, max_poses))
    unit = 10**digits
    near = st.integers(-3 * unit, 3 * unit)
    # The difference of two such points has a floor of nine digits, too.
    half = _FARTHEST // 2 * unit
    place = near | st.integers(-half, half) if far else near
    columns = [
        Fixed(draw(st.lists(place, min_size=points, max_size=points)), digits) for _ in "xyz"
    ]
    ranks = count + sum(carried)
    ordered = order and ranks <= 1000 and draw(st.booleans())
    names = draw(st.lists(texts(), max_size=2)) if record else []
    values = draw(st.lists(texts(), min_size=len(names), max_size=len(names)))
    return Conformer(
        molecule=drawn,
        hydrogens=np.array(carried, np.uint32),
        x=columns[0],
        y=columns[1],
        z=columns[2],
        order=np.array(draw(st.permutations(range(ranks))), np.uint32) if ordered else None,
        title=draw(texts()) if record else "",
        property_name=Words(names),
        property_value=Words(values),
    )
