//! Debts: what declared conditions owe, and what it costs to pay.
//!
//! A label that is open and a count that is short are paid by later tokens. A walk over the
//! positions finds which debts can arise where, and the shortest way on from there that pays them.

mod graph;

use graph::{Costs, Graph, Owed};

use super::compile::Way;
use super::conditions::Conditions;
use super::machine::Op;
use crate::automaton::PositionAutomaton;

/// The most groups of decimals that a number has.
pub(crate) const GROUPS: u32 = 3;

/// How many tokens more a way needs because of a debt, beside those that pay it.
#[derive(Debug, Default)]
pub(crate) struct Debt {
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
pub(crate) struct Debts {
    pub labels: Vec<Debt>,
    pub tallies: Vec<Debt>,
    /// The most that one token can add.
    pub steepest: u32,
}

const TWICE: &str = "it stands with another such condition on the same rules";

impl Debts {
    /// Find what each debt costs.
    ///
    /// # Errors
    /// When a debt could not be paid, or its cost is not found by counting; with the condition.
    pub fn of(
        ways: &[Way],
        positions: &PositionAutomaton,
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
