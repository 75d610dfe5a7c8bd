//! Arrays: what is a column, numbers and truth values of a fixed size, or such a column or none.

use std::fmt::Debug;

use super::bytes::padded;
use super::{Bytes, Column, write_number};

/// What a cell of a plain column is: a number of a fixed size, or a truth value.
pub trait Element: Copy + Debug + PartialEq {
    /// Its bytes.
    const SIZE: usize;

    /// Write it to as many bytes.
    fn write_to(self, bytes: &mut [u8]);

    /// Read it from as many bytes.
    fn read_from(bytes: &[u8]) -> Self;
}

macro_rules! elements {
    ($($Element:ty)*) => {$(
        impl Element for $Element {
            const SIZE: usize = size_of::<$Element>();

            fn write_to(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_le_bytes());
            }

            fn read_from(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$Element>()];
                own.copy_from_slice(bytes);
                <$Element>::from_le_bytes(own)
            }
        }
    )*};
}

elements!(u8 i8 u16 i16 u32 i32 u64 i64);

impl Element for bool {
    const SIZE: usize = 1;

    fn write_to(self, bytes: &mut [u8]) {
        bytes[0] = u8::from(self);
    }

    fn read_from(bytes: &[u8]) -> Self {
        bytes[0] != 0
    }
}

impl<T: Element> Column for Vec<T> {
    type Cell = T;

    fn rows(&self) -> Option<usize> {
        Some(self.len())
    }

    fn cell(&self, row: usize) -> T {
        self[row]
    }

    fn push(&mut self, cell: T) {
        Vec::push(self, cell);
    }

    fn reserve(&mut self, rows: usize) {
        Vec::reserve(self, rows);
    }

    fn write_bytes(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + padded(self.len() * T::SIZE), 0);
        for (cell, bytes) in self.iter().zip(out[start..].chunks_exact_mut(T::SIZE)) {
            cell.write_to(bytes);
        }
    }

    fn read_bytes(from: &mut Bytes, rows: usize) -> Option<Self> {
        let size = rows.checked_mul(T::SIZE)?;
        Some(from.take(size)?.chunks_exact(T::SIZE).map(T::read_from).collect())
    }
}

impl<C: Column> Column for Option<C> {
    type Cell = Option<C::Cell>;

    fn rows(&self) -> Option<usize> {
        self.as_ref().and_then(C::rows)
    }

    fn cell(&self, row: usize) -> Self::Cell {
        self.as_ref().map(|column| column.cell(row))
    }

    fn push(&mut self, cell: Self::Cell) {
        if let Some(cell) = cell {
            self.get_or_insert_default().push(cell);
        } else {
            assert!(self.is_none(), "a row lacks a cell that the rows before it have");
        }
    }

    fn reserve(&mut self, rows: usize) {
        if let Some(column) = self {
            column.reserve(rows);
        }
    }

    fn write_bytes(&self, out: &mut Vec<u8>) {
        write_number(i64::from(self.is_some()), out);
        if let Some(column) = self {
            column.write_bytes(out);
        }
    }

    fn read_bytes(from: &mut Bytes, rows: usize) -> Option<Self> {
        match from.number()? {
            0 => Some(None),
            1 => C::read_bytes(from, rows).map(Some),
            _ => None,
        }
    }
}
