//! Decimals: those of three coordinates, D of each, in D tokens.

use super::Point;
use crate::vocabulary::block;
use crate::wire::{Builder, Writer};

const FRACTION: u16 = block("number_fraction").base;

/// The most decimals that coordinates have.
pub const MOST_DECIMALS: u8 = block("grid").assigned() as u8 - 1;

/// How many of the last decimal are one ångström.
pub(super) const fn unit_of(decimals: u8) -> i64 {
    10_i64.pow(decimals as u32)
}

/// The floors of coordinates, and what they are above them.
#[inline]
pub(super) fn floors_of(point: Point, decimals: u8) -> (Point, Point) {
    // A division by a constant takes a fraction of the time.
    const THOUSAND: i64 = unit_of(3);
    if decimals == 3 {
        let floors = point.map(|x| x.div_euclid(THOUSAND));
        return (floors, rests_of(point, floors, THOUSAND));
    }
    let unit = unit_of(decimals);
    let floors = point.map(|x| x.div_euclid(unit));
    (floors, rests_of(point, floors, unit))
}

#[inline]
fn rests_of(point: Point, floors: Point, unit: i64) -> Point {
    std::array::from_fn(|axis| point[axis].wrapping_sub(floors[axis].wrapping_mul(unit)))
}

/// The tokens of three decimals of each coordinate.
#[inline]
pub(super) fn triple_of(rests: Point) -> [u16; 3] {
    rests.map(|rest| FRACTION + rest as u16)
}

/// Three digits of each coordinate in turn; what is left over of three one digit of each a token.
#[inline]
pub(super) fn write_decimals(rests: Point, decimals: u8, out: &mut Writer) {
    if decimals == 3 {
        return out.tokens(&triple_of(rests));
    }
    let mut unit = unit_of(decimals);
    while unit >= 1000 {
        unit /= 1000;
        for rest in rests {
            out.token(FRACTION + (rest / unit % 1000) as u16);
        }
    }
    while unit > 1 {
        unit /= 10;
        let [x, y, z] = rests.map(|rest| (rest / unit % 10) as u16);
        out.token(FRACTION + 100 * x + 10 * y + z);
    }
}

/// What coordinates are above their floors.
#[inline]
pub(super) fn build_decimals(from: &mut Builder, decimals: u8) -> Point {
    let digits = |from: &mut Builder| from.take().wrapping_sub(FRACTION);
    if decimals == 3 {
        return [(); 3].map(|()| i64::from(digits(from)));
    }
    let mut rests = [0; 3];
    for _ in 0..decimals / 3 {
        for rest in &mut rests {
            *rest = *rest * 1000 + i64::from(digits(from));
        }
    }
    for _ in 0..decimals % 3 {
        let digits = digits(from);
        let digits = [digits / 100, digits / 10 % 10, digits % 10];
        for (rest, digit) in rests.iter_mut().zip(digits) {
            *rest = *rest * 10 + i64::from(digit);
        }
    }
    rests
}
