"""Conformers as records of SDF: the MOL block of RDKit, with the digits of the conformer."""

from __future__ import annotations

from typing import Final

import numpy as np

from logos_grammar.columns import Words
from logos_grammar.conformer.rdkit.mol_block import write_mol_block
from logos_grammar.conformer.record import Items, Record, RecordError, records_of
from logos_grammar.conformer.sdf import Poses, SdfOptions, read_records
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed

__all__ = ["write_records"]

_DECIMALS: Final = 4
_WIDTH: Final = 10
"""Of a coordinate in V2000."""
_PROGRAM: Final = "  Logos             3D"
_HEADER: Final = 4
_END: Final = "$$$$"
_NO_ATOMS: Final = "\n\n\n  0  0  0  0  0  0            999 V2000\nM  END"
_V30: Final = "M  V30 "
_LONGEST: Final = 78


def write_records(poses: Poses) -> str:
    """Write a record for each pose, in V2000 where it holds the conformer, else in V3000.

    Raises
    ------
    ConversionError
        As `logos_grammar.conformer.rdkit.to_rdkit`; for what RDKit does not write; for atoms, a
        title or data items that would not be read back.
    """
    if "\n" in poses.title or poses.title.endswith("\r") or poses.title.startswith(_END):
        raise ConversionError(f"expected a title of one line, found {poses.title!r}")
    items = _written_items(poses)
    points = len(poses.hydrogens) + int(poses.hydrogens.sum(dtype=np.int64))
    if not points or not len(poses.x) or len(poses.x) % points:
        raise ConversionError(f"expected poses of {points} points, found {len(poses.x)} points")
    written = []
    for begin in range(0, len(poses.x), points):
        columns = [each[begin : begin + points] for each in (poses.x, poses.y, poses.z)]
        texts = [_texts(column) for column in columns]
        is_wide = any(len(text) > _WIDTH for column in texts for text in column)
        lines, rows = write_mol_block(
            poses.molecule,
            poses.hydrogens,
            poses.order,
            np.stack([column.to_float() for column in columns], axis=1),
            is_v3000=is_wide or poses.x.decimals > _DECIMALS,
        )
        lines[:2] = [poses.title, _PROGRAM]
        cells = [tuple(column[row] for column in texts) for row in rows.tolist()]
        written.append("\n".join([*_placed(lines, cells), *items, _END, ""]))
    _comes_back(written[0], poses)
    return "".join(written)


def _comes_back(written: str, poses: Poses) -> None:
    """Refuse a molecule of which RDKit reads other atoms than it wrote."""
    (back,) = read_records(written, SdfOptions(layouts="keep"))
    if isinstance(back, RecordError):
        raise ConversionError(f"expected a molecule whose record RDKit reads: {back}")
    if _atoms(back) != _atoms(poses):
        raise ConversionError(
            "expected a molecule whose record says its atoms and their hydrogens, found one that "
            f"is read as {back.molecule.to_smiles()}"
        )


def _atoms(poses: Poses) -> list[tuple[int, ...]]:
    """What there is of atoms, in any order."""
    molecule = poses.molecule
    columns = (molecule.element, molecule.isotope, molecule.charge, molecule.map, poses.hydrogens)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def _texts(column: Fixed) -> list[str]:
    """Each number with the decimals of V2000, or more where it has more."""
    written = column.rescaled(max(column.decimals, _DECIMALS)).to_text()
    return [written] if isinstance(written, str) else written


def _placed(lines: list[str], cells: list[tuple[str, ...]]) -> list[str]:
    """The lines with the digits of the conformer for the floats of RDKit."""
    if lines[3].endswith("V2000"):
        for at, cell in enumerate(cells, _HEADER):
            lines[at] = "".join(x.rjust(_WIDTH) for x in cell) + lines[at][3 * _WIDTH :]
        return lines
    begin = lines.index(_V30 + "BEGIN ATOM")
    end = lines.index(_V30 + "END ATOM")
    atoms = "\n".join(lines[begin + 1 : end]).replace("-\n" + _V30, "").split("\n")
    made = []
    for line, cell in zip(atoms, cells, strict=True):
        index, element, _, _, _, rest = line.removeprefix(_V30).split(" ", 5)
        made += _continued(" ".join((index, element, *cell, rest)))
    return [*lines[: begin + 1], *made, *lines[end:]]


def _continued(text: str) -> list[str]:
    """A line of V3000, or several where it is long."""
    room = _LONGEST - len(_V30)
    parts = [text[at : at + room] for at in range(0, len(text), room)]
    return [_V30 + part + "-" for part in parts[:-1]] + [_V30 + parts[-1]]


def _written_items(poses: Poses) -> list[str]:
    """The lines of the data items, each of which would be read back."""
    made: list[str] = []
    for name, value in zip(poses.property_name, poses.property_value, strict=True):
        lines = [f">  <{name}>", *(value.split("\n") if value else ()), ""]
        text = "\n".join([_NO_ATOMS, *lines, _END, ""]).encode("utf-8", "surrogateescape")
        again = [each.items for each in records_of(text) if isinstance(each, Record)]
        if again != [Items(name=Words([name]), value=Words([value]))]:
            raise ConversionError(f"expected a data item, found {name!r} with value {value!r}")
        made += lines
    return made
