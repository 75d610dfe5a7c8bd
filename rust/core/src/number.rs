//! Numbers: whole numbers in groups of three digits, and exact decimals.

use crate::columns::{Bytes, Column, write_number as write_count};
use crate::vocabulary::block;
use crate::wire::{Builder, First, Production, Writer, any_of};

const GROUP: u16 = block("index_group").base;
const LEAD: First = First(&[(GROUP + 1, GROUP + 999)]);
const ANY_GROUP: First = First(&[(GROUP, GROUP + 999)]);
const INDEX_2: u16 = GROUP + 1000;
const INDEX_3: u16 = GROUP + 1001;
const FRACTION: u16 = block("number_fraction").base;
const WHOLE: u16 = block("number_whole").base + 999;
const PLUS_2: u16 = WHOLE + 1000;
const PLUS_3: u16 = WHOLE + 1001;
const MINUS_2: u16 = WHOLE + 1002;
const MINUS_3: u16 = WHOLE + 1003;
const PLACES: u16 = block("decimals").base;

/// The highest whole number that the grammar holds.
pub const MAX_INDEX: u32 = 999_999_999;

/// A whole number from 1 to [`MAX_INDEX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positive(pub u32);

/// ```ebnf
/// positive = "#1".."#999" | "#x2" lead group | "#x3" lead group group ;
/// lead     = "#1".."#999" ;
/// group    = "#0".."#999" ;
/// ```
impl Production for Positive {
    const FIRST: First = First(&[(GROUP + 1, GROUP + 999), (INDEX_2, INDEX_3)]);

    fn write(&self, out: &mut Writer) {
        match self.0 {
            0 | 1_000_000_000.. => out.refuse("a whole number is from 1 to 999,999,999"),
            n @ ..1_000 => out.token(GROUP + n as u16),
            n => write_groups(out, n, INDEX_2, INDEX_3),
        }
    }

    fn build(from: &mut Builder) -> Self {
        Positive(match from.take() {
            INDEX_2 => build_groups(from, 2),
            INDEX_3 => build_groups(from, 3),
            group => u32::from(group - GROUP),
        })
    }
}

impl Positive {
    /// Take a number from the front of ids that may be no sentence; `None` when none stands there.
    #[inline]
    pub(crate) fn take(ids: &mut &[u16]) -> Option<Self> {
        match *ids.first()? {
            id if LEAD.has(id) => {
                *ids = &ids[1..];
                Some(Positive(u32::from(id - GROUP)))
            }
            INDEX_2 => Positive::take_groups(ids, 3),
            INDEX_3 => Positive::take_groups(ids, 4),
            _ => None,
        }
    }

    #[cold]
    fn take_groups(ids: &mut &[u16], length: usize) -> Option<Self> {
        let (number, rest) = ids.split_at_checked(length)?;
        let whole = LEAD.has(number[1]) && number[2..].iter().all(|&id| ANY_GROUP.has(id));
        whole.then(|| {
            *ids = rest;
            Positive::build(&mut Builder(number))
        })
    }
}

/// The highest number of one token.
pub(crate) const MAX_SHORT: u32 = 999;
/// What begins a number of several tokens.
pub(crate) const LONG_NUMBERS: std::ops::RangeInclusive<u16> = INDEX_2..=INDEX_3;

/// The token of a number of one token.
pub(crate) const fn short_token(n: u32) -> u16 {
    GROUP + n as u16
}

/// A whole number from 0 to [`MAX_INDEX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index(pub u32);

/// ```ebnf
/// index    = "#0" | positive ;
/// ```
impl Production for Index {
    const FIRST: First = First(&[(GROUP, GROUP + 999), (INDEX_2, INDEX_3)]);

    fn write(&self, out: &mut Writer) {
        match self.0 {
            0 => out.token(GROUP),
            n => out.one(&Positive(n)),
        }
    }

