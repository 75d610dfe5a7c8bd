"""The molecule of a conformer beside the text of its record, which is read here by other code.

Aromaticity, and the charges that RDKit parts (``N(=O)=O``), may differ from the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from logos_grammar.conformer import Conformer
from logos_grammar.molecule import BondOrder
from logos_grammar.molecule.symbols import SYMBOLS

__all__ = ["difference_of_molecule"]

_V30: Final = "M  V30 "
_CHARGES: Final = (0, 3, 2, 1, 0, -1, -2, -3)
"""What the codes of the lines of atoms of V2000 say; the fifth is a radical."""
_DOUBLET: Final = 4
_HEAVY_HYDROGENS: Final = {"D": 2, "T": 3}
_VALENCES: Final = {"C": 4, "N": 3, "O": 2, "S": 2, "F": 1, "Cl": 1, "Br": 1, "I": 1}
"""How many bonds a neutral atom without a radical has at least."""
_KINDS: Final = {
    BondOrder.DOUBLE: (2, 4),
    BondOrder.TRIPLE: (3,),
    BondOrder.AROMATIC: (1, 2, 4),
    BondOrder.ANY: (0, 8),
}
"""The types of bonds of the text by their order; all others are single or dative."""
_VALUES: Final = {BondOrder.DOUBLE: 2, BondOrder.TRIPLE: 3, BondOrder.ANY: 0}


@dataclass(kw_only=True)
class _Atom:
    """What the text says of an atom."""

    element: str
    charge: int = 0
    unpaired: int = 0
    """How many electrons."""
    isotope: int = 0
    mass_difference: int = 0
    valence: int = 0
    """0 where it is not stated."""


_Bonds = dict[frozenset[int], int]


def difference_of_molecule(lines: list[str], conformer: Conformer) -> str | None:
    """Say what of the atoms and bonds of a record is not in its conformer; else None.

    Compared are elements, charges, isotopes, unpaired electrons, and which atoms are bonded with
    which order.
    """
    stated, bonds = _v3000(lines) if "V3000" in lines[3] else _v2000(lines)
    held, held_bonds = _of_conformer(conformer)
    moved = [one.charge - other.charge for one, other in zip(held, stated, strict=True)]
    for row, (one, other) in enumerate(zip(held, stated, strict=True)):
        said = f"atom {row + 1}, {other.element}"
        if one.element != ("H" if other.element in _HEAVY_HYDROGENS else other.element):
            return f"{said}, is {one.element}"
        if moved[row] and not _is_parted(row, moved, bonds):
            return f"charge {other.charge} of {said} is {one.charge}"
        isotope = other.isotope or _HEAVY_HYDROGENS.get(other.element, 0)
        is_other = bool(one.isotope) != bool(other.mass_difference)
        if one.isotope != isotope and (isotope or is_other):
            return f"isotope {isotope} of {said} is {one.isotope}"
    if set(bonds) != set(held_bonds):
        rows = min(sorted(pair) for pair in set(bonds) ^ set(held_bonds))
        return f"bonds between atoms {' and '.join(str(row + 1) for row in rows)} differ"
    for pair, kind in bonds.items():
        order = held_bonds[pair]
        if kind not in _KINDS.get(order, (1, 4, 9)) and not all(moved[row] for row in pair):
            between = " and ".join(str(row + 1) for row in sorted(pair))
            return f"bond of type {kind} between atoms {between} has order {order.name}"
    return _difference_of_radicals(stated, held, held_bonds)


def _is_parted(row: int, moved: list[int], bonds: _Bonds) -> bool:
    """Whether a charge is one that a multiple bond was parted into."""
    around = {other for pair in bonds if row in pair for other in pair if other != row}
    if moved[row] > 0:
        return sum(moved[other] for other in around if moved[other] < 0) == -moved[row]
    return any(moved[other] > 0 for other in around)


def _difference_of_radicals(
    stated: list[_Atom], held: list[_Atom], bonds: dict[frozenset[int], BondOrder]
) -> str | None:
    """Compare unpaired electrons with what bonds leave, of atoms of usual valences."""
    filled = [0] * len(held)
    is_aromatic = [False] * len(held)
    for pair, order in bonds.items():
        for row in pair:
            filled[row] += _VALUES.get(order, 1)
            is_aromatic[row] |= order == BondOrder.AROMATIC
    for row, (one, other) in enumerate(zip(held, stated, strict=True)):
        usual = _VALENCES.get(one.element)
        if usual is None or is_aromatic[row] or (other.valence and not other.unpaired):
            continue
        charge = -abs(one.charge) if one.element == "C" else one.charge
        # A molecule states the hydrogens of a radical.
        left = max(usual + charge - filled[row] - one.valence, 0) if one.unpaired else 0
        if left != other.unpaired:
            electrons = "unpaired electron" + "s" * (other.unpaired != 1)
            return f"{other.unpaired} {electrons} of atom {row + 1}, {one.element}, are {left}"
    return None


def _of_conformer(
    conformer: Conformer,
) -> tuple[list[_Atom], dict[frozenset[int], BondOrder]]:
    """The atoms of a conformer in the order of its record, and their bonds.

    ``unpaired`` is 1 where the hydrogens are stated and ``valence`` how many of these have no
    point.
    """
    molecule = conformer.molecule
    assert conformer.order is not None
    order = conformer.order.tolist()
    found = [_Atom(element="H") for _ in order]
    bonds: dict[frozenset[int], BondOrder] = {}
    rows = conformer.atom_rows().tolist()
    hydrogens = molecule.hydrogens.tolist()
    for row, point in enumerate(rows):
        number, count = int(molecule.element[row]), int(conformer.hydrogens[row])
        found[order[point]] = _Atom(
            element=SYMBOLS[number] if number else "*",
            charge=int(molecule.charge[row]),
            isotope=int(molecule.isotope[row]),
            unpaired=int(hydrogens[row] >= 0),
            valence=max(hydrogens[row] - count, 0),
        )
        for hydrogen in range(point + 1, point + 1 + count):
            bonds[frozenset((order[point], order[hydrogen]))] = BondOrder.SINGLE
    columns = (molecule.begin.tolist(), molecule.end.tolist(), molecule.order.tolist())
    for begin, end, kind in zip(*columns, strict=True):
        bonds[frozenset((order[rows[begin]], order[rows[end]]))] = BondOrder(kind)
    return found, bonds


def _v2000(lines: list[str]) -> tuple[list[_Atom], _Bonds]:
    count, bonded = int(lines[3][:3]), int(lines[3][3:6])
    atoms = []
    for line in lines[4 : 4 + count]:
        code = int(line[36:39].strip() or 0)
        atoms.append(
            _Atom(
                element=line[31:34].strip(),
                charge=_CHARGES[code],
                unpaired=int(code == _DOUBLET),
                mass_difference=int(line[34:36].strip() or 0),
                valence=int(line[48:51].strip() or 0),
            )
        )
    bonds = {}
    for line in lines[4 + count : 4 + count + bonded]:
        bonds[frozenset((int(line[:3]) - 1, int(line[3:6]) - 1))] = int(line[6:9].strip() or 0)
    seen: set[str] = set()
    for name, row, value in _properties(lines[4 + count + bonded :]):
        if name in ("CHG", "RAD") and not seen & {"CHG", "RAD"}:
            for atom in atoms:
                atom.charge = atom.unpaired = 0
        if name == "ISO" and "ISO" not in seen:
            for atom in atoms:
                atom.mass_difference = 0
        seen.add(name)
        if name == "CHG":
            atoms[row].charge = value
        elif name == "RAD":
            atoms[row].unpaired = max(value - 1, 0)
        else:
            atoms[row].isotope = value
    return atoms, bonds


def _properties(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Of each entry of the lines of charges, radicals and isotopes its name, row and value."""
    rest = iter(lines)
    for line in rest:
        if line.startswith("M  END"):
            return
        if line.startswith(("A  ", "G  ")):
            next(rest, None)
        elif line.startswith(("M  CHG", "M  RAD", "M  ISO")):
            for at in range(9, 9 + 8 * int(line[6:9]), 8):
                yield line[3:6], int(line[at : at + 4]) - 1, int(line[at + 4 : at + 8])


def _v3000(lines: list[str]) -> tuple[list[_Atom], _Bonds]:
    whole = "\n".join(lines).replace("-\n" + _V30, "").split(_V30 + "END CTAB", 1)[0]

    def table(name: str) -> list[list[str]]:
        if _V30 + "BEGIN " + name not in whole:
            return []
        inside = whole.split(_V30 + "BEGIN " + name, 1)[1].split(_V30 + "END " + name, 1)[0]
        return [line.removeprefix(_V30).split() for line in inside.strip().split("\n") if line]

    atoms = []
    rows = {}
    for row, (index, element, *cells) in enumerate(table("ATOM")):
        values = dict(cell.split("=", 1) for cell in cells[4:] if "=" in cell)
        rows[index] = row
        atoms.append(
            _Atom(
                element=element,
                charge=int(values.get("CHG", 0)),
                unpaired=max(int(values.get("RAD", 0)) - 1, 0),
                isotope=int(values.get("MASS", 0)),
                valence=int(values.get("VAL", 0)),
            )
        )
    bonds = {frozenset((rows[cell[2]], rows[cell[3]])): int(cell[1]) for cell in table("BOND")}
    return atoms, bonds
