//! A recognizer: it takes tokens one by one, takes them back, and says which may come next.

use std::sync::Arc;

use super::layer::{Accepted, Configuration, Layer};
use super::machine::Machine;
use crate::automaton::END;
use crate::automaton::mask::{self, WORDS, Words};
use crate::automaton::registers::{Allocator, Registers};
use crate::error::GrammarError;
use crate::grammar::lexicon;

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

/// A machine in a configuration, and how it came there.
#[derive(Clone, Debug)]
pub struct Recognizer {
    machine: Arc<Machine>,
    start: u32,
    state: u32,
    registers: Registers,
    history: Vec<Accepted>,
    budget: Option<usize>,
    /// While fewer tokens than this were accepted, the budget forbids nothing.
    roomy_until: usize,
    layers: Vec<Box<dyn Layer>>,
}

/// How deep calls may be before anything is allocated.
const INDICES: usize = 64;
/// How many tokens are taken before anything is allocated.
const ROOM: usize = 512;

impl Recognizer {
    /// Begin a sentence of one kind, which is an object type or a form of one, or of any type.
    ///
    /// `None` when there is no such kind.
    #[must_use]
    pub fn new(machine: &Arc<Machine>, kind: Option<&str>, budget: Option<usize>) -> Option<Self> {
        let start = match kind {
            None => machine.start,
            Some(kind) => machine.start_of(kind)?,
        };
        Some(Recognizer {
            machine: Arc::clone(machine),
            start,
            state: start,
            registers: Registers::new(machine.conditions.registers, INDICES, 16 * ROOM),
            history: Vec::with_capacity(ROOM),
            budget,
            roomy_until: 0,
            layers: Vec::new(),
        })
    }

    /// Keep to these layers as well, from the beginning on; `registers` are those of the machine and
    /// of the layers.
    #[must_use]
    pub(crate) fn with_layers(mut self, layers: Vec<Box<dyn Layer>>, registers: Allocator) -> Self {
        self.layers = layers;
        self.registers = Registers::new(registers, INDICES, 16 * ROOM);
        self
    }

    /// The machine that it steps through.
    #[must_use]
    pub fn machine(&self) -> &Arc<Machine> {
        &self.machine
    }

