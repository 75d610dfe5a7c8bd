"""Bonds of a picture: atoms that are near enough to each other."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["bonds_of"]

_RADII: Final = {
    "H": 0.31,
    "D": 0.31,
    "B": 0.84,
    "C": 0.76,
    "N": 0.71,
    "O": 0.66,
    "F": 0.57,
    "Si": 1.11,
    "P": 1.07,
    "S": 1.05,
    "Cl": 1.02,
    "Se": 1.20,
    "Br": 1.20,
    "I": 1.39,
}
"""Covalent radii in ångström (B. Cordero and others, Dalton Transactions, 2008)."""

_SLACK: Final = 0.4
_CROWD: Final = 100
"""How many atoms are in a cell at most that has bonds; of real ones some ten have room."""
_REACH: Final = 2 * max(_RADII.values()) + _SLACK


def bonds_of(places: npt.NDArray[np.float64], elements: list[str]) -> npt.NDArray[np.int64]:
    """Pairs of atoms that are bonded, by their distance; metals have no bonds in a picture.

    Nor have atoms that are crowded as no real ones are, such as those of a template that are all at
    one place: their number does not square.

    Parameters
    ----------
    places
        float64 [n, 3], in ångström.
    elements
        The symbol of each atom.

    Returns
    -------
    numpy.ndarray
        int64 [m, 2], each pair with the lower row first.
    """
    radii = np.array([_RADII.get(element, np.nan) for element in elements])
    light = np.isin(np.array(elements), ("H", "D"))
    cells: dict[tuple[int, int, int], list[int]] = {}
    for row, cell in enumerate(np.floor(places / _REACH).astype(np.int64).tolist()):
        cells.setdefault((cell[0], cell[1], cell[2]), []).append(row)
    found = [np.zeros((0, 2), np.int64)]
    cells = {cell: rows for cell, rows in cells.items() if len(rows) <= _CROWD}
    half = [step for step in product((-1, 0, 1), repeat=3) if step > (0, 0, 0)]
    for (x, y, z), rows in cells.items():
        near = [at for dx, dy, dz in half for at in cells.get((x + dx, y + dy, z + dz), ())]
        one = np.array(rows)
        other = np.array(rows + near)
        apart = np.linalg.norm(places[one][:, None] - places[other][None], axis=2)
        bonded = apart <= radii[one][:, None] + radii[other][None] + _SLACK
        bonded &= ~(light[one][:, None] & light[other][None])
        bonded[:, : len(rows)] = np.triu(bonded[:, : len(rows)], 1)
        i, j = np.nonzero(bonded & (apart > 0))
        found.append(np.stack([one[i], other[j]], axis=1))
    return np.sort(np.concatenate(found), axis=1)
