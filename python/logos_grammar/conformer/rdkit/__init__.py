"""Conformers from RDKit and back.

Kept: all that `logos_grammar.molecule.rdkit` keeps of a molecule, the coordinates of every
conformer at a count of decimals that the caller names, which atoms were hydrogens with coordinates,
the order of all atoms, the name of the molecule (``_Name``, the title) and its properties, as text.

Normalised: hydrogens are folded, as ``RemoveHs`` folds them: one that is bonded to one other atom
and has no isotope, charge, map number or stereo of its own becomes a point of that atom. They count
as hydrogens of the molecule as before. Hydrogens of one atom stay in the order of their indices.
Minus zero is zero. A conformer of RDKit that is made of one is 3D, also where z is 0 everywhere.

Lost: the identifiers of conformers, private properties (an underscore is their first letter) and
those that RDKit computed, and the types of properties: numbers come back as text.

Refused: a molecule without a conformer; layouts in the plane (not 3D, and z is 0 at every atom),
unless ``layouts="keep"``; properties of one name, of which RDKit holds one; coordinates that are
not finite; more hydrogens with coordinates at an atom than it has; and with
``stereo="coordinates"`` conformers that differ in it.
"""

from logos_grammar.conformer.rdkit.read import Layouts, Stereo, from_rdkit
from logos_grammar.conformer.rdkit.write import to_rdkit

__all__ = ["Layouts", "Stereo", "from_rdkit", "to_rdkit"]
