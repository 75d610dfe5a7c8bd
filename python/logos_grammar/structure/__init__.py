"""Structure: models, strands, residues and atoms of a file, to the last digit, as columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from logos_grammar import _core
from logos_grammar.displayed import Displayed
from logos_grammar.formats.content import content_of
from logos_grammar.structure.projections import Projections
from logos_grammar.structure.tables import (
    Assemblies,
    Atoms,
    FactorsOf,
    Layout,
    LinkKind,
    Links,
    Models,
    Operators,
    Residues,
    StrandKind,
    Strands,
    UnitCell,
)

__all__ = [
    "Assemblies",
    "Atoms",
    "BlankOccupancy",
    "FactorsOf",
    "Layout",
    "LinkKind",
    "Links",
    "Models",
    "Operators",
    "Reading",
    "Residues",
    "StrandKind",
    "Strands",
    "Structure",
    "UnitCell",
]

BlankOccupancy: TypeAlias = Literal["refuse", "one"]
"""What becomes of an atom without an occupancy in a file where others have one: ``refuse`` raises,
``one`` reads 1."""


_ENCODING: Final = ("utf-8", "surrogateescape")


class Structure(Projections, Displayed):
    """The coordinates of macromolecules as a file has them: nothing sorted, no key unique.

    Examples
    --------
    >>> line = "ATOM      1  CA  GLY A   7       1.500  -2.250   0.125  1.00 20.00           C"
    >>> structure = Structure.from_pdb(line)
    >>> structure.atoms.x, structure.residues.component[0], structure.strands.chain[0]
    (Fixed.from_text(['1.500'], decimals=3), 'GLY', 'A')
    >>> Structure.from_pdb(structure.to_pdb()) == structure
    True
    """

    def __len__(self) -> int:
        """How many atoms it has."""
        return len(self.atoms)

    @classmethod
    def from_pdb(
        cls, text: str | bytes, *, blank_occupancy: BlankOccupancy = "refuse"
    ) -> Structure:
        """Read a PDB file.

        Parameters
        ----------
        text
            The whole content of the file. A str is read as its UTF-8 bytes.
        blank_occupancy
            What becomes of an atom without an occupancy where others have one.

        Raises
        ------
        ConversionError
            At the first column that is not what the format says, with its line and column.
        """
        return cls.read_pdb(text, blank_occupancy=blank_occupancy).structure

    @classmethod
    def read_pdb(cls, text: str | bytes, *, blank_occupancy: BlankOccupancy = "refuse") -> Reading:
        """Read a PDB file as `from_pdb`, and say what was left out."""
        is_one = _is_one(blank_occupancy)
        columns, left_out = _core.structure_from_pdb(content_of(text, refuse_cif=True), is_one)
        return Reading(cls._of_bytes(columns), tuple(left_out))

    @classmethod
    def from_mmcif(
        cls,
        text: str | bytes,
        *,
        block: str | None = None,
        blank_occupancy: BlankOccupancy = "refuse",
    ) -> Structure:
        """Read a block of an mmCIF file.

        Parameters
        ----------
        text
            The whole content of the file. A str is read as its UTF-8 bytes.
        block
            The name of the block; None takes the only one that has an atom table.
        blank_occupancy
            What becomes of an atom without an occupancy where others have one.

        Raises
        ------
        ConversionError
            At the first token that is not CIF, or value that is not what its item says, with its
            line, column and item; when no block has an atom table, or several have.
        """
        return cls.read_mmcif(text, block=block, blank_occupancy=blank_occupancy).structure

    @classmethod
    def read_mmcif(
        cls,
        text: str | bytes,
        *,
        block: str | None = None,
        blank_occupancy: BlankOccupancy = "refuse",
    ) -> Reading:
        """Read an mmCIF file as `from_mmcif`, and say what was left out."""
        is_one = _is_one(blank_occupancy)
        name = None if block is None else block.encode(*_ENCODING)
        columns, left_out = _core.structure_from_mmcif(
            content_of(text, refuse_cif=False), name, is_one
        )
        return Reading(cls._of_bytes(columns), tuple(left_out))

    def to_pdb(self, *, hybrid_36: bool = False) -> str:
        """Write a PDB file whose table of atoms is that of the structure.

        Labels, entities and places in the sequence are not written, nor are hydrogen bonds, salt
        bridges, mismatched bases and modifications, and distances of more than five characters;
        nor an assembly that has products of operators, parts of chains, chains of longer names, or
        numbers that do not fit.

        Parameters
        ----------
        hybrid_36
            Whether to write serial numbers above 99,999 and residue numbers above 9,999 in
            hybrid-36; else they are refused.

        Raises
        ------
        ConversionError
            For what the columns of PDB cannot hold, and what its file would say otherwise, such as
            two residues of one number that follow each other, naming the column and the row; for a
            structure without atoms.
        """
        return _core.structure_to_pdb(self, hybrid_36).decode(*_ENCODING)

    def to_mmcif(self) -> str:
        """Write an mmCIF file of one block whose tables are those of the structure.

        A structure without labels gets some: ``A``, ``B`` and so on, and an entity for each kind of
        strand.

        Raises
        ------
        ConversionError
            For a name that no quotes hold, a structure or model without atoms, a residue without
            atoms that has no place in a sequence, and for what its file would say otherwise, such
            as two residues of one number that follow each other, naming the column and the row.
        """
        return _core.structure_to_mmcif(self).decode(*_ENCODING)

    def without_links(self) -> Structure:
        """The structure without its links between residues."""
        none = np.zeros(0, np.uint32)
        return replace(self, links=Links(begin=none, end=none, kind=none.astype(np.uint8)))

    def __repr__(self) -> str:
        tables = (self.models, self.strands, self.residues, self.atoms)
        names = ("model", "strand", "residue", "atom")
        counts = [
            f"{len(t):,} {n}{'s' * (len(t) != 1)}" for t, n in zip(tables, names, strict=True)
        ]
        return f"{type(self).__name__}({', '.join(counts)})"


class Reading(NamedTuple):
    """A structure that was read, and what of its file was not taken."""

    structure: Structure
    left_out: tuple[str, ...]
    """What was read and left out, each with its line, column and the reason, such as a bond to a
    symmetry mate."""


def _is_one(blank_occupancy: str) -> bool:
    if blank_occupancy not in ("refuse", "one"):
        raise ValueError(f"expected blank_occupancy as 'refuse' or 'one', not {blank_occupancy!r}")
    return blank_occupancy == "one"
