//! `closes_within(OPEN, CLOSE, RULE)`: a label opened within an instance of RULE closes before that
//! instance ends.

use super::arguments::Stated;
use super::labels::{Labels, own_labels};
use super::stated::{Clauses, Statement};
use crate::automaton::registers::Registers;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 3..=3, declared: Some(&[own_labels]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (open, close, scope) = (stated.block(0)?, stated.block(1)?, stated.rule(2)?);
    clauses.labels_of(stated.holder, open, close).scopes.push((scope, stated.id));
    Ok(())
}

impl Labels {
    /// Whether all labels opened in the innermost scope have closed.
    pub(crate) fn is_settled(&self, registers: &Registers) -> bool {
        let scope = self.scope(registers);
        self.open_labels(registers).all(|label| self.scope_of(registers, label) != scope)
    }

    /// Whether they have when this one closes.
    pub(super) fn settles(&self, registers: &Registers, label: usize) -> bool {
        let scope = self.scope(registers);
        let mut others = self.open_labels(registers).filter(|&other| other != label);
        others.all(|other| self.scope_of(registers, other) != scope)
    }
}
