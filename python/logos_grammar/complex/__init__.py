"""Complex: members in their order, and which of their units are near to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from logos_grammar.complex.relations import (
    between_chains,
    computed,
    lined_by,
    with_ligands,
    without_coordinates,
)
from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind, Contacts, Level, Member, Points, units_of
from logos_grammar.displayed import Displayed
from logos_grammar.molecule import Molecule
from logos_grammar.pocket import LinedChain, Pocket
from logos_grammar.structure import Structure
from logos_grammar.structure.nearness import Number

__all__ = ["Complex", "ContactKind", "Contacts", "Level", "Member"]


@dataclass(frozen=True)
class Complex(Displayed):
    """Members in their order, and contacts between their units.

    Attributes
    ----------
    members
        One member or more: chains with their sites (`LinedChain`, without any of a protein),
        molecules and ions, conformers, structures.
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
    level: Level = "residue"

    def __post_init__(self) -> None:
        if self.contacts is None and self.level != "residue":
            raise ValueError("expected contacts with a level, or the level 'residue'")

    @classmethod
    def from_structure(
        cls,
        structure: Structure,
        *,
        ligands: Iterable[Conformer | Molecule] = (),
        cutoff: Number = 4.5,
        by_chain: bool = False,
    ) -> Self:
        """Make a complex of a structure and its ligands, with the contacts between them.

        Parameters
        ----------
        structure
            The first member: of proteins, nucleic acids, waters and ions, as it is.
        ligands
            The other members: conformers in the frame of the structure, such as those of the SDF
            file beside it; or molecules, each of which is found in the structure by
            `logos_grammar.complex.rdkit.ligands_of`: its residues become conformers and are no
            longer in the first member.
        cutoff
            In ångström: units that are nearer to each other are in contact, as `with_contacts` has
            it.
        by_chain
            Whether each chain of the structure is a member of its own, so that contacts between
            chains are held as well.

        Raises
        ------
        ConversionError
            For a molecule that no residue is, and one of another stereo than the coordinates.
        TypeError
            For a ligand that is neither a `Conformer` nor a `Molecule`.
        ValueError
            As `with_contacts`.
        """
        structure, placed = with_ligands(structure, tuple(ligands))
        chains: tuple[Structure, ...] = (structure,)
        if by_chain:
            chains = tuple(map(structure.chain, dict.fromkeys(structure.strands.chain)))
        return cls((*chains, *placed)).with_contacts(cutoff)

    @property
    def first_units(self) -> npt.NDArray[np.int64]:
        """The first unit of each member, and behind them how many units there are."""
        units = [units_of(member, self.level) for member in self.members]
        return np.concatenate([[0], np.cumsum(units, dtype=np.int64)])

    def with_contacts(
        self,
        cutoff: Number,
        *,
        kinds: Iterable[ContactKind] = (),
        level: Level = "residue",
    ) -> Self:
        """The complex with the contacts between its members, in place of those it has.

        Two units are in contact whose nearest atoms are less than the cutoff from each other;
        squares of lengths are compared as integers. Hydrogens do not count, of alternative
        locations the first ones do, of several models or poses the first. Chains and molecules
        have no coordinates and so no contacts.

        Parameters
        ----------
        cutoff
            In ångström, up to 32. A float is the number that its bits have; ``"4.1"`` is 4.1.
        kinds
            What is looked for besides: each contact gets those of these kinds that it is, by the
            rules of `logos_grammar.contacts.kinds`. All: ``tuple(ContactKind)``.
        level
            What the units of structures are.

        Raises
        ------
        ValueError
            For a cutoff that is negative or above 32.
        TypeError
            For kinds of contacts of members that have no coordinates.
        """
        contacts = computed(self.members, cutoff, level, tuple(kinds))
        return replace(self, contacts=contacts, level=level)

    def pocket(self, ligand: int, cutoff: Number) -> Pocket:
        """The chains of the structures that have residues near a ligand, which line site 1.

        Parameters
        ----------
        ligand
            The place of the ligand among the members.
        cutoff
            In ångström, as `with_contacts` has it.

        Raises
        ------
        IndexError
            When there is no such member.
        ValueError
            When no residue of a chain is that near, and as `with_contacts`.
        """
        if not 0 <= ligand < len(self.members):
            raise IndexError(f"expected a member below {len(self.members)}, not {ligand}")
        contacts = computed(self.members, cutoff, "residue")
        bounds = replace(self, contacts=None, level="residue").first_units
        begin, end = int(bounds[ligand]), int(bounds[ligand + 1])
        near = np.zeros(int(bounds[-1]), np.bool_)
        for one, other in (
            (contacts.first, contacts.second),
            (contacts.second, contacts.first),
        ):
            near[one[(begin <= other) & (other < end)]] = True
        chains: tuple[LinedChain, ...] = ()
        for place, member in enumerate(self.members):
            if isinstance(member, Structure) and place != ligand:
                chains += lined_by(member, near[bounds[place] : bounds[place + 1]])
        if not chains:
            raise ValueError(f"expected residues of a chain within {cutoff} Å of member {ligand}")
        return Pocket(chains)

    def interface(self, one: str, other: str, cutoff: Number = 4.5) -> Self:
        """Two chains of a structure and their contacts; residues that have one line site 1.

        Parameters
        ----------
        one, other
            The names of two chains of the same member.
        cutoff
            In ångström, as `with_contacts` has it.

        Returns
        -------
        Complex
            Of sequences, in the order of the names.

        Raises
        ------
        ValueError
            For chains that no member has both of, and as `with_contacts`.
        """
        for member in self.members:
            names = member.strands.chain if isinstance(member, Structure) else ()
            if isinstance(member, Structure) and one in names and other in names:
                both = type(self)((member.chain(one), member.chain(other)))
                return type(self)(*between_chains(both.members, cutoff))
        raise ValueError(f"expected a member with the chains {one!r} and {other!r}")

    def contact_map(self, separation: int, cutoff: Number = 8.0) -> Contacts:
        """Pairs of residues of the structures that are near each other, of one chain or of two.

        Parameters
        ----------
        separation
            How far apart two residues of a chain are counted, at least: 1 for neighbours, too.
        cutoff
            In ångström, as `with_contacts` has it.

        Returns
        -------
        Contacts
            Of units, as they are counted in this complex.
        """
        points = Points.of(self.members, between="chains")
        return points.contacts(cutoff, separation=separation)

    def without_coordinates(self) -> Self:
        """The chains of structures and the molecules of conformers, with the contacts of these.

        Loses coordinates, waters, ions and other components that are in no chain, and their
        contacts.

        Raises
        ------
        ValueError
            For contacts of atoms, which chains do not have.
        """
        if self.level == "atom":
            raise ValueError("expected contacts of residues: chains have no atoms")
        members, contacts = without_coordinates(self.members, self.contacts)
        return replace(self, members=members, contacts=contacts)

    def in_contact(self) -> Self:
        """The members that have a contact; the others are left out.

        Raises
        ------
        ValueError
            When no member has one, or contacts are not held.
        """
        if self.contacts is None or not len(self.contacts):
            raise ValueError("expected contacts: with_contacts computes them")
        bounds = self.first_units
        touched = np.unique(np.concatenate([self.contacts.first, self.contacts.second]))
        member = np.searchsorted(bounds, touched, side="right") - 1
        kept = np.isin(np.arange(len(self.members)), member)
        gone = np.concatenate([[0], np.cumsum(np.where(kept, 0, np.diff(bounds)))])
        contacts = self.contacts

        def moved(units: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
            of = np.searchsorted(bounds, units, side="right") - 1
            rest: npt.NDArray[np.uint32] = (units - gone[of]).astype(np.uint32)
            return rest

        return replace(
            self,
            members=tuple(m for m, keep in zip(self.members, kept, strict=True) if keep),
            contacts=replace(contacts, first=moved(contacts.first), second=moved(contacts.second)),
        )

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
