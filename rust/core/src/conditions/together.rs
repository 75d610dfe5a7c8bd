//! `together(RULE, DECIMALS)`: with a count of decimals D in force, a RULE has D tokens of
//! `number_fraction`, which say the decimals of three numbers: each three digits of one of them, or
//! one digit of each.
//!
//! DECIMALS is as in `places`: a block, any token of which puts a count in force.

use super::fractions;
use super::stated::Statement;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=2, declared: Some(&[]), state: fractions::state };
