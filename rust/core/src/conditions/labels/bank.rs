//! The bank of labels: its registers, and what they say.

use super::joins::Join;
use crate::automaton::registers::{Column, Registers};
use crate::conditions::condition::ClauseId;

/// A condition on closings: whether it refuses that a label closes at the present item, whatever
/// joins the two.
pub(in crate::conditions) type OnClosings = fn(&Labels, &Registers, usize) -> bool;

/// The conditions of one rule on one pair of blocks that open and close.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
    /// Its first register.
    pub(super) base: usize,
    pub(super) open_base: u16,
    pub(super) close_base: u16,
    /// How many labels there are.
    pub(in crate::conditions) count: u16,
    /// The rule that states them.
    pub(super) holder: usize,
    /// The name of this rule.
    pub(crate) holder_name: String,
    /// The rules of other labels on the same tokens.
    pub(super) beside: Vec<usize>,
    /// The rule in which a label is in use, and whose instances labels join.
    pub(super) item: Option<usize>,
    /// The clauses of `lowest_free` and `opened`.
    pub(in crate::conditions) lowest_free: Option<ClauseId>,
    pub(in crate::conditions) opened: Option<ClauseId>,
    /// The conditions on closings, in the order of their clauses.
    pub(super) closings: Vec<(ClauseId, OnClosings)>,
    /// The rules in which labels close, with their clauses.
    pub(in crate::conditions) scopes: Vec<(usize, ClauseId)>,
    /// Where items form a tree: what each call keeps of the item to which it goes back, its number
    /// and its symbol.
    pub(in crate::conditions) tree: Option<[Column; 2]>,
    pub(super) joins: Vec<Join>,
    /// A bit for each join that is a `joins_only`.
    pub(super) only: u32,
    /// The rules that read the symbol of an item.
    pub(super) symbols: Vec<usize>,
}

pub(super) const LAST_OPENED: usize = 0;
/// The present item, from 1; 0 for none.
pub(in crate::conditions) const CURRENT: usize = 1;
/// Its parent.
pub(in crate::conditions) const PARENT: usize = 2;
/// A bit for each join whose block the present item is of.
pub(super) const SYMBOL: usize = 3;
pub(super) const ITEMS: usize = 4;
/// The join, from 1, that the next symbol must keep; 0 for none.
pub(super) const DEMAND: usize = 5;
/// The same for the label that closes next.
pub(super) const CLOSING: usize = 6;
/// How many scopes are open.
pub(super) const DEPTH: usize = 7;
/// Whether the present item closed any label.
pub(super) const ANY_CLOSED: usize = 8;
/// How many labels are open.
pub(super) const OPENED: usize = 9;
/// How many calls we are in within the instance, each of which keeps an item.
pub(super) const CALLS: usize = 10;
/// The rule whose labels these are, from 1, where several share the registers.
pub(super) const HOLDER: usize = 11;
/// A bit for each label that is open, and for each that the present item closed.
pub(in crate::conditions) const OPEN: usize = 12;
pub(in crate::conditions) const CLOSED: usize = OPEN + WORDS;
pub(super) const LABEL: usize = CLOSED + WORDS;
pub(in crate::conditions) const WORDS: usize = 8;

// What is remembered of a label.
pub(super) const OPENER: usize = 0;
pub(super) const CLOSER: usize = 1;
pub(super) const SCOPE: usize = 2;
pub(super) const BEFORE: usize = 3;
pub(super) const OPENER_SYMBOL: usize = 4;
pub(super) const PER_LABEL: usize = 5;

/// The most labels of a bank.
pub(in crate::conditions) const MOST: u16 = 32 * WORDS as u16 - 1;

impl Labels {
    /// The number of registers that a count of labels takes.
    pub(in crate::conditions) fn registers(count: u16) -> usize {
        LABEL + (usize::from(count) + 1) * PER_LABEL
    }

    /// A bank of a rule for the labels of a block.
    pub(in crate::conditions) fn new(holder: usize, open: (u16, u16), close: (u16, u16)) -> Self {
        let count = open.1 - open.0 + 1;
        Labels { holder, open_base: open.0, close_base: close.0, count, ..Labels::default() }
    }

    /// Whether it is of a rule and a block that opens.
    pub(in crate::conditions) fn is_of(&self, holder: usize, open: (u16, u16)) -> bool {
        self.holder == holder && self.open_base == open.0
    }

    /// The rule whose instances labels join.
    pub(in crate::conditions) fn set_item(&mut self, rule: usize) -> Result<(), String> {
        match self.item {
            Some(before) if before != rule => {
                Err("expected the same rule as in the conditions before".to_owned())
            }
            _ => {
                self.item = Some(rule);
                Ok(())
            }
        }
    }

    /// Add a condition on closings.
    pub(in crate::conditions) fn on_closings(&mut self, clause: ClauseId, refuses: OnClosings) {
        self.closings.push((clause, refuses));
    }

    /// Whether items form a tree, so that what is opened is paid by the items to come.
    pub(crate) fn is_tree(&self) -> bool {
        self.tree.is_some()
    }

    /// Whether what the registers hold is of this rule.
    pub(super) fn is_present(&self, registers: &Registers) -> bool {
        self.beside.is_empty() || self.read(registers, HOLDER) == self.holder as u32 + 1
    }

    /// The label that the same item opened just before this one.
    pub(in crate::conditions) fn sibling_before(
        &self,
        registers: &Registers,
        label: usize,
    ) -> Option<usize> {
        let before = registers.get(self.label(label, BEFORE)) as usize;
        let opener = self.opener(registers, label);
        (before != 0 && self.opener(registers, before) == opener).then_some(before)
    }

    /// The item that closed a label last.
    pub(in crate::conditions) fn closer(&self, registers: &Registers, label: usize) -> u32 {
        registers.get(self.label(label, CLOSER))
    }

    pub(super) fn label(&self, label: usize, what: usize) -> usize {
        self.base + LABEL + label * PER_LABEL + what
    }

    pub(in crate::conditions) fn read(&self, registers: &Registers, what: usize) -> u32 {
        registers.get(self.base + what)
    }

    pub(super) fn write(&self, registers: &mut Registers, what: usize, value: u32) {
        registers.set(self.base + what, value);
    }

    pub(in crate::conditions) fn is_open(&self, registers: &Registers, label: usize) -> bool {
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

    /// How many calls we are in within the instance of the rule.
    pub fn calls(&self, registers: &Registers) -> u32 {
        self.read(registers, CALLS)
    }

    /// Whether the next symbol must be of the block that a join demands.
    pub fn demands_only(&self, registers: &Registers) -> bool {
        let demand = self.read(registers, DEMAND) as usize;
        demand.checked_sub(1).is_some_and(|join| self.joins[join].only)
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
