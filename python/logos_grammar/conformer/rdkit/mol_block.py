"""MOL blocks as RDKit reads and writes them: their chemistry, not their coordinates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer.rdkit.folding import Folded, folded, unfolded
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule

try:
    from rdkit import Chem, rdBase
    from rdkit.Geometry import Point3D
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

__all__ = ["read_mol_block", "write_mol_block"]


def read_mol_block(  # noqa: PLR0913 (each keyword names one choice or one loss)
    block: str,
    *,
    atoms: int,
    radicals: npt.NDArray[np.uint8],
    by_wedges: bool,
    without_atropisomers: bool,
    without_stereo_groups: bool,
    without_substance_groups: bool,
) -> Folded:
    """Read the molecule of a MOL block, its hydrogens folded.

    Parameters
    ----------
    block
        A MOL block; line 2 says whether it is 2D or 3D.
    atoms
        How many atoms it has.
    radicals
        uint8 [atoms]: 2 for a doublet, 3 for a triplet, 0 where none is stated.
    by_wedges
        Whether the stereo of atoms is that of its wedges where it is 3D.
    without_atropisomers, without_stereo_groups, without_substance_groups
        As `logos_grammar.molecule.rdkit.from_rdkit`.

    Raises
    ------
    ConversionError
        For what RDKit does not read or sanitize, and what a molecule does not hold.
    """
    try:
        with rdBase.BlockLogs():
            mol = Chem.MolFromMolBlock(block, removeHs=False)
            if mol is None:
                raise ConversionError(_reason(block))
            if mol.GetNumAtoms() != atoms:
                raise ConversionError(
                    f"expected {atoms} atoms, found {mol.GetNumAtoms()} in what RDKit reads"
                )
            _check_radicals(mol, radicals)
            if by_wedges:
                _take_wedges(mol)
            found = folded(
                mol,
                without_atropisomers=without_atropisomers,
                without_stereo_groups=without_stereo_groups,
                without_substance_groups=without_substance_groups,
            )
    except RuntimeError as error:  # a check within RDKit
        reason = " ".join(str(error).split("\n")[:2])
        raise ConversionError(f"expected a MOL block that RDKit can read: {reason}") from error
    return found._replace(molecule=found.molecule.without_brackets())


def _check_radicals(mol: Chem.Mol, radicals: npt.NDArray[np.uint8]) -> None:
    """Refuse a molecule in which a radical that is stated has another number of electrons."""
    for row in np.flatnonzero(radicals).tolist():
        wanted, found = int(radicals[row]) - 1, mol.GetAtomWithIdx(row).GetNumRadicalElectrons()
        if found != wanted:
            raise ConversionError(
                f"expected {wanted} unpaired electrons at atom {row}, found {found} in what RDKit "
                "reads"
            )


def _reason(block: str) -> str:
    """Why RDKit does not read a MOL block."""
    mol = Chem.MolFromMolBlock(block, sanitize=False, removeHs=False)
    if mol is not None:
        try:
            Chem.SanitizeMol(mol)
        except Chem.MolSanitizeException as error:
            return f"expected a molecule that RDKit sanitizes: {error}"
    return "expected a MOL block that RDKit can read"


def _take_wedges(mol: Chem.Mol) -> None:
    """Replace the stereo of atoms by that of the wedges of the block, seen along z."""
    flat = Chem.Mol(mol)
    for atom in flat.GetAtoms():
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    Chem.ReapplyMolBlockWedging(flat)
    layout = flat.GetConformer()
    for row in range(flat.GetNumAtoms()):
        point = layout.GetAtomPosition(row)
        layout.SetAtomPosition(row, Point3D(point.x, point.y, 0.0))
    layout.Set3D(False)
    Chem.AssignChiralTypesFromBondDirs(flat, replaceExistingTags=True)
    for atom, wedged in zip(mol.GetAtoms(), flat.GetAtoms(), strict=True):
        atom.SetChiralTag(wedged.GetChiralTag())
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)


def write_mol_block(
    molecule: Molecule,
    hydrogens: npt.NDArray[np.uint32],
    order: npt.NDArray[np.uint32] | None,
    points: npt.NDArray[np.float64],
    *,
    is_v3000: bool,
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Write a MOL block.

    Parameters
    ----------
    molecule, hydrogens, order
        As of a conformer.
    points
        float64 [k, 3], in ångström.
    is_v3000
        Whether V2000 does not hold the coordinates.

    Returns
    -------
    tuple
        Its lines, with coordinates rounded as RDKit does, and the row of the point of each atom.

    Raises
    ------
    ConversionError
        As `unfolded`, and for what RDKit does not write.
    """
    with rdBase.BlockLogs():
        mol, rows = unfolded(molecule, hydrogens, order)
        held = Chem.Conformer(len(rows))
        held.Set3D(bool(points[:, 2].any()))
        for atom, point in enumerate(points[rows].tolist()):
            held.SetAtomPosition(atom, Point3D(*point))
        mol.AddConformer(held)
        _cross_unspecified(mol)
        try:
            text = Chem.MolToMolBlock(mol, forceV3000=is_v3000)
        except (ValueError, RuntimeError) as error:
            raise ConversionError(f"expected a molecule that RDKit writes: {error}") from error
    return text.rstrip("\n").split("\n"), rows


def _cross_unspecified(mol: Chem.Mol) -> None:
    """Say of double bonds without stereo that the coordinates do not say it."""
    for found in Chem.FindPotentialStereo(mol):
        if (
            found.type == Chem.StereoType.Bond_Double
            and found.specified == Chem.StereoSpecified.Unspecified
        ):
            mol.GetBondWithIdx(found.centeredOn).SetStereo(Chem.BondStereo.STEREOANY)
