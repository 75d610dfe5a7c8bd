//! What labels put into a mask, and what they remove from it.

use super::bank::{CLOSING, DEMAND, Labels, OPENER_SYMBOL, SYMBOL};
use super::condition::{BOND, CLOSE, CLOSES_BEFORE, OPENS, OPENS_AFRESH, READS_SYMBOL, SETTLES};
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::conditions::condition::Patch;

/// What a bank of labels has to say at a state; the tokens that open and close are put in.
#[derive(Debug)]
pub(super) struct LabelPatch {
    bank: Labels,
    /// Whether a label may open, and whether after the end of an item.
    opens: Option<bool>,
    /// Whether a label may close at once.
    closes: bool,
    /// The symbols of closings, and of these each that a join is about, with the bit of the join.
    closings: Bits,
    joined: Vec<(u32, u16)>,
    /// The symbols of bonds that only some items have, each with the bit of its join.
    bonds: Vec<(u32, u16)>,
    /// The symbols of items.
    symbols: Bits,
    /// Whether the one that closes is to be the last of the innermost scope.
    settles: bool,
    /// What may not come while a label of the innermost scope is open.
    settled: Bits,
}

impl LabelPatch {
    /// The guards of a state and the tokens that each is on.
    pub fn of(bank: Labels, guards: Vec<(u8, Bits)>) -> Self {
        let mut patch = LabelPatch {
            bank,
            opens: None,
            closes: false,
            closings: Bits::default(),
            joined: Vec::new(),
            bonds: Vec::new(),
            symbols: Bits::default(),
            settles: false,
            settled: Bits::default(),
        };
        for (guard, bits) in guards {
            match guard {
                OPENS | OPENS_AFRESH => patch.opens = Some(guard == OPENS_AFRESH),
                CLOSE => patch.closes = true,
                CLOSES_BEFORE => {
                    patch.joined.extend(patch.bank.joins_in(&bits));
                    patch.closings.add(&bits);
                }
                BOND => {
                    let only = patch.bank.only;
                    let joins = patch.bank.joins_in(&bits);
                    patch.bonds.extend(joins.filter(|(join, _)| only & join != 0));
                }
                READS_SYMBOL => patch.symbols.add(&bits),
                _ if guard % 2 == SETTLES % 2 => patch.settles = true,
                _ => patch.settled.add(&bits),
            }
        }
        patch
    }

    /// Put in what closes a label; remove symbols of closings after which nothing could.
    fn restrict_closings(&self, registers: &Registers, mask: &mut Words) {
        let bank = &self.bank;
        let closing = bank.read(registers, CLOSING);
        let symbol = bank.read(registers, SYMBOL);
        let (mut any, mut joined) = (false, 0);
        for label in bank.closable(registers) {
            if self.settles && !bank.settles(registers, label) {
                continue;
            }
            any = true;
            if self.closes && bank.refusal_of_join(registers, label, closing).is_none() {
                mask.set_id(bank.close_base + label as u16 - 1);
            }
            // A bit for each join: whether both items are of its block, and whether they must be.
            let both = symbol & registers.get(bank.label(label, OPENER_SYMBOL));
            joined |= !(both ^ bank.only);
        }
        if !any {
            return mask.clear(&self.closings);
        }
        for &(join, token) in &self.joined {
            if joined & join == 0 {
                mask.clear_id(token);
            }
        }
    }
}

impl Patch for LabelPatch {
    fn restrict(&self, registers: &Registers, mask: &mut Words) {
        let bank = &self.bank;
        if let Some(afresh) = self.opens
            && let Some(label) = bank.lowest_free(registers, afresh)
        {
            mask.set_id(bank.open_base + label - 1);
        }
        let symbol = bank.read(registers, SYMBOL);
        for &(join, token) in &self.bonds {
            if symbol & join == 0 {
                mask.clear_id(token);
            }
        }
        if let Some(join) = bank.read(registers, DEMAND).checked_sub(1) {
            let join = bank.joins[join as usize];
            if join.only {
                mask.keep_interval(&self.symbols, join.block);
            } else {
                mask.clear_interval(&self.symbols, join.block);
            }
        }
        if !bank.has_open(registers) {
            return mask.clear(&self.closings);
        }
        if self.closes || !self.closings.is_empty() {
            self.restrict_closings(registers, mask);
        }
        if !self.settled.is_empty() && !bank.is_settled(registers) {
            mask.clear(&self.settled);
        }
    }
}

impl Labels {
    /// The tokens of a set that a join is about, each with the bit of its join.
    fn joins_in(&self, bits: &Bits) -> impl Iterator<Item = (u32, u16)> {
        let joins = self.joins.iter().enumerate();
        joins.filter(|(_, join)| bits.has(join.token)).map(|(place, join)| (1 << place, join.token))
    }
}
