//! The bank of rounds: its registers, and what they say.

use super::price::Price;
use super::shape;
use crate::automaton::registers::{Allocator, Column, Registers};
use crate::conditions::arguments::Stated;
use crate::conditions::condition::{ClauseId, is_in};
use crate::conditions::stated::Clauses;
use crate::grammar::Expression;

/// The conditions of one rule on its rounds.
#[derive(Clone, Debug)]
pub(crate) struct Rounds {
    pub(super) holder: usize,
    /// The clause of `one_each`, and its rules.
    pub(super) one_each: ClauseId,
    pub(super) item: usize,
    pub(super) of: usize,
    pub(super) round: usize,
    pub(super) item_price: Price,
    pub(super) alike: Option<Alike>,
    pub(super) permutation: Option<Permutation>,
    /// The first register.
    base: usize,
    /// How many parts the first round has before its first item, and after each.
    parts: Column,
}

/// The clause of `alike`.
#[derive(Clone, Debug)]
pub(super) struct Alike {
    pub clause: ClauseId,
    pub part: usize,
    pub price: Price,
}

/// The clause of `permutation`.
#[derive(Clone, Debug)]
pub(super) struct Permutation {
    pub clause: ClauseId,
    pub rank: usize,
    pub order: usize,
    /// The tokens of the ranks.
    pub ranks: (u16, u16),
    /// Whether the rules demand one.
    is_demanded: bool,
    /// A bit for each rank that was read, in words as a mask has them.
    seen: usize,
}

// The registers.
/// How many OF there are.
const COUNT: usize = 0;
/// How many rounds have begun.
const ROUNDS: usize = 1;
/// How many items of the present round have begun.
const ITEMS: usize = 2;
/// How many parts were read since the last of them, and in the whole round.
const PARTS_HERE: usize = 3;
const PARTS_READ: usize = 4;
/// How many parts the first round has.
const PARTS: usize = 5;
/// How many ranks are still to come.
const RANKS: usize = 6;
/// Whether we are in an instance of the rule.
const PRESENT: usize = 7;
const ALL: usize = 8;

impl Rounds {
    /// An instance of the rule begins.
    pub(super) fn begin(&self, registers: &mut Registers) {
        self.reset(registers);
        self.write(registers, PRESENT, 1);
    }

    /// An instance of the rule has ended.
    pub(super) fn reset(&self, registers: &mut Registers) {
        (self.base..self.base + ALL).for_each(|at| registers.set(at, 0));
        for price in self.prices() {
            price.forget(registers);
        }
    }

    pub(super) fn prices(&self) -> impl Iterator<Item = &Price> {
        [&self.item_price].into_iter().chain(self.alike.as_ref().map(|alike| &alike.price))
    }

    fn read(&self, registers: &Registers, what: usize) -> u32 {
        registers.get(self.base + what)
    }

    fn write(&self, registers: &mut Registers, what: usize, value: u32) {
        registers.set(self.base + what, value);
    }

    /// One more of what each round has one item of.
    pub(super) fn count(&self, registers: &mut Registers) {
        self.write(registers, COUNT, self.read(registers, COUNT) + 1);
    }

    pub(super) fn begin_round(&self, registers: &mut Registers) {
        self.write(registers, ROUNDS, self.read(registers, ROUNDS) + 1);
        self.write(registers, ITEMS, 0);
        self.write(registers, PARTS_READ, 0);
        self.begin_parts(registers);
    }

    pub(super) fn begin_item(&self, registers: &mut Registers) {
        self.write(registers, ITEMS, self.read(registers, ITEMS) + 1);
        self.begin_parts(registers);
    }

    fn begin_parts(&self, registers: &mut Registers) {
        self.write(registers, PARTS_HERE, 0);
        if self.is_first(registers) {
            self.keep_parts(registers, 0);
        }
    }

