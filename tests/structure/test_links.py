"""Links between residues: read, written, said in a sentence, and refused where they are none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import LinkKind, Links, Structure

ATOMS = [
    "ATOM      1  SG  CYS A   1       0.000   0.000   0.000  1.00 10.00           S",
    "ATOM      2  SG  CYS A   5       2.000   0.000   0.000  1.00 10.00           S",
    "HETATM    3 ZN    ZN A   9       4.000   0.000   0.000  1.00 10.00          ZN",
]
BONDS = [
    "SSBOND   1 CYS A    1    CYS A    5                          1555   2655  2.03",
    "LINK         SG  CYS A   1                ZN    ZN A   9     1555   1555",
    "LINK        ZN    ZN A   9                ZN    ZN A   9     3555   1555  3.1",
]


@pytest.fixture
def structure() -> Structure:
    return Structure.from_pdb("\n".join([*BONDS, *ATOMS, "END", ""]))


def test_links_have_kinds_operators_and_distances(structure: Structure) -> None:
    links = structure.links
    assert links.begin.tolist() == [0, 2, 0]
    assert links.end.tolist() == [1, 2, 2]
    assert links.kind.tolist() == [LinkKind.DISULFIDE, LinkKind.METAL, LinkKind.METAL]
    assert links.begin_symmetry == Words(["", "3_555", ""])
    assert links.end_symmetry == Words(["2_655", "", ""])
    assert links.distance == Fixed([203, 310, 0], 2)
    assert links.distance_state is not None
    assert links.distance_state.tolist() == [0, 0, 1]


def test_links_come_back_from_ids_and_files(structure: Structure) -> None:
    assert lg.decode(lg.encode(structure)) == structure
    assert Structure.from_pdb(structure.to_pdb()) == structure
    back = Structure.from_mmcif(structure.to_mmcif())
    assert back.links == structure.links
    assert lg.decode(lg.encode(back)) == back


def test_a_structure_without_links_has_the_sentence_of_one_that_never_had_some(
    structure: Structure,
) -> None:
    bare = structure.without_links()
    assert bare == Structure.from_pdb("\n".join([*ATOMS, "END", ""]))
    assert lg.decode(lg.encode(bare)) == bare
    assert len(structure.links) == 3


@pytest.mark.parametrize("kind", LinkKind)
def test_every_kind_is_a_connection_of_mmcif(structure: Structure, kind: LinkKind) -> None:
    some = replace(structure.links, kind=np.full(3, kind))
    other = replace(structure, links=some)
    assert Structure.from_mmcif(other.to_mmcif()).links == some
    assert lg.decode(lg.encode(other)) == other
    is_bond = kind not in {
        LinkKind.HYDROGEN_BOND, LinkKind.SALT_BRIDGE, LinkKind.MISMATCH, LinkKind.MODIFICATION,
    }  # fmt: skip
    assert len(Structure.from_pdb(other.to_pdb()).links) == (3 if is_bond else 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": [1, 2, 10]}, r"a kind of link is 0 to 9.*, in links.kind\[2\]"),
        ({"begin": [1, 2, 3]}, r"a link begins at its earlier atom.*, in links.begin\[2\]"),
        ({"end": [1, 0, 2]}, r"in the order of their later atoms.*, in links.end\[1\]"),
        ({"end": [1, 2, 3]}, r"in the order of their later atoms.*, in links.end\[2\]"),
        ({"distance_state": [0, 1, 1]}, r"has state 1 and is 0.*, in links.distance\[1\]"),
        ({"distance_state": [0, 0, 2]}, r"has state 1 and is 0.*, in links.distance\[2\]"),
        ({"distance_state": [0, 0, 0]}, r"has one that is not 0.*, in links.distance_state\[0\]"),
        ({"distance": None}, r"and its column.*, in links.distance_state\[0\]"),
        ({"begin_symmetry": Words(["", "", ""])}, r"is absent.*, in links.begin_symmetry\[0\]"),
    ],
)
def test_what_is_no_table_of_links_is_refused(
    structure: Structure, changes: dict[str, Any], message: str
) -> None:
    wrong = replace(structure, links=replace(structure.links, **changes))
    with pytest.raises(lg.GrammarError, match=message):
        lg.encode(wrong)


def test_a_link_may_be_a_thousand_atoms_long() -> None:
    waters = [
        f"HETATM{n:5}  O   HOH A{n:4}       0.000   0.000   0.000  1.00 10.00           O"
        for n in range(1, 1203)
    ]
    structure = Structure.from_pdb("\n".join([*waters, "END", ""]))
    far = Links(
        begin=np.array([0, 1], np.uint32),
        end=np.array([1201, 1201], np.uint32),
        kind=np.array([0, 3], np.uint8),
    )
    linked = replace(structure, links=far)
    assert lg.decode(lg.encode(linked)) == linked
