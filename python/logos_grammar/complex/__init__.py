"""Complex: members in their order, and which of their units are near to each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind, Contacts
from logos_grammar.displayed import Displayed
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.pocket import LinedChain
from logos_grammar.protein import Protein
from logos_grammar.structure import Structure

__all__ = ["Complex", "ContactKind", "Contacts", "Member"]

Member: TypeAlias = LinedChain | Molecule | Conformer | Structure
"""What a complex may have as a member; a protein or a nucleic acid is a chain without sites."""


@dataclass(frozen=True)
class Complex(Displayed):
    """Members in their order, and contacts between their units.

    Attributes
    ----------
    members
        One member or more: chains with their sites, molecules and ions, conformers, structures.
    contacts
        Contacts between units of the members; None where they are not held.
    level
        What the units of a structure are: its ``"residue"`` s, or each ``"atom"``. The units of
        another member are the same at both levels.

    Raises
    ------
    ValueError
        For the level ``"atom"`` without contacts.
    """

    members: tuple[Member, ...]
    contacts: Contacts | None = None
    level: Literal["residue", "atom"] = "residue"

    def __post_init__(self) -> None:
        if isinstance(self.members, tuple | list):
            lined = tuple(
                LinedChain(member) if isinstance(member, Protein | NucleicAcid) else member
                for member in self.members
            )
            object.__setattr__(self, "members", lined)
        if self.contacts is None and self.level != "residue":
            raise ValueError("expected contacts with a level, or the level 'residue'")

    @property
    def first_units(self) -> npt.NDArray[np.int64]:
        """The first unit of each member, and behind them how many units there are."""
        units = [_units(member, self.level) for member in self.members]
        return np.concatenate([[0], np.cumsum(units, dtype=np.int64)])

    def without_contacts(self) -> Self:
        """Leave out the contacts."""
        return replace(self, contacts=None, level="residue")

    def without_distances(self) -> Self:
        """Leave out how far units in contact are apart."""
        if self.contacts is None:
            return self
        unsaid = np.full(len(self.contacts.first), -1, np.int8)
        return replace(self, contacts=replace(self.contacts, distance=unsaid))

    def without_kinds(self) -> Self:
        """Leave out what contacts are."""
        if self.contacts is None:
            return self
        none = np.zeros(len(self.contacts.first), np.uint16)
        return replace(self, contacts=replace(self.contacts, kind=none))

    def without_sites(self) -> Self:
        """Leave out which sites the residues of chains line."""
        members = tuple(
            member.without_sites() if isinstance(member, LinedChain) else member
            for member in self.members
        )
        return replace(self, members=members)


def _units(member: Member, level: Literal["residue", "atom"]) -> int:
    """How many units a member has."""
    if isinstance(member, LinedChain):
        spelled = sum(len(molecule.element) for _, molecule in member.spelled)
        return member.residues + spelled
    if isinstance(member, Structure):
        return len(member.residues if level == "residue" else member.atoms)
    molecule = member.molecule if isinstance(member, Conformer) else member
    return len(molecule.element)
