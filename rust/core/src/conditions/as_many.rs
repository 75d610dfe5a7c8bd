//! `as_many(A, B)`: never more A than B, and as many at the end of the rule.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Effect, Patch, Restrict, Seen, listed};
use super::declared::{Own, alone};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::{Argument, Clause, Tokens};

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=2, declared: Some(&[own_tokens]), state };

#[derive(Clone, Debug)]
struct AsMany {
    holder: usize,
    clause: ClauseId,
    a: u16,
    b: u16,
    /// The register: how many B there are more than A.
    left: usize,
}

// Actions.
const START: u8 = 0;
const ADD: u8 = 1;
const TAKE: u8 = 2;

// Guards.
/// There are more B than A.
const OWED: u8 = 0;
/// There are as many.
const PAID: u8 = 1;
/// There are as many with this A.
const LAST: u8 = 2;

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let (a, b) = (stated.token(0)?, stated.token(1)?);
    if a == b {
        return Err("expected two different tokens".to_owned());
    }
    let left = clauses.registers.word();
    let condition = AsMany { holder: stated.holder, clause: stated.id, a, b, left };
    clauses.others.push(Box::new(condition));
    Ok(())
}

/// What is counted are two tokens of its own, each always read alone.
fn own_tokens(own: &Own, clause: &Clause) -> Result<(), String> {
    let ids: Vec<Option<u16>> = clause
        .arguments
        .iter()
        .map(|argument| match argument {
            Argument::Quoted(name) => own.grammar.lexicon.id(name),
            Argument::Name(_) => None,
        })
        .collect();
    let &[Some(a), Some(b)] = &ids[..] else {
        return Err(format!("{}: expected two tokens of its own", clause.text));
    };
    if a == b {
        return Err(format!("{}: expected two different tokens", clause.text));
    }
    alone(own, &[(a, a), (b, b)]).map_err(|found| format!("{}: {found}", clause.text))
}

impl AsMany {
    fn holds(&self, guard: u8, registers: &Registers) -> bool {
        let left = registers.get(self.left);
        match guard {
            OWED => left > 0,
            PAID => left == 0,
            _ => left == 1,
        }
    }
}

impl Condition for AsMany {
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
        vec![(self.a, self.a), (self.b, self.b)]
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let is_of = |at: &&Position| [self.a, self.b].iter().any(|&id| at.tokens == [(id, id)]);
        let outside = positions.iter().filter(is_of).any(|at| !at.rules.contains(&self.holder));
        outside.then_some((self.clause, super::labels::OUTSIDE))
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(START);
        }
    }

    fn leave(&self, rule: usize, _: &Position, is_last: bool, code: &mut Code) {
        if rule == self.holder {
            let takes = is_last && code.acts(TAKE);
            code.guards.push(if takes { LAST } else { PAID });
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if !seen.within(self.holder) {
            return;
        }
        if seen.is(self.a) {
            code.actions.push(TAKE);
            code.guards.push(OWED);
        }
        if seen.is(self.b) {
            code.actions.push(ADD);
        }
    }

    fn act(&self, action: u8, _: u16, registers: &mut Registers) {
        let left = registers.get(self.left);
        registers.set(
            self.left,
            match action {
                START => 0,
                ADD => left + 1,
                _ => left.saturating_sub(1),
            },
        );
    }

    fn refusal(&self, guard: u8, _: u16, registers: &Registers) -> Option<ClauseId> {
        (!self.holds(guard, registers)).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn effect(&self, code: &Code) -> Effect {
        Effect {
            arises: code.acts(ADD),
            pays: code.guards(OWED),
            needs: code.guards(OWED),
            bars: code.guards(PAID),
            settles: code.guards(LAST),
        }
    }

    fn most_owed(&self, positions: &[Position]) -> Option<usize> {
        Some(2 * positions.iter().filter(|at| at.rules.contains(&self.holder)).count())
    }

    fn is_unbounded(&self) -> bool {
        true
    }

    fn owed(&self, registers: &Registers) -> u32 {
        registers.get(self.left)
    }
}

impl Restrict for AsMany {
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if !self.holds(guard, registers) {
            mask.clear(bits);
        }
    }
}
