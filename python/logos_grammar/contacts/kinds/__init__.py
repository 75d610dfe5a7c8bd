"""Kinds of contacts: hydrogen bonds, ionic and hydrophobic ones, stacked rings and others.

What an atom may do follows from its name in a residue (`kinds.components`), or from the graph of
its molecule (`kinds.conformers`); `kinds.rules` has a function for each kind, with its source.
Hydrogens are used where they are. Of components that are not known, such as ligands in a structure,
only metals and covalent bonds are: give a ligand as a conformer.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from logos_grammar.conformer import Conformer
from logos_grammar.contacts.kinds.chemistry import Chemistry
from logos_grammar.contacts.kinds.conformers import of_conformer
from logos_grammar.contacts.kinds.near import Near
from logos_grammar.contacts.kinds.rules import RULES
from logos_grammar.contacts.kinds.structures import of_structure
from logos_grammar.contacts.points import Between, Level, Points
from logos_grammar.contacts.table import ContactKind, Contacts
from logos_grammar.structure import Structure

__all__ = ["kinds_of"]


def kinds_of(  # noqa: PLR0913 (each keyword names one choice)
    members: Iterable[Structure | Conformer],
    *,
    kinds: Iterable[ContactKind] = tuple(ContactKind),
    level: Level = "residue",
    between: Between = "members",
    model: int = 0,
    pose: int = 0,
) -> Contacts:
    """The pairs of units of different members that are in a contact of some kind.

    A contact of groups, such as two rings, is one of their nearest two atoms. Of alternative
    locations the first of each atom counts.

    Parameters
    ----------
    members, level, between, model, pose
        As for `Points.of`: units are the same.
    kinds
        Which kinds are looked for. One that has a direction is found in both.

    Returns
    -------
    Contacts
        With kinds, without distances. Units may be farther from each other than a cutoff:
        ``contacts.with_kinds(found)`` keeps those that are contacts.

    Raises
    ------
    IndexError, ValueError, TypeError
        As `Points.of`.
    """
    parts = []
    for member in members:
        points = Points.of(
            [member], level=level, between=between, hydrogens=True, model=model, pose=pose
        )
        if isinstance(member, Structure):
            parts.append(of_structure(member, points))
        elif isinstance(member, Conformer):
            parts.append(of_conformer(member, points))
        else:
            raise TypeError(f"expected a Structure or Conformer, not {type(member).__name__}")
    near = Near(Chemistry.joined(parts))
    unit = near.chemistry.points.unit
    wanted = set(kinds)
    bits: dict[tuple[int, int], int] = {}
    for kind, rule in RULES.items():
        if wanted.isdisjoint((kind, kind.back)):
            continue
        for point, other in rule(near):
            first, second = int(unit[point]), int(unit[other])
            found = kind if first < second else kind.back
            pair = (min(first, second), max(first, second))
            bits[pair] = bits.get(pair, 0) | 1 << found
    rows = [(*pair, bits[pair]) for pair in sorted(bits)]
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return Contacts(
        first=columns[0].astype(np.uint32),
        second=columns[1].astype(np.uint32),
        distance=np.full(len(rows), -1, np.int8),
        kind=columns[2].astype(np.uint16),
    )
