//! Format error: what is wrong with a file, and where.

use std::borrow::Cow;
use std::fmt;

/// A file that cannot be read, or a structure that a format cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The byte at which it fails, from 0; 0 for what cannot be written.
    pub position: usize,
    /// Its line, from 1; 0 for what cannot be written.
    pub line: usize,
    /// Its column, from 1, counted in bytes.
    pub column: usize,
    /// The item of CIF to which it belongs, such as `_atom_site.Cartn_x`.
    pub item: Option<String>,
    /// What was expected, what is there, and what to do.
    pub reason: Cow<'static, str>,
}

impl FormatError {
    /// An error at a byte of a text.
    pub(super) fn at(text: &[u8], position: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Places::new(text).error(position, reason)
    }

    /// An error of what is to be written.
    pub(super) fn unwritable(reason: impl Into<Cow<'static, str>>) -> Self {
        FormatError { position: 0, line: 0, column: 0, item: None, reason: reason.into() }
    }

    /// The same error, of an item.
    pub(super) fn of_item(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }
}

/// Makes errors of places of a text that come in ascending order: its lines are counted once.
pub(super) struct Places<'a> {
    text: &'a [u8],
    /// How far lines were counted, and the line there.
    at: usize,
    line: usize,
}

impl<'a> Places<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Places { text, at: 0, line: 1 }
    }

    /// As `FormatError::at`; a place before the last one is counted from the beginning.
    pub fn error(&mut self, position: usize, reason: impl Into<Cow<'static, str>>) -> FormatError {
        // A value that the text does not have stands at its end.
        let position = position.min(self.text.len());
        if position < self.at {
            (self.at, self.line) = (0, 1);
        }
        let passed = &self.text[self.at..position];
        self.line += passed.split(|&b| b == b'\n').count() - 1;
        self.at = position;
        let line_start = self.text[..position].iter().rposition(|&b| b == b'\n');
        FormatError {
            position,
            line: self.line,
            column: 1 + position - line_start.map_or(0, |at| at + 1),
            item: None,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        write!(f, "{}", self.reason)?;
        match &self.item {
            Some(item) => write!(f, ", in {item}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FormatError {}

/// Bytes of a file in a message: printable, and not many.
pub(super) fn shown(bytes: &[u8]) -> String {
    const MOST: usize = 24;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    let more = if bytes.len() > MOST { "..." } else { "" };
    format!("'{}{more}'", text.escape_debug())
}
