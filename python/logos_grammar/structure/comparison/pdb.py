"""The table of atoms of a PDB file, by fixed columns."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.structure.comparison.table import DISPLACEMENTS, ELEMENT, Column, Table, symbols

__all__ = ["table_of_pdb"]

_ATOM: Final = re.compile(rb"(?:ATOM|HETATM)[ 0-9]")
_OLD: Final = re.compile(rb"[^ ]{4} *[0-9]+")
_CELL: Final = ((6, 15), (15, 24), (24, 33), (33, 40), (40, 47), (47, 54))
_WIDTH: Final = 80
_NUMBERS: Final = 12
"""Of an operator: nine of its matrix, three of its vector."""


def table_of_pdb(content: bytes) -> Table:
    """Read the columns of the lines of atoms, of ANISOU and of CRYST1."""
    lines = [line.rstrip(b"\r") for line in content.split(b"\n")]
    rows = [line[:_WIDTH].ljust(_WIDTH) for line in lines if _ATOM.match(line)]
    letters = np.frombuffer(b"".join(rows), "S1").reshape(len(rows), _WIDTH)

    def field(first: int, end: int) -> Column:
        cells = np.ascontiguousarray(letters[:, first:end]).view(f"S{end - first}").ravel()
        return np.char.strip(cells, b" ")

    is_old = _old_lines(rows)
    elements = np.where(is_old, b"", field(76, 78))
    charges = np.where(is_old, b"", np.char.strip(field(78, 80)))
    displacements = {name: list[bytes]() for name in DISPLACEMENTS}
    for line in lines:
        if line.startswith(b"ANISOU"):
            for column, first in zip(displacements.values(), range(28, 70, 7), strict=True):
                # Integers of the fourth decimal.
                column.append(_ten_thousandths(line[first : first + 7]))
    return Table(
        rows=len(rows),
        names={
            "name": field(12, 16),
            "altloc": field(16, 17),
            "component": field(17, 21),
            "chain": field(21, 22),
            "insertion": field(26, 27),
            "segment": np.where(is_old, b"", field(72, 76)),
            "element": symbols(elements),
        },
        integers={
            "hetero": letters[:, 0] == b"H",
            "number": _mapped(field(22, 26), _residue_number),
            "charge": _mapped(charges, _charge),
        },
        numbers={
            "x": field(30, 38),
            "y": field(38, 46),
            "z": field(46, 54),
            "occupancy": field(54, 60),
            "b_factor": field(60, 66),
        },
        displacements=displacements,
        **_unit_cell(lines),
        **_biomolecules(lines),
    )


def _old_lines(rows: list[bytes]) -> npt.NDArray[np.bool_]:
    """Which lines have the code and the line number of old files in columns 73 to 80."""
    old = [_OLD.fullmatch(row[72:80]) is not None for row in rows]
    if all(old) and len(rows) > 1 and int(rows[1][76:80]) == int(rows[0][76:80]) + 1:
        return np.ones(len(rows), np.bool_)
    found = [is_old and row[77:78].isdigit() for row, is_old in zip(rows, old, strict=True)]
    return np.array(found, np.bool_)


def _mapped(texts: Column, read: Any) -> npt.NDArray[np.int64]:
    """An integer of each text, each distinct one read once."""
    distinct, inverse = np.unique(texts, return_inverse=True)
    return np.array([*map(read, distinct.tolist()), 0], np.int64)[inverse]


def _residue_number(text: bytes) -> int:
    """A number in decimal or hybrid-36 digits, 0 for none."""
    if not text:
        return 0
    if text[:1].isalpha():
        offset = 10 * 36**3 if text[:1].isupper() else -16 * 36**3
        return int(text, 36) - offset + 10_000
    return int(text)


def _charge(text: bytes) -> int:
    sign = -1 if b"-" in text else 1
    return sign * int(text.strip(b"+-") or b"0")


def _ten_thousandths(text: bytes) -> bytes:
    number = int(text)
    return b"%s%d.%04d" % (b"-" if number < 0 else b"", abs(number) // 10_000, abs(number) % 10_000)


def _unit_cell(lines: list[bytes]) -> dict[str, Any]:
    """The numbers of CRYST1 and its space group."""
    for line in lines:
        if line.startswith(b"CRYST1"):
            numbers = tuple(line[first:end].strip() for first, end in _CELL)
            if all(numbers):
                return {"cell": numbers, "space_group": line[55:66].strip(b" ")}
    return {"cell": None, "space_group": b""}


def _biomolecules(lines: list[bytes]) -> dict[str, Any]:
    """The biomolecules of REMARK 350, unless a line does not follow its template."""
    rows: list[tuple[bytes, list[bytes], list[list[bytes]]]] = []
    id = b""
    for line in lines:
        text = line[10:].strip(b" ") if line.startswith(b"REMARK 350") else b""
        if text.startswith(b"BIOMOLECULE:"):
            id = text[12:].strip(b" ")
        elif b"APPLY THE FOLLOWING TO CHAINS:" in text:
            rows.append((id, [text.partition(b"CHAINS:")[2]], []))
        elif text.startswith(b"AND CHAINS:") and rows:
            rows[-1][1].append(text.partition(b":")[2])
        elif text.startswith(b"BIOMT") and rows:
            rows[-1][2].append(text[5:].split())
    operators: dict[bytes, tuple[bytes, ...]] = {}
    named: dict[tuple[Decimal, ...], bytes] = {}
    assemblies = []
    for id, chains, read in rows:
        listed = []
        for at in range(0, len(read), 3):
            numbers = tuple(number for each in read[at : at + 3] for number in each[2:])
            ordinals = [each[:1] for each in read[at : at + 3]]
            if ordinals != [[b"1"], [b"2"], [b"3"]] or not _are_elements(numbers):
                return {"operators": None, "assemblies": ()}
            key = tuple(Decimal(number.decode()) for number in numbers)
            name = named.setdefault(key, b"%d" % (len(named) + 1))
            operators.setdefault(name, numbers)
            listed.append(name)
        names = [name.strip() for some in chains for name in some.split(b",")]
        assemblies.append((id, b",".join(filter(None, names)), b",".join(listed)))
    if not all(all(row) for row in assemblies):
        return {"operators": None, "assemblies": ()}
    return {"operators": operators, "assemblies": tuple(assemblies)}


def _are_elements(numbers: tuple[bytes, ...]) -> bool:
    return len(numbers) == _NUMBERS and all(map(ELEMENT.fullmatch, numbers))
