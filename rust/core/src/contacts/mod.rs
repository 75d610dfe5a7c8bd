//! Contacts: which units are near each other, compared exactly.
//!
//! A unit is what contacts are between, such as a residue or an atom; it has any number of points,
//! and is of one member, such as a chain or a ligand. Two units are as far from each other as the
//! nearest two of their points. Nothing here knows what a unit is.

mod bins;
mod cells;
mod squares;

use std::fmt;

use crate::space::Point;
pub use bins::{BINS, MOST_DECIMALS};
use bins::{Bins, square_of};
use cells::{Cells, Found};
use squares::{Square, is_narrow};

/// Points, and of what they are.
#[derive(Clone, Copy, Debug)]
pub struct Units<'a> {
    /// The points, with one count of decimals.
    pub points: &'a [Point],
    /// How many decimals the points have.
    pub decimals: u8,
    /// Of each point its unit.
    pub unit: &'a [u32],
    /// Of each unit its member.
    pub member: &'a [u32],
}

/// Which pairs of units may be contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// Those of different members.
    pub between: bool,
    /// Those of one member whose numbers differ by as much or more.
    pub separation: Option<u32>,
}

/// Contacts: pairs of units, ascending, each once, the first unit below the second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// The lower unit.
    pub first: Vec<u32>,
    /// The higher unit.
    pub second: Vec<u32>,
    /// The half ångströms that fit into their distance: k where it is k/2 and less than (k+1)/2.
    pub distance: Vec<u8>,
}

/// What cannot be looked through for contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// There is not one unit for each point.
    Length,
    /// More points or units than 32 bits count.
    TooMany,
    /// This point is of a unit that has no member.
    Unit(usize),
    /// Points of more decimals than a distance can be compared with.
    Decimals,
    /// A cutoff beyond the last bin.
    Cutoff,
}

impl fmt::Display for Invalid {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Invalid::Length => out.write_str("expected a unit for each point"),
            Invalid::TooMany => out.write_str("expected fewer than 4,294,967,295 points"),
            Invalid::Unit(row) => write!(out, "expected a unit that has a member at point {row}"),
            Invalid::Decimals => write!(out, "expected at most {MOST_DECIMALS} decimals"),
            Invalid::Cutoff => write!(out, "expected a cutoff of at most {} Å", BINS / 2),
        }
    }
}

/// The contacts among units: two are in contact when the square of their distance, in the last
/// decimal of the points, is below a limit.
///
/// # Errors
/// For units that are not those of the points, and a limit beyond the bins.
pub fn contacts(units: Units, pairs: Pairs, limit: u128) -> Result<Contacts, Invalid> {
    if units.points.len() != units.unit.len() {
        return Err(Invalid::Length);
    }
    if units.points.len().max(units.member.len()) >= u32::MAX as usize {
        return Err(Invalid::TooMany);
    }
    if let Some(row) = units.unit.iter().position(|&unit| unit as usize >= units.member.len()) {
        return Err(Invalid::Unit(row));
    }
    if units.decimals > MOST_DECIMALS {
        return Err(Invalid::Decimals);
    }
    if limit > square_of(BINS, units.decimals) {
        return Err(Invalid::Cutoff);
    }
    Ok(if limit == 0 {
        Contacts::default()
    } else if is_narrow(limit) {
        near::<u64>(units, pairs, limit)
    } else {
        near::<u128>(units, pairs, limit)
    })
}

/// The contacts of units, each unit with those above it.
fn near<S: Square>(units: Units, pairs: Pairs, limit: u128) -> Contacts {
    let cells = Cells::of(units, limit, pairs.separation.is_some());
    let bins = Bins::<S>::new(units.decimals);
    let limit = S::of(limit);
    let mut made = Contacts::default();
    // Of each unit its least square from the present one; the limit while it is not near.
    let mut least = vec![limit; units.member.len()];
    let mut touched = Vec::new();
    let mut rows = cells.rows_by_unit().peekable();
    while let Some(row) = rows.next() {
        let Found { unit: first, point, runs } = cells.row(row);
        let member = units.member[first as usize];
        for run in runs {
            for (&second, &other) in run.units.iter().zip(run.points) {
                if second <= first {
                    continue;
                }
                let is_paired = if units.member[second as usize] == member {
                    pairs.separation.is_some_and(|least| second - first >= least)
                } else {
                    pairs.between
                };
                if !is_paired {
                    continue;
                }
                let square = S::between(point, other);
                let known = &mut least[second as usize];
                if square < *known {
                    if *known == limit {
                        touched.push(second);
                    }
                    *known = square;
                }
            }
        }
        if rows.peek().is_none_or(|&next| cells.unit(next) != first) {
            touched.sort_unstable();
            for second in touched.drain(..) {
                made.first.push(first);
                made.second.push(second);
                made.distance.push(bins.of(least[second as usize]));
                least[second as usize] = limit;
            }
        }
    }
    made
}

#[cfg(test)]
mod tests;
