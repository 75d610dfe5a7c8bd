"""Structure: models, strands, residues and atoms of a file, to the last digit, as columns."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar import _core
from logos_grammar.columns import Columns, Words
from logos_grammar.displayed import Displayed
from logos_grammar.fixed import Fixed

__all__ = [
    "Atoms",
    "BlankOccupancy",
    "FactorsOf",
    "Layout",
    "LinkKind",
    "Links",
    "Models",
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


class StrandKind(IntEnum):
    """Which residues of a strand have a letter; the others have names."""

    PROTEIN = 0
    DNA = 1
    RNA = 2
    HETERO = 3
    """None has."""


class LinkKind(IntEnum):
    """What a link is."""

    COVALENT = 0
    DISULFIDE = 1
    METAL = 2


class FactorsOf(IntEnum):
    """Of what a sentence says a B factor."""

    STRUCTURE = 0
    """All atoms have the same, or there are none."""
    RESIDUE = 1
    ATOM = 2


class Layout(Columns):
    """What the sentence of a structure says of all its atoms at once: one row."""

    naming: npt.NDArray[np.uint8]
    """Which list of atom names is in force."""
    factors: npt.NDArray[np.uint8]
    """A `FactorsOf`."""
    b_factor: npt.NDArray[np.int64]
    """The B factor of all atoms, scaled as its column is, where it is said of the structure."""


class Models(Columns):
    """The models of a structure, each a run of rows with one number."""

    number: npt.NDArray[np.int32]
    """Its number in the file; 1 in a file that numbers none."""


class Strands(Columns):
    """The strands of a structure: runs of residues with one chain, label and segment."""

    model: npt.NDArray[np.uint32]
    """The row of its model."""
    kind: npt.NDArray[np.uint8]
    """A `StrandKind`."""
    chain: Words
    """The name that its authors gave the chain; may be empty."""
    label: Words | None = None
    """The name of the strand in mmCIF (``label_asym_id``), empty where it is not given."""
    entity: Words | None = None
    """The entity of which it is an instance, empty where it is not given."""
    segment: Words | None = None
    """The segment of columns 73 to 76 of PDB, empty where it is blank."""


class Residues(Columns):
    """The residues of a structure; one without atoms is in the sequence and was not seen."""

    strand: npt.NDArray[np.uint32]
    """The row of its strand."""
    component: Words
    """The name of its component, such as ``ALA`` or ``HOH``."""
    number: npt.NDArray[np.int32]
    """The number that its authors gave it; 0 where its state is not 0."""
    number_state: npt.NDArray[np.uint8] | None = None
    """0 stated, 1 unknown, 2 does not apply; None when every number is stated."""
    insertion: Words
    """Its insertion code, empty for none."""
    hetero: npt.NDArray[np.bool_]
    """Whether its record is HETATM."""
    label_seq: npt.NDArray[np.int32] | None = None
    """Its place in the sequence of its entity, from 1; 0 where its state is not 0."""
    label_seq_state: npt.NDArray[np.uint8] | None = None
    """As ``number_state``."""


class Atoms(Columns):
    """The atoms of a structure, in the order of its file."""

    residue: npt.NDArray[np.uint32]
    """The row of its residue."""
    name: Words
    """Its name in the component; may be empty."""
    element: Words
    """Its symbol as chemists write it (``C``, ``Cl``); ``D`` deuterium, ``X`` unknown."""
    altloc: Words
    """The alternative location of which it is, empty for none."""
    x: Fixed
    """In ångström; x, y and z have one count of decimals."""
    y: Fixed
    z: Fixed
    occupancy: Fixed | None = None
    """None when the file has none."""
    b_factor: Fixed | None = None
    """In Å², or what the file has in its place, such as pLDDT; None when the file has none."""
    b_factor_state: npt.NDArray[np.uint8] | None = None
    """0 stated, 1 unknown, where ``b_factor`` is 0; None when every one is stated."""
    charge: npt.NDArray[np.int8]
    """Its formal charge, 0 where none is given."""
    anisotropic_state: npt.NDArray[np.uint8] | None = None
    """0 where the displacement is stated, 2 where the atom has no displacement; None when each atom
    has one, or no atom has."""
    u11: Fixed | None = None
    """Anisotropic displacement in Å²; the six columns have one count of decimals."""
    u22: Fixed | None = None
    u33: Fixed | None = None
    u12: Fixed | None = None
    u13: Fixed | None = None
    u23: Fixed | None = None


class Links(Columns):
    """Bonds between residues that do not follow from the sequence, by their later atom."""

    begin: npt.NDArray[np.uint32]
    """The row of its earlier atom."""
    end: npt.NDArray[np.uint32]
    """The row of its later atom."""
    kind: npt.NDArray[np.uint8]
    """A `LinkKind`."""


class UnitCell(Columns):
    """A unit cell: one row."""

    a: Fixed
    """In ångström; the edges have one count of decimals."""
    b: Fixed
    c: Fixed
    alpha: Fixed
    """In degrees; the angles have one count of decimals."""
    beta: Fixed
    gamma: Fixed
    space_group: Words
    """As the file writes it, such as ``P 21 21 21``; empty where none is given."""


_ENCODING: Final = ("utf-8", "surrogateescape")


class Structure(Columns, Displayed):
    """The coordinates of macromolecules as a file has them: nothing sorted, no key unique.

    A row of a table says to which row of the table above it belongs, and these ascend: the atoms of
    a residue, the residues of a strand and the strands of a model are each one run.

    Examples
    --------
    >>> line = "ATOM      1  CA  GLY A   7       1.500  -2.250   0.125  1.00 20.00           C"
    >>> structure = Structure.from_pdb(line)
    >>> structure.atoms.x, structure.residues.component[0], structure.strands.chain[0]
    (Fixed.from_text(['1.500'], decimals=3), 'GLY', 'A')
    >>> Structure.from_pdb(structure.to_pdb()) == structure
    True
    """

    layout: Layout
    models: Models
    strands: Strands
    residues: Residues
    atoms: Atoms
    links: Links
    cell: UnitCell | None = None

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
        columns, left_out = _core.structure_from_pdb(_bytes_of(text), is_one)
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
        columns, left_out = _core.structure_from_mmcif(_bytes_of(text), name, is_one)
        return Reading(cls._of_bytes(columns), tuple(left_out))

    def to_pdb(self, *, hybrid_36: bool = False) -> str:
        """Write a PDB file whose table of atoms is that of the structure.

        Labels, entities and places in the sequence are not written.

        Parameters
        ----------
        hybrid_36
            Whether to write serial numbers above 99,999 and residue numbers above 9,999 in
            hybrid-36; else they are refused.

        Raises
        ------
        ConversionError
            For what the columns of PDB cannot hold, naming the column and the row.
        """
        return _core.structure_to_pdb(self, hybrid_36).decode(*_ENCODING)

    def to_mmcif(self) -> str:
        """Write an mmCIF file of one block whose tables are those of the structure.

        A structure without labels gets some: ``A``, ``B`` and so on, and an entity for each kind of
        strand.

        Raises
        ------
        ConversionError
            For a name that no quotes hold, a model without atoms, and a residue without atoms that
            has no place in a sequence.
        """
        return _core.structure_to_mmcif(self).decode(*_ENCODING)

    def without_links(self) -> Structure:
        """The structure without its links between residues, which no sentence says yet."""
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


def _bytes_of(text: str | bytes) -> bytes:
    if isinstance(text, str):
        return text.encode(*_ENCODING)
    if isinstance(text, bytes):
        return text
    raise TypeError(f"expected the content of a file as str or bytes, not {type(text).__name__}")


def _is_one(blank_occupancy: str) -> bool:
    if blank_occupancy not in ("refuse", "one"):
        raise ValueError(f"expected blank_occupancy as 'refuse' or 'one', not {blank_occupancy!r}")
    return blank_occupancy == "one"
