"""Measures in RDKit how much an atom may bear, and writes it to spec/valence/rdkit.toml.

python spec/valence/measure.py            measure and write
python spec/valence/measure.py --check    say whether the installed RDKit does otherwise, and exit 1

What an atom bears are its bonds, each by its order, and its stated hydrogens. The experiment: every
element, in brackets with every charge from -15 to +15 and bare where SMILES allows it, with every
way to add up to a total of 0 to 7 from hydrogens and single, double, triple and quadruple bonds to
carbon (without a limit: to 7, and some to 127 and 128); every one of these atoms in rings with
multiple bonds; and every two atoms that have a limit, each filled to it, joined in every order.
Aromatic atoms are asked apart, up to the count of valences, since alone they have no Kekulé form:
every one of them with every charge, up to four aromatic bonds, and single and double ones.
Where RDKit's answer depends on what the file has no words for, the experiment ends with an error
that gives an example.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

import rdkit
from rdkit import Chem, rdBase
from table import (
    CHARGES,
    MOST,
    MOST_AROMATIC_BONDS,
    REFUSED,
    SYMBOLS,
    Measurement,
    table,
    versions_of,
)

TABLE: Final = Path(__file__).with_name("rdkit.toml")
_TOTALS: Final = range(8)
_MOST_HYDROGENS: Final = 9
_BARE: Final = ("B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I", "*")
_ORDERS: Final = {1: "", 2: "=", 3: "#", 4: "$"}
_BONDS: Final = ("", "=", "#", "$", "/", "\\")
_RINGS: Final = {
    "{}1C=CC=C1": 2,
    "{}1=CC=CC=C1": 3,
    "{}1(=O)C=CC=C1": 4,
    "{}1(=C)=CC=C=C1": 5,
    "{}1($[U])=C[U]$1": 10,
    "{}1(#[U])$[U]C#1": 10,
}
"""Rings with an atom to put in, and how much it bears there."""
_AROMATIC: Final = ("C", "N", "B", "P", "O", "S", "Si", "As", "Se", "Te")
"""The elements that may be aromatic."""
_COUNTED: Final = Chem.SanitizeFlags.SANITIZE_CLEANUP | Chem.SanitizeFlags.SANITIZE_PROPERTIES
_AROMATIC_RINGS: Final = {
    1: ("{}1{}ccC1", "{}1{}cccC1"),
    2: ("{}1{}ccc1", "{}1{}cccc1", "{}1{}ccccc1"),
    3: ("{}12{}cc1ccc2", "{}12{}ccc1ccc2", "{}12{}ccc1cccc2", "{}12{}cccc1cccc2"),
}
"""By the number of its aromatic bonds, rings with an aromatic atom and its other neighbours to put
in, most of which have a Kekulé structure if the atom has a double bond in it, or has none."""
Spelling = Callable[[int], str | None]
"""Writes an atom with so many hydrogens, if it can be written."""


def main() -> int:
    """Measure and write the table, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    written = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    found = measured()
    fresh = is_fresh(written, found)
    if check:
        if not fresh:
            print(f"RDKit {rdkit.__version__} does otherwise than {TABLE} says", file=sys.stderr)
        return 0 if fresh else 1
    versions = versions_of(written) if fresh else []
    TABLE.write_text(table(found, [*versions, rdkit.__version__]), encoding="utf-8")
    print(f"wrote {TABLE}")
    return 0


def is_fresh(written: str, found: Measurement) -> bool:
    """Whether the text of the file is that of the measurement, whatever versions it names."""
    return bool(written) and table(found, versions_of(written)) == written


def measured() -> Measurement:
    """Ask RDKit.

    Raises
    ------
    SystemExit
        When its answers depend on more than the table can say.
    """
    with rdBase.BlockLogs():
        brackets = {
            (number, charge): REFUSED if charge > number > 0 else _in_brackets(symbol, charge)
            for number, symbol in enumerate(SYMBOLS)
            for charge in CHARGES
        }
        bare = {symbol: _limit(partial(_bare, symbol)) for symbol in _BARE}
        _check_pairs(brackets)
        chain = {bond: (_taken(f"[S{{}}]{bond}*"), _taken(f"*{bond}[S{{}}]")) for bond in _BONDS}
        ring = {
            bond and f"ring{bond}": (
                _taken(f"[S{{}}]1**{bond}1") - 1,
                _taken(f"*1*[S{{}}]{bond}1") - 1,
            )
            for bond in _BONDS
        }
        _check_aromatic_bonds()
        never = _never_aromatic(brackets, bare)
    return Measurement(
        brackets=brackets, bare=bare, bonds=chain, ring_bonds=ring, never_aromatic=never
    )


