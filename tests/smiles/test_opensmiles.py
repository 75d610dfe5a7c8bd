"""The published OpenSMILES: what each of its sections shows is read, and is written as expected.

Source: <http://opensmiles.org/opensmiles.html>; the sections are those of its chapter 3.
"""

from __future__ import annotations

import pytest
from rdkit import Chem

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from smiles.meaning import Atom, facts, read

ATOMS = {
    "[U]": "[U]",
    "[Pb]": "[Pb]",
    "[He]": "[He]",
    "[*]": "[*]",
    "*": "*",
    "[Rf]": "[Rf]",
    "[Og]": "[Og]",
    "[Sc]": "[Sc]",
    "[Sn]": "[Sn]",
    "[Cn]": "[Cn]",
    "[No]": "[No]",
    "Sc1ccccc1": "Sc1ccccc1",
    "Oc1c(*)cccc1": "Oc1c(*)cccc1",
    "BrB(Cl)I": "BrB(Cl)I",
    "FP(S)N": "FP(S)N",
}
HYDROGENS = {
    "[CH4]": "[CH4]",
    "[ClH]": "[ClH]",
    "[ClH1]": "[ClH]",
    "[CH0]": "[C]",
    "[CH1]": "[CH]",
    "[C]": "[C]",
    "[CH9]": "[CH9]",
    "[H][H]": "[H][H]",
    "[H+]": "[H+]",
    "[H]C([H])([H])[H]": "[H]C([H])([H])[H]",
    "[H][CH2][H]": "[H][CH2][H]",
    "[2H][CH2]C": "[2H][CH2]C",
    "[nH]1cccc1": "[nH]1cccc1",
    "[HH]": "[HH]",  # RDKit writes it so
}
CHARGES = {
    "[Cl-]": "[Cl-]",
    "[OH1-]": "[OH-]",
    "[OH-1]": "[OH-]",
    "[Cu+2]": "[Cu+2]",
    "[Cu++]": "[Cu+2]",
    "[S--]": "[S-2]",
    "[Fe+15]": "[Fe+15]",
    "[Fe-15]": "[Fe-15]",
    "[Fe+03]": "[Fe+3]",
    "[Fe+0]": "[Fe]",
    "[Fe-0]": "[Fe]",
}
ISOTOPES = {
    "[13CH4]": "[13CH4]",
    "[2H+]": "[2H+]",
    "[238U]": "[238U]",
    "[02H]": "[2H]",
    "[002H]": "[2H]",
    "[36Cl]": "[36Cl]",
    "[999C]": "[999C]",
    "[1000C]": "[1000C]",
    "[1000000C]": "[1000000C]",
    "[123456789C]": "[123456789C]",
    "[0S]": "[S]",  # OpenSMILES tells them apart, RDKit does not, and no file does
}
CLASSES = {
    "[CH4:2]": "[CH4:2]",
    "[NH4+:005]": "[NH4+:5]",
    "[CH2:5]": "[CH2:5]",
    "[CH4:0]": "[CH4]",
    "[C:9999]": "[C:9999]",
    "[C:1002003]": "[C:1002003]",
    "[C:999999999]": "[C:999999999]",
    "[*:1]C": "[*:1]C",
    "[2*:1]C": "[2*:1]C",
}
BONDS = {
    "CC": "CC",
    "NCCCC": "NCCCC",
    "C=C": "C=C",
    "C#N": "C#N",
    "CC#CC": "CC#CC",
    "CCC=O": "CCC=O",
    "[Rh-](Cl)(Cl)(Cl)(Cl)$[Rh-](Cl)(Cl)(Cl)Cl": "[Rh-](Cl)(Cl)(Cl)(Cl)$[Rh-](Cl)(Cl)(Cl)Cl",
    "C-C": "CC",
    "C-C-O": "CCO",
    "C-C=C-C": "CC=CC",
    "C(-C)-C": "C(C)C",
    "C:C": "C:C",
    "c:c": "cc",
    "c-c": "c-c",
    "c=c": "c=c",
    "C~C": "C~C",
    "N->[Fe]": "N->[Fe]",
    "[Fe]<-N": "[Fe]<-N",
}
BRANCHES = {
    "CCC(CC)CO": "CCC(CC)CO",
    "CC(C)C(=O)C(C)C": "CC(C)C(=O)C(C)C",
    "OCC(CCC)C(C(C)C)CCC": "OCC(CCC)C(C(C)C)CCC",
    "OS(=O)(=S)O": "OS(=O)(=S)O",
    "C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C(C))))))))))))))))))))C": "C(CCCCCCCCCCCCCCCCCCCC)C",
    "C(C)": "CC",
    "C(C)(C)": "C(C)C",
    "C(C(C))": "CCC",
    "C(=O)": "C=O",
}
RINGS = {
    "C1CCCCC1": "C1CCCCC1",
    "N1CC2CCCCC2CC1": "N1CC2CCCCC2CC1",
    "C=1CCCCC=1": "C1CCCCC=1",
    "C=1CCCCC1": "C1CCCCC=1",
    "C1CCCCC=1": "C1CCCCC=1",
    "C-1CCCCC1": "C1CCCCC1",
    "C1CCCCC1C1CCCCC1": "C1CCCCC1C1CCCCC1",
    "C1CCCCC1C2CCCCC2": "C1CCCCC1C1CCCCC1",
    "C0CCCCC0": "C1CCCCC1",
    "C%25CCCCC%25": "C1CCCCC1",
    "C1CCCCC%01": "C1CCCCC1",
    "C%00CCCCC%00": "C1CCCCC1",
    "C%00CCCCC0": "C1CCCCC1",
    "C%123CCCC%12CC3": "C12CCCC1CC2",
    "C12(CCCCC1)CCCCC2": "C12(CCCCC1)CCCCC2",
    "C2CCCCC2": "C1CCCCC1",
    "C%(7)CCCCC7": "C1CCCCC1",
    "C%(100)CCCCC%(100)": "C1CCCCC1",
    "C%(99999)CCCCC%(99999)": "C1CCCCC1",
    "C1CCC(C1)": "C1CCCC1",
    "C(C)1CCCC1": "C1(C)CCCC1",  # no rule allows the label here, but writers do write it
    "C(C)=1CCCC=1": "C1(C)CCCC=1",
    "C(C1)CCC1": "C1CCCC1",
    "N->1CC[Fe]1": "N1CC[Fe]<-1",
    "N1CC[Fe]<-1": "N1CC[Fe]<-1",
    "N->1CC[Fe]<-1": "N1CC[Fe]<-1",
}
AROMATIC = {
    "c1ccccc1": "c1ccccc1",
    "C1=CC=CC=C1": "C1=CC=CC=C1",
    "c1ccc2CCCc2c1": "c1ccc2CCCc2c1",
    "C1=CC=CC(CCC2)=C12": "C1=CC=CC2CCCC=21",
    "c1occc1": "c1occc1",
    "C1OC=CC=1": "C1OC=CC=1",
    "c1ccc1": "c1ccc1",
    "C1=CC=C1": "C1=CC=C1",
    "c1ccccc1-c2ccccc2": "c1ccccc1-c1ccccc1",
    "c:1:c:c:c:c:c:1": "c1ccccc1",
    "c-1ccccc-1": "c1ccccc-1",
    "[se]1cccc1": "[se]1cccc1",
    "[te]1cccc1": "[te]1cccc1",
    "[asH]1cccc1": "[asH]1cccc1",
    "[si]1ccccc1": "[si]1ccccc1",
    "b1ccccc1": "b1ccccc1",
    "p1ccccc1": "p1ccccc1",
    "s1cccc1": "s1cccc1",
    "CccccC": "CccccC",
}
DOTS = {
    "[Na+].[Cl-]": "[Na+].[Cl-]",
    "Oc1ccccc1.NCCO": "Oc1ccccc1.NCCO",
    "[NH4+].[NH4+].[O-]S(=O)(=O)[S-]": "[NH4+].[NH4+].[O-]S(=O)(=O)[S-]",
    "c1cc(O.NCCO)ccc1": "c1cc(O)ccc1.NCCO",
    "Oc1cc(.NCCO)ccc1": "Oc1ccccc1.NCCO",
    "C1CC(.[Na+])CC1[O-]": "C1CCCC1[O-].[Na+]",
    "C1.C1": "CC",
    "C1.C12.C2": "CCC",
    "c1c2c3c4cc1.Br2.Cl3.Cl4": "c1c(c(c(cc1)Cl)Cl)Br",
    "C=1.C1": "C=C",
    "C1.C=1": "C=C",
    "C1.C2.C12": "CCC",
}
MARKS = {
    "N[C@](Br)(O)C": "N[C@](Br)(O)C",
    "N[C@@](Br)(C)O": "N[C@@](Br)(C)O",
    "N[C@H](O)C": "N[C@H](O)C",
    "N[C@TH1](Br)(O)C": "N[C@](Br)(O)C",
    "N[C@TH2](Br)(O)C": "N[C@@](Br)(O)C",
    "[C@@](C)(Br)(O)N": "[C@@](C)(Br)(O)N",
    "FC1C[C@](Br)(Cl)CCC1": "FC1C[C@](Br)(Cl)CCC1",
    "[C@]1(Br)(Cl)CCCC(F)C1": "[C@]1(Br)(Cl)CCCC(F)C1",
    "F/C=C/F": "F/C=C/F",
    "F\\C=C\\F": "F\\C=C\\F",
    "C(\\F)=C/F": "C(\\F)=C/F",
    "F/C(CC)=C/F": "F/C(CC)=C/F",
    "F/C=C=C=C/F": "F/C=C=C=C/F",
    "C/1=C/C=C\\C=C/C=C\\1": "C1=C/C=C\\C=C/C=C\\1",
    "F/C=C/C/C=C\\C": "F/C=C/C/C=C\\C",
    "F/C=C/CC=CC": "F/C=C/CC=CC",
    "N1[C@H](Cl)[C@@H](Cl)C(Cl)CC1": "N1[C@H](Cl)[C@@H](Cl)C(Cl)CC1",
    "NC(Br)=[C@]=C(O)C": "NC(Br)=[C@]=C(O)C",
    "NC(Br)=[C@AL2]=C(O)C": "NC(Br)=[C@AL2]=C(O)C",
    "F[Po@SP1](Cl)(Br)I": "F[Po@SP1](Cl)(Br)I",
    "S[As@@](F)(Cl)(Br)N": "S[As@@](F)(Cl)(Br)N",
    "S[As@TB20](F)(Cl)(Br)N": "S[As@TB20](F)(Cl)(Br)N",
    "S[As@TB05](F)(N)(Cl)Br": "S[As@TB5](F)(N)(Cl)Br",
    "C[Co@OH30](F)(Cl)(Br)(I)S": "C[Co@OH30](F)(Cl)(Br)(I)S",
    "C/C(\\F)=C/F": "C/C(\\F)=C/F",  # impossible, but written as all others are
    "Br[C@H](Br)C": "Br[C@H](Br)C",  # no stereo centre, but a mark is a mark
}
SECTIONS = {
    "atoms": ATOMS,
    "hydrogens": HYDROGENS,
    "charges": CHARGES,
    "isotopes": ISOTOPES,
    "atom classes": CLASSES,
    "bonds": BONDS,
    "branches": BRANCHES,
    "rings": RINGS,
    "aromaticity": AROMATIC,
    "dots": DOTS,
    "stereo": MARKS,
}
CASES = [
    pytest.param(text, written, id=f"{section}: {text}")
    for section, cases in SECTIONS.items()
    for text, written in cases.items()
]

