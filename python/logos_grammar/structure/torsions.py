"""Torsion angles of protein backbones."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.structure.altlocs import rows_of_the_first
from logos_grammar.structure.tables import StrandKind, Tables

__all__ = ["Torsions", "backbone_torsions"]

_FARTHEST: Final = 2.0
"""In ångström: a carbon and a nitrogen that are farther apart are not bonded."""


class Torsions(NamedTuple):
    """The torsion angles of residues, in degrees from -180 to 180, NaN at an end."""

    residue: npt.NDArray[np.int64]
    """The rows of residues of proteins that have N, CA and C."""
    phi: npt.NDArray[np.float64]
    """C of the residue before, N, CA, C."""
    psi: npt.NDArray[np.float64]
    """N, CA, C, N of the residue after."""
    omega: npt.NDArray[np.float64]
    """CA, C, N of the residue after, its CA."""


def backbone_torsions(tables: Tables) -> Torsions:
    """The torsion angles of the proteins of a structure.

    Residues that follow each other in a strand are bonded where C and N are less than 2 Å apart,
    whatever their numbers are. Of each atom it takes the first location.
    """
    atoms = tables.atoms
    shown = rows_of_the_first(tables)
    kind = tables.strands.kind[tables.residues.strand[atoms.residue]]
    shown &= kind == StrandKind.PROTEIN
    rows = np.full((3, len(tables.residues)), -1, np.int64)
    for name, found in zip(("N", "CA", "C"), rows, strict=True):
        at = np.flatnonzero(np.asarray(atoms.name == name) & shown)[::-1]
        found[atoms.residue[at]] = at
    residue = np.flatnonzero((rows >= 0).all(axis=0))
    columns = [np.asarray(column.to_float()) for column in (atoms.x, atoms.y, atoms.z)]
    places = np.stack(columns, axis=1)
    n, ca, c = (places[found[residue]] for found in rows)
    phi, psi, omega = (np.full(len(residue), np.nan) for _ in range(3))
    strand = tables.residues.strand[residue]
    follows = np.diff(residue) == 1
    near = np.linalg.norm(n[1:] - c[:-1], axis=1) < _FARTHEST
    bonded = np.flatnonzero(follows & near & (strand[1:] == strand[:-1]))
    after = bonded + 1
    phi[after] = _torsion(c[bonded], n[after], ca[after], c[after])
    psi[bonded] = _torsion(n[bonded], ca[bonded], c[bonded], n[after])
    omega[bonded] = _torsion(ca[bonded], c[bonded], n[after], ca[after])
    return Torsions(residue, phi, psi, omega)


def _torsion(*points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The angle about the middle of three bonds, by IUPAC's sign."""
    one, axis, other = (end - start for start, end in pairwise(points))
    left, right = np.cross(one, axis), np.cross(axis, other)
    sine = np.linalg.norm(axis, axis=1) * (one * right).sum(axis=1)
    angles: npt.NDArray[np.float64] = np.arctan2(sine, (left * right).sum(axis=1))
    return np.degrees(angles)
