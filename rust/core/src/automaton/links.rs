//! Links: how the parts of rules are joined, before calls are followed to where they begin.

use std::collections::HashSet;

use super::position::{Event, Leg, Position, Transition};

/// How many links between positions a grammar may have.
pub(super) const MOST_LINKS: usize = 20_000;

/// Where an entry leads.
#[derive(Clone)]
pub(crate) enum Target {
    Position(usize),
    /// Wherever a copy of a rule begins.
    Copy(usize),
}

/// What a way passes.
#[derive(Clone, Copy)]
pub(crate) enum Passed {
    Event(Event),
    /// A call, which goes on at this position when it returns.
    Call(usize),
}

/// Where a part begins.
#[derive(Clone)]
pub(crate) struct Entry {
    pub passed: Vec<Passed>,
    pub to: Target,
}

/// Where a part ends.
#[derive(Clone)]
pub(crate) struct Exit {
    pub from: usize,
    pub passed: Vec<Passed>,
}

/// An expression unrolled: where it begins and where it ends.
pub(crate) struct Fragment {
    pub nullable: bool,
    pub first: Vec<Entry>,
    pub last: Vec<Exit>,
}

struct Link {
    from: usize,
    passed: Vec<Passed>,
    to: Target,
}

/// All links, and where each copy of a rule begins.
#[derive(Default)]
pub(crate) struct Links {
    all: Vec<Link>,
    /// Where each copy of a rule begins, known when it is unrolled.
    pub copies: Vec<Vec<Entry>>,
    /// The positions that a way leaves.
    pub left: HashSet<usize>,
}

impl Links {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing comes after an exit.
    pub fn is_last(&self, exit: &Exit) -> bool {
        !self.left.contains(&exit.from) && exit.passed.is_empty()
    }

    /// Join what ends to what begins.
    pub fn connect(&mut self, last: &[Exit], first: &[Entry]) {
        for exit in last {
            for entry in first {
                if self.all.len() > MOST_LINKS {
                    // The rule that is unrolled is refused.
                    return;
                }
                let passed = [&exit.passed[..], &entry.passed].concat();
                self.left.insert(exit.from);
                self.all.push(Link { from: exit.from, passed, to: entry.to.clone() });
            }
        }
    }

    /// All ways, each to one position.
    ///
    /// # Errors
    /// When a rule uses itself at its beginning.
    pub fn transitions(&self, positions: &[Position]) -> Result<Vec<Transition>, String> {
        let mut transitions = Vec::new();
        for link in &self.all {
            self.follow(link, 0, &mut |passed, at| {
                let (legs, tokens) = (legs(passed, Some(at)), positions[at].tokens.clone());
                transitions.push(Transition { from: link.from, legs, tokens });
            })?;
        }
        Ok(transitions)
    }

    fn follow(
        &self,
        link: &Link,
        depth: usize,
        tell: &mut impl FnMut(&[Passed], usize),
    ) -> Result<(), String> {
        match link.to {
            Target::Position(at) => tell(&link.passed, at),
            // There are no more rules within each other than copies.
            Target::Copy(_) if depth > self.copies.len() => {
                return Err("a rule uses itself at its beginning".to_owned());
            }
            Target::Copy(copy) => {
                for entry in &self.copies[copy] {
                    let passed = [&link.passed[..], &entry.passed].concat();
                    let next = Link { from: link.from, passed, to: entry.to.clone() };
                    self.follow(&next, depth + 1, tell)?;
                }
            }
        }
        Ok(())
    }
}

/// A call of a copy, which returns to a position.
pub(super) fn call_of(copy: usize, back: usize) -> Fragment {
    Fragment {
        nullable: false,
        first: vec![Entry { passed: vec![Passed::Call(back)], to: Target::Copy(copy) }],
        last: vec![Exit { from: back, passed: Vec::new() }],
    }
}

/// The legs of a way to a position, or to none.
pub(super) fn legs(passed: &[Passed], to: Option<usize>) -> Vec<Leg> {
    let mut legs = vec![Leg { events: Vec::new(), to }];
    for &each in passed {
        let last = legs.len() - 1;
        match each {
            Passed::Event(event) => legs[last].events.push(event),
            Passed::Call(back) => {
                legs[last].to = Some(back);
                legs.push(Leg { events: Vec::new(), to });
            }
        }
    }
    legs
}
