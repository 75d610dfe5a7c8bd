//! The clauses of a grammar read as its conditions.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::CLOSED_LIST;
use super::arguments::Stated;
use super::condition::Condition;
use super::declared::Check;
use super::indices::Indices;
use super::labels::Labels;
use super::rounds::Rounds;
use crate::automaton::registers::Allocator;
use crate::automaton::{About, ReturnStack};
use crate::grammar::{Clause, Grammar};

/// How a condition reads its clauses.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    /// What it expects of a declared grammar, if that may state it.
    pub declared: Option<&'static [Check]>,
    /// Reads a clause.
    pub state: fn(&Stated, &mut Clauses) -> Result<(), String>,
}

/// The conditions that were read so far.
#[derive(Debug, Default)]
pub(crate) struct Clauses {
    pub registers: Allocator,
    pub labels: Vec<Labels>,
    pub indices: Vec<Indices>,
    pub rounds: Vec<Rounds>,
    pub others: Vec<Box<dyn Condition>>,
}

/// All conditions of a grammar.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// The words of every clause.
    pub clauses: Vec<String>,
    pub all: Vec<Box<dyn Condition>>,
    /// Those of `all` that are banks of labels, with their places.
    pub labels: Vec<(usize, Arc<Labels>)>,
    pub stack: ReturnStack,
    /// What they and the return stack take.
    pub registers: Allocator,
}

impl Conditions {
    /// Read the clauses of a grammar.
    ///
    /// # Errors
    /// When a condition is not of the closed list or not about what it has to be about.
    pub fn of(grammar: &Grammar) -> Result<Self, String> {
        let mut read = Clauses::default();
        let stack = ReturnStack::new(&mut read.registers);
        let mut clauses = Vec::new();
        // What no object has is no burden on those that there are.
        let used = grammar.used_by(&grammar.objects);
        for (holder, rule) in grammar.rules.iter().enumerate() {
            for clause in &rule.clauses {
                let id = clauses.len() as u16;
                clauses.push(clause.text.clone());
                if !used[holder] {
                    continue;
                }
                let stated = Stated { grammar, clause, holder, id };
                statement(&clause.name)
                    .ok_or_else(|| "no such condition".to_owned())
                    .and_then(|statement| {
                        has_arguments(clause, &statement.arguments)?;
                        (statement.state)(&stated, &mut read)
                    })
                    .map_err(|reason| format!("{} in {}: {reason}", clause.text, rule.name))?;
            }
        }
        read.place_labels(grammar);
        let mut all: Vec<Box<dyn Condition>> = Vec::new();
        all.extend(read.labels.iter().map(|bank| Box::new(bank.clone()) as Box<dyn Condition>));
        all.extend(read.indices.into_iter().map(|bank| Box::new(bank) as Box<dyn Condition>));
        all.extend(read.rounds.into_iter().map(|bank| Box::new(bank) as Box<dyn Condition>));
        all.extend(read.others);
        all.sort_by_key(|condition| condition.clause());
        let place = |bank: &Labels| {
            let mut clauses = all.iter().map(|condition| condition.clause());
            clauses.position(|clause| clause == bank.clause()).unwrap_or_default()
        };
        let labels = read.labels.into_iter().map(|bank| (place(&bank), Arc::new(bank))).collect();
        Ok(Conditions { clauses, all, labels, stack, registers: read.registers })
    }

    /// What each condition is about.
    pub fn about(&self) -> Vec<About> {
        let conditions = self.all.iter();
        conditions
            .map(|condition| About {
                rules: condition.rules(),
                counted: condition.counts(),
                holder: condition.holder(),
                tokens: condition.tokens(),
                covers: condition.covers(),
            })
            .collect()
    }

    /// An error of compiling.
    pub fn said(&self, clause: u16, reason: &str) -> String {
        format!("{}: {reason}", self.clauses[usize::from(clause)])
    }
}

/// The condition of a name.
pub(crate) fn statement(name: &str) -> Option<&'static Statement> {
    CLOSED_LIST.iter().find(|(known, _)| *known == name).map(|(_, statement)| statement)
}

/// Whether a clause has as many arguments as its condition takes.
pub(super) fn has_arguments(clause: &Clause, wanted: &RangeInclusive<usize>) -> Result<(), String> {
    if wanted.contains(&clause.arguments.len()) {
        return Ok(());
    }
    let at_least = if wanted.start() == wanted.end() { "" } else { "at least " };
    Err(format!("expected {at_least}{} arguments", wanted.start()))
}
