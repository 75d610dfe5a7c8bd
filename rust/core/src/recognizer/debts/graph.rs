//! The graph of ways as one debt sees it: what it costs to pay, and where so much can be owed.

use std::collections::VecDeque;

use super::super::compile::Way;
use super::super::completion::called;
use super::super::labels::LabelGuard;
use super::super::machine::{Guard, Op};
use crate::automaton::PositionAutomaton;

/// Which condition a debt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    Label(u8),
    Tally(u8),
}

impl Owed {
    pub fn arises(self, way: &Way) -> bool {
        way.ops.iter().any(|op| match self {
            Owed::Label(i) => *op == Op::Open(i),
            Owed::Tally(i) => *op == Op::AddTally(i),
        })
    }

    fn is_paid(self, way: &Way) -> bool {
        way.guards.iter().any(|guard| match self {
            Owed::Label(i) => *guard == Guard::Label(i, LabelGuard::Close),
            Owed::Tally(i) => *guard == Guard::Owed(i),
        })
    }

    /// Whether a way is open only when something is owed.
    fn is_needed(self, way: &Way) -> bool {
        let symbol = |i| way.guards.contains(&Guard::Label(i, LabelGuard::Closing));
        self.is_paid(way) || matches!(self, Owed::Label(i) if symbol(i))
    }

    /// Whether a way is open only when nothing is owed.
    fn is_barred(self, way: &Way) -> bool {
        way.guards.iter().any(|guard| match self {
            Owed::Label(i) => matches!(guard, Guard::Label(of, LabelGuard::Settled(_)) if *of == i),
            Owed::Tally(i) => *guard == Guard::Paid(i),
        })
    }

    /// Whether a way is open only when the token of it pays all that is owed.
    fn is_last(self, way: &Way) -> bool {
        way.guards.iter().any(|guard| match self {
            Owed::Label(i) => matches!(guard, Guard::Label(of, LabelGuard::Settles(_)) if *of == i),
            Owed::Tally(i) => *guard == Guard::Pays(i),
        })
    }

    /// Whether a way is open when so much is owed.
    fn is_open(self, way: &Way, owed: usize) -> bool {
        match owed {
            0 => !self.is_needed(way),
            1 => !self.is_barred(way),
            _ => !self.is_barred(way) && !self.is_last(way),
        }
    }

    pub fn touches(self, way: &Way) -> bool {
        self.arises(way) || self.is_paid(way)
    }
}

/// What is expected of a declared grammar, so that what it owes can be paid.
const LOOSE: &str = "what it opens or counts could not always be closed or matched after it";
const CALLED: &str = "what it is about stands in a rule that uses itself";
const SHORT_CUT: &str = "what opens or closes must be optional where it stands, as in \
                         `( open | close )?`, and spare no other token";
const UNEVEN: &str = "how many tokens match so many others is not regular";

const FAR: u32 = u32::MAX / 4;

/// The ways of a grammar as one debt sees them.
pub(crate) struct Graph<'a> {
    pub ways: &'a [Way],
    pub positions: &'a PositionAutomaton,
    pub one: Owed,
    pub others: &'a [Owed],
    pub most: usize,
    /// How many groups of decimals each number has, and the costs when it has none.
    pub groups: u32,
    pub without: Option<&'a Costs>,
}

/// By how much is owed, what it costs from each position to pay it and go on to the end.
pub(crate) type Costs = Vec<Vec<u32>>;

