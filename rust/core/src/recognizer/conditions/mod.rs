//! Conditions: the `where:` clauses of a grammar as the registers that keep them.

mod arguments;
mod steps;

pub(crate) use steps::Seen;

use super::counters::{Places, Tally, Word};
use super::labels::{self, Join, Labels};
use crate::automaton::Position;
use crate::grammar::{Clause, Grammar, Tokens, block};
use arguments::About;

/// All conditions of a grammar, and where they stand.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    pub clauses: Vec<String>,
    pub labels: Vec<(Labels, LabelRules)>,
    pub tallies: Vec<(Tally, TallyRule)>,
    pub words: Vec<(Word, WordRule)>,
    pub places: Vec<(Places, PlacesRule)>,
    /// How many registers they take.
    pub registers: usize,
}

/// The rules that a bank of labels listens to.
#[derive(Debug, Default)]
pub(crate) struct LabelRules {
    holder: usize,
    /// In which a label is in use, and which is joined.
    item: Option<usize>,
    /// In which labels close, and the clause.
    scopes: Vec<(usize, u16)>,
}

#[derive(Debug)]
pub(crate) struct TallyRule {
    holder: usize,
    more: u16,
    less: u16,
}

#[derive(Debug)]
pub(crate) struct WordRule {
    holder: usize,
    word: usize,
}

#[derive(Debug)]
pub(crate) struct PlacesRule {
    number: usize,
}

impl Conditions {
    /// Read the conditions of a grammar.
    ///
    /// # Errors
    /// When a condition is not of the closed list or not about what it has to be about.
    pub fn of(grammar: &Grammar) -> Result<Self, String> {
        let mut all = Conditions { registers: super::machine::RESERVED, ..Conditions::default() };
        for (holder, rule) in grammar.rules.iter().enumerate() {
            for condition in &rule.clauses {
                let clause = all.clauses.len() as u16;
                all.clauses.push(condition.text.clone());
                all.add(grammar, holder, condition, clause)
                    .map_err(|reason| format!("{} in {}: {reason}", condition.text, rule.name))?;
            }
        }
        Ok(all)
    }

    /// Whether the labels of a bank join atoms.
    pub fn has_atoms(&self, bank: u8) -> bool {
        self.labels[usize::from(bank)].0.unjoined.is_some()
    }

    /// A clause that the rules do not suit, if any, and why.
    pub fn misplaced(&self, positions: &[Position]) -> Option<String> {
        const OUTSIDE: &str = "what it is about stands outside of its rules, too";
        const AROUND: &str = "its rule stands around the one that states it";
        let said =
            |clause: u16, reason| Some(format!("{}: {reason}", self.clauses[usize::from(clause)]));
        for (bank, rules) in self.labels.iter().filter(|(bank, _)| bank.unjoined.is_none()) {
            let scopes = rules.scopes.iter().map(|(rule, _)| rule);
            let around: Vec<&usize> =
                [&rules.holder].into_iter().chain(&rules.item).chain(scopes).collect();
            let is_of = |at: &&Position| {
                !at.tokens.is_empty() && (bank.opens(&at.tokens) || bank.closes(&at.tokens))
            };
            for at in positions.iter().filter(is_of) {
                if around.iter().any(|rule| !at.rules.contains(rule)) {
                    return bank.opened.and_then(|clause| said(clause, OUTSIDE));
                }
                let is_around = |scope| at.around(rules.holder).contains(scope);
                let around = rules.scopes.iter().find(|(scope, _)| is_around(scope));
                if let Some(&(_, clause)) = around.filter(|(scope, _)| *scope != rules.holder) {
                    return said(clause, AROUND);
                }
            }
        }
        for (tally, rule) in &self.tallies {
            let is_of =
                |at: &&Position| [rule.less, rule.more].iter().any(|&id| at.tokens == [(id, id)]);
            if positions.iter().filter(is_of).any(|at| !at.rules.contains(&rule.holder)) {
                return said(tally.clause, OUTSIDE);
            }
        }
        None
    }

    /// The rules whose instances begin and end.
    pub fn scoped(&self, grammar: &Grammar) -> Vec<bool> {
        let mut scoped = vec![false; grammar.rules.len()];
        for (_, rules) in &self.labels {
            scoped[rules.holder] = true;
            for rule in rules.item.iter().chain(rules.scopes.iter().map(|(rule, _)| rule)) {
                scoped[*rule] = true;
            }
        }
        for (_, rule) in &self.tallies {
            scoped[rule.holder] = true;
        }
        for (_, rule) in &self.words {
            scoped[rule.word] = true;
        }
        for (_, rule) in &self.places {
            scoped[rule.number] = true;
        }
        scoped
    }

