//! `lowest_free(OPEN, CLOSE, RULE)`: OPEN takes the lowest label not in use.
//!
//! A label is in use while it is open, and from then to the end of the instance of RULE in which it
//! closed.

use super::arguments::Stated;
use super::labels::{CLOSED, Labels, OPEN, WORDS, own_labels};
use super::stated::{Clauses, Statement};
use crate::automaton::registers::Registers;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 3..=3, declared: Some(&[own_labels]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (open, close, item) = (stated.block(0)?, stated.block(1)?, stated.rule(2)?);
    let labels = clauses.labels_of(stated.holder, open, close);
    labels.lowest_free = Some(stated.id);
    labels.set_item(item)
}

impl Labels {
    /// The one label that may open; `afresh` where what the present item closed is free again.
    #[allow(clippy::inline_always)] // it is in most masks of molecules
    #[inline(always)]
    pub(super) fn lowest_free(&self, registers: &Registers, afresh: bool) -> Option<u16> {
        for word in 0..WORDS {
            let closed = if afresh { 0 } else { self.read(registers, CLOSED + word) };
            // There is no label 0.
            let taken = self.read(registers, OPEN + word) | closed | u32::from(word == 0);
            if taken != u32::MAX {
                let label = word as u16 * 32 + taken.trailing_ones() as u16;
                return (label <= self.count).then_some(label);
            }
        }
        None
    }
}
