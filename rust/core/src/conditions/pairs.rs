//! `pairs(FIRST, SECOND, PART, …)`: two indices are a pair of different PART, each pair said once.
//!
//! A FIRST is followed by one SECOND or more. The FIRST ascend, the SECOND of a FIRST ascend and are
//! above it, and all are below the count of PART, which come before them.

use super::arguments::Stated;
use super::condition::{Ahead, ClauseId, Code, Condition, Demand, Patch, Restrict, Seen, listed};
use super::indices::{LARGEST, Prefix, first_of, more_tokens};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::block;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 3..=usize::MAX, declared: None, state };

#[derive(Clone, Debug)]
struct Pairs {
    holder: usize,
    clause: ClauseId,
    /// The rules that are the two indices.
    first: usize,
    second: usize,
    parts: Vec<usize>,
    /// The block of the tokens of indices.
    tokens: (u16, u16),
    /// The registers: how many PART there are, the least of either that may follow, and what was
    /// read of an index.
    count: usize,
    low_first: usize,
    low_second: usize,
    value: usize,
    left: usize,
}

// Actions.
const RESET: u8 = 0;
const PART: u8 = 1;
const BEGIN: u8 = 2;
const READ_FIRST: u8 = 3;
const READ_SECOND: u8 = 4;

// Guards: what is read. Another token may lead to a FIRST.
const FIRST: u8 = 0;
const SECOND: u8 = 1;
const ROOM: u8 = 2;

const IN_A_PART: &str = "an index is read in what is counted";

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (first, second) = (stated.rule(0)?, stated.rule(1)?);
    let is_index = |rule| first_of(stated.grammar, rule) == Some(0);
    if first == second || !is_index(first) || !is_index(second) {
        return Err("expected two rules that are indices from 0 on".to_owned());
    }
    let parts = (2..stated.clause.arguments.len()).map(|i| stated.rule(i));
    let condition = Pairs {
        holder: stated.holder,
        clause: stated.id,
        first,
        second,
        parts: parts.collect::<Result<_, _>>()?,
        tokens: block("index_group").ok_or("no block index_group")?[0],
        count: clauses.registers.word(),
        low_first: clauses.registers.word(),
        low_second: clauses.registers.word(),
        value: clauses.registers.word(),
        left: clauses.registers.word(),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl Pairs {
    fn prefix(&self, registers: &Registers) -> Prefix {
        Prefix { value: registers.get(self.value), left: registers.get(self.left) }
    }

    fn set_prefix(&self, registers: &mut Registers, prefix: Prefix) {
        registers.set(self.value, prefix.value);
        registers.set(self.left, prefix.left);
    }

    /// The bounds on what a guard reads; none where there is no such index.
    fn bounds(&self, guard: u8, registers: &Registers) -> Option<(u32, u32)> {
        let last = registers.get(self.count).checked_sub(1)?.min(LARGEST);
        let (low, high) = match guard {
            SECOND => (registers.get(self.low_second), last),
            // A SECOND is above it.
            _ => (registers.get(self.low_first), last.checked_sub(1)?),
        };
        (low <= high).then_some((low, high))
    }

    /// The ids that may come next of an index.
    fn next(&self, guard: u8, registers: &Registers) -> Option<(u16, u16)> {
        let (low, high) = self.bounds(guard, registers)?;
        let (low, high) = self.prefix(registers).next(low, high)?;
        Some((self.tokens.0 + low as u16, self.tokens.0 + high as u16))
    }
}

impl Condition for Pairs {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        self.parts.iter().copied().chain([self.holder, self.first, self.second]).collect()
    }

    /// A PART counts outside of the rule, too, before which the count begins anew.
    fn counts(&self) -> Vec<usize> {
        self.parts.clone()
    }

    fn covers(&self) -> Vec<usize> {
        vec![self.first, self.second]
    }

    fn demand(&self) -> Option<Demand> {
        Some(Demand { holder: self.holder, rule: self.first, after: None, most: 1 })
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let is_within = |at: &Position| {
            let indices = [self.first, self.second];
            indices.iter().any(|&rule| {
                let around = at.around(rule);
                around.contains(&self.holder) && self.parts.iter().any(|part| around.contains(part))
            })
        };
        positions.iter().any(is_within).then_some((self.clause, IN_A_PART))
    }

    fn enter(&self, rule: usize, to: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(RESET);
        }
        if self.parts.contains(&rule) {
            code.actions.push(PART);
        }
        let is_index = rule == self.first || rule == self.second;
        if is_index && to.is_some_and(|to| to.around(rule).contains(&self.holder)) {
            code.actions.push(BEGIN);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if !seen.within(self.holder) {
            return;
        }
        if seen.position.around(self.first).contains(&self.holder) {
            code.guards.push(FIRST);
            code.actions.push(READ_FIRST);
        } else if seen.position.around(self.second).contains(&self.holder) {
            code.guards.push(SECOND);
            code.actions.push(READ_SECOND);
        } else if seen.due.1 > seen.due.0 {
            code.guards.push(ROOM);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            RESET => {
                registers.set(self.count, 0);
                registers.set(self.low_first, 0);
                self.set_prefix(registers, Prefix::default());
            }
            PART => registers.set(self.count, registers.get(self.count).saturating_add(1)),
            BEGIN => {}
            _ => {
                let prefix = self.prefix(registers).after(u32::from(id - self.tokens.0));
                self.set_prefix(registers, prefix);
                if prefix.left == 0 {
                    registers.set(self.low_second, prefix.value + 1);
                    if action == READ_FIRST {
                        registers.set(self.low_first, prefix.value + 1);
                    }
                }
            }
        }
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let holds = match guard {
            ROOM => self.bounds(FIRST, registers).is_some(),
            _ => self.next(guard, registers).is_some_and(|(low, high)| (low..=high).contains(&id)),
        };
        (!holds).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn units(&self, code: &Code) -> u32 {
        u32::from(code.acts(BEGIN))
    }

    fn resets_units(&self, code: &Code) -> bool {
        code.acts(RESET)
    }

    fn heaviest_unit(&self) -> u32 {
        more_tokens(u32::MAX)
    }

    fn is_scarce(&self) -> bool {
        true
    }

    /// The least pair that may follow, or what is left of one.
    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        let (prefix, low) = (self.prefix(registers), registers.get(self.low_first));
        match ahead.units {
            0 => 0,
            1 if prefix.left > 0 => more_tokens(prefix.least(low) + 1),
            1 => more_tokens(registers.get(self.low_second)),
            _ => more_tokens(low) + more_tokens(low + 1),
        }
    }

    fn most_added(&self) -> u32 {
        2 * self.heaviest_unit()
    }
}

impl Restrict for Pairs {
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if guard == ROOM {
            if self.bounds(FIRST, registers).is_none() {
                mask.clear(bits);
            }
            return;
        }
        match self.next(guard, registers) {
            Some(interval) => mask.keep_interval(bits, interval),
            None => mask.clear(bits),
        }
    }
}
