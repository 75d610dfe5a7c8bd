//! Contacts beside a reference that compares every pair.

use super::*;

const BETWEEN: Pairs = Pairs { between: true, separation: None };

/// Numbers that look random.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn around(&mut self, centre: i64, size: i64) -> i64 {
        centre + self.below(2 * size as u64 + 1) as i64 - size
    }
}

/// Points with their units and members.
#[derive(Debug, Default)]
struct Held {
    points: Vec<Point>,
    unit: Vec<u32>,
    member: Vec<u32>,
}

impl Held {
    /// One unit for each point, each of the member with its own number.
    fn alone(points: &[Point]) -> Self {
        let every = (0..points.len() as u32).collect::<Vec<_>>();
        Held { points: points.to_vec(), unit: every.clone(), member: every }
    }

    fn drawn(drawn: &mut Drawn, decimals: u8, centres: &[Point]) -> Self {
        let size = 8 * 10_i64.pow(u32::from(decimals));
        // A multiple of half an ångström on each axis makes lengths that are bounds of bins.
        let step = [1, size / 16, size / 32, 1][drawn.below(4) as usize].max(1);
        let units = 1 + drawn.below(12) as u32;
        let member = (0..units).map(|_| drawn.below(3) as u32).collect();
        let mut held = Held { member, ..Held::default() };
        for _ in 0..drawn.below(60) {
            let centre = centres[drawn.below(centres.len() as u64) as usize];
            let point = centre.map(|x| x + drawn.around(0, size / step) * step);
            held.points.push(point);
            held.unit.push(drawn.below(u64::from(units)) as u32);
        }
        held
    }

    fn units(&self, decimals: u8) -> Units<'_> {
        Units { points: &self.points, decimals, unit: &self.unit, member: &self.member }
    }
}

/// Every pair of units, every pair of their points.
fn reference(units: Units, pairs: Pairs, limit: u128) -> Contacts {
    let mut made = Contacts::default();
    let count = units.member.len() as u32;
    let of = |unit| (0..units.points.len()).filter(move |&row| units.unit[row] == unit);
    for first in 0..count {
        for second in first + 1..count {
            let is_wanted = if units.member[first as usize] == units.member[second as usize] {
                pairs.separation.is_some_and(|least| second - first >= least)
            } else {
                pairs.between
            };
            let squares = of(first).flat_map(|a| of(second).map(move |b| [a, b])).map(|[a, b]| {
                let [a, b] = [units.points[a], units.points[b]];
                let squares = (0..3).map(|axis| u128::from(a[axis].abs_diff(b[axis])).pow(2));
                squares.fold(0_u128, u128::saturating_add)
            });
            if let Some(square) = squares.min().filter(|&square| is_wanted && square < limit) {
                made.first.push(first);
                made.second.push(second);
                // Half ångströms h with h²/4 <= d², in integers.
                let fits = |halves: &u128| {
                    halves * halves * 100_u128.pow(u32::from(units.decimals)) <= 4 * square
                };
                made.distance.push((0..=64).take_while(fits).last().unwrap() as u8);
            }
        }
    }
    made
}

#[test]
fn contacts_are_those_of_the_reference() {
    let mut drawn = Drawn(7);
    let far = [
        vec![[0; 3]],
        vec![[0; 3], [-9_000_000_000, 9_000_000_000, 1]],
        vec![[i64::MAX - 400_000_000_000; 3], [i64::MIN + 400_000_000_000; 3], [-1, 0, 1]],
    ];
    let mut found = [0; 3];
    for round in 0..3000 {
        let decimals = [0, 1, 3, 3, 9][round % 5];
        let held = Held::drawn(&mut drawn, decimals, &far[round % 3]);
        // Cutoffs in half ångströms, so that points are exactly at them.
        let halves = [0, 1, 2, 9, 16, 64][drawn.below(6) as usize];
        let limit = square_of(halves, decimals) + u128::from(drawn.below(8) == 0 && halves < 64);
        let separation = [None, Some(0), Some(1), Some(4)][drawn.below(4) as usize];
        let pairs = Pairs { between: separation.is_none() || drawn.below(2) == 0, separation };
        let wanted = reference(held.units(decimals), pairs, limit);
        assert_eq!(contacts(held.units(decimals), pairs, limit), Ok(wanted.clone()), "{held:?}");
        found[round % 3] += wanted.first.len();
    }
    assert!(found.iter().all(|&contacts| contacts > 3000), "{found:?}");
}

