//! What tokens, and the rules that begin and end with them, do to the labels.

use super::bank::{
    ANY_CLOSED, BEFORE, CALLS, CLOSED, CLOSER, CLOSING, CURRENT, DEMAND, DEPTH, HOLDER, ITEMS,
    LABEL, LAST_OPENED, Labels, OPEN, OPENED, OPENER, OPENER_SYMBOL, PARENT, SCOPE, SYMBOL, WORDS,
};
use crate::automaton::registers::Registers;

impl Labels {
    /// An instance of the rule begins.
    pub fn reset(&self, registers: &mut Registers) {
        for what in 0..LABEL {
            self.write(registers, what, 0);
        }
        if !self.beside.is_empty() {
            self.write(registers, HOLDER, self.holder as u32 + 1);
        }
    }

    /// An item begins.
    pub fn begin_item(&self, registers: &mut Registers) {
        let items = self.read(registers, ITEMS) + 1;
        self.write(registers, ITEMS, items);
        self.write(registers, PARENT, self.read(registers, CURRENT));
        self.write(registers, CURRENT, items);
        self.write(registers, LAST_OPENED, 0);
        self.write(registers, SYMBOL, 0);
    }

    /// An item ends: what it closed is free.
    pub fn end_item(&self, registers: &mut Registers) {
        if self.read(registers, ANY_CLOSED) != 0 {
            for word in 0..WORDS {
                self.write(registers, CLOSED + word, 0);
            }
            self.write(registers, ANY_CLOSED, 0);
        }
    }

    /// There is no item before the next.
    pub fn forget_item(&self, registers: &mut Registers) {
        self.write(registers, CURRENT, 0);
    }

    pub fn begin_scope(&self, registers: &mut Registers) {
        self.write(registers, DEPTH, self.read(registers, DEPTH) + 1);
    }

    pub fn end_scope(&self, registers: &mut Registers) {
        self.write(registers, DEPTH, self.read(registers, DEPTH) - 1);
    }

    /// A call remembers the present item.
    pub fn keep_item(&self, registers: &mut Registers) {
        let Some([current, symbol]) = self.tree else { return };
        let depth = self.calls(registers) + 1;
        self.write(registers, CALLS, depth);
        registers.set(registers.cell(current, depth), self.read(registers, CURRENT));
        registers.set(registers.cell(symbol, depth), self.read(registers, SYMBOL));
    }

    /// A return goes back to it.
    pub fn restore_item(&self, registers: &mut Registers) {
        let Some([current, symbol]) = self.tree else { return };
        let depth = self.calls(registers);
        self.write(registers, CALLS, depth - 1);
        self.write(registers, CURRENT, registers.get(registers.cell(current, depth)));
        self.write(registers, SYMBOL, registers.get(registers.cell(symbol, depth)));
    }

    /// A label opens.
    pub fn open(&self, registers: &mut Registers, id: u16) {
        let label = usize::from(id - self.open_base) + 1;
        let depth = self.read(registers, DEPTH);
        let word = OPEN + label / 32;
        self.write(registers, word, self.read(registers, word) | 1 << (label % 32));
        registers.set(self.label(label, OPENER), self.read(registers, CURRENT));
        registers.set(self.label(label, CLOSER), 0);
        registers.set(self.label(label, SCOPE), depth);
        registers.set(self.label(label, BEFORE), self.read(registers, LAST_OPENED));
        registers.set(self.label(label, OPENER_SYMBOL), self.read(registers, SYMBOL));
        self.write(registers, LAST_OPENED, label as u32);
        self.write(registers, OPENED, self.read(registers, OPENED) + 1);
    }

    /// A label closes.
    pub fn close(&self, registers: &mut Registers, id: u16) {
        let label = usize::from(id - self.close_base) + 1;
        let bit = 1 << (label % 32);
        let word = OPEN + label / 32;
        self.write(registers, word, self.read(registers, word) & !bit);
        let word = CLOSED + label / 32;
        self.write(registers, word, self.read(registers, word) | bit);
        registers.set(self.label(label, CLOSER), self.read(registers, CURRENT));
        self.write(registers, CLOSING, 0);
        self.write(registers, ANY_CLOSED, 1);
        self.write(registers, OPENED, self.read(registers, OPENED) - 1);
    }

    /// The symbol of a bond to the next item.
    pub fn bond(&self, registers: &mut Registers, id: u16) {
        let symbol = self.read(registers, SYMBOL);
        let demand = self
            .joins
            .iter()
            .position(|join| join.token == id)
            .filter(|&join| self.joins[join].only || symbol >> join & 1 == 1);
        self.write(registers, DEMAND, demand.map_or(0, |join| join as u32 + 1));
    }

    /// The symbol of a closing.
    pub fn closing(&self, registers: &mut Registers, id: u16) {
        self.write(registers, CLOSING, self.join_of(id));
    }

    /// The symbol of an item.
    pub fn symbol(&self, registers: &mut Registers, id: u16) {
        let mut symbol = 0;
        for (place, join) in self.joins.iter().enumerate() {
            symbol |= u32::from(join.has(id)) << place;
        }
        self.write(registers, SYMBOL, symbol);
        self.write(registers, DEMAND, 0);
    }
}
