"""The hydrogens that a bare atom implies: brackets that state as many say nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_OF_ORDER: Final = np.array([1, 2, 3, 4, 1, 1, 1, 0, 0, 0], np.int64)
_UNSURE: Final = np.array([0, 0, 0, 1, 0, 0, 0, 1, 1, 1], np.bool_)
"""Quadruple, any and dative bonds, of whose valence readers of SMILES have different opinions."""

_MOST_BONDS: Final = 8
_UNKNOWN: Final = -2

# Of each element the hydrogens that a bare atom implies, by the sum of the orders of its bonds;
# only where OpenSMILES and RDKit agree.
_ALIPHATIC: Final = {
    0: (0,) * _MOST_BONDS,
    5: (3, 2, 1, 0),
    6: (4, 3, 2, 1, 0),
    7: (3, 2, 1, 0),
    8: (2, 1, 0),
    9: (1, 0),
    15: (3, 2, 1, 0, 1, 0),
    16: (2, 1, 0, 1, 0, 1, 0),
    17: (1, 0),
    35: (1, 0),
    53: (1, 0),
}
# The same of an aromatic atom, by the sum in which an aromatic bond counts as a single one.
_AROMATIC_ATOMS: Final = {
    5: (_UNKNOWN, _UNKNOWN, 0, 0),
    6: (_UNKNOWN, _UNKNOWN, 1, 0, 0),
    7: (_UNKNOWN, _UNKNOWN, 0, 0),
    8: (_UNKNOWN, _UNKNOWN, 0),
    15: (_UNKNOWN, _UNKNOWN, 0, 0),
    16: (_UNKNOWN, _UNKNOWN, 0),
}


def _table(rows: dict[int, tuple[int, ...]]) -> npt.NDArray[np.int64]:
    """The hydrogens by element and sum, int64 [256, sums]."""
    table = np.full((256, _MOST_BONDS + 1), _UNKNOWN, np.int64)
    for element, implied in rows.items():
        table[element, : len(implied)] = implied
    return table


_IMPLIED: Final = np.stack([_table(_ALIPHATIC), _table(_AROMATIC_ATOMS)])


def implied_hydrogens(
    element: npt.NDArray[np.uint8],
    aromatic: npt.NDArray[np.bool_],
    ends: npt.NDArray[np.uint32],
    order: npt.NDArray[np.uint8],
) -> npt.NDArray[np.int64]:
    """The hydrogens that each atom would have if it were bare.

    Parameters
    ----------
    element, aromatic
        Of n atoms, as in `Molecule`.
    ends
        Of m bonds the two atoms, shape [2, m].
    order
        Of m bonds, as in `Molecule`.

    Returns
    -------
    int64 [n]
        -2 where OpenSMILES and RDKit do not agree, or a bare atom is not possible.
    """
    at, orders, count = ends.ravel().astype(np.int64), np.tile(order, 2), len(element)
    total = np.bincount(at, weights=_OF_ORDER[orders], minlength=count).astype(np.int64)
    unsure = np.bincount(at, weights=_UNSURE[orders], minlength=count) > 0
    implied = _IMPLIED[aromatic.astype(np.int64), element, np.minimum(total, _MOST_BONDS)]
    return np.where(unsure, _UNKNOWN, implied)
