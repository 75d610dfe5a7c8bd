//! Parents: the atom from which each atom of a pose is a step.

use crate::objects::molecule::Molecule;

/// By atom its parent in the tree of the molecule, else the atom before it; the first has itself.
pub(super) fn parents(molecule: &Molecule) -> Vec<usize> {
    let mut parents: Vec<usize> =
        (0..molecule.atoms.len()).map(|atom| atom.saturating_sub(1)).collect();
    // The first bond of an atom leads to its parent.
    for (&begin, &end) in molecule.bonds.begin.iter().zip(&molecule.bonds.end).rev() {
        if let Some(parent) = parents.get_mut(end as usize)
            && begin < end
        {
            *parent = begin as usize;
        }
    }
    parents
}
