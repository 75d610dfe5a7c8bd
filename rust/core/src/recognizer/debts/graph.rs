//! The graph of transitions as one debt sees it: what it costs to pay, and where so much can be owed.

use super::super::guarded::{Guarded, GuardedLeg};
use super::super::needs::{FAR, Need, is_reset, units_of};
use crate::automaton::PositionAutomaton;
use crate::conditions::{Conditions, Effect};
use std::collections::VecDeque;

/// What is expected of a grammar, so that what it owes can be paid.
const LOOSE: &str = "what it opens or counts could not always be closed or matched after it";
const CALLED: &str = "what it is about stands in a rule that uses itself";
const SHORT_CUT: &str = "what opens or closes must be optional where it stands, as in \
                         `( open | close )?`, and spare no other token";
const UNEVEN: &str = "how many tokens match so many others is not regular";

/// How many debts at most are followed to where they can be owed.
const FOLLOWED: usize = 127;

/// A transition as the debt sees it, in the copy of its state.
#[allow(clippy::struct_excessive_bools)] // each is used by itself
struct Step {
    from: usize,
    effect: Effect,
    /// Whether another debt arises or is paid.
    is_other: bool,
    /// The state at which it goes on, beyond the calls that it begins.
    on: Option<usize>,
    /// Where these calls begin, and whether they can, as nothing is owed where one begins.
    calls: Vec<usize>,
    can_call: bool,
    /// Whether they may leave any number of debts more.
    arises_in_calls: bool,
    /// How many units of each condition begin, and which conditions it resets.
    units: Vec<(usize, u32)>,
    resets: Vec<usize>,
    /// Whether its token is counted by another condition.
    is_counted: bool,
}

/// The transitions outside of calls of rules that use themselves, each copy by itself.
pub(super) struct Graph {
    steps: Vec<Step>,
    /// What is owed where a copy is called, as a bit for each debt.
    entered: Vec<(usize, u128)>,
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

    pub(in crate::recognizer) fn touches(self) -> bool {
        self.arises || self.pays
    }

    /// A bit for each debt after a transition, from those before it.
    fn after(self, before: u128) -> u128 {
        let mut owed = before;
        for (debts, is_open) in [(1, 0), (2, 1), (!3, 2)] {
            owed &= if self.is_open(is_open) { u128::MAX } else { !debts };
        }
        owed = if self.arises { owed << 1 } else { owed };
        if self.pays { owed >> 1 } else { owed }
    }
}

