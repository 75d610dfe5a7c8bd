//! `other_than(RULE, DECIMALS, "X")`: the number that RULE says is not the whole number X.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, is_in, listed};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::block;

pub(super) const STATEMENT: Statement = Statement { arguments: 3..=3, declared: None, state };

#[derive(Clone, Debug)]
struct OtherThan {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    /// The rule that puts a count of decimals in force.
    of: usize,
    decimals: u16,
    whole: u16,
    fractions: (u16, u16),
    /// The registers: the tokens of decimals that a number has, those that are still to come, and
    /// whether what was read is the same as of X.
    count: usize,
    left: usize,
    is_same: usize,
}

// Actions.
const DECLARE: u8 = 0;
const BEGIN: u8 = 1;
const WHOLE: u8 = 2;
const FRACTION: u8 = 3;

// Guards.
/// X may be read.
const NOT_ALONE: u8 = 0;
/// Zeros may be read.
const NOT_ALL_ZERO: u8 = 1;

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let of_block = |name: &str| {
        block(name).map(|all| all[0]).ok_or_else(|| format!("no block has the name {name}"))
    };
    let condition = OtherThan {
        holder: stated.holder,
        clause: stated.id,
        rule: stated.rule(0)?,
        of: stated.rule(1)?,
        decimals: of_block("decimals")?.0,
        whole: stated.token(2)?,
        fractions: of_block("number_fraction")?,
        count: clauses.registers.word(),
        left: clauses.registers.word(),
        is_same: clauses.registers.word(),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl OtherThan {
    /// The token that a guard refuses, if any.
    fn refused(&self, guard: u8, registers: &Registers) -> Option<u16> {
        if guard == NOT_ALONE {
            return (registers.get(self.count) == 0).then_some(self.whole);
        }
        let is_last = registers.get(self.left) == 1;
        (is_last && registers.get(self.is_same) == 1).then_some(self.fractions.0)
    }
}

impl Condition for OtherThan {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn covers(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.rule {
            code.actions.push(BEGIN);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.within(self.of) {
            code.actions.push(DECLARE);
        } else if seen.within(self.rule) && is_in(&seen.position.tokens, self.fractions) {
            code.guards.push(NOT_ALL_ZERO);
            code.actions.push(FRACTION);
        } else if seen.within(self.rule) {
            code.guards.push(NOT_ALONE);
            code.actions.push(WHOLE);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            DECLARE => registers.set(self.count, u32::from(id - self.decimals).div_ceil(3)),
            BEGIN => registers.set(self.left, registers.get(self.count)),
            WHOLE => registers.set(self.is_same, u32::from(id == self.whole)),
            _ => {
                registers.set(self.left, registers.get(self.left).saturating_sub(1));
                if id != self.fractions.0 {
                    registers.set(self.is_same, 0);
                }
            }
        }
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        (self.refused(guard, registers) == Some(id)).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    /// It refuses one token of several that need as many to come.
    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn adds(&self) -> bool {
        false
    }
}

impl Restrict for OtherThan {
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if let Some(id) = self.refused(guard, registers).filter(|&id| bits.has(id)) {
            mask.clear_id(id);
        }
    }
}
