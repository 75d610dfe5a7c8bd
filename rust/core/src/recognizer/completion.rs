//! Completion: the minimum number of tokens with which a sentence is complete.

use std::sync::Arc;

use super::debts::Debts;
use super::guarded::Guarded;
use super::machine::Machine;
use super::unaccounted;
use crate::automaton::PositionAutomaton;
use crate::automaton::registers::Registers;
use crate::conditions::{Ahead, Condition, Conditions};

/// What is known of each state before anything is read.
#[derive(Debug, Default)]
pub(super) struct Completion {
    of: Vec<Need>,
    /// The most that one token can add to what is needed.
    pub most_added: u32,
    debts: Debts,
}

/// What the shortest way from a state needs, to the end of the call that it is in.
#[derive(Clone, Debug, Default)]
struct Need {
    tokens: u32,
    /// By condition how many units begin on it.
    units: Box<[u32]>,
    /// By condition whether something may be paid before the next unit begins, on any way.
    pays_here: Box<[bool]>,
    /// The condition, and its guard, that may refuse the first token of it.
    delayed: Option<u8>,
    /// Whether nothing follows.
    end: bool,
}

pub(super) const FAR: u32 = u32::MAX / 4;

/// How heavy a unit is for which there may be no room.
const SCARCE: u32 = 1_000;

impl Need {
    /// How many tokens it has when the units of each condition are so heavy.
    fn full(&self, weights: &[u32]) -> u32 {
        self.tokens
            + self.units.iter().zip(weights).map(|(units, weight)| units * weight).sum::<u32>()
    }
}

impl Completion {
    /// Find the shortest ways, and what debts cost.
    ///
    /// # Errors
    /// When a state has none, or when what is owed there cannot be paid.
    pub fn of(
        ways: &[Guarded],
        automaton: &PositionAutomaton,
        conditions: &Conditions,
    ) -> Result<Self, String> {
        let count = automaton.all.len() + 1;
        unaccounted::check_places(ways, automaton, conditions)?;
        let refusing = |way: &Guarded| unaccounted::refusing(way, conditions);
        let graph = Ways::new(ways, count, |way| refusing(way).is_none());
        let of = graph.needs(&conditions.all);
        for way in ways {
            let from = &of[way.from];
            let shorter =
                through(way, &of, &conditions.all).is_some_and(|need| need.tokens < from.tokens);
            match refusing(way) {
                Some(clause) if shorter || from.tokens >= FAR => {
                    return Err(unaccounted::is_needed(clause, conditions));
                }
                _ => {}
            }
        }
        if of.iter().enumerate().any(|(at, need)| need.tokens >= FAR && !graph.from[at].is_empty())
        {
            return Err("a rule never comes to an end".to_owned());
        }
        graph.units_are_counted(&of, &conditions.all)?;
        let shortest = |weights: &[u32]| of.iter().map(|need| need.full(weights)).collect();
        let debts = Debts::of(ways, automaton, conditions, &shortest)?;
        let most_added = graph.most_added(&of, &conditions.all) + debts.steepest;
        Ok(Completion { of, most_added, debts })
    }

    /// Whether nothing follows a state.
    pub fn is_end(&self, state: u32) -> bool {
        self.of[state as usize].end
    }

    /// How many tokens a state needs by the rules alone.
    pub fn tokens(&self, state: u32) -> u32 {
        self.of[state as usize].tokens
    }
}

/// The transitions of a machine, and those from and to each state.
struct Ways<'a> {
    all: &'a [Guarded],
    from: Vec<Vec<&'a Guarded>>,
    into: Vec<Vec<&'a Guarded>>,
}

impl<'a> Ways<'a> {
    /// Only ways that may be on a shortest one lead into a state.
    fn new(all: &'a [Guarded], count: usize, may_be_shortest: impl Fn(&Guarded) -> bool) -> Self {
        let (mut from, mut into) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for way in all {
            from[way.from].push(way);
            // A state needs what follows its token, and what follows the call that it begins.
            if may_be_shortest(way) {
                for to in way.to.into_iter().chain(way.called()) {
                    into[to].push(way);
                }
            }
        }
        Ways { all, from, into }
    }