    pub(super) fn configuration(&self) -> Configuration<'_> {
        Configuration { machine: &self.machine, state: self.state, registers: &self.registers }
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
        let entry = self.machine.entry(self.state, id).ok_or(Reason::Unexpected)?;
        if let Some(clause) = self.machine.refusal(entry, id, &self.registers) {
            return Err(Reason::Condition(clause));
        }
        for layer in &self.layers {
            if let Some(reason) = layer.refusal(self.configuration(), id) {
                return Err(Reason::Profile(reason));
            }
        }
        self.history.push((id, self.state, self.registers.changes() as u32));
        self.state = self.machine.take(entry, id, &mut self.registers);
        for layer in &mut self.layers {
            layer.take(&self.machine, &mut self.registers, &self.history, id);
        }
        if let Some(reason) =
            self.layers.iter().find_map(|layer| layer.dead_end(self.configuration()))
        {
            self.rollback(1);
            return Err(Reason::Profile(reason));
        }
        if let Some(budget) = self.budget
            && !self.is_within(budget)
        {
            self.rollback(1);
            return Err(Reason::Budget);
        }
        Ok(())
    }

    /// Whether the sentence can be completed within the budget; finds until when that is sure.
    fn is_within(&mut self, budget: usize) -> bool {
        let position = self.history.len();
        let leaps = |&(_, from, _): &(u16, u32, u32)| self.machine.completion.leaps(from);
        if position < self.roomy_until && !self.history.last().is_some_and(leaps) {
            return true;
        }
        let Some(left) = budget.checked_sub(position) else { return false };
        let at_most = self.completes_within().filter(|&at_most| at_most <= left);
        let needed = at_most.unwrap_or_else(|| self.min_tokens_to_complete());
        let Some(spare) = left.checked_sub(needed) else { return false };
        // A token takes one of what is left, and adds this to what is needed at most.
        self.roomy_until = position + spare.saturating_sub(1) / (self.most_added() + 1);
        true
    }

    /// The most that one token can add to what is needed, and some more.
    fn most_added(&self) -> usize {
        let of_layers = self.layers.iter().map(|layer| layer.most_added()).sum::<usize>();
        self.machine.completion.most_added as usize + 2 + of_layers
    }

    /// Take back the last tokens; more than there are is all.
    pub fn rollback(&mut self, tokens: usize) {
        let kept = self.history.len().saturating_sub(tokens);
        if let Some(&(_, state, changes)) = self.history.get(kept) {
            self.state = state;
            self.registers.undo(changes as usize);
            self.history.truncate(kept);
            self.roomy_until = 0;
        }
    }

    /// Begin again.
    pub fn reset(&mut self) {
        self.state = self.start;
        self.registers.clear();
        self.history.clear();
        self.roomy_until = 0;
    }

    /// Write a bit for each id that may come next.
    ///
    /// # Panics
    /// When the mask has not [`WORDS`] words.
    #[inline]
    pub fn fill(&mut self, mask: &mut [u32]) {
        self.offer(mask);
        if self.is_tight() {
            self.fit(mask);
        }
    }

    /// Write a bit for each id that may come next as far as is known without a try.
    #[inline]
    fn offer(&self, mask: &mut [u32]) {
        assert_eq!(mask.len(), WORDS);
        self.machine.mask(self.state, &self.registers, mask);
        for layer in &self.layers {
            layer.restrict(self.configuration(), &mut Words(mask));
        }
    }

    /// Whether each token must be tried, to see whether the sentence can be completed after it.
    fn is_tight(&self) -> bool {
        let scarce = self.budget.is_some_and(|budget| {
            let left = budget.saturating_sub(self.history.len());
            let at_most =
                || self.completes_within().unwrap_or_else(|| self.min_tokens_to_complete());
            let leap = self.machine.leap(self.state, &self.registers) as usize;
            (leap > 0 || self.history.len() >= self.roomy_until)
                && left <= at_most() + self.most_added() + leap
        });
        scarce || self.layers.iter().any(|layer| layer.is_tight(self.configuration()))
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
    pub fn min_tokens_to_complete(&self) -> usize {
        let of_grammar = self.machine.min_tokens_to_complete(self.state, &self.registers);
        let at = self.configuration();
        let more: i64 = self.layers.iter().map(|layer| layer.more(at, of_grammar)).sum();
        (i64::from(of_grammar) + more).max(0) as usize
    }

    /// No less than `min_tokens_to_complete`, found at once; only without a profile.
    fn completes_within(&self) -> Option<usize> {
        let at_most = || self.machine.completes_within(self.state, &self.registers) as usize;
        self.layers.is_empty().then(at_most)
    }

    /// A shortest completion.
    #[must_use]
    pub fn closing_tokens(&self) -> Vec<u16> {
        let mut ahead = self.clone();
        ahead.set_budget(Some(self.history.len() + self.min_tokens_to_complete()));
        let (mut tokens, mut mask) = (Vec::new(), [0; WORDS]);
        while !ahead.is_done() {
            ahead.offer(&mut mask);
            let mut offered = mask::ids_of(&mask);
            let Some(id) = offered.find(|&id| ahead.accept(id).is_ok()) else { break };
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
        self.state as usize == END
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
        let position = self.history.len();
        GrammarError { position, expected, found: Some(found), condition, cell: None }
    }

    /// The error of tokens that are cut short here.
    #[must_use]
    pub fn cut_short(&mut self) -> GrammarError {
        let expected = self.allowed();
        let position = self.history.len();
        GrammarError { position, expected, found: None, condition: None, cell: None }
    }

    /// The words of a clause.
    #[must_use]
    pub fn clause(&self, place: u16) -> &str {
        &self.machine.conditions.clauses[usize::from(place)]
    }

    /// Within how many tokens the sentence is complete.
    #[must_use]
    pub fn budget(&self) -> Option<usize> {
        self.budget
    }

    /// Set the budget; what was accepted stays accepted.
    pub fn set_budget(&mut self, budget: Option<usize>) {
        self.budget = budget;
        self.roomy_until = 0;
    }
}
