//! Index: a whole number in groups of three digits, the first of several not zero.

use crate::vocabulary::block;
use crate::wire::{Builder, First, Production, Writer};

pub(super) const GROUP: u16 = block("index_group").base;
const LEAD: First = First(&[(GROUP + 1, GROUP + 999)]);
const ANY_GROUP: First = First(&[(GROUP, GROUP + 999)]);
pub(super) const INDEX_2: u16 = GROUP + 1000;
const INDEX_3: u16 = GROUP + 1001;

/// How many groups of digits follow a token that begins an index of more than three digits.
pub(crate) fn groups_of_index(id: u16) -> Option<u32> {
    match id {
        INDEX_2 => Some(2),
        INDEX_3 => Some(3),
        _ => None,
    }
}

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
            group => u32::from(group.wrapping_sub(GROUP)),
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

/// Write a number of more than three digits: its count of groups, then the groups.
pub(super) fn write_groups(out: &mut Writer, n: u32, two: u16, three: u16) {
    if n < 1_000_000 {
        out.token(two);
    } else {
        out.token(three);
        out.token(GROUP + (n / 1_000_000) as u16);
    }
    out.token(GROUP + (n / 1_000 % 1_000) as u16);
    out.token(GROUP + (n % 1_000) as u16);
}

pub(super) fn build_groups(from: &mut Builder, groups: u8) -> u32 {
    let group = |from: &mut Builder| u32::from(from.take().wrapping_sub(GROUP));
    (0..groups).fold(0, |n: u32, _| n.wrapping_mul(1000).wrapping_add(group(from)))
}

const _: () = assert!(block("index_group").last() == INDEX_3);