    fn build(from: &mut Builder) -> Self {
        if from.take_if(GROUP) { Index(0) } else { Index(from.one::<Positive>().0) }
    }
}

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
/// numbers  = decimals number* ;
/// ```
impl Production for Fixed {
    const FIRST: First = First(&[any_of(block("decimals"))]);

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
        let decimals = (from.take() - PLACES) as u8;
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
fn write_number(scaled: i64, decimals: u8, out: &mut Writer) {
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

fn build_number(from: &mut Builder, decimals: u8) -> i64 {
    let groups = decimals.div_ceil(3);
    let scaled = (0..groups)
        .fold(build_whole(from), |scaled, _| scaled * 1000 + i64::from(from.take() - FRACTION));
    scaled / 10_i64.pow(u32::from(padding(decimals)))
}

/// How many digits of the last group stand beyond the last decimal.
fn padding(decimals: u8) -> u8 {
    decimals.div_ceil(3) * 3 - decimals
}

const WHOLE_FIRST: First = First(&[(WHOLE - 999, MINUS_3)]);

/// ```ebnf
/// whole    = "-999.".."999." | ( "+x2" | "-x2" ) lead group | ( "+x3" | "-x3" ) lead group group ;
/// ```
fn write_whole(floor: i64, out: &mut Writer) {
    match floor {
        -999..=999 => out.token((i64::from(WHOLE) + floor) as u16),
        1_000..=999_999_999 => write_groups(out, floor as u32, PLUS_2, PLUS_3),
        -999_999_999..=-1_000 => write_groups(out, -floor as u32, MINUS_2, MINUS_3),
        _ => out.refuse("a whole part has at most nine digits"),
    }
}

fn build_whole(from: &mut Builder) -> i64 {
    match from.take() {
        PLUS_2 => i64::from(build_groups(from, 2)),
        PLUS_3 => i64::from(build_groups(from, 3)),
        MINUS_2 => -i64::from(build_groups(from, 2)),
        MINUS_3 => -i64::from(build_groups(from, 3)),
        short => i64::from(short) - i64::from(WHOLE),
    }
}

/// Write a number of more than three digits: its count of groups, then the groups.
fn write_groups(out: &mut Writer, n: u32, two: u16, three: u16) {
    if n < 1_000_000 {
        out.token(two);
    } else {
        out.token(three);
        out.token(GROUP + (n / 1_000_000) as u16);
    }
    out.token(GROUP + (n / 1_000 % 1_000) as u16);
    out.token(GROUP + (n % 1_000) as u16);
}

fn build_groups(from: &mut Builder, groups: u8) -> u32 {
    (0..groups).fold(0, |n, _| n * 1000 + u32::from(from.take() - GROUP))
}

const _: () = {
    assert!(block("number_whole").last() == MINUS_3);
    assert!(block("index_group").last() == INDEX_3);
};

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Production + PartialEq + std::fmt::Debug>(x: &T) -> Vec<u16> {
        let mut out = Writer::default();
        out.one(x);
        let ids = out.finish().unwrap();
        let mut from = Builder(&ids);
        assert_eq!(&from.one::<T>(), x);
        assert_eq!(from.peek(), None);
        ids
    }

    #[test]
    fn whole_numbers_have_one_spelling() {
        for n in [0, 1, 999, 1000, 1001, 999_999, 1_000_000, MAX_INDEX] {
            round_trip(&Index(n));
        }
        assert_eq!(round_trip(&Index(12_034)), [INDEX_2, GROUP + 12, GROUP + 34]);
    }

    #[test]
    fn decimals_come_back_as_they_were() {
        for decimals in 0..=9 {
            for scaled in [0, 1, -1, 5, -5, 999, -999, 1000, -1000, 123_456, -123_456, 999_999_999]
            {
                round_trip(&Fixed { decimals, scaled: vec![scaled, -scaled] });
            }
        }
        let ids = round_trip(&Fixed { decimals: 1, scaled: vec![-5] });
        assert_eq!(ids, [PLACES + 1, WHOLE - 1, FRACTION + 500]);
    }
}
