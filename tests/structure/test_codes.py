"""Kinds and states that there are not, and numbers that are not stated: no writer takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure

ANISOU = "ANISOU    1  SG  CYS A   1      100    200    300     10     20     30       S"
LINES = [
    "SSBOND   1 CYS A    1    CYS A    5                          1555   2655  2.03",
    "ATOM      1  SG  CYS A   1       0.000   0.000   0.000  1.00 10.00           S",
    ANISOU,
    "ATOM      2  SG  CYS A   5       2.000   0.000   0.000  1.00 12.00           S",
]


@pytest.fixture
def structure() -> Structure:
    held = Structure.from_pdb("\n".join([*LINES, ""]))
    return replace(held, residues=replace(held.residues, label_seq=np.array([1, 5], np.int32)))


def changed(structure: Structure, table: str, **columns: Any) -> Structure:
    tables: dict[str, Any] = {table: replace(getattr(structure, table), **columns)}
    return replace(structure, **tables)


CODES = [
    ("strands", "kind", 1),
    ("links", "kind", 1),
    ("residues", "number_state", 2),
    ("residues", "label_seq_state", 2),
    ("atoms", "b_factor_state", 2),
    ("atoms", "anisotropic_state", 2),
    ("links", "distance_state", 1),
]


@pytest.mark.parametrize("code", [3, 4, 9, 10, 77, 255])
@pytest.mark.parametrize(("table", "column", "rows"), CODES)
def test_codes_of_nothing_are_refused_as_encode_refuses_them(
    structure: Structure, table: str, column: str, rows: int, code: int
) -> None:
    if column == "kind" and code <= {"strands": 3, "links": 9}[table]:
        return
    codes = np.zeros(rows, np.uint8)
    codes[-1] = code
    other = changed(structure, table, **{column: codes})
    with pytest.raises(lg.GrammarError):
        lg.encode(other)
    for write in (other.to_pdb, other.to_mmcif):
        with pytest.raises(
            lg.ConversionError, match=rf"not {code} in {table}\.{column}\[{rows - 1}\]"
        ):
            write()


@pytest.mark.parametrize(
    ("table", "column", "state"),
    [
        ("atoms", "b_factor_state", 2),
        ("atoms", "anisotropic_state", 1),
        ("links", "distance_state", 2),
    ],
)
def test_states_of_other_columns_are_refused(
    structure: Structure, table: str, column: str, state: int
) -> None:
    codes = np.full(len(getattr(structure, table)), state, np.uint8)
    other = changed(structure, table, **{column: codes})
    with pytest.raises(lg.GrammarError):
        lg.encode(other)
    for write in (other.to_pdb, other.to_mmcif):
        with pytest.raises(lg.ConversionError, match=rf"not {state} in {table}\.{column}\[0\]"):
            write()


@pytest.mark.parametrize(
    ("number", "column", "state", "row"),
    [
        ("residues.number", "number_state", 1, 0),
        ("residues.number", "number_state", 2, 1),
        ("residues.label_seq", "label_seq_state", 1, 1),
        ("atoms.b_factor", "b_factor_state", 1, 1),
        ("atoms.u11 to u23", "anisotropic_state", 2, 0),
        ("links.distance", "distance_state", 1, 0),
    ],
)
def test_numbers_that_are_not_stated_are_zero(
    structure: Structure, number: str, column: str, state: int, row: int
) -> None:
    table = number.partition(".")[0]
    codes = np.zeros(len(getattr(structure, table)), np.uint8)
    if column == "anisotropic_state":
        codes[:] = state
    codes[row] = state
    other = changed(structure, table, **{column: codes})
    with pytest.raises(lg.GrammarError):
        lg.encode(other)
    for write in (other.to_pdb, other.to_mmcif):
        with pytest.raises(lg.ConversionError, match=rf"not stated in {number}\[{row}\]"):
            write()


def test_the_structure_itself_is_written(structure: Structure) -> None:
    assert structure.atoms.u11 == Fixed([100, 0], 4)
    assert lg.decode(lg.encode(structure)) == structure
    assert Structure.from_mmcif(structure.to_mmcif()).atoms == structure.atoms
    assert Structure.from_pdb(structure.to_pdb()).atoms == structure.atoms