SAME_MOLECULE = [
    ["C", "[CH4]"],
    ["CCO", "OCC", "C(O)C", "C-C-O", "[CH3][CH2][OH]"],
    ["CC", "C1.C1", "C-C", "C0.C0", "C%50.C%50"],
    ["CCC", "C1.C12.C2", "C1.C1C", "C(C)C"],
    ["Clc1c(Br)cccc1Cl", "c1c2c3c4cc1.Br2.Cl3.Cl4"],
    ["Oc1ccccc1.NCCO", "c1cc(O.NCCO)ccc1", "Oc1cc(.NCCO)ccc1"],
    ["C1CCCCC1", "C0CCCCC0", "C%25CCCCC%25", "C1CCCCC%01", "C%00CCCCC%00"],
    ["C=1CCCCC1", "C1CCCCC=1", "C=1CCCCC=1"],
    ["c1ccccc1-c2ccccc2", "c1ccccc1-c1ccccc1", "c:1:c:c:c:c:c:1-c1ccccc1"],
    ["N[C@H](O)C", "[H][C@@](N)(O)C", "[C@@H](N)(O)C"],
    ["FC1C[C@](Br)(Cl)CCC1", "[C@]1(Br)(Cl)CCCC(F)C1"],
    ["F/C=C/F", "F\\C=C\\F", "C(\\F)=C/F", "F/C=C/1.F1", "F/C=C1.F\\1", "F1.C\\1=C/F"],
    ["F\\C=C/F", "F/C=C\\F", "C(/F)=C/F", "F/C=C1.F/1"],
    ["F/C(CC)=C/F", "F/C(CC)=C(/F)", "CCC(/F)=C\\F"],
    ["C/1=C/C=C\\C=C/C=C\\1", "C1=C/C=C\\C=C/C=C\\1", "C/1=C/C=C\\C=C/C=C1"],
    ["[C@@]1(Cl)(F)I.Br1", "[C@@](Br)(Cl)(F)I", "[C@](Cl)1(F)I.Br1", "[C@@](Cl)(F)1I.Br1"],
    ["[C@@](Cl)(F)(I)1.Br1", "[C@@](Cl)(F)(I)Br"],
    ["OC(=O)[C@@H](N)C", "C[C@@H](C(O)=O)N", "[C@H](N)(C)C(=O)O", "N1.[C@H]1(C)C(=O)O"],
]

