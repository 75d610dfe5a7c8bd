//! What must hold of the labels for a token, and the clause that it breaks where it does not.

use super::bank::{CLOSING, DEMAND, Labels, OPENER_SYMBOL, SYMBOL};
use crate::automaton::registers::Registers;
use crate::conditions::condition::ClauseId;

impl Labels {
    /// Why a token may not open a label.
    pub(super) fn refusal_of_open(
        &self,
        registers: &Registers,
        id: u16,
        afresh: bool,
    ) -> Option<ClauseId> {
        let label = id - self.open_base + 1;
        self.lowest_free.filter(|_| self.lowest_free(registers, afresh) != Some(label))
    }

    /// The labels that may close here, whatever joins the two.
    pub(crate) fn closable<'a>(
        &'a self,
        registers: &'a Registers,
    ) -> impl Iterator<Item = usize> + 'a {
        let open = self.open_labels(registers);
        open.filter(|&label| self.refusal_of_closing_label(registers, label).is_none())
    }

    /// Why a label may not close, whatever joins the two.
    pub(super) fn refusal_of_closing_label(
        &self,
        registers: &Registers,
        label: usize,
    ) -> Option<ClauseId> {
        let mut closings = self.closings.iter();
        closings.find(|(_, refuses)| refuses(self, registers, label)).map(|&(clause, _)| clause)
    }

    /// Why a label may not close after the symbol that was read before it.
    pub(super) fn refusal_of_join(
        &self,
        registers: &Registers,
        label: usize,
        closing: u32,
    ) -> Option<ClauseId> {
        let place = closing.checked_sub(1)? as usize;
        let join = self.joins[place];
        let both = self.read(registers, SYMBOL) & registers.get(self.label(label, OPENER_SYMBOL));
        (join.only != (both >> place & 1 == 1)).then_some(join.clause)
    }

    /// Why a token may not close a label.
    pub(super) fn refusal_of_close(&self, registers: &Registers, id: u16) -> Option<ClauseId> {
        let label = self.label_of_close(id);
        let closing = self.read(registers, CLOSING);
        self.refusal_of_closing_label(registers, label)
            .or_else(|| self.refusal_of_join(registers, label, closing))
    }

    /// Why the symbol of a closing may not be read here: no label could close after it. The clauses
    /// are taken in their order, and the one that leaves none is broken: the last that is the first
    /// to refuse some label.
    pub(super) fn refusal_of_closing(&self, registers: &Registers, id: u16) -> Option<ClauseId> {
        let closing = self.join_of(id);
        let mut refusal = self.opened;
        for label in self.open_labels(registers) {
            let first = self
                .refusal_of_closing_label(registers, label)
                .or_else(|| self.refusal_of_join(registers, label, closing));
            refusal = refusal.max(first);
            first?;
        }
        refusal
    }

    /// Why the symbol of a bond may not be read here.
    pub(super) fn refusal_of_bond(&self, registers: &Registers, id: u16) -> Option<ClauseId> {
        let place = self.join_of(id).checked_sub(1)?;
        let join = self.joins[place as usize];
        (join.only && self.read(registers, SYMBOL) >> place & 1 == 0).then_some(join.clause)
    }

    /// Why an item may not have this symbol.
    pub(super) fn refusal_of_symbol(&self, registers: &Registers, id: u16) -> Option<ClauseId> {
        let place = self.read(registers, DEMAND).checked_sub(1)? as usize;
        let join = self.joins[place];
        (join.only != join.has(id)).then_some(join.clause)
    }

    /// The label that a token closes.
    pub(super) fn label_of_close(&self, id: u16) -> usize {
        usize::from(id - self.close_base) + 1
    }
}
