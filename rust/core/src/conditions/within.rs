//! `within(RULE, COUNT)`: an index that RULE says is one of as many as COUNT says.
//!
//! They count from 0 where RULE can say 0, else from 1. COUNT is read once before any RULE.

use super::arguments::Stated;
use super::indices::{first_of, names_one_twice};
use super::stated::{Clauses, Statement};

pub(super) const STATEMENT: Statement = Statement { arguments: 2..=2, declared: Some(&[]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let count = stated.rule(1)?;
    if names_one_twice(stated.clause) || first_of(stated.grammar, count).is_none() {
        return Err("expected another rule that is an index for the count".to_owned());
    }
    let indices = clauses.indices_of(stated, stated.rule(0)?)?;
    match indices.within.replace((stated.id, count)) {
        Some(_) => Err("expected it once".to_owned()),
        None => Ok(()),
    }
}
