"""A conformer as an RDKit molecule with conformers."""

from __future__ import annotations

from logos_grammar.conformer import Conformer
from logos_grammar.conformer.rdkit.folding import unfolded

try:
    from rdkit import Chem, rdBase
    from rdkit.Geometry import Point3D
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error


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
        For hydrogens with coordinates that the molecule does not have, for an order that has not
        each number once, and as `logos_grammar.molecule.rdkit.to_rdkit`.
    TypeError
        For anything but a `Conformer`.
    """
    if not isinstance(conformer, Conformer):
        raise TypeError(f"expected a Conformer, found {type(conformer).__name__}")
    with rdBase.BlockLogs():
        mol, rows = unfolded(
            conformer.molecule, conformer.hydrogens, conformer.order, sanitize=sanitize
        )
    for pose in range(conformer.poses):
        held = Chem.Conformer(len(rows))
        held.Set3D(bool(conformer.z.scaled.any()))
        for atom, point in enumerate(conformer.coordinates(pose)[rows].tolist()):
            held.SetAtomPosition(atom, Point3D(*point))
        mol.AddConformer(held, assignId=True)
    return mol