    fn keep_parts(&self, registers: &mut Registers, parts: u32) {
        registers.set(registers.cell(self.parts, self.read(registers, ITEMS)), parts);
    }

    pub(super) fn begin_part(&self, registers: &mut Registers) {
        let here = self.read(registers, PARTS_HERE) + 1;
        self.write(registers, PARTS_HERE, here);
        let all = self.read(registers, PARTS_READ) + 1;
        self.write(registers, PARTS_READ, all);
        if self.is_first(registers) {
            self.write(registers, PARTS, all);
            self.keep_parts(registers, here);
        }
    }

    pub(super) fn begin_order(&self, registers: &mut Registers) {
        self.write(registers, RANKS, self.points(registers));
        let Some(permutation) = &self.permutation else { return };
        for word in 0..permutation.words() {
            registers.set(permutation.seen + word, 0);
        }
    }

    pub(super) fn read_rank(&self, registers: &mut Registers, id: u16) {
        self.write(registers, RANKS, self.read(registers, RANKS).saturating_sub(1));
        if let Some(permutation) = &self.permutation {
            let at = permutation.seen_at(usize::from(id / 32));
            registers.set(at, registers.get(at) | 1 << (id % 32));
        }
    }

    /// Whether the present round is the first, or none has begun.
    fn is_first(&self, registers: &Registers) -> bool {
        self.read(registers, ROUNDS) <= 1
    }

    /// Whether we are in an instance of the rule in which no round has begun.
    pub(super) fn is_before(&self, registers: &Registers) -> bool {
        self.read(registers, PRESENT) == 1 && self.read(registers, ROUNDS) == 0
    }

    pub(super) fn counted(&self, registers: &Registers) -> u32 {
        self.read(registers, COUNT)
    }

    /// How many items the present round still has.
    pub(super) fn items_left(&self, registers: &Registers) -> u32 {
        let all = self.counted(registers).saturating_sub(1);
        all.saturating_sub(self.read(registers, ITEMS))
    }

    /// How many parts may still come before the next item; none where any number may.
    pub(super) fn parts_left_here(&self, registers: &Registers) -> Option<u32> {
        if self.alike.is_none() || self.is_first(registers) {
            return None;
        }
        let all = registers.get(registers.cell(self.parts, self.read(registers, ITEMS)));
        Some(all.saturating_sub(self.read(registers, PARTS_HERE)))
    }

    /// How many parts the present round still has.
    pub(super) fn parts_left(&self, registers: &Registers) -> u32 {
        if self.alike.is_none() || self.is_first(registers) {
            return 0;
        }
        self.parts_of_first(registers).saturating_sub(self.read(registers, PARTS_READ))
    }

    pub(super) fn parts_of_first(&self, registers: &Registers) -> u32 {
        self.read(registers, PARTS)
    }

    /// How many ranks are still to come.
    pub(super) fn ranks_left(&self, registers: &Registers) -> u32 {
        self.read(registers, RANKS)
    }

    /// How many ranks are still to come beside those that the rules demand.
    pub(super) fn ranks_owed(&self, registers: &Registers) -> u32 {
        let left = self.ranks_left(registers);
        let is_demanded = self.permutation.as_ref().is_some_and(|one| one.is_demanded);
        left - u32::from(left > 0 && is_demanded && left == self.points(registers))
    }

    /// How many points a round has: its head, its items and its parts.
    pub(super) fn points(&self, registers: &Registers) -> u32 {
        self.counted(registers).max(1) + self.parts_of_first(registers)
    }

    /// Whether there is a rank for each point.
    pub(super) fn fits(&self, registers: &Registers) -> bool {
        let most = |one: &Permutation| u32::from(one.ranks.1 - one.ranks.0) + 1;
        self.permutation.as_ref().is_none_or(|one| self.points(registers) <= most(one))
    }

    /// What there is of an order: its condition, and the tokens of its ranks.
    pub(super) fn ranks_of(&self, registers: &Registers) -> Option<(&Permutation, (u16, u16))> {
        self.permutation.as_ref().zip(self.ranks(registers))
    }

