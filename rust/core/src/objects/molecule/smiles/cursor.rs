//! Cursor: a place in a text, and what is wrong there.

use std::borrow::Cow;

use crate::error::TextError;
use crate::sequence::character;

pub(super) type Result<T> = std::result::Result<T, TextError>;

/// A place in a text, counted in bytes; errors count characters.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub text: &'a [u8],
    pub at: usize,
}

impl Cursor<'_> {
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The byte after the next one.
    pub fn second(&self) -> Option<u8> {
        self.text.get(self.at + 1).copied()
    }

    /// Whether a digit is next.
    pub fn digit(&self) -> bool {
        self.peek().is_some_and(|b| b.is_ascii_digit())
    }

    /// A number of one to `most` digits, at most nine.
    pub fn digits(&mut self, most: usize, expected: &'static str) -> Result<u32> {
        let start = self.at;
        let mut n = 0;
        while self.digit() && self.at - start < most {
            n = n * 10 + u32::from(self.text[self.at] - b'0');
            self.at += 1;
        }
        if self.at == start { self.fail(expected) } else { Ok(n) }
    }

    /// A number of one to `most` digits, after which no digit stands.
    pub fn number(&mut self, most: usize, expected: &'static str) -> Result<u32> {
        let n = self.digits(most, expected)?;
        if self.digit() { self.fail(expected) } else { Ok(n) }
    }

    pub fn fail<T>(&self, reason: impl Into<Cow<'static, str>>) -> Result<T> {
        self.fail_at(self.at, reason)
    }

    pub fn fail_at<T>(&self, at: usize, reason: impl Into<Cow<'static, str>>) -> Result<T> {
        Err(TextError::new(character(self.text, at), reason))
    }
}
