//! The bank as a condition: what transitions do to it and demand of it.

use super::bank::Indices;
use super::bounds::{Prefix, more_tokens};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::conditions::condition::{
    Ahead, ClauseId, Code, Condition, Demand, Patch, Restrict, Seen, listed,
};

// Actions.
const RESET: u8 = 0;
const BEGIN: u8 = 1;
const READ: u8 = 2;
const READ_COUNT: u8 = 3;

/// A guard is what is read, and to that how many indices must still come after it.
const ROOM: u8 = 0;
const INDEX: u8 = 50;
/// In an instance that has just begun.
const FRESH_INDEX: u8 = 100;
const COUNT: u8 = 150;
/// The most that may have to come.
const MOST_DUE: u32 = 49;

const OUTSIDE: &str = "the count is read outside of its rule";
const CALLED: &str = "it is stated in a rule that uses itself";
const ALL: ClauseId = ClauseId::MAX;

impl Indices {
    /// The clauses in their order.
    fn clauses(&self) -> impl Iterator<Item = ClauseId> {
        let (a, b) = (self.ascending, self.within.map(|(clause, _)| clause));
        [a.min(b).or(a).or(b), a.max(b).filter(|_| a.is_some() && b.is_some())]
            .into_iter()
            .flatten()
    }

    fn is_room(&self, guard: u8, registers: &Registers, up_to: ClauseId) -> bool {
        self.bounds(registers, false, u32::from(guard - ROOM) - 1, up_to).is_some()
    }

    /// The offsets of the tokens that a guard lets come next.
    fn next(&self, guard: u8, registers: &Registers, up_to: ClauseId) -> Option<(u32, u32)> {
        let prefix = self.prefix(registers);
        if guard >= COUNT {
            let least = self.least_count(u32::from(guard - COUNT), up_to);
            return prefix.next(least, super::bounds::LARGEST);
        }
        let fresh = guard >= FRESH_INDEX;
        let due = u32::from(guard - if fresh { FRESH_INDEX } else { INDEX });
        let (low, high) = self.bounds(registers, fresh, due, up_to)?;
        prefix.next(low, high)
    }
}

impl Condition for Indices {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clauses().next().unwrap_or_default()
    }

    fn rules(&self) -> Vec<usize> {
        let count = self.within.map(|(_, count)| count);
        [self.holder, self.rule].into_iter().chain(count).collect()
    }

    fn covers(&self) -> Vec<usize> {
        [self.rule].into_iter().chain(self.within.map(|(_, count)| count)).collect()
    }

    fn demand(&self) -> Option<Demand> {
        let count = self.within.map(|(_, count)| count);
        let demand = Demand { holder: self.holder, rule: self.rule, after: count, most: MOST_DUE };
        Some(demand)
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let called = |at: &Position| at.is_called && at.rules.contains(&self.holder);
        if positions.iter().any(called) {
            return Some((self.clause(), CALLED));
        }
        let (clause, count) = self.within?;
        let outside = |at: &Position| {
            at.around(count).contains(&self.rule) || at.around(self.rule).contains(&count)
        };
        positions.iter().any(outside).then_some((clause, OUTSIDE))
    }

    fn enter(&self, rule: usize, to: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(RESET);
        }
        if rule == self.rule && to.is_some_and(|to| to.around(rule).contains(&self.holder)) {
            code.actions.push(BEGIN);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if !seen.within(self.holder) {
            return;
        }
        let due = seen.due.1 as u8;
        let is_index = seen.position.around(self.rule).contains(&self.holder);
        let count = self.within.map(|(_, count)| count);
        if is_index {
            let fresh = code.acts(RESET);
            code.guards.push(due + if fresh { FRESH_INDEX } else { INDEX });
            code.actions.push(READ);
        } else if count.is_some_and(|count| seen.position.around(count).contains(&self.holder)) {
            code.guards.push(due + COUNT);
            code.actions.push(READ_COUNT);
        } else if seen.due.1 > seen.due.0 && !code.acts(RESET) {
            code.guards.push(due + ROOM);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            RESET => self.reset(registers),
            BEGIN => {}
            _ => {
                let prefix = self.prefix(registers).after(u32::from(id - self.tokens.0));
                if prefix.left > 0 {
                    return self.set_prefix(registers, prefix);
                }
                self.set_prefix(registers, Prefix::default());
                match action {
                    READ => self.take_index(registers, prefix.value),
                    _ => self.take_count(registers, prefix.value),
                }
            }
        }
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let token = u32::from(id.saturating_sub(self.tokens.0));
        self.clauses().find(|&up_to| {
            if guard < INDEX {
                return !self.is_room(guard, registers, up_to);
            }
            let next = self.next(guard, registers, up_to);
            !next.is_some_and(|(low, high)| low <= token && token <= high)
        })
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
        code.acts(RESET) || code.acts(READ_COUNT)
    }

    fn heaviest_unit(&self) -> u32 {
        if self.ascending.is_some() { more_tokens(u32::MAX) } else { 0 }
    }

    fn is_scarce(&self) -> bool {
        true
    }

    /// The next indices follow each other.
    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        if self.ascending.is_none() || ahead.units == 0 {
            return 0;
        }
        let (prefix, low) = (self.prefix(registers), self.low(registers, false));
        let next = if prefix.left > 0 { prefix.least(low) + 1 } else { low };
        (next..next + ahead.units).map(more_tokens).sum()
    }

    fn most_added(&self) -> u32 {
        self.heaviest_unit() * MOST_DUE
    }
}

impl Restrict for Indices {
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        if guard < INDEX {
            if !self.is_room(guard, registers, ALL) {
                mask.clear(bits);
            }
            return;
        }
        let base = self.tokens.0;
        match self.next(guard, registers, ALL) {
            Some((low, high)) => {
                mask.keep_interval(bits, (base + low as u16, base + high as u16));
            }
            None => mask.clear(bits),
        }
    }
}
