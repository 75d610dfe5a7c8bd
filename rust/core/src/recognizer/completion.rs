//! Completion: the minimum number of tokens with which a sentence is complete.

use super::debts::Debts;
use super::guarded::Guarded;
use super::levels::Levels;
use super::machine::Machine;
use super::needs::{FAR, Need, Ways, tokens_through};
use super::unaccounted;
use crate::automaton::registers::{Column, Registers};
use crate::automaton::{PositionAutomaton, ReturnStack};
use crate::conditions::{Ahead, Condition, Conditions};

/// What is known of each state before anything is read.
#[derive(Debug, Default)]
pub(super) struct Completion {
    of: Vec<Need>,
    /// The most that one token can add to what is needed.
    pub most_added: u32,
    debts: Debts,
    /// The conditions that can add to what is needed.
    adding: Vec<Adding>,
    /// By state whether a token from there may add any number of tokens to what is needed.
    leaps: Vec<bool>,
}

/// A condition that can add to what is needed.
#[derive(Clone, Debug)]
struct Adding {
    place: usize,
    /// Where units may come after a call has returned, how many by depth.
    after_calls: Option<Column>,
    /// The places of the conditions that demand more of its units than the shortest way has.
    with: Vec<usize>,
}

/// How many tokens the shortest sentence may have.
const LONGEST: u32 = 1_000_000;

impl Completion {
    /// Find the shortest ways, and what debts cost.
    ///
    /// # Errors
    /// When a state has none, or when what is owed there cannot be paid.
    pub fn of(
        ways: &[Guarded],
        automaton: &PositionAutomaton,
        conditions: &mut Conditions,
    ) -> Result<Self, String> {
        let count = automaton.all.len() + 1;
        unaccounted::check_places(ways, automaton, conditions)?;
        let refusing = |way: &Guarded| unaccounted::refusing(way, conditions);
        let graph = Ways::new(ways, count, |way| refusing(way).is_none());
        let of = graph.needs(&conditions.all);
        for way in ways {
            let from = &of[way.from];
            let shorter = tokens_through(way, &of, &conditions.all)
                .is_some_and(|tokens| tokens < from.tokens);
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
        if of.iter().any(|need| need.tokens < FAR && need.tokens > LONGEST) {
            return Err(format!(
                "the rules are too large: expected a shortest sentence of at most {LONGEST} tokens"
            ));
        }
        let levels = Levels::of(ways, automaton, &of);
        graph.units_are_counted(&of, &levels, &conditions.all)?;
        let debts = Debts::of(ways, automaton, conditions, &of)?;
        let most_added = graph.most_added(&of, &levels, &conditions.all) + debts.steepest;
        let adding = (0..conditions.all.len()).filter(|&place| conditions.all[place].adds());
        let adding: Vec<usize> = adding.collect();
        let adding = adding
            .into_iter()
            .map(|place| Adding {
                place,
                after_calls: levels.has_units(place).then(|| conditions.registers.column()),
                with: with(place, &conditions.all),
            })
            .collect();
        let leaps = leaps(ways, automaton, &conditions.all);
        Ok(Completion { of, most_added, debts, adding, leaps })
    }

    /// Whether a token from a state may add any number of tokens to what is needed.
    pub fn leaps(&self, state: u32) -> bool {
        self.leaps[state as usize]
    }

    /// Begin a call that goes on at a state.
    pub fn call(&self, stack: &ReturnStack, back: u32, registers: &mut Registers) {
        let need = &self.of[back as usize];
        let outer = stack.depth(registers);
        stack.push(registers, back, need.tokens);
        for &Adding { place, after_calls, .. } in &self.adding {
            let Some(column) = after_calls else { continue };
            let units = need.units_with(place, registers.get(registers.cell(column, outer)));
            registers.set(registers.cell(column, outer + 1), units);
        }
    }
}

/// The conditions whose `more` counts the units of one beyond those of the shortest way.
fn with(place: usize, all: &[Box<dyn Condition>]) -> Vec<usize> {
    let units = all[place].units_of();
    // One whose units weigh nothing demands them; the others count with it.
    let counts = units.is_some() && all[place].heaviest_unit() > 0;
    let demands = |other: &usize| {
        counts && all[*other].units_of() == units && all[*other].heaviest_unit() == 0
    };
    (0..all.len()).filter(demands).collect()
}

/// By state whether a token from there leaps; also from where a call returns to a state that does.
fn leaps(ways: &[Guarded], automaton: &PositionAutomaton, all: &[Box<dyn Condition>]) -> Vec<bool> {
    let mut leaps = vec![false; automaton.all.len() + 1];
    for way in ways {
        leaps[way.from] |= way.made().any(|(place, code)| all[place].leaps(code));
    }
    let returns = automaton.backs.iter().filter(|(_, backs)| backs.iter().any(|&at| leaps[at]));
    let returns: Vec<usize> = returns.map(|(&from, _)| from).collect();
    for from in returns {
        leaps[from] = true;
    }
    leaps
}

impl Machine {
    /// The most that a token can add to what is needed beyond `most_added`.
    pub(super) fn leap(&self, state: u32, registers: &Registers) -> u32 {
        if !self.completion.leaps(state) {
            return 0;
        }
        self.conditions.all.iter().map(|condition| condition.leap(registers)).sum()
    }

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
        for Adding { place, after_calls, with } in &self.completion.adding {
            let condition = &*conditions[*place];
            let mut ahead = self.ahead_with(need, (*place, *after_calls), registers);
            for &other in with {
                ahead.units += more(&*conditions[other], self.ahead(state, other, registers));
            }
            tokens += condition.owed(registers) + more(condition, ahead);
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
        let conditions = &self.conditions.all;
        debts.more(
            state,
            (&self.conditions.stack, registers),
            |place| conditions[place].unit_weight(registers),
            |place| conditions[place].owed(registers),
        )
    }

    /// What is known of the shortest way from a state, as a condition counts.
    pub(crate) fn ahead(&self, state: u32, condition: usize, registers: &Registers) -> Ahead {
        let adding = self.completion.adding.iter().find(|adding| adding.place == condition);
        let need = &self.completion.of[state as usize];
        let after_calls = adding.and_then(|adding| adding.after_calls);
        self.ahead_with(need, (condition, after_calls), registers)
    }

    #[inline]
    fn ahead_with(
        &self,
        need: &Need,
        (condition, column): (usize, Option<Column>),
        registers: &Registers,
    ) -> Ahead {
        // What begins after the call that we are in has returned.
        let after = column.map_or(0, |column| {
            registers.get(registers.cell(column, self.conditions.stack.depth(registers)))
        });
        let (units, pays_here) = (need.units_with(condition, after), need.pays_here[condition]);
        Ahead { units, pays_here }
    }
}