def _in_brackets(symbol: str, charge: int) -> int:
    """The limit of an atom in brackets; rings must not know another."""
    limit = _limit(partial(_bracket, symbol, charge))
    for ring, total in _RINGS.items():
        text = ring.format(_bracket(symbol, charge, 0))
        if total <= limit and not _accepts(text):
            raise SystemExit(f"this atom may be in no such ring: {text}")
    return limit


def _limit(spell: Spelling) -> int:
    """The highest total that RDKit accepts of the atom that is spelled with so many hydrogens."""
    limited = not _accepts(_large(spell, MOST))
    # Where there is no limit, all ways to add up to the highest total say it.
    totals = _TOTALS if limited else _TOTALS[-1:]
    verdicts = [_verdict(_molecules(spell, total)) for total in totals]
    if verdicts != sorted(verdicts, reverse=True) or all(verdicts) == limited:
        raise SystemExit(f"{spell(0)} with totals from {totals[0]} is {verdicts}")
    if not limited and _accepts(_large(spell, MOST + 1)):
        raise SystemExit(f"{spell(0)} bears more than {MOST}")
    return verdicts.count(True) - 1 if limited else MOST


def _verdict(molecules: Iterable[str]) -> bool:
    """Whether RDKit accepts them, which are alike."""
    verdicts = {text: _accepts(text) for text in molecules}
    if len(set(verdicts.values())) != 1:
        raise SystemExit(f"one total, but not one answer: {verdicts}")
    return any(verdicts.values())


def _molecules(spell: Spelling, total: int) -> Iterator[str]:
    """Every way to add up to a total of hydrogens and bonds to carbon."""
    for hydrogens in range(min(total, _MOST_HYDROGENS) + 1):
        if atom := spell(hydrogens):
            for way in _ways(total - hydrogens, max(_ORDERS)):
                yield _joined(atom, [f"{_ORDERS[order]}C" for order in way])


def _large(spell: Spelling, total: int) -> str:
    """One way to add up to a large total."""
    hydrogens = _MOST_HYDROGENS if spell(_MOST_HYDROGENS) else 0
    way = next(_ways(total - hydrogens, max(_ORDERS)))
    return _joined(spell(hydrogens) or "", [f"{_ORDERS[order]}C" for order in way])


