//! Completion: how many tokens a sentence still needs.

use super::compile::Way;
use super::conditions::Conditions;
use super::debts::{Debts, GROUPS};
use super::labels::{LabelGuard, Labels, Level};
use super::machine::{CALLS, CALLS_COST, Guard, Machine, Op};
use crate::automaton::PositionAutomaton;
use crate::automaton::registers::Registers;

/// What is known of each position before anything is read.
#[derive(Debug, Default)]
pub(crate) struct Completion {
    of: Vec<Need>,
    /// The most that one token can add to what is needed.
    pub most_added: u32,
    debts: Debts,
}

/// What the shortest way from a position needs, to the end of the call it is in.
#[derive(Clone, Copy, Debug)]
struct Need {
    tokens: u32,
    /// How many atoms that has, until the scope ends.
    fresh: u32,
    /// Whether the present atom may still close a label.
    here: bool,
    /// How many numbers that has.
    numbers: u32,
    /// Whether the way goes on with the end of a word.
    word: Option<u8>,
    /// Whether nothing follows.
    end: bool,
}

const FAR: u32 = u32::MAX / 4;

impl Need {
    /// How many tokens it has when each of its numbers has so many groups of decimals.
    fn full(&self, groups: u32) -> u32 {
        self.tokens + groups * self.numbers
    }
}

impl Completion {
    /// Find the shortest ways; of a declared grammar also what debts cost. In the spec a label is
    /// paid by the atoms that are counted, and a hole by its fill alone.
    ///
    /// # Errors
    /// When a position has none, or when what is owed there cannot be paid.
    pub fn of(
        ways: &[Way],
        positions: &PositionAutomaton,
        conditions: &Conditions,
        is_declared: bool,
    ) -> Result<Self, String> {
        let count = positions.all.len() + 1;
        let none = Need { tokens: FAR, fresh: 0, here: false, numbers: 0, word: None, end: false };
        let mut of = vec![none; count];
        let mut outgoing: Vec<Vec<&Way>> = vec![Vec::new(); count];
        for way in ways {
            outgoing[way.from].push(way);
        }
        for (position, ways) in outgoing.iter().enumerate() {
            // The end of an object, or of a call.
            if ways.is_empty() || ways.iter().any(|way| way.to.is_none()) {
                of[position].tokens = 0;
                of[position].end = ways.is_empty();
            }
        }
        settle(|| {
            let mut changed = false;
            for way in ways {
                if let Some(need) = through(way, &of, conditions) {
                    let known = &mut of[way.from];
                    if need.tokens < known.tokens {
                        *known = Need { here: known.here, ..need };
                        changed = true;
                    }
                }
            }
            changed
        });
        settle(|| {
            let mut changed = false;
            for way in ways {
                let closes = way.guards.iter().any(
                    |guard| matches!(guard, Guard::Label(i, LabelGuard::Close) if conditions.has_atoms(*i)),
                );
                let begins = begins_atom(way, conditions);
                let after = way.to.map_or(none, |to| of[to]);
                let here = closes || (!begins && after.here);
                if here && !of[way.from].here {
                    of[way.from].here = true;
                    changed = true;
                }
            }
            changed
        });
        let mut most_added = 0;
        for way in ways {
            if let (Some(to), known) = (way.to, of[way.from]) {
                for groups in [0, GROUPS] {
                    let called = called(way).map_or(0, |back| of[back].full(groups));
                    let number = way.ops.iter().any(|op| matches!(op, Op::BeginPlaces(_)));
                    let after = of[to].full(groups) + called + groups * u32::from(number);
                    most_added = most_added.max(after.saturating_sub(known.full(groups)));
                }
            }
        }
        let endless =
            |(position, need): (usize, &Need)| need.tokens >= FAR && !outgoing[position].is_empty();
        if of.iter().enumerate().any(endless) {
            return Err("a rule never comes to an end".to_owned());
        }
        let debts = if is_declared {
            numbers_are_counted(ways, &of, conditions)?;
            let shortest = |groups| of.iter().map(|need| need.full(groups)).collect();
            Debts::of(ways, positions, conditions, &shortest)?
        } else {
            Debts::default()
        };
        Ok(Completion { of, most_added: most_added + debts.steepest, debts })
    }

    /// Whether nothing follows a position.
    pub fn is_end(&self, position: u32) -> bool {
        self.of[position as usize].end
    }

    /// How many tokens a position needs, debts aside.
    pub fn cost(&self, position: u32) -> u32 {
        self.of[position as usize].tokens
    }
}

fn settle(mut round: impl FnMut() -> bool) {
    while round() {}
}

/// Whether the shortest way is the shortest as well when each number has three groups of decimals,
/// and with it when it has fewer: the least of several lines lies below none of its chords.
fn numbers_are_counted(ways: &[Way], of: &[Need], conditions: &Conditions) -> Result<(), String> {
    const UNEVEN: &str = "expected as many numbers on the shortest way to the end as on any other";
    let full = |need: &Need| need.full(GROUPS);
    for way in ways {
        let Some(to) = way.to else { continue };
        if called(way).is_some_and(|back| of[back].numbers > 0) {
            return Err("expected no number after a rule that uses itself".to_owned());
        }
        let has = |wanted: fn(&Op) -> bool| way.ops.iter().any(wanted);
        let after = if has(|op| matches!(op, Op::DeclarePlaces(_))) {
            of[to].tokens
        } else if has(|op| matches!(op, Op::BeginPlaces(_))) {
            full(&of[to]) + GROUPS
        } else {
            full(&of[to])
        };
        let own = through(way, of, conditions).map_or(FAR, |need| need.tokens);
        let more = own.saturating_sub(of[to].tokens);
        if own < FAR && after + more < full(&of[way.from]) {
            return Err(UNEVEN.to_owned());
        }
    }
    Ok(())
}

