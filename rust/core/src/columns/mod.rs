//! Columns: tables that hold one array for each column, each column declared once.
//!
//! [`columns!`](crate::columns!) makes of one list of columns the table (a struct of arrays), its
//! row (a struct of cells), and the way to bytes and back. The bytes are what Python holds of such
//! an object, so that it is read and made without the interpreter:
//!
//! * a table is its number of rows, then its columns in order;
//! * a number is a little-endian `i64`;
//! * a column is its items, little-endian, and zeros up to a multiple of eight bytes;
//! * before an optional column stands 1, or 0 when it is absent, which is all of it then;
//! * before the items of a [`Fixed`](crate::number::Fixed) stands its count of decimals;
//! * before the items of [`Words`], their codes, stand how many distinct words there are, where each
//!   ends (`u64`), and their bytes.
//!
//! An object of several tables is their bytes one after another.

mod arrays;
mod bytes;
mod words;

use std::fmt::Debug;

pub use arrays::Element;
pub use bytes::{Bytes, write_number};
pub use words::Words;

/// What one column of a table is: an array of cells.
pub trait Column: Default {
    /// One cell.
    type Cell: Copy + Debug + PartialEq;

    /// How many cells it holds; `None` when it is absent.
    fn rows(&self) -> Option<usize>;

    /// The cell of a row.
    fn cell(&self, row: usize) -> Self::Cell;

    /// Append a cell.
    fn push(&mut self, cell: Self::Cell);

    /// Make room for more cells.
    fn reserve(&mut self, rows: usize);

    /// Append the bytes of the column.
    fn write_bytes(&self, out: &mut Vec<u8>);

    /// Read a column of `rows` cells; `None` when the bytes are not one.
    fn read_bytes(from: &mut Bytes, rows: usize) -> Option<Self>;
}

/// What Python holds as bytes: a table, or several.
pub trait Columns: Sized {
    /// Append the bytes.
    fn write_bytes(&self, out: &mut Vec<u8>);

    /// Read from the front of bytes; `None` when they are something else.
    fn read_bytes(from: &mut Bytes) -> Option<Self>;

    /// The bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_bytes(&mut out);
        out
    }

    /// Read all of the bytes; `None` when they are something else.
    #[must_use]
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        Self::read_bytes(&mut from).filter(|_| from.0.is_empty())
    }
}

/// Declare a table: `pub struct Table of Row { column: Vec<u8>, optional: Option<Vec<u16>>, … }`.
///
/// # Panics
/// Pushing a row panics when it lacks a cell of an optional column that other rows have, or has one
/// that they lack.
#[macro_export]
macro_rules! columns {
    (
        $(#[$about:meta])*
        pub struct $Table:ident of $Row:ident { $($(#[$doc:meta])* $column:ident: $Column:ty,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $Table {
            $($(#[$doc])* pub $column: $Column,)*
        }

        #[doc = concat!("One row of [`", stringify!($Table), "`].")]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $Row {
            $($(#[$doc])* pub $column: <$Column as $crate::columns::Column>::Cell,)*
        }

        impl $Table {
            /// How many rows it has.
            #[must_use]
            pub fn len(&self) -> usize {
                [$($crate::columns::Column::rows(&self.$column)),*].into_iter().flatten().next().unwrap_or(0)
            }

            /// Whether it has no rows.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Make room for more rows.
            pub fn reserve(&mut self, rows: usize) {
                $($crate::columns::Column::reserve(&mut self.$column, rows);)*
            }

            /// One row.
            #[must_use]
            pub fn row(&self, row: usize) -> $Row {
                $Row { $($column: $crate::columns::Column::cell(&self.$column, row),)* }
            }

            /// Append a row.
            pub fn push(&mut self, row: $Row) {
                let rows = self.len();
                $(
                    $crate::columns::Column::push(&mut self.$column, row.$column);
                    debug_assert!(
                        $crate::columns::Column::rows(&self.$column).is_none_or(|n| n == rows + 1),
                        concat!("the column ", stringify!($column), " has other rows"),
                    );
                )*
            }

            /// Every row in order.
            pub fn iter(&self) -> impl Iterator<Item = $Row> {
                (0..self.len()).map(|row| self.row(row))
            }
        }

        impl $crate::columns::Columns for $Table {
            fn write_bytes(&self, out: &mut Vec<u8>) {
                $crate::columns::write_number(self.len() as i64, out);
                $($crate::columns::Column::write_bytes(&self.$column, out);)*
            }

            fn read_bytes(from: &mut $crate::columns::Bytes) -> Option<Self> {
                let rows = usize::try_from(from.number()?).ok()?;
                Some($Table { $($column: $crate::columns::Column::read_bytes(from, rows)?,)* })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::bytes::ALIGNMENT;
    use super::*;
    use crate::number::Fixed;

    columns! {
        /// Every sort of column.
        pub struct Sites of Site {
            /// A plain column.
            number: Vec<u16>,
            /// An optional one.
            special: Option<Vec<bool>>,
            /// Exact numbers.
            height: Fixed,
            /// Exact numbers, or none.
            depth: Option<Fixed>,
        }
    }

    fn sites() -> Sites {
        Sites {
            number: vec![7, 8, 65_535],
            special: Some(vec![true, false, true]),
            height: Fixed { decimals: 3, scaled: vec![-1, 0, i64::MAX] },
            depth: None,
        }
    }

    #[test]
    fn bytes_hold_everything() {
        for sites in [sites(), Sites::default(), Sites { special: None, ..sites() }] {
            let bytes = sites.to_bytes();
            assert_eq!(bytes.len() % ALIGNMENT, 0);
            assert_eq!(Sites::from_bytes(&bytes), Some(sites));
        }
    }

    #[test]
    fn bytes_that_are_something_else_are_not_read() {
        let bytes = sites().to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(Sites::from_bytes(&bytes[..length]), None, "{length}");
        }
        assert_eq!(Sites::from_bytes(&[&bytes[..], &[0; 8]].concat()), None);
        for rows in [-1, i64::MAX, i64::MAX / 2 + 1] {
            let mut other = bytes.clone();
            other[..8].copy_from_slice(&rows.to_le_bytes());
            assert_eq!(Sites::from_bytes(&other), None, "{rows}");
        }
    }

    #[test]
    fn rows_are_pushed_and_read() {
        let wanted = sites();
        let mut made = Sites { height: Fixed { decimals: 3, scaled: vec![] }, ..Sites::default() };
        made.reserve(wanted.len());
        for row in wanted.iter() {
            made.push(row);
        }
        assert_eq!(made, wanted);
        assert!(!made.is_empty());
        assert_eq!(made.len(), 3);
        let last = Site { number: 65_535, special: Some(true), height: i64::MAX, depth: None };
        assert_eq!(made.row(2), last);
    }

    #[test]
    #[should_panic(expected = "lacks a cell")]
    fn a_row_without_a_cell_that_others_have_is_a_mistake() {
        let mut sites = sites();
        sites.push(Site { number: 1, special: None, height: 0, depth: None });
    }
}
