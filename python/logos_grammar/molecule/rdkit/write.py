"""A molecule as an RDKit molecule, its atoms in the same order."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from logos_grammar.error import ConversionError
from logos_grammar.molecule import BondOrder, Molecule

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_LIGANDS: Final = {range(5, 8): 4, range(8, 28): 5, range(28, 58): 6}
_LIGANDS_FROM: Final = 5
_LARGEST_ISOTOPE: Final = 65_535


def to_rdkit(molecule: Molecule, *, sanitize: bool = True) -> Chem.Mol:
    """Make an RDKit molecule with its atoms in the same order, explicit hydrogens included.

    Parameters
    ----------
    molecule
        A molecule of n atoms.
    sanitize
        Whether RDKit checks valences, perceives aromaticity and stereo and cleans up, as it does
        when it reads SMILES; without, the atoms and bonds are as they are in `molecule`.

    Returns
    -------
    rdkit.Chem.Mol
        n atoms; atom i is atom i of `molecule`. Bonds of order ANY have order zero.

    Raises
    ------
    ConversionError
        For isotopes above 65,535 and for square planar, trigonal bipyramidal and octahedral stereo
        of atoms that lack more than one neighbour, which RDKit misreads; and with `sanitize`
        for what RDKit refuses, with its reason.
    TypeError
        For anything but a `Molecule`.
    """
    if not isinstance(molecule, Molecule):
        raise TypeError(f"expected a Molecule, found {type(molecule).__name__}")
    if (large := np.flatnonzero(molecule.isotope > _LARGEST_ISOTOPE)).size:
        raise ConversionError(f"expected isotopes of {_LARGEST_ISOTOPE} or less at atom {large[0]}")
    _check_ligands(molecule)
    parameters: Any = Chem.SmilesParserParams()
    parameters.sanitize = False
    parameters.removeHs = False
    parameters.parseName = False
    parameters.allowCXSMILES = False
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(molecule.to_smiles(), parameters)
        if mol is None:
            raise ConversionError(f"expected what RDKit can read, found {molecule.to_smiles()}")
        mol = _with_zero_bonds(mol, molecule)
        if sanitize:
            sanitize_as_smiles(mol)
    return mol


def sanitize_as_smiles(mol: Chem.Mol) -> None:
    """Sanitize an RDKit molecule in place, and perceive its stereo, as RDKit does with SMILES.

    Raises
    ------
    ConversionError
        With the reason of RDKit.
    """
    try:
        Chem.SanitizeMol(mol)
    except Chem.MolSanitizeException as error:
        raise ConversionError(f"expected a molecule that RDKit sanitizes: {error}") from error
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)


def _with_zero_bonds(mol: Chem.Mol, molecule: Molecule) -> Chem.Mol:
    """Make bonds of order ANY zero-order ones: RDKit reads them as queries."""
    changed = np.flatnonzero(molecule.order == BondOrder.ANY)
    if not changed.size:
        return mol
    template = Chem.RWMol(Chem.MolFromSmiles("*.*"))
    template.AddBond(0, 1, Chem.BondType.ZERO)
    editable = Chem.RWMol(mol)
    for i in changed:
        bond = editable.GetBondBetweenAtoms(int(molecule.begin[i]), int(molecule.end[i]))
        editable.ReplaceBond(bond.GetIdx(), template.GetBondWithIdx(0))
    return editable.GetMol()


def _check_ligands(molecule: Molecule) -> None:
    """Refuse what RDKit turns into another permutation each time it reads or writes it."""
    for i in np.flatnonzero(molecule.stereo >= _LIGANDS_FROM):
        full = next(size for codes, size in _LIGANDS.items() if molecule.stereo[i] in codes)
        found = int((molecule.begin == i).sum() + (molecule.end == i).sum())
        if found not in (full - 1, full):
            raise ConversionError(f"expected {full} neighbours or one less at atom {i}")
