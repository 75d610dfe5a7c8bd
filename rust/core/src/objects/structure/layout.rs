//! Layout: what the sentence of a structure says of all its atoms at once.

use super::Structure;
use crate::columns::{Bytes, Columns, write_number};

/// Where the columns leave a choice of how a sentence is written, it is part of the structure, so
/// that it has one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Which list of atom names is in force, by its place in the block `naming`.
    pub naming: u8,
    /// Of what the sentence says a B factor; [`Factors::Structure`] when there are none.
    pub factors: Factors,
    /// The B factor of all atoms where the sentence says it of the structure, scaled as its column
    /// is; else 0. So it comes back where there are no atoms.
    pub b_factor: i64,
}

/// Of what a sentence says a B factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Factors {
    /// Of the structure: all atoms have the same.
    Structure = 0,
    /// Of each residue: its atoms have the same.
    Residue = 1,
    /// Of each atom.
    Atom = 2,
}

impl Factors {
    /// Every choice, by code.
    pub const ALL: [Factors; 3] = [Factors::Structure, Factors::Residue, Factors::Atom];

    /// The choice of a code.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        Factors::ALL.get(usize::from(code)).copied()
    }
}

impl Default for Layout {
    fn default() -> Self {
        Layout { naming: 0, factors: Factors::Structure, b_factor: 0 }
    }
}

/// Its bytes are those of a table of one row, of two columns of `u8` and one of `i64`.
impl Columns for Layout {
    fn write_bytes(&self, out: &mut Vec<u8>) {
        write_number(1, out);
        write_number(i64::from(self.naming), out);
        write_number(i64::from(self.factors as u8), out);
        write_number(self.b_factor, out);
    }

    fn read_bytes(from: &mut Bytes) -> Option<Self> {
        if from.number()? != 1 {
            return None;
        }
        Some(Layout {
            naming: from.number()?.try_into().ok()?,
            factors: Factors::of(from.number()?.try_into().ok()?)?,
            b_factor: from.number()?,
        })
    }
}

impl Structure {
    /// The layout that says the structure in the fewest tokens: the coarsest B factors, and the list
    /// with the fewest names that must be said.
    #[must_use]
    pub fn cheapest_layout(&self) -> Layout {
        let (factors, b_factor) = coarsest_factors(self);
        Layout { naming: self.cheapest_naming(), factors, b_factor }
    }
}

/// Of what the B factors are: of the structure, of each residue, or of each atom; and the one of the
/// structure.
fn coarsest_factors(structure: &Structure) -> (Factors, i64) {
    let Some(factors) = &structure.atoms.b_factor else { return (Factors::Structure, 0) };
    if structure.atoms.b_factor_state.is_some() {
        return (Factors::Atom, 0);
    }
    let factors = &factors.scaled;
    let differs = factors.windows(2).position(|pair| pair[0] != pair[1]);
    let Some(first) = differs else {
        return (Factors::Structure, factors.first().copied().unwrap_or(0));
    };
    let residues = &structure.atoms.residue;
    let mut pairs = factors[first..].windows(2).zip(residues[first..].windows(2));
    let by_residue = pairs.all(|(pair, of)| pair[0] == pair[1] || of[0] != of[1]);
    (if by_residue { Factors::Residue } else { Factors::Atom }, 0)
}
