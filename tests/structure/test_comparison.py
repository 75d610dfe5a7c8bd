"""The second reader of files sees every column of a structure that is not what the file has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.prep import entries
from logos_grammar.prep.batch import Options
from logos_grammar.structure import Structure
from logos_grammar.structure.comparison import difference

Format = Literal["pdb", "mmcif"]

PDB = """CRYST1   30.000   40.500   50.250  90.00 100.00  90.00 P 1 21 1      2
ATOM      1  N   GLY A   7       1.500  -2.250  -0.000  1.00 20.00      SEG  N
ANISOU    1  N   GLY A   7      100    200    300    -10     20     -5       N
ATOM      2  CA AGLY A   7       2.500  -2.250   0.125  0.50 20.00      SEG  C
ATOM      3  N   ALA AA000A      4.500  -1.250   0.125  1.00 20.00      SEG  N
HETATM    4 ZN    ZN A 101      -0.500   9.250   4.125  1.00 30.00      SEG ZN2+
"""
MMCIF = """data_small
_cell.length_a 30.0
_cell.length_b 40.50
_cell.length_c 50.25(2)
_cell.angle_alpha 90
_cell.angle_beta 100
_cell.angle_gamma 90
_symmetry.space_group_name_H-M 'P 1 21 1'
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_entity_id
_atom_site.label_seq_id
_atom_site.pdbx_PDB_ins_code
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
_atom_site.pdbx_formal_charge
_atom_site.auth_seq_id
_atom_site.auth_asym_id
_atom_site.pdbx_PDB_model_num
_atom_site.segment_id
ATOM 1 N N . GLY A 1 1 ? 1.5 -2.25 -0.000 1 20.0 ? 7 B 1 SEG # a comment
ATOM 2 C CA A GLY A 1 1 ? 2.5 -2.25 0.125 0.5 20.0 ? 7 B 1 SEG
ATOM 3 O "O5'" . ALA A 1 2 A 2.6 -2.25 3.125 1 ? ? 8 B 1 SEG
HETATM 4 ZN 'ZN' .
;ZN
;
C 2 . ? -0.5 9.25 4.125 1 30.0 2 101 B 1 .
loop_
_atom_site_anisotrop.id
_atom_site_anisotrop.U[1][1]
_atom_site_anisotrop.U[2][2]
_atom_site_anisotrop.U[3][3]
_atom_site_anisotrop.U[1][2]
_atom_site_anisotrop.U[1][3]
_atom_site_anisotrop.U[2][3]
2 0.01 0.02 0.03 -0.001 0.002 -0.0005
"""
FILES: dict[Format, tuple[str, Structure]] = {
    "pdb": (PDB, Structure.from_pdb(PDB)),
    "mmcif": (MMCIF, Structure.from_mmcif(MMCIF)),
}
CHANGES = [
    *(("atoms", name) for name in ("name", "element", "altloc", "x", "y", "z", "occupancy")),
    *(("atoms", name) for name in ("b_factor", "charge", "u11", "u22", "u33", "u12", "u13", "u23")),
    *(("residues", name) for name in ("component", "number", "insertion", "hetero", "label_seq")),
    *(("strands", name) for name in ("chain", "label", "entity", "segment")),
    ("models", "number"),
    *(("cell", name) for name in ("a", "b", "c", "alpha", "beta", "gamma", "space_group")),
]
OF_MMCIF = {"label", "entity", "label_seq", "models"}
"""What PDB has not; the numbers of its models are normalised, as its page says."""
CASES = [
    (format, table, name)
    for format in FILES
    for table, name in CHANGES
    if format == "mmcif" or not OF_MMCIF & {table, name}
]


def changed(column: Any) -> Any:
    """A column whose first row is another."""
    if isinstance(column, Words):
        return Words(["Q" if column[0] != "Q" else "S", *column[1:]])
    if isinstance(column, Fixed):
        scaled = column.scaled.copy()
        scaled[0] += 1
        return Fixed(scaled, column.decimals)
    rows = column.copy()
    rows[0] = not rows[0] if rows.dtype == np.bool_ else rows[0] + 1
    return rows


@pytest.mark.parametrize("format", FILES)
def test_a_structure_is_what_its_file_says(format: Format) -> None:
    text, structure = FILES[format]
    assert difference(text.encode(), format, structure) is None
    assert difference(text.replace("\n", "\r\n").encode(), format, structure) is None


@pytest.mark.parametrize(("format", "table", "name"), CASES)
def test_a_change_of_any_column_is_seen(format: Format, table: str, name: str) -> None:
    text, structure = FILES[format]
    columns = getattr(structure, table)
    if name.startswith("u"):
        # The first displacement that is stated.
        column = getattr(columns, name)
        scaled = column.scaled.copy()
        scaled[int(np.flatnonzero(columns.anisotropic_state == 0)[0])] += 1
        other = replace(columns, **{name: Fixed(scaled, column.decimals)})
    else:
        other = replace(columns, **{name: changed(getattr(columns, name))})
    found = difference(text.encode(), format, replace(structure, **{table: other}))
    assert found is not None, f"{table}.{name} may change unseen"


@pytest.mark.parametrize("name", ["occupancy", "b_factor", "cell", "u11"])
@pytest.mark.parametrize("format", FILES)
def test_a_column_that_is_left_out_is_seen(format: Format, name: str) -> None:
    text, structure = FILES[format]
    if name == "cell":
        without = replace(structure, cell=None)
    else:
        atoms: Any = structure.atoms
        names = [name]
        if name == "u11":
            names = ["u11", "u22", "u33", "u12", "u13", "u23", "anisotropic_state"]
        if name == "b_factor":
            names.append("b_factor_state")
        without = replace(structure, atoms=replace(atoms, **dict.fromkeys(names)))
    assert "is left out" in str(difference(text.encode(), format, without))


@pytest.mark.parametrize("format", FILES)
def test_an_atom_that_is_missing_is_seen(format: Format) -> None:
    text, structure = FILES[format]
    lines = [line for line in text.split("\n") if " N   GLY" not in line and " N N " not in line]
    fewer = "\n".join(lines)
    assert difference(fewer.encode(), format, structure) == "3 atoms are 4"


@pytest.mark.parametrize("format", FILES)
def test_check_compares_the_file_that_is_written(
    format: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, _ = FILES[format]
    content, options = text.encode(), Options(kind="structure")
    assert entries.examine(content, format, options).changed == ()
    writer = "to_pdb" if format == "pdb" else "to_mmcif"
    write = getattr(Structure, writer)
    monkeypatch.setattr(
        Structure, writer, lambda *args, **names: write(*args, **names).replace("9.250", "9.251")
    )
    (found,) = entries.examine(content, format, options).changed
    assert found.reason == "written and read again, y '9.251' of atom 4 is 9.250"
