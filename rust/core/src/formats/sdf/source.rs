//! Source: the lines of one record, and errors at their columns.

use std::borrow::Cow;

use crate::formats::decimal::{self, Decimal};
use crate::formats::error::{FormatError, shown};
use crate::formats::line::Line;

/// The lines of a record.
pub(super) struct Source<'a> {
    pub lines: Vec<Line<'a>>,
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// The byte of the file at which the line before it begins, for a record without lines.
    pub start: usize,
}

impl<'a> Source<'a> {
    /// A line, empty behind the last.
    pub fn row(&self, row: usize) -> Line<'a> {
        let end = Line { bytes: &[], start: self.start };
        self.lines.get(row).copied().unwrap_or(end)
    }

    /// An error at a column of a line, both from 0.
    pub fn error(
        &self,
        row: usize,
        column: usize,
        reason: impl Into<Cow<'static, str>>,
    ) -> FormatError {
        FormatError {
            position: self.row(row).start + column.min(self.row(row).bytes.len()),
            line: self.line + row,
            column: column + 1,
            item: None,
            reason: reason.into(),
        }
    }

    /// An error at what stands in columns, which is shown.
    pub fn not(&self, row: usize, columns: (usize, usize), wanted: &str) -> FormatError {
        let line = self.row(row);
        let found = shown(line.field(columns.0, columns.1));
        let column = line.position(columns.0, columns.1) - line.start;
        self.error(row, column, format!("expected {wanted}, found {found}"))
    }

    /// The integer in columns, 0 where they are blank.
    pub fn integer<T: TryFrom<i32> + Default>(
        &self,
        row: usize,
        columns: (usize, usize),
        wanted: &str,
    ) -> Result<T, FormatError> {
        match self.row(row).field(columns.0, columns.1) {
            b"" => Ok(T::default()),
            field => integer(field).ok_or_else(|| self.not(row, columns, wanted)),
        }
    }
}

/// An integer in the range of a type.
pub(super) fn integer<T: TryFrom<i32>>(text: &[u8]) -> Option<T> {
    decimal::read_integer(text).and_then(|number| T::try_from(number).ok())
}

/// A coordinate with the fewest decimals that hold it.
pub(super) fn coordinate(text: &[u8]) -> Result<Decimal, String> {
    let mut digits = text;
    if let Some(point) = text.iter().position(|&b| b == b'.') {
        // One digit stays: it may be the only one.
        while digits.len() > point + 2 && digits.ends_with(b"0") {
            digits = &digits[..digits.len() - 1];
        }
    }
    let mut number = decimal::read(digits).map_err(|wanted| {
        let wanted = if wanted == decimal::TOO_LONG { LONGEST } else { SUCH_AS };
        format!("expected {wanted}, found {}", shown(text))
    })?;
    while number.decimals > 0 && number.scaled % 10 == 0 {
        number = Decimal { scaled: number.scaled / 10, decimals: number.decimals - 1 };
    }
    Ok(number)
}

pub(super) const SUCH_AS: &str = "a coordinate such as -1.2345";
pub(super) const LONGEST: &str = "a coordinate of at most 18 digits, 9 of them decimals";

/// Why a symbol is no element: abbreviations such as CO and CN may be taken for Co and Cn, and an R
/// group stands for atoms that the record does not have.
pub(super) fn refusal_of_element(symbol: &[u8]) -> Option<String> {
    let is_capitals = symbol.len() == 2 && symbol.iter().all(u8::is_ascii_uppercase);
    let is_group = match symbol {
        [b'R', rest @ ..] => matches!(rest, b"" | b"#") || rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    (is_capitals || is_group).then(|| {
        let what = if is_group { ", an R group" } else { "" };
        format!("expected an element such as Cl, found {}{what}", String::from_utf8_lossy(symbol))
    })
}

/// Why an attachment point is refused.
pub(super) const ATTACHMENT: &str = "expected no attachment point, which a conformer does not hold";
/// Why a link node is.
pub(super) const LINK_NODE: &str = "expected no link node, which a conformer does not hold";
/// Why a code of a radical is.
pub(super) const RADICAL: &str = "2 (doublet) or 3 (triplet) as a radical, as no singlet is held";

/// Whether a code of a radical is one of those that hydrogens and bonds can say.
pub(super) fn is_held_radical(code: u8) -> bool {
    matches!(code, 0 | 2 | 3)
}

/// Whether there is nothing but white space.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_whitespace() || *b == b'\x0b')
}
