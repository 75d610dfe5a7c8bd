"""Structures to gemmi, Biotite and Biopython and back."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.structure import Structure
from logos_grammar.structure.atom_rows import Digits, rows_of, structure_of

DIGITS = Digits(coordinates=3, occupancy=2, b_factor=2)
CELL = "CRYST1   30.000   40.500   50.250  90.00 100.00  90.00 P 1 21 1      2\n"
ATOMS = """ATOM      1  N   GLY A  -7       1.500  -2.250  -0.020  1.00 20.00           N
ATOM      2  CA AGLY A  -7       2.500  -2.250   0.125  0.50 20.00           C
ATOM      3  CA BGLY A  -7       2.600-102.350   0.125  0.50 21.53           C
ATOM      4  C   GLY A  -7       3.500  -1.250   0.125  1.00 20.00           C
ATOM      5  N   ALA A   8A      4.500  -1.250   0.125  1.00  0.10           N
HETATM    6  CA  MSE A   8B   1004.501  -1.250   0.125  1.00 20.00           C
TER       7      MSE A   8B
ATOM      8  O5'  DA B   1       0.333   9.250   4.125  1.00 30.00           O
HETATM    9 ZN    ZN B 101      -0.500   9.250   4.125  1.00 30.00          ZN2+
HETATM   10  O   HOH A 201      -1.500   9.250   4.125  1.00-30.07           O
"""
ONE = Structure.from_pdb(CELL + ATOMS)
SECOND = ATOMS.replace("1.500", "1.750").replace(" 4.125", " 4.126")
SEVERAL = Structure.from_pdb(f"MODEL        1\n{ATOMS}ENDMDL\nMODEL        2\n{SECOND}ENDMDL\n")
PLAIN = Structure.from_pdb("".join(line for line in ATOMS.splitlines(True) if line[16] == " "))
LABELLED = Structure.from_mmcif(ONE.to_mmcif())


def test_rows_give_the_structure_back() -> None:
    for structure in (replace(ONE, cell=None), SEVERAL, replace(LABELLED, cell=None)):
        residues = replace(structure.residues, label_seq=None, label_seq_state=None)
        assert structure_of(rows_of(structure)) == replace(structure, residues=residues)


@pytest.mark.parametrize("structure", [ONE, SEVERAL, LABELLED], ids=["one", "several", "labelled"])
def test_gemmi_gives_it_back(structure: Structure) -> None:
    gemmi = pytest.importorskip("gemmi", reason="needs the extra structure")
    from logos_grammar.structure.gemmi import from_gemmi, to_gemmi  # noqa: PLC0415

    there = to_gemmi(structure)
    assert isinstance(there, gemmi.Structure)
    back = from_gemmi(there, digits=DIGITS, cell_decimals=(3, 2))
    expected = Structure.from_mmcif(structure.to_mmcif())
    assert equal_rows(back, expected)
    assert back.cell == structure.cell
    assert back.strands.label == expected.strands.label
    assert lg.decode(lg.encode(back)) == back


def test_a_chain_without_a_name_has_none_in_gemmi() -> None:
    pytest.importorskip("gemmi", reason="needs the extra structure")
    from logos_grammar.structure.gemmi import from_gemmi, to_gemmi  # noqa: PLC0415

    blank = Structure.from_pdb(ATOMS.replace(" A ", "   ").replace(" A", "  "))
    assert "" in blank.strands.chain
    assert equal_rows(from_gemmi(to_gemmi(blank), digits=DIGITS), blank)


def test_what_gemmi_reads_is_what_we_read() -> None:
    gemmi = pytest.importorskip("gemmi", reason="needs the extra structure")
    from logos_grammar.structure.gemmi import from_gemmi  # noqa: PLC0415

    read = gemmi.read_pdb_string(CELL + ATOMS)
    assert equal_rows(from_gemmi(read, digits=DIGITS), ONE)


def test_names_that_the_arrays_of_gemmi_cut_are_refused() -> None:
    pytest.importorskip("gemmi", reason="needs the extra structure")
    from logos_grammar.structure.gemmi import from_gemmi, to_gemmi  # noqa: PLC0415

    longer = ONE.to_mmcif().replace(" MSE ", " LONGNAMES ")
    said = r"expected names that the arrays of gemmi hold: .*LONGNAMES"
    with pytest.raises(lg.ConversionError, match=said):
        from_gemmi(to_gemmi(Structure.from_mmcif(longer)), digits=DIGITS)


@pytest.mark.parametrize("structure", [ONE, SEVERAL, LABELLED], ids=["one", "several", "labelled"])
def test_biotite_gives_it_back(structure: Structure) -> None:
    bs = pytest.importorskip("biotite.structure", reason="needs the extra structure")
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    there = to_biotite(structure)
    several = len(structure.models) > 1
    assert isinstance(there, bs.AtomArrayStack if several else bs.AtomArray)
    back = from_biotite(there, digits=DIGITS)
    assert equal_rows(back, structure)
    assert back.strands.label == structure.strands.label


def test_models_that_differ_are_no_stack() -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    from logos_grammar.structure.biotite import to_biotite  # noqa: PLC0415

    text = f"MODEL        1\n{ATOMS}ENDMDL\nMODEL        2\n{{}}ENDMDL\n"
    other = Structure.from_pdb(text.format(ATOMS.replace("GLY", "SER")))
    with pytest.raises(lg.ConversionError, match="one res_name of an atom in all models"):
        to_biotite(other)
    fewer = Structure.from_pdb(text.format("".join(ATOMS.splitlines(keepends=True)[:3])))
    with pytest.raises(lg.ConversionError, match="models of as many atoms as each other"):
        to_biotite(fewer)


def test_binary_cif_is_read_by_biotite() -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    import io  # noqa: PLC0415

    from biotite.structure.io import pdbx  # noqa: PLC0415

    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    file = pdbx.BinaryCIFFile()
    pdbx.set_structure(file, to_biotite(PLAIN))
    written = io.BytesIO()
    file.write(written)
    written.seek(0)
    fields = ["occupancy", "b_factor", "charge"]
    read = pdbx.get_structure(
        pdbx.BinaryCIFFile.read(written), model=1, altloc="all", extra_fields=fields
    )
    assert equal_rows(from_biotite(read, digits=DIGITS), PLAIN)


@pytest.mark.parametrize("structure", [ONE, SEVERAL], ids=["one", "several"])
def test_biopython_gives_it_back(structure: Structure) -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415

    back = from_biopython(to_biopython(structure), digits=DIGITS)
    found, expected = by_key(back), by_key(structure)
    assert found == expected


def test_atoms_that_biopython_drops_are_refused() -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import to_biopython  # noqa: PLC0415

    lines = ATOMS.splitlines(keepends=True)
    twice = Structure.from_pdb(lines[0] + lines[0].replace("1.500", "9.500"))
    with pytest.raises(lg.ConversionError, match="Biopython can hold: Atom N defined twice"):
        to_biopython(twice)
    twice = Structure.from_pdb(lines[1] + lines[1].replace("2.500", "9.500"))
    with pytest.raises(lg.ConversionError, match="expected 2 atoms that Biopython can tell apart"):
        to_biopython(twice)


ANISOU = "ANISOU    4  C   GLY A  -7      100    200    300    -10     20     -5       C\n"
SOME_DISPLACED = Structure.from_pdb(ATOMS.replace("ATOM      5", ANISOU + "ATOM      5"))


@pytest.mark.parametrize(
    "structure", [PLAIN, SEVERAL, LABELLED], ids=["plain", "several", "labels"]
)
def test_biopython_gets_what_its_own_reader_makes(structure: Structure) -> None:
    parser: Any = pytest.importorskip("Bio.PDB", reason="needs the extra biopython").MMCIFParser
    import io  # noqa: PLC0415

    from logos_grammar.structure.biopython import to_biopython  # noqa: PLC0415

    read = parser(QUIET=True).get_structure("its", io.StringIO(structure.to_mmcif()))
    found, expected = to_biopython(structure, name="its"), read
    assert seen_by_biopython(found) == seen_by_biopython(expected)


def seen_by_biopython(structure: Any) -> list[tuple[Any, ...]]:
    assert all(atom.coord.dtype == np.float32 for atom in structure.get_atoms())
    return [
        (
            *(model.serial_num, atom.full_id, atom.serial_number, atom.fullname, atom.element),
            *(residue.resname, residue.is_disordered(), atom.is_disordered(), atom.mass),
            *(atom.coord.tolist(), atom.occupancy, atom.bfactor),
        )
        for model in structure
        for chain in model
        for residue in chain.get_unpacked_list()
        for atom in residue.get_unpacked_list()
    ]


def test_displacements_go_to_their_atoms_in_biopython() -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import to_biopython  # noqa: PLC0415

    there: Any = to_biopython(SOME_DISPLACED)
    displaced = {
        atom.full_id[3:]: atom.get_anisou().tolist()
        for atom in there.get_atoms()
        if atom.get_anisou() is not None
    }
    tensor = np.array([0.01, -0.001, 0.002, 0.02, -0.0005, 0.03], np.float32).tolist()
    assert displaced == {((" ", -7, " "), ("C", " ")): tensor}


def test_what_cif_has_no_word_for_gets_to_biopython_and_back() -> None:
    """A chain without a name, letters that mean nothing in CIF, and an unknown element."""
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415

    blank = ATOMS.replace(" A ", "   ").replace(" A", "  ").replace("8B", "8?")
    odd = blank.replace("CA BGLY", "CA ?GLY").replace("           N\n", "           X\n")
    structure = Structure.from_pdb(odd)
    assert {"", "?"} <= {*structure.strands.chain, *structure.atoms.altloc}
    there: Any = to_biopython(structure)
    assert [chain.id for chain in there.get_chains()] == [" ", "B"]
    assert by_key(from_biopython(there, digits=DIGITS)) == by_key(structure)


def test_models_of_one_number_are_not_read_of_biopython_as_one() -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415

    there: Any = to_biopython(SEVERAL)
    there[1].serial_num = 1
    with pytest.raises(lg.ConversionError, match=r"models that differ in serial_num, not \[1, 1\]"):
        from_biopython(there, digits=DIGITS)


def test_a_segment_gets_to_biopython_and_back() -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415

    line = ATOMS.splitlines()[0]
    structure = Structure.from_pdb(f"{line[:72]}PROT{line[76:]}\n")
    assert structure.strands.segment is not None
    back = from_biopython(to_biopython(structure), digits=DIGITS)
    assert back.strands.segment == structure.strands.segment


def test_a_chain_in_several_runs_is_one_in_biopython() -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415

    back = from_biopython(to_biopython(ONE), digits=DIGITS)
    runs = [list(each.strands.chain[each.residues.strand]) for each in (ONE, back)]
    assert ["".join(run) for run in runs] == ["AAABBA", "AAAABB"]


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        (54, 60, "expected the occupancy of each atom, not a structure without any"),
        (60, 66, "expected the B factor of each atom, not a structure without any"),
        (22, 26, "expected a number of each residue, not of residue 0"),
    ],
)
def test_atoms_without_what_those_of_biopython_have_are_refused(
    begin: int, end: int, said: str
) -> None:
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import to_biopython  # noqa: PLC0415

    whole = ATOMS.splitlines(keepends=True)[0]
    without = f"{whole[:begin]}{'':{end - begin}}{whole[end:]}"
    with pytest.raises(lg.ConversionError, match=said):
        to_biopython(Structure.from_pdb(without))
    if begin == 60:
        with pytest.raises(
            lg.ConversionError, match=r"the B factor of each atom, not none in row 1"
        ):
            to_biopython(Structure.from_pdb(whole + without.replace(" N ", " O ")))


@pytest.mark.parametrize("rounding", ["half_even", "floor", "exact"])
def test_digits_say_how_floats_are_rounded(rounding: Any) -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    digits = replace(DIGITS, coordinates=1, rounding=rounding)
    if rounding == "exact":
        with pytest.raises(ValueError, match="expected 1 decimals"):
            from_biotite(to_biotite(ONE), digits=digits)
        return
    found = from_biotite(to_biotite(ONE), digits=digits).atoms.y[0].to_text()
    assert found == {"half_even": "-2.2", "floor": "-2.3"}[rounding]


WRONG_CHARGES = [(200, "200"), (-129, "-129"), (0.7, "0.7"), (np.nan, "nan"), (np.inf, "inf")]


@pytest.mark.parametrize(("charge", "said"), WRONG_CHARGES)
def test_charges_that_do_not_fit_are_refused(charge: float, said: str) -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    expected = f"a whole number from -128 to 127 as (pqr_)?charge, not {said} in row 3"
    array = to_biotite(ONE)
    array.set_annotation("charge", np.where(np.arange(len(ONE)) == 3, charge, 0))
    with pytest.raises(ValueError, match=expected):
        from_biotite(array, digits=DIGITS)
    there: Any = to_biopython(PLAIN)
    list(there.get_atoms())[3].set_charge(charge)
    with pytest.raises(ValueError, match=expected):
        from_biopython(there, digits=DIGITS)


@pytest.mark.parametrize("charge", [-128, -1, 0, 2, 127, -2.0, 3.0])
def test_charges_that_fit_are_read(charge: float) -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    array = to_biotite(ONE)
    array.set_annotation("charge", np.full(len(ONE), charge))
    assert set(from_biotite(array, digits=DIGITS).atoms.charge.tolist()) == {charge}
    there: Any = to_biopython(PLAIN)
    for each in there.get_atoms():
        each.set_charge(charge)
    assert set(from_biopython(there, digits=DIGITS).atoms.charge.tolist()) == {charge}


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**40, 2**62, 1.5])
def test_residue_numbers_that_do_not_fit_are_refused(number: float) -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    expected = (
        f"from -2147483648 to 2147483647 as (res_id|the number of a residue), not {number} in row 0"
    )
    array = to_biotite(ONE)
    array.set_annotation("res_id", np.full(len(ONE), number))
    with pytest.raises(ValueError, match=expected):
        from_biotite(array, digits=DIGITS)
    there: Any = to_biopython(PLAIN)
    first = next(there.get_residues())
    first.id = (" ", number, " ")
    with pytest.raises(ValueError, match=expected):
        from_biopython(there, digits=DIGITS)
    there[0].serial_num = number
    first.id = (" ", 1, " ")
    with pytest.raises(ValueError, match=f"as serial_num, not {number} in row 0"):
        from_biopython(there, digits=DIGITS)


@pytest.mark.parametrize("element", ["Q", "T", "?", ".", "*", "XX", "R1"])
def test_elements_that_are_no_symbols_are_refused(element: str) -> None:
    pytest.importorskip("biotite.structure", reason="needs the extra structure")
    pytest.importorskip("Bio.PDB", reason="needs the extra biopython")
    from logos_grammar.structure.biopython import from_biopython, to_biopython  # noqa: PLC0415
    from logos_grammar.structure.biotite import from_biotite, to_biotite  # noqa: PLC0415

    expected = rf"expected the symbol of an element, D or X, not '{re.escape(element)}' in row 3"
    array = to_biotite(ONE)
    array.element[3] = element
    with pytest.raises(ValueError, match=expected):
        from_biotite(array, digits=DIGITS)
    array.element[3] = ""
    assert from_biotite(array, digits=DIGITS).atoms.element[3] == "X"
    there: Any = to_biopython(PLAIN)
    list(there.get_atoms())[3].element = element
    with pytest.raises(ValueError, match=expected):
        from_biopython(there, digits=DIGITS)
    list(there.get_atoms())[3].element = None
    assert from_biopython(there, digits=DIGITS).atoms.element[3] == "X"


def test_whatever_gemmi_holds_is_a_sentence() -> None:
    """It refuses other numbers itself, and knows no other elements."""
    gemmi = pytest.importorskip("gemmi", reason="needs the extra structure")
    from logos_grammar.structure.gemmi import from_gemmi, to_gemmi  # noqa: PLC0415

    there: Any = to_gemmi(ONE)
    held = there[0][0][0][0]
    for symbol in [*(gemmi.Element(number).name for number in range(119)), "D", "Q", "T"]:
        held.element = gemmi.Element(symbol)
        back = from_gemmi(there, digits=DIGITS)
        assert back.atoms.element[0] == ("X" if symbol in "QT" else symbol)
        assert lg.decode(lg.encode(back)) == back
    charge: Any
    for charge in (200, -129, 0.7):
        with pytest.raises(TypeError):
            held.charge = charge
    with pytest.raises(TypeError):
        gemmi.SeqId(2**31, " ")


def equal_rows(one: Structure, other: Structure) -> bool:
    """Whether the atoms of two structures are the same, in all that both converters hold."""
    found, wanted = rows_of(one), rows_of(other)
    for name in ("model", "chain", "component", "number", "insertion", "hetero", "name", "element"):
        assert np.all(getattr(found, name) == getattr(wanted, name)), name
    for name in ("altloc", "charge", "x", "y", "z", "occupancy", "b_factor"):
        assert np.all(getattr(found, name) == getattr(wanted, name)), name
    return True


def by_key(structure: Structure) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The atoms by what Biopython knows them by."""
    rows = rows_of(structure)
    keys = (rows.model, rows.chain, rows.number, rows.insertion, rows.name, rows.altloc)
    columns = (rows.x, rows.y, rows.z, rows.occupancy, rows.b_factor)
    numbers = [column.to_text() for column in columns if column is not None]
    values = (rows.component, rows.hetero, rows.element, rows.charge.tolist(), *numbers)
    return dict(zip(zip(*keys, strict=True), zip(*values, strict=True), strict=True))


