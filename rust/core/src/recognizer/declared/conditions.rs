//! The conditions of declared rules: of the closed list those that a machine can keep everywhere.

use crate::grammar::{Argument, Clause, Expression, Grammar, Rule, Tokens};

/// The conditions, and how many arguments each has; the others are about the rules of the spec.
const CONDITIONS: [(&str, usize); 5] =
    [("lowest_free", 3), ("opened", 2), ("in_turn", 3), ("closes_within", 3), ("as_many", 2)];

/// Whether the conditions of declared rules are among those, and about tokens of their own.
pub(crate) fn check(grammar: &Grammar, borrowed: usize) -> Result<(), String> {
    for rule in &grammar.rules[borrowed..] {
        for condition in &rule.clauses {
            let arguments = condition.arguments.len();
            let known = CONDITIONS.iter().find(|(name, _)| *name == condition.name);
            match known {
                None => {
                    let known = CONDITIONS.map(|(name, _)| name).join(", ");
                    return Err(format!("{}: expected one of {known}", condition.text));
                }
                Some((_, wanted)) if *wanted != arguments => {
                    return Err(format!("{}: expected {wanted} arguments", condition.text));
                }
                Some(("as_many", _)) => counted(grammar, borrowed, condition)?,
                Some(_) => {}
            }
        }
        labels(grammar, borrowed, rule)?;
    }
    Ok(())
}

/// What is counted are two tokens of its own, each always read alone.
fn counted(grammar: &Grammar, borrowed: usize, condition: &Clause) -> Result<(), String> {
    let ids: Vec<Option<u16>> = condition
        .arguments
        .iter()
        .map(|argument| match argument {
            Argument::Quoted(name) => grammar.lexicon.id(name),
            Argument::Name(_) => None,
        })
        .collect();
    let &[Some(a), Some(b)] = &ids[..] else {
        return Err(format!("{}: expected two tokens of its own", condition.text));
    };
    if a == b {
        return Err(format!("{}: expected two different tokens", condition.text));
    }
    alone(grammar, borrowed, &[(a, a), (b, b)])
        .map_err(|found| format!("{}: {found}", condition.text))
}

/// Labels have one pair of sections in a rule, and each condition that makes them labels once.
fn labels(grammar: &Grammar, borrowed: usize, rule: &Rule) -> Result<(), String> {
    let of: Vec<&Clause> = rule.clauses.iter().filter(|c| c.name != "as_many").collect();
    let Some(first) = of.first() else { return Ok(()) };
    for wanted in ["lowest_free", "opened", "closes_within"] {
        if of.iter().filter(|condition| condition.name == wanted).count() != 1 {
            return Err(format!("{}: expected {wanted}(…) once, as it has labels", rule.name));
        }
    }
    let pair = |condition: &Clause| {
        let name = |i: usize| match &condition.arguments[i] {
            Argument::Name(name) => name.clone(),
            Argument::Quoted(name) => format!("{name:?}"),
        };
        // `opened` and `in_turn` name what closes first.
        let swapped = matches!(condition.name.as_str(), "opened" | "in_turn");
        if swapped { (name(1), name(0)) } else { (name(0), name(1)) }
    };
    let (open, close) = pair(first);
    if let Some(other) =
        of.iter().find(|condition| pair(condition) != (open.clone(), close.clone()))
    {
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
    alone(grammar, borrowed, &[opens, closes]).map_err(|found| format!("{}: {found}", first.text))
}

/// Whether the tokens of each range are read in the rules all together and with no others.
fn alone(grammar: &Grammar, borrowed: usize, ranges: &[(u16, u16)]) -> Result<(), String> {
    for rule in &grammar.rules[borrowed..] {
        let mut found = None;
        each(&rule.expression, &mut |tokens| {
            let meets = |a: (u16, u16), b: (u16, u16)| a.0 <= b.1 && b.0 <= a.1;
            let mixed = ranges
                .iter()
                .any(|&range| tokens.iter().any(|&part| meets(part, range)) && *tokens != [range]);
            if mixed {
                found = Some(format!(
                    "expected its tokens in {} neither in part nor among others",
                    rule.name
                ));
            }
        });
        if let Some(found) = found {
            return Err(found);
        }
    }
    Ok(())
}

fn each(expression: &Expression, tell: &mut impl FnMut(&Tokens)) {
    match expression {
        Expression::Tokens(tokens) => tell(tokens),
        Expression::Rule(_) => {}
        Expression::Sequence(parts) | Expression::Choice(parts) => {
            for part in parts {
                each(part, tell);
            }
        }
        Expression::Maybe(part) | Expression::Many(part) => each(part, tell),
    }
}
