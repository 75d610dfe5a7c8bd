"""Conformers from RDKit and back.

Kept: all that `logos_grammar.molecule.rdkit` keeps of a molecule, the coordinates of every
conformer at a count of decimals that the caller names, which atoms were hydrogens with coordinates,
and the order of all atoms.

Normalised: hydrogens are folded, as ``RemoveHs`` folds them: one that is bonded to one other atom
and has no isotope, charge, map number or stereo of its own becomes a point of that atom. They count
as hydrogens of the molecule as before. Hydrogens of one atom stay in the order of their indices.
Minus zero is zero.

Refused: a molecule without a conformer; coordinates that are not finite; more hydrogens with
coordinates at an atom than it has; and with ``stereo="coordinates"`` conformers that differ in it.
"""

from logos_grammar.conformer.rdkit.read import Stereo, from_rdkit
from logos_grammar.conformer.rdkit.write import to_rdkit

__all__ = ["Stereo", "from_rdkit", "to_rdkit"]