def _ways(total: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to write a total as a sum of orders, that with the highest first."""
    if total == 0:
        yield ()
    for order in range(min(total, most), 0, -1):
        for rest in _ways(total - order, order):
            yield (order, *rest)


def _taken(spelling: str) -> int:
    """So much less hydrogen than six can stand at the sulfur."""
    counts = range(_MOST_HYDROGENS + 1)
    return 7 - sum(_accepts(spelling.format(f"H{count}" if count else "")) for count in counts)


def _check_pairs(brackets: dict[tuple[int, int], int]) -> None:
    """Join every two atoms with limits, the first filled with oxygen, the second with hydrogen."""
    limited = [number for number in range(1, 119) if brackets[number, 0] != MOST]
    for one, other, charge, order in product(limited, limited, range(-3, 4), range(1, 4)):
        left = brackets[one, 0] - order
        right = min(brackets[other, charge], _TOTALS[-1]) - order
        if min(left, right) < 0:
            continue
        second = _ORDERS[order] + str(_bracket(SYMBOLS[other], charge, right))
        first = str(_bracket(SYMBOLS[one], 0, 0))
        text = _joined(first, [*["=O"] * (left // 2), *["O"] * (left % 2), second])
        apart = (SYMBOLS[one], SYMBOLS[other], order) == ("I", "O", 2) and charge
        if not apart and not _accepts(text):
            raise SystemExit(f"neither atom bears too much: {text}")


def _never_aromatic(
    brackets: dict[tuple[int, int], int], bare: dict[str, int]
) -> dict[str, list[int]]:
    """Charges with which RDKit does not count an aromatic atom as possible up to its limit."""
    found: dict[str, list[int]] = {}
    for symbol in _AROMATIC:
        number = SYMBOLS.index(symbol)
        if symbol in bare and not _bears_when_aromatic(symbol.lower(), bare[symbol]):
            raise SystemExit(f"an aromatic {symbol} without brackets has another limit")
        for charge in sorted(CHARGES, key=abs):
            limit = brackets[number, charge]
            atom = str(_bracket(symbol.lower(), charge, 0))
            if limit != REFUSED and not _bears_when_aromatic(atom, limit):
                found.setdefault(symbol, []).append(charge)
    return found


def _bears_when_aromatic(atom: str, limit: int) -> bool:
    """Whether RDKit lets an aromatic atom bear a total, aromatic bonds counted as single."""
    counts = product(range(MOST_AROMATIC_BONDS + 1), range(3), range(_MOST_HYDROGENS))
    for aromatic, double, single in counts:
        if aromatic + 2 * double + single > limit:
            continue
        if not _is_counted(f"{atom}{'(:*)' * aromatic}{'(=*)' * double}{'(*)' * single}"):
            return False
        # in these rings one more bond of the atom is single
        inside = single - (aromatic == 1)
        texts = (
            ring.format(atom, "(=C)" * double + "(C)" * inside)
            for ring in _AROMATIC_RINGS.get(aromatic, ())
        )
        if inside >= 0 and not all(map(_is_counted_twice, texts)):
            return False
    return True


def _check_aromatic_bonds() -> None:
    """Which bonds between aromatic atoms are aromatic, and that carbon has no four of them."""
    for bond in (*_BONDS, "-", ":"):
        bonds = [
            Chem.MolFromSmiles(text, sanitize=False).GetBondWithIdx(number).GetIsAromatic()
            for text, number in ((f"c{bond}c", 0), (f"c1**c{bond}1", 3))
        ]
        if bonds != [bond in ("", "/", "\\", ":")] * 2:
            raise SystemExit(f"expected another kind of bond: c{bond}c is {bonds}")
    if _is_counted(f"c{'(:*)' * (MOST_AROMATIC_BONDS + 1)}"):
        raise SystemExit(f"carbon may have more than {MOST_AROMATIC_BONDS} aromatic bonds")


def _is_counted(text: str) -> bool:
    """Whether RDKit accepts the valences of a molecule, Kekulé form or not."""
    mol = Chem.MolFromSmiles(text, sanitize=False)
    try:
        Chem.SanitizeMol(mol, _COUNTED)
    except Chem.AtomValenceException:
        return False
    return True


def _is_counted_twice(text: str) -> bool:
    """Whether RDKit accepts the valences of its Kekulé structure, too, if it finds one."""
    try:
        Chem.SanitizeMol(Chem.MolFromSmiles(text, sanitize=False))
    except Chem.AtomValenceException:
        return False
    except Chem.KekulizeException:
        return True
    return True


def _bracket(symbol: str, charge: int, hydrogens: int) -> str | None:
    stated = f"H{hydrogens}" if hydrogens else ""
    return f"[{symbol}{stated}{f'{charge:+}' if charge else ''}]"


def _bare(symbol: str, hydrogens: int) -> str | None:
    return None if hydrogens else symbol


def _joined(atom: str, neighbours: list[str]) -> str:
    return atom + "".join(f"({each})" for each in neighbours[:-1]) + "".join(neighbours[-1:])


def _accepts(text: str) -> bool:
    """Whether RDKit accepts it, hydrogen atoms taken out as it does unasked, and left in."""
    parameters: Any = Chem.SmilesParserParams()
    parameters.removeHs = False
    if Chem.MolFromSmiles(text) is None:
        return False
    return "[H" not in text or Chem.MolFromSmiles(text, parameters) is not None


if __name__ == "__main__":
    sys.exit(main())
