//! Conditions: the `where:` clauses of a grammar as the registers that keep them.

use super::counters::{Places, Tally, Word};
use super::labels::{self, Join, LabelGuard, Labels};
use super::machine::{Guard, Op};
use super::notation::{Argument, Condition, Grammar, Tokens, block};
use super::positions::{Event, Position};
use super::profile;
use crate::vocabulary;

/// All conditions of a grammar, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Conditions {
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
pub(super) struct LabelRules {
    holder: usize,
    /// In which a label is in use, and which is joined.
    item: Option<usize>,
    /// In which labels close, and the clause.
    scopes: Vec<(usize, u16)>,
}

#[derive(Debug)]
pub(super) struct TallyRule {
    holder: usize,
    more: u16,
    less: u16,
}

#[derive(Debug)]
pub(super) struct WordRule {
    holder: usize,
    word: usize,
}

#[derive(Debug)]
pub(super) struct PlacesRule {
    number: usize,
}

impl Conditions {
    /// Read the conditions of a grammar.
    ///
    /// # Errors
    /// When a condition is not of the closed list or not about what it has to be about.
    pub fn of(grammar: &Grammar) -> Result<Self, String> {
        let mut all =
            Conditions { registers: profile::FIRST + profile::REGISTERS, ..Conditions::default() };
        for (holder, rule) in grammar.rules.iter().enumerate() {
            for condition in &rule.conditions {
                let clause = all.clauses.len() as u16;
                all.clauses.push(condition.text.clone());
                all.add(grammar, holder, condition, clause)
                    .map_err(|reason| format!("{} in {}: {reason}", condition.text, rule.name))?;
            }
        }
        Ok(all)
    }

