//! Line: the fields of one line, by their columns.

/// A line of a text, which may be shorter than its columns.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its bytes without the end of line.
    pub bytes: &'a [u8],
    /// Where it begins in the text.
    pub start: usize,
}

impl<'a> Line<'a> {
    /// What stands in columns, counted from 0, as far as the line goes.
    #[inline]
    pub fn raw(self, first: usize, end: usize) -> &'a [u8] {
        let bytes = self.bytes;
        if end <= bytes.len() { &bytes[first..end] } else { bytes.get(first..).unwrap_or(&[]) }
    }

    /// The same without blanks around it.
    #[inline]
    pub fn field(self, first: usize, end: usize) -> &'a [u8] {
        trimmed(self.raw(first, end))
    }

    /// One column, blank beyond the end.
    #[inline]
    pub fn column(self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b' ')
    }

    /// The byte of the text at which a field stands: its first that is not blank.
    pub fn position(self, first: usize, end: usize) -> usize {
        let raw = self.raw(first, end);
        let blanks = raw.iter().take_while(|b| **b == b' ').count();
        self.start + (first + if blanks == raw.len() { 0 } else { blanks }).min(self.bytes.len())
    }
}

/// Without blanks around it; other white space stays.
#[inline]
pub(super) fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' '] = bytes {
        bytes = rest;
    }
    bytes
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a line that has a carriage return within it is refused: it may be several.
pub(super) const CR_ALONE: &str = "expected lines that end with LF or CR LF, found CR alone";

/// Every line of a text, without `\n` or `\r\n`.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        // A byte order mark, which editors put before a text, is no part of its first line.
        Lines {
            text,
            at: if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 },
        }
    }

    /// Where the next line begins; beyond the end of a text whose last line has no end of line.
    pub fn at(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    #[inline]
    fn next(&mut self) -> Option<Line<'a>> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = line_end(rest);
        self.at = start + length + 1;
        let bytes = &rest[..length];
        Some(Line { bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes), start })
    }
}

/// Where the first end of line is, or the end of the text.
#[inline(never)] // so that lines are made in registers
fn line_end(text: &[u8]) -> usize {
    // Nearly all lines are longer than this; the loop over a fixed number is done in few steps.
    const START: usize = 64;
    const ONES: u64 = u64::MAX / 255;
    const NEWLINES: u64 = ONES * b'\n' as u64;
    let mut at = 0;
    if let Some(start) = text.first_chunk::<START>() {
        let mut ends = 0;
        for &b in start {
            ends |= u8::from(b == b'\n');
        }
        at = if ends == 0 { START } else { 0 };
    }
    while let Some(word) = text[at..].first_chunk() {
        // The lowest byte of which the highest bit is set here is the first end of line.
        let others = u64::from_le_bytes(*word) ^ NEWLINES;
        let ends = others.wrapping_sub(ONES) & !others & (ONES << 7);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &text[at..];
    at + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_either_end_of_line() {
        let of = |text: &str| -> Vec<(usize, String)> {
            Lines::new(text.as_bytes())
                .map(|line| (line.start, String::from_utf8(line.bytes.to_vec()).unwrap()))
                .collect()
        };
        let owned = |start, text: &str| (start, text.to_owned());
        assert_eq!(of("a\r\n\nb"), [owned(0, "a"), owned(3, ""), owned(4, "b")]);
        assert_eq!(of(""), []);
        let wide = "x".repeat(80);
        assert_eq!(of(&format!("{wide}\n{wide}\r\n")), [owned(0, &wide), owned(81, &wide)]);
        // Ends of line at every place of a word, before, in and behind the first words.
        for length in 0..100 {
            for other in [0, 1, 7, 30, 80] {
                let (one, two) = ("\u{b}".repeat(length), "y".repeat(other));
                let next = length + other + 2;
                assert_eq!(
                    of(&format!("{one}\n{two}\nz")),
                    [owned(0, &one), owned(length + 1, &two), owned(next, "z")]
                );
            }
        }
    }

    #[test]
    fn a_field_that_is_cut_off_is_blank() {
        let line = Line { bytes: b"ATOM   12", start: 100 };
        assert_eq!(line.field(6, 11), b"12");
        assert_eq!(line.field(30, 38), b"");
        assert_eq!(line.position(6, 11), 107);
        assert_eq!(line.position(30, 38), 109);
        assert_eq!(line.column(80), b' ');
    }
}
