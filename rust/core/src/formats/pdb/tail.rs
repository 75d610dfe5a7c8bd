//! Tail: what columns 73 to 80 of the lines of atoms are.

use super::line::{Line, Lines, trimmed};
use crate::formats::decimal;

/// What columns 73 to 80 are in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Segment, element and charge.
    Element,
    /// The code of the entry and the number of the line, as before 1996.
    LineNumber,
}

impl Tail {
    /// That of a file: the first two lines of atoms have one code, and numbers that follow each
    /// other, or neither.
    pub fn of(text: &[u8]) -> Self {
        let mut numbers = Lines::new(text).filter(|line| is_atom(line.bytes)).map(numbered);
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some((code, first)), Some((other, second)))
                if code == other && second == first + 1 =>
            {
                Tail::LineNumber
            }
            _ => Tail::Element,
        }
    }
}

/// The code of the entry and the number of a line.
pub(super) fn numbered(line: Line<'_>) -> Option<(&[u8], u32)> {
    let code = line.raw(72, 76);
    let digits = trimmed(line.raw(76, 80));
    let all_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if code.len() != 4 || code.contains(&b' ') || !all_digits {
        return None;
    }
    Some((code, digits.iter().fold(0, |number, b| number * 10 + u32::from(b - b'0'))))
}

/// Whether a line is of an atom.
#[inline]
pub(super) fn is_atom(line: &[u8]) -> bool {
    line.starts_with(b"ATOM ") || line.starts_with(b"HETATM") || is_wide(line)
}

/// `ATOM` whose serial number has six digits.
fn is_wide(line: &[u8]) -> bool {
    line.starts_with(b"ATOM") && line.get(4).is_some_and(u8::is_ascii_digit)
}

/// The record of which a line is like one: in other letters, behind other characters, or with
/// others behind it.
///
/// `MODEL`, `LINK` and `END` are words of other texts as well, so that more must be there.
pub(super) fn is_like(line: &[u8]) -> Option<&'static str> {
    let begin = line.iter().position(u8::is_ascii_graphic)?;
    let mut words = line[begin..].split(|b| !b.is_ascii_graphic()).filter(|word| !word.is_empty());
    let first = words.next()?;
    let is_number = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let is_alone = words.clone().next().is_none();
    let is_word = |kept: &&str| {
        first.split_at_checked(kept.len()).is_some_and(|(word, rest)| {
            word.eq_ignore_ascii_case(kept.as_bytes()) && is_number(rest)
        })
    };
    match KEPT.into_iter().find(is_word) {
        Some("MODEL") => words.all(is_number).then_some("MODEL"),
        Some("END") => is_alone.then_some("END"),
        Some(known) => Some(known),
        None => ["ATOM", "HETATM"].into_iter().find(|of| {
            let begins =
                first.get(..4).is_some_and(|four| four.eq_ignore_ascii_case(&of.as_bytes()[..4]));
            begins && has_coordinates(line)
        }),
    }
}

/// Whether columns 31 to 54 are three coordinates, of which each has a point.
fn has_coordinates(line: &[u8]) -> bool {
    (30..54).step_by(8).all(|first| {
        let field = line.get(first..first + 8).map(trimmed);
        field.is_some_and(|field| field.contains(&b'.') && decimal::read(field).is_ok())
    })
}

/// The records that are kept, LINK aside, which is not told from a word.
const KEPT: [&str; 10] =
    ["ATOM", "HETATM", "ANISOU", "TER", "MODEL", "ENDMDL", "END", "CRYST1", "SSBOND", "SEQRES"];

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tails: [&str; 2]) -> String {
        tails.map(|tail| format!("{:<72}{tail}\n", "ATOM      1  N   MET     1")).concat()
    }

    #[test]
    fn old_files_number_their_lines() {
        let of = |tails| Tail::of(file(tails).as_bytes());
        assert_eq!(of(["1GDR 109", "1GDR 110"]), Tail::LineNumber);
        assert_eq!(of(["1D661009", "1D661010"]), Tail::LineNumber);
        assert_eq!(of(["1GDR 109", "1GDR 109"]), Tail::Element);
        assert_eq!(of(["A      0", "A      1"]), Tail::Element);
        assert_eq!(of(["PROT N1+", "PROT C  "]), Tail::Element);
        assert_eq!(of(["SYST   0", "SYST   0"]), Tail::Element);
        assert_eq!(of(["1GDR 109", "1ABC 110"]), Tail::Element);
    }
}
