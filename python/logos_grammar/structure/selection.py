"""Some rows of the tables of a structure, with the rows of the other tables that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.columns import Columns, Words
from logos_grammar.structure.tables import Atoms, Layout, Links, Tables

__all__ = ["DISPLACEMENTS", "selected", "with_columns", "with_layout", "without_empty"]

_Tables = TypeVar("_Tables", bound=Tables)
_Table = TypeVar("_Table", bound=Columns)
Rows = npt.NDArray[np.bool_]

DISPLACEMENTS = ("u11", "u22", "u33", "u12", "u13", "u23")


def selected(
    tables: _Tables,
    *,
    models: Rows | None = None,
    strands: Rows | None = None,
    residues: Rows | None = None,
    atoms: Rows | None = None,
) -> _Tables:
    """Keep some rows.

    What is of a row that is left out is left out, too. So is a row of which nothing is left; one of
    which there was nothing, such as a residue that was not seen, stays. A link stays where both of
    its atoms do.

    Parameters
    ----------
    tables
        A structure.
    models, strands, residues, atoms
        bool, a row for each of the table: which to keep. None keeps all.

    Returns
    -------
    Structure
        The rest, in its order, with the layout that says it in the fewest tokens.
    """
    above = (tables.strands.model, tables.residues.strand, tables.atoms.residue)
    counts = (len(tables.models), len(tables.strands), len(tables.residues), len(tables.atoms))
    given = (models, strands, residues, atoms)
    kept = [
        np.ones(count, np.bool_) if mask is None else mask.copy()
        for count, mask in zip(counts, given, strict=True)
    ]
    for table, of in enumerate(above):
        kept[table + 1] &= kept[table][of]
    for table in (2, 1, 0):
        of, count = above[table], counts[table]
        had = np.bincount(of, minlength=count) > 0
        has = np.bincount(of[kept[table + 1]], minlength=count) > 0
        kept[table] &= ~had | has
    places = [np.cumsum(mask) - 1 for mask in kept]
    begin, end = tables.links.begin, tables.links.end
    links = tables.links[kept[3][begin] & kept[3][end]]
    links = replace(links, begin=places[3][links.begin], end=places[3][links.end])
    strand, residue = above[0][kept[1]], above[1][kept[2]]
    return with_layout(
        replace(
            tables,
            models=tables.models[kept[0]],
            strands=without_empty(
                replace(tables.strands[kept[1]], model=places[0][strand]), tables.strands
            ),
            residues=without_empty(
                replace(tables.residues[kept[2]], strand=places[1][residue]), tables.residues
            ),
            atoms=_of_atoms(replace(tables.atoms[kept[3]], residue=places[2][above[2][kept[3]]])),
            links=without_empty(_of_links(links), tables.links),
        )
    )


def with_layout(tables: _Tables) -> _Tables:
    """The structure with the layout that says it in the fewest tokens, as a reader chooses it."""
    return replace(tables, layout=Layout._of_bytes(_core.structure_layout(tables)))


def with_columns(atoms: Atoms, columns: dict[str, Any]) -> Atoms:
    """The atoms with other columns, by their names."""
    return replace(atoms, **columns)


def without_empty(table: _Table, before: _Table) -> _Table:
    """The table without optional columns of which nothing is left: no name, no state but 0."""
    columns: dict[str, Any] = {}
    for column in table._declared:
        value, was = getattr(table, column.name), getattr(before, column.name)
        if column.optional and value is not None:
            # A column that was empty before says that the file has the column.
            is_empty = isinstance(value, Words) and any(was.words) and not any(value.words)
            is_stated = column.name.endswith("_state") and not value.any()
            value = None if is_empty or is_stated else value
        columns[column.name] = value
    return type(table)(**columns)


def _of_atoms(atoms: Atoms) -> Atoms:
    """The atoms without numbers of which none is stated."""
    if atoms.anisotropic_state is not None and (atoms.anisotropic_state == 2).all():
        atoms = with_columns(atoms, dict.fromkeys((*DISPLACEMENTS, "anisotropic_state")))
    if atoms.b_factor_state is not None and (atoms.b_factor_state == 1).all():
        atoms = replace(atoms, b_factor=None, b_factor_state=None)
    return without_empty(atoms, atoms)


def _of_links(links: Links) -> Links:
    """The links without lengths where none is stated."""
    is_unknown = links.distance_state is not None and (links.distance_state == 1).all()
    if is_unknown or not len(links):
        return replace(links, distance=None, distance_state=None)
    return links
