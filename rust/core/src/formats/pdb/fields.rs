//! Fields: the numbers, the element and the charge of the line of an atom.

use super::lately::{Codes, Key};
use super::line::{Line, trimmed};
use super::read::{COLUMNS, Reader};
use super::tail::{Tail, numbered};
use crate::formats::decimal;
use crate::formats::element;
use crate::formats::error::FormatError;
use crate::formats::rows::Rows;

impl<'a> Reader<'a> {
    /// Take the coordinates, the occupancy and the B factor.
    #[inline]
    pub(super) fn numbers(
        &mut self,
        line: Line,
        columns: &[u8; COLUMNS],
    ) -> Result<(), FormatError> {
        let numbers = (
            decimal::read_thousandths(field(columns, 30)),
            decimal::read_thousandths(field(columns, 38)),
            decimal::read_thousandths(field(columns, 46)),
            self.occupancy(columns),
            decimal::read_hundredths(field(columns, 58)),
        );
        let (Some(x), Some(y), Some(z), Some(occupancy), Some(b_factor)) = numbers else {
            return self.other_numbers(line, columns);
        };
        let Rows { structure, occupancy: occupancies, b_factor: b_factors, .. } = &mut self.rows;
        let atoms = &mut structure.atoms;
        let is_as_before = [atoms.x.decimals, atoms.y.decimals, atoms.z.decimals] == [3; 3]
            && [occupancies.column.decimals, b_factors.column.decimals] == [2; 2];
        if !is_as_before || columns[66] != b' ' {
            return self.other_numbers(line, columns);
        }
        atoms.x.scaled.push(x);
        atoms.y.scaled.push(y);
        atoms.z.scaled.push(z);
        occupancies.column.scaled.push(occupancy);
        b_factors.column.scaled.push(b_factor);
        Ok(())
    }

    /// The occupancy, which is that of the line before as a rule.
    #[inline]
    fn occupancy(&mut self, columns: &[u8; COLUMNS]) -> Option<i64> {
        let text = field(columns, 54);
        if text != self.occupancy.0 {
            self.occupancy = (text, decimal::read_hundredths(field(columns, 52)));
        }
        self.occupancy.1
    }

    /// The same for numbers of any count of decimals, and blanks.
    #[inline(never)]
    fn other_numbers(&mut self, line: Line, columns: &[u8; COLUMNS]) -> Result<(), FormatError> {
        for (first, axis) in (30..54).step_by(8).zip(0..) {
            let atoms = &mut self.rows.structure.atoms;
            let column = [&mut atoms.x, &mut atoms.y, &mut atoms.z].into_iter().nth(axis);
            let column = column.expect("three axes");
            decimal::read(line.field(first, first + 8))
                .and_then(|number| decimal::push(column, number))
                .map_err(|expected| {
                    self.not(line, first, first + 8, &format!("a coordinate: {expected}"))
                })?;
        }
        for (first, blank, name) in [(54, 1, "an occupancy"), (60, 0, "a B factor")] {
            let is_occupancy = first == 54;
            let column =
                if is_occupancy { &mut self.rows.occupancy } else { &mut self.rows.b_factor };
            let text = line.field(first, first + 6);
            let pushed = if text.is_empty() {
                column.push_blank(line.position(first, first + 6), blank)
            } else {
                decimal::read(text).and_then(|number| column.push(number))
            };
            pushed.map_err(|expected| {
                self.not(line, first, first + 6, &format!("{name}: {expected}"))
            })?;
        }
        if columns[66] != b' ' && Self::runs_on(line) {
            let reason = "expected a B factor that ends in column 66; digits other than 0 follow";
            return Err(self.rows.at(line.start + 66, reason));
        }
        Ok(())
    }

    /// Whether the B factor has digits beyond its columns.
    fn runs_on(line: Line) -> bool {
        line.column(66).is_ascii_digit()
            && line.column(65).is_ascii_digit()
            && line.bytes[66..].iter().take_while(|b| b.is_ascii_digit()).any(|&b| b != b'0')
    }

    /// Whether columns 73 to 80 of a line are the entry code and the number of the line; in a file
    /// that has elements a digit in column 78 tells.
    #[inline]
    pub(super) fn is_numbered(&self, line: Line, column_78: u8) -> bool {
        self.tail == Tail::LineNumber || (column_78.is_ascii_digit() && numbered(line).is_some())
    }

    /// The codes of the name, the element and the alternative location.
    #[inline]
    pub(super) fn codes(
        &mut self,
        line: Line<'a>,
        columns: &[u8; COLUMNS],
    ) -> Result<Codes, FormatError> {
        let key = Key::of(columns);
        match self.lately.get(key) {
            Some(codes) => Ok(codes),
            None => self.look_up(line, columns, key),
        }
    }

    /// The same of columns that did not come lately. The element is that of its columns; of the name,
    /// where these are blank; `X` where neither is one.
    #[inline(never)]
    fn look_up(
        &mut self,
        line: Line<'a>,
        columns: &[u8; COLUMNS],
        key: Key,
    ) -> Result<Codes, FormatError> {
        let given = element::of_symbol(trimmed(&columns[76..78]));
        let symbol = given.map_or_else(|| self.other_element(line), Ok)?;
        let atoms = &mut self.rows.structure.atoms;
        let codes = Codes {
            name: atoms.name.code_of(trimmed(&columns[12..16])),
            element: atoms.element.code_of(symbol),
            altloc: atoms.altloc.code_of(trimmed(&columns[16..17])),
        };
        // An element that other columns say is looked up each time.
        if given.is_some() {
            self.lately.put(key, codes);
        }
        Ok(codes)
    }

    fn other_element(&mut self, line: Line<'a>) -> Result<&'static [u8], FormatError> {
        if !line.field(76, 78).is_empty() && !self.is_numbered(line, line.column(77)) {
            self.unknown_element.get_or_insert(line);
            return Ok(element::UNKNOWN);
        }
        if self.tail == Tail::LineNumber && numbered(line).is_none() {
            let reason = "expected the entry code and the line number, as in the lines before";
            return Err(self.rows.at(line.start + 72, reason));
        }
        let mut name = [b' '; 4];
        name.copy_from_slice(line.raw(12, 16));
        let component = line.field(17, 21);
        Ok(element::of_atom(component, name).unwrap_or(element::UNKNOWN))
    }

    pub(super) fn charge(&self, line: Line) -> Result<i8, FormatError> {
        let digit = |b: u8| (b - b'0') as i8;
        match line.field(78, 80) {
            b"" | b"0" => Ok(0),
            _ if self.is_numbered(line, line.column(77)) => Ok(0),
            [d @ b'0'..=b'9'] | [d @ b'0'..=b'9', b'+'] | [b'+', d @ b'0'..=b'9'] => Ok(digit(*d)),
            [d @ b'0'..=b'9', b'-'] | [b'-', d @ b'0'..=b'9'] => Ok(-digit(*d)),
            _ => Err(self.not(line, 78, 80, "a charge such as 2+ or 1-, or blanks")),
        }
    }
}

/// Some of the columns.
#[inline]
fn field<const WIDTH: usize>(columns: &[u8; COLUMNS], first: usize) -> [u8; WIDTH] {
    columns[first..first + WIDTH].try_into().expect("as many columns")
}
