//! Debts: what conditions owe, and what it costs to pay.
//!
//! A label that is open and a count that is short are paid by later tokens. A walk over the states
//! finds which debts can arise where, and the shortest way on from there that pays them.

mod graph;

use graph::{Costs, Graph};

use super::guarded::{Guarded, GuardedLeg};
use super::needs::{Need, is_reset, units_of};
use crate::automaton::registers::Registers;
use crate::automaton::{PositionAutomaton, ReturnStack};
use crate::conditions::Conditions;

/// How many tokens more a state needs because of one debt, beside those that pay it.
#[derive(Debug)]
struct Debt {
    condition: usize,
    /// The conditions whose units weigh something and may come in a sentence that owes it, and the
    /// most that one does.
    heaviest: Vec<(usize, u32)>,
    /// By state whether it is in the rule that states the condition, and no call within it.
    is_within: Vec<bool>,
    /// By the weights of units (their number in the mixed radix of `heaviest`), by state and
    /// by how much is owed; empty where it needs none more.
    more: Vec<Vec<Vec<u32>>>,
}

impl Debt {
    /// The state at which the innermost copy goes on that the debt is of.
    fn innermost(&self, state: u32, stack: &ReturnStack, registers: &Registers) -> u32 {
        let (mut at, mut depth) = (state, stack.depth(registers));
        while depth > 0 && !self.is_within[at as usize] {
            at = stack.back(registers, depth);
            depth -= 1;
        }
        at
    }

    fn more(&self, weights: usize, state: u32, owed: u32) -> u32 {
        let owed = owed as usize;
        match self.more[weights][state as usize][..] {
            [] => 0,
            ref more if owed < more.len() => more[owed],
            // Beyond the table it goes on as at its end.
            [.., before, last] => {
                let more = self.more[weights][state as usize].len();
                last + (owed - more + 1) as u32 * (last - before)
            }
            [last] => last,
        }
    }

    /// The number of a choice of weights.
    fn number_of(&self, weight: impl Fn(usize) -> u32) -> usize {
        self.heaviest.iter().fold(0, |number, &(place, heaviest)| {
            number * (heaviest as usize + 1) + weight(place).min(heaviest) as usize
        })
    }

    /// The weights of a number, by condition.
    fn weights(&self, number: usize, conditions: usize) -> Vec<u32> {
        let (mut weights, mut rest) = (vec![0; conditions], number);
        for &(place, heaviest) in self.heaviest.iter().rev() {
            weights[place] = (rest % (heaviest as usize + 1)) as u32;
            rest /= heaviest as usize + 1;
        }
        weights
    }

    /// The most that a debt can grow with one token.
    fn steepest(&self, ways: &[Guarded], conditions: &Conditions) -> u32 {
        let longest = self.more.iter().flatten().map(Vec::len).max().unwrap_or(0) as u32;
        let mut steepest = 0;
        for way in ways {
            let Some(to) = way.on() else { continue };
            for number in 0..self.more.len() {
                let weights = self.weights(number, conditions.all.len());
                // Before decimals are declared there are none.
                let before = self.number_of(|of| {
                    if is_reset(way, of, &conditions.all) { 0 } else { weights[of] }
                });
                for owed in 0..longest {
                    let from = self.more(before, way.from as u32, owed);
                    let to = self.more(number, to as u32, owed + 1);
                    steepest = steepest.max(to.saturating_sub(from));
                }
            }
        }
        steepest
    }
}

/// The debts of a grammar.
#[derive(Debug, Default)]
pub(super) struct Debts {
    all: Vec<Debt>,
    /// The most that one token can add.
    pub steepest: u32,
}

const TWICE: &str = "it stands with another such condition on the same rules";
const WITH_INDICES: &str = "it stands with a condition on indices in the same rules";

/// The most combinations of weights that are looked at.
const MOST_WEIGHTS: usize = 64;

