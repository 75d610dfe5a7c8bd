"""A conformer as an RDKit molecule with conformers."""

from __future__ import annotations

from collections import Counter

from logos_grammar.conformer import Conformer
from logos_grammar.conformer.rdkit.folding import unfolded
from logos_grammar.error import ConversionError

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
        then their hydrogens. Coordinates are the nearest floats. Stereo is that of the molecule,
        ``_Name`` the title, and each property one of the molecule. All conformers are 3D.

    Raises
    ------
    ConversionError
        For hydrogens with coordinates that the molecule does not have, for an order that has not
        each number once, for a title or properties that are not UTF-8, for two properties of one
        name, which RDKit does not hold, and as `logos_grammar.molecule.rdkit.to_rdkit`.
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
        held.Set3D(True)
        for atom, point in enumerate(conformer.coordinates(pose)[rows].tolist()):
            held.SetAtomPosition(atom, Point3D(*point))
        mol.AddConformer(held, assignId=True)
    _name(mol, conformer)
    return mol


def _name(mol: Chem.Mol, conformer: Conformer) -> None:
    """Set the title and the properties."""
    counts = Counter(conformer.property_name)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise ConversionError(
            f"expected properties of different names, found {twice[0]!r} twice: "
            "without_properties()"
        )
    pairs = [("_Name", conformer.title)] if conformer.title else []
    for name, value in [*pairs, *conformer.properties]:
        try:
            mol.SetProp(name, value)
        except UnicodeEncodeError as error:
            what = "title" if name == "_Name" else "properties"
            raise ConversionError(
                f"expected {what} in UTF-8, which RDKit holds, found {value!r} as {name!r}: "
                f"without_{what}()"
            ) from error
