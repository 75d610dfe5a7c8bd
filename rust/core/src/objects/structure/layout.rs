//! Layout: what the sentence of a structure says of all its atoms at once.

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
