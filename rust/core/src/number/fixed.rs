//! Fixed: exact decimal numbers, scaled integers with one count of decimals.

use super::index::{build_groups, write_groups};
use crate::columns::{Bytes, Column, write_number as write_count};
use crate::vocabulary::block;
use crate::wire::{Builder, First, Production, Writer};

pub(super) const FRACTION: u16 = block("number_fraction").base;
pub(super) const WHOLE: u16 = block("number_whole").base + 999;
const PLUS_2: u16 = WHOLE + 1000;
const PLUS_3: u16 = WHOLE + 1001;
const MINUS_2: u16 = WHOLE + 1002;
const MINUS_3: u16 = WHOLE + 1003;
pub(crate) const PLACES: u16 = block("decimals").base;

/// Decimal numbers with one count of decimals: scaled integers, never floats. One of them is a
/// number, many are a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// How many decimals each has, 0 to 9.
    pub decimals: u8,
    /// Each number times ten to the power of `decimals`.
    pub scaled: Vec<i64>,
}

/// ```ebnf
/// numbers  = "places0".."places9" number* ;
/// ```
impl Production for Fixed {
    const FIRST: First = First(&[(PLACES, PLACES + 9)]);

    fn write(&self, out: &mut Writer) {
        if self.decimals > 9 {
            return out.refuse("numbers have 0 to 9 decimals");
        }
        out.token(PLACES + u16::from(self.decimals));
        for &scaled in &self.scaled {
            write_number(scaled, self.decimals, out);
        }
    }

    fn build(from: &mut Builder) -> Self {
        let decimals = from.take().wrapping_sub(PLACES).min(9) as u8;
        let mut scaled = Vec::new();
        while from.at(WHOLE_FIRST) {
            scaled.push(build_number(from, decimals));
        }
        Fixed { decimals, scaled }
    }
}

impl Column for Fixed {
    type Cell = i64;

    fn rows(&self) -> Option<usize> {
        Some(self.scaled.len())
    }

    fn cell(&self, row: usize) -> i64 {
        self.scaled[row]
    }

    fn push(&mut self, cell: i64) {
        self.scaled.push(cell);
    }

    fn reserve(&mut self, rows: usize) {
        self.scaled.reserve(rows);
    }

    fn write_bytes(&self, out: &mut Vec<u8>) {
        write_count(i64::from(self.decimals), out);
        self.scaled.write_bytes(out);
    }

    fn read_bytes(from: &mut Bytes, rows: usize) -> Option<Self> {
        let decimals = u8::try_from(from.number()?).ok()?;
        Some(Fixed { decimals, scaled: Column::read_bytes(from, rows)? })
    }
}

/// ```ebnf
/// number   = whole fraction* ;
///     where: places(number, decimals)
/// fraction = number_fraction ;
/// ```
#[inline]
pub(crate) fn write_number(scaled: i64, decimals: u8, out: &mut Writer) {
    // A division by a constant takes a fraction of the time.
    match decimals {
        2 => write_group::<100>(scaled, out),
        3 => write_group::<1000>(scaled, out),
        _ => write_groups_of(scaled, decimals, out),
    }
}

/// Write a number of one group.
#[inline]
fn write_group<const UNIT: i64>(scaled: i64, out: &mut Writer) {
    let floor = scaled.div_euclid(UNIT);
    let rest = scaled.wrapping_sub(floor.wrapping_mul(UNIT));
    let fraction = FRACTION + (rest * (1000 / UNIT)) as u16;
    if (-999..=999).contains(&floor) {
        return out.tokens(&[(i64::from(WHOLE) + floor) as u16, fraction]);
    }
    write_whole(floor, out);
    out.token(fraction);
}

fn write_groups_of(scaled: i64, decimals: u8, out: &mut Writer) {
    let unit = 10_i64.pow(u32::from(decimals));
    write_whole(scaled.div_euclid(unit), out);
    let mut rest = scaled.rem_euclid(unit) * 10_i64.pow(u32::from(padding(decimals)));
    let mut unit = 1000_i64.pow(u32::from(decimals.div_ceil(3)));
    while unit > 1 {
        unit /= 1000;
        out.token(FRACTION + (rest / unit) as u16);
        rest %= unit;
    }
}

#[inline]
pub(crate) fn build_number(from: &mut Builder, decimals: u8) -> i64 {
    let whole = build_whole(from);
    let group = |from: &mut Builder| i64::from(from.take().wrapping_sub(FRACTION));
    match decimals {
        2 => whole * 100 + group(from) / 10,
        3 => whole * 1000 + group(from),
        _ => {
            let groups = 0..decimals.div_ceil(3);
            let scaled =
                groups.fold(whole, |scaled, _| scaled.wrapping_mul(1000).wrapping_add(group(from)));
            scaled / 10_i64.pow(u32::from(padding(decimals)))
        }
    }
}

/// How many digits of the last group stand beyond the last decimal.
fn padding(decimals: u8) -> u8 {
    decimals.div_ceil(3) * 3 - decimals
}

/// How many groups of digits follow a token that begins a whole part of more than three digits.
pub(crate) fn groups_of_whole(id: u16) -> Option<u32> {
    match id {
        PLUS_2 | MINUS_2 => Some(2),
        PLUS_3 | MINUS_3 => Some(3),
        _ => None,
    }
}

pub(crate) const WHOLE_FIRST: First = First(&[(WHOLE - 999, MINUS_3)]);

/// ```ebnf
/// whole    = "-999.".."999." | ( "+x2" | "-x2" ) lead group | ( "+x3" | "-x3" ) lead group group ;
/// ```
#[inline]
pub(crate) fn write_whole(floor: i64, out: &mut Writer) {
    match floor {
        -999..=999 => out.token((i64::from(WHOLE) + floor) as u16),
        1_000..=999_999_999 => write_groups(out, floor as u32, PLUS_2, PLUS_3),
        -999_999_999..=-1_000 => write_groups(out, -floor as u32, MINUS_2, MINUS_3),
        _ => out.refuse("a whole part has at most nine digits"),
    }
}

#[inline]
pub(crate) fn build_whole(from: &mut Builder) -> i64 {
    match from.take() {
        PLUS_2 => i64::from(build_groups(from, 2)),
        PLUS_3 => i64::from(build_groups(from, 3)),
        MINUS_2 => -i64::from(build_groups(from, 2)),
        MINUS_3 => -i64::from(build_groups(from, 3)),
        short => i64::from(short) - i64::from(WHOLE),
    }
}

const _: () = assert!(block("number_whole").last() == MINUS_3);
