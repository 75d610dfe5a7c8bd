"""Molecules rich in stereo come back from RDKit whatever the order of their atoms."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from benchmarks.renumber import SYMMETRIC, change
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.rdkit import as_written, canonical, from_rdkit, to_rdkit


def _mol(text: str) -> Chem.Mol:
    parameters: Any = Chem.SmilesParserParams()
    parameters.removeHs = False
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(text, parameters)
    assert mol is not None, text
    return mol


def test_an_inositol_stays_itself() -> None:
    mol = _mol("O[C@H]1[C@H](O)[C@H](O)[C@@H](O)[C@H](O)[C@H]1O")
    turned = Chem.RenumberAtoms(mol, [2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 0])
    back = to_rdkit(from_rdkit(turned).molecule)
    key: Callable[[Chem.Mol], str] = Chem.MolToInchiKey
    assert key(back) == key(mol)


@pytest.mark.parametrize("text", SYMMETRIC)
def test_renumbered_molecules_stay_themselves(text: str) -> None:
    mol = _mol(text)
    random = Random(text)
    for _ in range(5):
        order = random.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms())
        assert change(mol, order) is None, order


def test_the_judge_sees_another_isomer() -> None:
    for one, other in [
        ("F[C@](Cl)(Br)I", "F[C@@](Cl)(Br)I"),
        ("F/C=C/F", "F/C=C\\F"),
        *((f"F[Pt@SP{i}](Cl)(Br)I", f"F[Pt@SP{i % 3 + 1}](Cl)(Br)I") for i in range(1, 4)),
        *((f"S[As@TB{i}](F)(Cl)(Br)N", f"S[As@TB{i % 20 + 1}](F)(Cl)(Br)N") for i in range(1, 21)),
        *(
            (f"S[Co@OH{i}](F)(Cl)(Br)(I)N", f"S[Co@OH{i % 30 + 1}](F)(Cl)(Br)(I)N")
            for i in range(1, 31)
        ),
    ]:
        mol = _mol(one)
        # The molecule is one isomer, what is read the other: something must be seen to change.
        read = _mol(other)
        assert _seen(mol, read) is not None, (one, other)


def _seen(mol: Chem.Mol, other: Chem.Mol) -> str | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chem, "RenumberAtoms", lambda *_: other)
        return change(mol, range(mol.GetNumAtoms()))


@pytest.mark.parametrize("text", [text for text in SYMMETRIC if text.count("@") > 2])
def test_what_rdkit_orders_stays_itself_canonical_and_from_any_root(text: str) -> None:
    mol = to_rdkit(Molecule.from_smiles(text))
    key: Callable[[Chem.Mol], str] = Chem.MolToInchiKey
    random = Random(text)
    for root in range(mol.GetNumAtoms()):
        order = random.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms())
        renumbered = from_rdkit(Chem.RenumberAtoms(mol, order)).molecule
        assert key(to_rdkit(canonical(renumbered).molecule)) == key(mol)
        parameters: Any = Chem.SmilesWriteParams()
        parameters.rootedAtAtom = root
        written = as_written(to_rdkit(renumbered), parameters)
        assert written.atom_order[0] == root
        assert key(to_rdkit(written.molecule)) == key(mol)


def test_letters_of_canonical_smiles_come_back() -> None:
    for text in [
        "CC1=C(/C=C/C(C)=C/C=C/C(C)=C/C(=O)O)C(C)(C)CCC1",
        "O=C1C(=C\\NO)/C(=N/c2ccccc2)N=C2C=CC=CN12",
        "C(=C\\c1ccccc1)/C=N/Nc1nc2ccccc2s1",
        "O=c1/c(=C/c2ccccc2)sc2nccn12",
        "C1=C\\CCCC/C=C\\CCCC/1",
    ]:
        canonical = Chem.MolToSmiles(_mol(text))
        read = from_rdkit(_mol(canonical))
        assert read.molecule.to_smiles() == canonical
        assert read.atom_order.tolist() == list(range(len(read.molecule)))


def test_stereo_that_directions_cannot_say_is_refused() -> None:
    """Between two double bonds with stereo the middle one, which has none, would get some."""
    mol = _mol("CC=CC=CC=CC")
    for bond, atoms in ((1, (0, 3)), (5, (4, 7))):
        mol.GetBondWithIdx(bond).SetStereoAtoms(*atoms)
        mol.GetBondWithIdx(bond).SetStereo(Chem.BondStereo.STEREOTRANS)
    with pytest.raises(lg.ConversionError, match="expected stereo at bond 3"):
        from_rdkit(mol)
    # An atom outside says it where there is one, and the middle one keeps none.
    mol = _mol("CC=C(F)C=CC(F)=CC")
    for bond, atoms in ((1, (0, 4)), (7, (5, 9))):
        mol.GetBondWithIdx(bond).SetStereoAtoms(*atoms)
        mol.GetBondWithIdx(bond).SetStereo(Chem.BondStereo.STEREOTRANS)
    assert from_rdkit(mol).molecule.to_smiles() == "C/C=C(\\F)C=C/C(F)=C/C"


def test_a_graph_in_any_order_is_put_in_order_without_smiles() -> None:
    graph = from_rdkit(_mol("C[C@H](F)/C=C/O")).molecule
    random = np.random.default_rng(0)
    for _ in range(20):
        order = random.permutation(len(graph))
        place = np.argsort(order)
        columns = {name: getattr(graph, name)[order] for name in ATOM_COLUMNS}
        bonds: dict[str, Any] = {"begin": place[graph.begin], "end": place[graph.end]}
        plain = graph.without_stereo().order
        turned = Molecule(**columns, **bonds, order=plain)
        double = int(np.flatnonzero(plain == BondOrder.DOUBLE)[0])
        trans = [[double, place[1], place[5], 0]]
        read = Molecule.from_graph(turned, double_bonds=trans)
        np.testing.assert_array_equal(read.molecule.element, turned.element[read.atom_order])
        assert Chem.MolToSmiles(to_rdkit(read.molecule)) == Chem.MolToSmiles(to_rdkit(graph))


ATOM_COLUMNS = ("element", "aromatic", "isotope", "stereo", "hydrogens", "charge", "map")


@pytest.mark.parametrize(
    ("change_of", "message"),
    [
        ({"begin": [0, 0]}, "expected no second bond between two atoms at bond 1"),
        ({"end": [0, 1]}, "expected two different atoms of the graph at bond 0"),
        ({"end": [1, 9]}, "expected two different atoms of the graph at bond 1"),
        ({"order": [0, 10]}, "expected an order from 0 to 9 at bond 1"),
    ],
)
def test_what_is_no_graph_is_refused(change_of: dict[str, list[int]], message: str) -> None:
    atoms: dict[str, Any] = {name: np.zeros(3, np.int64) for name in ATOM_COLUMNS}
    atoms["element"] = np.full(3, 6)
    bonds: dict[str, Any] = {"begin": [0, 0], "end": [1, 2], "order": [0, 0]}
    if "begin" in change_of:
        bonds["end"] = [1, 1]
    columns: dict[str, Any] = {name: np.array(it) for name, it in (bonds | change_of).items()}
    with pytest.raises(lg.ConversionError) as raised:
        Molecule.from_graph(Molecule(**atoms, **columns))
    assert str(raised.value) == message
    graph = Molecule.from_smiles("FC=CF")
    with pytest.raises(ValueError, match="expected double_bonds of shape"):
        Molecule.from_graph(graph, double_bonds=[1, 0, 3])
    with pytest.raises(lg.ConversionError, match="a neighbour of each of its atoms"):
        Molecule.from_graph(graph, double_bonds=[[1, 3, 0, 1]])
    with pytest.raises(lg.ConversionError, match="a double bond, to have stereo at bond 0"):
        Molecule.from_graph(graph, double_bonds=[[0, 1, 2, 1]])