    fn needs(&self, conditions: &[Arc<dyn Condition>]) -> Vec<Need> {
        let count = self.from.len();
        let far = Need {
            tokens: FAR,
            units: vec![0; conditions.len()].into(),
            pays_here: vec![false; conditions.len()].into(),
            ..Need::default()
        };
        let mut of = vec![far; count];
        let mut waiting: Vec<usize> = Vec::new();
        for (state, ways) in self.from.iter().enumerate() {
            // The end of an object, or of a call.
            if ways.is_empty() || ways.iter().any(|way| way.to.is_none()) {
                of[state].tokens = 0;
                of[state].end = ways.is_empty();
                waiting.push(state);
            }
        }
        self.settle(waiting, |way| {
            let Some(need) = through(way, &of, conditions) else { return false };
            let shorter = need.tokens < of[way.from].tokens;
            if shorter {
                of[way.from] = need;
            }
            shorter
        });
        let mut pays = |way: &Guarded| {
            let mut changed = false;
            for (place, condition) in conditions.iter().enumerate() {
                let code = &way.codes[place];
                let begins = condition.units(code) > 0;
                let after = way.to.is_some_and(|to| of[to].pays_here[place]);
                let here = condition.effect(code).pays || (!begins && after);
                let known = &mut of[way.from].pays_here[place];
                changed |= here && !*known;
                *known |= here;
            }
            changed
        };
        let first = self.all.iter().filter(|way| pays(way)).map(|way| way.from).collect();
        self.settle(first, pays);
        of
    }

    /// Take ways into states that have changed until none changes any more.
    fn settle(&self, mut waiting: Vec<usize>, mut change: impl FnMut(&Guarded) -> bool) {
        let mut next = Vec::new();
        while !waiting.is_empty() {
            for state in waiting.drain(..) {
                for way in &self.into[state] {
                    if change(way) {
                        next.push(way.from);
                    }
                }
            }
            std::mem::swap(&mut waiting, &mut next);
            waiting.sort_unstable();
            waiting.dedup();
        }
    }

    /// Whether the shortest way is the shortest as well when units are as heavy as they can be, any
    /// of them; and with that in all cases between, as the least of several planes is concave.
    fn units_are_counted(
        &self,
        of: &[Need],
        conditions: &[Arc<dyn Condition>],
    ) -> Result<(), String> {
        const UNEVEN: &str =
            "expected as many numbers on the shortest way to the end as on any other";
        const CALLED: &str = "expected no number after a rule that uses itself";
        let begins = |place: usize| {
            self.all.iter().any(|way| conditions[place].units(&way.codes[place]) > 0)
        };
        let heavy =
            |(place, condition): (usize, &Arc<dyn Condition>)| match condition.heaviest_unit() {
                _ if !begins(place) => 0,
                _ if condition.is_scarce() => SCARCE,
                heaviest => heaviest,
            };
        let weights: Vec<u32> = conditions.iter().enumerate().map(heavy).collect();
        let after_calls = self.all.iter().filter_map(Guarded::called);
        for back in after_calls {
            if of[back].full(&weights) > of[back].tokens {
                return Err(CALLED.to_owned());
            }
        }
        for corner in corners(&weights)? {
            for way in self.all {
                let need = through(way, of, conditions);
                if need.is_some_and(|need| need.full(&corner) < of[way.from].full(&corner)) {
                    return Err(UNEVEN.to_owned());
                }
            }
        }
        Ok(())
    }

    fn most_added(&self, of: &[Need], conditions: &[Arc<dyn Condition>]) -> u32 {
        let heaviest: Vec<u32> = conditions.iter().map(|one| one.heaviest_unit()).collect();
        let light = vec![0; conditions.len()];
        let mut most = 0;
        for way in self.all {
            let Some(to) = way.to else { continue };
            for weights in [&light, &heaviest] {
                let called = way.called().map_or(0, |back| of[back].full(weights));
                let begun: u32 = conditions
                    .iter()
                    .zip(&way.codes)
                    .zip(weights)
                    .map(|((condition, code), weight)| condition.units(code) * weight)
                    .sum();
                let after = of[to].full(weights) + called + begun;
                most = most.max(after.saturating_sub(of[way.from].full(weights)));
            }
        }
        most + conditions.iter().map(|condition| condition.most_added()).sum::<u32>()
    }
}

