"""What the atoms of a molecule are: donors, acceptors, charges and rings, of its graph."""

from __future__ import annotations

import numpy as np
import pytest

from contacts.scenes import conformer
from logos_grammar.contacts.kinds.chemistry import Chemistry
from logos_grammar.contacts.kinds.components import COMPONENTS
from logos_grammar.contacts.kinds.conformers import of_conformer
from logos_grammar.contacts.points import Points
from logos_grammar.molecule import Molecule


def chemistry(smiles: str) -> Chemistry:
    count = len(Molecule.from_smiles(smiles))
    made = conformer(smiles, [(2.0 * atom, 0.0, 0.0) for atom in range(count)])
    return of_conformer(made, Points.of([made], hydrogens=True))


def rows(mask: object) -> list[int]:
    return [int(row) for row in np.flatnonzero(np.asarray(mask))]


@pytest.mark.parametrize(
    ("smiles", "donors", "acceptors"),
    [
        ("CO", [1], [1]),
        ("COC", [], [1]),
        ("CC(=O)N", [3], [2]),
        ("CC(=O)N(C)C", [], [2]),
        ("CN", [1], [1]),
        ("C[NH3+]", [1], []),
        ("CN(C)C", [], [1]),
        ("C#N", [], [1]),
        ("c1ccncc1", [], [3]),
        ("c1cc[nH]c1", [3], []),
        ("c1ccoc1", [], []),
        ("Nc1ccccc1", [0], []),
        ("C[N+](=O)[O-]", [], [2, 3]),
        ("CS(=O)(=O)N", [4], [2, 3]),
        ("CC=NC", [], [2]),
        ("C[n+]1ccccc1", [], []),
        ("CF", [], []),
        ("CS", [], []),
        ("[2H]OC", [1], [1]),
    ],
)
def test_donors_and_acceptors(smiles: str, donors: list[int], acceptors: list[int]) -> None:
    found = chemistry(smiles).masks
    assert (rows(found["donor"]), rows(found["acceptor"])) == (donors, acceptors)


@pytest.mark.parametrize(
    ("smiles", "cations", "anions"),
    [
        ("CC(=O)O", [], [(2, 3)]),
        ("CC(=O)[O-]", [], [(2, 3)]),
        ("CC(=O)OC", [], []),
        ("COP(=O)(O)O", [], [(3, 4, 5)]),
        ("CS(=O)(=O)O", [], [(2, 3, 4)]),
        ("CS(=O)(=O)C", [], []),
        ("NC(=N)NC", [(0, 2, 3)], []),
        ("CC(=N)N", [(2, 3)], []),
        ("CN", [(1,)], []),
        ("CN(C)C", [(1,)], []),
        ("C[N+](C)(C)C", [(1,)], []),
        ("C[S+](C)C", [(1,)], []),
        ("Nc1ccccc1", [], []),
        ("CC(=O)N", [], []),
        ("C[N+](=O)[O-]", [], []),
        ("NS(=O)(=O)C", [], []),
        ("[Zn+2]", [], []),
        ("C[O-]", [], [(1,)]),
        ("N", [], []),
    ],
)
def test_charges(
    smiles: str, cations: list[tuple[int, ...]], anions: list[tuple[int, ...]]
) -> None:
    found = chemistry(smiles)
    assert [group.atoms for group in found.cations] == cations
    assert [group.atoms for group in found.anions] == anions


@pytest.mark.parametrize(
    ("smiles", "sizes"),
    [
        ("c1ccccc1", [6]),
        ("C1CCCCC1", []),
        ("c1ccc2ccccc2c1", [6, 6]),
        ("c1ccc2[nH]ccc2c1", [5, 6]),
        ("c1ccc(cc1)-c1ccccc1", [6, 6]),
        ("c1cc2cccc3ccc(c1)c23", [5, 6, 6]),
        ("c1ccc2cccc-2cc1", [5]),
        ("C1=CC=CC=C1", []),
    ],
)
def test_rings(smiles: str, sizes: list[int]) -> None:
    assert sorted(len(ring.atoms) for ring in chemistry(smiles).rings) == sizes


def test_halogens_are_of_carbons() -> None:
    assert rows(chemistry("CCl").masks["halogen"]) == [1]
    assert rows(chemistry("NCl").masks["halogen"]) == []
    assert rows(chemistry("CF").masks["halogen"]) == []


def test_hydrogens_are_bonded_to_their_atoms() -> None:
    made = conformer("CO", [(float(at), 0.0, 0.0) for at in range(6)], [3, 1])
    found = of_conformer(made, Points.of([made], hydrogens=True))
    assert found.element.tolist() == [6, 1, 1, 1, 8, 1]
    neighbours = [sorted(each) for each in found.neighbours()]
    assert neighbours == [[1, 2, 3, 4], [0], [0], [0], [0, 5], [4]]


def test_every_amino_acid_and_nucleotide_is_known() -> None:
    amino = "ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL"
    assert {*amino.split(), "A", "C", "G", "U", "DA", "DC", "DG", "DT"} <= set(COMPONENTS)
    assert "N" not in COMPONENTS["PRO"].donor.split()
