//! `so_far(RULE, PART, …)`: an index that RULE says is below the count of PART so far.
//!
//! The PART in which it is read is counted: 0 can always be said and means that one, 1 the one before.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, listed};
use super::indices::{LARGEST, Prefix, first_of};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::block;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=usize::MAX, declared: None, state };

#[derive(Clone, Debug)]
struct SoFar {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    parts: Vec<usize>,
    /// The block of the tokens of indices.
    tokens: (u16, u16),
    /// The registers: how many PART there are, and what was read of an index.
    count: usize,
    value: usize,
    left: usize,
}

// Actions.
const BEGIN: u8 = 0;
const PART: u8 = 1;
const READ: u8 = 2;

/// The guard: the token goes on to an index that there is.
const INDEX: u8 = 0;

const NOT_IN_A_PART: &str = "the index is read outside of what is counted";

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let rule = stated.rule(0)?;
    if first_of(stated.grammar, rule) != Some(0) {
        return Err("expected a rule that is an index from 0 on".to_owned());
    }
    let parts = (1..stated.clause.arguments.len()).map(|i| stated.rule(i));
    let condition = SoFar {
        holder: stated.holder,
        clause: stated.id,
        rule,
        parts: parts.collect::<Result<_, _>>()?,
        tokens: block("index_group").ok_or("no block index_group")?[0],
        count: clauses.registers.word(),
        value: clauses.registers.word(),
        left: clauses.registers.word(),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl SoFar {
    fn prefix(&self, registers: &Registers) -> Prefix {
        Prefix { value: registers.get(self.value), left: registers.get(self.left) }
    }

    fn set_prefix(&self, registers: &mut Registers, prefix: Prefix) {
        registers.set(self.value, prefix.value);
        registers.set(self.left, prefix.left);
    }

    /// The ids that may come next of an index.
    fn next(&self, registers: &Registers) -> Option<(u16, u16)> {
        let highest = registers.get(self.count).checked_sub(1)?.min(LARGEST);
        let (low, high) = self.prefix(registers).next(0, highest)?;
        Some((self.tokens.0 + low as u16, self.tokens.0 + high as u16))
    }
}

impl Condition for SoFar {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        self.parts.iter().copied().chain([self.holder, self.rule]).collect()
    }

    fn covers(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let is_outside = |at: &Position| {
            let around = at.around(self.rule);
            around.contains(&self.holder) && !self.parts.iter().any(|part| around.contains(part))
        };
        positions.iter().any(is_outside).then_some((self.clause, NOT_IN_A_PART))
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(BEGIN);
        }
        if self.parts.contains(&rule) {
            code.actions.push(PART);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.position.around(self.rule).contains(&self.holder) {
            code.guards.push(INDEX);
            code.actions.push(READ);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            BEGIN => {
                registers.set(self.count, 0);
                self.set_prefix(registers, Prefix::default());
            }
            PART => registers.set(self.count, registers.get(self.count).saturating_add(1)),
            _ => {
                let prefix = self.prefix(registers).after(u32::from(id - self.tokens.0));
                self.set_prefix(registers, prefix);
            }
        }
    }

    fn refusal(&self, _: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let is_next = self.next(registers).is_some_and(|(low, high)| (low..=high).contains(&id));
        (!is_next).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    /// It leaves the index 0, of one token, and of each prefix a way on of as many as the rules ask.
    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn adds(&self) -> bool {
        false
    }
}

impl Restrict for SoFar {
    fn restrict(&self, _: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        match self.next(registers) {
            Some(interval) => mask.keep_interval(bits, interval),
            None => mask.clear(bits),
        }
    }
}
