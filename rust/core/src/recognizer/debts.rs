//! Debts: what declared conditions owe, and what it costs to pay.
//!
//! A label that is open and a count that is short are paid by later tokens. A walk over the
//! positions finds which debts can arise where, and the shortest way on from there that pays them.

use std::collections::VecDeque;

use super::compile::Way;
use super::completion::called;
use super::conditions::Conditions;
use super::labels::LabelGuard;
use super::machine::{Guard, Op};
use super::positions::Positions;

/// The most groups of decimals that a number has.
pub(super) const GROUPS: u32 = 3;

/// How many tokens more a way needs because of a debt, beside those that pay it.
#[derive(Debug, Default)]
pub(super) struct Debt {
    /// By the groups of decimals of each number, by position and by how much is owed; empty where
    /// it needs none more. Where there are no numbers it is the same for all groups.
    more: Vec<Vec<Vec<u32>>>,
}

impl Debt {
    pub fn more(&self, position: u32, owed: u32, groups: u32) -> u32 {
        let more = self.more.get(groups as usize).or(self.more.first());
        let Some(more) = more.and_then(|more| more.get(position as usize)) else { return 0 };
        let owed = owed as usize;
        match more[..] {
            [] => 0,
            _ if owed < more.len() => more[owed],
            // Beyond the table it goes on as at its end.
            [.., before, last] => last + (owed - more.len() + 1) as u32 * (last - before),
            [last] => last,
        }
    }

    /// The most that it can grow with one token.
    fn steepest(&self, ways: &[Way]) -> u32 {
        let longest = self.more.iter().flatten().map(Vec::len).max().unwrap_or(0) as u32;
        let grown = |way: &Way, owed: u32, groups: u32| {
            let declares = way.ops.iter().any(|op| matches!(op, Op::DeclarePlaces(_)));
            // Before decimals are declared there are none.
            let from = self.more(way.from as u32, owed, if declares { 0 } else { groups });
            let to = way.to.map_or(0, |to| self.more(to as u32, owed + 1, groups));
            to.saturating_sub(from)
        };
        let all = ways.iter().flat_map(|way| (0..longest).map(move |owed| (way, owed)));
        all.flat_map(|(way, owed)| (0..=GROUPS).map(move |groups| grown(way, owed, groups)))
            .max()
            .unwrap_or(0)
    }
}

/// The debts of a grammar: those of its labels, and those of its counts.
#[derive(Debug, Default)]
pub(super) struct Debts {
    pub labels: Vec<Debt>,
    pub tallies: Vec<Debt>,
    /// The most that one token can add.
    pub steepest: u32,
}

/// Which condition a debt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    Label(u8),
    Tally(u8),
}

impl Owed {
    fn arises(self, way: &Way) -> bool {
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

    fn touches(self, way: &Way) -> bool {
        self.arises(way) || self.is_paid(way)
    }
}

/// What is expected of a declared grammar, so that what it owes can be paid.
const LOOSE: &str = "what it opens or counts could not always be closed or matched after it";
const CALLED: &str = "what it is about stands in a rule that uses itself";
const SHORT_CUT: &str = "what opens or closes must be optional where it stands, as in `( open | close )?`, and spare no \
                         other token";
const TWICE: &str = "it stands with another such condition on the same rules";
const UNEVEN: &str = "how many tokens match so many others is not regular";

impl Debts {
    /// Find what each debt costs.
    ///
    /// # Errors
    /// When a debt could not be paid, or its cost is not found by counting; with the condition.
    pub fn of(
        ways: &[Way],
        positions: &Positions,
        conditions: &Conditions,
        shortest: &dyn Fn(u32) -> Vec<u32>,
    ) -> Result<Debts, String> {
        let mut all: Vec<(Owed, u16, usize)> = Vec::new();
        for (i, (bank, rules)) in conditions.labels.iter().enumerate() {
            if bank.unjoined.is_none() {
                let clause = bank.opened.or(bank.lowest_free).unwrap_or_default();
                all.push((Owed::Label(i as u8), clause, rules.holder()));
            }
        }
        for (i, (tally, rule)) in conditions.tallies.iter().enumerate() {
            all.push((Owed::Tally(i as u8), tally.clause, rule.holder()));
        }
        all.retain(|(owed, ..)| ways.iter().any(|way| owed.touches(way)));
        let within = |way: &Way, holder: usize| {
            way.to.is_some_and(|to| positions.all[to].rules.contains(&holder))
        };
        for (i, &(a, clause, holder_a)) in all.iter().enumerate() {
            for &(b, _, holder_b) in &all[..i] {
                let meets = |owed: Owed, holder| {
                    ways.iter().any(|way| owed.touches(way) && within(way, holder))
                };
                if meets(a, holder_b) && meets(b, holder_a) {
                    return Err(said(conditions, clause, TWICE));
                }
            }
        }
        let owed: Vec<Owed> = all.iter().map(|&(owed, ..)| owed).collect();
        let mut debts = Debts {
            labels: conditions.labels.iter().map(|_| Debt::default()).collect(),
            tallies: conditions.tallies.iter().map(|_| Debt::default()).collect(),
            steepest: 0,
        };
        let has_numbers =
            ways.iter().any(|way| way.ops.iter().any(|op| matches!(op, Op::BeginPlaces(_))));
        let groups = if has_numbers { GROUPS } else { 0 };
        for &(one, clause, holder) in &all {
            let most = match one {
                Owed::Label(i) => usize::from(conditions.labels[usize::from(i)].0.count),
                Owed::Tally(_) => {
                    2 * positions.all.iter().filter(|at| at.rules.contains(&holder)).count()
                }
            };
            let mut debt = Debt::default();
            let mut without: Option<Costs> = None;
            for groups in 0..=groups {
                let graph = Graph {
                    ways,
                    positions,
                    one,
                    others: &owed,
                    most,
                    groups,
                    without: without.as_ref(),
                };
                let (more, costs) = graph
                    .debt(&shortest(groups))
                    .map_err(|reason| said(conditions, clause, reason))?;
                debt.more.push(more);
                without.get_or_insert(costs);
            }
            debts.steepest = debts.steepest.max(debt.steepest(ways));
            match one {
                Owed::Label(i) => debts.labels[usize::from(i)] = debt,
                Owed::Tally(i) => debts.tallies[usize::from(i)] = debt,
            }
        }
        Ok(debts)
    }
}

fn said(conditions: &Conditions, clause: u16, reason: &str) -> String {
    format!("{}: {reason}", conditions.clauses[usize::from(clause)])
}

const FAR: u32 = u32::MAX / 4;

/// The ways of a grammar as one debt sees them.
struct Graph<'a> {
    ways: &'a [Way],
    positions: &'a Positions,
    one: Owed,
    others: &'a [Owed],
    most: usize,
    /// How many groups of decimals each number has, and the costs when it has none.
    groups: u32,
    without: Option<&'a Costs>,
}

/// By how much is owed, what it costs from each position to pay it and go on to the end.
type Costs = Vec<Vec<u32>>;

impl Graph<'_> {
    /// How many tokens more each position needs, and what all costs.
    fn debt(&self, shortest: &[u32]) -> Result<(Vec<Vec<u32>>, Costs), &'static str> {
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
