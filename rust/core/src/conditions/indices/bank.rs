//! The bank of indices: its registers, and the bounds that they set.

use super::bounds::{LARGEST, Prefix};
use crate::automaton::registers::{Allocator, Registers};
use crate::conditions::arguments::Stated;
use crate::conditions::condition::ClauseId;
use crate::conditions::stated::Clauses;
use crate::grammar::{Argument, Clause, Expression, Grammar, block};

/// The rules of the spec that are an index, and from which on it counts.
const KINDS: [(&str, u32); 2] = [("index", 0), ("positive", 1)];

/// The conditions of one rule on the indices of another.
#[derive(Clone, Debug)]
pub(crate) struct Indices {
    pub(super) holder: usize,
    /// The rule that is an index.
    pub(super) rule: usize,
    /// The first index that it can say.
    pub(super) first: u32,
    /// The clause of `ascending`.
    pub(in crate::conditions) ascending: Option<ClauseId>,
    /// The clause of `within`, and the rule that is the count.
    pub(in crate::conditions) within: Option<(ClauseId, usize)>,
    /// The block of the tokens of indices.
    pub(super) tokens: (u16, u16),
    /// The registers: the least index that may follow, the count in force, what was read of an index.
    low: usize,
    count: usize,
    value: usize,
    left: usize,
}

impl Indices {
    fn new(stated: &Stated, rule: usize, registers: &mut Allocator) -> Result<Self, String> {
        let first = first_of(stated.grammar, rule).ok_or("expected a rule that is an index")?;
        Ok(Indices {
            holder: stated.holder,
            rule,
            first,
            ascending: None,
            within: None,
            tokens: block("index_group").ok_or("no block index_group")?[0],
            low: registers.word(),
            count: registers.word(),
            value: registers.word(),
            left: registers.word(),
        })
    }

    pub(super) fn prefix(&self, registers: &Registers) -> Prefix {
        Prefix { value: registers.get(self.value), left: registers.get(self.left) }
    }

    pub(super) fn set_prefix(&self, registers: &mut Registers, prefix: Prefix) {
        registers.set(self.value, prefix.value);
        registers.set(self.left, prefix.left);
    }

    /// An instance of the rule that states the conditions begins.
    pub(super) fn reset(&self, registers: &mut Registers) {
        registers.set(self.low, self.first);
        registers.set(self.count, 0);
        self.set_prefix(registers, Prefix::default());
    }

    /// An index was read.
    pub(super) fn take_index(&self, registers: &mut Registers, index: u32) {
        if self.ascending.is_some() {
            registers.set(self.low, index + 1);
        }
    }

    /// The count was read.
    pub(super) fn take_count(&self, registers: &mut Registers, count: u32) {
        registers.set(self.count, count);
    }

    /// The least index that may come next; in a `fresh` instance none was read.
    pub(super) fn low(&self, registers: &Registers, fresh: bool) -> u32 {
        if fresh { self.first } else { registers.get(self.low) }
    }

    /// How many indices from the first one on there are by the clauses up to one.
    pub(super) fn ceiling(&self, registers: &Registers, fresh: bool, up_to: ClauseId) -> u32 {
        match self.within {
            Some((clause, _)) if clause <= up_to => {
                if fresh {
                    0
                } else {
                    registers.get(self.count)
                }
            }
            _ => LARGEST + 1 - self.first,
        }
    }

    /// The bounds on the next index by the clauses up to one, with `due` more to come after it; none
    /// where there is no such index.
    pub(super) fn bounds(
        &self,
        registers: &Registers,
        fresh: bool,
        due: u32,
        up_to: ClauseId,
    ) -> Option<(u32, u32)> {
        let ascends = self.ascending.is_some_and(|clause| clause <= up_to);
        let low = if ascends { self.low(registers, fresh) } else { self.first };
        let end = self.first + self.ceiling(registers, fresh, up_to);
        let high = end.checked_sub(1 + if ascends { due } else { 0 })?;
        (low <= high).then_some((low, high))
    }

    /// The least count that leaves room for `due` indices by the clauses up to one.
    pub(super) fn least_count(&self, due: u32, up_to: ClauseId) -> u32 {
        let is_said = |clause: Option<ClauseId>| clause.is_some_and(|clause| clause <= up_to);
        match (is_said(self.within.map(|(clause, _)| clause)), is_said(self.ascending)) {
            (false, _) => 0,
            (true, false) => due.min(1),
            (true, true) => due,
        }
    }
}

impl Clauses {
    /// The indices of a rule within the rule that states a clause.
    pub(in crate::conditions) fn indices_of(
        &mut self,
        stated: &Stated,
        rule: usize,
    ) -> Result<&mut Indices, String> {
        let is_of = |bank: &Indices| bank.holder == stated.holder && bank.rule == rule;
        let known = self.indices.iter().position(is_of);
        if known.is_none() {
            self.indices.push(Indices::new(stated, rule, &mut self.registers)?);
        }
        let place = known.unwrap_or(self.indices.len() - 1);
        Ok(&mut self.indices[place])
    }
}

/// The first index that a rule can say, if it is an index.
pub(in crate::conditions) fn first_of(grammar: &Grammar, rule: usize) -> Option<u32> {
    let Expression::Rule(inner) = grammar.rules[rule].expression else {
        let name = &grammar.rules[rule].name;
        return KINDS.iter().find(|(kind, _)| kind == name).map(|&(_, first)| first);
    };
    first_of(grammar, inner)
}

/// Whether a clause names its rules twice.
pub(in crate::conditions) fn names_one_twice(clause: &Clause) -> bool {
    matches!(&clause.arguments[..], [Argument::Name(a), Argument::Name(b)] if a == b)
}
