//! Runs: records that follow each other and have the same atoms, bonds and charges.

use super::{Record, Records, record};
use crate::formats::error::FormatError;
use crate::formats::line::Lines;

impl Record {
    /// Whether the atoms, bonds and charges are those of another record, in one order. Coordinates
    /// may differ, and so may wedges, which are drawn of them.
    #[must_use]
    pub fn is_alike(&self, other: &Record) -> bool {
        let (atoms, bonds) = (&self.atoms, &self.bonds);
        atoms.element == other.atoms.element
            && atoms.charge == other.atoms.charge
            && atoms.radical == other.atoms.radical
            && atoms.isotope == other.atoms.isotope
            && atoms.mass_difference == other.atoms.mass_difference
            && atoms.map_number == other.atoms.map_number
            && bonds.begin == other.bonds.begin
            && bonds.end == other.bonds.end
            && bonds.kind == other.bonds.kind
    }
}

/// Where the last run ends of which a text, the beginning of a file, has the end: where a record
/// begins that is not like the one before it, or a run has as many records as one may have. 0 when
/// the text has no end of a run. What is not a record is a run by itself.
///
/// The text begins with a run, so that a file can be cut piece by piece and no cut depends on where
/// the pieces end.
#[must_use]
pub fn end_of_runs(text: &[u8], most: usize) -> usize {
    let mut records = Records { lines: Lines::new(text), line: 1, start: 0 };
    let mut before: Option<Result<Record, FormatError>> = None;
    let (mut found, mut end, mut count) = (0, 0, 0);
    loop {
        let (source, is_ended) = records.source();
        let next = records.lines.at();
        if !is_ended || next > text.len() {
            return found;
        }
        let read = record::read(&source);
        let is_alike = match (&before, &read) {
            (Some(Ok(before)), Ok(read)) => read.is_alike(before),
            _ => false,
        };
        if is_alike && count < most {
            count += 1;
        } else {
            found = end;
            count = 1;
        }
        end = next;
        if count == most {
            found = end;
        }
        before = Some(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of an atom.
    fn record(element: &str, x: f32) -> String {
        format!(
            "\n\n\n  1  0  0  0  0  0            999 V2000\n{x:10.4}{:20}{element:<3} 0  0\nM  END\n\
             $$$$\n",
            "    0.0000    0.0000 "
        )
    }

    #[test]
    fn a_run_ends_where_atoms_differ_or_there_are_enough() {
        let (c, also, n) = (record("C", 1.0), record("C", 2.5), record("N", 1.0));
        let run = [c.as_str(), &also].concat();
        assert_eq!(end_of_runs(run.as_bytes(), 9), 0);
        assert_eq!(end_of_runs(run.as_bytes(), 2), run.len());
        assert_eq!(end_of_runs(run.as_bytes(), 1), run.len());
        let text = [run.as_str(), &n].concat();
        assert_eq!(end_of_runs(text.as_bytes(), 9), run.len());
        assert_eq!(end_of_runs(text.as_bytes(), 1), text.len());
        let three = [run.as_str(), &c].concat();
        assert_eq!(end_of_runs(three.as_bytes(), 2), run.len());
        assert_eq!(end_of_runs(three.as_bytes(), 3), three.len());
    }

    #[test]
    fn what_is_not_a_record_is_a_run() {
        let (c, torn) = (record("C", 1.0), record("C", f32::NAN));
        let text = [c.as_str(), &torn, &torn, &c].concat();
        assert_eq!(end_of_runs(text.as_bytes(), 9), c.len() + 2 * torn.len());
    }

    #[test]
    fn a_record_without_its_end_of_line_has_not_ended() {
        let text = [record("C", 1.0), record("N", 1.0)].concat();
        let first = record("C", 1.0).len();
        for end in first..text.len() {
            assert_eq!(end_of_runs(&text.as_bytes()[..end], 9), 0, "{end}");
        }
        assert_eq!(end_of_runs(text.as_bytes(), 9), first);
    }
}