#[test]
fn a_length_of_the_cutoff_is_not_near() {
    for decimals in [0, 3, 9, MOST_DECIMALS] {
        let unit = 10_i64.pow(u32::from(decimals));
        // 3-4-12-13: a length on three axes.
        let held = Held::alone(&[[-unit, 0, 0], [2 * unit, 4 * unit, -12 * unit]]);
        let at = |limit| contacts(held.units(decimals), BETWEEN, limit).unwrap().distance;
        let square = square_of(26, decimals);
        assert_eq!(at(square), []);
        assert_eq!(at(square + 1), [26]);
        assert_eq!(at(square_of(BINS, decimals)), [26]);
    }
}

#[test]
fn a_bin_holds_its_lower_bound() {
    for decimals in [1, 3, 9, MOST_DECIMALS] {
        let half = 10_i64.pow(u32::from(decimals)) / 2;
        for bin in 0..BINS {
            for (off, wanted) in [(-1, bin.checked_sub(1)), (0, Some(bin))] {
                let held = Held::alone(&[[0; 3], [0, -(half * i64::from(bin) + off), 0]]);
                let made =
                    contacts(held.units(decimals), BETWEEN, square_of(BINS, decimals)).unwrap();
                // One step below 0 is a length of 1.
                let wanted = if bin == 0 { Some(0) } else { wanted };
                assert_eq!(made.distance.first().copied(), wanted, "{bin} {off} {decimals}");
            }
        }
    }
    // 0.5 Å has no bound in whole ångströms: a length of 1 is two halves.
    let held = Held::alone(&[[0; 3], [1, 0, 0]]);
    assert_eq!(contacts(held.units(0), BETWEEN, 2).unwrap().distance, [2]);
}

#[test]
fn few_points_and_none() {
    let nothing = Held::default();
    assert_eq!(contacts(nothing.units(3), BETWEEN, 1), Ok(Contacts::default()));
    let one = Held { points: vec![[5; 3]; 4], unit: vec![0; 4], member: vec![0] };
    let within = Pairs { between: true, separation: Some(0) };
    assert_eq!(contacts(one.units(3), within, 1), Ok(Contacts::default()));
    let without_points = Held { member: vec![0, 1, 2], ..Held::default() };
    assert_eq!(contacts(without_points.units(3), within, 1), Ok(Contacts::default()));
}

#[test]
fn equal_points_are_near_at_every_cutoff_above_nothing() {
    for point in [[0; 3], [i64::MIN; 3], [i64::MAX; 3]] {
        let held = Held::alone(&[point; 3]);
        let made = contacts(held.units(9), BETWEEN, 1).unwrap();
        assert_eq!((made.first, made.second), (vec![0, 0, 1], vec![1, 2, 2]));
        assert_eq!(made.distance, [0; 3]);
        assert_eq!(contacts(held.units(9), BETWEEN, 0), Ok(Contacts::default()));
    }
}

#[test]
fn what_is_not_units_is_invalid() {
    let held = Held::alone(&[[0; 3], [1; 3]]);
    let units = held.units(3);
    let short = Units { unit: &[0], ..units };
    assert_eq!(contacts(short, BETWEEN, 1), Err(Invalid::Length));
    let foreign = Units { unit: &[0, 2], ..units };
    assert_eq!(contacts(foreign, BETWEEN, 1), Err(Invalid::Unit(1)));
    let fine = Units { decimals: MOST_DECIMALS + 1, ..units };
    assert_eq!(contacts(fine, BETWEEN, 1), Err(Invalid::Decimals));
    let limit = square_of(BINS, 3);
    assert!(contacts(units, BETWEEN, limit).is_ok());
    assert_eq!(contacts(units, BETWEEN, limit + 1), Err(Invalid::Cutoff));
}
