"""Points: those of the units of members, which may be in contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.conformer import Conformer
from logos_grammar.contacts.table import Contacts
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule
from logos_grammar.pocket import LinedChain
from logos_grammar.structure import Structure
from logos_grammar.structure.altlocs import rows_of_the_first
from logos_grammar.structure.nearness import Number, exact

_T = TypeVar("_T", bound=np.generic)

__all__ = ["Altlocs", "Between", "Level", "Member", "Points", "units_of"]

Member: TypeAlias = LinedChain | Molecule | Conformer | Structure
"""What has units that may be in contact."""

Level: TypeAlias = Literal["residue", "atom"]
"""What the units of a structure are. Those of a molecule or conformer are its atoms anyway."""

Altlocs: TypeAlias = Literal["first", "all"]
"""Which alternative locations have points: ``first``, for each atom one, as in
`Structure.first_altloc`; or ``all``."""

Between: TypeAlias = Literal["members", "chains", "strands"]
"""Between what contacts are. ``chains`` are those of a structure by the names that its authors gave
them, so that a ligand or water is of the chain whose name it has; ``strands`` are its strands. Each
conformer is one in any case."""

_MOST: int = 32
"""The end of the last bin, in ångström."""


def units_of(member: Member, level: Level) -> int:
    """How many units a member has."""
    if isinstance(member, LinedChain):
        return member.residues + sum(len(molecule.element) for _, molecule in member.spelled)
    if isinstance(member, Structure):
        return len(member.residues if level == "residue" else member.atoms)
    molecule = member.molecule if isinstance(member, Conformer) else member
    return len(molecule.element)


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """The points of u units, n of them.

    Attributes
    ----------
    x, y, z
        int64 [n]: the coordinates times ten to the power of `decimals`.
    decimals
        How many decimals all have.
    unit
        uint32 [n]: of each point its unit.
    member
        uint32 [u]: of each unit the number of its member. Contacts are between different ones. A
        unit may have no point.
    row
        int64 [n]: of each point its row among the atoms of its structure, or among the points of a
        pose of its conformer.
    """

    x: npt.NDArray[np.int64]
    y: npt.NDArray[np.int64]
    z: npt.NDArray[np.int64]
    decimals: int
    unit: npt.NDArray[np.uint32]
    member: npt.NDArray[np.uint32]
    row: npt.NDArray[np.int64]

    @classmethod
    def of(  # noqa: PLR0913 (each keyword names one choice)
        cls,
        members: Iterable[Member],
        *,
        level: Level = "residue",
        between: Between = "members",
        hydrogens: bool = False,
        altlocs: Altlocs = "first",
        model: int = 0,
        pose: int = 0,
    ) -> Self:
        """The points of members. Units are counted through them, in their order.

        Parameters
        ----------
        members
            Structures, conformers, and molecules and chains, whose units have no points.
        level
            Whether the units of a structure are its residues or its atoms.
        between
            Between what contacts are.
        hydrogens
            Whether hydrogens and deuterium have points. Those of a conformer that are not atoms of
            its molecule are points of the atom to which they are bonded.
        altlocs
            Which alternative locations have points.
        model
            Of which model of a structure the points are, by its row from 0. All have units.
        pose
            Of which pose of a conformer the points are.

        Raises
        ------
        IndexError
            When a member has no such model or pose.
        ValueError
            For another option, and coordinates that do not fit in 64 bits with the decimals of the
            member that has the most.
        TypeError
            For a member of another type.
        """
        _expect(level=(level, Level), between=(between, Between), altlocs=(altlocs, Altlocs))
        parts = []
        for member in members:
            if isinstance(member, Structure):
                part = cls._of_structure(member, level, between, hydrogens, altlocs, model)
            elif isinstance(member, Conformer):
                part = cls._of_conformer(member, hydrogens, pose)
            elif isinstance(member, Molecule | LinedChain):
                part = cls._without_points(units_of(member, level))
            else:
                found = type(member).__name__
                wanted = "a Structure, Conformer, Molecule or LinedChain"
                raise TypeError(f"expected {wanted}, not {found}")
            parts.append(part)
        return cls.joined(parts)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The points of several, one after another: units and members are counted on."""
        decimals = max((part.decimals for part in parts), default=0)
        units = _counted_on([len(part.member) for part in parts])
        members = _counted_on(
            [int(part.member.max()) + 1 if len(part.member) else 0 for part in parts]
        )
        x, y, z = (
            _joined([_rescaled(getattr(part, name), part, decimals) for part in parts], np.int64)
            for name in "xyz"
        )
        return cls(
            x=x,
            y=y,
            z=z,
            decimals=decimals,
            unit=_joined([p.unit + at for p, at in zip(parts, units, strict=True)], np.uint32),
            member=_joined(
                [p.member + at for p, at in zip(parts, members, strict=True)], np.uint32
            ),
            row=_joined([part.row for part in parts], np.int64),
        )

    def contacts(
        self, cutoff: Number, *, separation: int | None = None, between: bool = True
    ) -> Contacts:
        """The pairs of units that are less than a cutoff from each other, and how far they are.

        Two units are as far from each other as the nearest two of their points. Squares of lengths
        are compared as integers: what is exactly at the cutoff is not a contact.

        Parameters
        ----------
        cutoff
            In ångström, up to 32. A float is the number that its bits have; ``"4.1"`` is 4.1.
        separation
            Also pairs of one member, whose numbers differ by as much or more; None for none. Of
            residues this counts every row of ``residues``, seen or not.
        between
            Whether pairs of different members are wanted.

        Returns
        -------
        Contacts
            With distances, without kinds.

        Raises
        ------
        ValueError
            For a cutoff below 0 or above 32, a separation below 0, or more than 17 decimals.
        """
        limit = _limit(cutoff, self.decimals)
        if separation is not None and not 0 <= separation <= np.iinfo(np.uint32).max:
            raise ValueError(f"expected a separation from 0 on, of 32 bits, not {separation}")
        x, y, z = (np.ascontiguousarray(column, np.int64) for column in (self.x, self.y, self.z))
        unit, member = (
            np.ascontiguousarray(column, np.uint32) for column in (self.unit, self.member)
        )
        first, second, distance = _core.contacts_of(
            x, y, z, self.decimals, unit, member, limit, between, separation
        )
        return Contacts(
            first=first,
            second=second,
            distance=distance.astype(np.int8),
            kind=np.zeros(len(first), np.uint16),
        )

    @classmethod
    def _of_structure(  # noqa: PLR0913, PLR0917 (the options of `of`)
        cls,
        structure: Structure,
        level: Level,
        between: Between,
        hydrogens: bool,
        altlocs: Altlocs,
        model: int,
    ) -> Self:
        atoms, residues, strands = structure.atoms, structure.residues, structure.strands
        # One of which nothing is left has no model, and no points.
        if not 0 <= model < max(1, len(structure.models)):
            raise IndexError(f"expected a model below {len(structure.models)}, not {model}")
        wanted = np.ones(len(atoms), np.bool_)
        if len(structure.models) > 1:
            wanted &= strands.model[residues.strand[atoms.residue]] == model
        if not hydrogens:
            wanted &= ~atoms.element.isin(("H", "D"))
        if altlocs == "first":
            wanted &= rows_of_the_first(structure)
        rows = np.flatnonzero(wanted)
        of_strands = {
            "members": np.zeros(len(strands), np.uint32),
            "chains": strands.chain.codes,
            "strands": np.arange(len(strands), dtype=np.uint32),
        }
        members = of_strands[between][residues.strand]
        by_atom = level == "atom"
        return cls(
            x=atoms.x.scaled[rows],
            y=atoms.y.scaled[rows],
            z=atoms.z.scaled[rows],
            decimals=atoms.x.decimals,
            unit=rows.astype(np.uint32) if by_atom else atoms.residue[rows],
            member=members[atoms.residue] if by_atom else members,
            row=rows,
        )

    @classmethod
    def _of_conformer(cls, conformer: Conformer, hydrogens: bool, pose: int) -> Self:
        if not 0 <= pose < conformer.poses:
            raise IndexError(f"expected a pose below {conformer.poses}, not {pose}")
        count = len(conformer.hydrogens)
        # Each atom is followed by its hydrogens.
        unit = np.repeat(np.arange(count, dtype=np.uint32), conformer.hydrogens + np.uint32(1))
        wanted = np.ones(len(unit), np.bool_)
        if not hydrogens:
            wanted[:] = False
            wanted[conformer.atom_rows()] = conformer.molecule.element != 1
        rows = np.flatnonzero(wanted)
        # The points of a pose follow those of the one before it.
        places = rows + pose * len(unit)
        return cls(
            x=conformer.x.scaled[places],
            y=conformer.y.scaled[places],
            z=conformer.z.scaled[places],
            decimals=conformer.x.decimals,
            unit=unit[rows],
            member=np.zeros(count, np.uint32),
            row=rows,
        )

    @classmethod
    def _without_points(cls, units: int) -> Self:
        none = np.zeros(0, np.int64)
        return cls(
            x=none,
            y=none,
            z=none,
            decimals=0,
            unit=none.astype(np.uint32),
            member=np.zeros(units, np.uint32),
            row=none,
        )


