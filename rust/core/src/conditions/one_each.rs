//! `one_each(ITEM, OF, ROUND)`: in each instance of ROUND there is one ITEM for each OF but the
//! first, which the head of the round is for.
//!
//! The rule that states it has every OF before the first ROUND.

use super::stated::Statement;

pub(super) const STATEMENT: Statement = Statement {
    arguments: 3..=3,
    declared: Some(&[]),
    state: |stated, clauses| clauses.state_rounds(stated),
};
