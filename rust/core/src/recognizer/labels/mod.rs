//! Labels: the conditions on what is opened and closed, and on what the two ends join.

mod mask;
mod needs;

pub(super) use mask::LabelPatch;

use super::registers::Registers;

/// The conditions of one rule on one pair of blocks that open and close.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// Its first register.
    pub base: usize,
    pub open_base: u16,
    pub close_base: u16,
    /// How many labels there are.
    pub count: u16,
    /// The clauses, each by its place in the machine's list, where the rule has them.
    pub lowest_free: Option<u16>,
    pub opened: Option<u16>,
    pub in_turn: Option<u16>,
    pub unjoined: Option<u16>,
    pub joins: Vec<Join>,
    /// A bit for each join that is a `joins_only`.
    pub only: u32,
}

/// `joins_only` or `joins_not`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    pub clause: u16,
    pub token: u16,
    /// The first and the last token of the block.
    pub block: (u16, u16),
    /// Whether both are to be of the block, or not both.
    pub only: bool,
}

/// What must hold of the labels for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabelGuard {
    /// That it opens the lowest free label.
    Open,
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
}

const LAST_OPENED: usize = 0;
const CURRENT: usize = 1;
const PARENT: usize = 2;
/// A bit for each join whose block the present atom is of.
const SYMBOL: usize = 3;
const ITEMS: usize = 4;
/// The join, from 1, that the next symbol must keep; 0 for none.
const DEMAND: usize = 5;
/// The same for the label that closes next.
const CLOSING: usize = 6;
/// How many scopes are open; each counts its open labels.
const DEPTH: usize = 7;
/// Whether the present atom closed any label.
const ANY_CLOSED: usize = 8;
/// How many labels are open.
const OPENED: usize = 9;
const OPEN: usize = 10;
const CLOSED: usize = OPEN + WORDS;
const LABEL: usize = CLOSED + WORDS;
const WORDS: usize = 8;

/// What is remembered of a label.
const OPENER: usize = 0;
const CLOSER: usize = 1;
const SCOPE: usize = 2;
const BEFORE: usize = 3;
const OPENER_SYMBOL: usize = 4;
const PER_LABEL: usize = 5;

/// How many registers a bank takes.
pub(super) const REGISTERS: usize = LABEL + 256 * PER_LABEL;

/// What deeper nesting takes: a word of each of these, for each level.
pub(super) struct Level;

impl Level {
    pub const BACK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const SYMBOL: usize = 2;
    pub const OPEN: usize = 3;
    /// Of the atom of this number: what it has left, and which it is.
    pub const FREE: usize = 4;
    pub const ELEMENT: usize = 5;
    /// How many aromatic bonds it has.
    pub const AROMATIC_BONDS: usize = 6;
    /// Of the scope of this depth: its first aromatic atom that is in no ring yet.
    pub const UNRINGED: usize = 7;
    pub const SIZE: usize = 8;
}

impl Labels {
    fn label(&self, label: usize, what: usize) -> usize {
        self.base + LABEL + label * PER_LABEL + what
    }

    fn read(&self, registers: &Registers, what: usize) -> u32 {
        registers.get(self.base + what)
    }

    fn write(&self, registers: &mut Registers, what: usize, value: u32) {
        registers.set(self.base + what, value);
    }

    fn is_open(&self, registers: &Registers, label: usize) -> bool {
        self.read(registers, OPEN + label / 32) >> (label % 32) & 1 == 1
    }

    /// The present atom, from 1; 0 for none.
    pub fn current(&self, registers: &Registers) -> u32 {
        self.read(registers, CURRENT)
    }

    /// Its parent.
    pub fn parent(&self, registers: &Registers) -> u32 {
        self.read(registers, PARENT)
    }

    /// The atom that opened a label.
    pub fn opener(&self, registers: &Registers, label: usize) -> u32 {
        registers.get(self.label(label, OPENER))
    }

    /// How many scopes we are in.
    pub fn scope(&self, registers: &Registers) -> u32 {
        self.read(registers, DEPTH)
    }

    /// The scope in which a label opened.
    pub fn scope_of(&self, registers: &Registers, label: usize) -> u32 {
        registers.get(self.label(label, SCOPE))
    }

    /// How many labels opened in the innermost scope are open.
    pub fn open_in_scope(&self, registers: &Registers, levels: usize) -> u32 {
        registers.get(levels + self.scope(registers) as usize * Level::SIZE + Level::OPEN)
    }

    /// The labels that may close here, whatever joins the two.
    pub fn closable<'a>(&'a self, registers: &'a Registers) -> impl Iterator<Item = usize> + 'a {
        self.open_labels(registers).filter(|&label| self.refusal(registers, label).is_none())
    }

    /// An instance of the rule begins.
    pub fn reset(&self, registers: &mut Registers) {
        for what in 0..LABEL {
            self.write(registers, what, 0);
        }
    }

    /// An atom begins.
    pub fn begin_item(&self, registers: &mut Registers) {
        let items = self.read(registers, ITEMS) + 1;
        self.write(registers, ITEMS, items);
        self.write(registers, PARENT, self.read(registers, CURRENT));
        self.write(registers, CURRENT, items);
        self.write(registers, LAST_OPENED, 0);
        self.write(registers, SYMBOL, 0);
    }

    /// An atom ends: what it closed is free.
    pub fn end_item(&self, registers: &mut Registers) {
        if self.read(registers, ANY_CLOSED) != 0 {
            for word in 0..WORDS {
                self.write(registers, CLOSED + word, 0);
            }
            self.write(registers, ANY_CLOSED, 0);
        }
    }

    /// There is no atom before the next.
    pub fn forget_item(&self, registers: &mut Registers) {
        self.write(registers, CURRENT, 0);
    }