impl Debts {
    /// Find what each debt costs.
    ///
    /// # Errors
    /// When a debt could not be paid, or its cost is not found by counting; with the condition.
    pub fn of(
        ways: &[Guarded],
        automaton: &PositionAutomaton,
        conditions: &Conditions,
        of: &[Need],
    ) -> Result<Debts, String> {
        let all = &conditions.all;
        let touches = |place: usize, way: &Guarded| {
            way.codes(place).any(|code| all[place].effect(code).touches())
        };
        let owing: Vec<(usize, usize)> = (0..all.len())
            .filter_map(|place| Some((place, all[place].most_owed(&automaton.all)?)))
            .filter(|&(place, _)| ways.iter().any(|way| touches(place, way)))
            .collect();
        let mut debts = Debts::default();
        if owing.is_empty() {
            return Ok(debts);
        }
        let places: Vec<usize> = owing.iter().map(|&(place, _)| place).collect();
        apart(ways, automaton, conditions, &places)?;
        let reached = reached_from_starts(ways, automaton);
        for (place, most) in owing {
            let said = |reason| conditions.said(all[place].clause(), reason);
            let together = together(ways, &reached, |way| touches(place, way));
            let begin = |other: usize| {
                ways.iter().any(|way| together[way.from] && units_of(way, other, all) > 0)
            };
            let heaviest: Vec<(usize, u32)> = (0..all.len())
                .filter(|&other| all[other].heaviest_unit() > 0 && begin(other))
                .map(|other| (other, all[other].heaviest_unit()))
                .collect();
            let combinations: usize =
                heaviest.iter().map(|&(_, heaviest)| heaviest as usize + 1).product();
            if combinations > MOST_WEIGHTS {
                return Err(said("expected fewer counts of decimals beside it"));
            }
            let graph = Graph::new(ways, automaton, conditions, of, (place, &places), most)
                .map_err(said)?;
            let mut tables: Vec<Costs> = Vec::new();
            let holder = all[place].holder();
            let is_within =
                automaton.all.iter().map(|at| !at.is_called && at.rules.contains(&holder));
            let is_within = is_within.chain([false]).collect();
            let mut debt = Debt { condition: place, heaviest, is_within, more: Vec::new() };
            for number in 0..combinations {
                let weights = debt.weights(number, all.len());
                let shortest: Vec<u32> = of.iter().map(|need| need.full(&weights)).collect();
                let without = |resets: &[usize]| -> Option<&Costs> {
                    let without =
                        debt.number_of(|of| if resets.contains(&of) { 0 } else { weights[of] });
                    (without != number).then(|| &tables[without])
                };
                let costs = graph.costs(&weights, &shortest, &without, combinations == 1);
                let is_counted = all[place].is_unbounded();
                debt.more.push(graph.more(&costs, &shortest, is_counted).map_err(said)?);
                tables.push(costs);
            }
            debts.steepest = debts.steepest.max(debt.steepest(ways, conditions));
            debts.all.push(debt);
        }
        Ok(debts)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many tokens more a state needs, with the weights of units and what is owed.
    pub fn more(
        &self,
        state: u32,
        (stack, registers): (&ReturnStack, &Registers),
        weight: impl Fn(usize) -> u32,
        owed: impl Fn(usize) -> u32,
    ) -> u32 {
        let more = |debt: &Debt| match owed(debt.condition) {
            0 => 0,
            owed => {
                let weights = debt.number_of(&weight);
                debt.more(weights, debt.innermost(state, stack, registers), owed)
            }
        };
        self.all.iter().map(more).sum()
    }
}

/// By the beginning of each object type the states that its sentences may lead through.
fn reached_from_starts(ways: &[Guarded], automaton: &PositionAutomaton) -> Vec<Vec<bool>> {
    let count = automaton.all.len() + 1;
    let mut from = vec![Vec::new(); count];
    for way in ways {
        from[way.from].push(way);
    }
    let reached = |&start: &usize| {
        let (mut reached, mut waiting) = (vec![false; count], vec![start]);
        while let Some(state) = waiting.pop() {
            if !std::mem::replace(&mut reached[state], true) {
                waiting.extend(from[state].iter().flat_map(|way| way.ahead()));
            }
        }
        reached
    };
    automaton.starts.iter().map(reached).collect()
}

/// The states of all object types in which some transition is.
fn together(
    ways: &[Guarded],
    reached: &[Vec<bool>],
    is_touched: impl Fn(&Guarded) -> bool,
) -> Vec<bool> {
    let mut all = vec![false; reached.first().map_or(0, Vec::len)];
    for states in reached {
        if ways.iter().any(|way| states[way.from] && is_touched(way)) {
            all.iter_mut().zip(states).for_each(|(one, state)| *one |= state);
        }
    }
    all
}

/// No two debts meet in the rules that state them, nor one and a condition on indices.
fn apart(
    ways: &[Guarded],
    automaton: &PositionAutomaton,
    conditions: &Conditions,
    places: &[usize],
) -> Result<(), String> {
    let all = &conditions.all;
    // Whether a leg of a transition is in a rule, and a condition makes something of it.
    let meets = |holder: usize, is_touched: &dyn Fn(&GuardedLeg) -> bool| {
        let within =
            |leg: &GuardedLeg| leg.to.is_some_and(|to| automaton.all[to].rules.contains(&holder));
        ways.iter().flat_map(|way| &way.legs).any(|leg| within(leg) && is_touched(leg))
    };
    let touches =
        |place: usize| move |leg: &GuardedLeg| all[place].effect(leg.codes.of(place)).touches();
    for (i, &a) in places.iter().enumerate() {
        for &b in &places[..i] {
            if meets(all[b].holder(), &touches(a)) && meets(all[a].holder(), &touches(b)) {
                return Err(conditions.said(all[a].clause(), TWICE));
            }
        }
        for (b, indices) in all.iter().enumerate().filter(|(_, one)| one.is_scarce()) {
            let begins = |leg: &GuardedLeg| indices.units(leg.codes.of(b)) > 0;
            if meets(all[a].holder(), &begins) || meets(indices.holder(), &touches(a)) {
                return Err(conditions.said(all[a].clause(), WITH_INDICES));
            }
        }
    }
    Ok(())
}
