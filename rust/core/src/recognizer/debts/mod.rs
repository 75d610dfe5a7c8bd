//! Debts: what conditions owe, and what it costs to pay.
//!
//! A label that is open and a count that is short are paid by later tokens. A walk over the states
//! finds which debts can arise where, and the shortest way on from there that pays them.

mod graph;

use graph::{Costs, Graph};

use super::guarded::Guarded;
use crate::automaton::PositionAutomaton;
use crate::conditions::Conditions;

/// How many tokens more a state needs because of one debt, beside those that pay it.
#[derive(Debug)]
struct Debt {
    condition: usize,
    /// By the weights of units (their number in the mixed radix of `Debts::heaviest`), by state and
    /// by how much is owed; empty where it needs none more.
    more: Vec<Vec<Vec<u32>>>,
}

impl Debt {
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
}

/// The debts of a grammar.
#[derive(Debug, Default)]
pub(super) struct Debts {
    all: Vec<Debt>,
    /// The conditions whose units weigh something, and the most that one does.
    heaviest: Vec<(usize, u32)>,
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
        shortest: &dyn Fn(&[u32]) -> Vec<u32>,
    ) -> Result<Debts, String> {
        let all = &conditions.all;
        let effect = |condition: usize, way: &Guarded| all[condition].effect(&way.codes[condition]);
        let owing: Vec<(usize, usize)> = (0..all.len())
            .filter(|&place| ways.iter().any(|way| effect(place, way).touches()))
            .filter_map(|place| Some((place, all[place].most_owed(&automaton.all)?)))
            .collect();
        let mut debts = Debts::default();
        if owing.is_empty() {
            return Ok(debts);
        }
        let places: Vec<usize> = owing.iter().map(|&(place, _)| place).collect();
        apart(ways, automaton, conditions, &places)?;
        let begin = |place: usize| ways.iter().any(|way| all[place].units(&way.codes[place]) > 0);
        debts.heaviest = (0..all.len())
            .filter(|&place| all[place].heaviest_unit() > 0 && begin(place))
            .map(|place| (place, all[place].heaviest_unit()))
            .collect();
        let combinations: usize =
            debts.heaviest.iter().map(|&(_, heaviest)| heaviest as usize + 1).product();
        if combinations > MOST_WEIGHTS {
            let clause = all[places[0]].clause();
            return Err(conditions.said(clause, "expected fewer counts of decimals beside it"));
        }
        for (place, most) in owing {
            let said = |reason| conditions.said(all[place].clause(), reason);
            let graph =
                Graph::new(ways, automaton, conditions, (place, &places), most).map_err(said)?;
            let mut tables: Vec<Costs> = Vec::new();
            let mut debt = Debt { condition: place, more: Vec::new() };
            for number in 0..combinations {
                let weights = debts.weights(number, all.len());
                let shortest = shortest(&weights);
                let without = |resets: &[usize]| -> Option<&Costs> {
                    let without =
                        debts.number_of(|of| if resets.contains(&of) { 0 } else { weights[of] });
                    (without != number).then(|| &tables[without])
                };
                let costs = graph.costs(&weights, &shortest, &without, combinations == 1);
                let is_counted = all[place].is_unbounded();
                debt.more.push(graph.more(&costs, &shortest, is_counted).map_err(said)?);
                tables.push(costs);
            }
            debts.steepest = debts.steepest.max(debts.steepest_of(&debt, ways, conditions));
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
        weight: impl Fn(usize) -> u32,
        owed: impl Fn(usize) -> u32,
    ) -> u32 {
        let weights = self.number_of(weight);
        self.all.iter().map(|debt| debt.more(weights, state, owed(debt.condition))).sum()
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
    fn steepest_of(&self, debt: &Debt, ways: &[Guarded], conditions: &Conditions) -> u32 {
        let longest = debt.more.iter().flatten().map(Vec::len).max().unwrap_or(0) as u32;
        let mut steepest = 0;
        for way in ways {
            let Some(to) = way.to else { continue };
            for number in 0..debt.more.len() {
                let weights = self.weights(number, conditions.all.len());
                // Before decimals are declared there are none.
                let before = self.number_of(|of| {
                    let resets = conditions.all[of].resets_units(&way.codes[of]);
                    if resets { 0 } else { weights[of] }
                });
                for owed in 0..longest {
                    let from = debt.more(before, way.from as u32, owed);
                    let to = debt.more(number, to as u32, owed + 1);
                    steepest = steepest.max(to.saturating_sub(from));
                }
            }
        }
        steepest
    }
}

/// No two debts meet in the rules that state them, nor one and a condition on indices.
fn apart(
    ways: &[Guarded],
    automaton: &PositionAutomaton,
    conditions: &Conditions,
    places: &[usize],
) -> Result<(), String> {
    let all = &conditions.all;
    let within = |way: &Guarded, holder: usize| {
        way.to.is_some_and(|to| automaton.all[to].rules.contains(&holder))
    };
    let touches = |place: usize, way: &Guarded| all[place].effect(&way.codes[place]).touches();
    for (i, &a) in places.iter().enumerate() {
        for &b in &places[..i] {
            let meets = |place: usize, holder| {
                ways.iter().any(|way| touches(place, way) && within(way, holder))
            };
            if meets(a, all[b].holder()) && meets(b, all[a].holder()) {
                return Err(conditions.said(all[a].clause(), TWICE));
            }
        }
        for (b, indices) in all.iter().enumerate().filter(|(_, one)| one.is_scarce()) {
            let begins = |way: &Guarded| indices.units(&way.codes[b]) > 0;
            let holder = all[a].holder();
            let meets = ways.iter().any(|way| {
                (begins(way) && within(way, holder))
                    || (touches(a, way) && within(way, indices.holder()))
            });
            if meets {
                return Err(conditions.said(all[a].clause(), WITH_INDICES));
            }
        }
    }
    Ok(())
}
