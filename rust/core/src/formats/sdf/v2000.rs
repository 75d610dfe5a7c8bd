//! V2000: fixed columns, then lines of properties that supersede what the lines of atoms say.

use super::record::{COUNTS, HEADER};
use super::source::{
    ATTACHMENT, LINK_NODE, LONGEST, RADICAL, Source, coordinate, is_held_radical,
    refusal_of_element,
};
use super::{Atoms, Bond, Record};
use crate::formats::decimal;
use crate::formats::error::FormatError;

type Columns = (usize, usize);
const AXES: [Columns; 3] = [(0, 10), (10, 20), (20, 30)];
const ELEMENT: Columns = (31, 34);
const MASS_DIFFERENCE: Columns = (34, 36);
const CHARGE: Columns = (36, 39);
const MAP_NUMBER: Columns = (60, 63);
/// The charge and the radical of each code of the line of an atom.
const CHARGES: [(i8, u8); 8] = [(0, 0), (3, 0), (2, 0), (1, 0), (0, 2), (-1, 0), (-2, 0), (-3, 0)];

/// Read the lines from the counts to `M  END`.
pub(super) fn read(source: &Source, end: usize, record: &mut Record) -> Result<(), FormatError> {
    let atoms = counted(source, (0, 3), "atoms")?;
    let last = HEADER + atoms;
    if last > end {
        return Err(source.error(end, 0, format!("expected {atoms} lines of atoms before M  END")));
    }
    record.atoms.reserve(atoms);
    for row in HEADER..last {
        atom(source, row, &mut record.atoms)?;
    }
    let bonds = counted(source, (3, 6), "bonds")?;
    let properties = last + bonds;
    if properties > end {
        return Err(source.error(end, 0, format!("expected {bonds} lines of bonds before M  END")));
    }
    record.bonds.reserve(bonds);
    for row in last..properties {
        record.bonds.push(bond(source, row, atoms)?);
    }
    Properties { source, atoms: &mut record.atoms, charged: false, has_isotopes: false }
        .read(properties, end)
}

fn counted(source: &Source, columns: Columns, of: &str) -> Result<usize, FormatError> {
    let field = source.row(COUNTS).field(columns.0, columns.1);
    let count = std::str::from_utf8(field).ok().filter(|_| field.iter().all(u8::is_ascii_digit));
    count.and_then(|count| count.parse().ok()).ok_or_else(|| {
        let (first, last) = (columns.0 + 1, columns.1);
        source.not(COUNTS, columns, &format!("the number of {of} in columns {first} to {last}"))
    })
}

fn atom(source: &Source, row: usize, atoms: &mut Atoms) -> Result<(), FormatError> {
    let line = source.row(row);
    let symbol = line.field(ELEMENT.0, ELEMENT.1);
    if let Some(reason) = refusal_of_element(symbol) {
        return Err(source.error(row, ELEMENT.0, reason));
    }
    atoms.element.push_word(symbol);
    for (columns, column) in AXES.into_iter().zip([&mut atoms.x, &mut atoms.y, &mut atoms.z]) {
        let at = || line.position(columns.0, columns.1) - line.start;
        let number = coordinate(line.field(columns.0, columns.1))
            .map_err(|reason| source.error(row, at(), reason))?;
        decimal::push(column, number).map_err(|_| source.not(row, columns, LONGEST))?;
    }
    let code: usize = source.integer::<u16>(row, CHARGE, "a code of charge from 0 to 7")?.into();
    let &(charge, radical) =
        CHARGES.get(code).ok_or_else(|| source.not(row, CHARGE, "a code of charge from 0 to 7"))?;
    atoms.charge.push(charge);
    atoms.radical.push(radical);
    atoms.isotope.push(0);
    atoms.mass_difference.push(source.integer(row, MASS_DIFFERENCE, "a difference of mass")?);
    atoms.map_number.push(source.integer(
        row,
        MAP_NUMBER,
        "the number of an atom in a reaction",
    )?);
    Ok(())
}

fn bond(source: &Source, row: usize, atoms: usize) -> Result<Bond, FormatError> {
    Ok(Bond {
        begin: atom_row(source, row, (0, 3), atoms)?,
        end: atom_row(source, row, (3, 6), atoms)?,
        kind: source.integer(row, (6, 9), "the type of a bond")?,
        wedge: source.integer(row, (9, 12), "the stereo of a bond")?,
    })
}

/// The row of the atom whose number is in columns.
fn atom_row(
    source: &Source,
    row: usize,
    columns: Columns,
    atoms: usize,
) -> Result<u32, FormatError> {
    let number: u32 = source.integer(row, columns, "the number of an atom")?;
    let is_one = 0 < number && number as usize <= atoms;
    let not = || source.not(row, columns, &format!("the number of an atom from 1 to {atoms}"));
    is_one.then(|| number - 1).ok_or_else(not)
}

/// The lines behind the bonds.
struct Properties<'a> {
    source: &'a Source<'a>,
    atoms: &'a mut Atoms,
    /// Whether a charge or a radical was stated, and a mass number: what the lines of atoms say of
    /// these is void.
    charged: bool,
    has_isotopes: bool,
}

impl Properties<'_> {
    fn read(mut self, begin: usize, end: usize) -> Result<(), FormatError> {
        let mut rows = begin..end;
        while let Some(row) = rows.next() {
            match self.source.row(row).raw(0, 6) {
                b"M  CHG" => {
                    self.supersede_charges();
                    for (columns, atom) in self.pairs(row)? {
                        self.atoms.charge[atom] = self.source.integer(row, columns, "a charge")?;
                    }
                }
                b"M  RAD" => {
                    self.supersede_charges();
                    for (columns, atom) in self.pairs(row)? {
                        let code = self.source.integer(row, columns, RADICAL)?;
                        if !is_held_radical(code) {
                            return Err(self.source.not(row, columns, RADICAL));
                        }
                        self.atoms.radical[atom] = code;
                    }
                }
                b"M  ISO" => {
                    if !std::mem::replace(&mut self.has_isotopes, true) {
                        self.atoms.mass_difference.fill(0);
                    }
                    for (columns, atom) in self.pairs(row)? {
                        self.atoms.isotope[atom] =
                            self.source.integer(row, columns, "a mass number")?;
                    }
                }
                b"M  APO" => return Err(self.source.error(row, 0, ATTACHMENT)),
                b"M  LIN" => return Err(self.source.error(row, 0, LINK_NODE)),
                // An alias or an abbreviation is the next line, whatever that looks like.
                other if other.starts_with(b"A  ") || other.starts_with(b"G  ") => {
                    rows.next();
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn supersede_charges(&mut self) {
        if !std::mem::replace(&mut self.charged, true) {
            self.atoms.charge.fill(0);
            self.atoms.radical.fill(0);
        }
    }

    /// The columns of each value of a line, and the row of its atom.
    fn pairs(&self, row: usize) -> Result<Vec<(Columns, usize)>, FormatError> {
        let count: usize = self.source.integer::<u16>(row, (6, 9), "the number of entries")?.into();
        let pair = |entry: usize| {
            let at = 9 + 8 * entry;
            let atom = atom_row(self.source, row, (at, at + 4), self.atoms.charge.len())?;
            Ok(((at + 4, at + 8), atom as usize))
        };
        (0..count).map(pair).collect()
    }
}