    pub fn begin_scope(&self, registers: &mut Registers, levels: usize) {
        let depth = self.read(registers, DEPTH) + 1;
        self.write(registers, DEPTH, depth);
        registers.set(levels + depth as usize * Level::SIZE + Level::OPEN, 0);
    }

    pub fn end_scope(&self, registers: &mut Registers) {
        self.write(registers, DEPTH, self.read(registers, DEPTH) - 1);
    }

    /// Whether all labels opened in the innermost scope have closed.
    pub fn is_settled(&self, registers: &Registers, levels: usize) -> bool {
        self.open_in_scope(registers, levels) == 0
    }

    /// A call remembers the present atom.
    pub fn keep_item(&self, registers: &mut Registers, level: usize) {
        registers.set(level + Level::CURRENT, self.read(registers, CURRENT));
        registers.set(level + Level::SYMBOL, self.read(registers, SYMBOL));
    }

    /// A return goes back to it.
    pub fn restore_item(&self, registers: &mut Registers, level: usize) {
        self.write(registers, CURRENT, registers.get(level + Level::CURRENT));
        self.write(registers, SYMBOL, registers.get(level + Level::SYMBOL));
    }

    /// A label opens.
    pub fn open(&self, registers: &mut Registers, levels: usize, id: u16) {
        let label = usize::from(id - self.open_base) + 1;
        let depth = self.read(registers, DEPTH);
        let counter = levels + depth as usize * Level::SIZE + Level::OPEN;
        registers.set(counter, registers.get(counter) + 1);
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
    pub fn close(&self, registers: &mut Registers, levels: usize, id: u16) {
        let label = usize::from(id - self.close_base) + 1;
        let depth = registers.get(self.label(label, SCOPE)) as usize;
        let counter = levels + depth * Level::SIZE + Level::OPEN;
        registers.set(counter, registers.get(counter).saturating_sub(1));
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

    /// The symbol of a bond to the next atom.
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
        let join = self.joins.iter().position(|join| join.token == id);
        self.write(registers, CLOSING, join.map_or(0, |join| join as u32 + 1));
    }

    /// The symbol of an atom.
    pub fn symbol(&self, registers: &mut Registers, id: u16) {
        let mut symbol = 0;
        for (place, join) in self.joins.iter().enumerate() {
            symbol |= u32::from(join.has(id)) << place;
        }
        self.write(registers, SYMBOL, symbol);
        self.write(registers, DEMAND, 0);
    }

    /// The one label that may open.
    pub fn lowest_free(&self, registers: &Registers) -> Option<u16> {
        for word in 0..WORDS {
            // There is no label 0.
            let taken = self.read(registers, OPEN + word)
                | self.read(registers, CLOSED + word)
                | u32::from(word == 0);
            if taken != u32::MAX {
                let label = word as u16 * 32 + taken.trailing_ones() as u16;
                return (label <= self.count).then_some(label);
            }
        }
        None
    }

    /// The clause that a token would break, if any.
    pub fn refusal_of(
        &self,
        guard: LabelGuard,
        id: u16,
        registers: &Registers,
        levels: usize,
    ) -> Option<u16> {
        match guard {
            LabelGuard::Open => self.refusal_of_open(registers, id),
            LabelGuard::Close => self.refusal_of_close(registers, id),
            LabelGuard::Closing => self.refusal_of_closing(registers, id),
            LabelGuard::Bond => self.refusal_of_bond(registers, id),
            LabelGuard::Symbol => self.refusal_of_symbol(registers, id),
            LabelGuard::Settled(clause) => (!self.is_settled(registers, levels)).then_some(clause),
        }
    }

    /// Why a token may not open a label.
    fn refusal_of_open(&self, registers: &Registers, id: u16) -> Option<u16> {
        let label = id - self.open_base + 1;
        match self.lowest_free {
            Some(clause) => (self.lowest_free(registers) != Some(label)).then_some(clause),
            None => None,
        }
    }

    /// Why a label may not close, whatever joins the two.
    fn refusal(&self, registers: &Registers, label: usize) -> Option<u16> {
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
    fn refusal_of_join(&self, registers: &Registers, label: usize, closing: u32) -> Option<u16> {
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
    fn refusal_of_symbol(&self, registers: &Registers, id: u16) -> Option<u16> {
        let place = self.read(registers, DEMAND).checked_sub(1)? as usize;
        let join = self.joins[place];
        (join.only != join.has(id)).then_some(join.clause)
    }

    /// Whether the next symbol must be of the block that a join asks for.
    pub fn demands_only(&self, registers: &Registers) -> bool {
        let demand = self.read(registers, DEMAND) as usize;
        demand.checked_sub(1).is_some_and(|join| self.joins[join].only)
    }

    /// Whether the next symbol is not free.
    pub fn has_demand(&self, registers: &Registers) -> bool {
        self.read(registers, DEMAND) != 0
    }

    /// The open labels, ascending.
    pub fn open_labels<'a>(&'a self, registers: &'a Registers) -> impl Iterator<Item = usize> + 'a {
        let (mut word, mut left) = (0, self.read(registers, OPEN));
        // Once all are found the other words need no look.
        (0..self.open_count(registers)).map(move |_| {
            while left == 0 && word + 1 < WORDS {
                word += 1;
                left = self.read(registers, OPEN + word);
            }
            let label = word * 32 + left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            label
        })
    }

    /// Whether any label is open.
    pub fn has_open(&self, registers: &Registers) -> bool {
        self.read(registers, OPENED) != 0
    }

    /// How many labels are open.
    pub fn open_count(&self, registers: &Registers) -> u32 {
        self.read(registers, OPENED)
    }
}

impl Join {
    fn has(&self, id: u16) -> bool {
        self.block.0 <= id && id <= self.block.1
    }
}
