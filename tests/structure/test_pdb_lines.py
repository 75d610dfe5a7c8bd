"""Lines of PDB files that are nearly lines of atoms: none is passed over in silence."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from logos_grammar.columns import Words
from logos_grammar.error import ConversionError
from logos_grammar.structure import Structure
from structure.test_pdb import atom

TWO = f"{atom(number='1')}\n{atom(number='2')}\n"


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    marked = b"\xef\xbb\xbf" + TWO.encode()
    assert Structure.from_pdb(marked) == Structure.from_pdb(TWO)
    assert Structure.from_pdb("\ufeff" + TWO) == Structure.from_pdb(TWO)


@pytest.mark.parametrize("text", [TWO, TWO[: TWO.index("\n")].rstrip() + "\nEND\nTER\n"])
def test_lines_that_end_with_cr_alone_are_refused(text: str) -> None:
    with pytest.raises(ConversionError, match="lines that end with LF or CR LF, found CR alone"):
        Structure.from_pdb(text.replace("\n", "\r"))


@pytest.mark.parametrize("begin", ["atom  ", "Atom  ", "hetatm", "ATOM\t ", " ATOM ", "\tATOM "])
def test_what_is_like_an_atom_is_refused_where_it_stands(begin: str) -> None:
    with pytest.raises(ConversionError, match=r"line 3, column 1: expected (ATOM|HETATM) in cap"):
        Structure.from_pdb(TWO + begin + atom(number="3")[6:] + "\n")


@pytest.mark.parametrize("begin", ["ATOMA ", "ATOMS ", "HETATX", "HETAT1", "HETA  ", "atomx "])
def test_a_line_with_coordinates_that_begins_nearly_as_an_atom_is_refused(begin: str) -> None:
    line = begin + atom(number="3")[6:]
    with pytest.raises(ConversionError, match=r"line 3, column 1: expected (ATOM|HETATM) in cap"):
        Structure.from_pdb(f"{TWO}{line}\n")
    without = line[:30] + "of no coordinates, of the weights"
    assert Structure.from_pdb(f"{TWO}{without}\n") == Structure.from_pdb(TWO)


BEFORE = ["\0", "\x1a", "\x0c", "\x7f", "\ufeff", "\0\0 "]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("record", ["ATOM", "HETATM", "CRYST1", "TER", "ANISOU", "ENDMDL", "END"])
def test_characters_that_are_not_printed_do_not_hide_a_record(before: str, record: str) -> None:
    with pytest.raises(ConversionError, match=rf"line 3, column 1: expected {record} in capital"):
        Structure.from_pdb(f"{TWO}{before}{record}\n")


@pytest.mark.parametrize("line", ["MODEL2", "MODEL12345", "END1", "model3"])
def test_a_number_that_touches_a_record_does_not_hide_it(line: str) -> None:
    with pytest.raises(ConversionError, match=r"line 3, column 1: expected (MODEL|END) in capital"):
        Structure.from_pdb(f"{TWO}{line}\n")


RECORDS = ["ANISOU", "TER", "MODEL", "ENDMDL", "END", "CRYST1", "SSBOND", "SEQRES"]


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("change", [str.lower, str.title, "       {}".format, "\t{}".format])
def test_what_is_like_a_record_is_refused_where_it_stands(
    record: str, change: Callable[[str], str]
) -> None:
    with pytest.raises(ConversionError, match=rf"line 3, column 1: expected {record} in capital"):
        Structure.from_pdb(TWO + change(record) + "\n")


OTHERS = ["ATOMIC WEIGHTS", "REMARK ATOM", "HETNAM     ATP", "atoms", "Model of a dimer", "End of"]


@pytest.mark.parametrize("line", OTHERS)
def test_other_records_are_passed_over(line: str) -> None:
    assert Structure.from_pdb(TWO + line + "\n") == Structure.from_pdb(TWO)


@pytest.mark.parametrize(
    "line", ["TER", "TER   ", "TER\t", "TER\t       2      ALA A   2", "TER  100000"]
)
def test_an_end_of_a_chain_may_have_a_tab_behind_it(line: str) -> None:
    one, two = TWO.splitlines(keepends=True)
    assert Structure.from_pdb(f"{one}{line}\n{two}").residues.strand.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("name", "component", "element"),
    [
        ("SE  ", "SEC", "Se"),
        ("SE  ", "MSE", "Se"),
        (" SG ", "CYS", "S"),
        ("CA  ", "ALA", "C"),
        (" OXT", "GLY", "O"),
        ("HG11", "VAL", "H"),
        (" P  ", "DA", "P"),
        ("CA  ", "CA", "Ca"),
    ],
)
def test_an_element_that_is_not_given_is_that_of_the_atom_of_the_residue(
    name: str, component: str, element: str
) -> None:
    structure = Structure.from_pdb(atom(name, component, element="") + "\n")
    assert list(structure.atoms.element) == [element]


NAMES = ["ALA", "HIS", "HOH", " DA", " DT", " DN", "  A", "  U", "  N", " ZN", "  K", "UNK", "ASX"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_may_hold_the_letter_of_a_chain_is_told(name: str) -> None:
    reading = Structure.read_pdb(f"{atom(component=name + 'W', chain='B')}\n{TWO}")
    component = f"{name}W".strip()
    assert reading.structure.residues.component[0] == component
    (told,) = reading.left_out
    assert (
        f"column 21 belongs to the name of the component, the first of them '{component}'" in told
    )


@pytest.mark.parametrize("name", ["SN A", "DA A", "A  B", " A B"])
def test_a_component_with_a_blank_inside_is_refused(name: str) -> None:
    line = atom(number="3").replace("ALA ", name)
    place = 18 + len(name) - len(name.lstrip())
    reason = rf"line 3, column {place}: expected the name of a component, without a blank inside"
    with pytest.raises(ConversionError, match=reason):
        Structure.from_pdb(f"{TWO}{line}\n")
    held = Structure.from_pdb(TWO)
    words = Words([name.strip(), "ALA"])
    other = replace(held, residues=replace(held.residues, component=words))
    with pytest.raises(ConversionError, match="its file is refused"):
        other.to_pdb()


@pytest.mark.parametrize("name", ["HEMA", "POPC", "LIGA", "TIP3"])
def test_names_of_four_characters_of_no_residue_are_names(name: str) -> None:
    reading = Structure.read_pdb(f"{atom(component=name)}\n{TWO}")
    assert (reading.structure.residues.component[0], reading.left_out) == (name, ())


def test_a_name_of_four_letters_that_begins_as_no_residue_is_read() -> None:
    assert Structure.read_pdb(f"{atom(component='POPC')}\n").left_out == ()


def test_many_bonds_without_atoms_take_a_line_each() -> None:
    link = f"{'LINK':12} CA  ALA A   8                 CA  ALA A   9".ljust(80) + "\n"

    def seconds(count: int) -> float:
        begin = time.process_time()
        assert len(Structure.read_pdb(link * count + TWO).left_out) == count
        return time.process_time() - begin

    seconds(100)
    assert seconds(32_000) < 24 * max(seconds(4_000), 0.005)
