//! `only_after(RULE, "X", …)`: RULE stands only where one of these tokens was read before.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, listed};
use super::declared::{Own, alone};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::{Argument, Clause, Tokens};

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=usize::MAX, declared: Some(&[own_tokens]), state };

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    After::state(stated, clauses, true)
}

/// Where RULE stands: only after a token, or never after one.
#[derive(Clone, Debug)]
pub(super) struct After {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    openers: Vec<u16>,
    /// Whether RULE stands after one of them, or before all of them.
    is_behind: bool,
    /// The register: whether one of them was read.
    is_open: usize,
}

// Actions.
const BEGIN: u8 = 0;
const OPEN: u8 = 1;

/// The guard: RULE may stand here.
const MAY_STAND: u8 = 0;

impl After {
    /// Read a clause.
    pub(super) fn state(
        stated: &Stated,
        clauses: &mut Clauses,
        is_behind: bool,
    ) -> Result<(), String> {
        let openers = (1..stated.clause.arguments.len()).map(|i| stated.token(i));
        let condition = After {
            holder: stated.holder,
            clause: stated.id,
            rule: stated.rule(0)?,
            openers: openers.collect::<Result<_, _>>()?,
            is_behind,
            is_open: clauses.registers.word(),
        };
        clauses.others.push(Box::new(condition));
        Ok(())
    }

    fn may_stand(&self, registers: &Registers) -> bool {
        (registers.get(self.is_open) != 0) == self.is_behind
    }
}

/// What opens are tokens of its own, each always read alone.
pub(super) fn own_tokens(own: &Own, clause: &Clause) -> Result<(), String> {
    for argument in &clause.arguments[1..] {
        let id = match argument {
            Argument::Quoted(name) => own.grammar.lexicon.id(name),
            Argument::Name(_) => None,
        };
        let id = id.ok_or_else(|| format!("{}: expected tokens of its own", clause.text))?;
        alone(own, &[(id, id)]).map_err(|found| format!("{}: {found}", clause.text))?;
    }
    Ok(())
}

impl Condition for After {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        vec![self.holder, self.rule]
    }

    fn covers(&self) -> Vec<usize> {
        Vec::new()
    }

    fn tokens(&self) -> Tokens {
        self.openers.iter().map(|&id| (id, id)).collect()
    }

    fn enter(&self, rule: usize, to: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(BEGIN);
        }
        if rule == self.rule && to.is_none_or(|to| to.rules.contains(&self.holder)) {
            code.guards.push(MAY_STAND);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.within(self.holder) && self.openers.iter().any(|&id| seen.is(id)) {
            code.actions.push(OPEN);
        }
    }

    fn act(&self, action: u8, _: u16, registers: &mut Registers) {
        registers.set(self.is_open, u32::from(action == OPEN));
    }

    fn refusal(&self, _: u8, _: u16, registers: &Registers) -> Option<ClauseId> {
        (!self.may_stand(registers)).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn adds(&self) -> bool {
        false
    }
}

impl Restrict for After {
    fn restrict(&self, _: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if !self.may_stand(registers) {
            mask.clear(bits);
        }
    }
}
