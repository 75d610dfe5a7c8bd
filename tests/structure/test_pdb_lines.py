"""Lines of PDB files that are nearly lines of atoms: none is passed over in silence."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

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


@pytest.mark.parametrize("line", ["TER", "TER   ", "TER\t", "TER\t       2      ALA A   2"])
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


@pytest.mark.parametrize("name", ["ALAA", "HISB", "HOHW"])
def test_a_name_that_may_hold_the_letter_of_a_chain_is_told(name: str) -> None:
    reading = Structure.read_pdb(f"{atom(component=name, chain='B')}\n{TWO}")
    assert reading.structure.residues.component[0] == name
    (told,) = reading.left_out
    assert f"column 21 belongs to the name of the component, the first of them '{name}'" in str(
        told
    )


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
