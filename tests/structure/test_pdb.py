"""PDB files: what is kept of each sort of line, what is refused and where."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import FactorsOf, LinkKind, StrandKind, Structure


def atom(  # noqa: PLR0913 (the columns of a line)
    name: str = " CA ",
    component: str = "ALA",
    chain: str = "A",
    number: str = "1",
    *,
    record: str = "ATOM",
    altloc: str = " ",
    insertion: str = " ",
    xyz: str = "   1.000   2.000   3.000",
    occupancy: str = "  1.00",
    b_factor: str = " 10.00",
    segment: str = "",
    element: str = "C",
    charge: str = "",
) -> str:
    """One line of 80 columns."""
    residue = f"{component:>3} " if len(component) < 4 else component
    line = f"{record:6}{1:5} {name:4}{altloc}{residue}{chain}{number:>4}{insertion}   {xyz}"
    return f"{line}{occupancy}{b_factor}      {segment:4}{element:>2}{charge:2}"


def read(*lines: str, **options: Any) -> Structure:
    """Read a file, and the file that is written of it, which must be the same structure."""
    text = "".join(f"{line}\n" for line in lines)
    structure = Structure.from_pdb(text, **options)
    assert Structure.from_pdb(text.encode(), **options) == structure
    assert Structure.from_pdb(text.replace("\n", "\r\n"), **options) == structure
    written = structure.to_pdb(hybrid_36=True)
    assert Structure.from_pdb(written, **options) == structure
    assert Structure._of_bytes(structure._bytes) == structure
    return structure


def names(words: Words | None) -> list[str] | None:
    return None if words is None else [*words]


def test_an_atom_has_what_its_line_says() -> None:
    structure = read(
        atom(xyz="  -1.234 100.000  -0.001", altloc="B", insertion="C", segment="SEG", charge="1+")
    )
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    assert (len(structure), repr(structure)) == (
        1,
        "Structure(1 model, 1 strand, 1 residue, 1 atom)",
    )
    assert (atoms.name[0], atoms.element[0], atoms.altloc[0], atoms.charge[0]) == (
        "CA",
        "C",
        "B",
        1,
    )
    assert atoms.x == Fixed([-1234], 3)
    assert atoms.y == Fixed([100_000], 3)
    assert atoms.z == Fixed([-1], 3)
    assert atoms.occupancy == Fixed([100], 2)
    assert atoms.b_factor == Fixed([1000], 2)
    assert (residues.component[0], residues.number[0], residues.insertion[0]) == ("ALA", 1, "C")
    assert residues.hetero.tolist() == [False]
    assert (strands.chain[0], names(strands.segment)) == ("A", ["SEG"])
    assert structure.models.number.tolist() == [1]
    assert strands.label is None
    assert structure.cell is None
    assert structure.layout.factors.tolist() == [FactorsOf.STRUCTURE]
    assert structure.layout.b_factor.tolist() == [1000]


def test_columns_may_touch() -> None:
    structure = read(atom(xyz="-100.024-100.103-999.999", occupancy="-10.50", b_factor="999.99"))
    assert structure.atoms.y.scaled.tolist() == [-100_103]
    assert structure.atoms.occupancy == Fixed([-1050], 2)


def test_minus_zero_is_zero() -> None:
    assert read(atom(xyz="  -0.000   0.000  -0.000")).atoms.x == Fixed([0], 3)


def test_a_column_has_the_most_decimals_of_its_numbers() -> None:
    structure = read(
        atom(occupancy="     1", b_factor="  23.9"),
        atom(" N  ", element="N", xyz="    1.50    2.00   3.125", b_factor=" 24.49"),
    )
    assert structure.atoms.occupancy == Fixed([100, 100], 2)
    assert structure.atoms.b_factor == Fixed([2390, 2449], 2)
    assert structure.atoms.x == Fixed([1000, 1500], 3)


@pytest.mark.parametrize(
    ("factors", "of"),
    [
        (["5", "5", "5", "5"], FactorsOf.STRUCTURE),
        (["5", "5", "6", "6"], FactorsOf.RESIDUE),
        (["5", "6", "6", "6"], FactorsOf.ATOM),
    ],
)
def test_b_factors_are_of_what_has_one(factors: list[str], of: FactorsOf) -> None:
    lines = [
        atom(number=str(1 + at // 2), b_factor=f"{each:>6}") for at, each in enumerate(factors)
    ]
    assert read(*lines).layout.factors.tolist() == [of]


def test_occupancies_that_are_blank_are_refused_unless_all_are_or_an_option_reads_them() -> None:
    blank = atom(occupancy="", b_factor="", element="").rstrip()
    assert read(blank, blank).atoms.occupancy is None
    assert read(blank).atoms.b_factor is None
    lines = (atom(), atom(" N  ", element="N", occupancy="      "))
    with pytest.raises(lg.ConversionError, match="line 2, column 55: expected an occupancy"):
        read(*lines)
    assert read(*lines, blank_occupancy="one").atoms.occupancy == Fixed([100, 100], 2)
    with pytest.raises(ValueError, match="'refuse' or 'one', not 'two'"):
        Structure.from_pdb(atom(), blank_occupancy="two")  # type: ignore[arg-type]


def test_b_factors_that_are_blank_are_unknown() -> None:
    atoms = read(atom(), atom(" N  ", element="N", b_factor="      ")).atoms
    assert atoms.b_factor == Fixed([1000, 0], 2)
    assert atoms.b_factor_state is not None
    assert atoms.b_factor_state.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("name", "component", "element", "symbol"),
    [
        (" CA ", "ALA", "", "C"),
        ("CA  ", "CA", "", "Ca"),
        ("CA  ", "ALA", "", "C"),
        ("HG  ", "HG", "", "Hg"),
        ("HG  ", "SER", "", "H"),
        ("1HB ", "ALA", "", "H"),
        ("HG11", "VAL", "", "H"),
        (" BB ", "ALA", "", "B"),
        ("CL  ", "CL-", "CL", "Cl"),
        (" C1 ", "LIG", "c", "C"),
        ("SE  ", "MSE", "Se", "Se"),
        (" D  ", "DOD", "D", "D"),
        (" Z  ", "ANI", "", "X"),
        (" SHA", "SHA", "HA", "X"),
    ],
)
def test_the_element_is_that_of_its_columns_else_that_of_the_name(
    name: str, component: str, element: str, symbol: str
) -> None:
    structure = read(atom(name, component, element=element))
    assert structure.atoms.element[0] == symbol
    assert structure.atoms.name[0] == name.strip()


@pytest.mark.parametrize(
    ("charge", "number"),
    [("2+", 2), ("+2", 2), ("1-", -1), ("-1", -1), ("0", 0), (" 0", 0), ("3 ", 3), ("", 0)],
)
def test_a_charge_is_read_in_either_order(charge: str, number: int) -> None:
    assert read(atom(charge=charge)).atoms.charge.tolist() == [number]


def test_old_files_have_their_code_and_line_numbers_in_columns_73_to_80() -> None:
    lines = [f"{atom()[:72]}1GDR{number:4}" for number in (109, 110, 111)]
    structure = read(*lines)
    assert names(structure.strands.segment) is None
    assert structure.atoms.charge.tolist() == [0, 0, 0]
    assert [*structure.atoms.element] == ["C"] * 3
    with pytest.raises(lg.ConversionError, match="line 3, column 73: expected the entry code"):
        read(*lines[:2], f"{atom()[:72]}      N ")
    mixed = read(atom(segment="1AKE"), f"{atom()[:72]}1AKE1839")
    assert [*mixed.atoms.element] == ["C", "C"]


def test_names_are_kept_without_the_blanks_around_them() -> None:
    structure = read(
        atom(" N A", "HEM", element="N", record="HETATM"),
        atom("    ", "UNK", element="LI", record="HETATM"),
        atom(" O5*", "  A", element="O"),
        atom("OH2 ", "TIP3", element="O"),
        atom(" C1 ", "<0>", element="C"),
        atom(" O  ", "+T", element="O"),
    )
    assert [*structure.atoms.name] == ["N A", "", "O5*", "OH2", "C1", "O"]
    assert [*structure.residues.component] == ["HEM", "UNK", "A", "TIP3", "<0>", "+T"]


def test_alternative_locations_are_atoms_with_a_letter_in_any_order() -> None:
    letters = ["A", "B", " ", "2", "1", "A", "A"]
    structure = read(*(atom(altloc=letter) for letter in letters))
    assert [*structure.atoms.altloc] == [letter.strip() for letter in letters]
    assert len(structure.residues) == 1


def test_two_components_at_one_number_are_two_residues() -> None:
    lines = [atom(component=name, altloc=alt) for name, alt in (("SER", "A"), ("PRO", "B"))]
    structure = read(*lines, *lines)
    assert [*structure.residues.component] == ["SER", "PRO", "SER", "PRO"]
    assert structure.residues.number.tolist() == [1] * 4


def test_residue_numbers_are_any_integers_and_insertion_codes_any_character() -> None:
    cells = [("-12", " "), ("0", "A"), ("0", "B"), ("9999", " "), ("A000", " "), ("1000", "0")]
    residues = read(*(atom(number=number, insertion=code) for number, code in cells)).residues
    assert residues.number.tolist() == [-12, 0, 0, 9999, 10_000, 1000]
    assert [*residues.insertion] == ["", "A", "B", "", "", "0"]
    assert residues.number_state is None
    unknown = read(atom(number=""), atom(number="7")).residues
    assert unknown.number_state is not None
    assert unknown.number_state.tolist() == [1, 0]


def test_chains_may_be_blank_and_come_again() -> None:
    lines = [atom(chain=chain, number=str(at)) for at, chain in enumerate("A B_Aa0")]
    assert [*read(*lines).strands.chain] == ["A", "", "B", "_", "A", "a", "0"]


def test_segments_divide_a_chain() -> None:
    lines = [atom(segment=segment, number=str(at)) for at, segment in enumerate(["", "P1", "P2"])]
    assert names(read(*lines).strands.segment) == ["", "P1", "P2"]


def test_strands_are_cut_at_ter_and_where_a_polymer_ends() -> None:
    water = {"record": "HETATM", "element": "O"}
    structure = read(
        atom(" CH3", "ACE", number="0"),
        atom(number="1"),
        atom(" CA1", "CRO", number="2", record="HETATM"),
        atom(number="3", component="GLY"),
        atom(" N  ", "NH2", number="4", element="N", record="HETATM"),
        atom(" O  ", "HOH", number="5", **water),
        atom(" C1 ", "LIG", number="6", record="HETATM"),
        atom(number="7", component="SER"),
        "TER",
        atom(number="8", component="SER"),
        atom(" P  ", "  A", number="9", element="P"),
        atom(" P  ", " DT", number="10", element="P"),
        "TER",
        atom(" O  ", "HOH", number="11", **water),
        "TER",
        atom(" O  ", "HOH", number="11", **water),
        atom(component="GLY", number="12", record="HETATM"),
    )
    kinds = [StrandKind(kind).name for kind in structure.strands.kind]
    assert kinds == ["PROTEIN", "HETERO", "PROTEIN", "PROTEIN", "RNA", "HETERO", "HETERO"]
    counts = np.bincount(structure.residues.strand).tolist()
    assert counts == [5, 2, 1, 1, 2, 1, 2]


def test_models_have_their_numbers() -> None:
    structure = read(
        "MODEL        3", atom(), "ENDMDL", "MODEL", atom(), "ENDMDL", atom(), "END", atom()
    )
    assert structure.models.number.tolist() == [3, 4, 5, 6]
    assert structure.strands.model.tolist() == [0, 1, 2, 3]
    with pytest.raises(
        lg.ConversionError, match="line 1, column 12: expected the number of a model"
    ):
        read("MODEL      one", atom())


def test_anisotropic_displacements_belong_to_the_atom_before_them() -> None:
    anisou = f"ANISOU{atom()[6:27]} {'':1}{1:6}{-22:7}{333:7}{4:7}{5:7}{-66666:7}"
    structure = read(atom(), anisou, atom(" N  ", element="N"))
    atoms = structure.atoms
    assert atoms.u11 == Fixed([1, 0], 4)
    assert atoms.u23 == Fixed([-66666, 0], 4)
    assert atoms.anisotropic_state is not None
    assert atoms.anisotropic_state.tolist() == [0, 2]
    assert read(atom(), anisou).atoms.anisotropic_state is None
    with pytest.raises(lg.ConversionError, match="line 3, column 1: expected ANISOU behind"):
        read(atom(), atom(" N  ", element="N"), anisou)
    with pytest.raises(lg.ConversionError, match="line 2, column 40: expected an integer"):
        read(atom(), f"{anisou[:35]}    x  {anisou[42:]}")


def test_the_unit_cell_is_kept() -> None:
    line = "CRYST1   57.570   55.482  128.129  90.00  91.35  90.00 P 1 21 1      4"
    cell = read(line, atom()).cell
    assert cell is not None
    assert cell.c == Fixed([128_129], 3)
    assert cell.beta == Fixed([9135], 2)
    assert cell.space_group[0] == "P 1 21 1"
    with pytest.raises(lg.ConversionError, match=r"line 1, column 10: expected an edge .*57,570"):
        read(line.replace("57.570", "57,570"), atom())


def test_links_are_those_of_ssbond_and_link() -> None:
    sulfur = {"name": " SG ", "component": "CYS", "element": "S"}
    lines = [
        "SSBOND   1 CYS A    1    CYS A    7                          1555   1555  2.03",
        "LINK        ZN    ZN A  20                 SG  CYS A   1     1555   1555  2.30",
        "LINK         C1  LIG A  30                 SG BCYS A   7     1555   1555  1.80",
        "LINK         C1  LIG A  30                 SG  CYS A   7     1555   2665  1.80",
        "LINK         C9  LIG A  30                 SG  CYS A   7     1555   1555  1.80",
        atom(**sulfur, number="1"),
        atom(**sulfur, number="7", altloc="A"),
        atom(**sulfur, number="7", altloc="B"),
        atom("ZN  ", " ZN", number="20", element="ZN", record="HETATM"),
        atom(" C1 ", "LIG", number="30", record="HETATM"),
    ]
    links = read(*lines).links
    assert [*zip(links.begin.tolist(), links.end.tolist(), links.kind.tolist(), strict=True)] == [
        (0, 1, LinkKind.DISULFIDE),
        (0, 3, LinkKind.METAL),
        (2, 4, LinkKind.COVALENT),
        (1, 4, LinkKind.COVALENT),
    ]
    assert links.begin_symmetry == Words(["", "", "", "2_665"])
    assert links.end_symmetry is None
    assert links.distance == Fixed([203, 230, 180, 180], 2)
    assert Structure.read_pdb("\n".join(lines)).left_out == (
        "line 5, column 1: a bond whose atoms are not in one model",
    )


def test_other_lines_and_columns_are_not_read() -> None:
    plain = read(atom())
    assert plain == read(
        "HEADER    HYDROLASE",
        "REMARK   2",
        "SEQRES   1 A    1  ALA",
        f"{atom():80}new",
        "CONECT    1    2",
    )
    assert plain == read(f"{atom()[:66]}\t 12  {atom()[72:]}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (atom()[:50], "line 2, column 51: expected coordinates in columns 31 to 54"),
        (atom(xyz="   1.000           3.000"), "column 39: .* not blanks in columns 39 to 46"),
        (atom(xyz="   1.0x0   2.000   3.000"), "column 34: expected a coordinate: .*'1.0x0'"),
        (atom(xyz="  1.5e-3   2.000   3.000"), "without an exponent, not '1.5e-3'"),
        (atom(xyz="     nan   2.000   3.000"), "column 36: .*not 'nan'"),
        (atom(occupancy="   inf"), "column 58: expected an occupancy: .* not 'inf'"),
        (atom(b_factor="  1. 0"), "column 63: expected a B factor"),
        (
            f"{atom(b_factor=' 10.00')[:66]}5{atom()[67:]}",
            "column 67: expected a B factor that ends",
        ),
        (atom(number="12x"), "column 24: expected a residue number, decimal or in hybrid-36"),
        (atom(charge="++"), "column 79: expected a charge such as 2"),
        (atom(xyz="1.2.3.45   2.000   3.000"), "column 31: expected a coordinate"),
    ],
)
def test_a_line_that_is_something_else_is_refused_where_it_is(line: str, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message) as refused:
        read(atom(), line)
    assert str(refused.value).startswith("line 2, ")
    assert refused.value.position > len(atom())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected atoms"),
        ("HEADER    HYDROLASE\nEND\n", "this file has none"),
        ("data_1ABC\nloop_\n_atom_site.id\n1\n", "expected a PDB file; this is CIF"),
    ],
)
def test_a_file_without_atoms_is_refused(text: str, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        Structure.from_pdb(text)


def test_the_content_of_a_file_is_str_or_bytes() -> None:
    with pytest.raises(TypeError, match="as str or bytes, not int"):
        Structure.from_pdb(7)  # type: ignore[arg-type]


def test_any_bytes_are_names() -> None:
    structure = Structure.from_pdb(atom(" C? ").encode().replace(b"?", b"\xff"))
    assert structure.atoms.name[0] == "C\udcff"
    assert Structure.from_pdb(structure.to_pdb()) == structure


def _mmcif_atom(**cells: str) -> str:
    """An mmCIF file of one atom."""
    items = {
        "label_atom_id": "CA", "label_comp_id": "ALA", "label_asym_id": "A", "auth_seq_id": "1",
        "auth_asym_id": "A", "Cartn_x": "1.000", "Cartn_y": "2.000", "Cartn_z": "3.000",
        "type_symbol": "C", **cells,
    }  # fmt: skip
    return "data_x\n" + "".join(f"_atom_site.{item} {cell}\n" for item, cell in items.items())


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"auth_asym_id": "AXZLONG"}, r"at most 1 .* 'AXZLONG' in strands.chain\[0\]"),
        ({"label_atom_id": "C12345"}, r"at most 4 .* 'C12345' in atoms.name\[0\]"),
        ({"label_comp_id": "A1BCD"}, r"at most 4 .* in residues.component\[0\]"),
        ({"pdbx_PDB_ins_code": "AB"}, "residues.insertion"),
        ({"label_alt_id": "AB"}, "atoms.altloc"),
        ({"label_atom_id": "' C'"}, "atoms.name"),
        ({"Cartn_x": "1.00000"}, "PDB holds 3 decimals, not the 5 of atoms.x: round them"),
        ({"B_iso_or_equiv": "1.000"}, "2 decimals, not the 3 of atoms.b_factor"),
        ({"auth_seq_id": "-1000"}, r"-999 to 9999, .* not -1000 in residues.number\[0\]"),
        ({"auth_seq_id": "10000"}, "only in hybrid-36"),
        ({"Cartn_x": "123456.125"}, r"8 characters, not '123456.125' in atoms.x, y, z\[0\]"),
        ({"pdbx_formal_charge": "12"}, r"-9 to \+9, not 12"),
    ],
)
def test_what_pdb_cannot_hold_is_refused_by_name(cells: dict[str, str], message: str) -> None:
    structure = Structure.from_mmcif(_mmcif_atom(**cells))
    with pytest.raises(lg.ConversionError, match=message):
        structure.to_pdb()


def test_many_atoms_are_numbered_in_hybrid_36_by_an_option() -> None:
    line = atom()
    structure = Structure.from_pdb(f"{line}\n" * 100_001)
    with pytest.raises(lg.ConversionError, match="99,999 atoms"):
        structure.to_pdb()
    written = structure.to_pdb(hybrid_36=True)
    serials = re.findall(r"^ATOM  (.{5})", written, re.MULTILINE)
    assert serials[99_998:] == ["99999", "A0000", "A0001"]
    assert Structure.from_pdb(written) == structure


def test_residues_of_the_sequence_that_were_not_seen_have_no_atoms() -> None:
    sequence = "SEQRES   1 A    6  GLY ALA SER ALA VAL GLY"
    seen = [atom(number="12", component="ALA"), atom(number="14", component="ALA")]
    structure = read(sequence, *seen, "TER", atom(" O  ", "HOH", number="90", record="HETATM"))
    residues = structure.residues
    assert [*residues.component] == ["GLY", "ALA", "SER", "ALA", "VAL", "GLY", "HOH"]
    assert residues.number.tolist() == [11, 12, 13, 14, 15, 16, 90]
    assert structure.atoms.residue.tolist() == [1, 3, 6]
    assert residues.strand.tolist() == [0] * 6 + [1]
    models = ["MODEL        1", *seen, "ENDMDL", "MODEL        2", *seen, "ENDMDL"]
    assert len(read(sequence, *models).residues) == 12


@pytest.mark.parametrize(
    "lines",
    [
        [atom(number="12", component="ALA")],  # two places fit
        [atom(number="12", component="TRP")],  # none fits
        [atom(number="1", insertion="A"), atom(number="3")],
        [atom(number="4"), atom(number="2")],
        [atom(number="2"), "TER", atom(number="4")],
        [atom(chain="B")],
    ],
)
def test_a_sequence_that_does_not_align_is_left_out(lines: list[str]) -> None:
    text = "\n".join(["SEQRES   1 A    6  GLY ALA SER ALA VAL GLY", *lines])
    reading = Structure.read_pdb(text)
    assert len(reading.structure.residues) == len([line for line in lines if line != "TER"])
    assert reading.left_out == ("line 1, column 1: a sequence that does not align with chain 'A'",)


def test_cells_that_are_written_differently_are_one_residue() -> None:
    lines = [atom(component="A  "), atom(component=" A "), atom(component="  A", number="01")]
    assert len(read(*lines, atom(component="A  ", segment="   ")).residues) == 1


def test_what_comes_again_is_read_as_the_first_time() -> None:
    # More names, elements and alternative locations than the reader holds at hand.
    draw = random.Random(1)
    lines = [
        atom(
            "".join(draw.choices(" ACH12*", k=4)),
            draw.choice(["ALA", "ALA", "LIG", "HOH"]),
            altloc=draw.choice("  AB"),
            occupancy=draw.choice(["  1.00", "  1.00", "  0.50", "1.00  ", " -1.25", "100.00"]),
            b_factor=draw.choice([" 10.00", "  0.01", "-99.99", "999.99"]),
            element=draw.choice(["C", "c", "N", "CL", "", "Q", " H"]),
        )
        for _ in range(800)
    ]
    lines += draw.choices(lines, k=400)
    atoms, residues = read(*lines).atoms, read(*lines).residues
    for row, line in enumerate(lines):
        alone = Structure.from_pdb(line)
        for column in ("name", "element", "altloc", "occupancy", "b_factor", "charge"):
            assert getattr(atoms, column)[row] == getattr(alone.atoms, column)[0], line
        assert residues.component[atoms.residue[row]] == alone.residues.component[0], line


def test_residues_of_one_component_may_have_other_names() -> None:
    sets: list[list[str]] = [["N", "CA", "C", "O", "CB"], ["N", "CB"], ["CA", "N"], ["XX", "N"], []]
    draw = random.Random(2)
    chosen = [draw.choice(sets) for _ in range(60)]
    point = [f"{draw.uniform(-9, 9):8.3f}" * 3 for _ in range(300)]
    lines = [
        atom(f" {name:3}", "ALA", number=str(number), element=name[0], xyz=point.pop())
        for number, names in enumerate(chosen)
        for name in names
    ]
    structure = read(*lines)
    assert [*structure.atoms.name] == [name for names in chosen for name in names]
    assert lg.decode(lg.encode(structure)) == structure


MODIFIED = [("MSE", "ALA"), ("PCA", "GLY"), ("ALA", "MSE"), ("SEP", "SEP")]


def seqres(*components: str) -> str:
    return f"SEQRES   1 A {len(components):4}  {' '.join(components)}"


@pytest.mark.parametrize("components", MODIFIED)
@pytest.mark.parametrize("name", [" CA ", " N  ", " CB "])
def test_a_residue_that_was_seen_is_not_one_that_was_not(
    components: tuple[str, str], name: str
) -> None:
    """Also where it is of another strand of its chain, and in every model."""
    whole = (*components, "VAL", "ALA", "LEU")
    lines = [
        atom(name, component, number=str(number), record="HETATM" if number < 3 else "ATOM")
        for number, component in enumerate(whole, 1)
        if component not in ("VAL", "LEU")
    ]
    models = ["MODEL        1", *lines, "ENDMDL", "MODEL        2", *lines, "ENDMDL"]
    for text in (lines, models):
        residues = Structure.from_pdb("\n".join([seqres(*whole), *text])).residues
        seen = [*zip(residues.number.tolist(), residues.component, strict=True)]
        assert len(set(seen)) * (1 + (text is models)) == len(seen)


def test_an_alpha_carbon_alone_is_a_backbone() -> None:
    ends = [atom(component="MSE", record="HETATM"), atom(number="2"), atom(number="3")]
    ion = atom("CA  ", "CA", number="4", record="HETATM", element="CA")
    structure = read(*ends, atom(component="SEP", number="4", record="HETATM"), ion)
    assert structure.residues.strand.tolist() == [0, 0, 0, 0, 1]
    assert structure.alpha_carbons().residues.strand.tolist() == [0, 0, 0, 0]


def test_the_backbone_of_a_modified_nucleotide_is_one() -> None:
    names = [" P  ", " O5'", " C5'", " C4'", " C3'", " O3'", " C1'", " N9 "]
    lines = [
        atom(name, component, number=str(number), record=record, element=name[1])
        for number, (component, record) in enumerate([("GTP", "HETATM"), ("G", "ATOM")] * 2, 1)
        for name in names
    ]
    backbone = read(*lines).backbone()
    assert backbone.residues.strand.tolist() == [0, 0, 0, 0]
    assert Structure.from_pdb(backbone.to_pdb()) == backbone