    fn take(&mut self, registers: usize) -> usize {
        let base = self.registers;
        self.registers += registers;
        base
    }

    fn add(
        &mut self,
        grammar: &Grammar,
        holder: usize,
        condition: &Clause,
        clause: u16,
    ) -> Result<(), String> {
        let of = About { grammar, condition };
        match condition.name.as_str() {
            "lowest_free" => {
                let (bank, rules) = self.bank(holder, of.block(0)?, of.block(1)?);
                bank.lowest_free = Some(clause);
                rules.set_item(of.rule(2)?)
            }
            "opened" => {
                let (bank, _) = self.bank(holder, of.block(1)?, of.block(0)?);
                bank.opened = Some(clause);
                Ok(())
            }
            "in_turn" => {
                let (bank, rules) = self.bank(holder, of.block(1)?, of.block(0)?);
                bank.in_turn = Some(clause);
                rules.set_item(of.rule(2)?)
            }
            "unjoined" => {
                let (bank, rules) = self.bank(holder, of.block(1)?, of.block(0)?);
                bank.unjoined = Some(clause);
                rules.set_item(of.rule(2)?)
            }
            "closes_within" => {
                let (_, rules) = self.bank(holder, of.block(0)?, of.block(1)?);
                rules.scopes.push((of.rule(2)?, clause));
                Ok(())
            }
            "joins_only" | "joins_not" => {
                let only = condition.name == "joins_only";
                let join = Join { clause, token: of.token(0)?, block: of.block(1)?, only };
                let bank = self.labels.iter_mut().find(|(_, rules)| rules.holder == holder);
                let Some((bank, _)) = bank else {
                    return Err("expected opened(…) before it, for the labels that join".to_owned());
                };
                bank.only |= u32::from(only) << bank.joins.len();
                bank.joins.push(join);
                Ok(())
            }
            "as_many" => {
                let rule = TallyRule { holder, less: of.token(0)?, more: of.token(1)? };
                let base = self.take(1);
                self.tallies.push((Tally { base, clause }, rule));
                Ok(())
            }
            "not_one_of" => {
                let words: Vec<Vec<u16>> =
                    (1..condition.arguments.len()).map(|i| of.word(i)).collect::<Result<_, _>>()?;
                let base = self.take(1);
                let rule = WordRule { holder, word: of.rule(0)? };
                self.words.push((Word::new(base, clause, &words), rule));
                Ok(())
            }
            "places" => {
                let base = self.take(2);
                let decimals_base = of.block(1)?.0;
                let fraction_base = block("number_fraction").ok_or("no number_fraction")?[0].0;
                let places = Places { base, clause, decimals_base, fraction_base };
                self.places.push((places, PlacesRule { number: of.rule(0)? }));
                Ok(())
            }
            _ => Err("no such condition".to_owned()),
        }
    }

    /// The labels of one rule on one pair of blocks.
    fn bank(
        &mut self,
        holder: usize,
        open: (u16, u16),
        close: (u16, u16),
    ) -> (&mut Labels, &mut LabelRules) {
        let found = self
            .labels
            .iter()
            .position(|(bank, rules)| rules.holder == holder && bank.open_base == open.0);
        let place = found.unwrap_or_else(|| {
            let base = self.take(labels::REGISTERS);
            let count = open.1 - open.0 + 1;
            let bank =
                Labels { base, open_base: open.0, close_base: close.0, count, ..Labels::default() };
            self.labels.push((bank, LabelRules { holder, ..LabelRules::default() }));
            self.labels.len() - 1
        });
        let (bank, rules) = &mut self.labels[place];
        (bank, rules)
    }
}

impl TallyRule {
    pub fn holder(&self) -> usize {
        self.holder
    }
}

impl LabelRules {
    pub fn holder(&self) -> usize {
        self.holder
    }

    fn set_item(&mut self, rule: usize) -> Result<(), String> {
        match self.item {
            Some(before) if before != rule => {
                Err("expected the same rule as in the conditions before".to_owned())
            }
            _ => {
                self.item = Some(rule);
                Ok(())
            }
        }
    }
}

fn is_in(tokens: &Tokens, range: (u16, u16)) -> bool {
    tokens.iter().all(|each| range.0 <= each.0 && each.1 <= range.1)
}

impl Labels {
    fn opens(&self, tokens: &Tokens) -> bool {
        is_in(tokens, (self.open_base, self.open_base + self.count - 1))
    }

    /// Whether tokens close labels.
    pub fn closes(&self, tokens: &Tokens) -> bool {
        is_in(tokens, (self.close_base, self.close_base + self.count - 1))
    }
}
