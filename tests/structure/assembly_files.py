"""Files with operators and assemblies, made by hand."""

from __future__ import annotations

IDENTITY = (
    "1.000000 0.000000 0.000000",
    "0.000000 1.000000 0.000000",
    "0.000000 0.000000 1.000000",
)
HALF_TURN = (
    "-1.000000 0.000000 0.000000",
    "0.000000 -1.000000 0.000000",
    "0.000000 0.000000 1.000000",
)
THIRD_TURN = (
    "-0.500000 -0.866025 0.000000",
    "0.866025 -0.500000 0.000000",
    "0.000000 0.000000 1.000000",
)
STILL = ("0.00000", "0.00000", "0.00000")


def atom(chain: str, serial: int, name: str = "CA", at: str = "   1.000   2.000   3.000") -> str:
    place = f"{name:3} GLY {chain}{serial:4}    {at}"
    return f"ATOM  {serial:5}  {place}  1.00 20.00           {name[0]}"


ATOMS = [atom("A", 1), atom("B", 2, at="  -0.500   0.250  10.125"), atom("C", 3)]


def operator(
    serial: int, matrix: tuple[str, ...] = IDENTITY, vector: tuple[str, ...] = STILL
) -> list[str]:
    lines = []
    for row, (numbers, last) in enumerate(zip(matrix, vector, strict=True), 1):
        elements = "".join(f"{number:>10}" for number in numbers.split())
        lines.append(f"REMARK 350   BIOMT{row}{serial:4}{elements}{last:>15}")
    return lines


def pdb(*lines: str) -> str:
    return "\n".join([*lines, *ATOMS, "END", ""])


BIOMOLECULE = "REMARK 350 BIOMOLECULE: 1"
OF_A = "REMARK 350 APPLY THE FOLLOWING TO CHAINS: A"
REMARK = [
    "REMARK 350",
    "REMARK 350 COORDINATES FOR A COMPLETE MULTIMER REPRESENTING THE KNOWN",
    "REMARK 350 BIOMOLECULE: 1",
    "REMARK 350 AUTHOR DETERMINED BIOLOGICAL UNIT: DIMERIC",
    "REMARK 350 SOFTWARE USED: PISA",
    "REMARK 350 APPLY THE FOLLOWING TO CHAINS: A,",
    "REMARK 350                    AND CHAINS: B",
    *operator(1),
    *operator(2, HALF_TURN, ("41.98150", "-1234.00000", "0.00000")),
    "REMARK 350 IN ADDITION APPLY THE FOLLOWING TO CHAINS: C",
    *operator(3),
    "REMARK 350 BIOMOLECULE: 2",
    "REMARK 350 APPLY THE FOLLOWING TO CHAINS: B, C",
    *operator(1, THIRD_TURN),
    *operator(2, HALF_TURN, ("41.98150", "-1234.00000", "0.00000")),
]


def cif(*lines: str) -> str:
    rows = [
        "ATOM 1 C CA GLY A 1 1 1.000 2.000 3.000 H",
        "ATOM 2 C CA GLY B 1 1 -0.500 0.250 10.125 L",
        "HETATM 3 O O HOH C . . 4.000 0.000 0.000 H",
    ]
    items = "group_PDB id type_symbol label_atom_id label_comp_id label_asym_id label_seq_id"
    items += " auth_seq_id Cartn_x Cartn_y Cartn_z auth_asym_id"
    table = ["loop_", *(f"_atom_site.{item}" for item in items.split()), *rows]
    return "\n".join(["data_x", *lines, *table, ""])


def loop(category: str, items: str, *rows: str) -> list[str]:
    return ["loop_", *(f"_{category}.{item}" for item in items.split()), *rows]


ELEMENTS = (
    "matrix[1][1] matrix[1][2] matrix[1][3] vector[1] matrix[2][1] matrix[2][2] matrix[2][3] "
    "vector[2] matrix[3][1] matrix[3][2] matrix[3][3] vector[3]"
)
THIRD = (
    "-0.5000000000 -0.8660254038 0.0 12.00000 0.8660254038 -0.5 0.0000000000 -3.5 "
    "0 0 1.0000000000 0"
)
ONE = "1 0 0 0 0 1 0 0 0 0 1 0"
UP = "1 0 0 0 0 1 0 0 0 0 1 100.25"
OPERATORS = loop(
    "pdbx_struct_oper_list",
    f"id type {ELEMENTS}",
    f"1 'identity operation' {ONE}",
    f"2 ? {THIRD}",
    f"P ? {UP}",
)
GENERATORS = loop(
    "pdbx_struct_assembly_gen",
    "assembly_id oper_expression asym_id_list",
    "1 1,2 A,B,C",
    "PAU '(1-2)(P)' 'A, C'",
    "PAU\n;P\n;\nB",
)
