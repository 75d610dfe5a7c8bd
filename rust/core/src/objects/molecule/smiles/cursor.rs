//! Cursor: a place in a text, the signs between atoms, and what is wrong there.

use std::borrow::Cow;

use crate::error::TextError;
use crate::objects::molecule::Order;
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

    /// The label of a ring bond.
    pub fn label(&mut self) -> Result<u32> {
        if self.peek() != Some(b'%') {
            return self.digits(1, "expected a ring label");
        }
        self.at += 1;
        if self.peek() != Some(b'(') {
            let start = self.at;
            let label = self.digits(2, "expected two digits after %")?;
            let complete = self.at == start + 2;
            return if complete { Ok(label) } else { self.fail("expected two digits after %") };
        }
        self.at += 1;
        let label = self.number(5, "expected one to five digits in %( )")?;
        if self.peek() != Some(b')') {
            return self.fail("expected ) after the ring label");
        }
        self.at += 1;
        Ok(label)
    }

    /// The symbol of a bond.
    pub fn bond(&mut self) -> Option<Order> {
        let (order, length) = match (self.peek()?, self.second()) {
            (b'-', Some(b'>')) => (Order::Dative, 2),
            (b'<', Some(b'-')) => (Order::DativeBack, 2),
            (b'-', _) => (Order::Single, 1),
            (b'=', _) => (Order::Double, 1),
            (b'#', _) => (Order::Triple, 1),
            (b'$', _) => (Order::Quadruple, 1),
            (b':', _) => (Order::Aromatic, 1),
            (b'/', _) => (Order::Up, 1),
            // Twice is what escaping leaves; RDKit reads it so, too.
            (b'\\', Some(b'\\')) => (Order::Down, 2),
            (b'\\', _) => (Order::Down, 1),
            (b'~', _) => (Order::Any, 1),
            _ => return None,
        };
        self.at += length;
        Some(order)
    }

    pub fn fail<T>(&self, reason: impl Into<Cow<'static, str>>) -> Result<T> {
        self.fail_at(self.at, reason)
    }

    pub fn fail_at<T>(&self, at: usize, reason: impl Into<Cow<'static, str>>) -> Result<T> {
        Err(TextError::new(character(self.text, at), reason))
    }
}
