"""However a molecule is written, what is read and written again says the same.

Two judges: `meaning`, which reads SMILES on its own, for all that may be written; and RDKit, for
all that it reads.
"""

from __future__ import annotations

import lzma
from pathlib import Path
from random import Random

import pytest
from rdkit import Chem
from rdkit.Chem import rdchem

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from smiles.meaning import facts, read
from smiles.torn import RDKIT, Bond, Freedom, tear, torn_smiles

MOLECULES = Path(__file__).with_name("molecules.smi").read_text("utf-8").splitlines()
CENTRES = {
    "@TH": ("C", "F Cl Br I", 2),
    "@SP": ("Pt", "F Cl Br I", 3),
    "@TB": ("As", "F Cl Br I N", 20),
    "@OH": ("Co", "F Cl Br I N S", 30),
}


@pytest.mark.parametrize("block", range(30))
def test_a_torn_smiles_means_what_it_meant(block: int) -> None:
    for i in range(100):
        text = torn_smiles(Random(f"{block} {i}"), Freedom())
        molecule, atom_order = Molecule.read_smiles(text)
        written = molecule.to_smiles()
        assert facts(written, [int(number) for number in atom_order]) == facts(text), text
        ids = lg.encode_texts("molecule", [text, written])
        assert ids[0].tolist() == ids[1].tolist() == lg.encode(molecule).tolist(), text
        assert lg.decode_texts("molecule", ids) == [written, written]


@pytest.mark.parametrize("block", range(10))
def test_rdkit_reads_the_same_atoms_bonds_and_stereo(block: int) -> None:
    for i in range(100):
        text = torn_smiles(Random(f"RDKit {block} {i}"), RDKIT)
        molecule, atom_order = Molecule.read_smiles(text)
        numbers = [int(number) for number in atom_order]
        unmoved = list(range(len(numbers)))
        before, after = as_drawn(text), as_drawn(molecule.to_smiles())
        assert said_by(after, numbers) == said_by(before, unmoved), text
        assert permutations_of(after, numbers) == permutations_of(before, unmoved), text


@pytest.mark.parametrize("smiles", MOLECULES)
def test_rdkit_reads_the_same_molecule(smiles: str) -> None:
    for seed in range(30):
        judge(torn(Random(f"{smiles} {seed}"), smiles))


@pytest.mark.parametrize("mark", CENTRES)
def test_rdkit_has_the_same_tables_of_stereo(mark: str) -> None:
    element, neighbours, most = CENTRES[mark]
    for permutation in range(1, most + 1):
        # As many as are named, one of them a hydrogen, and one fewer.
        for left_out, hydrogens in ((0, ""), (1, "H"), (1, "")):
            named = neighbours.split()[left_out:]
            if mark == "@TH" and left_out and not hydrogens:
                continue
            centre = f"[{element}{mark}{permutation}{hydrogens}]"
            bonds: list[Bond] = [(0, i + 1, "") for i in range(len(named))]
            for seed in range(20):
                rng = Random(f"{centre} {left_out} {seed}")
                judge(tear(rng, [centre, *named], bonds, RDKIT))


def test_rdkit_reads_the_same_molecules_of_a_file(real_data: Path) -> None:
    with lzma.open(real_data / "molecules/chembl_drugs.smi.xz", "rt") as lines:
        for line in lines:
            judge(torn(Random(line), line.split()[0]))


def torn(rng: Random, smiles: str) -> str:
    """Other spellings of the atoms and bonds of a molecule; its stereo centres may be others."""
    graph = read(smiles)
    bonds = []
    for (a, b), symbol in graph.bonds.items():
        aromatic = graph.atoms[a].aromatic and graph.atoms[b].aromatic
        implied = symbol == (":" if aromatic else "-")
        if a < b:
            bonds.append((a, b, symbol * (not implied or rng.random() < 0.2)))
    return tear(rng, [atom.text for atom in graph.atoms], bonds, RDKIT)


def judge(text: str) -> None:
    """RDKit's canonical SMILES are equal, and come back character for character."""
    (written,) = lg.decode_texts("molecule", lg.encode_texts("molecule", [text]))
    canonical = Chem.MolToSmiles(Chem.MolFromSmiles(text))
    assert Chem.MolToSmiles(Chem.MolFromSmiles(written)) == canonical, text
    assert lg.decode_texts("molecule", lg.encode_texts("molecule", [canonical])) == [canonical]


def as_drawn(text: str) -> Chem.Mol:
    """RDKit's molecule, nothing of it changed or checked."""
    molecule = Chem.MolFromSmiles(text, sanitize=False)
    assert molecule is not None, text
    return molecule


DIRECTIONS = {rdchem.BondDir.ENDUPRIGHT: 1, rdchem.BondDir.ENDDOWNRIGHT: -1}
HANDED = {rdchem.ChiralType.CHI_TETRAHEDRAL_CCW: 0, rdchem.ChiralType.CHI_TETRAHEDRAL_CW: 1}


def said_by(molecule: Chem.Mol, numbers: list[int]) -> dict[object, object]:
    """Atoms, bonds and handedness, the i-th atom being called `numbers[i]`."""
    said: dict[object, object] = {}
    for atom in molecule.GetAtoms():
        handed = HANDED.get(atom.GetChiralTag())
        others = [numbers[bond.GetOtherAtomIdx(atom.GetIdx())] for bond in atom.GetBonds()]
        if handed is not None and len(others) > 2:
            handed += sum(b < a for i, a in enumerate(others) for b in others[i + 1 :])
        else:
            # Of an allene RDKit knows no stereo.
            handed = None
        said[numbers[atom.GetIdx()]] = (
            atom.GetAtomicNum(),
            atom.GetIsAromatic(),
            atom.GetIsotope(),
            atom.GetFormalCharge(),
            atom.GetAtomMapNum(),
            (atom.GetNoImplicit(), atom.GetNumExplicitHs()),
            handed and handed % 2,
        )
    for bond in molecule.GetBonds():
        ends = (numbers[bond.GetBeginAtomIdx()], numbers[bond.GetEndAtomIdx()])
        order, direction = bond.GetBondType(), DIRECTIONS.get(bond.GetBondDir(), 0)
        if order != rdchem.BondType.DATIVE and ends[0] > ends[1]:
            ends, direction = (ends[1], ends[0]), -direction
        said[ends] = (order, direction)
    return said


def permutations_of(molecule: Chem.Mol, numbers: list[int]) -> str:
    """RDKit's own account of all other stereo: a text of nothing else, atoms told by number."""
    bare = Chem.RWMol(molecule)
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(numbers[atom.GetIdx()] + 1)
        atom.SetIsAromatic(False)
        if atom.GetChiralTag() in HANDED:
            atom.SetChiralTag(rdchem.ChiralType.CHI_UNSPECIFIED)
    for bond in bare.GetBonds():
        bond.SetIsAromatic(False)
        bond.SetBondType(rdchem.BondType.SINGLE)
        bond.SetBondDir(rdchem.BondDir.NONE)
    return Chem.MolToSmiles(bare)
