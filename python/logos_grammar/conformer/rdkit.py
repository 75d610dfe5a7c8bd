"""Conformers from RDKit and back.

Kept: all that `logos_grammar.molecule.rdkit` keeps of a molecule, the coordinates of every
conformer at a count of decimals that the caller names, which atoms were hydrogens with coordinates,
and the order of all atoms.

Normalised: hydrogens are folded, as ``RemoveHs`` folds them: one that is bonded to one other atom
and has no isotope, charge, map number or stereo of its own becomes a point of that atom. Their
number is a molecule's, so that folded or not the molecule is the same. Hydrogens of one atom stay
in the order of their indices. Minus zero is zero.

Refused: a molecule without a conformer; coordinates that are not finite; more hydrogens with
coordinates at an atom than it has; and with ``stereo="coordinates"`` conformers that differ in it.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed, Rounding
from logos_grammar.molecule import Reading
from logos_grammar.molecule.rdkit import from_rdkit as molecule_from_rdkit
from logos_grammar.molecule.rdkit import to_rdkit as molecule_to_rdkit

try:
    from rdkit import Chem, rdBase
    from rdkit.Geometry import Point3D
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

__all__ = ["Stereo", "folded", "from_rdkit", "to_rdkit"]

Stereo: TypeAlias = Literal["graph", "coordinates"]
"""Whence stereo is taken: ``graph`` takes what the RDKit molecule says, ``coordinates`` perceives it
from those of its conformers."""

_ROW: Final = "_logos_row"


def from_rdkit(  # noqa: PLR0913 (each keyword names one choice or one loss)
    mol: Chem.Mol,
    *,
    decimals: int,
    rounding: Rounding = "half_even",
    stereo: Stereo = "graph",
    without_atropisomers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> Conformer:
    """Make a conformer of an RDKit molecule; the page above says what is kept.

    Parameters
    ----------
    mol
        k atoms, hydrogens among them where they have coordinates, and one or more conformers.
    decimals
        How many decimals coordinates get, 0 to 9: a float does not say it.
    rounding
        How a coordinate is rounded to them.
    stereo
        ``graph`` takes stereo as RDKit holds it. ``coordinates`` perceives it again from the
        conformers, all of which must agree.
    without_atropisomers, without_stereo_groups, without_substance_groups
        As `logos_grammar.molecule.rdkit.from_rdkit`.

    Returns
    -------
    Conformer
        A pose for each conformer; ``order`` has the index in `mol` of each point.

    Raises
    ------
    ConversionError
        For what the page above refuses.
    TypeError
        For anything but an RDKit molecule.
    ValueError
        For decimals and roundings that there are not.
    """
    if stereo not in ("graph", "coordinates"):
        raise ValueError(f"expected stereo as 'graph' or 'coordinates', not {stereo!r}")
    if not isinstance(mol, Chem.Mol):
        raise TypeError(f"expected an RDKit molecule, found {type(mol).__name__}")
    conformers = list(mol.GetConformers())
    if not conformers:
        raise ConversionError("expected a molecule with a conformer, found none")
    options = {
        "without_atropisomers": without_atropisomers,
        "without_stereo_groups": without_stereo_groups,
        "without_substance_groups": without_substance_groups,
    }
    if stereo == "graph":
        reading, hydrogens, order = folded(mol, **options)
    else:
        reading, hydrogens, order = _agreed(mol, [each.GetId() for each in conformers], options)
    points = np.concatenate([each.GetPositions()[order] for each in conformers])
    if not np.isfinite(points).all():
        raise ConversionError("expected finite coordinates")
    x, y, z = (
        Fixed.from_float(column, decimals=decimals, rounding=rounding) for column in points.T
    )
    return Conformer(molecule=reading.molecule, hydrogens=hydrogens, x=x, y=y, z=z, order=order)


def to_rdkit(conformer: Conformer, *, sanitize: bool = True) -> Chem.Mol:
    """Make an RDKit molecule with a conformer for each pose.

    Parameters
    ----------
    conformer
        p poses of k points.
    sanitize
        As `logos_grammar.molecule.rdkit.to_rdkit`.

    Returns
    -------
    rdkit.Chem.Mol
        k atoms, in the order of the record where it is held; else the atoms of the molecule and
        then their hydrogens. Coordinates are the nearest floats. Stereo is that of the molecule.

    Raises
    ------
    ConversionError
        For hydrogens with coordinates that the molecule does not have, for an order that is none,
        and as `logos_grammar.molecule.rdkit.to_rdkit`.
    TypeError
        For anything but a `Conformer`.
    """
    if not isinstance(conformer, Conformer):
        raise TypeError(f"expected a Conformer, found {type(conformer).__name__}")
    rows = rows_of_points(conformer)
    with rdBase.BlockLogs():
        mol = _unfolded(molecule_to_rdkit(conformer.molecule, sanitize=sanitize), conformer)
        if conformer.order is not None:
            place = np.argsort(_rows_by_atom(conformer))
            mol = Chem.RenumberAtoms(mol, place[rows].tolist())
    for pose in range(conformer.poses):
        held = Chem.Conformer(len(rows))
        held.Set3D(bool(conformer.z.scaled.any()))
        for atom, point in enumerate(conformer.coordinates(pose)[rows].tolist()):
            held.SetAtomPosition(atom, Point3D(*point))
        mol.AddConformer(held, assignId=True)
    return mol


def rows_of_points(conformer: Conformer) -> npt.NDArray[np.int64]:
    """Of each atom of a record the row of its point among those of a pose.

    Raises
    ------
    ConversionError
        For an order that has not each number once.
    """
    by_atom = _rows_by_atom(conformer)
    order = conformer.order
    if order is None:
        return by_atom
    if not np.array_equal(np.sort(order), np.arange(len(by_atom))):
        raise ConversionError(f"expected an order with each number below {len(by_atom)} once")
    return np.argsort(order)


def _rows_by_atom(conformer: Conformer) -> npt.NDArray[np.int64]:
    """The rows of the points of the atoms of the molecule, then of their hydrogens."""
    of_atoms = conformer.atom_rows()
    points = len(of_atoms) + int(conformer.hydrogens.sum(dtype=np.int64))
    return np.concatenate([of_atoms, np.setdiff1d(np.arange(points), of_atoms)])


def folded(
    mol: Chem.Mol,
    *,
    without_atropisomers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> tuple[Reading, npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Read an RDKit molecule with its hydrogens folded.

    Returns
    -------
    tuple
        The molecule and the index in `mol` of each of its atoms; how many hydrogens of each were
        folded, uint32 [n]; and the indices of all points, uint32 [k]: each atom, then its hydrogens.
    """
    with rdBase.BlockLogs():
        if without_substance_groups:
            mol = Chem.Mol(mol)
            Chem.ClearMolSubstanceGroups(mol)
        heavy, carried = _without_hydrogens(mol)
        reading = molecule_from_rdkit(
            heavy,
            without_conformers=True,
            without_atropisomers=without_atropisomers,
            without_stereo_groups=without_stereo_groups,
        )
    kept = [atom.GetIntProp(_ROW) for atom in heavy.GetAtoms()]
    of_atoms = [kept[row] for row in reading.atom_order.tolist()]
    hydrogens = [len(carried.get(atom, ())) for atom in of_atoms]
    order = [row for atom in of_atoms for row in (atom, *carried.get(atom, ()))]
    reading = Reading(reading.molecule, np.array(of_atoms, np.uint32))
    return reading, np.array(hydrogens, np.uint32), np.array(order, np.uint32)


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
        _set_hydrogens(atom, before.GetTotalNumHs() + len(carried.get(before.GetIdx(), ())))
    return heavy, carried


