"""Conformers from SDF and MOL files, V2000 and V3000; `conformer.sdf_writing` writes them.

The core reads records to columns (`logos_grammar.conformer.record`); RDKit makes a molecule of
their MOL block: it perceives aromaticity, hydrogens and stereo.

Kept: the molecule as RDKit reads it, hydrogens folded (see `logos_grammar.conformer.rdkit`); the
coordinates of all atoms to the last digit; the order of the atoms; the title; names and values of
data items, values of several lines too.

Normalised: aromaticity is perceived; charges are those that RDKit's sanitization leaves, which
parts ``N(=O)=O`` and ``Cl(=O)(=O)=O`` and their like into charges; bonds to metals may become
dative; a bond of any type (8) is one of order ANY and is written as one of order zero; decimals are
the fewest that hold all coordinates of a record, and V2000 is written with four again; minus zero
is zero; line ends are LF, and a byte order mark goes; ``> 25 <NAME> (7)`` is ``>  <NAME>``, a
header without angle brackets is all name; blank lines at the end of a value go, and what is behind
``$$$$`` on its line. A conformer is written as 3D, one that was kept as a layout, too: it is read
as one in space again, and what perceives stereo from coordinates sees a flat molecule. Draw a
layout anew where other programs are to have one.

Stereo can be said twice, by wedges and by coordinates, and they can differ. For a place in space
the default takes the coordinates, as RDKit does; ``stereo="wedges"`` takes the wedges, looked at
along z, of atoms; double bonds are always perceived from coordinates. Where z is 0 at every atom
there are only wedges. At a centre that is bent out of all shape, what RDKit perceives may depend on
the order of the bonds.

A record is a layout when z is 0 at every atom and line 2 does not say 3D; what line 2 says else is
not relied on. Layouts are refused, or kept with ``layouts="keep"``.

Several records become one conformer of several poses where they follow each other, say the same
atoms, bonds and charges in one order, and have the same stereo, title and data items: where the
last two differ, ``without_title`` and ``without_properties`` leave them out.

Refused: what RDKit does not read or sanitize, and what a molecule cannot hold: queries, of bonds
all but any (8); R groups, attachment points (``M  APO``, ``ATTCHPT``), link nodes, beads of
polymers (``Pol``), bonds that end at several atoms (``ENDPTS``), singlet radicals (a molecule holds
how many electrons are unpaired, so that two are a triplet); polymer brackets and relative stereo
unless an option leaves them out. Elements in capitals (CO and CL may be abbreviations); coordinates
with an exponent or with more than nine decimals; bonds, charges, isotopes and radicals out of their
columns, or of an atom that is not there or whose index another has; text behind the MOL block that
belongs to no data item; lines that end with CR alone or with CR CR LF.

Not read: the program line except ``3D``, the comment, the chiral flag, numbers of data items,
alias lines (``A  n``), atom values (``V  n``), atom lists of queries, colours and display settings.
Map numbers and charges, isotopes and radicals (atom lines, ``M  CHG``, ``M  ISO``, ``M  RAD``) are
the molecule's. It has no column of radicals: hydrogens, charges and bonds say them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.conformer.rdkit.folding import Folded, atom_rows
from logos_grammar.conformer.rdkit.mol_block import read_mol_block
from logos_grammar.conformer.record import Record, RecordError, records_of
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed
from logos_grammar.formats.content import content_of
from logos_grammar.molecule import Molecule

__all__ = [
    "Joined",
    "Layouts",
    "Poses",
    "SdfOptions",
    "Stereo",
    "read_joined",
    "read_records",
]

_HEADER: Final = 4
"""How many lines of a record are before its atoms."""

Stereo: TypeAlias = Literal["coordinates", "wedges"]
"""Whence the stereo of atoms of a record in space is taken."""

Layouts: TypeAlias = Literal["refuse", "keep"]
"""What becomes of a record that is a layout in the plane."""


@dataclass(frozen=True, kw_only=True)
class SdfOptions:
    """How records are read, and what is left out: as `Conformer.from_sdf` says."""

    stereo: Stereo = "coordinates"
    layouts: Layouts = "refuse"
    without_title: bool = False
    without_properties: bool = False
    without_atropisomers: bool = False
    without_stereo_groups: bool = False
    without_substance_groups: bool = False

    def __post_init__(self) -> None:
        if self.stereo not in ("coordinates", "wedges"):
            raise ValueError(f"expected stereo as 'coordinates' or 'wedges', not {self.stereo!r}")
        if self.layouts not in ("refuse", "keep"):
            raise ValueError(f"expected layouts as 'refuse' or 'keep', not {self.layouts!r}")


class Poses(NamedTuple):
    """The columns of a `Conformer`, by their names."""

    molecule: Molecule
    hydrogens: npt.NDArray[np.uint32]
    x: Fixed
    y: Fixed
    z: Fixed
    order: npt.NDArray[np.uint32] | None
    title: str
    property_name: Words
    property_value: Words


class Joined(NamedTuple):
    """A conformer, and of how many records it has the poses."""

    poses: Poses
    records: int


def read_records(text: str | bytes, options: SdfOptions) -> Iterator[Poses | RecordError]:
    """Yield of each record of a file its conformer, of one pose, or why it has none."""
    for record in records_of(content_of(text, refuse_cif=False)):
        yield record if isinstance(record, RecordError) else read_poses(record, options)


def read_joined(
    text: str | bytes, options: SdfOptions, *, most: int | None = None
) -> Iterator[Joined | RecordError]:
    """Yield records that follow each other and differ in nothing but coordinates as one conformer.

    Parameters
    ----------
    text
        The content of a file.
    options
        How its records are read.
    most
        How many records one conformer takes; None for all. They are counted from the first of the
        records with the same atoms, bonds and charges, refused ones too.

    Yields
    ------
    Joined or RecordError
        In the order of the file.
    """
    group: list[Poses] = []
    count = 0
    for record in records_of(content_of(text, refuse_cif=False)):
        poses: Poses | RecordError
        if isinstance(record, RecordError):
            poses, count = record, 1
        else:
            poses = read_poses(record, options)
            count = count + 1 if record.is_alike and count != most else 1
        if isinstance(poses, Poses) and group and count > 1 and _is_alike(group[0], poses):
            group.append(poses)
            continue
        if group:
            yield Joined(_joined(group), len(group))
        group = []
        if isinstance(poses, RecordError):
            yield poses
        else:
            group = [poses]
    if group:
        yield Joined(_joined(group), len(group))


def read_poses(record: Record, options: SdfOptions) -> Poses | RecordError:
    """Return the conformer of a record, of one pose, or why it has none."""
    try:
        return _poses(record, options)
    except ConversionError as error:
        return record.error(str(error))


def _poses(record: Record, options: SdfOptions) -> Poses:
    if record.is_flat and options.layouts == "refuse":
        raise ConversionError('expected coordinates in space, found a layout: layouts="keep"')
    atoms, items = record.atoms, record.items
    found = read_mol_block(
        _with_radicals(record),
        atoms=len(atoms.x),
        radicals=atoms.radical,
        by_wedges=options.stereo == "wedges" and bool(atoms.z.scaled.any()),
        without_atropisomers=options.without_atropisomers,
        without_stereo_groups=options.without_stereo_groups,
        without_substance_groups=options.without_substance_groups,
    )
    _check_wildcards(record, found)
    return Poses(
        molecule=found.molecule,
        hydrogens=found.hydrogens,
        x=atoms.x[found.order],
        y=atoms.y[found.order],
        z=atoms.z[found.order],
        order=found.order,
        title="" if options.without_title else record.title,
        property_name=Words() if options.without_properties else items.name,
        property_value=Words() if options.without_properties else items.value,
    )


def _with_radicals(record: Record) -> str:
    """The MOL block with the radicals of its lines of atoms, which RDKit does not read there."""
    atoms, lines = record.atoms, record.block.split("\n")
    end = next(at for at, line in enumerate(lines) if at >= _HEADER and line.startswith("M  END"))
    if not atoms.radical.any() or any(line.startswith("M  RAD") for line in lines[_HEADER:end]):
        return record.block
    if lines[_HEADER - 1][33:39].strip() == "V3000":
        return record.block
    # A line of radicals makes the charges of the lines of atoms void, too.
    stated = [
        f"M  {name}  1{row + 1:4}{column[row]:4}"
        for name, column in (("CHG", atoms.charge), ("RAD", atoms.radical))
        for row in np.flatnonzero(column).tolist()
    ]
    return "\n".join([*lines[:end], *stated, *lines[end:]])


def _check_wildcards(record: Record, found: Folded) -> None:
    """Refuse what RDKit reads as a wildcard and a record does not say so, such as a polymer's."""
    rows = found.order[atom_rows(found.hydrogens)]
    for row in np.sort(rows[found.molecule.element == 0]).tolist():
        if (symbol := record.atoms.element[row]) != "*":
            raise ConversionError(f"expected an element or * at atom {row}, found {symbol}")


def _is_alike(one: Poses, other: Poses) -> bool:
    return (
        one.title == other.title
        and np.array_equal(one.hydrogens, other.hydrogens)
        and one.order is not None
        and other.order is not None
        and np.array_equal(one.order, other.order)
        and one.molecule == other.molecule
        and list(one.property_name) == list(other.property_name)
        and list(one.property_value) == list(other.property_value)
    )


def _joined(group: list[Poses]) -> Poses:
    if len(group) == 1:
        return group[0]
    decimals = max(each.x.decimals for each in group)
    x, y, z = (
        Fixed(np.concatenate([each.rescaled(decimals).scaled for each in columns]), decimals)
        for columns in zip(*((each.x, each.y, each.z) for each in group), strict=True)
    )
    return group[0]._replace(x=x, y=y, z=z)
