"""Conformers as records of SDF: a MOL block and data items for each pose."""

from __future__ import annotations

from typing import Final

from logos_grammar.conformer import Conformer
from logos_grammar.conformer.rdkit import rows_of_points, to_rdkit
from logos_grammar.conformer.record import read_items
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

__all__ = ["to_sdf"]

_DECIMALS: Final = 4
_WIDTH: Final = 10
"""Of a coordinate in V2000."""
_PROGRAM: Final = "  Logos             3D"
_HEADER: Final = 4
_MOST_COUNTED: Final = 999
_V30: Final = "M  V30 "
_LONGEST: Final = 78


def to_sdf(conformer: Conformer) -> str:
    """Write a record for each pose, in V2000 where it holds the conformer, else in V3000.

    Raises
    ------
    ConversionError
        As `logos_grammar.conformer.rdkit.to_rdkit`; for what RDKit cannot write; for a title or
        data items that a reader would not read back.
    """
    if "\n" in conformer.title or conformer.title.startswith("$$$$"):
        raise ConversionError(f"expected a title of one line, found {conformer.title!r}")
    mol = to_rdkit(conformer)
    rows = rows_of_points(conformer)
    items = _items(conformer)
    records = []
    for pose, held in enumerate(mol.GetConformers()):
        one = conformer.pose(pose)
        columns = (one.x[rows], one.y[rows], one.z[rows])
        places = list(zip(*map(_texts, columns), strict=True))
        wide = one.x.decimals > _DECIMALS or any(len(x) > _WIDTH for row in places for x in row)
        many = max(mol.GetNumAtoms(), mol.GetNumBonds()) > _MOST_COUNTED
        lines = _block(mol, held.GetId(), is_v3000=wide or many)
        lines[0] = conformer.title
        lines[1] = _PROGRAM
        records.append("\n".join([*_placed(lines, places), *items, "$$$$", ""]))
    return "".join(records)


def _texts(column: Fixed) -> list[str]:
    """Each number with the decimals of V2000, or more where it has more."""
    decimals = max(column.decimals, _DECIMALS)
    written = column.rescaled(decimals).to_text()
    return [written] if isinstance(written, str) else written


def _block(mol: Chem.Mol, conformer: int, *, is_v3000: bool) -> list[str]:
    """The lines of the MOL block that RDKit writes, whose coordinates are floats."""
    with rdBase.BlockLogs():
        try:
            text = Chem.MolToMolBlock(mol, confId=conformer, forceV3000=is_v3000)
        except (ValueError, RuntimeError) as error:
            raise ConversionError(f"expected a molecule that RDKit writes: {error}") from error
    return text.rstrip("\n").split("\n")


def _placed(lines: list[str], places: list[tuple[str, str, str]]) -> list[str]:
    """The lines with the digits of the conformer for the floats of RDKit."""
    if lines[3].endswith("V2000"):
        for at, place in enumerate(places, _HEADER):
            lines[at] = "".join(x.rjust(_WIDTH) for x in place) + lines[at][3 * _WIDTH :]
        return lines
    begin = lines.index("M  V30 BEGIN ATOM")
    end = lines.index("M  V30 END ATOM")
    atoms = "\n".join(lines[begin + 1 : end]).replace("-\nM  V30 ", "").split("\n")
    made = []
    for line, place in zip(atoms, places, strict=True):
        index, element, _, _, _, rest = line.removeprefix(_V30).split(" ", 5)
        made += _continued(" ".join((index, element, *place, rest)))
    return [*lines[: begin + 1], *made, *lines[end:]]


def _continued(text: str) -> list[str]:
    """A line of V3000, or several where it is long."""
    room = _LONGEST - len(_V30)
    parts = [text[at : at + room] for at in range(0, len(text), room)]
    return [_V30 + part + "-" for part in parts[:-1]] + [_V30 + parts[-1]]


def _items(conformer: Conformer) -> list[str]:
    """The lines of the data items.

    Raises
    ------
    ConversionError
        For the first item that would not be read back.
    """
    made: list[str] = []
    for name, value in conformer.properties:
        lines = [f">  <{name}>", *(value.split("\n") if value else ()), ""]
        held = [line.encode("utf-8", "surrogateescape") for line in lines]
        try:
            read = read_items(held)
        except ValueError:
            read = ()
        if read != ((name, value),) or any(line.startswith(b"$$$$") for line in held):
            found = f"{name!r} is {value!r}"
            raise ConversionError(f"expected a property that a data item holds, found {found}")
        made += lines
    return made
