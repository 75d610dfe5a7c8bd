"""Contacts: which residues and atoms are near each other, compared exactly.

>>> from logos_grammar.contacts import Points
>>> near = Points.of([protein, ligand]).contacts(4.5)  # a structure, a conformer
>>> near.first, near.second, near.distance
"""

from __future__ import annotations

from logos_grammar.contacts.points import Altlocs, Between, Level, Member, Points, units_of
from logos_grammar.contacts.table import ContactKind, Contacts

__all__ = ["Altlocs", "Between", "ContactKind", "Contacts", "Level", "Member", "Points", "units_of"]
