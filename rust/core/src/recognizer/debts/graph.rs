//! The graph of transitions as one debt sees it: what it costs to pay, and where so much can be owed.

use std::collections::VecDeque;

use super::super::completion::FAR;
use super::super::guarded::Guarded;
use crate::automaton::PositionAutomaton;
use crate::conditions::{Condition, Conditions, Effect};

/// What is expected of a grammar, so that what it owes can be paid.
const LOOSE: &str = "what it opens or counts could not always be closed or matched after it";
const CALLED: &str = "what it is about stands in a rule that uses itself";
const SHORT_CUT: &str = "what opens or closes must be optional where it stands, as in \
                         `( open | close )?`, and spare no other token";
const UNEVEN: &str = "how many tokens match so many others is not regular";

/// How many debts at most are followed to where they can be owed.
const FOLLOWED: usize = 127;

/// A transition as the debt sees it.
struct Step<'a> {
    way: &'a Guarded,
    effect: Effect,
    /// Whether another debt arises or is paid.
    is_other: bool,
    /// The state at which it goes on, beyond the call that it begins.
    on: Option<usize>,
    /// How many units of each condition begin, and which conditions it resets.
    units: Vec<(usize, u32)>,
    resets: Vec<usize>,
    /// Whether its token is counted by another condition.
    is_counted: bool,
}

/// The transitions outside of calls.
pub(super) struct Graph<'a> {
    steps: Vec<Step<'a>>,
    /// The steps into each state.
    into: Vec<Vec<usize>>,
    count: usize,
    is_end: Vec<bool>,
    most: usize,
    reached: Vec<u128>,
}

/// By how much is owed, what it costs from each state to pay it and go on to the end.
pub(super) type Costs = Vec<Vec<u32>>;

/// The costs when the units of some conditions weigh nothing; none where that is the same.
pub(super) type Without<'a> = dyn Fn(&[usize]) -> Option<&'a Costs> + 'a;

impl Effect {
    /// Whether a transition may be taken when so much is owed.
    fn is_open(self, owed: usize) -> bool {
        match owed {
            0 => !self.needs,
            1 => !self.bars,
            _ => !self.bars && !self.settles,
        }
    }

    pub(super) fn touches(self) -> bool {
        self.arises || self.pays
    }
}