impl Graph<'_> {
    /// How many tokens more each position needs, and what all costs.
    pub fn debt(&self, shortest: &[u32]) -> Result<(Vec<Vec<u32>>, Costs), &'static str> {
        let inner = |at: Option<usize>| {
            at.and_then(|at| self.positions.all.get(at)).is_some_and(|at| at.is_called)
        };
        let outer = |way: &&Way| !inner(Some(way.from));
        if self
            .ways
            .iter()
            .any(|way| self.one.touches(way) && (inner(Some(way.from)) || inner(way.to)))
        {
            return Err(CALLED);
        }
        let count = shortest.len();
        let mut is_end = vec![true; count];
        self.ways.iter().for_each(|way| is_end[way.from] = false);
        let mut table: Costs = Vec::with_capacity(self.most + 1);
        for owed in 0..=self.most {
            let mut layer = vec![FAR; count];
            for (position, cost) in layer.iter_mut().enumerate() {
                if owed == 0 && is_end[position] {
                    *cost = 0;
                }
            }
            let mut changed = true;
            while changed {
                changed = false;
                for way in self.ways.iter().filter(outer) {
                    let known = self.cost(way, owed, &layer, table.last(), shortest);
                    if known < layer[way.from] {
                        layer[way.from] = known;
                        changed = true;
                    }
                }
            }
            table.push(layer);
        }
        let reached = self.reached(count);
        for way in self.ways.iter().filter(outer).filter(|way| self.one.arises(way)) {
            for owed in 0..self.most {
                let through = way.to.map_or(FAR, |to| 1 + table[owed + 1][to]);
                if reached[owed][way.from] && through < table[owed][way.from] {
                    return Err(SHORT_CUT);
                }
            }
        }
        let mut more = vec![Vec::new(); count];
        for (position, more) in more.iter_mut().enumerate() {
            for owed in 0..=self.most {
                let cost = table[owed][position];
                let extra = cost.checked_sub(shortest[position] + owed as u32);
                let extra = extra.filter(|&extra| cost < FAR && (owed > 0 || extra == 0));
                let Some(extra) = extra else {
                    if reached[owed][position] {
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
            } else if matches!(self.one, Owed::Tally(_)) {
                let half: Vec<i64> = more[self.most / 2..].iter().map(|&x| i64::from(x)).collect();
                if half.windows(3).any(|x| x[2] - x[1] != x[1] - x[0] || x[1] < x[0]) {
                    return Err(UNEVEN);
                }
            }
        }
        Ok((more, table))
    }

    /// What it costs to go on this way and pay what is owed, and open nothing.
    fn cost(
        &self,
        way: &Way,
        owed: usize,
        layer: &[u32],
        before: Option<&Vec<u32>>,
        shortest: &[u32],
    ) -> u32 {
        let Some(to) = way.to else { return FAR };
        let other = self.others.iter().any(|&each| each != self.one && each.touches(way));
        if other || self.one.arises(way) || !self.one.is_open(way, owed) {
            return FAR;
        }
        // A ring that closes is counted where it is open, as in `shortest`.
        let closes = |guard: &Guard| match guard {
            Guard::Label(i, LabelGuard::Close) => Owed::Label(*i) != self.one,
            _ => false,
        };
        let has = |wanted: fn(&Op) -> bool| way.ops.iter().any(wanted);
        let number = u32::from(has(|op| matches!(op, Op::BeginPlaces(_))));
        let own = u32::from(!way.guards.iter().any(closes)) + number * self.groups;
        if self.one.is_paid(way) {
            return before.map_or(FAR, |before| (1 + before[to]).min(FAR));
        }
        // Where decimals are declared anew there are none.
        let layer = match self.without.filter(|_| has(|op| matches!(op, Op::DeclarePlaces(_)))) {
            Some(without) => &without[owed],
            None => layer,
        };
        match called(way) {
            Some(back) => (own + shortest[to] + layer[back]).min(FAR),
            None => (own + layer[to]).min(FAR),
        }
    }

    /// By what is owed, the positions where so much can be owed; in a call none.
    fn reached(&self, count: usize) -> Vec<Vec<bool>> {
        let mut reached = vec![vec![false; count]; self.most + 1];
        let mut open = VecDeque::from([(count - 1, 0)]);
        reached[0][count - 1] = true;
        let mut from: Vec<Vec<&Way>> = vec![Vec::new(); count];
        for way in self.ways {
            from[way.from].push(way);
        }
        while let Some((position, owed)) = open.pop_front() {
            for way in &from[position] {
                let Some(to) = way.to else { continue };
                if !self.one.is_open(way, owed) {
                    continue;
                }
                let after = owed + usize::from(self.one.arises(way));
                let after = after - usize::from(self.one.is_paid(way));
                let to = called(way).unwrap_or(to);
                if after <= self.most && !reached[after][to] {
                    reached[after][to] = true;
                    open.push_back((to, after));
                }
            }
        }
        reached
    }
}
