//! Squares of lengths, in as few bits as hold them.

use crate::space::Point;

/// The edge of a cell: longer than any length whose square is below a limit, and at least 2, so that
/// the cell beside that of any point has a number of 64 bits.
pub(super) fn edge_of(limit: u128) -> i64 {
    // A limit is at most that of the last bin: `MOST_DECIMALS` keeps its root below 2^62.
    ((limit - 1).isqrt() as i64 + 1).max(2)
}

/// Whether squares of differences within two cells fit into 64 bits: each is below four squares of
/// an edge, and there are three.
pub(super) fn is_narrow(limit: u128) -> bool {
    edge_of(limit) <= 1 << 30
}

/// A square of a length, whose sums of three do not overflow between points of cells side by side.
pub(super) trait Square: Copy + Ord {
    /// The square of the length between two points.
    fn between(one: Point, other: Point) -> Self;

    /// A square that fits.
    fn of(square: u128) -> Self;
}

impl Square for u64 {
    #[inline]
    fn between(one: Point, other: Point) -> Self {
        let [x, y, z] = std::array::from_fn(|axis| one[axis].abs_diff(other[axis]));
        x * x + y * y + z * z
    }

    fn of(square: u128) -> Self {
        square as u64
    }
}

impl Square for u128 {
    #[inline]
    fn between(one: Point, other: Point) -> Self {
        let [x, y, z] = std::array::from_fn(|axis| u128::from(one[axis].abs_diff(other[axis])));
        x * x + y * y + z * z
    }

    fn of(square: u128) -> Self {
        square
    }
}
