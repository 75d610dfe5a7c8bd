//! The bank as a condition: what transitions do to it and demand of it.

use super::bank::{Labels, MOST, OPENED};
use super::mask::LabelPatch;
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::registers::Registers;
use crate::conditions::condition::{Ahead, ClauseId, Code, Condition, Effect, Patch, Seen, is_in};
use crate::conditions::stated::Clauses;
use crate::grammar::{Grammar, Tokens};

pub(in crate::conditions) const OUTSIDE: &str = "what it is about stands outside of its rules, too";
const AROUND: &str = "its rule stands around the one that states it";
const LAST_AFTER_ANOTHER: &str = "what closes after another token cannot be the last of its rule";

// Actions.
const RESET: u8 = 0;
const BEGIN_ITEM: u8 = 1;
const END_ITEM: u8 = 2;
const FORGET_ITEM: u8 = 3;
const KEEP_ITEM: u8 = 4;
const RESTORE_ITEM: u8 = 5;
const BEGIN_SCOPE: u8 = 6;
const END_SCOPE: u8 = 7;
const OPEN_LABEL: u8 = 8;
const CLOSE_LABEL: u8 = 9;
const READ_BOND: u8 = 10;
const READ_CLOSING: u8 = 11;
const READ_SYMBOL: u8 = 12;

// Guards.
/// That it opens the lowest free label.
pub(super) const OPENS: u8 = 0;
/// The same after the end of an item, which the token is the first to tell.
pub(super) const OPENS_AFRESH: u8 = 1;
/// That it closes a label that may close here.
pub(super) const CLOSE: u8 = 2;
/// That some label may close after it.
pub(super) const CLOSES_BEFORE: u8 = 3;
/// That a bond with this symbol may go out from the present item.
pub(super) const BOND: u8 = 4;
/// That the symbol of an item is one that the bond before it joins.
pub(super) const READS_SYMBOL: u8 = 5;
/// That no label of the innermost scope is open, by the clause of a scope: 6 and twice its place.
pub(super) const SETTLED: u8 = 6;
/// That none but the one that the token closes is: one more.
pub(super) const SETTLES: u8 = SETTLED + 1;

impl Labels {
    fn range(&self, base: u16) -> (u16, u16) {
        (base, base + self.count - 1)
    }

    fn opens(&self, tokens: &Tokens) -> bool {
        is_in(tokens, self.range(self.open_base))
    }

    fn closes(&self, tokens: &Tokens) -> bool {
        is_in(tokens, self.range(self.close_base))
    }

    fn is_scope(&self, rule: usize) -> bool {
        self.scopes.iter().any(|&(scope, _)| scope == rule)
    }

    /// Whether a position is of other labels, which have the same tokens.
    fn is_beside(&self, at: &Position) -> bool {
        self.beside.iter().any(|holder| at.rules.contains(holder))
    }

    fn is_symbol(&self, position: &Position) -> bool {
        let within = self.item.is_some_and(|item| position.rules.contains(&item));
        within && position.rules.last().is_some_and(|rule| self.symbols.contains(rule))
    }

    fn is_joined_by(&self, tokens: &Tokens) -> bool {
        self.joins.iter().any(|join| tokens.iter().any(|r| r.0 <= join.token && join.token <= r.1))
    }

    fn scope_clause(&self, guard: u8) -> ClauseId {
        self.scopes[usize::from((guard - SETTLED) / 2)].1
    }
}

impl Clauses {
    /// The labels of a rule on a pair of blocks.
    pub(in crate::conditions) fn labels_of(
        &mut self,
        holder: usize,
        open: (u16, u16),
        close: (u16, u16),
    ) -> &mut Labels {
        let known = self.labels.iter().position(|bank| bank.is_of(holder, open));
        let place = known.unwrap_or_else(|| {
            self.labels.push(Labels::new(holder, open, close));
            self.labels.len() - 1
        });
        &mut self.labels[place]
    }

