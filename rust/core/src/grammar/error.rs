//! A text that is not a grammar: the line, and what was expected there.

use std::fmt;

/// A text that is not a grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected.
    pub reason: String,
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for NotationError {}

pub(crate) type Result<T> = std::result::Result<T, NotationError>;

pub(crate) fn fail<T>(line: usize, reason: impl Into<String>) -> Result<T> {
    Err(NotationError { line, reason: reason.into() })
}
