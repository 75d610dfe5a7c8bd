//! `unjoined(CLOSE, OPEN, atom)`: CLOSE does not join an atom to its parent, nor two atoms that are
//! already joined.
//!
//! So items form a tree: each has the one before it in its chain as its parent, a scope within a
//! chain goes back to where it began, and what is opened is paid by the items to come.

use super::arguments::Stated;
use super::labels::{CURRENT, Labels, PARENT};
use super::stated::{Clauses, Statement};
use crate::automaton::registers::{Column, Registers};

pub(super) const STATEMENT: Statement = Statement { arguments: 3..=3, declared: None, state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (close, open, item) = (stated.block(0)?, stated.block(1)?, stated.rule(2)?);
    let labels = clauses.labels_of(stated.holder, open, close);
    labels.tree = Some([Column::default(); 2]);
    labels.on_closings(stated.id, refuses);
    labels.set_item(item)
}

fn refuses(labels: &Labels, registers: &Registers, label: usize) -> bool {
    let joined = |before| labels.closer(registers, before) == labels.read(registers, CURRENT);
    labels.opener(registers, label) == labels.read(registers, PARENT)
        || labels.sibling_before(registers, label).is_some_and(joined)
}