impl<'a> Graph<'a> {
    /// The graph of the debt of one condition; `others` are all conditions with debts.
    pub fn new(
        ways: &'a [Guarded],
        automaton: &PositionAutomaton,
        conditions: &Conditions,
        (one, others): (usize, &[usize]),
        most: usize,
    ) -> Result<Self, &'static str> {
        let all = &conditions.all;
        let effect = |condition: usize, way: &Guarded| all[condition].effect(&way.codes[condition]);
        let inner = |at: Option<usize>| {
            at.and_then(|at| automaton.all.get(at)).is_some_and(|at| at.is_called)
        };
        let touched = ways.iter().filter(|way| effect(one, way).touches());
        if touched.into_iter().any(|way| inner(Some(way.from)) || inner(way.to)) {
            return Err(CALLED);
        }
        let count = automaton.all.len() + 1;
        let mut is_end = vec![true; count];
        for way in ways {
            is_end[way.from] = false;
        }
        let of = |each: &dyn Fn(&dyn Condition, usize) -> u32| {
            let all = all.iter().enumerate();
            let all = all.map(|(place, condition)| (place, each(&**condition, place)));
            all.filter(|&(_, units)| units > 0).collect::<Vec<_>>()
        };
        let steps: Vec<Step> = ways
            .iter()
            .filter(|way| !inner(Some(way.from)))
            .map(|way| Step {
                way,
                effect: effect(one, way),
                is_other: others.iter().any(|&other| other != one && effect(other, way).touches()),
                on: way.called().or(way.to),
                units: of(&|condition, place| condition.units(&way.codes[place])),
                resets: of(&|condition, place| {
                    u32::from(condition.resets_units(&way.codes[place]))
                })
                .into_iter()
                .map(|(place, _)| place)
                .collect(),
                is_counted: all
                    .iter()
                    .zip(&way.codes)
                    .enumerate()
                    .any(|(place, (other, code))| place != one && other.is_counted(code)),
            })
            .collect();
        let mut into = vec![Vec::new(); count];
        for (place, step) in steps.iter().enumerate() {
            if let Some(on) = step.on {
                into[on].push(place);
            }
        }
        let mut graph = Graph { steps, into, count, is_end, most, reached: Vec::new() };
        graph.reached = graph.reached();
        Ok(graph)
    }

    /// What it costs to pay each debt when units have these weights; `without` are the costs when
    /// those of a condition weigh nothing, as where its decimals are declared anew.
    pub fn costs(
        &self,
        weights: &[u32],
        shortest: &[u32],
        without: &Without,
        is_alone: bool,
    ) -> Costs {
        let mut table: Costs = Vec::with_capacity(self.most + 1);
        for owed in 0..=self.most {
            let layer = self.layer(owed, weights, shortest, table.last(), without);
            table.push(layer);
            // From here on each debt costs as much more as the one before it.
            if is_alone && owed >= 3 && grows_evenly(&table[owed - 1], &table[owed]) {
                break;
            }
        }
        table
    }

    fn layer(
        &self,
        owed: usize,
        weights: &[u32],
        shortest: &[u32],
        before: Option<&Vec<u32>>,
        without: &Without,
    ) -> Vec<u32> {
        let mut layer = vec![FAR; self.count];
        let mut waiting = VecDeque::new();
        let lower = |layer: &mut Vec<u32>, at: usize, cost: u32, waiting: &mut VecDeque<usize>| {
            if cost < layer[at] {
                layer[at] = cost;
                waiting.push_back(at);
            }
        };
        for state in (0..self.count).filter(|&state| owed == 0 && self.is_end[state]) {
            lower(&mut layer, state, 0, &mut waiting);
        }
        // What it costs to go on this way beside what follows, and open nothing.
        let own = |step: &Step| -> Option<u32> {
            if step.is_other || step.effect.arises || !step.effect.is_open(owed) {
                return None;
            }
            let units: u32 = step.units.iter().map(|&(place, units)| units * weights[place]).sum();
            let called = match (step.way.called(), step.way.to) {
                (Some(_), Some(to)) => shortest[to],
                _ => 0,
            };
            step.way.to?;
            Some(u32::from(!step.is_counted) + units + called)
        };
        for step in &self.steps {
            let (Some(own), Some(on)) = (own(step), step.on) else { continue };
            let cost = if step.effect.pays {
                before.map_or(FAR, |before| 1 + before[on])
            } else if let Some(costs) = without(&step.resets) {
                own + costs.get(owed).map_or(FAR, |layer| layer[on])
            } else {
                continue;
            };
            lower(&mut layer, step.way.from, cost.min(FAR), &mut waiting);
        }
        while let Some(state) = waiting.pop_front() {
            for &place in &self.into[state] {
                let step = &self.steps[place];
                if step.effect.pays || without(&step.resets).is_some() {
                    continue;
                }
                if let Some(own) = own(step) {
                    let cost = (own + layer[state]).min(FAR);
                    lower(&mut layer, step.way.from, cost, &mut waiting);
                }
            }
        }
        layer
    }

    /// How many tokens more each state needs, by how much is owed.
    pub fn more(
        &self,
        table: &Costs,
        shortest: &[u32],
        is_counted: bool,
    ) -> Result<Vec<Vec<u32>>, &'static str> {
        let most = table.len() - 1;
        let reached =
            |owed: usize, state: usize| owed <= FOLLOWED && self.reached[state] >> owed & 1 == 1;
        for step in self.steps.iter().filter(|step| step.effect.arises) {
            for owed in 0..most {
                let through = step.way.to.map_or(FAR, |to| 1 + table[owed + 1][to]);
                if reached(owed, step.way.from) && through < table[owed][step.way.from] {
                    return Err(SHORT_CUT);
                }
            }
        }
        let mut all = vec![Vec::new(); self.count];
        for (state, more) in all.iter_mut().enumerate() {
            for (owed, layer) in table.iter().enumerate() {
                let cost = layer[state];
                let extra = cost.checked_sub(shortest[state] + owed as u32);
                let extra = extra.filter(|&extra| cost < FAR && (owed > 0 || extra == 0));
                let Some(extra) = extra else {
                    // Beyond the table it is as at its end.
                    let beyond = owed == most && self.reached[state] >> owed.min(FOLLOWED) != 0;
                    if reached(owed, state) || beyond {
                        return Err(if owed > 0 && cost == FAR { LOOSE } else { SHORT_CUT });
                    }
                    // What is never owed here costs as the debt before it.
                    more.push(more.last().copied().unwrap_or(0));
                    continue;
                };
                more.push(extra);
            }
            if more.iter().all(|&extra| extra == 0) {
                more.clear();
            } else if is_counted && most == self.most {
                let half: Vec<i64> = more[most / 2..].iter().map(|&x| i64::from(x)).collect();
                if half.windows(3).any(|x| x[2] - x[1] != x[1] - x[0] || x[1] < x[0]) {
                    return Err(UNEVEN);
                }
            }
        }
        Ok(all)
    }

    /// By state a bit for each debt that can be owed there; in a call none.
    fn reached(&self) -> Vec<u128> {
        let mut from: Vec<Vec<&Step>> = vec![Vec::new(); self.count];
        for step in &self.steps {
            from[step.way.from].push(step);
        }
        let most = self.most.min(FOLLOWED);
        let all = u128::MAX >> (127 - most);
        let mut reached = vec![0_u128; self.count];
        reached[self.count - 1] = 1;
        let mut waiting = VecDeque::from([self.count - 1]);
        while let Some(state) = waiting.pop_front() {
            for step in &from[state] {
                let Some(on) = step.on.filter(|_| step.way.to.is_some()) else { continue };
                let mut owed = reached[state];
                for (debts, is_open) in [(1, 0), (2, 1), (!3, 2)] {
                    owed &= if step.effect.is_open(is_open) { u128::MAX } else { !debts };
                }
                owed = if step.effect.arises { owed << 1 & all } else { owed };
                owed = if step.effect.pays { owed >> 1 } else { owed };
                if owed & !reached[on] != 0 {
                    reached[on] |= owed;
                    waiting.push_back(on);
                }
            }
        }
        reached
    }
}

/// Whether all costs of a layer are by the same higher than those of the one before it.
fn grows_evenly(before: &[u32], after: &[u32]) -> bool {
    let mut step = None;
    before.iter().zip(after).all(|(&a, &b)| match (a, b) {
        (FAR, FAR) => true,
        (FAR, _) | (_, FAR) => false,
        (a, b) => b > a && *step.get_or_insert(b - a) == b - a,
    })
}
