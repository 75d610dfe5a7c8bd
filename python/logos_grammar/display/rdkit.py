"""Draws molecules with RDKit, as inline SVG."""

from __future__ import annotations

from typing import Any

from rdkit import Chem, rdBase
from rdkit.Chem.Draw import rdMolDraw2D


def draw_molecule(smiles: str) -> str | None:
    """Draw a molecule.

    Parameters
    ----------
    smiles
        What RDKit accepts; what it refuses can end the process when it is drawn all the same.

    Returns
    -------
    str or None
        One ``svg`` element as wide as the molecule needs, or ``None`` when RDKit refuses it.
    """
    with rdBase.BlockLogs():
        molecule = _read(smiles)
        if molecule is None or molecule.GetNumAtoms() == 0:
            return None
        canvas = rdMolDraw2D.MolDraw2DSVG(-1, -1)
        _style(canvas)
        try:
            drawn = rdMolDraw2D.PrepareMolForDrawing(molecule)
        except Chem.KekulizeException:  # then aromatic bonds are drawn dashed, as they are
            drawn = rdMolDraw2D.PrepareMolForDrawing(molecule, kekulize=False)
        canvas.DrawMolecule(drawn)
        canvas.FinishDrawing()
    return _inline(canvas.GetDrawingText())


def _read(smiles: str) -> Chem.Mol | None:
    """The molecule with all its stated hydrogens."""
    parameters: Any = Chem.SmilesParserParams()  # its stubs take no values
    parameters.removeHs = False
    return Chem.MolFromSmiles(smiles, parameters)


def _style(canvas: rdMolDraw2D.MolDraw2DSVG) -> None:
    options: Any = canvas.drawOptions()  # its stubs take no values
    options.prepareMolsBeforeDrawing = False
    options.clearBackground = False
    options.bondLineWidth = 1.6
    options.scalingFactor = 28
    options.padding = 0.04


def _inline(svg: str) -> str:
    """The ``svg`` element alone, never wider than its page."""
    element = svg[svg.index("<svg") :]
    style = "display:block;max-width:100%;height:auto;margin:0"
    return element.replace("<svg ", f'<svg style="{style}" ', 1)
