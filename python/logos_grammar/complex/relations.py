"""What is computed of a complex: its contacts, the pockets of its ligands, its sequences."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.contacts import ContactKind, Contacts, Level, Member, Points, units_of
from logos_grammar.contacts.kinds import kinds_of
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.pocket import LinedChain, Sites
from logos_grammar.protein import Protein
from logos_grammar.structure import Structure
from logos_grammar.structure.nearness import Number
from logos_grammar.structure.sequence import rows_of_sequences, sequences_of

__all__ = [
    "between_chains",
    "chains_of",
    "computed",
    "lined_by",
    "with_ligands",
    "without_coordinates",
]

_GONE: Final = -1
"""The place of a unit that is left out."""


class _Chain(NamedTuple):
    """A chain of a structure, and the row of each of its residues."""

    chain: Protein | NucleicAcid
    rows: npt.NDArray[np.int64]


def computed(
    members: tuple[Member, ...],
    cutoff: Number,
    level: Level,
    kinds: tuple[ContactKind, ...] = (),
) -> Contacts:
    """Contacts between members that have coordinates, compared exactly, and what they are."""
    contacts = Points.of(members, level=level).contacts(cutoff)
    if not kinds:
        return contacts
    placed = [member for member in members if isinstance(member, Structure | Conformer)]
    if len(placed) < len(members):
        raise TypeError("expected structures and conformers: the others have no coordinates")
    return contacts.with_kinds(kinds_of(placed, kinds=kinds, level=level))


def chains_of(structure: Structure) -> list[_Chain]:
    """The chains of the first model."""
    rows = rows_of_sequences(structure)
    in_first = structure.strands.model == 0
    return [
        _Chain(each.sequence, rows[each.strand])
        for each in sequences_of(structure)
        if in_first[each.strand]
    ]


def with_ligands(
    structure: Structure, ligands: tuple[Conformer | Molecule, ...]
) -> tuple[Structure, list[Conformer]]:
    """A structure without the residues that are ligands, and the ligands with coordinates."""
    placed: list[Conformer] = []
    rest = np.ones(len(structure.residues), np.bool_)
    for ligand in ligands:
        if isinstance(ligand, Conformer):
            placed.append(ligand)
            continue
        if not isinstance(ligand, Molecule):
            found = type(ligand).__name__
            raise TypeError(f"expected ligands that are conformers or molecules, not a {found}")
        from logos_grammar.complex.rdkit import ligands_of  # noqa: PLC0415 (it needs RDKit)

        for residue, conformer, other in ligands_of(structure, ligand):
            if other:
                name = f"{structure.residues.component[residue]} at row {residue}"
                atoms = ", ".join(map(str, other))
                raise ConversionError(
                    f"expected coordinates of the stereo of the molecule, {name} has another at "
                    f"its atoms {atoms}"
                )
            placed.append(conformer)
            rest[residue] = False
    return (structure if rest.all() else structure.crop(rest)), placed


def lined_by(structure: Structure, lining: npt.NDArray[np.bool_]) -> tuple[LinedChain, ...]:
    """The chains of which some residues line a site, as site 1; `lining` has a row for each."""
    found = []
    for chain, rows in chains_of(structure):
        residues = np.flatnonzero(lining[rows]).astype(np.uint32)
        if len(residues):
            sites = Sites(residue=residues, site=np.ones(len(residues), np.uint8))
            found.append(LinedChain(chain, sites))
    return tuple(found)


def between_chains(
    members: tuple[Member, ...], cutoff: Number
) -> tuple[tuple[Member, ...], Contacts]:
    """The sequences of members and their contacts; residues that have one line site 1."""
    contacts = computed(members, cutoff, "residue")
    sequences, rest = without_coordinates(members, contacts)
    assert rest is not None
    touched = np.unique(np.concatenate([rest.first, rest.second]))
    lined: list[Member] = []
    begin = 0
    for member in sequences:
        end = begin + units_of(member, "residue")
        if isinstance(member, LinedChain):
            residue = touched[(begin <= touched) & (touched < end)] - begin
            sites = Sites(residue=residue.astype(np.uint32), site=np.ones(len(residue), np.uint8))
            lined.append(replace(member, sites=sites))
        else:
            lined.append(member)
        begin = end
    return tuple(lined), rest


def without_coordinates(
    members: tuple[Member, ...], contacts: Contacts | None
) -> tuple[tuple[Member, ...], Contacts | None]:
    """Sequences for structures and molecules for conformers, and the contacts of what is left."""
    rest: list[Member] = []
    places: list[npt.NDArray[np.int64]] = []
    units = 0
    for member in members:
        if isinstance(member, Structure):
            place = np.full(len(member.residues), _GONE, np.int64)
            for chain, rows in chains_of(member):
                rest.append(LinedChain(chain))
                place[rows] = units + np.arange(len(rows))
                units += len(rows)
        else:
            rest.append(member.molecule if isinstance(member, Conformer) else member)
            count = units_of(member, "residue")
            place = units + np.arange(count)
            units += count
        places.append(place)
    if contacts is None:
        return tuple(rest), None
    place = np.concatenate([np.empty(0, np.int64), *places])
    first, second = place[contacts.first], place[contacts.second]
    kept = (first != _GONE) & (second != _GONE)
    moved = Contacts(
        first=first[kept].astype(np.uint32),
        second=second[kept].astype(np.uint32),
        distance=contacts.distance[kept],
        kind=contacts.kind[kept],
    )
    return tuple(rest), moved
