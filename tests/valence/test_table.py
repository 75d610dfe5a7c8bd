"""spec/valence/rdkit.toml says what the installed RDKit does."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from rdkit import Chem, rdBase

from oracle.notation import SPEC
from oracle.valence import kekule_valence

MEASURE = SPEC / "valence" / "measure.py"
UNLIMITED = 127
TABLE = kekule_valence().table


def test_the_table_is_what_rdkit_does() -> None:
    check = [sys.executable, str(MEASURE), "--check"]
    found = subprocess.run(check, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_rdkit_accepts_every_atom_up_to_its_limit_and_none_above() -> None:
    """Read again without the code that wrote the table, and with other neighbours."""
    wrong = [
        (atom, total)
        for atom, limit in atoms()
        for total in (limit - 1, limit, limit + 1)
        if total >= 0 and accepts(atom, total) != (total <= limit)
    ]
    assert wrong == []


def atoms() -> list[tuple[str, int]]:
    """Every atom as it is written, and its limit, but for those that only rings refuse."""
    brackets = [
        (f"[{symbol}{f'{charge:+}' if charge else ''}]", limit)
        for (symbol, charge), limit in TABLE.brackets.items()
        if not 0 < TABLE.symbols.index(symbol) < charge
    ]
    return [*TABLE.bare.items(), *brackets]


def accepts(atom: str, total: int) -> bool:
    """Whether RDKit accepts it with so many bonds: quadruple to carbon, the rest to nitrogen."""
    parameters: Any = Chem.SmilesParserParams()
    parameters.removeHs = False
    bonds = ["($C)"] * (total // 4) + [("", "(N)", "(=N)", "(#N)")[total % 4]]
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(atom + "".join(bonds), parameters) is not None


def test_an_element_with_less_than_no_electrons_is_refused_in_some_rings() -> None:
    with rdBase.BlockLogs():
        assert Chem.MolFromSmiles("[C+6]1($[U])=C[U]$1") is not None
        assert Chem.MolFromSmiles("[C+7]1($[U])=C[U]$1") is None
    assert TABLE.brackets["C", 6] == UNLIMITED
    assert TABLE.brackets["C", 7] == -1


@pytest.mark.parametrize(
    ("symbol", "charge", "limit"),
    [
        ("C", 0, 4),
        ("N", 1, 4),
        ("O", -1, 1),
        ("S", 0, 6),
        ("Cl", 0, 1),
        ("I", 0, 5),
        ("Xe", 0, 6),
        ("B", -1, 4),
        ("P", -1, 6),
        ("P", -6, -1),
        ("S", -1, 5),
        ("H", 0, 1),
        ("H", -1, 2),
        ("H", 1, UNLIMITED),
        ("H", 2, -1),
        ("Fe", 3, UNLIMITED),
        ("*", 15, UNLIMITED),
        ("Na", 1, UNLIMITED),
    ],
)
def test_limits_are_as_chemists_know_them(symbol: str, charge: int, limit: int) -> None:
    assert TABLE.brackets[symbol, charge] == limit
