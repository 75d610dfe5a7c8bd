//! What must hold of the labels for a token, and the clause that it breaks where it does not.

use super::{
    BEFORE, CLOSER, CLOSING, CURRENT, DEMAND, Labels, OPENER, OPENER_SYMBOL, PARENT, SYMBOL,
};
use crate::automaton::registers::Registers;

/// What must hold of the labels for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelGuard {
    /// That it opens the lowest free label; `afresh` where it comes after the end of an atom, which
    /// it is the first to tell.
    Open { afresh: bool },
    /// That it closes a label that may close here.
    Close,
    /// That any label may close after this symbol.
    Closing,
    /// That a bond with this symbol may go out from the present atom.
    Bond,
    /// That the symbol of an atom is one that the bond before it joins.
    Symbol,
    /// That no label of the innermost scope is open, by this clause.
    Settled(u16),
    /// That none but the one that the token closes is.
    Settles(u16),
}

impl Labels {
    /// The clause that a token would break, if any.
    pub fn refusal_of(&self, guard: LabelGuard, id: u16, registers: &Registers) -> Option<u16> {
        match guard {
            LabelGuard::Open { afresh } => self.refusal_of_open(registers, id, afresh),
            LabelGuard::Close => self.refusal_of_close(registers, id),
            LabelGuard::Closing => self.refusal_of_closing(registers, id),
            LabelGuard::Bond => self.refusal_of_bond(registers, id),
            LabelGuard::Symbol => self.refusal_of_symbol(registers, id),
            LabelGuard::Settles(clause) => {
                let label = usize::from(id - self.close_base) + 1;
                (!self.settles(registers, label)).then_some(clause)
            }
            LabelGuard::Settled(clause) => (!self.is_settled(registers)).then_some(clause),
        }
    }

    /// Why a token may not open a label.
    fn refusal_of_open(&self, registers: &Registers, id: u16, afresh: bool) -> Option<u16> {
        let label = id - self.open_base + 1;
        match self.lowest_free {
            Some(clause) => (self.lowest_free(registers, afresh) != Some(label)).then_some(clause),
            None => None,
        }
    }

    /// Why a label may not close, whatever joins the two.
    pub(crate) fn refusal(&self, registers: &Registers, label: usize) -> Option<u16> {
        if !self.is_open(registers, label) {
            return self.opened;
        }
        let opener = registers.get(self.label(label, OPENER));
        let before = registers.get(self.label(label, BEFORE)) as usize;
        let siblings = before != 0 && registers.get(self.label(before, OPENER)) == opener;
        if self.in_turn.is_some() && siblings && self.is_open(registers, before) {
            return self.in_turn;
        }
        if self.unjoined.is_some() {
            let current = self.read(registers, CURRENT);
            let closed_here = siblings && registers.get(self.label(before, CLOSER)) == current;
            if opener == self.read(registers, PARENT) || closed_here {
                return self.unjoined;
            }
        }
        None
    }

    /// Why a label may not close after the symbol that stands before it.
    pub(crate) fn refusal_of_join(
        &self,
        registers: &Registers,
        label: usize,
        closing: u32,
    ) -> Option<u16> {
        let place = closing.checked_sub(1)? as usize;
        let join = self.joins[place];
        let both = self.read(registers, SYMBOL) & registers.get(self.label(label, OPENER_SYMBOL));
        (join.only != (both >> place & 1 == 1)).then_some(join.clause)
    }

    /// Why a token may not close a label.
    fn refusal_of_close(&self, registers: &Registers, id: u16) -> Option<u16> {
        let label = usize::from(id - self.close_base) + 1;
        let closing = self.read(registers, CLOSING);
        self.refusal(registers, label).or(self.refusal_of_join(registers, label, closing))
    }

    /// Why the symbol of a closing may not stand here: no label could close after it.
    fn refusal_of_closing(&self, registers: &Registers, id: u16) -> Option<u16> {
        let join = self.joins.iter().position(|join| join.token == id);
        let closing = join.map_or(0, |join| join as u32 + 1);
        let mut refusal = if self.has_open(registers) { self.unjoined } else { self.opened };
        for label in self.open_labels(registers) {
            if self.refusal(registers, label).is_none() {
                refusal = self.refusal_of_join(registers, label, closing);
                refusal?;
            }
        }
        refusal
    }

    /// Why the symbol of a bond may not stand here.
    fn refusal_of_bond(&self, registers: &Registers, id: u16) -> Option<u16> {
        let place = self.joins.iter().position(|join| join.token == id)?;
        let join = self.joins[place];
        (join.only && self.read(registers, SYMBOL) >> place & 1 == 0).then_some(join.clause)
    }

    /// Why an atom may not have this symbol.
    pub(crate) fn refusal_of_symbol(&self, registers: &Registers, id: u16) -> Option<u16> {
        let place = self.read(registers, DEMAND).checked_sub(1)? as usize;
        let join = self.joins[place];
        (join.only != join.has(id)).then_some(join.clause)
    }
}
