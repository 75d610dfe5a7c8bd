//! The clauses of a declared grammar: conditions that hold for rules of its own, about its own tokens.

use super::CLOSED_LIST;
use super::stated::{has_arguments, statement};
use crate::grammar::{Clause, Expression, Grammar, Rule, Tokens};

/// A rule of a declared grammar, whose first rules are borrowed from the spec.
pub(crate) struct Own<'a> {
    pub grammar: &'a Grammar,
    pub borrowed: usize,
    pub rule: &'a Rule,
}

/// What a condition expects of a clause of a declared grammar.
pub(crate) type Check = fn(&Own, &Clause) -> Result<(), String>;

/// Whether the conditions of declared rules are of those that a declared grammar may state, and
/// about tokens of its own.
pub(crate) fn check(grammar: &Grammar, borrowed: usize) -> Result<(), String> {
    for rule in &grammar.rules[borrowed..] {
        for clause in &rule.clauses {
            let said = |reason: String| format!("{}: {reason}", clause.text);
            let own = Own { grammar, borrowed, rule };
            let known = statement(&clause.name);
            let Some((known, checks)) = known.and_then(|known| Some((known, known.declared?)))
            else {
                let known = CLOSED_LIST.iter().filter(|(_, known)| known.declared.is_some());
                let known: Vec<&str> = known.map(|(name, _)| *name).collect();
                return Err(said(format!("expected one of {}", known.join(", "))));
            };
            has_arguments(clause, &known.arguments).map_err(said)?;
            for check in checks {
                check(&own, clause)?;
            }
        }
    }
    Ok(())
}

/// Whether the tokens of each range are read in the rules all together and with no others.
pub(super) fn alone(own: &Own, ranges: &[(u16, u16)]) -> Result<(), String> {
    for rule in &own.grammar.rules[own.borrowed..] {
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
