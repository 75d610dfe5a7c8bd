//! Shape: what the rules must be, so that what a round owes is found by counting.

use super::price::uses;
use crate::conditions::arguments::Stated;
use crate::grammar::{Clause, Expression, Grammar};

const HOLDER: &str = "expected its rule as `… OF … ROUND ROUND* …`, and no OF or ROUND elsewhere";
const ROUND: &str =
    "expected a round as `\"token\" … PART* ( ITEM PART* )*`, with these nowhere else";
const ORDER: &str = "expected `ORDER?` after the rounds, and the order as `\"token\" … RANK*`";
const AROUND: &str = "expected no other condition in a rule around it";
const BESIDE: &str = "expected its rule to state no other conditions";

/// The conditions that a rule around may state: they demand nothing before what is optional.
const FREE: [&str; 1] = ["pairs"];

/// The conditions on rounds.
const OWN: [&str; 3] = ["one_each", "alike", "permutation"];

fn holder_parts<'a>(stated: &Stated<'a>) -> Result<&'a [Expression], String> {
    match &stated.grammar.rules[stated.holder].expression {
        Expression::Sequence(parts) => Ok(parts),
        _ => Err(HOLDER.to_owned()),
    }
}

/// The rule that states them has what is counted, then rounds.
pub(super) fn holder(stated: &Stated, of: usize, round: usize) -> Result<(), String> {
    let grammar = stated.grammar;
    let parts = holder_parts(stated)?;
    let one = Expression::Rule(round);
    let many = Expression::Many(Box::new(one.clone()));
    let first = parts.iter().position(|part| *part == one).ok_or(HOLDER)?;
    let is_round = |at: usize| at == first || at == first + 1;
    let whole = parts.get(first + 1) == Some(&many)
        && (0..parts.len()).all(|at| is_round(at) || !uses(grammar, &parts[at], round))
        && parts[first..].iter().all(|part| !uses(grammar, part, of))
        && parts[..first].iter().any(|part| uses(grammar, part, of));
    if !whole {
        return Err(HOLDER.to_owned());
    }
    let beside = grammar.rules[stated.holder].clauses.iter();
    if beside.into_iter().any(|clause| !OWN.contains(&&*clause.name)) {
        return Err(BESIDE.to_owned());
    }
    let around = |rule: usize| rule != stated.holder && grammar.uses(rule, stated.holder);
    let is_free = |clause: &Clause| FREE.contains(&&*clause.name);
    let is_stated = |rule: usize| !grammar.rules[rule].clauses.iter().all(is_free);
    if (0..grammar.rules.len()).any(|rule| around(rule) && is_stated(rule)) {
        return Err(AROUND.to_owned());
    }
    Ok(())
}

/// A round begins with a token of its own, and items and parts may come in any number.
pub(super) fn round(
    grammar: &Grammar,
    round: usize,
    item: usize,
    part: Option<usize>,
) -> Result<(), String> {
    let expected = || ROUND.to_owned();
    if !grammar.rules[round].clauses.is_empty() {
        return Err(expected());
    }
    let Expression::Sequence(parts) = &grammar.rules[round].expression else {
        return Err(expected());
    };
    let (Some(Expression::Tokens(_)), Some((Expression::Many(turn), mut before))) =
        (parts.first(), parts.split_last())
    else {
        return Err(expected());
    };
    let of_item = Expression::Rule(item);
    let turn = match &**turn {
        Expression::Sequence(turn) => &turn[..],
        one => std::slice::from_ref(one),
    };
    let (first, after) = turn.split_first().ok_or_else(expected)?;
    let mut is_whole = *first == of_item;
    let parted = part.map(|part| (part, Expression::Many(Box::new(Expression::Rule(part)))));
    if let Some((part, many)) = &parted {
        is_whole &= after == std::slice::from_ref(many) && before.last() == Some(many);
        is_whole &= !grammar.uses(item, *part) && !grammar.uses(*part, item);
        before = &before[..before.len().saturating_sub(1)];
    }
    let reads = |rule: usize| before.iter().any(|each| uses(grammar, each, rule));
    is_whole &= !reads(item) && !part.is_some_and(reads);
    is_whole &= part.is_some() || after.iter().all(|each| !uses(grammar, each, item));
    if is_whole { Ok(()) } else { Err(expected()) }
}

/// An order may come after the rounds, and has ranks in any number; whether the rules demand one.
pub(super) fn order(
    stated: &Stated,
    round: usize,
    rank: usize,
    order: usize,
) -> Result<bool, String> {
    let grammar = stated.grammar;
    let parts = holder_parts(stated)?;
    let one = Expression::Maybe(Box::new(Expression::Rule(order)));
    let last = parts.iter().rposition(|part| uses(grammar, part, round));
    let at = parts.iter().position(|part| *part == one);
    let using = parts.iter().filter(|part| uses(grammar, part, order)).count();
    let many = Expression::Many(Box::new(Expression::Rule(rank)));
    let Expression::Sequence(ordered) = &grammar.rules[order].expression else {
        return Err(ORDER.to_owned());
    };
    let (begin, before) = ordered.split_first().ok_or(ORDER)?;
    let (end, before) = before.split_last().ok_or(ORDER)?;
    let is_rank = |each: &Expression| *each == Expression::Rule(rank);
    let is_whole = at > last
        && using == 1
        && grammar.rules[order].clauses.is_empty()
        && matches!(begin, Expression::Tokens(_))
        && *end == many
        && before.len() <= 1
        && before.iter().all(is_rank);
    if is_whole { Ok(before.len() == 1) } else { Err(ORDER.to_owned()) }
}
