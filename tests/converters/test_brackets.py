"""Molecules without brackets that say nothing: RDKit sees no change, and writes none itself."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from rdkit import Chem, RDLogger

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import from_rdkit
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction
from logos_model.sample_data import SAMPLES

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]
(REACTIONS,) = (sample.path for sample in SAMPLES if sample.kind == "reaction")
SMILES = [
    molecule
    for line in REACTIONS.read_text(encoding="utf-8").splitlines()[:300]
    for molecule in line.split("\t")[0].replace(">", ".").split(".")
    if molecule
]
CASES = {
    "[CH3:1][OH:2]": "CO",
    "[cH:1]1[cH:2][cH:3][cH:4][cH:5][c:6]1[OH:7]": "c1ccccc1O",
    "[cH:1]1[cH:2][nH:3][cH:4][cH:5]1": "c1c[nH]cc1",
    "[n:1]1([CH3:2])[cH:3][cH:4][cH:5][cH:6]1": "n1(C)cccc1",
    "[CH3:1][S:2](=[O:3])(=[O:4])[Cl:5]": "CS(=O)(=O)Cl",
    "[O:1]=[P:2]([OH:3])([OH:4])[OH:5]": "O=P(O)(O)O",
    "[CH3:1][CH2:2]": "C[CH2]",
    "[CH:1]": "[CH]",
    "[13CH4:1]": "[13CH4]",
    "[CH3:1][N+:2](=[O:3])[O-:4]": "C[N+](=O)[O-]",
    "[NH3:1]->[Pt:2]": "[NH3]->[Pt]",
    "[C@H:1]([F:2])([Cl:3])[Br:4]": "[C@H](F)(Cl)Br",
    "[F:1]/[CH:2]=[CH:3]/[F:4]": "F/C=C/F",
    "[H:1][H:2]": "[H][H]",
    "[*:1][CH3:2]": "*C",
    "[Na+:1].[OH-:2]": "[Na+].[OH-]",
    "[se:1]1[cH:2][cH:3][cH:4][cH:5]1": "[se]1cccc1",
    "[SH:1][SH2:2]": "S[SH2]",
}


@pytest.mark.parametrize("mapped", CASES)
def test_brackets_that_only_map_numbers_needed_go(mapped: str) -> None:
    molecule = Molecule.from_smiles(mapped)
    assert molecule.without_brackets() == molecule
    assert molecule.without_maps().without_brackets().to_smiles() == CASES[mapped]


def canonical(molecule: Molecule) -> tuple[str, list[tuple[int, int]]] | None:
    """What RDKit reads, or None: canonical SMILES, and of each atom hydrogens and radicals."""
    mol = Chem.MolFromSmiles(molecule.to_smiles())
    if mol is None:
        return None
    atoms = [(atom.GetTotalNumHs(), atom.GetNumRadicalElectrons()) for atom in mol.GetAtoms()]
    return Chem.MolToSmiles(mol), atoms


SYMBOLS = ["B", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I", "*"]
BONDS = ["", "C", "=C", "#C"]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_no_element_changes_at_any_valence(symbol: str) -> None:
    """Every sum of bond orders up to 9, with every count of hydrogens, as RDKit reads both."""
    dropped = 0
    for hydrogens, *bonds in product(range(5), BONDS, BONDS, BONDS, ["", "C"], ["", "C", "=O"]):
        branches = "".join(f"({bond})" for bond in bonds if bond)
        atom = Molecule.from_smiles(f"[{symbol}{f'H{hydrogens}' if hydrogens else ''}]{branches}")
        bare = atom.without_brackets()
        assert canonical(bare) == canonical(atom)
        dropped += int(bare.hydrogens[0] == -1)
    assert dropped


RINGS = ["c1ccc{}c1", "c1cc{}cc1", "c1cc2cccc{}2c1", "O=c1cc{}cc1", "c1ccc2c(c1)cc{}2"]


@pytest.mark.parametrize("symbol", ["b", "c", "n", "o", "p", "s"])
def test_no_aromatic_atom_changes(symbol: str) -> None:
    for ring, hydrogens, bond in product(
        RINGS, ["", "H"], ["", "(C)", "(=O)", "(C)(C)", "(=O)(=O)"]
    ):
        atom = Molecule.from_smiles(ring.format(f"[{symbol}{hydrogens}]{bond}"))
        bare = atom.without_brackets()
        assert canonical(bare) == canonical(atom)


@given(molecules())
def test_nothing_else_changes(molecule: Molecule) -> None:
    bare = molecule.without_brackets()
    assert bare.without_brackets() == bare
    assert len(lg.encode(bare)) <= len(lg.encode(molecule))
    for name in ("element", "isotope", "stereo", "charge", "map", "begin", "end", "order"):
        assert np.array_equal(getattr(bare, name), getattr(molecule, name))
    stated = bare.hydrogens != molecule.hydrogens
    assert (bare.hydrogens[stated] == -1).all()


def test_real_molecules_get_the_brackets_that_rdkit_writes() -> None:
    """Mapped, and without their map numbers: as they were before, to the atom."""
    mapped_tokens = bare_tokens = 0
    for text in SMILES:
        mol = Chem.MolFromSmiles(text)
        wanted = from_rdkit(mol).molecule
        for number, atom in enumerate(mol.GetAtoms(), 1):
            atom.SetAtomMapNum(number)
        mapped = from_rdkit(mol).molecule
        bare = mapped.without_maps().without_brackets()
        assert bare == wanted
        mapped_tokens += len(lg.encode(mapped))
        bare_tokens += len(lg.encode(bare))
    assert bare_tokens < 0.5 * mapped_tokens


def test_a_reaction_is_its_molecules() -> None:
    mapped = Reaction.from_smiles("[CH3:1][OH:2]>[OH2:9]>[CH2:1]=[O:2]").retro()
    bare = mapped.without_maps().without_brackets()
    assert bare == Reaction.from_smiles("CO>O>C=O").retro()
