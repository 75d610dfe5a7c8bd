"""The projections of a molecule that need RDKit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from logos_grammar.error import ConversionError
from logos_grammar.molecule import BondOrder, Molecule, Reading
from logos_grammar.molecule.rdkit.read import from_rdkit
from logos_grammar.molecule.rdkit.write import to_rdkit

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_SMALLEST_RING: Final = 3
_SHOWN: Final = 7
"""How many atoms an error names at most."""


def canonical(molecule: Molecule) -> Reading:
    """Write a molecule in RDKit's canonical order, with RDKit's aromaticity and stereo.

    Parameters
    ----------
    molecule
        A molecule of n atoms that RDKit can sanitize.

    Returns
    -------
    Reading
        The molecule that RDKit's canonical SMILES says, and the index in `molecule` of each atom.

    Raises
    ------
    ConversionError
        As `to_rdkit`.

    Examples
    --------
    >>> reading = canonical(Molecule.from_smiles("OCC"))
    >>> reading.molecule, reading.atom_order
    (Molecule.from_smiles('CCO'), array([2, 1, 0], dtype=uint32))
    """
    return as_written(to_rdkit(molecule), Chem.SmilesWriteParams())


def as_written(mol: Chem.Mol, parameters: Chem.SmilesWriteParams) -> Reading:
    """Return the molecule in the order in which RDKit writes its SMILES.

    RDKit can turn a centre of a ring all of whose atoms are centres. What it wrote is therefore
    compared with the graph, which is returned where the two differ.

    Parameters
    ----------
    mol
        n atoms, sanitized.
    parameters
        How RDKit writes it.

    Returns
    -------
    Reading
        The molecule, and the RDKit index of each of its atoms.
    """
    written, read = Molecule.read_smiles(Chem.MolToSmiles(mol, parameters))
    indices = mol.GetProp("_smilesAtomOutputOrder").strip("[],").split(",")
    order = np.array(indices, np.uint32)[read]
    if np.count_nonzero(written.stereo) >= _SMALLEST_RING:
        graph = from_rdkit(Chem.RenumberAtoms(mol, order.tolist()), without_conformers=True)
        if from_rdkit(to_rdkit(written)).molecule != graph.molecule:
            return Reading(molecule=graph.molecule, atom_order=order[graph.atom_order])
    return Reading(molecule=written, atom_order=order)


def kekulized(molecule: Molecule) -> Molecule:
    """Replace aromatic bonds by alternating single and double ones; the atoms keep their order.

    A wildcard in an aromatic ring takes part: ``*1ccccc1`` becomes ``*1=CC=CC=C1``. No atom gains
    or loses a hydrogen. A direction at an aromatic atom that no double bond is beside goes, as it
    said nothing: ``F/c1c(/F)cccc1`` becomes ``FC1C(F)=CC=CC=1``.

    Parameters
    ----------
    molecule
        A molecule whose aromatic rings RDKit can write with single and double bonds.

    Returns
    -------
    Molecule
        The same without aromatic atoms and bonds.

    Raises
    ------
    ConversionError
        When there is no such assignment of bonds, and as `to_rdkit`.
    """
    mol = to_rdkit(molecule, sanitize=False)
    hydrogens = _hydrogens(mol)
    try:
        with rdBase.BlockLogs():
            Chem.Kekulize(mol, clearAromaticFlags=True)
    except Chem.MolSanitizeException as error:
        raise ConversionError(
            f"expected alternating bonds, found none{_at_atoms(error)}"
        ) from error
    # A direction that says nothing must not become the stereo of a new double bond; a wildcard
    # outside of the ring may be any group, also one that gives it a meaning.
    idle = _is_directed(molecule) & ~_beside_double_bonds(molecule)
    begin, end = molecule.begin, molecule.end
    aromatic = molecule.aromatic[begin] | molecule.aromatic[end]
    known = (molecule.element[begin] > 0) & (molecule.element[end] > 0)
    order = np.where(idle & aromatic & known, BondOrder.SINGLE, molecule.order)
    for i in np.flatnonzero(_may_change(molecule)):
        bond = mol.GetBondBetweenAtoms(int(molecule.begin[i]), int(molecule.end[i]))
        if bond.GetBondType() == Chem.BondType.DOUBLE:
            order[i] = BondOrder.DOUBLE
        elif order[i] == BondOrder.AROMATIC or (idle[i] and bond.IsInRing()):
            order[i] = BondOrder.SINGLE
    found = replace(molecule, aromatic=np.zeros_like(molecule.aromatic), order=order)
    after = _hydrogens(to_rdkit(found, sanitize=False))
    if (changed := np.flatnonzero(after != hydrogens)).size:
        raise ConversionError(
            f"expected alternating bonds that leave {hydrogens[changed[0]]} hydrogens at atom "
            f"{changed[0]}, found {after[changed[0]]}"
        )
    return found


def _hydrogens(mol: Chem.Mol) -> NDArray[np.int64]:
    """How many hydrogens each atom has, int64 [atoms]."""
    with rdBase.BlockLogs():
        mol.UpdatePropertyCache(strict=False)
    return np.array([atom.GetTotalNumHs() for atom in mol.GetAtoms()], np.int64)


def _at_atoms(error: Chem.MolSanitizeException) -> str:
    """Say at which atoms RDKit found no bonds; its own words are the cause of the error."""
    cause: Any = getattr(error, "cause", None)  # which RDKit's stubs leave out
    if isinstance(error, Chem.AtomSanitizeException):
        return f" at atom {cause.GetAtomIdx()}"
    if not isinstance(error, Chem.KekulizeException):
        return ""
    atoms = [str(atom) for atom in cause.GetAtomIndices()]
    shown, more = atoms[:_SHOWN], len(atoms) - _SHOWN
    if more > 0:
        return f" at atoms {', '.join(shown)} and {more} more"
    if len(shown) == 1:
        return f" at atom {shown[0]}"
    return f" at atoms {', '.join(shown[:-1])} and {shown[-1]}"


def _may_change(molecule: Molecule) -> NDArray[np.bool_]:
    """Of each bond whether it may be aromatic: as written, or because of its atoms.

    A bond between a wildcard and an aromatic atom or another wildcard is one if it is single, with
    a direction or without; a bond between two aromatic atoms is one if it has a direction.
    """
    order, aromatic = molecule.order, molecule.aromatic
    wildcard = molecule.element == 0
    takes_part = aromatic | wildcard
    both = takes_part[molecule.begin] & takes_part[molecule.end]
    has_wildcard = wildcard[molecule.begin] | wildcard[molecule.end]
    found: NDArray[np.bool_] = (order == BondOrder.AROMATIC) | (
        both & (_is_directed(molecule) | (has_wildcard & (order == BondOrder.SINGLE)))
    )
    return found


def _is_directed(molecule: Molecule) -> NDArray[np.bool_]:
    return np.isin(molecule.order, (BondOrder.UP, BondOrder.DOWN))


def _beside_double_bonds(molecule: Molecule) -> NDArray[np.bool_]:
    """Of each bond whether one of its atoms has a double bond, to which a direction may refer."""
    double = molecule.order == BondOrder.DOUBLE
    has_double = np.zeros(len(molecule), np.bool_)
    has_double[molecule.begin[double]] = has_double[molecule.end[double]] = True
    return has_double[molecule.begin] | has_double[molecule.end]
