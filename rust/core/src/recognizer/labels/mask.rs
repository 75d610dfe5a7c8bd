//! What a bank of labels puts into a mask, and what it leaves out.

use super::{CLOSING, LabelGuard, Labels, OPENER_SYMBOL, SYMBOL};
use crate::automaton::mask::{Bits, Words, add_bits, bits_of, has_id, ids_of_bits};
use crate::automaton::registers::Registers;
use crate::grammar::Tokens;

/// What a bank of labels has to say at a position; the tokens that open and close are not of the row.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelPatch {
    /// Whether a label may open, and whether after the end of an atom.
    opens: Option<bool>,
    /// Whether a label may close at once.
    closes: bool,
    /// The symbols of closings, and of these each that a join is about, with the bit of the join.
    closings: Bits,
    joined: Vec<(u32, u16)>,
    /// The symbols of bonds that only some atoms have, each with the bit of its join.
    bonds: Vec<(u32, u16)>,
    /// The symbols of atoms.
    symbols: Bits,
    /// Whether the one that closes is to be the last of the innermost scope.
    settles: bool,
    /// What may not come while a label of the innermost scope is open.
    settled: Bits,
}

impl LabelPatch {
    /// Add a guard of the bank and the tokens it is on.
    pub fn add(&mut self, bank: &Labels, guard: LabelGuard, tokens: &Tokens) {
        let bits = bits_of(tokens);
        let joins = |bits: &Bits| -> Vec<(u32, u16)> {
            let joins = bank.joins.iter().enumerate();
            let of = joins.filter(|(_, join)| has_id(bits, join.token));
            of.map(|(place, join)| (1 << place, join.token)).collect()
        };
        match guard {
            LabelGuard::Open { afresh } => self.opens = Some(afresh),
            LabelGuard::Close => self.closes = true,
            LabelGuard::Closing => {
                self.joined.extend(joins(&bits));
                add_bits(&mut self.closings, &bits);
            }
            LabelGuard::Bond => {
                self.bonds
                    .extend(joins(&bits).into_iter().filter(|(join, _)| bank.only & join != 0));
            }
            LabelGuard::Symbol => add_bits(&mut self.symbols, &bits),
            LabelGuard::Settles(_) => self.settles = true,
            LabelGuard::Settled(_) => add_bits(&mut self.settled, &bits),
        }
    }
}

impl Labels {
    /// Put in and leave out what a patch asks for.
    #[inline]
    pub fn restrict(&self, patch: &LabelPatch, registers: &Registers, mask: &mut Words) {
        if let Some(afresh) = patch.opens
            && let Some(label) = self.lowest_free(registers, afresh)
        {
            mask.set_id(self.open_base + label - 1);
        }
        let symbol = self.read(registers, SYMBOL);
        for &(join, token) in &patch.bonds {
            if symbol & join == 0 {
                mask.clear_id(token);
            }
        }
        if self.has_demand(registers) {
            for id in ids_of_bits(&patch.symbols) {
                if self.refusal_of_symbol(registers, id).is_some() {
                    mask.clear_id(id);
                }
            }
        }
        if !self.has_open(registers) {
            return mask.clear(&patch.closings);
        }
        if patch.closes || !patch.closings.is_empty() {
            self.restrict_closings(patch, registers, mask);
        }
        if !patch.settled.is_empty() && !self.is_settled(registers) {
            mask.clear(&patch.settled);
        }
    }

    /// Put in what closes a label; leave out symbols of closings after which nothing could.
    fn restrict_closings(&self, patch: &LabelPatch, registers: &Registers, mask: &mut Words) {
        let closing = self.read(registers, CLOSING);
        let symbol = self.read(registers, SYMBOL);
        let (mut any, mut joined) = (false, 0);
        for label in self.closable(registers) {
            if patch.settles && !self.settles(registers, label) {
                continue;
            }
            any = true;
            if patch.closes && self.refusal_of_join(registers, label, closing).is_none() {
                mask.set_id(self.close_base + label as u16 - 1);
            }
            // A bit for each join: whether both atoms are of its block, and whether they must be.
            let both = symbol & registers.get(self.label(label, OPENER_SYMBOL));
            joined |= !(both ^ self.only);
        }
        if !any {
            return mask.clear(&patch.closings);
        }
        for &(join, token) in &patch.joined {
            if joined & join == 0 {
                mask.clear_id(token);
            }
        }
    }
}
