"""The assembly of a structure: copies of chains, moved and named."""

from __future__ import annotations

from dataclasses import replace

import gemmi
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Assemblies, Operators, Structure
from logos_grammar.structure.operators import copies_of

from .assembly_files import (
    ATOMS,
    BIOMOLECULE,
    GENERATORS,
    HALF_TURN,
    OF_A,
    ONE,
    OPERATORS,
    REMARK,
    atom,
    cif,
    loop,
    operator,
    pdb,
)


def points(structure: Structure) -> list[tuple[str, str, str, str]]:
    atoms = structure.atoms
    chains = structure.strands.chain[structure.residues.strand[atoms.residue]]
    columns = (map(str, column) for column in (atoms.x, atoms.y, atoms.z))
    return list(zip(chains, *columns, strict=True))


def test_copies_are_moved_and_named() -> None:
    structure = Structure.from_pdb(pdb(*REMARK))
    first, second = structure.assembly("1"), structure.assembly(2, naming="number")
    assert points(first) == [
        ("A", "1.000", "2.000", "3.000"),
        ("B", "-0.500", "0.250", "10.125"),
        ("D", "40.982", "-1236.000", "3.000"),
        ("E", "42.482", "-1234.250", "10.125"),
        ("C", "1.000", "2.000", "3.000"),
    ]
    # -0.5 * -0.5 - 0.866025 * 0.25 = 0.03349375; 0.866025 * -0.5 - 0.5 * 0.25 = -0.5580125.
    assert points(second)[0] == ("B1", "0.033", "-0.558", "10.125")
    assert [chain for chain, *_ in points(second)] == ["B1", "C1", "B2", "C2"]
    assert [chain for chain, *_ in points(structure.assembly(1, naming="same"))] == list("ABABC")
    assert first.cell is None
    assert first.operators is None
    assert first.assemblies is None
    assert Structure.from_pdb(first.to_pdb()) == first
    assert lg.decode(lg.encode(first)) == first


def test_a_half_is_rounded_to_the_even_digit() -> None:
    half = ("0.5 0 0", "0 0.5 0", "0 0 0.5")
    lines = [BIOMOLECULE, OF_A, *operator(1, half)]
    odd = atom("A", 1, at="   0.001   0.003  -0.001")
    structure = Structure.from_pdb("\n".join([*lines, odd, "END", ""]))
    assert points(structure.assembly(1)) == [("A", "0.000", "0.002", "0.000")]


def test_products_move_by_the_last_operator_first() -> None:
    moved = ONE.replace("1 0 0 0", "1 0 0 10", 1)
    operators = [*OPERATORS, f"Q ? {moved}"]
    items = "assembly_id oper_expression asym_id_list"
    generators = loop("pdbx_struct_assembly_gen", items, "1 (2)(Q) A", "2 (Q)(2) A")
    structure = Structure.from_mmcif(cif(*operators, *generators))
    # -0.5 * (1 + 10) - 0.8660254038 * 2 + 12 and 0.8660254038 * (1 + 10) - 0.5 * 2 - 3.5.
    assert points(structure.assembly(1)) == [("H", "4.768", "5.026", "3.000")]
    assert points(structure.assembly(2)) == [("H", "19.768", "-3.634", "3.000")]


def test_assemblies_are_those_of_gemmi() -> None:
    generators = loop(
        "pdbx_struct_assembly_gen",
        "assembly_id oper_expression asym_id_list",
        *("1 1,2 A,B,C", "1 P B", "2 (1-2) C,A"),
    )
    structure = Structure.from_mmcif(cif(*OPERATORS, *generators))
    theirs = gemmi.read_structure_string(structure.to_mmcif())
    assert [assembly.name for assembly in theirs.assemblies] == ["1", "2"]
    for assembly in theirs.assemblies:
        model = gemmi.make_assembly(assembly, theirs[0], gemmi.HowToNameCopiedChain.Dup)
        wanted = sorted(tuple(atom.atom.pos.tolist()) for atom in model.all())
        atoms = structure.assembly(assembly.name).atoms
        columns = (column.to_float() for column in (atoms.x, atoms.y, atoms.z))
        found = sorted(zip(*columns, strict=True))
        assert np.abs(np.array(wanted) - np.array(found)).max() < 0.0006


def test_links_stay_within_copies_by_one_operator() -> None:
    link = "LINK         CA  GLY A   1                 CA  GLY B   2     1555   1555  9.50"
    mate = "LINK         CA  GLY A   1                 CA  GLY B   2     1555   2655  9.50"
    structure = Structure.from_pdb(pdb(*REMARK, link, mate))
    assert len(structure.links) == 2
    copied = structure.assembly(1).links
    assert list(zip(copied.begin.tolist(), copied.end.tolist(), strict=True)) == [(0, 1), (2, 3)]
    assert copied.begin_symmetry is None
    assert copied.distance == Fixed.from_text(["9.50", "9.50"])
    assert len(structure.assembly(2).links) == 0


def test_displacements_turn_with_their_atoms() -> None:
    anisou = "ANISOU    1  CA  GLY A   1      100    200    300     10     20     30       C"
    lines = [BIOMOLECULE, OF_A, *operator(1, HALF_TURN)]
    text = "\n".join([*lines, ATOMS[0], anisou, "END", ""])
    atoms = Structure.from_pdb(text).assembly(1).atoms
    columns = (atoms.u11, atoms.u22, atoms.u33, atoms.u12, atoms.u13, atoms.u23)
    found = [int(column.scaled[0]) for column in columns if column is not None]
    assert found == [100, 200, 300, 10, -20, -30]


