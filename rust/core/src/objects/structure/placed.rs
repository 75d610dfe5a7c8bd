//! Placed: from which atom a later one of its residue is a step.

use crate::residues::{MOST_ATOMS, Residue};

/// The rows of the atoms that were read of the present residue, each word's last one.
pub(super) struct Placed {
    /// By atom of the residue one more than its row; what is not above `start` is of one before.
    rows: [usize; MOST_ATOMS],
    start: usize,
}

impl Placed {
    pub fn new() -> Self {
        Placed { rows: [0; MOST_ATOMS], start: 0 }
    }

    /// A residue begins with the atom of a row.
    pub fn begin(&mut self, row: usize) {
        self.start = row;
    }

    /// The row from whose point an atom is a step: of the atom to which it is bonded, where that is
    /// known and was read, else of the one before it.
    #[inline]
    pub fn parent(&self, residue: &Residue, atom: Option<u8>, row: usize) -> usize {
        let parent = atom.and_then(|atom| residue.parent(atom));
        let last = parent.map_or(0, |parent| self.rows[usize::from(parent)]);
        if last > self.start { last - 1 } else { row - 1 }
    }

    /// An atom of a residue has a row.
    #[inline]
    pub fn put(&mut self, atom: Option<u8>, row: usize) {
        if let Some(atom) = atom {
            self.rows[usize::from(atom)] = row + 1;
        }
    }
}
