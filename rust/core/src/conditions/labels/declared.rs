//! Labels of a declared grammar: two sections of its own that nothing else reads.

use crate::conditions::declared::{Own, alone};
use crate::grammar::{Argument, Clause};

/// The conditions that a declared grammar may state of labels.
const CONDITIONS: [&str; 4] = ["lowest_free", "opened", "in_turn", "closes_within"];

/// Labels have one pair of sections in a rule, and each condition that makes them labels once.
pub(in crate::conditions) fn own_labels(own: &Own, _: &Clause) -> Result<(), String> {
    let (grammar, rule) = (own.grammar, own.rule);
    let of: Vec<&Clause> =
        rule.clauses.iter().filter(|c| CONDITIONS.contains(&c.name.as_str())).collect();
    let Some(first) = of.first() else { return Ok(()) };
    for wanted in ["lowest_free", "opened", "closes_within"] {
        if of.iter().filter(|clause| clause.name == wanted).count() != 1 {
            return Err(format!("{}: expected {wanted}(…) once, as it has labels", rule.name));
        }
    }
    let pair = |clause: &Clause| {
        let name = |i: usize| match &clause.arguments[i] {
            Argument::Name(name) => name.clone(),
            Argument::Quoted(name) => format!("{name:?}"),
        };
        // `opened` and `in_turn` name what closes first.
        let swapped = matches!(clause.name.as_str(), "opened" | "in_turn");
        if swapped { (name(1), name(0)) } else { (name(0), name(1)) }
    };
    let (open, close) = pair(first);
    if let Some(other) = of.iter().find(|clause| pair(clause) != (open.clone(), close.clone())) {
        return Err(format!("{}: expected it to be about {open} and {close}", other.text));
    }
    let section = |name: &str| {
        let tokens = grammar.lexicon.block(name).map(|all| all[0]);
        tokens.ok_or_else(|| format!("{}: expected a section of its own, not {name}", first.text))
    };
    let (opens, closes) = (section(&open)?, section(&close)?);
    if opens == closes || opens.1 - opens.0 != closes.1 - closes.0 {
        return Err(format!(
            "{}: expected two sections with as many tokens, not {open} and {close}",
            first.text
        ));
    }
    if opens.1 - opens.0 >= 255 {
        return Err(format!("{}: expected at most 255 labels", first.text));
    }
    alone(own, &[opens, closes]).map_err(|found| format!("{}: {found}", first.text))
}