@pytest.mark.parametrize("name", ["AB", "A1b", "\u00e9"])
@pytest.mark.parametrize("column", ["altloc", "insertion"])
@pytest.mark.parametrize("library", ["gemmi", "biopython", "biotite"])
def test_names_of_several_characters_get_there_or_are_refused(
    library: str, column: str, name: str
) -> None:
    extra = {"gemmi": "gemmi", "biopython": "Bio", "biotite": "biotite"}[library]
    pytest.importorskip(extra, reason="needs an extra")
    module = importlib.import_module(f"logos_grammar.structure.{library}")
    if column == "altloc":
        names = lg.columns.Words([name] * len(PLAIN))
        structure = replace(PLAIN, atoms=replace(PLAIN.atoms, altloc=names))
    else:
        names = lg.columns.Words([name] * len(PLAIN.residues))
        structure = replace(PLAIN, residues=replace(PLAIN.residues, insertion=names))
    assert lg.decode(lg.encode(structure)) == structure
    if library == "gemmi" or (library, column) == ("biopython", "altloc" if len(name) > 1 else ""):
        with pytest.raises(lg.error.ConversionError, match=repr(name)):
            getattr(module, f"to_{library}")(structure)
        return
    there = getattr(module, f"to_{library}")(structure)
    back = getattr(module, f"from_{library}")(there, digits=DIGITS)
    assert getattr(back.atoms if column == "altloc" else back.residues, column) == names


@pytest.mark.parametrize(
    ("library", "factor"), [("gemmi", 20.0), ("biotite", 0.0), ("biopython", None)]
)
def test_a_factor_that_is_not_given_is_what_the_page_says(
    library: str, factor: float | None
) -> None:
    extra = {"gemmi": "gemmi", "biopython": "Bio", "biotite": "biotite"}[library]
    pytest.importorskip(extra, reason="needs an extra")
    module = importlib.import_module(f"logos_grammar.structure.{library}")
    structure = Structure.from_mmcif(PLAIN.to_mmcif().replace(" 20.00 ", " ? ", 1))
    assert structure.atoms.b_factor_state is not None
    assert structure.atoms.b_factor_state.tolist() == [1, *[0] * (len(PLAIN) - 1)]
    if factor is None:
        with pytest.raises(lg.error.ConversionError, match="expected the B factor of each atom"):
            getattr(module, f"to_{library}")(structure)
        return
    there = getattr(module, f"to_{library}")(structure)
    found = there[0][0][0][0].b_iso if library == "gemmi" else there.b_factor[0]
    assert found == factor
    text = re.sub(r"\s+", " ", module.__doc__ or "")
    assert f"a B factor {factor:g}" in text or f"is {factor:g} there" in text
