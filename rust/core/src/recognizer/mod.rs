//! The recognizer: the grammar compiled to tables, and a state that steps through them.
//!
//! `notation` reads the rules from their `signs`, `positions` unrolls them, `conditions` turns
//! `where:` clauses into banks of registers (`labels`, `counters`), `compile` makes the tables of a
//! `machine`, `patches` what its guards make of the masks, and `completion` knows how many tokens
//! a sentence still needs. A [`Recognizer`] is a place in that machine: it takes tokens one by one,
//! takes them back, and tells which may come next.

mod compile;
mod completion;
mod conditions;
mod counters;
mod debts;
mod declared;
mod labels;
pub mod lexicon;
mod machine;
pub mod mask;
pub mod notation;
mod patches;
mod positions;
pub mod profile;
mod registers;
mod signs;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

pub use machine::Machine;

use mask::{WORDS, Words};
use notation::{File, Grammar};
use profile::{Layer, Place, Profile};
use registers::Registers;

use crate::error::GrammarError;
use crate::spec_texts::SPEC_TEXTS;

/// The machine of the spec.
///
/// # Panics
/// Never: the spec is compiled in the tests.
#[must_use]
pub fn spec() -> &'static Arc<Machine> {
    static SPEC: LazyLock<Arc<Machine>> = LazyLock::new(|| {
        let files = SPEC_TEXTS.iter().filter(|(path, _)| path.ends_with("ebnf"));
        let files: Vec<File> = files
            .map(|(path, text)| File {
                text,
                is_object: path.starts_with("objects/"),
                is_declared: false,
            })
            .collect();
        let grammar = Grammar::read(&files).unwrap_or_else(|error| panic!("spec: {error}"));
        Arc::new(Machine::compile(&grammar).unwrap_or_else(|error| panic!("spec: {error}")))
    });
    &SPEC
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The rules do not have it here.
    Unexpected,
    /// It breaks a condition: the place of the clause.
    Condition(u16),
    /// The sentence could not be completed within the budget.
    Budget,
    /// The profile forbids it, and why.
    Profile(&'static str),
}

/// A token that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// How many tokens were accepted before it.
    pub position: usize,
    /// Why.
    pub reason: Reason,
}

/// A place in a machine.
#[derive(Clone, Debug)]
pub struct Recognizer {
    machine: Arc<Machine>,
    start: u32,
    position: u32,
    registers: Registers,
    /// Each token with the position and the changes before it.
    history: Vec<(u16, u32, u32)>,
    budget: Option<usize>,
    layers: Vec<Layer>,
}

/// How many tokens are taken before anything is allocated.
const ROOM: usize = 512;

impl Recognizer {
    /// Begin a sentence of one object type, or of any.
    ///
    /// `None` when there is no such type.
    #[must_use]
    pub fn new(machine: &Arc<Machine>, kind: Option<&str>, budget: Option<usize>) -> Option<Self> {
        let start = match kind {
            None => machine.start,
            Some(kind) => machine.starts.iter().find(|(name, _)| name == kind)?.1,
        };
        Some(Recognizer {
            machine: Arc::clone(machine),
            start,
            position: start,
            registers: Registers::with_capacity(machine.levels + 256, 16 * ROOM),
            history: Vec::with_capacity(ROOM),
            budget,
            layers: Vec::new(),
        })
    }

