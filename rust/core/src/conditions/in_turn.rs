//! `in_turn(CLOSE, OPEN, RULE)`: labels opened in one instance of RULE close in the order in which
//! they were opened.

use super::arguments::Stated;
use super::labels::{Labels, own_labels};
use super::stated::{Clauses, Statement};
use crate::automaton::registers::Registers;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 3..=3, declared: Some(&[own_labels]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (close, open, item) = (stated.block(0)?, stated.block(1)?, stated.rule(2)?);
    let labels = clauses.labels_of(stated.holder, open, close);
    labels.on_closings(stated.id, refuses);
    labels.set_item(item)
}

fn refuses(labels: &Labels, registers: &Registers, label: usize) -> bool {
    let before = labels.sibling_before(registers, label);
    before.is_some_and(|before| labels.is_open(registers, before))
}
