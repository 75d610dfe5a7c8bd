//! Bytes: how a table lies in memory that Python holds, number by number and column by column.

use super::Element;

/// Bytes being read, from the front.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// Take a number.
    pub fn number(&mut self) -> Option<i64> {
        self.take(8).map(i64::read_from)
    }

    /// Take `size` bytes and what fills them up to a multiple of eight.
    pub(super) fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size.checked_next_multiple_of(ALIGNMENT)?)?;
        self.0 = rest;
        Some(&taken[..size])
    }
}

/// Append a number.
pub fn write_number(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Every column begins at a multiple of as many bytes.
pub(super) const ALIGNMENT: usize = 8;

pub(super) fn padded(size: usize) -> usize {
    size.next_multiple_of(ALIGNMENT)
}