    /// A clause with tokens that stand where it does not hold, if any.
    pub fn misplaced(&self, positions: &[Position]) -> Option<&str> {
        let text = |clause: u16| self.clauses[usize::from(clause)].as_str();
        for (bank, rules) in self.labels.iter().filter(|(bank, _)| bank.unjoined.is_none()) {
            let scopes = rules.scopes.iter().map(|(rule, _)| rule);
            let around: Vec<&usize> =
                [&rules.holder].into_iter().chain(&rules.item).chain(scopes).collect();
            let is_of = |at: &&Position| {
                !at.tokens.is_empty() && (bank.opens(&at.tokens) || bank.closes(&at.tokens))
            };
            for at in positions.iter().filter(is_of) {
                if around.iter().any(|rule| !at.rules.contains(rule)) {
                    return bank.opened.map(text);
                }
            }
        }
        for (tally, rule) in &self.tallies {
            let is_of =
                |at: &&Position| [rule.less, rule.more].iter().any(|&id| at.tokens == [(id, id)]);
            if positions.iter().filter(is_of).any(|at| !at.rules.contains(&rule.holder)) {
                return Some(text(tally.clause));
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
        condition: &Condition,
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

/// The arguments of a condition.
struct About<'a> {
    grammar: &'a Grammar,
    condition: &'a Condition,
}

impl About<'_> {
    fn argument(&self, i: usize) -> Result<&Argument, String> {
        self.condition.arguments.get(i).ok_or_else(|| format!("expected {} arguments", i + 1))
    }

    fn rule(&self, i: usize) -> Result<usize, String> {
        let Argument::Name(name) = self.argument(i)? else {
            return Err("expected the name of a rule".to_owned());
        };
        self.grammar.place(name).ok_or_else(|| format!("no rule has the name {name}"))
    }

    fn block(&self, i: usize) -> Result<(u16, u16), String> {
        let Argument::Name(name) = self.argument(i)? else {
            return Err("expected the name of a block".to_owned());
        };
        let tokens = self.grammar.block(name);
        tokens.map(|all| all[0]).ok_or_else(|| format!("no block has the name {name}"))
    }

    fn token(&self, i: usize) -> Result<u16, String> {
        let Argument::Quoted(name) = self.argument(i)? else {
            return Err("expected a token".to_owned());
        };
        self.grammar.token(name).ok_or_else(|| format!("no token has the name {name:?}"))
    }

    /// The tokens whose glyphs spell a word.
    fn word(&self, i: usize) -> Result<Vec<u16>, String> {
        let Argument::Quoted(word) = self.argument(i)? else {
            return Err("expected a word in quotation marks".to_owned());
        };
        let character = |c: char| {
            vocabulary::id(&format!("'{c}")).ok_or_else(|| format!("no character token for {c:?}"))
        };
        word.chars().map(character).collect()
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

/// A position as the conditions see it.
pub(super) struct Seen<'a> {
    pub position: &'a Position,
    /// Whether a label of a bank has to close next.
    pub before_close: &'a dyn Fn(&Labels) -> bool,
    pub names: &'a dyn Fn(usize) -> &'a str,
}

impl Seen<'_> {
    fn within(&self, rule: usize) -> bool {
        self.position.rules.contains(&rule)
    }

    fn is_symbol(&self) -> bool {
        let last = self.position.rules.last().map(|&rule| (self.names)(rule));
        matches!(last, Some("bare" | "symbol"))
    }

    fn is_joined_by(&self, bank: &Labels) -> bool {
        let tokens = &self.position.tokens;
        bank.joins.iter().any(|join| tokens.iter().any(|r| r.0 <= join.token && join.token <= r.1))
    }

    fn holds(&self, id: u16) -> bool {
        self.position.tokens == [(id, id)]
    }
}

impl Conditions {
    /// What an event does; `nested` tells whether a rule stands in a call.
    pub fn on_event(&self, event: Event, nested: &dyn Fn(usize) -> bool, ops: &mut Vec<Op>) {
        for (i, (bank, rules)) in self.labels.iter().enumerate() {
            let i = i as u8;
            match event {
                Event::Begin(rule) => {
                    if rules.holder == rule {
                        ops.push(Op::ResetLabels(i));
                    }
                    if rules.scopes.iter().any(|&(scope, _)| scope == rule) {
                        ops.push(Op::BeginScope(i));
                        if !nested(rule) {
                            ops.push(Op::ForgetItem(i));
                        }
                    }
                    if rules.item == Some(rule) {
                        ops.push(Op::BeginItem(i));
                    }
                }
                Event::End(rule) => {
                    if rules.item == Some(rule) {
                        ops.push(Op::EndItem(i));
                    }
                    if rules.scopes.iter().any(|&(scope, _)| scope == rule) {
                        ops.push(Op::EndScope(i));
                    }
                }
                Event::Call(_) if bank.unjoined.is_some() => ops.push(Op::KeepItem(i)),
                Event::Return if bank.unjoined.is_some() => ops.push(Op::RestoreItem(i)),
                Event::Call(_) | Event::Return => {}
            }
        }
        let Event::Begin(rule) = event else { return };
        for (i, (_, tally)) in self.tallies.iter().enumerate() {
            if tally.holder == rule {
                ops.push(Op::ResetTally(i as u8));
            }
        }
        for (i, (_, word)) in self.words.iter().enumerate() {
            if word.word == rule {
                ops.push(Op::ResetWord(i as u8));
            }
        }
        for (i, (_, places)) in self.places.iter().enumerate() {
            if places.number == rule {
                ops.push(Op::BeginPlaces(i as u8));
            }
        }
    }

    /// What reading a token at a position does, and what it needs.
    pub fn on_token(&self, seen: &Seen, ops: &mut Vec<Op>, guards: &mut Vec<Guard>) {
        let tokens = &seen.position.tokens;
        for (i, (bank, rules)) in self.labels.iter().enumerate() {
            let i = i as u8;
            if !seen.within(rules.holder) {
                continue;
            }
            let (op, guard) = if bank.opens(tokens) {
                (Op::Open(i), LabelGuard::Open)
            } else if bank.closes(tokens) {
                (Op::Close(i), LabelGuard::Close)
            } else if (seen.before_close)(bank) {
                (Op::Closing(i), LabelGuard::Closing)
            } else if seen.is_joined_by(bank) && !seen.is_symbol() {
                (Op::Bond(i), LabelGuard::Bond)
            } else if !bank.joins.is_empty() && seen.is_symbol() {
                (Op::Symbol(i), LabelGuard::Symbol)
            } else {
                continue;
            };
            ops.push(op);
            guards.push(Guard::Label(i, guard));
        }
        for (i, (_, tally)) in self.tallies.iter().enumerate() {
            if !seen.within(tally.holder) {
                continue;
            }
            if seen.holds(tally.less) {
                ops.push(Op::TakeTally(i as u8));
                guards.push(Guard::Owed(i as u8));
            }
            if seen.holds(tally.more) {
                ops.push(Op::AddTally(i as u8));
            }
        }
        for (i, (_, word)) in self.words.iter().enumerate() {
            if seen.within(word.holder) && seen.within(word.word) {
                if seen.position.ends.contains(&word.word) {
                    guards.push(Guard::LastCharacter(i as u8));
                }
                ops.push(Op::ReadWord(i as u8));
            }
        }
        for (i, (places, rule)) in self.places.iter().enumerate() {
            if is_in(tokens, (places.decimals_base, places.decimals_base + 9)) {
                ops.push(Op::DeclarePlaces(i as u8));
            }
            if seen.within(rule.number)
                && is_in(tokens, (places.fraction_base, places.fraction_base + 999))
            {
                ops.push(Op::ReadPlaces(i as u8));
                guards.push(Guard::Fraction(i as u8));
            }
        }
    }

    /// What the end of a rule needs: before the next token, or with one that is its last.
    pub fn on_end(&self, rule: usize, last: Option<&Position>, guards: &mut Vec<Guard>) {
        for (i, (_, rules)) in self.labels.iter().enumerate() {
            for &(scope, clause) in &rules.scopes {
                if scope == rule {
                    guards.push(Guard::Label(i as u8, LabelGuard::Settled(clause)));
                }
            }
        }
        for (i, (_, tally)) in self.tallies.iter().enumerate() {
            if tally.holder == rule {
                guards.push(Guard::Paid(i as u8));
            }
        }
        for (i, (_, word)) in self.words.iter().enumerate() {
            if word.word == rule && last.is_some_and(|p| p.rules.contains(&word.holder)) {
                guards.push(Guard::WordEnds(i as u8));
            }
        }
        for (i, (_, places)) in self.places.iter().enumerate() {
            if places.number == rule {
                guards.push(Guard::Whole(i as u8));
            }
        }
    }
}
