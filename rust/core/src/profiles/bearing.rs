//! Bearing: what atoms bear and what bonds take of them.

use super::limits::{BARE, BONDS, LIMITS, NEVER_AROMATIC, RING_BONDS};
use crate::objects::molecule::Order;
use crate::objects::molecule::symbol::Symbol;

/// What carbon bears.
pub(crate) const CARBON: i32 = 4;
const SULFUR: i32 = 6;

/// The code of no charge.
pub(crate) const NEUTRAL: usize = 15;

/// One more than the code of a bond; 0 is no symbol.
pub(crate) type Bond = u32;

pub(crate) const NO_SYMBOL: Bond = 0;
pub(crate) const SINGLE: Bond = 1;
pub(crate) const DOUBLE: Bond = 2;

/// What an atom without brackets bears; negative when there is none.
pub(crate) fn bare(symbol: Symbol) -> i32 {
    i32::from(BARE[usize::from(symbol.atomic_number())])
}

/// What an atom in brackets bears; negative when there is none with this charge.
pub(crate) fn bracket(symbol: Symbol, charge: usize) -> i32 {
    let number = symbol.atomic_number();
    if symbol.is_aromatic() && NEVER_AROMATIC.contains(&(number, charge as i8 - NEUTRAL as i8)) {
        return -1;
    }
    i32::from(LIMITS[usize::from(number)][charge])
}

/// What carbon has left after its bond, or sulfur when carbon would have nothing left.
pub(crate) fn plain(taken: i32) -> i32 {
    if taken < CARBON { CARBON - taken } else { SULFUR - taken }
}

/// What a bond takes of the atoms before it and after it. An aromatic one takes what a single one
/// does.
pub(crate) fn taken(bond: Bond) -> [i32; 2] {
    BONDS[code(bond)].map(i32::from)
}

/// What a bond that closes a ring takes of the atom that opened it and of the other.
pub(crate) fn taken_by_ring(bond: Bond) -> [i32; 2] {
    RING_BONDS[code(bond)].map(i32::from)
}

/// Whether a bond between two aromatic atoms is aromatic.
pub(crate) fn is_aromatic_bond(bond: Bond) -> bool {
    let directed = [Order::Up as usize, Order::Down as usize];
    bond == NO_SYMBOL || directed.contains(&code(bond))
}

/// Whether a bond is none of one to four electron pairs that both atoms share.
pub(crate) fn is_left_out(bond: Bond) -> bool {
    code(bond) == Order::Aromatic as usize || code(bond) > Order::Down as usize
}

fn code(bond: Bond) -> usize {
    bond.saturating_sub(1) as usize
}
