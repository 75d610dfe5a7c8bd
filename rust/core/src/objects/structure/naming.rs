//! Naming: which list of atom names says a structure in the fewest tokens.

use std::ops::Range;

use super::names::WrittenNames;
use super::{Residues, Structure};
use crate::residues::{NAMINGS, NONE, RESIDUES, Residue};

impl Structure {
    /// The list with the fewest names that must be said, the first of those with as few.
    #[must_use]
    pub fn cheapest_naming(&self) -> u8 {
        let mut names = Names::of(self);
        let mut said = [0; NAMINGS];
        let mut first = 0;
        for atoms in self.atoms.residue.chunk_by(|one, other| one == other) {
            let of_residue = names.said(atoms[0], first..first + atoms.len());
            for (said, of_residue) in said.iter_mut().zip(of_residue) {
                *said += u64::from(of_residue);
            }
            first += atoms.len();
        }
        let naming = (0..NAMINGS).min_by_key(|&naming| said[naming]);
        naming.unwrap_or_default() as u8
    }
}

/// How many names must be said of atoms, by list.
type Said = [u32; NAMINGS];

/// The names of a structure.
struct Names<'a> {
    structure: &'a Structure,
    written: WrittenNames<'a>,
    /// By code of a component.
    lettered: Vec<u8>,
    /// By residue of the spec the atoms of the last one, since most have the same names.
    lately: Vec<(Range<usize>, Said)>,
}

impl<'a> Names<'a> {
    fn of(structure: &'a Structure) -> Self {
        let written = WrittenNames::of(&structure.atoms);
        let lettered = lettered(&structure.residues);
        Names {
            structure,
            written,
            lettered,
            lately: vec![(0..0, [0; NAMINGS]); RESIDUES.all.len()],
        }
    }

    /// How many names must be said of the atoms of a residue.
    fn said(&mut self, residue: u32, atoms: Range<usize>) -> Said {
        let code = self.structure.residues.component.codes().get(residue as usize);
        let place = code.map_or(NONE, |&code| self.lettered[code as usize]);
        let Some((last, said)) = self.lately.get(usize::from(place)) else { return [0; NAMINGS] };
        if self.written.are_same(last.clone(), atoms.clone()) {
            return *said;
        }
        let said = self.count(&RESIDUES.all[usize::from(place)], atoms.clone());
        self.lately[usize::from(place)] = (atoms, said);
        said
    }

    fn count(&self, residue: &Residue, atoms: Range<usize>) -> Said {
        let mut said = [0; NAMINGS];
        let mut turns = [0; NAMINGS];
        for row in atoms {
            let Some(word) = self.written.word(row) else {
                (0..)
                    .zip(&mut turns)
                    .for_each(|(naming, turn)| *turn = residue.next(naming, *turn));
                continue;
            };
            for (naming, (turn, said)) in (0..).zip(turns.iter_mut().zip(&mut said)) {
                if residue.word(naming, *turn) == word {
                    *turn = residue.next(naming, *turn);
                } else {
                    *said += 1;
                    *turn = residue.after(naming, *turn, word);
                }
            }
        }
        said
    }
}

/// By code of a component the residue that it is, or none.
pub(super) fn lettered(residues: &Residues) -> Vec<u8> {
    let of = |name: &[u8]| RESIDUES.of_component(name).unwrap_or(NONE);
    residues.component.distinct().map(of).collect()
}
