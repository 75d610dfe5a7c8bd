"""Where RDKit and OpenSMILES differ, or neither decides: what is done, and why."""

from __future__ import annotations

import pytest
from rdkit import Chem

import logos_grammar as lg
from logos_grammar.molecule import Molecule

REFUSED = {
    "": "a molecule has an atom; OpenSMILES and RDKit know an empty one",
    "[#6]": "atomic numbers are SMARTS",
    "[CH10]": "OpenSMILES has one digit; no atom holds ten hydrogens",
    "[C+16]": "OpenSMILES asks for -15 to +15",
    "[1000000000C]": "nine digits; RDKit keeps the remainder by 65536",
    "[C:1000000000]": "nine digits",
    "[Uuo]": "a name that an element had before it had its own",
    "[C@TH](F)(Cl)(Br)I": "OpenSMILES has no class without a number",
    "[Co@OH](F)(Cl)(Br)(N)(S)C": "the same; RDKit means an unknown one of thirty",
    "C=1CC-1": "the two ends of a bond say different things: OpenSMILES calls it invalid",
    "[Pt@SP1](F)1(Cl)Br.I1": "no rule allows the label here, and RDKit reads it before the F",
    "F/C=C/1.Br/1": "the same; RDKit takes one and drops the other",
    "N->1CC[Fe]->1": "the same",
    "CC name": "a text is one SMILES; what reads files parts it from what follows",
    " CC": "the same; OpenSMILES allows no blank before a SMILES",
    "CC |$a;b$|": "extensions say more than a molecule holds",
    "CC\u00e9": "not a character of SMILES; RDKit drops it",
}
READ_THOUGH_RDKIT_DOES_NOT = {
    "C(.C)C": ("CC.C", "OpenSMILES allows a dot at the beginning of a branch"),
    "C1CC(.[Na+])CC1[O-]": ("C1CCCC1[O-].[Na+]", "its own example"),
    "C%00CC%00": ("C1CC1", "two digits are two digits"),
    "C%01CC1": ("C1CC1", "a label is a number"),
    "[013C]": ("[13C]", "a mass number is a number"),
    "[C:001]": ("[C:1]", "so is an atom class"),
}
READ_AS_OTHERS = {
    "[0S]": ("[S]", "RDKit: no isotope; OpenSMILES: another than none"),
    "[C:0]": ("[C]", "OpenSMILES: class 0 is none; RDKit writes the 0"),
    "[HH]": ("[HH]", "RDKit writes it, files hold it; OpenSMILES calls it illegal"),
    "C(C)1CC1": ("C1(C)CC1", "every reader reads it; OpenSMILES has no rule for it"),
    "F/C=C\\\\F": ("F/C=C\\F", "a backslash twice, as escaping leaves it; RDKit reads it, too"),
    "C%(100)CC%(100)": ("C1CC1", "RDKit writes it beyond 99; OpenSMILES has no rule for it"),
    "C~1CC~1": ("C1CC~1", "RDKit reads this bond as single in a ring label, and as any elsewhere"),
    "C~1.C1": ("C~C", "the same"),
    "S1.C[Co@](F)(Cl)(Br)(I)1": ("S[Co@OH30](C)(F)(Cl)(Br)I", "OpenSMILES: @OH1; RDKit: nothing"),
    "F1.OC=[C@]=C1": ("FC=[C@]=CO", "RDKit knows no stereo of allenes"),
    "C1.[S@]1(=O)CC": ("C[S@](=O)CC", "RDKit; elsewhere a lone pair stands like a hydrogen"),
    "C1.[S@]1(C)(=O)CC": ("C[S@](C)(=O)CC", "no lone pair, nothing to decide"),
    "C[S@+](CCC1)O1": ("C[S@+]1CCCO1", "RDKit, which mirrors a lone pair at a single label"),
    "[999999999C]": ("[999999999C]", "RDKit keeps the remainder by 65536"),
    "C/C(\\F)=C/F": ("C/C(\\F)=C/F", "OpenSMILES calls it invalid; RDKit drops the marks"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_some_that_rdkit_reads_are_refused(text: str) -> None:
    assert Chem.MolFromSmiles(text, sanitize=False) is not None
    with pytest.raises(lg.ConversionError):
        Molecule.from_smiles(text)


@pytest.mark.parametrize("text", READ_THOUGH_RDKIT_DOES_NOT)
def test_some_that_rdkit_refuses_are_read(text: str) -> None:
    assert Chem.MolFromSmiles(text, sanitize=False) is None
    assert Molecule.from_smiles(text).to_smiles() == READ_THOUGH_RDKIT_DOES_NOT[text][0]


@pytest.mark.parametrize("text", READ_AS_OTHERS)
def test_some_are_read_as_one_of_them_does(text: str) -> None:
    assert Molecule.from_smiles(text).to_smiles() == READ_AS_OTHERS[text][0]
