"""Scaffolds: infills of molecules from and to SMILES with attachment points."""

from __future__ import annotations

import pytest

import logos_grammar as lg
from logos_grammar.infill import Infill
from logos_grammar.molecule import BondOrder, Molecule


@pytest.mark.parametrize(
    ("scaffold", "fills", "whole"),
    [
        ("c1cc([*:2])ccc1[*:1]", ["CO[*:1]", "[H][*:2]"], "c1ccccc1OC"),
        ("*c1ccccc1", ["*c1ccccc1"], "c1(-c2ccccc2)ccccc1"),
        ("C(*)*", ["*F", "*Cl"], "C(F)Cl"),
        ("CC(=[*:1])C", ["[*:1]O"], "CC(=O)C"),
        ("CC([*:1])C", ["[*:1]=O"], "CC(=O)C"),
        ("N[C@@H](*)C(=O)O", ["*C"], "N[C@@H](C)C(=O)O"),
        ("c1ccn(*)c1", ["[H]*"], "c1cc[nH]c1"),
        ("[*:1]C.[*:2]N", ["[*:2]F", "[*:1]Cl"], "C(Cl).N(F)"),
    ],
)
def test_scaffolds_are_read_as_tools_write_them(
    scaffold: str, fills: list[str], whole: str
) -> None:
    rdkit = pytest.importorskip("rdkit.Chem")
    read = Infill.from_scaffold(scaffold, fills)
    assert lg.decode(lg.encode(read)) == read
    grown = read.whole()
    assert isinstance(grown, Molecule)
    assert rdkit.CanonSmiles(grown.to_smiles()) == rdkit.CanonSmiles(whole)
    assert Infill.from_scaffold(*read.to_scaffold()) == read


@pytest.mark.parametrize(
    ("scaffold", "fills", "said"),
    [
        ("C*", [], "a fill for each of 1 attachment points, found 0"),
        ("C*", ["CC"], "one attachment point in the fill 'CC', found 0"),
        ("C*", ["*CC*"], "one attachment point in the fill .*, found 2"),
        ("C[*:1]", ["[*:2]C"], r"numbers \[1\], each once, found \[2\]"),
        (
            "C[*:1]",
            ["[*:1]O.Cl"],
            r"one component in the fill '\[\*:1\]O.Cl', not 1 atoms beside it",
        ),
        ("C[*:1]", ["Cl.[*:1]O"], "one component in the fill"),
        ("C[*:1]", ["[H][*:1].[Na+]"], "one component in the fill"),
        ("C=*", ["*#C"], "one bond order in the scaffold and in .*, found DOUBLE and TRIPLE"),
    ],
)
def test_scaffolds_that_do_not_fit_are_refused(scaffold: str, fills: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Infill.from_scaffold(scaffold, fills)


@pytest.mark.parametrize(
    ("scaffold", "fills"),
    [
        (r"F/C=C\[*:1]", ["[*:1]/C=C/Cl"]),
        (r"F/C=C\[*:1]", [r"[*:1]\C=C/Cl"]),
        (r"F/C=C/[*:1]", [r"[*:1]\C(Br)=C(\C=C/I)C/C=C\Cl"]),
        (r"C/[*:1]", [r"F/C=C/[*:1]"]),
        (r"F/C=C\[*:1]", [r"[*:1]/C1=C(/CCCC1)F"]),
        ("F/C=C(/Cl)[*:1]", ["[*:1]/C=C/F"]),
        ("F/C=C(/Cl)[*:1]", [r"[*:1]\C=C/F"]),
        ("F/C=C/[*:1]", ["[*:1]C(/Br)=C/F"]),
        ("F/C=C/[*:1]", [r"[*:1]C(\Br)=C/F"]),
        ("F/C=C(/Cl)[*:1]", ["[*:1]C(/Br)=C/F"]),
        ("C(C/C(Cl)=C/[*:1])([*:2])C", [r"[*:1]\C=C/F", "[*:2]/C=C/F"]),
        ("C(/C(Cl)=C/F)(C=[*:1])[*:2]", ["[*:1]C", r"[*:2]\C=C/F"]),
        (r"[*:1]/C(=C/C)\[*:2]", [r"[*:1]\C=C/F", r"[*:2]\C=C/Cl"]),
        (r"[*:1]/C(=C/C)\[*:2]", ["[*:1]/C=C/F", "[*:2]C"]),
        (r"[*:1]/C(=C/C)[*:2]", [r"[*:1]/C=C/F", "[*:2]/C=C/Cl"]),
        (r"OC(/C=C/[*:1])[*:2]", ["CCCCCC(O)[*:2]", r"O=C([O-])CCCC(O)\C=C/C=C/C=C/[*:1]"]),
    ],
)
def test_directions_are_relative_to_double_bonds_of_their_own(
    scaffold: str, fills: list[str]
) -> None:
    r"""It was refused where one said ``/`` and the other ``\`` of the bond between them."""
    rdkit = pytest.importorskip("rdkit.Chem")
    read = Infill.from_scaffold(scaffold, fills)
    zipped = rdkit.molzip(rdkit.MolFromSmiles(".".join([scaffold, *fills])))
    whole = read.whole()
    assert isinstance(whole, Molecule)
    assert rdkit.CanonSmiles(whole.to_smiles()) == rdkit.CanonSmiles(rdkit.MolToSmiles(zipped))
    assert Infill.from_scaffold(*read.to_scaffold()) == read


def test_a_direction_that_says_nothing_of_the_bond_stays() -> None:
    read = Infill.from_scaffold(r"F/C=C\[*:1]", ["[*:1]/C=C/CC/C=C/Cl"])
    assert read.to_scaffold()[1] == (r"[*:1]\C=C\CC/C=C/Cl",)


@pytest.mark.parametrize("text", [r"F/C=C/Cl", r"F/C=C\Cl", "F/C=C/C=C/Cl", r"CC/C(F)=C(/CO)\Cl"])
def test_other_tools_join_what_is_written_without_losing_stereo(text: str) -> None:
    """A bond that was cut beside a double bond has its direction in the scaffold, too."""
    rdkit = pytest.importorskip("rdkit.Chem")
    whole, count = Molecule.from_smiles(text), 0
    for begin, end, order in zip(whole.begin, whole.end, whole.order, strict=True):
        if order == BondOrder.DOUBLE:
            continue
        for bond in ((int(begin), int(end)), (int(end), int(begin))):
            infill = Infill.from_molecule(whole, bonds=[bond])
            scaffold, fills = infill.to_scaffold()
            assert Infill.from_scaffold(scaffold, fills) == infill
            zipped = rdkit.molzip(rdkit.MolFromSmiles(".".join([scaffold, *fills])))
            assert rdkit.CanonSmiles(rdkit.MolToSmiles(zipped)) == rdkit.CanonSmiles(text)
            count += 1
    assert count >= 4
