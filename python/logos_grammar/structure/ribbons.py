"""Ribbons: the traces of polymers, and where they are helices and strands, by their atoms alone."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.structure.tables import StrandKind, Tables

__all__ = ["COIL", "HELIX", "STRAND", "Trace", "shapes_of", "traces_of"]

COIL: Final = 0
HELIX: Final = 1
STRAND: Final = 2

_FARTHEST: Final = {StrandKind.PROTEIN: 4.6, StrandKind.DNA: 9.0, StrandKind.RNA: 9.0}
"""In ångström: atoms of a trace that are farther apart have a gap between them."""

_BESIDE: Final = 6.5
"""In ångström: strands whose alpha carbons are as near are of one sheet."""
_LOCAL: Final = 3
"""Residues of the sequence that are near anyway."""

_BOUNDS: Final = {
    # Distances of alpha carbons two, three and four residues on; fewest residues.
    HELIX: ((5.5, 0.6), (5.3, 0.8), (6.4, 0.9), 5),
    STRAND: ((6.7, 0.7), (9.9, 1.1), (12.4, 1.5), 3),
}


class Trace(NamedTuple):
    """The atoms through which a ribbon goes."""

    kind: StrandKind
    atoms: npt.NDArray[np.int64]
    """The row of the atom of each residue: CA, or P, or O5' where a strand begins without P."""
    guides: npt.NDArray[np.int64]
    """The row of the atom to which its width points, O or C1', -1 for none."""
    shapes: npt.NDArray[np.int64]
    """`COIL`, `HELIX` or `STRAND`."""


def traces_of(
    tables: Tables, places: npt.NDArray[np.float64], shown: npt.NDArray[np.bool_]
) -> list[Trace]:
    """The traces of the polymers of a structure.

    Parameters
    ----------
    tables
        A structure.
    places
        float64 [n, 3]: where its atoms are.
    shown
        bool [n]: which atoms count, one for each name of a residue.

    Returns
    -------
    list of Trace
        Each without a gap, of two residues or more.
    """
    made = []
    strand_of_residue = tables.residues.strand
    for strand, code in enumerate(tables.strands.kind.tolist()):
        kind = StrandKind(code)
        if kind == StrandKind.HETERO:
            continue
        residues = np.flatnonzero(strand_of_residue == strand)
        first, guide = (("CA",), ("O",)) if kind == StrandKind.PROTEIN else (("P", "O5'"), ("C1'",))
        at = _rows_of(tables, residues, first, shown)
        to = _rows_of(tables, residues, guide, shown)
        to, at = to[at >= 0], at[at >= 0]
        steps = np.linalg.norm(np.diff(places[at], axis=0), axis=1)
        for run in np.split(np.arange(len(at)), np.flatnonzero(steps > _FARTHEST[kind]) + 1):
            if len(run) > 1:
                atoms = at[run]
                is_protein = kind == StrandKind.PROTEIN
                shapes = shapes_of(places[atoms]) if is_protein else np.zeros(len(run), np.int64)
                made.append(Trace(kind, atoms, to[run], shapes))
    return _with_partners(made, places)


def shapes_of(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Where alpha carbons that follow each other are a helix or a strand, int64 [n].

    By their distances two, three and four residues on, as G. Labesse and others, P-SEA, CABIOS 13
    (1997), do; without their angles, so it is for pictures.
    """
    count = len(places)
    shapes = np.zeros(count, np.int64)
    apart = {
        step: np.linalg.norm(places[step:] - places[:-step], axis=1)
        for step in (2, 3, 4)
        if count > step
    }
    for shape, (*bounds, fewest) in _BOUNDS.items():
        is_of = np.zeros(count, np.bool_)
        for start in range(count - 3):
            fits = all(
                abs(apart[step][start] - middle) <= width
                for step, (middle, width) in zip((2, 3, 4), bounds, strict=True)
                if step in apart and start + step < count
            )
            if fits:
                is_of[start : min(start + 5, count)] = True
        for run in np.split(np.arange(count), np.flatnonzero(np.diff(is_of)) + 1):
            if len(run) >= fewest and is_of[run[0]]:
                shapes[run] = np.where(shapes[run] == COIL, shape, shapes[run])
    return shapes


def _with_partners(traces: list[Trace], places: npt.NDArray[np.float64]) -> list[Trace]:
    """The traces, without strands that are beside no other: those are only stretched."""
    if not traces:
        return traces
    atoms = np.concatenate([trace.atoms for trace in traces])
    shapes = np.concatenate([trace.shapes for trace in traces])
    strands = np.flatnonzero(shapes == STRAND)
    at = places[atoms]
    for rows in np.array_split(strands, len(strands) // 256 + 1):
        apart = np.linalg.norm(at[rows][:, None] - at[strands][None], axis=2)
        is_near = np.abs(rows[:, None] - strands[None]) <= _LOCAL
        shapes[rows[~((apart < _BESIDE) & ~is_near).any(axis=1)]] = -STRAND
    ends = np.cumsum([len(trace.atoms) for trace in traces])
    return [
        trace._replace(shapes=_joined(part))
        for trace, part in zip(traces, np.split(shapes, ends[:-1]), strict=True)
    ]


def _joined(shapes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Strands of which a part has a partner; the others become coil."""
    joined = np.abs(shapes)
    for run in np.split(np.arange(len(shapes)), np.flatnonzero(np.diff(joined)) + 1):
        if joined[run[0]] == STRAND and (shapes[run] == STRAND).sum() < 2:
            joined[run] = COIL
    return joined


def _rows_of(
    tables: Tables,
    residues: npt.NDArray[np.int64],
    names: tuple[str, ...],
    shown: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Of each residue the row of its atom with the first of some names, -1 for none."""
    found = np.full(len(tables.residues), -1, np.int64)
    for name in reversed(names):
        rows = np.flatnonzero(np.asarray(tables.atoms.name == name) & shown)[::-1]
        found[tables.atoms.residue[rows]] = rows
    return found[residues]