impl Graph {
    /// The graph of the debt of one condition; `others` are all conditions with debts.
    pub fn new(
        ways: &[Guarded],
        automaton: &PositionAutomaton,
        conditions: &Conditions,
        of: &[Need],
        (one, others): (usize, &[usize]),
        most: usize,
    ) -> Result<Self, &'static str> {
        let all = &conditions.all;
        let effect =
            |condition: usize, leg: &GuardedLeg| all[condition].effect(leg.codes.of(condition));
        let can_call = |way: &Guarded| way.legs[1..].iter().all(|leg| effect(one, leg).is_open(0));
        let inner = |at: usize| automaton.all.get(at).is_some_and(|at| at.is_called);
        let mut arises_in_calls = false;
        for way in ways {
            for leg in way.legs.iter().filter(|leg| inner(leg.to.unwrap_or(way.from))) {
                let effect = effect(one, leg);
                if effect.pays {
                    return Err(CALLED);
                }
                arises_in_calls |= effect.arises;
            }
            if inner(way.from) && !can_call(way) {
                return Err(CALLED);
            }
            // What arises in a call is paid after it: the shortest way of the call opens nothing.
            let arises = effect(one, &way.legs[0]).arises;
            let spares = |on: usize| of[on].tokens < of[way.from].tokens;
            if inner(way.from) && arises && way.on().is_none_or(spares) {
                return Err(SHORT_CUT);
            }
        }
        let count = automaton.all.len() + 1;
        let mut is_end = vec![true; count];
        for way in ways {
            is_end[way.from] = false;
        }
        let holder = all[one].holder();
        let is_within = |&at: &usize| inner(at) && automaton.all[at].rules.contains(&holder);
        let step = |way: &Guarded| {
            let calls: Vec<usize> = way.legs[1..].iter().filter_map(|leg| leg.to).collect();
            let resets = |&place: &usize| {
                is_reset(way, place, all) || calls.iter().any(|&call| of[call].resets[place])
            };
            let units = |place: usize| (place, units_of(way, place, all));
            let is_counted = |place: usize| {
                place != one && way.codes(place).any(|code| all[place].is_counted(code))
            };
            let others = others.iter().filter(|&&other| other != one);
            Step {
                from: way.from,
                effect: effect(one, &way.legs[0]),
                is_other: others.copied().any(|other| effect(other, &way.legs[0]).touches()),
                on: way.on(),
                units: (0..all.len()).map(units).filter(|&(_, units)| units > 0).collect(),
                resets: (0..all.len()).filter(resets).collect(),
                is_counted: (0..all.len()).any(is_counted),
                arises_in_calls: arises_in_calls && calls.iter().any(is_within),
                calls,
                can_call: can_call(way),
            }
        };
        let steps: Vec<Step> = ways.iter().filter(|way| !inner(way.from)).map(step).collect();
        let mut into = vec![Vec::new(); count];
        for (place, step) in steps.iter().enumerate() {
            if let Some(on) = step.on {
                into[on].push(place);
            }
        }
        let entered = ways
            .iter()
            .flat_map(|way| &way.legs[1..])
            .filter_map(|leg| Some((leg.to.filter(|&at| !inner(at))?, effect(one, leg).after(1))));
        let entered = entered.collect();
        let mut graph = Graph { steps, entered, into, count, is_end, most, reached: Vec::new() };
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
            let is_open = step.can_call && step.effect.is_open(owed);
            if step.is_other || step.effect.arises || !is_open {
                return None;
            }
            let units: u32 = step.units.iter().map(|&(place, units)| units * weights[place]).sum();
            let called: u32 = step.calls.iter().map(|&call| shortest[call]).sum();
            step.on?;
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
            lower(&mut layer, step.from, cost.min(FAR), &mut waiting);
        }
        while let Some(state) = waiting.pop_front() {
            for &place in &self.into[state] {
                let step = &self.steps[place];
                if step.effect.pays || without(&step.resets).is_some() {
                    continue;
                }
                if let Some(own) = own(step) {
                    let cost = (own + layer[state]).min(FAR);
                    lower(&mut layer, step.from, cost, &mut waiting);
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
                let through = step.on.map_or(FAR, |on| 1 + table[owed + 1][on]);
                if reached(owed, step.from) && through < table[owed][step.from] {
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

    /// By state a bit for each debt that can be owed there; none in a rule that uses itself.
    fn reached(&self) -> Vec<u128> {
        let mut from: Vec<Vec<&Step>> = vec![Vec::new(); self.count];
        for step in &self.steps {
            from[step.from].push(step);
        }
        let most = self.most.min(FOLLOWED);
        let all = u128::MAX >> (127 - most);
        let mut reached = vec![0_u128; self.count];
        let mut waiting = VecDeque::new();
        let start = [(self.count - 1, 1)];
        for (at, owed) in start.into_iter().chain(self.entered.iter().copied()) {
            reached[at] |= owed & all;
            waiting.push_back(at);
        }
        while let Some(state) = waiting.pop_front() {
            for step in from[state].iter().filter(|step| step.can_call) {
                let Some(on) = step.on else { continue };
                let mut owed = step.effect.after(reached[state]) & all;
                if step.arises_in_calls && owed != 0 {
                    owed |= all << owed.trailing_zeros() & all;
                }
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
