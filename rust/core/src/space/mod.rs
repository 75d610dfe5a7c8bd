//! Space: points as tokens. A place is absolute, a step is relative to another point.
//!
//! Coordinates are scaled integers with one count of decimals D. Sums and differences wrap in 64 bits,
//! in the writer and in the reader alike, so that every sentence says points and comes back.

mod decimals;
mod step;

pub use decimals::MOST_DECIMALS;
pub use step::{HYDROGEN_STEP, STEP, Step};

use crate::number::{MAX_INDEX, build_whole, write_whole};
use crate::wire::{Builder, Writer};
use decimals::{build_decimals, floors_of, unit_of, write_decimals};

/// x, y and z, each times ten to the power of the count of decimals.
pub type Point = [i64; 3];

/// ```ebnf
/// place    = whole whole whole fraction* ;
///     where: together(place, grid)
/// ```
pub fn write_place(point: Point, decimals: u8, out: &mut Writer) {
    let (floors, rests) = floors_of(point, decimals);
    for floor in floors {
        write_whole(floor, out);
    }
    write_decimals(rests, decimals, out);
}

/// The point of a place.
pub fn build_place(from: &mut Builder, decimals: u8) -> Point {
    let floors = [(); 3].map(|()| build_whole(from));
    point_of(floors, build_decimals(from, decimals), decimals)
}

/// The axis along which a point is farther off than a place or a step can say.
#[must_use]
pub fn too_far(point: Point, decimals: u8) -> Option<usize> {
    let (floors, _) = floors_of(point, decimals);
    floors.iter().position(|floor| floor.unsigned_abs() > u64::from(MAX_INDEX))
}

/// The point of floors and decimals.
fn point_of(floors: Point, rests: Point, decimals: u8) -> Point {
    let unit = unit_of(decimals);
    std::array::from_fn(|axis| floors[axis] * unit + rests[axis])
}

/// A point by its step from another one.
#[must_use]
pub fn add(from: Point, step: Point) -> Point {
    std::array::from_fn(|axis| from[axis].wrapping_add(step[axis]))
}

/// The step from one point to another.
#[must_use]
pub fn subtract(to: Point, from: Point) -> Point {
    std::array::from_fn(|axis| to[axis].wrapping_sub(from[axis]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::name;

    fn words(ids: &[u16]) -> String {
        ids.iter().map(|&id| name(id).unwrap()).collect::<Vec<_>>().join(" ")
    }

    fn place(point: Point, decimals: u8) -> String {
        let mut out = Writer::default();
        write_place(point, decimals, &mut out);
        let ids = out.finish().unwrap();
        let mut from = Builder(&ids);
        assert_eq!(build_place(&mut from, decimals), point);
        assert_eq!(from.peek(), None);
        words(&ids)
    }

    fn step(step: Point, decimals: u8) -> String {
        let mut out = Writer::default();
        STEP.write(step, decimals, &mut out);
        let ids = out.finish().unwrap();
        let mut from = Builder(&ids);
        assert_eq!(STEP.build(&mut from, decimals), step);
        assert_eq!(from.peek(), None);
        words(&ids)
    }

    #[test]
    fn decimals_of_three_numbers_stand_together() {
        assert_eq!(place([1, -2, 3000], 0), "1. -2. +x2 #3 #0");
        assert_eq!(place([12, -3, 0], 1), "1. -1. 0. .270");
        assert_eq!(place([123, 45, 6], 2), "1. 0. 0. .240 .356");
        assert_eq!(place([6078, -20, 247], 3), "6. -1. 0. .078 .980 .247");
        assert_eq!(place([60781, -202, 2473], 4), "6. -1. 0. .078 .979 .247 .183");
        assert_eq!(
            place([1_234_567_891, 0, -1], 9),
            "1. 0. -1. .234 .000 .999 .567 .000 .999 .891 .000 .999"
        );
    }

    #[test]
    fn steps_are_cells_from_minus_two_to_two() {
        assert_eq!(step([0, 0, 0], 3), "c000 .000 .000 .000");
        assert_eq!(step([-2000, 1999, -1], 3), "c<+- .000 .999 .999");
        assert_eq!(step([-2001, 0, 0], 3), "<Far> -3. 0. 0. .999 .000 .000");
        assert_eq!(step([0, 2000, 0], 3), "<Far> 0. 2. 0. .000 .000 .000");
        assert_eq!(step([1, -1, 12_345], 0), "<Far> 1. -1. +x2 #12 #345");
    }

    #[test]
    fn every_count_of_decimals_and_sign_comes_back() {
        let numbers = [0, 1, -1, 9, -10, 12_345, -987_654, 1_999_999_999, -2_000_000_001];
        for decimals in 0..=MOST_DECIMALS {
            for (i, &x) in numbers.iter().enumerate() {
                let point = [x, numbers[(i + 2) % 9] / 3, numbers[(i + 5) % 9] / 7];
                if decimals > 0 {
                    place(point, decimals);
                    step(point, decimals);
                }
            }
        }
    }

    #[test]
    fn sums_wrap_as_differences_do() {
        let (a, b) = ([i64::MAX, i64::MIN, 5], [i64::MIN, 7, -5]);
        assert_eq!(add(a, subtract(b, a)), b);
    }

    #[test]
    fn what_no_token_says_is_refused() {
        for (point, decimals) in [([1_000_000_000, 0, 0], 0), ([0, i64::MIN, 0], 9)] {
            let mut out = Writer::default();
            write_place(point, decimals, &mut out);
            assert!(out.finish().is_err());
            assert!(too_far(point, decimals).is_some());
            let mut out = Writer::default();
            STEP.write(point, decimals, &mut out);
            assert!(out.finish().is_err());
        }
    }
}
