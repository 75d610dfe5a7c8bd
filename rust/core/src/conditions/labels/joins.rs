//! Joins: the conditions on what two items are that a token joins.

use super::bank::Labels;
use crate::conditions::arguments::Stated;
use crate::conditions::condition::ClauseId;
use crate::conditions::stated::Clauses;
use crate::grammar::{Expression, Grammar};

/// `joins_only` or `joins_not`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    pub clause: ClauseId,
    pub token: u16,
    /// The first and the last token of the block.
    pub block: (u16, u16),
    /// Whether both are to be of the block, or not both.
    pub only: bool,
}

impl Join {
    pub fn has(&self, id: u16) -> bool {
        self.block.0 <= id && id <= self.block.1
    }
}

impl Labels {
    /// The join of a token, from 1; 0 for none.
    pub(super) fn join_of(&self, id: u16) -> u32 {
        self.joins.iter().position(|join| join.token == id).map_or(0, |join| join as u32 + 1)
    }
}

impl Clauses {
    /// Add a join to the labels of its rule: whether both items are to be of the block, or not both.
    pub(in crate::conditions) fn joins(
        &mut self,
        stated: &Stated,
        only: bool,
    ) -> Result<(), String> {
        let join =
            Join { clause: stated.id, token: stated.token(0)?, block: stated.block(1)?, only };
        let bank = self.labels.iter_mut().find(|bank| bank.holder == stated.holder);
        let Some(bank) = bank else {
            return Err("expected opened(…) before it, for the labels that join".to_owned());
        };
        bank.only |= u32::from(only) << bank.joins.len();
        bank.joins.push(join);
        let symbols = symbols(stated.grammar, join);
        bank.symbols.extend(symbols);
        Ok(())
    }
}

/// The rules that are one token, which may be of the block: the symbols of items.
fn symbols(grammar: &Grammar, join: Join) -> impl Iterator<Item = usize> + '_ {
    let tokens = |expression: &Expression| match expression {
        Expression::Tokens(tokens) => Some(tokens.clone()),
        _ => None,
    };
    let one_token = move |expression: &Expression| match expression {
        Expression::Choice(options) => {
            options.iter().map(tokens).collect::<Option<Vec<_>>>().map(|all| all.concat())
        }
        other => tokens(other),
    };
    let all = grammar.rules.iter().enumerate();
    let of = all.filter(move |(_, rule)| {
        one_token(&rule.expression)
            .is_some_and(|all| all.iter().any(|&(low, high)| join.has(low) || join.has(high)))
    });
    of.map(|(rule, _)| rule)
}