    /// The tokens of the ranks that there are.
    pub(super) fn ranks(&self, registers: &Registers) -> Option<(u16, u16)> {
        let first = self.permutation.as_ref()?.ranks.0;
        Some((first, first + (self.points(registers) - 1) as u16))
    }
}

impl Permutation {
    fn words(&self) -> usize {
        usize::from(self.ranks.1 / 32) - usize::from(self.ranks.0 / 32) + 1
    }

    fn seen_at(&self, word: usize) -> usize {
        self.seen + word - usize::from(self.ranks.0 / 32)
    }

    /// The ranks in a word of a mask that were read.
    pub(super) fn seen(&self, registers: &Registers, word: usize) -> u32 {
        registers.get(self.seen_at(word))
    }
}

impl Clauses {
    /// Read a clause of `one_each`, which begins a bank.
    pub(in crate::conditions) fn state_rounds(&mut self, stated: &Stated) -> Result<(), String> {
        if self.rounds.iter().any(|bank| bank.holder == stated.holder) {
            return Err("expected it once".to_owned());
        }
        let (item, of, round) = (stated.rule(0)?, stated.rule(1)?, stated.rule(2)?);
        shape::holder(stated, of, round)?;
        shape::round(stated.grammar, round, item, None)?;
        let registers: &mut Allocator = &mut self.registers;
        let item_price = Price::of(stated.grammar, item, registers)?;
        item_price.is_declared_between(stated, of, round)?;
        self.rounds.push(Rounds {
            holder: stated.holder,
            one_each: stated.id,
            item,
            of,
            round,
            item_price,
            alike: None,
            permutation: None,
            base: registers.words(ALL),
            parts: registers.column(),
        });
        Ok(())
    }

    fn rounds_of(&mut self, holder: usize) -> Result<&mut Rounds, String> {
        let known = self.rounds.iter_mut().find(|bank| bank.holder == holder);
        known.ok_or_else(|| "expected `one_each` before it".to_owned())
    }

    /// Read a clause of `alike`.
    pub(in crate::conditions) fn state_alike(&mut self, stated: &Stated) -> Result<(), String> {
        let (part, round) = (stated.rule(0)?, stated.rule(1)?);
        let price = Price::of(stated.grammar, part, &mut self.registers)?;
        let bank = self.rounds_of(stated.holder)?;
        if bank.round != round || bank.alike.is_some() {
            return Err("expected it once, for the rounds of `one_each`".to_owned());
        }
        shape::round(stated.grammar, round, bank.item, Some(part))?;
        price.is_declared_between(stated, bank.of, round)?;
        bank.alike = Some(Alike { clause: stated.id, part, price });
        Ok(())
    }

    /// Read a clause of `permutation`.
    pub(in crate::conditions) fn state_permutation(
        &mut self,
        stated: &Stated,
    ) -> Result<(), String> {
        let (rank, order) = (stated.rule(0)?, stated.rule(1)?);
        let Expression::Tokens(tokens) = &stated.grammar.rules[rank].expression else {
            return Err("expected a rule that is one token for the rank".to_owned());
        };
        let ranks = (tokens[0].0, tokens[tokens.len() - 1].1);
        if !is_in(tokens, ranks) || tokens.len() != 1 {
            return Err("expected ranks that follow each other".to_owned());
        }
        let words = usize::from(ranks.1 / 32) - usize::from(ranks.0 / 32) + 1;
        let seen = self.registers.words(words);
        let bank = self.rounds_of(stated.holder)?;
        if bank.permutation.is_some() {
            return Err("expected it once".to_owned());
        }
        let is_demanded = shape::order(stated, bank.round, rank, order)?;
        let clause = stated.id;
        bank.permutation = Some(Permutation { clause, rank, order, ranks, is_demanded, seen });
        Ok(())
    }
}
