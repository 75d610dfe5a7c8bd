"""An RDKit molecule with conformers as a conformer."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from logos_grammar.columns import Words
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.rdkit.folding import Folded, folded
from logos_grammar.error import ConversionError
from logos_grammar.fixed import Fixed, Rounding

try:
    from rdkit import Chem, rdBase
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

Stereo: TypeAlias = Literal["graph", "coordinates"]
"""Whence stereo is taken: from what the RDKit molecule says, or from its conformers."""

Layouts: TypeAlias = Literal["refuse", "keep"]
"""What becomes of conformers that are layouts in the plane."""


def from_rdkit(  # noqa: PLR0913 (each keyword names one choice or one loss)
    mol: Chem.Mol,
    *,
    decimals: int,
    rounding: Rounding = "half_even",
    stereo: Stereo = "graph",
    layouts: Layouts = "refuse",
    without_title: bool = False,
    without_properties: bool = False,
    without_atropisomers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> Conformer:
    """Make a conformer of an RDKit molecule; `logos_grammar.conformer.rdkit` says what is kept.

    Parameters
    ----------
    mol
        k atoms, hydrogens among them where they have coordinates, and one or more conformers. It
        is not changed.
    decimals
        How many decimals coordinates get, 0 to 9: a float does not say it.
    rounding
        How a coordinate is rounded to them.
    stereo
        ``graph`` takes stereo as RDKit holds it. ``coordinates`` perceives it again from the
        conformers, all of which must agree.
    layouts
        What becomes of layouts in the plane: conformers that are not 3D and have z 0 everywhere.
    without_title, without_properties
        Leave out the name of the molecule (``_Name``), or its properties.
    without_atropisomers, without_stereo_groups, without_substance_groups
        As `logos_grammar.molecule.rdkit.from_rdkit`.

    Returns
    -------
    Conformer
        A pose for each conformer; ``order`` has the index in `mol` of each point.

    Raises
    ------
    ConversionError
        For what a conformer does not hold.
    TypeError
        For anything but an RDKit molecule.
    ValueError
        For decimals, roundings, stereo and layouts that there are not.
    """
    if stereo not in ("graph", "coordinates"):
        raise ValueError(f"expected stereo as 'graph' or 'coordinates', not {stereo!r}")
    if layouts not in ("refuse", "keep"):
        raise ValueError(f"expected layouts as 'refuse' or 'keep', not {layouts!r}")
    if not isinstance(mol, Chem.Mol):
        raise TypeError(f"expected an RDKit molecule, found {type(mol).__name__}")
    conformers = list(mol.GetConformers())
    if not conformers:
        raise ConversionError("expected a molecule with a conformer, found none")
    if layouts == "refuse":
        for each in conformers:
            if not each.Is3D() and not each.GetPositions()[:, 2].any():
                raise ConversionError(
                    f"expected conformers in space, found a layout in conformer {each.GetId()}: "
                    'layouts="keep"'
                )
    perceived = {0: mol} if stereo == "graph" else _perceived(mol)
    with rdBase.BlockLogs():
        found = [
            folded(
                each,
                without_atropisomers=without_atropisomers,
                without_stereo_groups=without_stereo_groups,
                without_substance_groups=without_substance_groups,
            )
            for each in perceived.values()
        ]
    _check_alike(found, list(perceived))
    molecule, hydrogens, order = found[0]
    points = np.concatenate([each.GetPositions()[order] for each in conformers])
    if not np.isfinite(points).all():
        raise ConversionError("expected finite coordinates")
    x, y, z = (
        Fixed.from_float(column, decimals=decimals, rounding=rounding) for column in points.T
    )
    properties = {} if without_properties else _properties(mol)
    return Conformer(
        molecule=molecule,
        hydrogens=hydrogens,
        x=x,
        y=y,
        z=z,
        order=order,
        title=mol.GetProp("_Name") if not without_title and mol.HasProp("_Name") else "",
        property_name=Words(properties),
        property_value=Words(properties.values()),
    )


def _properties(mol: Chem.Mol) -> dict[str, str]:
    """The properties that are neither private nor computed, as RDKit writes them."""
    return {name: mol.GetProp(name) for name in mol.GetPropNames()}


def _perceived(mol: Chem.Mol) -> dict[int, Chem.Mol]:
    """By conformer the molecule with the stereo that it has there."""
    found = {}
    for conformer in mol.GetConformers():
        found[conformer.GetId()] = Chem.Mol(mol)
        Chem.AssignStereochemistryFrom3D(
            found[conformer.GetId()], conformer.GetId(), replaceExistingTags=True
        )
    return found


def _check_alike(found: list[Folded], conformers: list[int]) -> None:
    for conformer, each in zip(conformers, found, strict=True):
        if each.molecule != found[0].molecule:
            raise ConversionError(
                f"expected conformers of one stereo, found another in conformer {conformer}: "
                'read each by itself, or take stereo="graph"'
            )
