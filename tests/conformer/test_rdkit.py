"""Conformers of RDKit molecules and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.error import ConversionError

Chem = pytest.importorskip("rdkit.Chem", reason="needs the extra rdkit")
AllChem = pytest.importorskip("rdkit.Chem.AllChem", reason="needs the extra rdkit")
rdkit = pytest.importorskip("logos_grammar.conformer.rdkit", reason="needs the extra rdkit")

SMILES = (
    "O", "C[C@H](N)C(=O)O", "[2H]C", "c1ccc2[nH]ccc2c1", "F/C=C/[13CH3]", "[H][H]", "[CH3]",
    "[NH4+].[Cl-]", "C[C@@H]1CC[C@H](C)CC1", "N[C@@](F)(Cl)C", "[H+]", "[BH4-]", "C=[NH2+]",
)  # fmt: skip


def embedded(smiles: str, *, conformers: int = 2) -> Any:
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    AllChem.EmbedMultipleConfs(mol, conformers, randomSeed=11)
    assert mol.GetNumConformers() == conformers
    return mol


@pytest.mark.parametrize("smiles", SMILES)
@pytest.mark.parametrize("shuffled", [False, True])
def test_every_point_stands_where_its_atom_does(smiles: str, shuffled: bool) -> None:
    mol = embedded(smiles)
    if shuffled:
        order = np.random.default_rng(1).permutation(mol.GetNumAtoms())
        mol = Chem.RenumberAtoms(mol, order.tolist())
    conformer = rdkit.from_rdkit(mol, decimals=5)
    assert lg.decode(lg.encode(conformer)) == conformer
    assert conformer.poses == mol.GetNumConformers()
    assert conformer.order is not None
    numbers = np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()])
    elements = np.ones(mol.GetNumAtoms(), int)
    elements[conformer.atom_rows()] = conformer.molecule.element
    assert (numbers[conformer.order] == elements).all()
    for pose, held in enumerate(mol.GetConformers()):
        difference = held.GetPositions()[conformer.order] - conformer.coordinates(pose)
        assert abs(difference).max() <= 0.5e-5 + 1e-12
    _check_hydrogens_follow_their_atoms(mol, conformer)
    back = rdkit.to_rdkit(conformer)
    assert rdkit.from_rdkit(back, decimals=5) == conformer
    assert Chem.MolToSmiles(back) == Chem.MolToSmiles(mol)
    assert [a.GetAtomicNum() for a in back.GetAtoms()] == numbers.tolist()
    plain = conformer.without_order()
    again = rdkit.from_rdkit(rdkit.to_rdkit(plain), decimals=5)
    assert again.without_order() == plain


def _check_hydrogens_follow_their_atoms(mol: Any, conformer: Any) -> None:
    row = 0
    for count in conformer.hydrogens.tolist():
        atom = mol.GetAtomWithIdx(int(conformer.order[row]))
        neighbours = {each.GetIdx() for each in atom.GetNeighbors()}
        assert set(conformer.order[row + 1 : row + 1 + count].tolist()) <= neighbours
        row += 1 + count


@pytest.mark.parametrize("smiles", SMILES)
def test_the_molecule_is_that_without_explicit_hydrogens(smiles: str) -> None:
    conformer = rdkit.from_rdkit(embedded(smiles), decimals=3)
    if "[H" not in smiles:
        found = Chem.MolFromSmiles(conformer.molecule.to_smiles())
        assert Chem.MolToSmiles(found) == Chem.CanonSmiles(smiles)


def test_hydrogens_of_some_atoms_only() -> None:
    mol = embedded("CCO", conformers=1)
    kept = Chem.RWMol(mol)
    hydrogens = [atom.GetIdx() for atom in mol.GetAtomWithIdx(0).GetNeighbors()]
    kept.RemoveAtom(max(hydrogens))
    partly = kept.GetMol()
    partly.GetAtomWithIdx(0).SetNoImplicit(False)
    Chem.SanitizeMol(partly)
    conformer = rdkit.from_rdkit(partly, decimals=3)
    assert sorted(conformer.hydrogens.tolist()) == [1, 2, 2]
    assert conformer.molecule == lg.molecule.Molecule.from_smiles("CCO")
    assert rdkit.from_rdkit(rdkit.to_rdkit(conformer), decimals=3) == conformer
    heavy = conformer.heavy()
    assert rdkit.to_rdkit(heavy).GetNumAtoms() == 3
    assert rdkit.from_rdkit(rdkit.to_rdkit(heavy), decimals=3) == heavy


def test_stereo_is_the_graphs_or_the_conformers() -> None:
    mol = embedded("C[C@H](F)Cl", conformers=1)
    mirrored = Chem.Mol(mol)
    for atom in range(mol.GetNumAtoms()):
        place = mol.GetConformer().GetAtomPosition(atom)
        place.x = -place.x
        mirrored.GetConformer().SetAtomPosition(atom, place)
    right = rdkit.from_rdkit(mol, decimals=4)
    assert rdkit.from_rdkit(mol, decimals=4, stereo="coordinates") == right
    assert rdkit.from_rdkit(mirrored, decimals=4).molecule == right.molecule
    seen = rdkit.from_rdkit(mirrored, decimals=4, stereo="coordinates")
    assert seen.molecule != right.molecule
    assert seen.molecule.without_stereo() == right.molecule.without_stereo()
    both = Chem.Mol(mol)
    both.AddConformer(mirrored.GetConformer(), assignId=True)
    assert rdkit.from_rdkit(both, decimals=4).poses == 2
    with pytest.raises(ConversionError, match="conformers of one stereo, found another in con"):
        rdkit.from_rdkit(both, decimals=4, stereo="coordinates")


def test_what_is_refused_is_refused_by_name() -> None:
    mol = embedded("CO", conformers=1)
    with pytest.raises(ConversionError, match="with a conformer, found none"):
        rdkit.from_rdkit(Chem.MolFromSmiles("C"), decimals=3)
    with pytest.raises(TypeError, match="RDKit molecule, found NoneType"):
        rdkit.from_rdkit(None, decimals=3)
    with pytest.raises(ValueError, match="expected stereo as"):
        rdkit.from_rdkit(mol, decimals=3, stereo="wedges")
    with pytest.raises(TypeError, match="expected a Conformer"):
        rdkit.to_rdkit(mol)
    conformer = rdkit.from_rdkit(mol, decimals=3)
    crowded = replace(conformer, hydrogens=conformer.hydrogens[::-1])
    with pytest.raises(ConversionError, match="at most 1 hydrogens at atom 1, found 3"):
        rdkit.to_rdkit(crowded)
    twice = replace(conformer, order=np.zeros(6, np.uint32))
    with pytest.raises(ConversionError, match="each number below 6 once"):
        rdkit.to_rdkit(twice)
    mol.GetConformer().SetAtomPosition(0, (float("nan"), 0, 0))
    with pytest.raises(ConversionError, match="finite"):
        rdkit.from_rdkit(mol, decimals=3)


def test_an_rdkit_molecule_is_not_changed() -> None:
    mol = embedded("C[C@H](F)Cl", conformers=1)
    before = mol.ToBinary()
    names = [list(atom.GetPropNames(True)) for atom in mol.GetAtoms()]
    rdkit.from_rdkit(mol, decimals=3, stereo="coordinates")
    assert mol.ToBinary() == before
    assert [list(atom.GetPropNames(True)) for atom in mol.GetAtoms()] == names


@pytest.mark.parametrize(
    ("name", "items"), [("", {}), ("a title", {"n": 3, "d": 0.5, "t": "x\ny"})]
)
def test_the_name_and_the_properties_are_the_title_and_data_items(
    name: str, items: dict[str, Any]
) -> None:
    mol = embedded("CO", conformers=1)
    if name:
        mol.SetProp("_Name", name)
    for key, value in items.items():
        set_of = {int: mol.SetIntProp, float: mol.SetDoubleProp, str: mol.SetProp}
        set_of[type(value)](key, value)
    conformer = rdkit.from_rdkit(mol, decimals=4)
    assert conformer.title == name
    assert conformer.properties == tuple((key, str(value)) for key, value in items.items())
    (read,) = lg.conformer.Conformer.from_sdf(conformer.to_sdf())
    assert (read.title, read.properties) == (conformer.title, conformer.properties)
    assert rdkit.from_rdkit(rdkit.to_rdkit(conformer), decimals=4) == conformer
    left = rdkit.from_rdkit(mol, decimals=4, without_title=True, without_properties=True)
    assert left == conformer.without_title().without_properties()


def test_names_that_rdkit_does_not_hold_are_refused() -> None:
    conformer = rdkit.from_rdkit(embedded("CO", conformers=1), decimals=4)
    words = lg.columns.Words
    with pytest.raises(ConversionError, match=r"'a' twice: without_properties\(\)"):
        rdkit.to_rdkit(
            replace(conformer, property_name=words([*"aba"]), property_value=words([*"123"]))
        )
    odd = replace(conformer, property_name=words(["a"]), property_value=words(["\udcff"]))
    with pytest.raises(ConversionError, match=r"expected properties in UTF-8.*as 'a'"):
        rdkit.to_rdkit(odd)
    with pytest.raises(ConversionError, match=r"expected title in UTF-8.*without_title\(\)"):
        rdkit.to_rdkit(replace(conformer, title="\udcff"))


@pytest.mark.parametrize("smiles", ["CO", "C[C@H](F)Cl", "F/C=C/F"])
def test_layouts_are_refused_by_name_unless_kept(smiles: str) -> None:
    mol = Chem.MolFromSmiles(smiles)
    AllChem.Compute2DCoords(mol)
    with pytest.raises(ConversionError, match='found a layout in conformer 0: layouts="keep"'):
        rdkit.from_rdkit(mol, decimals=4)
    with pytest.raises(ValueError, match="expected layouts as"):
        rdkit.from_rdkit(mol, decimals=4, layouts="no")
    kept = rdkit.from_rdkit(mol, decimals=4, layouts="keep")
    assert kept.molecule == lg.molecule.Molecule.from_smiles(Chem.MolToSmiles(mol, canonical=False))
    assert rdkit.from_rdkit(rdkit.to_rdkit(kept), decimals=4) == kept
    mol.GetConformer().Set3D(True)
    assert rdkit.from_rdkit(mol, decimals=4) == kept
