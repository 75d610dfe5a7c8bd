"""Tables of mmCIF that lack an item, or have rows that are not read: each is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from logos_grammar.structure import Structure
from structure.test_mmcif import ROW, row, table

DISPLACEMENTS = {
    "id": "1",
    "U[1][1]": ".1",
    "U[2][2]": ".2",
    "U[3][3]": ".3",
    "U[1][2]": ".4",
    "U[1][3]": ".5",
    "U[2][3]": ".6",
}
SCHEME = {"asym_id": "A", "seq_id": "2", "mon_id": "GLY", "pdb_seq_num": "2", "pdb_ins_code": "."}
SEQUENCE = {"entity_id": "1", "num": "2", "mon_id": "GLY"}
BOND = {
    "conn_type_id": "covale",
    "ptnr1_label_asym_id": "A",
    "ptnr1_label_seq_id": "1",
    "ptnr1_label_atom_id": "C",
}
TABLES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "_atom_site_anisotrop": (DISPLACEMENTS, tuple(DISPLACEMENTS)),
    "_pdbx_poly_seq_scheme": (SCHEME, ("asym_id", "seq_id", "mon_id")),
    "_entity_poly_seq": (SEQUENCE, tuple(SEQUENCE)),
    "_struct_conn": (BOND, ("conn_type_id",)),
}
LACKING = [(category, item) for category, (_, items) in TABLES.items() for item in items]


def loop(category: str, cells: dict[str, str]) -> str:
    items = "".join(f"{category}.{item}\n" for item in cells)
    return f"loop_\n{items}{' '.join(cells.values())}\n"


def single(category: str, cells: dict[str, str]) -> str:
    return "".join(f"{category}.{item} {cell}\n" for item, cell in cells.items())


Written = Callable[[str, dict[str, str]], str]


@pytest.mark.parametrize("written", [loop, single])
@pytest.mark.parametrize(("category", "item"), LACKING)
def test_a_table_that_lacks_an_item_is_not_read_and_told(
    category: str, item: str, written: Written
) -> None:
    cells = {name: cell for name, cell in TABLES[category][0].items() if name != item}
    reading = Structure.read_mmcif(f"data_x\n{table(ROW)}{written(category, cells)}")
    assert reading.structure == Structure.from_mmcif(f"data_x\n{table(ROW)}")
    line = 24 if written is loop else 23
    reason = f"a table that lacks the item {item}, and is not read, in {category}"
    assert reading.left_out == (f"line {line}, column 1: {reason}",)


@pytest.mark.parametrize("category", ["_atom_site_anisotrop", "_entity_poly_seq"])
def test_whole_tables_are_read(category: str) -> None:
    reading = Structure.read_mmcif(f"data_x\n{table(ROW)}{loop(category, TABLES[category][0])}")
    assert reading.left_out == ()
    assert reading.structure != Structure.from_mmcif(f"data_x\n{table(ROW)}")


def test_a_sequence_without_the_numbers_of_its_residues_is_read_and_told() -> None:
    cells = {name: cell for name, cell in SCHEME.items() if name != "pdb_seq_num"}
    reading = Structure.read_mmcif(f"data_x\n{table(ROW)}{loop('_pdbx_poly_seq_scheme', cells)}")
    residues = reading.structure.residues
    assert [*residues.component] == ["ALA", "GLY"]
    assert residues.number_state is not None
    assert residues.number_state.tolist() == [0, 1]
    (told,) = reading.left_out
    assert "lacks the item pdb_seq_num, in _pdbx_poly_seq_scheme" in told


@pytest.mark.parametrize(
    ("category", "item"),
    [
        ("_pdbx_poly_seq_scheme", "label_seq_id"),
        ("_pdbx_poly_seq_scheme", "label_asym_id"),
        ("_entity_poly_seq", "label_seq_id"),
    ],
)
def test_a_sequence_of_atoms_that_lack_their_places_is_told(category: str, item: str) -> None:
    content = table(ROW, leave_out=(item,)) + loop(category, TABLES[category][0])
    reading = Structure.read_mmcif(f"data_x\n{content}")
    assert [*reading.structure.residues.component] == ["ALA"]
    (told,) = reading.left_out
    assert told.endswith(f": a sequence: the atoms have no {item}, in {category}")


EDGES = {f"length_{edge}": "10.0" for edge in "abc"}
CELL = EDGES | {f"angle_{angle}": "90.0" for angle in ("alpha", "beta", "gamma")}


@pytest.mark.parametrize("item", CELL)
@pytest.mark.parametrize("cell", [None, "?", "."])
def test_a_cell_that_lacks_a_number_is_told(item: str, cell: str | None) -> None:
    cells = {name: of for name, of in (CELL | {item: cell}).items() if of is not None}
    for written in (loop, single):
        reading = Structure.read_mmcif(f"data_x\n{table(ROW)}{written('_cell', cells)}")
        assert reading.structure.cell is None
        (told,) = reading.left_out
        assert f"a unit cell of which {item} is not given, in _cell." in told


@pytest.mark.parametrize("cells", [dict.fromkeys(CELL, "?"), {"entry_id": "X", "Z_PDB": "4"}])
def test_a_cell_of_which_nothing_is_given_is_none(cells: dict[str, str]) -> None:
    reading = Structure.read_mmcif(f"data_x\n{table(row())}{single('_cell', cells)}")
    assert (reading.structure.cell, reading.left_out) == (None, ())


@pytest.mark.parametrize(
    ("category", "cells"),
    [("_cell", CELL), ("_symmetry", {"space_group_name_H-M": "P1"})],
)
def test_a_second_row_of_a_table_of_one_is_told(category: str, cells: dict[str, str]) -> None:
    content = loop(category, cells) + " ".join(cells.values())
    reading = Structure.read_mmcif(f"data_x\n{table(ROW)}{content}\n")
    (told,) = reading.left_out
    assert told.endswith(f": expected one row, not 2: the first is read, in {category}")
    assert (reading.structure.cell is not None) == (category == "_cell")
