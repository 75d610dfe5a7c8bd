//! Drafts: rules as they were read, and what their names mean.

use std::collections::HashMap;
use std::ops::Range;

use super::error::{Result, fail};
use super::lexicon::Lexicon;
use super::rule::{Clause, Expression, Rule};
use super::tokens::{Tokens, block};

/// A rule whose names are not looked up yet.
pub(crate) struct Draft {
    /// Its lexemes, from its name to the semicolon.
    pub lexemes: Range<usize>,
    pub line: usize,
    pub name: String,
    pub expression: Named,
    pub clauses: Vec<Clause>,
}

#[derive(Clone)]
pub(crate) enum Named {
    Name(usize, String),
    Tokens(Tokens),
    Sequence(Vec<Named>),
    Choice(Vec<Named>),
    Maybe(Box<Named>),
    Many(Box<Named>),
}

/// What names mean.
pub(crate) struct Names<'l> {
    pub places: HashMap<String, usize>,
    pub lexicon: &'l Lexicon,
}

impl Draft {
    pub(crate) fn resolve(self, names: &Names) -> Result<Rule> {
        let expression = self.expression.resolve(names)?;
        Ok(Rule { name: self.name, expression, clauses: self.clauses })
    }
}

impl Named {
    fn resolve(self, names: &Names) -> Result<Expression> {
        let all = |parts: Vec<Named>| -> Result<Vec<Expression>> {
            parts.into_iter().map(|part| part.resolve(names)).collect()
        };
        Ok(match self {
            Named::Name(line, name) => match names.find(&name) {
                (Some(&place), _) => Expression::Rule(place),
                (None, Some(tokens)) => Expression::Tokens(tokens),
                (None, None) => {
                    return fail(line, format!("{name} is no rule and no block of the vocabulary"));
                }
            },
            Named::Tokens(tokens) => Expression::Tokens(tokens),
            Named::Sequence(parts) => Expression::Sequence(all(parts)?),
            Named::Choice(parts) => Expression::Choice(all(parts)?),
            Named::Maybe(part) => Expression::Maybe(Box::new(part.resolve(names)?)),
            Named::Many(part) => Expression::Many(Box::new(part.resolve(names)?)),
        })
    }
}

impl Names<'_> {
    fn find(&self, name: &str) -> (Option<&usize>, Option<Tokens>) {
        (self.places.get(name), self.lexicon.block(name).or_else(|| block(name)))
    }
}
