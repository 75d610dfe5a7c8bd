"""Nasty files by name: what is right for each, where the real files stand beside the checkout."""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.structure import Structure

ARCHIVES: Final = ("protein_structures/nasty/nasty_structures", "protein_structures/structures")


def altlocs(structure: Structure) -> str:
    return "".join(structure.atoms.altloc.words)


def insertions(structure: Structure) -> str:
    return "".join(structure.residues.insertion.words)


def chains(structure: Structure) -> tuple[str, ...]:
    return structure.strands.chain.words


def segments(structure: Structure) -> tuple[str, ...]:
    return () if structure.strands.segment is None else structure.strands.segment.words


def charges(structure: Structure) -> list[int]:
    return sorted({int(charge) for charge in structure.atoms.charge})


def decimals(structure: Structure) -> int:
    return structure.atoms.x.decimals


def occupancies(structure: Structure) -> Any:
    column = structure.atoms.occupancy
    return column and (column.decimals, int(column.scaled.max()))


def unnamed(structure: Structure) -> int:
    return int((structure.atoms.name == "").sum())


def models(structure: Structure) -> list[int]:
    return [int(number) for number in structure.models.number]


def unseen(structure: Structure) -> int:
    return len(structure.residues) - len(np.unique(structure.atoms.residue))


def links(structure: Structure) -> int:
    return len(structure.links)


def elements(structure: Structure) -> set[str]:
    return set(structure.atoms.element.words)


def components_at(number: int) -> Callable[[Structure], list[str]]:
    def found(structure: Structure) -> list[str]:
        residues = structure.residues
        return sorted({*residues.component[residues.number == number]})

    return found


RIGHT: Final[dict[str, tuple[int, dict[Callable[[Structure], Any], Any]]]] = {
    "1k6p.pdb": (1760, {altlocs: "12"}),
    "1k6p.cif": (1760, {altlocs: "12"}),
    "1EN2.pdb": (819, {altlocs: "ABC", unseen: 3, links: 12}),
    "1EN2.cif": (819, {altlocs: "ABC", unseen: 3, links: 12}),
    "3JQH.cif": (238, {altlocs: "ABC", unseen: 144}),
    "1pfe.cif": (342, {altlocs: "AB", links: 34}),
    "3U7T.cif": (721, {altlocs: "AB", components_at(22): ["PRO", "SER"]}),
    "dummy_altloc.pdb": (26, {components_at(22): ["PRO", "SER"]}),
    "dummy_altloc3.pdb": (35, {altlocs: "AB"}),
    "a_structure.pdb": (901, {altlocs: "ABC", insertions: "A"}),
    "1orc.pdb": (559, {insertions: "ABCDE", altlocs: "AB"}),
    "1a4w.pdb": (2439, {insertions: "ABCDEFGHIJK", unseen: 3}),
    "4ZHL.cif": (2080, {insertions: "ABCD"}),
    "1dix.pdb": (1748, {insertions: "X", links: 5}),
    "5digitResid.pdb": (5, {insertions: "0", segments: ("TIP3",)}),
    "5tbm_complex_solv.pdb": (1837, {unnamed: 7}),
    "noelem_rec.pdb": (5113, {charges: [-1, 0, 1]}),
    "1A00.pdb": (4770, {links: 4}),
    "sameresid_diffresname.pdb": (2, {components_at(9): ["GLN", "POPC"]}),
    "chainIDrepeat.pdb": (32, {chains: ("A", "B", "C", "D")}),
    "big_cube_model.cif": (1367, {chains: ("AXZLONG",), decimals: 5}),
    "1hh0_4char.cif": (691, {chains: ("ABCD",)}),
    "1m4n_A_rec_wrong.pdb": (42, {chains: ("A",), segments: ("A", "B")}),
    "1az5_charges.cif": (940, {charges: [-1, 0, 1, 2, 3, 4], unseen: 4}),
    "1az5_charges.pdb": (940, {unseen: 4}),
    "4DFR.pdb": (3035, {occupancies: (2, 119)}),
    "non_canon_atom.cif": (7, {occupancies: (3, 3000)}),
    "difficult_mmcif_quoting.cif": (4, {chains: ("B",)}),
    "1c4q_bio.cif": (3184, {decimals: 3, occupancies: (1, 10)}),
    "mini_nonpoly.cif": (2, {occupancies: None}),
    "1gid.cif": (4612, {chains: ("",), occupancies: None}),
    "standardaminos.pdb": (167, {occupancies: (0, 1), chains: ("",)}),
    "1LCD.pdb": (3384, {models: [1, 2, 3]}),
    "hetatm_ensemble.pdb": (40, {models: [1, 2]}),
    "104D_v23.pdb": (766, {segments: (), charges: [0]}),
    "114D.pdb": (552, {segments: (), charges: [0]}),
    "1D66.pdb": (1762, {segments: (), charges: [0], unseen: 18}),
    "pdb1gdr.ent": (105, {segments: (), elements: {"C"}}),
    "5yh0.pdb": (37919, {unseen: 2126, links: 47}),
    "2GFB.pdb": (26336, {insertions: "ABC"}),
    "7ptl.pdb": (23080, {}),
}
REFUSED: Final = {
    "1AKE_err_a.pdb": "line 7, column 39: expected a coordinate: .* not blanks",
    "1AKE_err_b.pdb": "line 5, column 21: expected coordinates",
    "fullerene.pdb": "line 1, column 58: expected an occupancy: .* not 'inf'",
    "1AKE_err.cif": "line 43, column 33: expected the number of a model, not",
    "testFileWithStopTokens.cif": "line 17, column 1: .* reserved word 'stop_'",
    "extra_blank_field.cif": "this is the CIF of a crystal",
    "4Q9R_min.cif": "expected an atom table",
    "header.pdb": "expected atoms",
}
BLANK: Final = ("varying_occ_tmp.pdb", "occupancy.pdb", "odd01.pdb")


