//! `joins_not(TOKEN, BLOCK)`: not both atoms that TOKEN joins are of BLOCK.

use super::arguments::Stated;
use super::stated::{Clauses, Statement};

pub(super) const STATEMENT: Statement = Statement { arguments: 2..=2, declared: None, state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    clauses.joins(stated, false)
}