SAME_STEREO = [
    [
        *["N[C@](Br)(O)C", "Br[C@](O)(N)C", "O[C@](Br)(C)N", "Br[C@](C)(O)N", "C[C@](Br)(N)O"],
        *["Br[C@](N)(C)O", "C[C@@](Br)(O)N", "Br[C@@](N)(O)C", "[C@@](C)(Br)(O)N"],
        *["[C@@](Br)(N)(O)C", "N1.[C@]1(Br)(O)C", "[C@]1234.N1.Br2.O3.C4", "C1.N[C@@]21O.Br2"],
    ],
    ["F[Po@SP1](Cl)(Br)I", "F[Po@SP2](Br)(Cl)I", "F[Po@SP3](Cl)(I)Br", "F1.[Po@SP1]1(Cl)(Br)I"],
    [
        *["S[As@TB1](F)(Cl)(Br)N", "S[As@TB2](Br)(Cl)(F)N", "S[As@TB5](F)(N)(Cl)Br"],
        *["F[As@TB10](S)(Cl)(N)Br", "F[As@TB15](Cl)(S)(Br)N", "Br[As@TB20](Cl)(S)(F)N"],
        *["S[As@](F)(Cl)(Br)N", "S1.[As@]1(F)(Cl)(Br)N", "N1.F2.[As@]32(Cl)(Br)1.S3"],
    ],
    [
        *["C[Co@](F)(Cl)(Br)(I)S", "F[Co@@](S)(I)(C)(Cl)Br", "S[Co@OH5](F)(I)(Cl)(C)Br"],
        *["Br[Co@OH9](C)(S)(Cl)(F)I", "Br[Co@OH12](Cl)(I)(F)(S)C", "Cl[Co@OH15](C)(Br)(F)(I)S"],
        *["Cl[Co@OH19](C)(I)(F)(S)Br", "I[Co@OH27](Cl)(Br)(F)(S)C", "C[Co@OH8](F)(Br)(Cl)(I)S"],
        *["S1.C[Co@](F)(Cl)(Br)(I)1", "C2.S3.[Co@OH25]23(F)(Cl)(Br)I"],
    ],
    [
        *["O[C:1](N)=[C@]=[C:2](F)Cl", "O[C:1](N)=[C@AL1]=[C:2](F)Cl"],
        *["N[C:1](O)=[C@@]=[C:2](F)Cl", "F[C:2](Cl)=[C@]=[C:1](O)N"],
        *["[C:1](O)(N)=[C@]=[C:2](F)Cl", "[C@]1=[C:2](F)Cl.O[C:1](N)=1"],
        *["O1.N2.[C@](=[C:1]12)=[C:2](F)Cl", "O1.N2.[C@@](=[C:1]21)=[C:2](F)Cl"],
    ],
]