@pytest.fixture(scope="module")
def texts(real_data: Path) -> dict[str, bytes]:
    """The content of the files by their name without folders."""
    found: dict[str, bytes] = {}
    for archive in ARCHIVES:
        with (
            lzma.open(real_data / f"{archive}.tar.xz") as content,
            tarfile.open(fileobj=content) as members,
        ):
            for member in members:
                file = members.extractfile(member)
                if file is not None:
                    found.setdefault(member.name.rpartition("/")[2], file.read())
    return found


def read(text: bytes, name: str, **options: Any) -> Structure:
    method = Structure.from_mmcif if name.endswith(".cif") else Structure.from_pdb
    return method(text, **options)


@pytest.mark.parametrize("name", RIGHT)
def test_a_nasty_file_is_read_right_and_written_back(name: str, texts: dict[str, bytes]) -> None:
    structure = read(texts[name], name)
    atoms, facts = RIGHT[name]
    found = {fact.__name__: fact(structure) for fact in facts}
    assert (len(structure), found) == (
        atoms,
        {fact.__name__: right for fact, right in facts.items()},
    )
    written = structure.to_mmcif() if name.endswith(".cif") else structure.to_pdb(hybrid_36=True)
    assert read(written.encode("utf-8", "surrogateescape"), name) == structure


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_the_reason(name: str, texts: dict[str, bytes]) -> None:
    with pytest.raises(lg.ConversionError, match=REFUSED[name]):
        read(texts[name], name)


@pytest.mark.parametrize("name", BLANK)
def test_a_file_with_blank_occupancies_is_read_by_an_option(
    name: str, texts: dict[str, bytes]
) -> None:
    with pytest.raises(lg.ConversionError, match="expected an occupancy, as other atoms have one"):
        read(texts[name], name)
    assert len(read(texts[name], name, blank_occupancy="one")) > 0


def test_binary_files_are_refused(texts: dict[str, bytes]) -> None:
    binary = [text for name, text in texts.items() if name.endswith((".bcif", ".mmtf"))]
    assert len(binary) > 20
    for text in binary:
        for method in (Structure.from_pdb, Structure.from_mmcif):
            with pytest.raises(lg.ConversionError):
                method(text)
