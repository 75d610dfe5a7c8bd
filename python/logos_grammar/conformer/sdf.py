"""Conformers from SDF and MOL files and back, V2000 and V3000.

Kept: the molecule as RDKit reads it, hydrogens folded (see `logos_grammar.conformer.rdkit`); the
coordinates of all atoms to the last digit; the order of the atoms; the title; names and values of
data items, values of several lines too.

Normalised: aromaticity is perceived; decimals are the fewest that hold all coordinates of a record
(V2000 writes four again, so trailing zeros come back there); minus zero is zero; line ends are LF;
``> 25 <NAME> (7)`` is ``>  <NAME>``, a header without angle brackets is all name; blank lines at the
end of a value go, and what is behind ``$$$$`` on its line.

Stereo can be said twice, by wedges and by coordinates, and they can differ. For a place in space
the default takes the coordinates, as RDKit does; ``stereo="wedges"`` takes the wedges, looked at
along z, of atoms; double bonds are always perceived from coordinates. For a layout in the plane
there are only wedges.

A record is a layout when z is 0 at every atom and line 2 does not say 3D; what line 2 says else is
not relied on. Layouts are refused, or kept with ``layouts="keep"``.

Several records become one conformer of several poses where they follow each other and have the same
atoms, bonds, charges and stereo in one order, and the same title and data items: where these
differ, ``without_title`` and ``without_properties`` leave them out.

Refused: what RDKit does not read or sanitize, and what a molecule cannot hold (queries, R groups,
polymer brackets and relative stereo unless an option leaves them out); coordinates with an exponent
or with more than nine decimals; text behind the MOL block that belongs to no data item.

Not read: the program line but for ``3D``, the comment, the chiral flag, numbers of data items,
alias lines (``A  n``), atom values (``V  n``), atom lists of queries, colours and display settings.
Map numbers and charges, isotopes and radicals (atom lines, ``M  CHG``, ``M  ISO``, ``M  RAD``) are
the molecule's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from logos_grammar.columns import Words
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.rdkit import folded
from logos_grammar.conformer.record import Record, records_of
from logos_grammar.conformer.write_sdf import to_sdf
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

__all__ = ["Layouts", "SdfOptions", "Stereo", "from_sdf", "read_records", "to_sdf"]

Stereo: TypeAlias = Literal["coordinates", "wedges"]
"""Whence the stereo of atoms of a record in space is taken."""

Layouts: TypeAlias = Literal["refuse", "keep"]
"""What becomes of a record that is a layout in the plane."""


@dataclass(frozen=True, kw_only=True)
class SdfOptions:
    """How records are read, and what is left out; `from_sdf` says it."""

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


def from_sdf(text: str | bytes, options: SdfOptions) -> list[Conformer]:
    """Read all records of a file, those of one molecule that follow each other together.

    Raises
    ------
    ConversionError
        For the first record that has no conformer, with its line and number.
    """
    found: list[list[Conformer]] = []
    for conformer in read_records(text, options):
        if isinstance(conformer, ConversionError):
            raise conformer
        if found and _is_alike(found[-1][0], conformer):
            found[-1].append(conformer)
        else:
            found.append([conformer])
    return [_joined(group) for group in found]


def read_records(text: str | bytes, options: SdfOptions) -> Iterator[Conformer | ConversionError]:
    """Yield of each record of a file its conformer, of one pose, or why it has none."""
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogateescape")
    if not isinstance(text, bytes):
        raise TypeError(
            f"expected the content of a file as str or bytes, not {type(text).__name__}"
        )
    for record in records_of(text):
        if isinstance(record, ConversionError):
            yield record
            continue
        try:
            yield _conformer(record, options)
        except ConversionError as error:
            yield error if error.record is not None else record.refuse(str(error))


def _conformer(record: Record, options: SdfOptions) -> Conformer:
    if record.is_flat and options.layouts == "refuse":
        raise ConversionError('expected coordinates in space, found a layout: layouts="keep"')
    try:
        with rdBase.BlockLogs():
            mol = _mol(record)
            if options.stereo == "wedges" and record.z.scaled.any():
                _take_wedges(mol)
            reading, hydrogens, order = folded(
                mol,
                without_atropisomers=options.without_atropisomers,
                without_stereo_groups=options.without_stereo_groups,
                without_substance_groups=options.without_substance_groups,
            )
    except RuntimeError as error:  # of a check within RDKit
        reason = " ".join(str(error).split("\n")[:2])
        raise ConversionError(f"expected a MOL block that RDKit can read: {reason}") from error
    items = () if options.without_properties else record.items
    return Conformer(
        molecule=reading.molecule.without_brackets(),
        hydrogens=hydrogens,
        x=record.x[order],
        y=record.y[order],
        z=record.z[order],
        order=order,
        title="" if options.without_title else record.title,
        property_name=Words([name for name, _ in items]),
        property_value=Words([value for _, value in items]),
    )


def _mol(record: Record) -> Chem.Mol:
    """What RDKit reads; atom i is atom i of the record."""
    mol = Chem.MolFromMolBlock(record.block, removeHs=False)
    if mol is None:
        raise ConversionError(_reason(record.block))
    if mol.GetNumAtoms() != len(record.x):
        found = f"expected the {len(record.x)} atoms of the record, found {mol.GetNumAtoms()}"
        raise ConversionError(f"{found} in what RDKit reads")
    return mol


def _reason(block: str) -> str:
    """Why RDKit does not read a MOL block."""
    mol = Chem.MolFromMolBlock(block, sanitize=False, removeHs=False)
    if mol is not None:
        try:
            Chem.SanitizeMol(mol)
        except Chem.MolSanitizeException as error:
            return f"expected a molecule that RDKit sanitizes: {error}"
    return "expected a MOL block that RDKit can read"


def _take_wedges(mol: Chem.Mol) -> None:
    """Replace the stereo of atoms by that of the wedges of the record."""
    flat = Chem.Mol(mol)
    Chem.ReapplyMolBlockWedging(flat)
    layout = flat.GetConformer()
    for atom in range(flat.GetNumAtoms()):
        place = layout.GetAtomPosition(atom)
        place.z = 0.0
        layout.SetAtomPosition(atom, place)
    layout.Set3D(False)
    Chem.AssignChiralTypesFromBondDirs(flat, replaceExistingTags=True)
    for atom, wedged in zip(mol.GetAtoms(), flat.GetAtoms(), strict=True):
        atom.SetChiralTag(wedged.GetChiralTag())
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)


def _is_alike(one: Conformer, other: Conformer) -> bool:
    """Whether two records are poses of one conformer."""
    if one.order is None or other.order is None:
        return False
    return (
        one.molecule == other.molecule
        and np.array_equal(one.hydrogens, other.hydrogens)
        and np.array_equal(one.order, other.order)
        and one.title == other.title
        and one.properties == other.properties
    )


def _joined(group: list[Conformer]) -> Conformer:
    if len(group) == 1:
        return group[0]
    first = group[0]
    decimals = max(each.x.decimals for each in group)
    x = _one_column((each.x for each in group), decimals)
    y = _one_column((each.y for each in group), decimals)
    z = _one_column((each.z for each in group), decimals)
    return replace(first, x=x, y=y, z=z)


def _one_column(columns: Iterable[Fixed], decimals: int) -> Fixed:
    return Fixed(np.concatenate([each.rescaled(decimals).scaled for each in columns]), decimals)
