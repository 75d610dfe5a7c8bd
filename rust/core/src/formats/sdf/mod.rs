//! SDF and MOL: records of V2000 and V3000 as columns, without chemistry.
//!
//! Source: `CTfile` formats, BIOVIA 2020, chapters 2 to 4 and 6. What a record says is held as it says
//! it: perception (aromaticity, hydrogens, stereo from wedges or coordinates) is not done here.

mod items;
mod joined;
mod record;
mod runs;
mod source;
mod v2000;
mod v3000;

use super::error::FormatError;
use super::line::Lines;
use crate::columns;
use crate::columns::{Bytes, Columns, Words};
use crate::number::Fixed;
pub use runs::end_of_runs;
use source::Source;

/// One record of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// Its first line.
    pub title: Vec<u8>,
    /// Whether it is a layout in the plane and not a place in space: z is 0 at every atom, and
    /// line 2 does not say 3D.
    pub is_flat: bool,
    /// Its MOL block, lines ended by `\n`; line 2 says 2D where z is 0 at every atom, else 3D.
    pub block: Vec<u8>,
    /// Its atoms.
    pub atoms: Atoms,
    /// Its bonds.
    pub bonds: Bonds,
    /// Its data items.
    pub items: Items,
}

columns! {
    /// The atoms of a record, in its order.
    pub struct Atoms of Atom {
        /// The symbol as it is written: `Cl`, and also `D`, `*` or a list of elements.
        element: Words,
        /// In ångström, with one count of decimals, the fewest that hold all of the record.
        x: Fixed,
        /// Along the second axis.
        y: Fixed,
        /// Along the third.
        z: Fixed,
        /// The formal charge.
        charge: Vec<i8>,
        /// 0 none, 2 doublet, 3 triplet; a singlet is refused.
        radical: Vec<u8>,
        /// The mass number, 0 where it is not given.
        isotope: Vec<u16>,
        /// How far the mass is from that of the element, where no atom has a mass number; V2000.
        mass_difference: Vec<i8>,
        /// The number in a reaction, 0 for none.
        map_number: Vec<u32>,
    }
}

columns! {
    /// The bonds of a record, in its order.
    pub struct Bonds of Bond {
        /// The row of the first atom, at which a wedge is narrow.
        begin: Vec<u32>,
        /// The row of the second.
        end: Vec<u32>,
        /// 1 to 3 the order, 4 aromatic, 5 to 8 queries, 9 dative, 10 hydrogen.
        kind: Vec<u8>,
        /// 0 none, 1 up, 6 down, 4 up or down, 3 a double bond that may be cis or trans.
        wedge: Vec<u8>,
    }
}

columns! {
    /// The data items of a record, in its order.
    pub struct Items of Item {
        /// The name.
        name: Words,
        /// The value; lines are joined by `\n`.
        value: Words,
    }
}

impl Columns for Record {
    /// Only its tables.
    fn write_bytes(&self, out: &mut Vec<u8>) {
        self.atoms.write_bytes(out);
        self.bonds.write_bytes(out);
        self.items.write_bytes(out);
    }

    fn read_bytes(from: &mut Bytes) -> Option<Self> {
        Some(Record {
            atoms: Atoms::read_bytes(from)?,
            bonds: Bonds::read_bytes(from)?,
            items: Items::read_bytes(from)?,
            ..Record::default()
        })
    }
}

const END: &[u8] = b"$$$$";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Read the records of a file, each by itself.
#[must_use]
pub fn read(text: &[u8]) -> Records<'_> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    Records { lines: Lines::new(text), line: 1, start: 0 }
}

/// The records of a file, or why one cannot be read.
pub struct Records<'a> {
    lines: Lines<'a>,
    /// The line on which the next record begins, and the byte.
    line: usize,
    start: usize,
}

impl Iterator for Records<'_> {
    type Item = Result<Record, FormatError>;

    /// What is behind the last end of a record is a record unless it is blank.
    fn next(&mut self) -> Option<Self::Item> {
        let (source, is_ended) = self.source();
        let is_record = is_ended || source.lines.iter().any(|line| !source::is_blank(line.bytes));
        is_record.then(|| record::read(&source))
    }
}

impl<'a> Records<'a> {
    /// The lines up to the next end of a record, and whether there is one.
    fn source(&mut self) -> (Source<'a>, bool) {
        let mut source = Source { lines: Vec::new(), line: self.line, start: self.start };
        let mut is_ended = false;
        for line in self.lines.by_ref() {
            self.line += 1;
            self.start = line.start;
            is_ended = line.bytes.starts_with(END);
            if is_ended {
                break;
            }
            source.lines.push(line);
        }
        (source, is_ended)
    }
}

#[cfg(test)]
mod tests;
