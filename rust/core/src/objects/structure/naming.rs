//! Naming: which list of atom names says a structure in the fewest tokens.

use super::names::WrittenNames;
use super::{Residues, Structure};
use crate::residues::{NAMINGS, NONE, RESIDUES};

impl Structure {
    /// The list with the fewest names that must be said, the first of those with as few.
    #[must_use]
    pub fn cheapest_naming(&self) -> u8 {
        let names = WrittenNames::of(&self.atoms);
        let lettered = lettered(&self.residues);
        let mut said = [0_usize; NAMINGS];
        let mut turns = [0_u8; NAMINGS];
        let mut last = None;
        for (row, &residue) in self.atoms.residue.iter().enumerate() {
            if last != Some(residue) {
                last = Some(residue);
                turns = [0; NAMINGS];
            }
            let code = self.residues.component.codes().get(residue as usize);
            let place = code.map_or(NONE, |&code| lettered[code as usize]);
            if place == NONE {
                continue;
            }
            let of = &RESIDUES.all[usize::from(place)];
            let Some(word) = names.word(row) else {
                (0..).zip(&mut turns).for_each(|(naming, turn)| *turn = of.next(naming, *turn));
                continue;
            };
            for (naming, (turn, said)) in (0..).zip(turns.iter_mut().zip(&mut said)) {
                if of.word(naming, *turn) == word {
                    *turn = of.next(naming, *turn);
                } else {
                    *said += 1;
                    *turn = of.after(naming, *turn, word);
                }
            }
        }
        let naming = (0..NAMINGS).min_by_key(|&naming| said[naming]);
        naming.unwrap_or_default() as u8
    }
}

/// By code of a component the residue that it is, or none.
pub(super) fn lettered(residues: &Residues) -> Vec<u8> {
    let of = |name: &[u8]| RESIDUES.of_component(name).unwrap_or(NONE);
    residues.component.distinct().map(of).collect()
}
