//! Labels: the conditions on what is opened and closed, and on what the two ends join.

mod mask;
mod needs;
mod refusals;
mod steps;

pub(crate) use mask::LabelPatch;
pub(crate) use refusals::LabelGuard;

use crate::automaton::registers::Registers;

/// The conditions of one rule on one pair of blocks that open and close.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
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
pub(crate) struct Join {
    pub clause: u16,
    pub token: u16,
    /// The first and the last token of the block.
    pub block: (u16, u16),
    /// Whether both are to be of the block, or not both.
    pub only: bool,
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
/// How many scopes are open.
const DEPTH: usize = 7;
/// Whether the present atom closed any label.
const ANY_CLOSED: usize = 8;
/// How many labels are open.
const OPENED: usize = 9;
/// How many calls we were in when the instance began.
const CALLS_BEFORE: usize = 10;
const OPEN: usize = 11;
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
pub(crate) const REGISTERS: usize = LABEL + 256 * PER_LABEL;

/// What deeper nesting takes: a word of each of these, for each level.
pub(crate) struct Level;

impl Level {
    pub const BACK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const SYMBOL: usize = 2;
    /// Of the atom of this number: what it has left, and which it is.
    pub const FREE: usize = 3;
    pub const ELEMENT: usize = 4;
    /// How many aromatic bonds it has.
    pub const AROMATIC_BONDS: usize = 5;
    /// Of the scope of this depth: its first aromatic atom that is in no ring yet.
    pub const UNRINGED: usize = 6;
    pub const SIZE: usize = 7;
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
    pub fn open_in_scope(&self, registers: &Registers) -> u32 {
        let scope = self.scope(registers);
        let open = self.open_labels(registers);
        open.filter(|&label| self.scope_of(registers, label) == scope).count() as u32
    }

    /// How many calls we were in when the instance of the rule began.
    pub fn calls_before(&self, registers: &Registers) -> u32 {
        self.read(registers, CALLS_BEFORE)
    }

    /// The labels that may close here, whatever joins the two.
    pub fn closable<'a>(&'a self, registers: &'a Registers) -> impl Iterator<Item = usize> + 'a {
        self.open_labels(registers).filter(|&label| self.refusal(registers, label).is_none())
    }

    /// Whether all labels opened in the innermost scope have closed.
    pub fn is_settled(&self, registers: &Registers) -> bool {
        let scope = self.scope(registers);
        self.open_labels(registers).all(|label| self.scope_of(registers, label) != scope)
    }

    /// Whether they have when this one closes.
    pub fn settles(&self, registers: &Registers, label: usize) -> bool {
        let scope = self.scope(registers);
        let mut others = self.open_labels(registers).filter(|&other| other != label);
        others.all(|other| self.scope_of(registers, other) != scope)
    }

    /// The one label that may open; `afresh` when what the present atom closed is free again.
    pub fn lowest_free(&self, registers: &Registers, afresh: bool) -> Option<u16> {
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
