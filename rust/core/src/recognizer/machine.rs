//! Machine: a grammar as tables, and what each step does to the registers.

use super::counters::{Places, Tally, Word};
use super::labels::{LabelGuard, Labels, Level};
use super::patches::Patches;
use crate::automaton::mask::{Bits, WORDS, Words, ids_of_bits};
use crate::automaton::registers::Registers;
use crate::grammar::lexicon::Lexicon;

/// No position.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// The register that counts the calls we are in.
pub(crate) const CALLS: usize = 0;
/// The register of how many tokens the calls need when they have returned.
pub(crate) const CALLS_COST: usize = 1;

/// How many registers come before those of the conditions.
pub(crate) const RESERVED: usize = 2 + 32 + 128;

/// What a step does to the registers; numbers are places of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    ResetLabels(u8),
    BeginItem(u8),
    EndItem(u8),
    ForgetItem(u8),
    KeepItem(u8),
    RestoreItem(u8),
    BeginScope(u8),
    EndScope(u8),
    Open(u8),
    Close(u8),
    Bond(u8),
    Closing(u8),
    Symbol(u8),
    ResetTally(u8),
    AddTally(u8),
    TakeTally(u8),
    ResetWord(u8),
    ReadWord(u8),
    DeclarePlaces(u8),
    BeginPlaces(u8),
    ReadPlaces(u8),
    Call(u16),
    Return,
}

/// What must hold for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    Label(u8, LabelGuard),
    Owed(u8),
    Paid(u8),
    /// That the token pays the last of what is owed.
    Pays(u8),
    WordEnds(u8),
    LastCharacter(u8),
    Fraction(u8),
    Whole(u8),
}

impl Guard {
    /// Whether its tokens are put into the mask one by one, so that they are not in the row.
    pub fn puts(self) -> bool {
        matches!(self, Guard::Label(_, LabelGuard::Open { .. } | LabelGuard::Close))
    }
}

/// One step: where it leads (`NOWHERE` for a return), and its guards and ops in the machine's lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub to: u32,
    pub guards: (u32, u32),
    pub ops: (u32, u32),
}

/// A form of an object type: one of the rules of which the type's own rule is a choice.
#[derive(Debug)]
pub(crate) struct Form {
    pub name: String,
    pub object_type: String,
    pub start: u32,
}

/// A grammar compiled.
#[derive(Debug, Default)]
pub struct Machine {
    /// The name of each object type and where it begins.
    pub(crate) starts: Vec<(String, u32)>,
    /// The forms of the object types.
    pub(crate) forms: Vec<Form>,
    /// Where any object begins.
    pub(crate) start: u32,
    pub(crate) clauses: Vec<String>,
    pub(crate) labels: Vec<Labels>,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) words: Vec<Word>,
    pub(crate) places: Vec<Places>,
    /// Tokens that no rule tells apart have one class; 0 is no token of the grammar.
    pub(crate) class_of: Vec<u16>,
    pub(crate) classes: usize,
    /// By position and class the step, one more than its place; 0 for none.
    pub(crate) next: Vec<u16>,
    pub(crate) steps: Vec<Step>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) ops: Vec<Op>,
    /// By position its row of the masks.
    pub(crate) row_of: Vec<u16>,
    pub(crate) rows: Vec<u32>,
    /// By position what its guards make of the row.
    pub(crate) patches: Vec<Patches>,
    pub(crate) completion: super::completion::Completion,
    /// The first register of the levels, which are without bound.
    pub(crate) levels: usize,
    /// The tokens that its grammar declares.
    pub(crate) lexicon: Lexicon,
}

impl Machine {
    /// Where the sentences of a kind begin: of an object type, or of a form of one.
    pub(crate) fn start_of(&self, kind: &str) -> Option<u32> {
        let form = || self.forms.iter().find(|form| form.name == kind).map(|form| form.start);
        self.starts.iter().find(|(name, _)| name == kind).map(|&(_, start)| start).or_else(form)
    }

