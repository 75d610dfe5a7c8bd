//! `places(RULE, DECIMALS)`: with a count of decimals D in force, a RULE has ⌈D/3⌉ tokens of
//! `number_fraction`, and the digits of the last one beyond the D-th decimal are zero.
//!
//! DECIMALS is a block, any token of which puts a count in force, or a rule that reads one token of
//! the block `decimals`, so that several counts are in force beside each other.

use super::fractions;
use super::stated::Statement;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=2, declared: Some(&[]), state: fractions::state };
