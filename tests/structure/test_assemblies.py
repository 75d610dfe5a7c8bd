"""Operators and assemblies: read, written, and said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure
from logos_grammar.structure.strategies import entries

from .assembly_files import (
    ATOMS,
    BIOMOLECULE,
    GENERATORS,
    HALF_TURN,
    IDENTITY,
    OF_A,
    OPERATORS,
    REMARK,
    atom,
    cif,
    loop,
    operator,
    pdb,
)


def test_a_remark_is_read_as_its_template_says_it() -> None:
    structure = Structure.from_pdb(pdb(*REMARK))
    assert structure.assemblies is not None
    assert structure.operators is not None
    assert list(structure.assemblies.id) == ["1", "1", "2"]
    assert list(structure.assemblies.chains) == ["A,B", "C", "B,C"]
    assert list(structure.assemblies.operators) == ["1,2", "1", "3,2"]
    assert list(structure.operators.id) == ["1", "2", "3"]
    assert structure.operators.m12 == Fixed.from_text(["0.000000", "0.000000", "-0.866025"])
    assert structure.operators.v1 == Fixed.from_text(["0.00000", "41.98150", "0.00000"])
    assert Structure.read_pdb(pdb(*REMARK)).left_out == ()


def test_what_was_read_is_written() -> None:
    structure = Structure.from_pdb(pdb(*REMARK))
    written = structure.to_pdb()
    assert [line for line in written.split("\n") if "BIOMT" in line] == [
        line for line in REMARK if "BIOMT" in line
    ]
    assert Structure.from_pdb(written) == structure
    again = Structure.from_mmcif(structure.to_mmcif())
    assert again.operators == structure.operators
    assert again.assemblies == structure.assemblies
    assert lg.decode(lg.encode(structure)) == structure


def test_a_structure_without_a_remark_has_no_assemblies() -> None:
    structure = Structure.from_pdb(pdb("REMARK 350", "REMARK 350 GIVEN BELOW."))
    assert structure.operators is None
    assert structure.assemblies is None
    assert "REMARK" not in structure.to_pdb()
    assert "pdbx_struct" not in structure.to_mmcif()


def test_many_chains_take_several_lines() -> None:
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    atoms = [atom(name, serial) for serial, name in enumerate(names, 1)]
    lines = [BIOMOLECULE, OF_A, f"REMARK 350 AND CHAINS: {', '.join(names[1:])}", *operator(1)]
    structure = Structure.from_pdb("\n".join([*lines, *atoms, "END", ""]))
    assert structure.assemblies is not None
    assert structure.assemblies.chains[0] == ",".join(names)
    assert Structure.from_pdb(structure.to_pdb()) == structure
    assert max(map(len, structure.to_pdb().split("\n"))) <= 80


NOT_FOLLOWED = {
    "no name": ["REMARK 350 BIOMOLECULE:", OF_A, *operator(1)],
    "no biomolecule": [OF_A, *operator(1)],
    "no chains": [BIOMOLECULE, "REMARK 350 APPLY THE FOLLOWING TO CHAINS:", *operator(1)],
    "no operators": [BIOMOLECULE, OF_A],
    "no operators, and another": [BIOMOLECULE, OF_A, BIOMOLECULE, OF_A, *operator(1)],
    "operators before chains": [BIOMOLECULE, *operator(1)],
    "chains behind operators": [BIOMOLECULE, OF_A, *operator(1), "REMARK 350 AND CHAINS: B"],
    "a line lacks": [BIOMOLECULE, OF_A, *operator(1)[:2]],
    "the second line lacks": [BIOMOLECULE, OF_A, operator(1)[0], operator(1)[2]],
    "a number lacks": [BIOMOLECULE, OF_A, operator(1)[0][:-10], *operator(1)[1:]],
    "no number": [BIOMOLECULE, OF_A, *operator(1, ("1 x 0", *IDENTITY[1:]))],
    "an exponent": [BIOMOLECULE, OF_A, *operator(1, ("1 1e-6 0", *IDENTITY[1:]))],
    "too many digits": [BIOMOLECULE, OF_A, *operator(1, ("1 0.12345678 0", *IDENTITY[1:]))],
    "too large": [BIOMOLECULE, OF_A, *operator(1, ("1000 0 0", *IDENTITY[1:]))],
    "a name with a blank": [f"{BIOMOLECULE} a", OF_A, *operator(1)],
    "a name of 41 characters": [f"{BIOMOLECULE}{'x' * 40}", OF_A, *operator(1)],
    "a name lacks": [f"{BIOMOLECULE},", OF_A, *operator(1)],
    "a vector too large": [BIOMOLECULE, OF_A, *operator(1, IDENTITY, ("1000000.0", "0", "0"))],
}


def test_lines_of_several_biomolecules_are_of_each() -> None:
    of_b = OF_A[:-1] + "B"
    lines = [f"{BIOMOLECULE}, X2", OF_A, *operator(1), of_b, *operator(2, HALF_TURN)]
    structure = Structure.from_pdb(pdb(*lines, "REMARK 350 BIOMOLECULE: 3", OF_A, *operator(1)))
    assert structure.assemblies is not None
    assert list(structure.assemblies.id) == ["1", "1", "X2", "X2", "3"]
    assert list(structure.assemblies.chains) == ["A", "B", "A", "B", "A"]
    assert list(structure.assemblies.operators) == ["1", "2", "1", "2", "1"]
    assert structure.assembly("1") == structure.assembly("X2")
    assert Structure.from_pdb(structure.to_pdb()) == structure


@pytest.mark.parametrize("between", [" ", ",", ", ", "  ", " ,"])
def test_chains_have_commas_or_blanks_between(between: str) -> None:
    lines = [BIOMOLECULE, f"{OF_A}{between}B", f"REMARK 350 AND CHAINS: C{between}", *operator(1)]
    reading = Structure.read_pdb(pdb(*lines))
    assert reading.left_out == ()
    assert reading.structure.assemblies is not None
    assert list(reading.structure.assemblies.chains) == ["A,B,C"]
    assert list(reading.structure.assembly(1).strands.chain) == ["A", "B", "C"]


@pytest.mark.parametrize("lines", NOT_FOLLOWED.values(), ids=NOT_FOLLOWED)
def test_a_remark_that_does_not_follow_its_template_is_left_out(lines: list[str]) -> None:
    reading = Structure.read_pdb(pdb(*lines))
    assert reading.structure.operators is None
    assert reading.structure.assemblies is None
    [left_out] = reading.left_out
    assert "assemblies of REMARK 350: expected" in left_out
    assert left_out.startswith("line ")


def test_operators_of_mmcif_have_ten_decimals() -> None:
    structure = Structure.from_mmcif(cif(*OPERATORS, *GENERATORS))
    assert structure.operators is not None
    assert structure.assemblies is not None
    assert structure.operators.m12 == Fixed.from_text(["0", "-0.8660254038", "0"], decimals=10)
    assert structure.operators.v1 == Fixed.from_text(["0", "12", "0"], decimals=5)
    assert list(structure.operators.id) == ["1", "2", "P"]
    assert list(structure.assemblies.id) == ["1", "PAU", "PAU"]
    assert list(structure.assemblies.chains) == ["A,B,C", "A,C", "B"]
    assert list(structure.assemblies.operators) == ["1,2", "(1-2)(P)", "P"]
    assert Structure.from_mmcif(structure.to_mmcif()) == structure
    assert lg.decode(lg.encode(structure)) == structure


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("-0.8660254038", "?"), "matrix[1][2]"),
        (("-0.8660254038", "-8.660254038E-1"), "matrix[1][2]"),
        (("-0.8660254038", "-0.86602540378"), "matrix[1][2]"),
        (("12.00000", "1200000.0"), "before the point"),
        (("P ?", ". ?"), "_pdbx_struct_oper_list.id"),
        (("1 1,2 A,B,C", "1 1,2 ?"), "_pdbx_struct_assembly_gen.asym_id_list"),
        (("_pdbx_struct_oper_list.vector[3]", "_pdbx_struct_oper_list.other"), "vector[3]"),
    ],
)
def test_tables_with_another_value_are_left_out(change: tuple[str, str], reason: str) -> None:
    reading = Structure.read_mmcif(cif(*OPERATORS, *GENERATORS).replace(*change))
    assert reading.structure.operators is None
    assert reading.structure.assemblies is None
    [left_out] = reading.left_out
    assert "assemblies: expected" in left_out
    assert reason in left_out


def test_pdb_holds_assemblies_of_whole_chains_without_products() -> None:
    generators = loop(
        "pdbx_struct_assembly_gen",
        "assembly_id oper_expression asym_id_list",
        *("1 1,P A,B,C", "2 1 A", "3 (1)(P) B", "4 2 B", "5 X B", "6 (1,P) B", "7 1 Z"),
    )
    structure = Structure.from_mmcif(cif(*OPERATORS, *generators))
    again = Structure.from_pdb(structure.to_pdb())
    assert again.assemblies is not None
    assert again.operators is not None
    assert list(again.assemblies.id) == ["1", "6"]
    assert list(again.assemblies.chains) == ["H,L", "L"]
    assert list(again.assemblies.operators) == ["1,2", "1,2"]
    assert again.operators.v3 == Fixed.from_text(["0", "100.25"], decimals=5)


def test_labels_take_the_place_of_chains() -> None:
    water = "HETATM    4  O   HOH A   9       0.000   0.000   0.000  1.00 20.00           O"
    text = "\n".join([*REMARK, *ATOMS, water, "END", ""])
    again = Structure.from_mmcif(Structure.from_pdb(text).to_mmcif())
    assert again.assemblies is not None
    assert again.strands.label is not None
    of_a = list(again.strands.label[again.strands.chain == "A"])
    assert len(of_a) == 2
    assert set(of_a) <= set(again.assemblies.chains[0].split(","))
    assert len(again.assembly(1)) == len(Structure.from_pdb(text).assembly(1))


@settings(max_examples=20)
@given(entries())
def test_files_with_assemblies_come_back(structure: Structure) -> None:
    assert Structure.from_pdb(structure.to_pdb()) == structure
    again = Structure.from_mmcif(structure.to_mmcif())
    assert again.operators == structure.operators


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("m11", Fixed([0, 1000 * 10**10, 0], 10), "three digits"),
        ("m33", Fixed([0, -999 * 10**10 - 1, 0], 10), "three digits"),
        ("v2", Fixed([0, 0, 10**11], 5), "six digits"),
        ("m22", Fixed([0, 0, 0], 9), "one count of decimals"),
        ("v3", Fixed([0, 0, 0], 6), "one count of decimals"),
        ("id", Words(["1", "", "P"]), "of one letter or more"),
    ],
)
def test_operators_that_no_tokens_say_are_refused(name: str, value: object, reason: str) -> None:
    structure = Structure.from_mmcif(cif(*OPERATORS, *GENERATORS))
    assert structure.operators is not None
    changed: dict[str, Any] = {name: value}
    other = replace(structure, operators=replace(structure.operators, **changed))
    with pytest.raises(lg.GrammarError, match=reason):
        lg.encode(other)


def test_tables_without_rows_are_refused() -> None:
    structure = Structure.from_mmcif(cif(*OPERATORS, *GENERATORS))
    assert structure.operators is not None
    assert structure.assemblies is not None
    for other in (
        replace(structure, operators=structure.operators[:0]),
        replace(structure, assemblies=structure.assemblies[:0]),
    ):
        with pytest.raises(lg.GrammarError, match="absent"):
            lg.encode(other)