def _set_hydrogens(atom: Any, count: int) -> None:
    """State the hydrogens of an atom where RDKit would infer another number."""
    if atom.GetTotalNumHs() != count:
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(count)
        atom.UpdatePropertyCache(strict=False)


def _agreed(
    mol: Chem.Mol, conformers: list[int], options: dict[str, bool]
) -> tuple[Reading, npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Read a molecule with the stereo of its conformers."""
    found = []
    for conformer in conformers:
        perceived = Chem.Mol(mol)
        Chem.AssignStereochemistryFrom3D(perceived, conformer, replaceExistingTags=True)
        found.append(folded(perceived, **options))
        if found[-1][0].molecule != found[0][0].molecule:
            raise ConversionError(
                f"expected conformers of one stereo, found another in conformer {conformer}: "
                'make a conformer of each, or take stereo="graph"'
            )
    return found[0]


def _unfolded(mol: Chem.Mol, conformer: Conformer) -> Chem.Mol:
    """The molecule with the hydrogens that have points as atoms, behind all others."""
    totals = [atom.GetTotalNumHs() for atom in mol.GetAtoms()]
    editable = Chem.RWMol(mol)
    for row, count in enumerate(conformer.hydrogens.tolist()):
        if count > totals[row]:
            found = f"expected at most {totals[row]} hydrogens at atom {row}, found {count}"
            raise ConversionError(f"{found} with coordinates")
        atom = editable.GetAtomWithIdx(row)
        atom.SetNumExplicitHs(max(atom.GetNumExplicitHs() - count, 0))
        for _ in range(count):
            editable.AddBond(row, editable.AddAtom(Chem.Atom(1)), Chem.BondType.SINGLE)
    made = editable.GetMol()
    made.UpdatePropertyCache(strict=False)
    for row, count in enumerate(conformer.hydrogens.tolist()):
        if count:
            _set_hydrogens(made.GetAtomWithIdx(row), totals[row] - count)
    for row in range(len(totals), made.GetNumAtoms()):
        made.GetAtomWithIdx(row).SetNoImplicit(True)
    return made
