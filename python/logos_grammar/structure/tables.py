"""The tables of a structure, and what their codes mean."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Columns, Words
from logos_grammar.fixed import Fixed


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
    """The coordination of a metal."""
    HYDROGEN_BOND = 3
    SALT_BRIDGE = 4
    MISMATCH = 5
    """A pair of bases that do not match."""
    MODIFICATION = 6
    """A bond that modifies a residue."""
    COVALENT_BASE = 7
    COVALENT_PHOSPHATE = 8
    COVALENT_SUGAR = 9


class FactorsOf(IntEnum):
    """Of what a sentence says a B factor."""

    STRUCTURE = 0
    """The structure: all its atoms have one B factor, or no atom has any."""
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
    """Links between residues that do not follow from the sequence, and between an atom and an image
    of another, in the order of their later atoms.
    """

    begin: npt.NDArray[np.uint32]
    """The row of its earlier atom."""
    end: npt.NDArray[np.uint32]
    """The row of its later atom; the same where an atom is linked to its own image."""
    kind: npt.NDArray[np.uint8]
    """A `LinkKind`."""
    begin_symmetry: Words | None = None
    """The symmetry operator of its earlier atom, such as ``2_655``; empty for the identity, None
    when all are empty."""
    end_symmetry: Words | None = None
    """As ``begin_symmetry``, of its later atom."""
    distance: Fixed | None = None
    """Its length in ångström as the file gives it; None when no link has one."""
    distance_state: npt.NDArray[np.uint8] | None = None
    """0 stated, 1 unknown, where ``distance`` is 0; None when every one is stated."""


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


class Operators(Columns):
    """Operators: a point is moved by the matrix of one, then by its vector."""

    id: Words
    """Its name, such as ``1`` or ``P``."""
    m11: Fixed
    """Its matrix, row by row; the nine columns have one count of decimals."""
    m12: Fixed
    m13: Fixed
    m21: Fixed
    m22: Fixed
    m23: Fixed
    m31: Fixed
    m32: Fixed
    m33: Fixed
    v1: Fixed
    """Its vector in ångström; the three columns have one count of decimals."""
    v2: Fixed
    v3: Fixed


class Assemblies(Columns):
    """Assemblies: copies of chains. One that has several lists of chains has as many rows."""

    id: Words
    """Its name, such as ``1``."""
    chains: Words
    """The chains that are copied, with commas between: labels of strands where these have labels,
    else the names that authors gave the chains."""
    operators: Words
    """The operators that make the copies, as mmCIF writes them: ``1,2,3``, ``(1-60)``,
    ``(1-60)(P,Q)``."""


class Tables(Columns):
    """The tables of a structure.

    A row of a table says to which row of the table above it belongs, and these ascend: the atoms of
    a residue, the residues of a strand and the strands of a model are each one run.
    """

    layout: Layout
    models: Models
    strands: Strands
    residues: Residues
    atoms: Atoms
    links: Links
    cell: UnitCell | None = None
    operators: Operators | None = None
    assemblies: Assemblies | None = None
