//! `rising(BLOCK)`: the tokens of BLOCK come in the order of the block, each at most once.
//!
//! So they are a set that has one spelling.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, listed};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::Tokens;

pub(super) const STATEMENT: Statement = Statement { arguments: 1..=1, declared: None, state };

#[derive(Clone, Debug)]
struct Rising {
    holder: usize,
    clause: ClauseId,
    block: (u16, u16),
    /// The register: the first token that may still come.
    low: usize,
}

// Actions.
const BEGIN: u8 = 0;
const READ: u8 = 1;

/// The guard: a token of the block is read.
const IS_HIGHER: u8 = 0;

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let condition = Rising {
        holder: stated.holder,
        clause: stated.id,
        block: stated.block(0)?,
        low: clauses.registers.word(),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl Condition for Rising {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        vec![self.holder]
    }

    fn covers(&self) -> Vec<usize> {
        Vec::new()
    }

    fn tokens(&self) -> Tokens {
        vec![self.block]
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(BEGIN);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.within(self.holder) && seen.is_in(self.block) {
            code.guards.push(IS_HIGHER);
            code.actions.push(READ);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        registers.set(self.low, if action == READ { u32::from(id) + 1 } else { 0 });
    }

    fn refusal(&self, _: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        (u32::from(id) < registers.get(self.low)).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn adds(&self) -> bool {
        false
    }
}

impl Restrict for Rising {
    fn restrict(&self, _: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if let Some(last) = (registers.get(self.low) as u16).checked_sub(1) {
            mask.clear_interval(bits, (0, last));
        }
    }
}