    /// Give each bank its registers: trees of the same labels in rules of which none uses another
    /// are never read at one time, and share them.
    pub(in crate::conditions) fn place_labels(&mut self, grammar: &Grammar) {
        for at in 0..self.labels.len() {
            let (placed, rest) = self.labels.split_at_mut(at);
            let bank = &mut rest[0];
            let apart = |other: &&mut Labels| {
                other.is_tree()
                    && bank.is_tree()
                    && other.open_base == bank.open_base
                    && !grammar.uses(other.holder, bank.holder)
                    && !grammar.uses(bank.holder, other.holder)
            };
            let mut beside: Vec<&mut Labels> = placed.iter_mut().filter(apart).collect();
            if let Some(first) = beside.first() {
                (bank.base, bank.tree) = (first.base, first.tree);
            } else {
                bank.base = self.registers.words(Labels::registers(MOST.min(bank.count)));
                if let Some(kept) = bank.tree.as_mut() {
                    kept.fill_with(|| self.registers.column());
                }
            }
            bank.holder_name.clone_from(&grammar.rules[bank.holder].name);
            for other in &mut beside {
                other.beside.push(bank.holder);
                bank.beside.push(other.holder);
            }
        }
    }
}

impl Condition for Labels {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.opened.or(self.lowest_free).unwrap_or_default()
    }

    fn rules(&self) -> Vec<usize> {
        let scopes = self.scopes.iter().map(|&(rule, _)| rule);
        [self.holder].into_iter().chain(self.item).chain(scopes).collect()
    }

    fn tokens(&self) -> Tokens {
        let joins = self.joins.iter().map(|join| (join.token, join.token));
        [self.range(self.open_base), self.range(self.close_base)].into_iter().chain(joins).collect()
    }

    /// In a tree each call is one of a scope, and joins look at the symbols of items.
    fn covers(&self) -> Vec<usize> {
        let looks = self.is_tree() || !self.joins.is_empty();
        if looks { vec![self.holder] } else { Vec::new() }
    }

    fn misplaced(&self, positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        let is_of = |at: &&Position| self.opens(&at.tokens) || self.closes(&at.tokens);
        for at in positions.iter().filter(is_of) {
            let within = |rule: &usize| at.rules.contains(rule);
            if self.is_beside(at) {
                continue;
            }
            // In a tree scopes are branches, and an item may be outside of them.
            let scopes = self.scopes.iter().filter(|_| !self.is_tree()).map(|(rule, _)| rule);
            let mut around = [&self.holder].into_iter().chain(&self.item).chain(scopes);
            if !around.all(within) {
                return self.opened.map(|clause| (clause, OUTSIDE));
            }
            let is_around = |scope| at.around(self.holder).contains(scope);
            let around = self.scopes.iter().find(|(scope, _)| is_around(scope));
            if let Some(&(_, clause)) = around.filter(|(scope, _)| *scope != self.holder) {
                return Some((clause, AROUND));
            }
        }
        None
    }

    /// Whether there is a label that is the last of its scope is not looked at before its symbol.
    fn refuses_after(&self, first: &Code, second: &Code) -> Option<&'static str> {
        let settles = |guard: &u8| *guard >= SETTLES && (guard - SETTLES) % 2 == 0;
        (first.guards(CLOSES_BEFORE) && second.guards.iter().any(settles))
            .then_some(LAST_AFTER_ANOTHER)
    }

    fn enter(&self, rule: usize, to: Option<&Position>, code: &mut Code) {
        if self.holder == rule {
            code.actions.push(RESET);
        }
        if to.is_some_and(|to| self.is_beside(to)) {
            return;
        }
        if self.is_scope(rule) {
            code.actions.push(BEGIN_SCOPE);
            // In a scope within another the item before it is that of the other.
            let around = to.map_or(&[][..], |to| to.around(rule));
            if !around.iter().any(|&rule| self.is_scope(rule)) {
                code.actions.push(FORGET_ITEM);
            }
        }
        if self.item == Some(rule) {
            code.actions.push(BEGIN_ITEM);
        }
    }

    fn leave(&self, rule: usize, at: &Position, is_last: bool, code: &mut Code) {
        if self.is_beside(at) {
            return;
        }
        for (place, _) in self.scopes.iter().enumerate().filter(|(_, each)| each.0 == rule) {
            let closes = is_last && code.acts(CLOSE_LABEL);
            code.guards.push(if closes { SETTLES } else { SETTLED } + 2 * place as u8);
        }
        if self.item == Some(rule) {
            code.actions.push(END_ITEM);
        }
        if self.is_scope(rule) {
            code.actions.push(END_SCOPE);
        }
    }

    fn call(&self, to: &Position, code: &mut Code) {
        if self.is_tree() && to.rules.contains(&self.holder) {
            code.actions.push(KEEP_ITEM);
        }
    }

    fn resume(&self, before: &Position, code: &mut Code) {
        if self.is_tree() && before.rules.contains(&self.holder) {
            code.actions.push(RESTORE_ITEM);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if !seen.within(self.holder) {
            return;
        }
        let tokens = &seen.position.tokens;
        let is_symbol = self.is_symbol(seen.position);
        let closes_next = !seen.next.is_empty() && seen.next.iter().all(|next| self.closes(next));
        let (action, guard) = if self.opens(tokens) {
            let afresh = code.acts(END_ITEM) || code.acts(RESET);
            (OPEN_LABEL, if afresh { OPENS_AFRESH } else { OPENS })
        } else if self.closes(tokens) {
            (CLOSE_LABEL, CLOSE)
        } else if closes_next {
            (READ_CLOSING, CLOSES_BEFORE)
        } else if self.is_joined_by(tokens) && !is_symbol {
            (READ_BOND, BOND)
        } else if is_symbol {
            (READ_SYMBOL, READS_SYMBOL)
        } else {
            return;
        };
        code.actions.push(action);
        code.guards.push(guard);
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            RESET => self.reset(registers),
            BEGIN_ITEM => self.begin_item(registers),
            END_ITEM => self.end_item(registers),
            FORGET_ITEM => self.forget_item(registers),
            KEEP_ITEM => self.keep_item(registers),
            RESTORE_ITEM => self.restore_item(registers),
            BEGIN_SCOPE => self.begin_scope(registers),
            END_SCOPE => self.end_scope(registers),
            OPEN_LABEL => self.open(registers, id),
            CLOSE_LABEL => self.close(registers, id),
            READ_BOND => self.bond(registers, id),
            READ_CLOSING => self.closing(registers, id),
            _ => self.symbol(registers, id),
        }
    }

    #[inline]
    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        match guard {
            OPENS | OPENS_AFRESH => self.refusal_of_open(registers, id, guard == OPENS_AFRESH),
            CLOSE => self.refusal_of_close(registers, id),
            CLOSES_BEFORE => self.refusal_of_closing(registers, id),
            BOND => self.refusal_of_bond(registers, id),
            READS_SYMBOL => self.refusal_of_symbol(registers, id),
            _ => {
                let holds = if guard % 2 == SETTLED % 2 {
                    self.is_settled(registers)
                } else {
                    self.settles(registers, self.label_of_close(id))
                };
                (!holds).then(|| self.scope_clause(guard))
            }
        }
    }

    fn puts(&self, guard: u8) -> bool {
        matches!(guard, OPENS | OPENS_AFRESH | CLOSE)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        Box::new(LabelPatch::of(self.clone(), guards))
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn effect(&self, code: &Code) -> Effect {
        let settled =
            |parity| move |guard: &u8| *guard >= SETTLED && (guard - SETTLED) % 2 == parity;
        Effect {
            arises: code.acts(OPEN_LABEL),
            pays: code.guards(CLOSE),
            needs: code.guards(CLOSE) || code.guards(CLOSES_BEFORE),
            bars: code.guards.iter().any(settled(0)),
            settles: code.guards.iter().any(settled(1)),
        }
    }

    fn most_owed(&self, _: &[Position]) -> Option<usize> {
        // In a tree the items that come are counted.
        (!self.is_tree()).then_some(usize::from(self.count))
    }

    fn owed(&self, registers: &Registers) -> u32 {
        if self.is_present(registers) { self.read(registers, OPENED) } else { 0 }
    }

    fn is_counted(&self, code: &Code) -> bool {
        code.guards(CLOSE)
    }

    fn units(&self, code: &Code) -> u32 {
        u32::from(self.is_tree() && code.acts(BEGIN_ITEM))
    }

    fn units_of(&self) -> Option<usize> {
        self.item.filter(|_| self.is_tree())
    }

    fn resets_units(&self, code: &Code) -> bool {
        self.is_tree() && code.acts(END_SCOPE)
    }

    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        if self.is_tree() && self.has_open(registers) && self.is_present(registers) {
            self.extra_items(ahead, registers)
        } else {
            0
        }
    }

    fn at_most_more(&self, _: Ahead, registers: &Registers) -> u32 {
        let open = self.open_count(registers);
        if self.is_tree() && open > 0 && self.is_present(registers) { open + 1 } else { 0 }
    }
}
