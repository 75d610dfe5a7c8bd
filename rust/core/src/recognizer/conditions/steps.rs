//! What conditions make of a step: what it does to the registers, and what it needs.

use super::super::labels::{LabelGuard, Labels};
use super::super::machine::{Guard, Op};
use super::{Conditions, is_in};
use crate::automaton::{Event, Position};

/// A position as the conditions see it.
pub(crate) struct Seen<'a> {
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
    /// What an event does on the way to a position.
    pub fn on_event(&self, event: Event, to: Option<&Position>, ops: &mut Vec<Op>) {
        for (i, (bank, rules)) in self.labels.iter().enumerate() {
            let i = i as u8;
            match event {
                Event::Begin(rule) => {
                    if rules.holder == rule {
                        ops.push(Op::ResetLabels(i));
                    }
                    if rules.scopes.iter().any(|&(scope, _)| scope == rule) {
                        ops.push(Op::BeginScope(i));
                        // In a scope within another the atom before it is that of the other.
                        let around = to.map_or(&[][..], |to| to.around(rule));
                        let is_scope = |rule| rules.scopes.iter().any(|(scope, _)| scope == rule);
                        if !around.iter().any(is_scope) {
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
                let afresh =
                    ops.iter().any(|op| *op == Op::EndItem(i) || *op == Op::ResetLabels(i));
                (Op::Open(i), LabelGuard::Open { afresh })
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

    /// What the end of a rule needs: before the next token, or with one that is its last and does
    /// these things.
    pub fn on_end(
        &self,
        rule: usize,
        last: Option<&Position>,
        ops: &[Op],
        guards: &mut Vec<Guard>,
    ) {
        for (i, (_, rules)) in self.labels.iter().enumerate() {
            let i = i as u8;
            for &(_, clause) in rules.scopes.iter().filter(|(scope, _)| *scope == rule) {
                let closes = ops.contains(&Op::Close(i));
                let guard =
                    if closes { LabelGuard::Settles(clause) } else { LabelGuard::Settled(clause) };
                guards.push(Guard::Label(i, guard));
            }
        }
        for (i, (_, tally)) in self.tallies.iter().enumerate() {
            let i = i as u8;
            if tally.holder == rule {
                let takes = ops.contains(&Op::TakeTally(i));
                guards.push(if takes { Guard::Pays(i) } else { Guard::Paid(i) });
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