/// Where a way goes on when the call that it begins has returned.
pub(crate) fn called(way: &Way) -> Option<usize> {
    way.ops.iter().find_map(|op| match op {
        Op::Call(back) => Some(usize::from(*back)),
        _ => None,
    })
}

/// Whether an atom begins on a way.
fn begins_atom(way: &Way, conditions: &Conditions) -> bool {
    way.ops.iter().any(|op| matches!(op, Op::BeginItem(i) if conditions.has_atoms(*i)))
}

/// What a position needs that goes this way.
fn through(way: &Way, of: &[Need], conditions: &Conditions) -> Option<Need> {
    let after = of[way.to?];
    let back = called(way).map_or(0, |back| of[back].tokens);
    // A label that closes is counted where it is open.
    let closes = conditions.labels.iter().any(|(bank, _)| bank.closes(&way.tokens));
    let tokens = u32::from(!closes) + after.tokens + back;
    let has = |wanted: fn(&Op) -> bool| way.ops.iter().any(wanted);
    let declares = has(|op| matches!(op, Op::DeclarePlaces(_)));
    let of_atoms = |i: &u8| conditions.has_atoms(*i);
    let leaves = way.ops.iter().any(|op| matches!(op, Op::EndScope(i) if of_atoms(i)));
    let begins = u32::from(begins_atom(way, conditions));
    let number = u32::from(has(|op| matches!(op, Op::BeginPlaces(_))));
    (tokens < FAR).then_some(Need {
        tokens,
        fresh: if leaves { 0 } else { begins + after.fresh },
        here: false,
        numbers: if declares { 0 } else { number + after.numbers },
        word: way.guards.iter().find_map(|guard| match guard {
            Guard::WordEnds(i) => Some(*i),
            _ => None,
        }),
        end: false,
    })
}

impl Machine {
    /// How many tokens are needed at least from a position with these registers.
    pub(crate) fn min_tokens_to_complete(&self, position: u32, registers: &Registers) -> u32 {
        let need = self.completion.of[position as usize];
        let mut tokens = need.tokens + registers.get(CALLS_COST);
        for bank in &self.labels {
            let open = bank.open_count(registers);
            if open == 0 {
                continue;
            }
            tokens += open;
            if bank.unjoined.is_some() {
                tokens += self.extra_atoms(bank, position, registers);
            }
        }
        tokens += self.debts(position, registers);
        if need.word.is_some_and(|i| self.words[usize::from(i)].is_one(registers)) {
            tokens += 1;
        }
        for places in &self.places {
            tokens += places.owed(registers) + need.numbers * places.groups(registers);
        }
        tokens
    }

    /// How many tokens match what is counted, and how many more it takes to come to where that and
    /// the closing of labels is possible.
    fn debts(&self, position: u32, registers: &Registers) -> u32 {
        // In a call nothing of that is possible before it has returned.
        let outermost = self.calls(registers).last();
        let at = outermost.map_or(position, |level| registers.get(level + Level::BACK));
        let debts = &self.completion.debts;
        let groups = self.places.iter().map(|places| places.groups(registers)).max().unwrap_or(0);
        let mut tokens = 0;
        for tally in &self.tallies {
            tokens += tally.owed(registers);
        }
        for (tally, debt) in self.tallies.iter().zip(&debts.tallies) {
            tokens += debt.more(at, tally.owed(registers), groups);
        }
        for (bank, debt) in self.labels.iter().zip(&debts.labels) {
            tokens += debt.more(at, bank.open_count(registers), groups);
        }
        tokens
    }

    /// How many atoms come anyway in the innermost scope, and whether the present one may still
    /// close labels.
    pub(crate) fn ahead(&self, position: u32) -> (u32, bool) {
        let need = self.completion.of[position as usize];
        (need.fresh, need.here)
    }

    /// The atoms to which the outer scopes go back, the innermost first.
    pub(crate) fn bases<'a>(
        &'a self,
        bank: &'a Labels,
        registers: &'a Registers,
    ) -> impl Iterator<Item = u32> + 'a {
        // A branch whose first atom has not begun is no call yet, and goes back to the present atom.
        let calls = registers.get(CALLS).saturating_sub(bank.calls_before(registers));
        let begun = bank.scope(registers) > calls + 1;
        let calls = self.calls_within(bank, registers);
        let calls = calls.map(|level| registers.get(level + Level::CURRENT));
        begun.then(|| bank.current(registers)).into_iter().chain(calls)
    }

    /// How many atoms more than come anyway are needed to close what is open.
    pub(crate) fn extra_atoms(&self, bank: &Labels, position: u32, registers: &Registers) -> u32 {
        let (fresh, here) = self.ahead(position);
        bank.atoms_needed(registers, fresh, here, self.bases(bank, registers))
    }

    /// No more than is ever needed from here, found at once.
    pub(crate) fn completes_within(&self, position: u32, registers: &Registers) -> u32 {
        let need = self.completion.of[position as usize];
        let mut tokens = need.tokens + registers.get(CALLS_COST) + 2;
        for bank in &self.labels {
            let open = bank.open_count(registers);
            if open > 0 {
                tokens += if bank.unjoined.is_some() { 2 * open + 1 } else { open };
            }
        }
        tokens += self.debts(position, registers);
        for places in &self.places {
            tokens += places.owed(registers) + need.numbers * places.groups(registers);
        }
        tokens
    }
}
