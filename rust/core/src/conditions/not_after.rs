//! `not_after(RULE, "X", …)`: RULE stands only where none of these tokens was read before.

use super::arguments::Stated;
use super::only_after::{After, own_tokens};
use super::stated::{Clauses, Statement};

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=usize::MAX, declared: Some(&[own_tokens]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    After::state(stated, clauses, false)
}
