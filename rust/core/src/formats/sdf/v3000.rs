//! V3000: words, in blocks of atoms and of bonds.

use std::collections::HashMap;

use super::joined::Joined;
use super::record::HEADER;
use super::source::{
    ATTACHMENT, LINK_NODE, LONGEST, RADICAL, Source, coordinate, integer, is_held_radical,
    refusal_of_element,
};
use super::{Atoms, Bond, Record};
use crate::formats::decimal;
use crate::formats::error::{FormatError, shown};

/// Read the lines from the counts to `M  END`.
pub(super) fn read(source: &Source, end: usize, record: &mut Record) -> Result<(), FormatError> {
    let mut reader =
        Reader { source, end, line: Joined::default(), rows: HashMap::new(), counts: None };
    reader.read(record)
}

struct Reader<'a> {
    source: &'a Source<'a>,
    /// The row of `M  END`.
    end: usize,
    line: Joined,
    /// By the index of an atom its row; none where several have the index.
    rows: HashMap<u32, Option<u32>>,
    /// How many atoms and bonds there are, and the row that says it.
    counts: Option<([usize; 2], usize)>,
}

impl Reader<'_> {
    fn read(&mut self, record: &mut Record) -> Result<(), FormatError> {
        let mut has_atoms = false;
        let mut has_bonds = false;
        let mut at = HEADER;
        while let Some(next) = self.line.read(self.source, at, self.end) {
            at = next;
            if self.line.says(b"BEGIN", b"ATOM") && !has_atoms {
                has_atoms = true;
                at = self.block(at, b"ATOM", |reader| reader.atom(&mut record.atoms))?;
            } else if self.line.says(b"BEGIN", b"BOND") && !has_bonds {
                has_bonds = true;
                at = self.block(at, b"BOND", |reader| {
                    record.bonds.push(reader.bond()?);
                    Ok(())
                })?;
            } else if self.line.word(0) == b"COUNTS" && self.counts.is_none() {
                let counts = [self.number(1, "a count")?, self.number(2, "a count")?];
                self.counts = Some((counts, self.line.place(0).0));
            } else if self.line.word(0) == b"LINKNODE" {
                return Err(self.error(0, LINK_NODE));
            } else if self.line.says(b"END", b"CTAB") {
                // What follows are templates, each with a table of its own.
                break;
            }
        }
        if !has_atoms {
            return Err(self.source.error(self.end, 0, ATOMS));
        }
        self.check_counts(record)
    }

    fn check_counts(&self, record: &Record) -> Result<(), FormatError> {
        let Some((wanted, row)) = self.counts else { return Ok(()) };
        let found = [record.atoms.len(), record.bonds.len()];
        if wanted == found {
            return Ok(());
        }
        let of = |[atoms, bonds]: [usize; 2]| format!("{atoms} atoms and {bonds} bonds");
        let reason = format!("expected {}, found {}", of(wanted), of(found));
        Err(self.source.error(row, 0, reason))
    }

    /// Read the lines of a block, and give the row behind it.
    fn block(
        &mut self,
        begin: usize,
        name: &[u8],
        mut read: impl FnMut(&mut Self) -> Result<(), FormatError>,
    ) -> Result<usize, FormatError> {
        let mut at = begin;
        while let Some(next) = self.line.read(self.source, at, self.end) {
            if self.line.says(b"END", name) {
                return Ok(next);
            }
            read(self)?;
            at = next;
        }
        let reason = if name == b"ATOM" { ATOMS } else { BONDS };
        Err(self.source.error(self.end, 0, reason))
    }

    fn atom(&mut self, atoms: &mut Atoms) -> Result<(), FormatError> {
        if self.line.count() < 5 {
            let reason = "expected an index, an element and three coordinates";
            return Err(self.error(self.line.count(), reason));
        }
        if let Some(reason) = refusal_of_element(self.line.word(1)) {
            return Err(self.error(1, reason));
        }
        let index = self.number(0, "the index of an atom")?;
        let row = atoms.charge.len() as u32;
        self.rows.entry(index).and_modify(|row| *row = None).or_insert(Some(row));
        atoms.element.push_word(self.line.word(1));
        for (word, column) in (2..5).zip([&mut atoms.x, &mut atoms.y, &mut atoms.z]) {
            let number =
                coordinate(self.line.word(word)).map_err(|reason| self.error(word, reason))?;
            decimal::push(column, number).map_err(|_| self.not(word, LONGEST))?;
        }
        let has_map_number = self.line.count() > 5;
        let map_number =
            if has_map_number { self.number(5, "the number of an atom in a reaction")? } else { 0 };
        atoms.map_number.push(map_number);
        atoms.charge.push(self.value(b"CHG", 6, "a charge")?);
        atoms.radical.push(self.radical()?);
        atoms.isotope.push(self.value(b"MASS", 6, "a mass number")?);
        atoms.mass_difference.push(0);
        self.refuse(&[b"ATTCHPT", b"ATTCHORD"], 6, ATTACHMENT)?;
        self.refuse(&[b"RGROUPS"], 6, "expected no R groups, which a conformer does not hold")
    }

    fn radical(&self) -> Result<u8, FormatError> {
        let Some((word, value)) = self.line.value(b"RAD", 6) else { return Ok(0) };
        let code = integer(value).filter(|&code| is_held_radical(code));
        code.ok_or_else(|| self.not(word, RADICAL))
    }

    /// Refuse a line with one of some keys.
    fn refuse(&self, keys: &[&[u8]], from: usize, reason: &'static str) -> Result<(), FormatError> {
        match keys.iter().find_map(|key| self.line.value(key, from)) {
            Some((_, b"0")) | None => Ok(()),
            Some((word, _)) => Err(self.error(word, reason)),
        }
    }

    fn bond(&mut self) -> Result<Bond, FormatError> {
        if self.line.count() < 4 {
            let reason = "expected an index, a type and two atoms";
            return Err(self.error(self.line.count(), reason));
        }
        let kind = self.number(1, "the type of a bond")?;
        self.refuse(&[b"ENDPTS", b"ATTACH"], 4, SEVERAL)?;
        let wedge = match (self.value::<u8>(b"CFG", 4, "the stereo of a bond")?, kind) {
            (0, _) => 0,
            (1, _) => 1,
            (2, 2) => 3,
            (2, _) => 4,
            (3, _) => 6,
            _ => return Err(self.error(4, "expected the stereo of a bond, CFG, from 0 to 3")),
        };
        Ok(Bond { begin: self.atom_row(2)?, end: self.atom_row(3)?, kind, wedge })
    }

    /// The row of the atom whose index is a word.
    fn atom_row(&self, word: usize) -> Result<u32, FormatError> {
        let index = self.number(word, "the index of an atom")?;
        let row = self.rows.get(&index).copied().flatten();
        row.ok_or_else(|| self.not(word, "the index of one atom"))
    }

    fn number<T: TryFrom<i32>>(&self, word: usize, wanted: &str) -> Result<T, FormatError> {
        integer(self.line.word(word)).ok_or_else(|| self.not(word, wanted))
    }

    /// The value of a key among the words from one on, 0 where it is not given.
    fn value<T: TryFrom<i32> + Default>(
        &self,
        key: &[u8],
        from: usize,
        wanted: &str,
    ) -> Result<T, FormatError> {
        match self.line.value(key, from) {
            None => Ok(T::default()),
            Some((word, value)) => integer(value).ok_or_else(|| self.not(word, wanted)),
        }
    }

    fn not(&self, word: usize, wanted: &str) -> FormatError {
        let found = shown(self.line.word(word));
        self.error(word, format!("expected {wanted}, found {found}"))
    }

    fn error(&self, word: usize, reason: impl Into<std::borrow::Cow<'static, str>>) -> FormatError {
        let (row, column) = self.line.place(word);
        self.source.error(row, column, reason)
    }
}

const SEVERAL: &str = "expected a bond of two atoms, found one that ends at several";
const ATOMS: &str = "expected atoms from BEGIN ATOM to END ATOM";
const BONDS: &str = "expected bonds from BEGIN BOND to END BOND";
