//! Rounds: one bank of registers for the conditions on rounds, each of which says something of every
//! one of some things that stand before them, as a pose says a point of every atom.
//!
//! `one_each`, `alike` and `permutation` are files of their own, which say only what the bank is to
//! keep. A holder is `… OF … ROUND ROUND* … ORDER? …`, a round `head PART* ( ITEM PART* )*`; the
//! `shape` of the rules is checked, so that what a round owes is found by counting.

mod bank;
mod condition;
mod lowered;
mod price;
mod shape;

pub(super) use bank::Rounds;
