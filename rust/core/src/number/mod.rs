//! Numbers: whole numbers in groups of three digits, and exact decimals.

mod fixed;
mod index;

pub use fixed::Fixed;
pub(crate) use fixed::{
    PLACES, WHOLE_FIRST, build_number, build_whole, groups_of_whole, write_number, write_whole,
};
pub use index::{Index, MAX_INDEX, Positive};
pub(crate) use index::{LONG_NUMBERS, MAX_SHORT, groups_of_index, short_token};

#[cfg(test)]
mod tests {
    use super::fixed::{FRACTION, PLACES, WHOLE};
    use super::index::{GROUP, INDEX_2};
    use super::*;
    use crate::wire::{Builder, Production, Writer};

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