@pytest.mark.parametrize(("text", "written"), CASES)
def test_published_smiles_are_read_and_written(text: str, written: str) -> None:
    molecule = Molecule.from_smiles(text)
    assert molecule.to_smiles() == written
    assert lg.decode(lg.encode(molecule)) == molecule
    ids = lg.encode_texts("molecule", [text, written])
    assert ids[0].tolist() == ids[1].tolist() == lg.encode(molecule).tolist()
    assert lg.decode_texts("molecule", ids) == [written, written]


@pytest.mark.parametrize("spellings", SAME_MOLECULE, ids=lambda group: group[0])
def test_spellings_of_one_molecule_stay_one(spellings: list[str]) -> None:
    written = {Molecule.from_smiles(text).to_smiles() for text in spellings}
    molecules = [Chem.MolFromSmiles(text) for text in [spellings[0], *written]]
    assert len({Chem.MolToSmiles(molecule) for molecule in molecules}) == 1


@pytest.mark.parametrize("spellings", SAME_STEREO, ids=lambda group: group[0])
def test_spellings_of_one_stereo_centre_stay_one(spellings: list[str]) -> None:
    said = []
    for text in spellings:
        for spelling in (text, Molecule.from_smiles(text).to_smiles()):
            said.append(facts(spelling, [_number(atom) for atom in read(spelling).atoms]))
    stereo = [{key: fact[1] for key, fact in each.items() if isinstance(key, int)} for each in said]
    assert all(each == stereo[0] for each in stereo)


def _number(atom: Atom) -> int:
    """Which atom it is: the marked one, one with a map number, or else one by its element."""
    if atom.stereo:
        return 0
    return atom.map or 10 + ["C", "N", "O", "F", "Cl", "Br", "I", "S"].index(atom.symbol)
