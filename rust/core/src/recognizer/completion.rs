//! Completion: how many tokens a sentence still needs.

use super::compile::Way;
use super::conditions::Conditions;
use super::labels::{Labels, Level};
use super::machine::{CALLS, CALLS_COST, Guard, Machine, Op};
use super::registers::Registers;

/// What is known of each position before anything is read.
#[derive(Debug, Default)]
pub(super) struct Completion {
    of: Vec<Need>,
    /// The most that one token can add to what is needed.
    pub most_added: u32,
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
    /// How many tokens more it needs to come to where a label closes.
    detour: u32,
    /// Whether the way goes on with the end of a word.
    word: Option<u8>,
    /// Whether nothing follows.
    end: bool,
}

const FAR: u32 = u32::MAX / 4;

impl Completion {
    /// Find the shortest ways.
    ///
    /// # Errors
    /// When a position has none, or when what is owed there cannot be paid.
    pub fn of(ways: &[Way], count: usize, conditions: &Conditions) -> Result<Self, String> {
        let none = Need {
            tokens: FAR,
            fresh: 0,
            here: false,
            numbers: 0,
            detour: FAR,
            word: None,
            end: false,
        };
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
                        *known = Need { here: known.here, detour: known.detour, ..need };
                        changed = true;
                    }
                }
            }
            changed
        });
        settle(|| {
            let mut changed = false;
            for way in ways {
                let closes = way.guards.iter().any(|guard| matches!(guard, Guard::Close(_)));
                let begins = way.ops.iter().any(|op| matches!(op, Op::BeginItem(_)));
                let after = way.to.map_or(none, |to| of[to]);
                let here = closes || (!begins && after.here);
                let onward = through(way, &of, conditions).map_or(FAR, |need| need.tokens);
                let extra = onward.saturating_sub(of[way.from].tokens);
                let detour = if closes { extra } else { after.detour.saturating_add(extra) };
                let known = &mut of[way.from];
                if here && !known.here {
                    known.here = true;
                    changed = true;
                }
                if onward < FAR && detour < known.detour {
                    known.detour = detour;
                    changed = true;
                }
            }
            changed
        });
        let mut most_added = 0;
        for way in ways {
            if let (Some(to), known) = (way.to, of[way.from]) {
                let called = called(way).map_or(0, |back| of[back].tokens);
                most_added = most_added.max((of[to].tokens + called).saturating_sub(known.tokens));
            }
        }
        match of.iter().position(|need| need.tokens >= FAR) {
            Some(position) if !outgoing[position].is_empty() => {
                Err("a rule never comes to an end".to_owned())
            }
            _ => Ok(Completion { of, most_added }),
        }
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

fn called(way: &Way) -> Option<usize> {
    way.ops.iter().find_map(|op| match op {
        Op::Call(back) => Some(usize::from(*back)),
        _ => None,
    })
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
    let leaves = has(|op| matches!(op, Op::EndScope(_)));
    let begins = u32::from(has(|op| matches!(op, Op::BeginItem(_))));
    let number = u32::from(has(|op| matches!(op, Op::BeginPlaces(_))));
    (tokens < FAR).then_some(Need {
        tokens,
        fresh: if leaves { 0 } else { begins + after.fresh },
        here: false,
        numbers: if declares { 0 } else { number + after.numbers },
        detour: FAR,
        word: way.guards.iter().find_map(|guard| match guard {
            Guard::WordEnds(i) => Some(*i),
            _ => None,
        }),
        end: false,
    })
}

impl Machine {
    /// How many tokens are needed at least from a position with these registers.
    pub(super) fn needed(&self, position: u32, registers: &Registers) -> u32 {
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
            } else {
                tokens += need.detour;
            }
        }
        for tally in &self.tallies {
            tokens += tally.owed(registers);
        }
        if need.word.is_some_and(|i| self.words[usize::from(i)].is_one(registers)) {
            tokens += 1;
        }
        for places in &self.places {
            tokens += places.owed(registers) + need.numbers * places.groups(registers);
        }
        tokens
    }

    /// How many atoms come anyway in the innermost scope, and whether the present one may still
    /// close labels.
    pub(super) fn ahead(&self, position: u32) -> (u32, bool) {
        let need = self.completion.of[position as usize];
        (need.fresh, need.here)
    }

    /// The atoms to which the outer scopes go back, the innermost first.
    pub(super) fn bases<'a>(
        &'a self,
        bank: &'a Labels,
        registers: &'a Registers,
    ) -> impl Iterator<Item = u32> + 'a {
        // A branch whose first atom has not begun is no call yet, and goes back to the present atom.
        let begun = bank.scope(registers) > registers.get(CALLS) + 1;
        let calls = self.calls(registers).map(|level| registers.get(level + Level::CURRENT));
        begun.then(|| bank.current(registers)).into_iter().chain(calls)
    }

    /// How many atoms more than come anyway are needed to close what is open.
    pub(super) fn extra_atoms(&self, bank: &Labels, position: u32, registers: &Registers) -> u32 {
        let (fresh, here) = self.ahead(position);
        bank.atoms_needed(registers, fresh, here, self.bases(bank, registers))
    }

    /// No more than is ever needed from here, found at once.
    pub(super) fn needed_at_most(&self, position: u32, registers: &Registers) -> u32 {
        let need = self.completion.of[position as usize];
        let mut tokens = need.tokens + registers.get(CALLS_COST) + 2;
        for bank in &self.labels {
            let open = bank.open_count(registers);
            if open > 0 {
                tokens += if bank.unjoined.is_some() { 2 * open + 1 } else { open + need.detour };
            }
        }
        for tally in &self.tallies {
            tokens += tally.owed(registers);
        }
        for places in &self.places {
            tokens += places.owed(registers) + need.numbers * places.groups(registers);
        }
        tokens
    }
}
