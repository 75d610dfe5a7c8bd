//! What is wrong and where: in a sentence, in an object, in a text.

use std::borrow::Cow;
use std::fmt;

use crate::grammar::lexicon::Lexicon;

/// A sentence that cannot be read, or an object that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrammarError {
    /// The first token that cannot be there; the length when the sentence is cut short.
    pub position: usize,
    /// Every id that can stand there, ascending.
    pub expected: Vec<u16>,
    /// The id that stands there.
    pub found: Option<u16>,
    /// The side condition that it breaks, in the words of the spec.
    pub condition: Option<Cow<'static, str>>,
    /// Which cell of an object it is about: that cannot be written, or at whose token, among many
    /// sentences, one cannot be read.
    pub cell: Option<Cell>,
}

/// A cell of an object that has columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The name of the column, as one says it of the object: `charge`, `reactants[1].charge`.
    pub column: Cow<'static, str>,
    /// Its row, from 0.
    pub row: usize,
}

impl Cell {
    /// The same cell, as one says it of the object that has such an object as a part.
    #[must_use]
    pub fn of_part(self, name: &'static str) -> Self {
        Cell { column: Cow::Owned(format!("{name}.{}", self.column)), row: self.row }
    }

    /// The same cell, as one says it of the object that has a list of such objects.
    #[must_use]
    pub fn of_list(self, list: &'static str, item: usize) -> Self {
        Cell { column: Cow::Owned(format!("{list}[{item}].{}", self.column)), row: self.row }
    }
}

impl GrammarError {
    /// An object that breaks a condition; `position` counts the tokens already written.
    #[must_use]
    pub fn unwritable(position: usize, condition: impl Into<Cow<'static, str>>) -> Self {
        GrammarError {
            position,
            expected: Vec::new(),
            found: None,
            condition: Some(condition.into()),
            cell: None,
        }
    }
}

/// How many expected tokens a message names before it counts the rest.
const NAMED: usize = 8;

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.named(&Lexicon::default()))
    }
}

impl GrammarError {
    /// The message, with the names of declared tokens.
    #[must_use]
    pub fn named<'a>(&'a self, lexicon: &'a Lexicon) -> impl fmt::Display + 'a {
        self.named_of(lexicon, None)
    }

    /// The same, of one record among many.
    #[must_use]
    pub fn named_of<'a>(
        &'a self,
        lexicon: &'a Lexicon,
        record: Option<usize>,
    ) -> impl fmt::Display + 'a {
        Named { error: self, lexicon, record }
    }
}

struct Named<'a> {
    error: &'a GrammarError,
    lexicon: &'a Lexicon,
    record: Option<usize>,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GrammarError { position, found, condition, cell, .. } = self.error;
        let found = found.map(|id| {
            let name = self.lexicon.any_name(id);
            name.unwrap_or_else(|| Cow::Owned(format!("unassigned id {id}")))
        });
        let position = match self.record {
            Some(record) => format!("{position} of record {record}"),
            None => position.to_string(),
        };
        match (condition, found) {
            (Some(condition), Some(found)) => {
                write!(f, "{found} at token {position} breaks {condition}")?;
                self.write_expected(f)?;
            }
            (Some(condition), None) => {
                write!(f, "cannot be written at token {position}: {condition}")?;
            }
            (None, Some(found)) => {
                write!(f, "unexpected {found} at token {position}")?;
                self.write_expected(f)?;
            }
            (None, None) => {
                write!(f, "cut short at token {position}")?;
                self.write_expected(f)?;
            }
        }
        match cell {
            Some(Cell { column, row }) => write!(f, ", in {column}[{row}]"),
            None => Ok(()),
        }
    }
}

impl Named<'_> {
    fn write_expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = &self.error.expected;
        write!(f, "; expected ")?;
        if expected.is_empty() {
            return write!(f, "the end");
        }
        for (i, &id) in expected.iter().take(NAMED).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{}", self.lexicon.any_name(id).unwrap_or_default())?;
        }
        match expected.len().checked_sub(NAMED) {
            Some(more) if more > 0 => write!(f, " or {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for GrammarError {}

/// A foreign text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The character at which it fails, from 0; the length when the text is cut short.
    pub position: usize,
    /// What is wrong there.
    pub reason: Cow<'static, str>,
}

impl TextError {
    /// An error at a character.
    pub fn new(position: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        TextError { position, reason: reason.into() }
    }

    /// The same error in a longer text, of which this one was a part.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.position += by;
        self
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.reason, self.position)
    }
}

impl std::error::Error for TextError {}