    /// Keep to a sublanguage as well.
    ///
    /// # Errors
    /// Says why when the grammar has nothing that the profile is about.
    pub fn with_profile(mut self, profile: &Profile) -> Result<Self, &'static str> {
        self.layers = profile.layers(&self.machine)?;
        Ok(self)
    }

    fn place(&self) -> Place<'_> {
        Place { machine: &self.machine, position: self.position, registers: &self.registers }
    }

    /// Take one token.
    ///
    /// # Errors
    /// When it may not come next; nothing has changed then.
    #[inline]
    pub fn accept(&mut self, id: u16) -> Result<(), Refusal> {
        match self.try_accept(id) {
            Ok(()) => Ok(()),
            Err(reason) => Err(Refusal { position: self.history.len(), reason }),
        }
    }

    #[inline]
    fn try_accept(&mut self, id: u16) -> Result<(), Reason> {
        let step = self.machine.step(self.position, id).ok_or(Reason::Unexpected)?;
        if let Some(clause) = self.machine.refusal(step, id, &self.registers) {
            return Err(Reason::Condition(clause));
        }
        for layer in &self.layers {
            if let Some(reason) = layer.refusal(self.place(), id) {
                return Err(Reason::Profile(reason));
            }
        }
        self.history.push((id, self.position, self.registers.changes() as u32));
        self.position = self.machine.take(step, id, &mut self.registers);
        for layer in &mut self.layers {
            layer.take(&self.machine, &mut self.registers, &self.history, id);
        }
        if let Some(reason) = self.layers.iter().find_map(|layer| layer.dead_end(self.place())) {
            self.rollback(1);
            return Err(Reason::Profile(reason));
        }
        if self.budget.is_some_and(|budget| !self.is_within(budget)) {
            self.rollback(1);
            return Err(Reason::Budget);
        }
        Ok(())
    }

    fn is_within(&self, budget: usize) -> bool {
        budget.checked_sub(self.history.len()).is_some_and(|left| {
            self.needed_at_most().is_some_and(|at_most| left >= at_most) || left >= self.needed()
        })
    }

    /// Take back the last tokens; more than there are is all.
    pub fn rollback(&mut self, tokens: usize) {
        let kept = self.history.len().saturating_sub(tokens);
        if let Some(&(_, position, changes)) = self.history.get(kept) {
            self.position = position;
            self.registers.undo(changes as usize);
            self.history.truncate(kept);
        }
    }

    /// Begin again.
    pub fn reset(&mut self) {
        self.position = self.start;
        self.registers.clear();
        self.history.clear();
    }

    /// Write a bit for each id that may come next.
    ///
    /// # Panics
    /// When the mask has not [`WORDS`] words.
    #[inline]
    pub fn fill(&mut self, mask: &mut [u32]) {
        assert_eq!(mask.len(), WORDS);
        self.machine.mask(self.position, &self.registers, mask);
        for layer in &self.layers {
            layer.restrict(self.place(), &mut Words(mask));
        }
        if self.is_tight() {
            self.fit(mask);
        }
    }

    /// Whether each token must be tried, to see whether the sentence can be completed after it.
    fn is_tight(&self) -> bool {
        let scarce = self.budget.is_some_and(|budget| {
            let left = budget.saturating_sub(self.history.len());
            let of_layers = self.layers.iter().map(Layer::most_added).sum::<usize>();
            let added = self.machine.completion.most_added as usize + 2 + of_layers;
            let at_most = self.needed_at_most().unwrap_or_else(|| self.needed());
            left <= at_most + added
        });
        scarce || self.layers.iter().any(|layer| layer.is_tight(self.place()))
    }

    /// Leave only tokens after which the sentence can be completed within the budget.
    #[cold]
    fn fit(&mut self, mask: &mut [u32]) {
        for (place, word) in mask.iter_mut().enumerate() {
            for bit in (0..32).filter(|bit| *word >> bit & 1 == 1).collect::<Vec<_>>() {
                if self.accept(place as u16 * 32 + bit).is_ok() {
                    self.rollback(1);
                } else {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// The ids that may come next, ascending.
    #[must_use]
    pub fn allowed(&mut self) -> Vec<u16> {
        let mut mask = [0; WORDS];
        self.fill(&mut mask);
        mask::ids_of(&mask).collect()
    }

    /// How many tokens are needed at least to complete the sentence.
    #[must_use]
    pub fn needed(&self) -> usize {
        let of_grammar = self.machine.needed(self.position, &self.registers);
        let place = self.place();
        let more: i64 = self.layers.iter().map(|layer| layer.needed(place, of_grammar)).sum();
        (i64::from(of_grammar) + more).max(0) as usize
    }

    /// No less than `needed`, found at once; only without a profile.
    fn needed_at_most(&self) -> Option<usize> {
        let at_most = || self.machine.needed_at_most(self.position, &self.registers) as usize;
        self.layers.is_empty().then(at_most)
    }

    /// A shortest completion.
    #[must_use]
    pub fn closing_tokens(&self) -> Vec<u16> {
        let mut ahead = self.clone();
        ahead.budget = Some(self.history.len() + self.needed());
        let mut tokens = Vec::new();
        while !ahead.is_done() {
            let Some(&id) = ahead.allowed().first() else { break };
            if ahead.accept(id).is_err() {
                break;
            }
            tokens.push(id);
        }
        tokens
    }

    /// The tokens that come next without an alternative.
    #[must_use]
    pub fn forced(&self) -> Vec<u16> {
        let mut ahead = self.clone();
        let mut tokens = Vec::new();
        while let [id] = ahead.allowed()[..] {
            if ahead.accept(id).is_err() {
                break;
            }
            tokens.push(id);
        }
        tokens
    }

    /// How many tokens were accepted.
    #[must_use]
    pub fn position(&self) -> usize {
        self.history.len()
    }

    /// Whether the sentence is complete, so that nothing can follow.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.machine.completion.is_end(self.position)
    }

    /// The tokens so far.
    #[must_use]
    pub fn ids(&self) -> impl ExactSizeIterator<Item = u16> + '_ {
        self.history.iter().map(|&(id, ..)| id)
    }

    /// The tokens that its grammar declares.
    #[must_use]
    pub fn lexicon(&self) -> &lexicon::Lexicon {
        &self.machine.lexicon
    }

    /// The error of tokens that end with one that was refused here.
    #[must_use]
    pub fn explained(&mut self, reason: Reason, found: u16) -> GrammarError {
        let condition = match reason {
            Reason::Unexpected => None,
            Reason::Condition(clause) => Some(self.clause(clause).to_owned().into()),
            Reason::Budget => Some("the budget".into()),
            Reason::Profile(reason) => Some(reason.into()),
        };
        let expected = self.allowed();
        GrammarError { position: self.history.len(), expected, found: Some(found), condition }
    }

    /// The error of tokens that are cut short here.
    #[must_use]
    pub fn cut_short(&mut self) -> GrammarError {
        let expected = self.allowed();
        GrammarError { position: self.history.len(), expected, found: None, condition: None }
    }

    /// The words of a clause.
    #[must_use]
    pub fn clause(&self, place: u16) -> &str {
        &self.machine.clauses[usize::from(place)]
    }

    /// Within how many tokens the sentence is complete.
    #[must_use]
    pub fn budget(&self) -> Option<usize> {
        self.budget
    }

    /// Set the budget; what was accepted stays accepted.
    pub fn set_budget(&mut self, budget: Option<usize>) {
        self.budget = budget;
    }
}