def _limit(cutoff: Number, decimals: int) -> int:
    """The least integer that is not below the square of a cutoff in the last decimal."""
    length = exact(cutoff)
    if not 0 <= length <= _MOST:
        raise ValueError(f"expected a cutoff from 0 to {_MOST} Å, not {cutoff}")
    return -int(-(length**2 * 100**decimals) // 1)


def _counted_on(counts: list[int]) -> npt.NDArray[np.uint32]:
    """Where each of some runs begins when they follow each other."""
    return np.cumsum([0, *counts])[: len(counts)].astype(np.uint32)


def _rescaled(column: npt.NDArray[np.int64], part: Points, decimals: int) -> npt.NDArray[np.int64]:
    """A column of coordinates with more decimals, or as many."""
    if part.decimals == decimals:
        return column
    return Fixed(column, part.decimals).rescaled(decimals).scaled


def _joined(parts: list[npt.NDArray[_T]], dtype: type[_T]) -> npt.NDArray[_T]:
    return np.concatenate([np.zeros(0, dtype), *parts])


def _expect(**options: tuple[str, object]) -> None:
    """Refuse an option that is not one of those of its type."""
    for name, (given, type_) in options.items():
        allowed = get_args(type_)
        if given not in allowed:
            choices = " or ".join(map(repr, allowed))
            raise ValueError(f"expected {name} as {choices}, not {given!r}")
