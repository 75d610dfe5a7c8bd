//! `alike(PART, ROUND)`: each instance of ROUND has as many PART before its first item, and after
//! each item, as the first one.
//!
//! The items are those of a `one_each` that the same rule states before it.

use super::stated::Statement;

pub(super) const STATEMENT: Statement = Statement {
    arguments: 2..=2,
    declared: Some(&[]),
    state: |stated, clauses| clauses.state_alike(stated),
};
