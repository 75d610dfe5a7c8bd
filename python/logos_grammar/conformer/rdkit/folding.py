"""Hydrogens of RDKit molecules, folded into their atoms and unfolded again."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import from_rdkit, to_rdkit

try:
    from rdkit import Chem
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_ROW: Final = "_logos_row"


class Folded(NamedTuple):
    """A molecule, and where its atoms and its folded hydrogens were.

    Attributes
    ----------
    molecule
        n atoms.
    hydrogens
        uint32 [n]: how many hydrogens of each atom were folded.
    order
        uint32 [k]: the row of each atom, followed by those of its folded hydrogens.
    """

    molecule: Molecule
    hydrogens: npt.NDArray[np.uint32]
    order: npt.NDArray[np.uint32]


def folded(
    mol: Chem.Mol,
    *,
    without_atropisomers: bool,
    without_stereo_groups: bool,
    without_substance_groups: bool,
) -> Folded:
    """Read an RDKit molecule with its hydrogens folded; rows are indices of its atoms.

    Raises
    ------
    ConversionError
        As `logos_grammar.molecule.rdkit.from_rdkit`.
    """
    if without_substance_groups:
        mol = Chem.Mol(mol)
        Chem.ClearMolSubstanceGroups(mol)
    elif Chem.GetMolSubstanceGroups(mol):
        raise ConversionError("expected no substance groups, or without_substance_groups=True")
    heavy, carried = _without_hydrogens(mol)
    reading = from_rdkit(
        heavy,
        without_conformers=True,
        without_atropisomers=without_atropisomers,
        without_stereo_groups=without_stereo_groups,
    )
    kept = [atom.GetIntProp(_ROW) for atom in heavy.GetAtoms()]
    of_atoms = [kept[row] for row in reading.atom_order.tolist()]
    hydrogens = [len(carried.get(atom, ())) for atom in of_atoms]
    order = [row for atom in of_atoms for row in (atom, *carried.get(atom, ()))]
    return Folded(reading.molecule, np.array(hydrogens, np.uint32), np.array(order, np.uint32))


def unfolded(
    molecule: Molecule,
    hydrogens: npt.NDArray[np.uint32],
    order: npt.NDArray[np.uint32] | None,
    *,
    sanitize: bool = True,
) -> tuple[Chem.Mol, npt.NDArray[np.int64]]:
    """Make an RDKit molecule in which folded hydrogens are atoms.

    Parameters
    ----------
    molecule, hydrogens
        n atoms, and how many hydrogens of each become atoms.
    order
        The row of each point, else hydrogens follow all other atoms.
    sanitize
        As `logos_grammar.molecule.rdkit.to_rdkit`.

    Returns
    -------
    tuple
        The molecule of k atoms, and of each the row of its point: each atom, then its hydrogens.

    Raises
    ------
    ConversionError
        For hydrogens that the molecule does not have, for an order that has not each number once,
        and as `logos_grammar.molecule.rdkit.to_rdkit`.
    """
    points = len(hydrogens) + int(hydrogens.sum(dtype=np.int64))
    of_atoms = atom_rows(hydrogens)
    rows = np.concatenate([of_atoms, np.setdiff1d(np.arange(points), of_atoms)])
    if order is not None and not np.array_equal(np.sort(order), np.arange(points)):
        raise ConversionError(f"expected an order with each number below {points} once")
    mol = _with_hydrogens(to_rdkit(molecule, sanitize=sanitize), hydrogens.tolist())
    if order is None:
        return mol, rows
    wanted = np.argsort(order)
    return Chem.RenumberAtoms(mol, np.argsort(rows)[wanted].tolist()), wanted


def atom_rows(hydrogens: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The rows of the atoms among the points of a pose, int64 [n]; the others are hydrogens."""
    return np.arange(len(hydrogens)) + np.cumsum(hydrogens, dtype=np.int64) - hydrogens


def _without_hydrogens(mol: Chem.Mol) -> tuple[Chem.Mol, dict[int, list[int]]]:
    """The molecule less the hydrogens that go without saying, and these by their atom."""
    marked = Chem.Mol(mol)
    marked.RemoveAllConformers()
    if marked.NeedsUpdatePropertyCache():
        marked.UpdatePropertyCache(strict=False)
    for atom in marked.GetAtoms():
        atom.SetIntProp(_ROW, atom.GetIdx())
    if not any(atom.GetAtomicNum() == 1 for atom in marked.GetAtoms()):
        return marked, {}
    parameters: Any = Chem.RemoveHsParameters()
    parameters.removeMapped = False
    parameters.showWarnings = False
    heavy = Chem.RemoveHs(marked, parameters, sanitize=False)
    heavy.UpdatePropertyCache(strict=False)
    remaining = {atom.GetIntProp(_ROW) for atom in heavy.GetAtoms()}
    carried: dict[int, list[int]] = {}
    for atom in mol.GetAtoms():
        if atom.GetIdx() not in remaining:
            (neighbour,) = atom.GetNeighbors()
            carried.setdefault(neighbour.GetIdx(), []).append(atom.GetIdx())
    for atom in heavy.GetAtoms():
        before = marked.GetAtomWithIdx(atom.GetIntProp(_ROW))
        _state_hydrogens(atom, before.GetTotalNumHs() + len(carried.get(before.GetIdx(), ())))
    return heavy, carried


def _with_hydrogens(mol: Chem.Mol, hydrogens: list[int]) -> Chem.Mol:
    """The molecule with some hydrogens of each atom as atoms, behind all others."""
    totals = [atom.GetTotalNumHs() for atom in mol.GetAtoms()]
    editable = Chem.RWMol(mol)
    for row, count in enumerate(hydrogens):
        if count > totals[row]:
            raise ConversionError(
                f"expected coordinates of at most {totals[row]} hydrogens at atom {row}, "
                f"found {count}"
            )
        atom = editable.GetAtomWithIdx(row)
        atom.SetNumExplicitHs(max(atom.GetNumExplicitHs() - count, 0))
        for _ in range(count):
            editable.AddBond(row, editable.AddAtom(Chem.Atom(1)), Chem.BondType.SINGLE)
    made = editable.GetMol()
    made.UpdatePropertyCache(strict=False)
    for row, count in enumerate(hydrogens):
        if count:
            _state_hydrogens(made.GetAtomWithIdx(row), totals[row] - count)
    for row in range(len(totals), made.GetNumAtoms()):
        made.GetAtomWithIdx(row).SetNoImplicit(True)
    return made


def _state_hydrogens(atom: Any, count: int) -> None:
    """State the hydrogens of an atom where RDKit would infer another number."""
    if atom.GetTotalNumHs() != count:
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(count)
        atom.UpdatePropertyCache(strict=False)
