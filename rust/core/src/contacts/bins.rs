//! Bins: distances in steps of half an ångström, the lower bound of each included.

use super::squares::Square;

/// How many bins there are: from 0 to 32 Å.
pub const BINS: u8 = 64;

/// The most decimals of points: the square of the last bound fits into 128 bits, the bound into 62.
pub const MOST_DECIMALS: u8 = 17;

/// The least integer that is not below the square of some half ångströms, in the last decimal.
pub(super) fn square_of(halves: u8, decimals: u8) -> u128 {
    let halves = u128::from(halves);
    (halves * halves * 100_u128.pow(u32::from(decimals))).div_ceil(4)
}

/// The lower bounds of all bins, as squares.
pub(super) struct Bins<S>([S; BINS as usize]);

impl<S: Square> Bins<S> {
    pub fn new(decimals: u8) -> Self {
        Bins(std::array::from_fn(|halves| S::of(square_of(halves as u8, decimals))))
    }

    /// The bin of a square that is below the end of the last one.
    pub fn of(&self, square: S) -> u8 {
        self.0.partition_point(|&bound| bound <= square) as u8 - 1
    }
}
