//! `opened(CLOSE, OPEN)`: CLOSE names an open label.

use super::arguments::Stated;
use super::labels::{Labels, own_labels};
use super::stated::{Clauses, Statement};
use crate::automaton::registers::Registers;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=2, declared: Some(&[own_labels]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (close, open) = (stated.block(0)?, stated.block(1)?);
    let labels = clauses.labels_of(stated.holder, open, close);
    labels.opened = Some(stated.id);
    labels.on_closings(stated.id, refuses);
    Ok(())
}

fn refuses(labels: &Labels, registers: &Registers, label: usize) -> bool {
    !labels.is_open(registers, label)
}