/// Each choice of those that are heavy, beside none.
///
/// # Errors
/// When there are too many.
fn corners(weights: &[u32]) -> Result<Vec<Vec<u32>>, String> {
    let heavy: Vec<usize> = (0..weights.len()).filter(|&place| weights[place] > 0).collect();
    if heavy.len() > 6 {
        return Err("expected at most six conditions on numbers".to_owned());
    }
    let corner = |chosen: usize| -> Vec<u32> {
        let mut corner = vec![0; weights.len()];
        let chosen = heavy.iter().enumerate().filter(|(bit, _)| chosen >> bit & 1 == 1);
        chosen.for_each(|(_, &place)| corner[place] = weights[place]);
        corner
    };
    Ok((1..1 << heavy.len()).map(corner).collect())
}

/// What a state needs from which a transition is taken.
fn through(way: &Guarded, of: &[Need], conditions: &[Arc<dyn Condition>]) -> Option<Need> {
    let after = &of[way.to?];
    let back = way.called().map_or(0, |back| of[back].tokens);
    let codes = || conditions.iter().zip(&way.codes);
    let counted = codes().any(|(condition, code)| condition.is_counted(code));
    let tokens = u32::from(!counted) + after.tokens + back;
    if tokens >= FAR {
        return None;
    }
    let units = codes().zip(&after.units).map(|((condition, code), after)| {
        if condition.resets_units(code) { 0 } else { condition.units(code) + after }
    });
    let delays = |guard: &&super::machine::Guard| {
        conditions[usize::from(guard.condition)].delays(guard.code)
    };
    Some(Need {
        tokens,
        units: units.collect(),
        pays_here: of[way.from].pays_here.clone(),
        delayed: way.guards.iter().find(delays).map(|guard| guard.condition),
        end: false,
    })
}

impl Machine {
    /// The minimum number of tokens from a state with these registers.
    pub(super) fn min_tokens_to_complete(&self, state: u32, registers: &Registers) -> u32 {
        self.tokens_needed(state, registers, |condition, ahead| condition.more(ahead, registers))
    }

    /// No less than the minimum, found at once.
    pub(super) fn completes_within(&self, state: u32, registers: &Registers) -> u32 {
        let more =
            |condition: &dyn Condition, ahead: Ahead| condition.at_most_more(ahead, registers);
        self.tokens_needed(state, registers, more)
    }

    fn tokens_needed(
        &self,
        state: u32,
        registers: &Registers,
        more: impl Fn(&dyn Condition, Ahead) -> u32,
    ) -> u32 {
        let conditions = &self.conditions.all;
        let need = &self.completion.of[state as usize];
        let mut tokens = need.tokens + self.conditions.stack.cost(registers);
        for (place, condition) in conditions.iter().enumerate() {
            tokens += condition.owed(registers);
            tokens += more(&**condition, self.ahead(state, place));
        }
        if let Some(delayed) = need.delayed {
            tokens += conditions[usize::from(delayed)].delay(registers);
        }
        tokens + self.debts(state, registers)
    }

    /// How many tokens more it takes to come to where what is owed can be paid.
    fn debts(&self, state: u32, registers: &Registers) -> u32 {
        let debts = &self.completion.debts;
        if debts.is_empty() {
            return 0;
        }
        // In a call nothing can be paid before it has returned.
        let stack = &self.conditions.stack;
        let at = if stack.depth(registers) > 0 { stack.back(registers, 1) } else { state };
        let conditions = &self.conditions.all;
        debts.more(
            at,
            |place| conditions[place].unit_weight(registers),
            |place| conditions[place].owed(registers),
        )
    }

    /// What is known of the shortest way from a state, as a condition counts.
    pub(crate) fn ahead(&self, state: u32, condition: usize) -> Ahead<'_> {
        let need = &self.completion.of[state as usize];
        Ahead {
            units: need.units[condition],
            pays_here: need.pays_here[condition],
            stack: &self.conditions.stack,
        }
    }
}