    /// The object type of a kind, which is one or a form of one.
    #[must_use]
    pub fn object_type(&self, kind: &str) -> Option<&str> {
        let form = || self.forms.iter().find(|form| form.name == kind);
        self.kinds().find(|&name| name == kind).or_else(|| Some(form()?.object_type.as_str()))
    }

    /// The names of the object types.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.starts.iter().map(|(name, _)| name.as_str())
    }

    /// The tokens that its grammar declares, beside those of the vocabulary.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Whether a token completes a sentence.
    pub(crate) fn ends(&self, position: u32, id: u16) -> bool {
        let to = self.step(position, id).map_or(NOWHERE, |step| step.to);
        to != NOWHERE && self.completion.is_end(to)
    }

    /// The step that a token takes from a position.
    #[inline]
    pub(crate) fn step(&self, position: u32, id: u16) -> Option<Step> {
        let class = usize::from(*self.class_of.get(usize::from(id))?);
        let place = self.next[position as usize * self.classes + class];
        Some(self.steps[usize::from(place.checked_sub(1)?)])
    }

    /// The clause that a token would break, if any.
    #[inline]
    pub(crate) fn refusal(&self, step: Step, id: u16, registers: &Registers) -> Option<u16> {
        let (first, last) = step.guards;
        let guards = &self.guards[first as usize..last as usize];
        guards.iter().find_map(|&guard| self.refusal_of(guard, id, registers))
    }

    fn refusal_of(&self, guard: Guard, id: u16, registers: &Registers) -> Option<u16> {
        let clause = |holds: bool, clause: u16| (!holds).then_some(clause);
        match guard {
            Guard::Label(i, guard) => self.labels[usize::from(i)].refusal_of(guard, id, registers),
            Guard::Owed(i) => {
                let tally = &self.tallies[usize::from(i)];
                clause(tally.owed(registers) > 0, tally.clause)
            }
            Guard::Paid(i) => {
                let tally = &self.tallies[usize::from(i)];
                clause(tally.owed(registers) == 0, tally.clause)
            }
            Guard::Pays(i) => {
                let tally = &self.tallies[usize::from(i)];
                clause(tally.owed(registers) == 1, tally.clause)
            }
            Guard::WordEnds(i) => {
                let word = &self.words[usize::from(i)];
                clause(!word.is_one(registers), word.clause)
            }
            Guard::LastCharacter(i) => {
                let word = &self.words[usize::from(i)];
                clause(!word.would_be_one(registers, id), word.clause)
            }
            Guard::Fraction(i) => {
                let places = &self.places[usize::from(i)];
                clause(!places.refuses(registers, id), places.clause)
            }
            Guard::Whole(i) => {
                let places = &self.places[usize::from(i)];
                clause(places.owed(registers) == 0, places.clause)
            }
        }
    }

    /// Write what may follow a position to a mask of `WORDS` words.
    #[inline]
    pub(crate) fn mask(&self, position: u32, registers: &Registers, mask: &mut [u32]) {
        let row = usize::from(self.row_of[position as usize]) * WORDS;
        mask.copy_from_slice(&self.rows[row..row + WORDS]);
        let patches = &self.patches[position as usize];
        let mask = &mut Words(mask);
        for (i, patch) in &patches.labels {
            self.labels[usize::from(*i)].restrict(patch, registers, mask);
        }
        for (guard, bits) in &patches.guards {
            self.restrict(*guard, bits, registers, mask);
        }
    }

    fn restrict(&self, guard: Guard, bits: &Bits, registers: &Registers, mask: &mut Words) {
        match guard {
            Guard::Label(..) | Guard::LastCharacter(_) | Guard::Fraction(_) => {
                for id in ids_of_bits(bits) {
                    if self.refusal_of(guard, id, registers).is_some() {
                        mask.clear_id(id);
                    }
                }
            }
            Guard::Owed(_)
            | Guard::Paid(_)
            | Guard::Pays(_)
            | Guard::WordEnds(_)
            | Guard::Whole(_) => {
                // They ask the same of every token.
                if self.refusal_of(guard, 0, registers).is_some() {
                    mask.clear(bits);
                }
            }
        }
    }

    /// Take a step, which may be taken, and give the position after it.
    #[inline]
    pub(crate) fn take(&self, step: Step, id: u16, registers: &mut Registers) -> u32 {
        let mut step = step;
        loop {
            let mut back = NOWHERE;
            for &op in &self.ops[step.ops.0 as usize..step.ops.1 as usize] {
                self.run(op, id, registers, &mut back);
            }
            if back == NOWHERE {
                return step.to;
            }
            match self.step(back, id) {
                Some(next) => step = next,
                None => return NOWHERE,
            }
        }
    }

    fn level(&self, calls: u32) -> usize {
        self.levels + calls as usize * Level::SIZE
    }

    /// The registers of the calls we are in, the innermost first.
    pub(crate) fn calls<'a>(
        &'a self,
        registers: &'a Registers,
    ) -> impl Iterator<Item = usize> + 'a {
        (1..=registers.get(CALLS)).rev().map(|calls| self.level(calls))
    }

    /// The registers of the calls within the instance that a bank is about, the innermost first.
    pub(crate) fn calls_within<'a>(
        &'a self,
        bank: &Labels,
        registers: &'a Registers,
    ) -> impl Iterator<Item = usize> + 'a {
        let calls = registers.get(CALLS).saturating_sub(bank.calls_before(registers));
        self.calls(registers).take(calls as usize)
    }

    #[inline]
    fn run(&self, op: Op, id: u16, registers: &mut Registers, back: &mut u32) {
        match op {
            Op::ResetLabels(i) => {
                self.labels[usize::from(i)].reset(registers, registers.get(CALLS));
            }
            Op::BeginItem(i) => self.labels[usize::from(i)].begin_item(registers),
            Op::EndItem(i) => self.labels[usize::from(i)].end_item(registers),
            Op::ForgetItem(i) => self.labels[usize::from(i)].forget_item(registers),
            Op::KeepItem(i) => {
                let level = self.level(registers.get(CALLS) + 1);
                self.labels[usize::from(i)].keep_item(registers, level);
            }
            Op::RestoreItem(i) => {
                let level = self.level(registers.get(CALLS));
                self.labels[usize::from(i)].restore_item(registers, level);
            }
            Op::BeginScope(i) => self.labels[usize::from(i)].begin_scope(registers),
            Op::EndScope(i) => self.labels[usize::from(i)].end_scope(registers),
            Op::Open(i) => self.labels[usize::from(i)].open(registers, id),
            Op::Close(i) => self.labels[usize::from(i)].close(registers, id),
            Op::Bond(i) => self.labels[usize::from(i)].bond(registers, id),
            Op::Closing(i) => self.labels[usize::from(i)].closing(registers, id),
            Op::Symbol(i) => self.labels[usize::from(i)].symbol(registers, id),
            Op::ResetTally(i) => self.tallies[usize::from(i)].reset(registers),
            Op::AddTally(i) => self.tallies[usize::from(i)].add(registers),
            Op::TakeTally(i) => self.tallies[usize::from(i)].take(registers),
            Op::ResetWord(i) => self.words[usize::from(i)].reset(registers),
            Op::ReadWord(i) => self.words[usize::from(i)].read(registers, id),
            Op::DeclarePlaces(i) => self.places[usize::from(i)].declare(registers, id),
            Op::BeginPlaces(i) => self.places[usize::from(i)].begin(registers),
            Op::ReadPlaces(i) => self.places[usize::from(i)].read(registers),
            Op::Call(position) => {
                let calls = registers.get(CALLS) + 1;
                registers.set(CALLS, calls);
                registers.set(self.level(calls) + Level::BACK, u32::from(position));
                let cost = self.completion.cost(u32::from(position));
                registers.set(CALLS_COST, registers.get(CALLS_COST) + cost);
            }
            Op::Return => {
                let calls = registers.get(CALLS);
                *back = registers.get(self.level(calls) + Level::BACK);
                registers.set(CALLS, calls - 1);
                let cost = self.completion.cost(*back);
                registers.set(CALLS_COST, registers.get(CALLS_COST) - cost);
            }
        }
    }
}