def test_every_model_is_copied() -> None:
    models = [f"MODEL {n:8}\n" + "\n".join(ATOMS) + "\nENDMDL" for n in (1, 4)]
    structure = Structure.from_pdb("\n".join([*REMARK, *models, "END", ""]))
    copied = structure.assembly(1)
    assert copied.models.number.tolist() == [1, 4]
    assert points(copied)[:5] == points(copied)[5:]
    assert copied.model(1).atoms.x == structure.model(1).assembly(1).atoms.x


def test_residues_that_were_not_seen_are_copied() -> None:
    sequence = "SEQRES   1 A    3  GLY ALA GLY"
    ends = [atom("A", 1), atom("A", 3)]
    lines = [*REMARK[:3], OF_A, *operator(1), *operator(2, HALF_TURN)]
    structure = Structure.from_pdb("\n".join([*lines, sequence, *ends, "END", ""]))
    assert list(structure.assembly(1).residues.component) == ["GLY", "ALA", "GLY"] * 2


def test_large_numbers_are_exact() -> None:
    far = replace(
        Structure.from_mmcif(cif(*OPERATORS, *GENERATORS)).chain("L").rounded(9),
    )
    atoms = replace(far.atoms, x=Fixed([4 * 10**18], 9))
    moved = replace(far, atoms=atoms).assembly("1", missing="skip").atoms
    # -4000000000 / 2 - 0.8660254038 * 0.25 + 12, and 0.8660254038 * 4000000000 - 0.125 - 3.5.
    assert str(moved.x[1]) == "-1999999988.216506351"
    assert str(moved.y[1]) == "3464101611.575000000"
    wide = replace(far.atoms, x=Fixed([9 * 10**18], 9), y=Fixed([-9 * 10**18], 9))
    with pytest.raises(ValueError, match="64 bits"):
        replace(far, atoms=wide).assembly("1", missing="skip")


def test_names_that_are_unknown_are_refused_with_those_that_there_are() -> None:
    structure = Structure.from_pdb(pdb(*REMARK))
    with pytest.raises(ValueError, match="one of '1', '2', not '3'"):
        structure.assembly(3)
    with pytest.raises(ValueError, match="naming as"):
        structure.assembly(1, naming="other")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="this one has none"):
        structure.without_assemblies().assembly(1)
    with pytest.raises(ValueError, match="chains of the assembly '2'"):
        structure.chain("A").assembly(2)
    with pytest.raises(ValueError, match="missing as"):
        structure.assembly(1, missing="other")  # type: ignore[arg-type]
    of_nine = Assemblies(id=Words(["1"]), chains=Words(["A"]), operators=Words(["9"]))
    with pytest.raises(ValueError, match=r"an operator, one of \['1', '2', '3'\], not '9'"):
        replace(structure, assemblies=of_nine).assembly(1)


@pytest.mark.parametrize("absent", [["A"], ["B"], ["A", "B"]])
def test_an_assembly_of_which_a_chain_is_not_there_is_refused_or_made_of_the_rest(
    absent: list[str],
) -> None:
    structure = Structure.from_pdb(pdb(*REMARK))
    rest = structure.chain(*(name for name in "ABC" if name not in absent))
    names = ", ".join(map(repr, absent))
    with pytest.raises(ValueError, match=f"has not {names}: .*missing='skip'"):
        rest.assembly(1)
    copied = rest.assembly(1, missing="skip", naming="same")
    wanted = [name for name in "ABABC" if name not in absent]
    assert list(copied.strands.chain) == wanted
    with pytest.raises(ValueError, match="expected chains of the assembly"):
        structure.chain("A").assembly(2, missing="skip")


@pytest.mark.parametrize(
    ("expression", "copies"),
    [
        ("1", "1"),
        ("1,2,P", "1 2 P"),
        ("(1-3)", "1 2 3"),
        ("(1,4-5)", "1 4 5"),
        ("(1-2)(P,Q)", "1P 1Q 2P 2Q"),
        ("P(1-2)", "P1 P2"),
        ("(X0)(1-2)(P)", "X01P X02P"),
        ("X-1", "X-1"),
    ],
)
def test_expressions_are_lists_and_products(expression: str, copies: str) -> None:
    assert ["".join(copy) for copy in copies_of(expression)] == copies.split()


@pytest.mark.parametrize("expression", ["", "()", "(1)()", ",", "(", "(2-1)", "(1", "1)", "((1))"])
def test_other_expressions_are_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="expected operators"):
        copies_of(expression)


@given(st.lists(st.sampled_from(["A", "B", "AA"]), min_size=1, max_size=3, unique=True))
def test_all_names_of_copies_differ(names: list[str]) -> None:
    rows = [(f"{at}", ",".join(names), "1,2") for at in range(2)]
    id, chains, operators = zip(*rows, strict=True)
    structure = Structure.from_pdb(pdb(*REMARK))
    copied = replace(
        structure,
        strands=replace(structure.strands, chain=Words(["A", "B", "AA"])),
        assemblies=Assemblies(id=Words(id), chains=Words(chains), operators=Words(operators)),
    )
    for naming in ("short", "number"):
        found = list(copied.assembly(0, naming=naming).strands.chain)
        assert len(set(found)) == len(found) == 2 * len(names)


def test_operators_are_columns() -> None:
    assert [column.name for column in Operators._declared][1:] == [
        *(f"m{row}{at}" for row in "123" for at in "123"),
        *("v1", "v2", "v3"),
    ]
