//! `permutation(RANK, ORDER)`: the ranks of an ORDER are the numbers from 0 on, each once, as many as
//! a round has points: its head, its items and its parts.
//!
//! The rounds are those of a `one_each` that the same rule states before it. There is no order where
//! there are more points than ranks.

use super::stated::Statement;

pub(super) const STATEMENT: Statement = Statement {
    arguments: 2..=2,
    declared: Some(&[]),
    state: |stated, clauses| clauses.state_permutation(stated),
};
