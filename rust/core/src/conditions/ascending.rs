//! `ascending(RULE)`: the indices that instances of RULE say ascend strictly within one instance of
//! the rule that states it.

use super::arguments::Stated;
use super::stated::{Clauses, Statement};

pub(super) const STATEMENT: Statement = Statement { arguments: 1..=1, declared: Some(&[]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let indices = clauses.indices_of(stated, stated.rule(0)?)?;
    match indices.ascending.replace(stated.id) {
        Some(_) => Err("expected it once".to_owned()),
        None => Ok(()),
    }
}
