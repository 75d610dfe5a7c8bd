//! The bank as a condition: what transitions do to it and demand of it.

use super::bank::Rounds;
use super::lowered::Lowered;
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::registers::Registers;
use crate::conditions::condition::{Ahead, ClauseId, Code, Condition, Patch, Seen};
use crate::grammar::Tokens;

// Actions.
const BEGIN: u8 = 0;
const COUNT: u8 = 1;
const DECLARE: u8 = 2;
const BEGIN_ROUND: u8 = 3;
const BEGIN_ITEM: u8 = 4;
const BEGIN_PART: u8 = 5;
const BEGIN_ORDER: u8 = 6;
const READ_RANK: u8 = 7;
const END: u8 = 8;

// Guards.
/// Another item may come, and the parts of the one before it are complete.
pub(super) const ITEM: u8 = 0;
/// Another part may come.
pub(super) const PART: u8 = 1;
/// The round is complete.
pub(super) const ROUND_ENDS: u8 = 2;
/// There is a rank for each point.
pub(super) const FITS: u8 = 3;
/// The rank is one of those that are left.
const RANK: u8 = 4;
/// No rank is left.
pub(super) const ORDER_ENDS: u8 = 5;

const CALLED: &str = "it is stated in a rule that uses itself";

impl Rounds {
    /// Whether the items of the round are complete, and the parts of the last.
    fn refusal_of_end(&self, registers: &Registers) -> Option<ClauseId> {
        if self.items_left(registers) > 0 {
            return Some(self.one_each);
        }
        self.refusal_of_parts(registers)
    }

    fn refusal_of_parts(&self, registers: &Registers) -> Option<ClauseId> {
        let missing = self.parts_left_here(registers).is_some_and(|left| left > 0);
        self.alike.as_ref().filter(|_| missing).map(|alike| alike.clause)
    }

    /// The clause that all tokens of a guard break, if any; a rank is looked at by itself.
    fn refusal_of_all(&self, guard: u8, registers: &Registers) -> Option<ClauseId> {
        let permutation = self.permutation.as_ref();
        match guard {
            ITEM if self.items_left(registers) == 0 => Some(self.one_each),
            ITEM => self.refusal_of_parts(registers),
            PART => {
                let none_left = self.parts_left_here(registers) == Some(0);
                self.alike.as_ref().filter(|_| none_left).map(|alike| alike.clause)
            }
            ROUND_ENDS => self.refusal_of_end(registers),
            FITS => permutation.filter(|_| !self.fits(registers)).map(|one| one.clause),
            ORDER_ENDS => {
                permutation.filter(|_| self.ranks_left(registers) > 0).map(|one| one.clause)
            }
            _ => None,
        }
    }
}

impl Condition for Rounds {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.one_each
    }

    fn rules(&self) -> Vec<usize> {
        let part = self.alike.as_ref().map(|alike| alike.part);
        let ranks = self.permutation.as_ref().map(|one| [one.rank, one.order]);
        let own = [self.holder, self.of, self.round, self.item].into_iter();
        own.chain(part).chain(ranks.into_iter().flatten()).collect()
    }

    fn covers(&self) -> Vec<usize> {
        Vec::new()
    }

    fn tokens(&self) -> Tokens {
        Tokens::new()
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let is_called = |at: &Position| at.is_called && at.rules.contains(&self.round);
        positions.iter().any(is_called).then_some((self.one_each, CALLED))
    }

    fn enter(&self, rule: usize, to: Option<&Position>, code: &mut Code) {
        if rule == self.holder {
            code.actions.push(BEGIN);
        }
        if !to.is_some_and(|to| to.rules.contains(&self.holder)) {
            return;
        }
        let is_part = self.alike.as_ref().is_some_and(|alike| alike.part == rule);
        let is_order = self.permutation.as_ref().is_some_and(|one| one.order == rule);
        for (is, action) in [
            (rule == self.of, COUNT),
            (rule == self.round, BEGIN_ROUND),
            (rule == self.item, BEGIN_ITEM),
            (is_part, BEGIN_PART),
            (is_order, BEGIN_ORDER),
        ] {
            if is {
                code.actions.push(action);
            }
        }
    }

    fn leave(&self, rule: usize, _: &Position, _: bool, code: &mut Code) {
        if rule == self.round {
            code.guards.push(ROUND_ENDS);
        }
        if self.permutation.as_ref().is_some_and(|one| one.order == rule) {
            code.guards.push(ORDER_ENDS);
        }
        if rule == self.holder {
            code.actions.push(END);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if self.prices().any(|price| price.is_declared_by(|block| seen.is_in(block))) {
            code.actions.push(DECLARE);
        }
        for (action, guard) in [(BEGIN_ITEM, ITEM), (BEGIN_PART, PART), (BEGIN_ORDER, FITS)] {
            if code.acts(action) {
                code.guards.push(guard);
            }
        }
        let is_rank =
            |one: &super::bank::Permutation| seen.within(one.order) && seen.within(one.rank);
        if seen.within(self.holder) && self.permutation.as_ref().is_some_and(is_rank) {
            code.actions.push(READ_RANK);
            code.guards.push(RANK);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            BEGIN => self.begin(registers),
            END => self.reset(registers),
            COUNT => self.count(registers),
            DECLARE => self.prices().for_each(|price| price.declare(registers, id)),
            BEGIN_ROUND => self.begin_round(registers),
            BEGIN_ITEM => self.begin_item(registers),
            BEGIN_PART => self.begin_part(registers),
            BEGIN_ORDER => self.begin_order(registers),
            _ => self.read_rank(registers, id),
        }
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let Some(permutation) = self.permutation.as_ref().filter(|_| guard == RANK) else {
            return self.refusal_of_all(guard, registers);
        };
        let is_one = self.ranks(registers).is_some_and(|(first, last)| first <= id && id <= last);
        let is_seen = permutation.seen(registers, usize::from(id / 32)) >> (id % 32) & 1 == 1;
        (!is_one || is_seen).then_some(permutation.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        Box::new(Lowered::of(self, guards))
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn units(&self, code: &Code) -> u32 {
        u32::from(code.acts(COUNT))
    }

    fn units_of(&self) -> Option<usize> {
        Some(self.of)
    }

    fn resets_units(&self, code: &Code) -> bool {
        code.acts(BEGIN)
    }

    fn heaviest_unit(&self) -> u32 {
        self.item_price.least()
    }

    fn unit_weight(&self, registers: &Registers) -> u32 {
        if self.is_before(registers) { self.item_price.now(registers) } else { 0 }
    }

    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        let items = if self.is_before(registers) {
            (self.counted(registers) + ahead.units).saturating_sub(1)
        } else {
            self.items_left(registers)
        };
        let parts = self
            .alike
            .as_ref()
            .map_or(0, |alike| self.parts_left(registers) * alike.price.now(registers));
        items * self.item_price.now(registers) + parts + self.ranks_owed(registers)
    }

    /// Labels that open demand a few of what is counted.
    fn most_added(&self) -> u32 {
        3 * self.item_price.least()
    }

    fn leaps(&self, code: &Code) -> bool {
        [DECLARE, BEGIN_ROUND, BEGIN_ORDER].iter().any(|&action| code.acts(action))
    }

    fn leap(&self, registers: &Registers) -> u32 {
        // A round that is not complete does not end.
        if self.items_left(registers) > 0 && !self.is_before(registers) {
            return 0;
        }
        let part = self.alike.as_ref().map_or(0, |alike| alike.price.most());
        self.points(registers) * self.item_price.most().max(part)
    }
}
