"""Molecules from RDKit and back, and the projections that need RDKit.

Kept: elements and dummies, aromatic atoms and bonds, isotopes, charges, hydrogens, map numbers,
tetrahedral, square planar, trigonal bipyramidal and octahedral stereo, stereo of double bonds,
dative bonds, components, and the order of the atoms wherever that is a depth-first order.

The columns of atoms and bonds are read from the RDKit molecule, and `Molecule.from_graph` puts them
in order: no SMILES is written on the way.

Normalised: atoms in another order are put in the depth-first order that goes to the neighbour of
the lowest index first; several rings that close at one atom are in the order of the atoms at which
they open; queries that any atom matches (R groups of MOL files) are wildcards; aromatic dummies are
wildcards with single bonds, as RDKit writes them; hydrogens are implied where RDKit writes them so
and has not fixed their number, else stated; zero-order bonds and bonds that match any are one, of
order ANY; the stereo of a double bond is said by one direction at each of its atoms; radicals
follow from stated hydrogens and bonds, also those of a metal of a MOL file that states none;
double bonds of unknown stereo have none; groups of absolute stereo centres are left out, for that
is what stereo in SMILES says.

Refused: other query atoms and bonds, bonds of other types, aromatic atoms without an aromatic
symbol, numbers beyond the grammar's, stereo of allenes, which RDKit does not hold, stereo without
the number of its permutation or with too few neighbours, stereo of double bonds that directions
cannot say, and radicals that do not follow from the hydrogens and bonds, of metals too.
Atropisomers, conformers, relative and racemic stereo groups and substance groups are refused unless
an option that names them leaves them out.

Not read, because they are not the molecule's: names, properties, atom and bond properties,
residue information, layouts in the plane, what RDKit computed.
"""

from logos_grammar.molecule.rdkit.projections import as_written, canonical, kekulized
from logos_grammar.molecule.rdkit.read import from_rdkit
from logos_grammar.molecule.rdkit.write import sanitize_as_smiles, to_rdkit

__all__ = ["as_written", "canonical", "from_rdkit", "kekulized", "sanitize_as_smiles", "to_rdkit"]
