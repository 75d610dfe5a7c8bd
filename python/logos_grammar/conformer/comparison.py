"""A conformer beside the text of its record, which is read here once more, by other code."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np

from logos_grammar.conformer import Conformer
from logos_grammar.conformer.comparison_of_molecules import difference_of_molecule

__all__ = ["atoms_of", "difference", "records_of"]

_END: Final = re.compile(rb"(?:^|(?<=\n))\$\$\$\$[^\n]*(?:\n|$)")
_HEADER: Final = re.compile(r"(?:^|(?<=\n\n)|(?<=^\n))>")
_BLANK_END: Final = re.compile(r"(\n[ \t]*)+$")
_BLANK_LINE: Final = re.compile(r"\n[ \t]+(?=\n>)")
_V30: Final = "M  V30 "


def records_of(text: bytes) -> list[list[str]]:
    """The lines of each record of a file."""
    parts = _END.split(text.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    if not parts[-1].strip():
        parts.pop()
    return [part.decode("utf-8", "surrogateescape").split("\n") for part in parts]


def difference(lines: list[str], conformer: Conformer) -> str | None:
    """Say what of a record is not in its conformer, which has one pose and its order; else None.

    Compared are the title, the data items, how many atoms there are, each coordinate as a decimal
    number, and the molecule as `comparison_of_molecules` says.
    """
    if lines[0] != conformer.title:
        return f"title {lines[0]!r} is {conformer.title!r}"
    items = _items(lines)
    if items != list(conformer.properties):
        return f"data items {items[:3]} are {list(conformer.properties[:3])}"
    atoms = atoms_of(lines)
    if conformer.order is None or len(atoms) != len(conformer.order):
        return f"{len(atoms)} atoms are {len(conformer.x)}"
    rows = np.argsort(conformer.order)
    columns = [each[rows].to_text() for each in (conformer.x, conformer.y, conformer.z)]
    for at, (atom, *place) in enumerate(zip(atoms, *columns, strict=True)):
        for text, found in zip(atom[1:], place, strict=True):
            if not _is_equal(text, found):
                return f"{text} of atom {at + 1} is {found}"
    return difference_of_molecule(lines, conformer)


def atoms_of(lines: list[str]) -> list[tuple[str, str, str, str]]:
    """The element and the coordinates of each atom, as they are written."""
    if "V3000" not in lines[3]:
        atoms = lines[4 : 4 + int(lines[3][:3])]
        return [(line[31:34].strip(), line[:10], line[10:20], line[20:30]) for line in atoms]
    whole = "\n".join(lines).replace("-\n" + _V30, "")
    table = whole.split(_V30 + "BEGIN ATOM", 1)[1].split(_V30 + "END ATOM", 1)[0]
    cells = [line.split() for line in table.strip().split("\n")]
    return [(cell[3], cell[4], cell[5], cell[6]) for cell in cells]


def _items(lines: list[str]) -> list[tuple[str, str]]:
    end = next(at for at, line in enumerate(lines) if line.startswith("M  END"))
    text = _BLANK_LINE.sub("\n", "\n" + "\n".join(lines[end + 1 :]))
    found = []
    for part in _HEADER.split(text)[1:]:
        header, _, value = part.partition("\n")
        first, last = header.find("<"), header.rfind(">")
        name = header[first + 1 : last] if 0 <= first < last else header.strip()
        found.append((name, _BLANK_END.sub("", "\n" + value)[1:]))
    return found


def _is_equal(text: str, found: str) -> bool:
    try:
        return Decimal(text.strip()) == Decimal(found)
    except InvalidOperation:
        return False
