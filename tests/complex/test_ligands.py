"""Ligands of structures: their atoms are matched with a molecule by graph."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import rdDistGeom

import logos_grammar as lg
from logos_grammar.complex import Complex
from logos_grammar.complex.rdkit import ligands_of
from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import from_rdkit
from logos_grammar.structure import Structure
from structure.test_pdb import atom

LIGANDS = {
    "ethanol": "CCO",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "alanine": "C[C@H](N)C(=O)O",
    "threonine": "C[C@@H](O)[C@H](N)C(=O)O",
    "fumarate": "OC(=O)/C=C/C(=O)O",
    "cubane": "C12C3C4C1C5C2C3C45",
    "bromine": "Brc1ccc(F)cc1Cl",
}


def embedded(smiles: str) -> Chem.Mol:
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    assert rdDistGeom.EmbedMolecule(mol, randomSeed=7) == 0
    return Chem.RemoveHs(mol)


def lines(mol: Chem.Mol, *, order: list[int], name: str = "LIG", number: int = 1) -> list[str]:
    """The atoms of a molecule as a residue, in some order."""
    made = []
    for row in order:
        x, y, z = mol.GetConformer().GetAtomPosition(row)
        symbol = mol.GetAtomWithIdx(row).GetSymbol()
        made.append(
            atom(
                f"{symbol + str(row):>4}",
                name,
                "X",
                str(number),
                record="HETATM",
                xyz=f"{x + 40 * number:8.3f}{y:8.3f}{z:8.3f}",
                element=symbol.upper(),
            )
        )
    return made


def shuffled(mol: Chem.Mol) -> list[int]:
    order = list(range(mol.GetNumAtoms()))
    Random(1).shuffle(order)
    return order


@pytest.mark.parametrize("name", LIGANDS)
def test_a_ligand_is_found_whatever_the_order_of_its_atoms(name: str) -> None:
    mol = embedded(LIGANDS[name])
    molecule = from_rdkit(Chem.MolFromSmiles(LIGANDS[name])).molecule
    structure = Structure.from_pdb("\n".join(lines(mol, order=shuffled(mol))))
    (found,) = ligands_of(structure, molecule)
    assert found.residue == 0
    assert found.other_stereo == ()
    assert found.conformer.molecule == molecule
    placed = {tuple(row) for row in zip(*columns_of(found.conformer), strict=True)}
    atoms = structure.atoms
    assert placed == set(
        zip(*(c.scaled.tolist() for c in (atoms.x, atoms.y, atoms.z)), strict=True)
    )
    # Bonds are short: each atom went to one that is bonded as it is.
    points = np.stack(columns_of(found.conformer), axis=1) / 1000
    lengths = np.linalg.norm(points[molecule.begin] - points[molecule.end], axis=1)
    assert lengths.max() < 2.1


def columns_of(conformer: Conformer) -> list[list[int]]:
    return [column.scaled.tolist() for column in (conformer.x, conformer.y, conformer.z)]


def test_copies_become_members_and_leave_the_structure() -> None:
    mol = embedded(LIGANDS["aspirin"])
    text = [
        atom(" CA ", "GLY", "A", "1", xyz=f"{40.0:8.3f}{0.0:8.3f}{3.0:8.3f}"),
        "TER",
        *lines(mol, order=shuffled(mol)),
        *lines(mol, order=list(range(mol.GetNumAtoms())), number=2),
        atom(" O  ", "HOH", "A", "9", record="HETATM", element="O"),
    ]
    structure = Structure.from_pdb("\n".join(text))
    aspirin = Molecule.from_smiles(LIGANDS["aspirin"])
    whole = Complex.from_structure(structure, ligands=[aspirin], cutoff=6)
    first, *rest = whole.members
    assert isinstance(first, Structure)
    assert [*first.residues.component] == ["GLY", "HOH"]
    assert [member.molecule for member in rest if isinstance(member, Conformer)] == [aspirin] * 2
    assert whole.contacts is not None
    assert set(whole.contacts.first.tolist()) == {0}
    assert lg.decode(lg.encode(whole)) == whole


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("CCCO", "LIG 1 of chain 'X' has 1 C too few"),
        ("CO", "has 1 C too many"),
        ("CCN", "has 1 N too few, 1 O too many"),
        ("COC", r"has C1 with 2 neighbours, one more of them than the molecule has"),
        ("[H]CCO", "found a hydrogen, atom 0"),
        ("*CCO", "found a wildcard, atom 0"),
    ],
)
def test_why_a_residue_is_another_molecule_is_said(smiles: str, reason: str) -> None:
    mol = embedded(LIGANDS["ethanol"])
    structure = Structure.from_pdb("\n".join(lines(mol, order=[0, 1, 2])))
    with pytest.raises(ConversionError, match=reason):
        ligands_of(structure, Molecule.from_smiles(smiles))


def test_a_structure_of_which_all_is_ligands_is_left_empty() -> None:
    mol = embedded(LIGANDS["ethanol"])
    structure = Structure.from_pdb("\n".join(lines(mol, order=[0, 1, 2])))
    whole = Complex.from_structure(structure, ligands=[Molecule.from_smiles("CCO")])
    first, ligand = whole.members
    assert isinstance(first, Structure)
    assert len(first.atoms) == 0
    assert isinstance(ligand, Conformer)
    assert whole.contacts is not None
    assert len(whole.contacts) == 0
    assert lg.decode(lg.encode(whole)) == whole


def test_a_component_may_be_named() -> None:
    mol = embedded(LIGANDS["ethanol"])
    text = [*lines(mol, order=[0, 1, 2]), *lines(mol, order=[2, 1, 0], name="EOH", number=2)]
    structure = Structure.from_pdb("\n".join(text))
    ethanol = Molecule.from_smiles("CCO")
    assert [each.residue for each in ligands_of(structure, ethanol)] == [0, 1]
    assert [each.residue for each in ligands_of(structure, ethanol, component="EOH")] == [1]
    with pytest.raises(ConversionError, match="expected a residue named ATP"):
        ligands_of(structure, ethanol, component="ATP")


def test_other_stereo_is_named() -> None:
    mol = embedded(LIGANDS["alanine"])
    structure = Structure.from_pdb("\n".join(lines(mol, order=shuffled(mol))))
    mirrored = Molecule.from_smiles("C[C@@H](N)C(=O)O")
    (found,) = ligands_of(structure, mirrored)
    assert found.other_stereo == (1,)
    with pytest.raises(ConversionError, match=re.escape("LIG at row 0 has another at its atoms 1")):
        Complex.from_structure(structure, ligands=[mirrored])
