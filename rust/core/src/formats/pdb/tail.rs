//! Tail: what columns 73 to 80 of the lines of atoms are.

use super::line::{Line, Lines, trimmed};

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

/// The record of which a line is like one, in other letters or behind other white space.
///
/// `MODEL`, `LINK` and `END` are words of other texts as well, so that more must be there.
pub(super) fn is_like(line: &[u8]) -> Option<&'static str> {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = words.next()?;
    let is_number = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let is_alone = words.clone().next().is_none();
    let known = KEPT.into_iter().find(|kept| first.eq_ignore_ascii_case(kept.as_bytes()))?;
    match known {
        "MODEL" => words.all(is_number).then_some(known),
        "END" => is_alone.then_some(known),
        _ => Some(known),
    }
}

/// The records that are kept but for LINK, which is not told from a word.
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
