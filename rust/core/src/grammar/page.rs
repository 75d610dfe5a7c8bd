//! Page: one file of a grammar as data, for those who show it: rules as written, and examples.

use super::draft::Named;
use super::error::{NotationError, Result, fail};
use super::files::{File, read};
use super::first::{First, FirstSets};
use super::lexer::Text;
use super::rule::{Expression, Grammar};
use super::trace::{Place, trace};

/// One file of a grammar.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its rules, in their order.
    pub rules: Vec<WrittenRule>,
    /// Its accepted and refused examples, in their order.
    pub examples: Vec<Example>,
    /// The names of its sections of tokens.
    pub sections: Vec<String>,
}

/// A rule as it is written.
#[derive(Clone, Debug)]
pub struct WrittenRule {
    /// Its name.
    pub name: String,
    /// Its right side.
    pub body: Node,
    /// The comment above it, on one line.
    pub comment: String,
    /// Its conditions, as they are written.
    pub conditions: Vec<String>,
    /// The rule itself, from its name to the semicolon.
    pub text: String,
}

/// A part of the right side of a rule, as it is written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Which operator of the notation it is.
    pub operator: Operator,
    /// Its parts, where it has any.
    pub parts: Vec<Node>,
    /// With which tokens it can begin.
    pub first: First,
}

/// The operators of the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `"C"`
    Token(String),
    /// `"C".."*"`
    Span(String, String),
    /// A rule, or a block of tokens.
    Name(String),
    /// `x y`
    Sequence,
    /// `x | y`
    Choice,
    /// `x?`
    Maybe,
    /// `x*`
    Many,
}

/// An example: ids that are a sentence of a rule, or are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The rule that it is of.
    pub rule: String,
    /// Its tokens.
    pub ids: Vec<u16>,
    /// Where it is refused and for which reason; `None` when it is accepted.
    pub refused: Option<(usize, String)>,
    /// Its text or meaning, or why it is refused.
    pub meaning: String,
}

/// A grammar, with its files as data and FIRST of its rules.
#[derive(Clone, Debug)]
pub struct Written {
    /// The rules, names looked up.
    pub grammar: Grammar,
    /// FIRST of each.
    pub first: FirstSets,
    /// The files, in their order.
    pub pages: Vec<Page>,
}

impl Written {
    /// Read the files of a grammar.
    ///
    /// # Errors
    /// As `Grammar::read`.
    pub fn read(files: &[File]) -> Result<Written> {
        let (grammar, drafted) = read(files)?;
        let first = FirstSets::of(&grammar);
        let mut rules = grammar.rules.iter();
        let mut pages = Vec::new();
        for page in drafted {
            let written = page.rules.into_iter().zip(&mut rules).map(|(rule, resolved)| {
                let body = node(&rule.body, &resolved.expression, &grammar, &first);
                let conditions = resolved.clauses.iter().map(|each| each.text.clone()).collect();
                WrittenRule {
                    name: rule.name,
                    body,
                    comment: rule.comment,
                    conditions,
                    text: rule.text,
                }
            });
            let rules = written.collect();
            pages.push(Page { rules, examples: page.examples, sections: page.sections });
        }
        Ok(Written { grammar, first, pages })
    }

    /// Of each token the innermost rule and the rules in force, the outermost first, by name; up
    /// to the first token that the rules do not have there.
    #[must_use]
    pub fn trace(&self, ids: &[u16]) -> Vec<(&str, Vec<&str>)> {
        let names: Vec<&str> = self
            .pages
            .iter()
            .flat_map(|page| page.rules.iter().map(|rule| rule.name.as_str()))
            .collect();
        let by_name = |place: Place| {
            (names[place.rule], place.rules.into_iter().map(|rule| names[rule]).collect())
        };
        trace(&self.grammar, &self.first, ids).into_iter().map(by_name).collect()
    }
}

/// A part as it is written; `part` is the same one, its names looked up.
fn node(written: &Named, part: &Expression, grammar: &Grammar, first: &FirstSets) -> Node {
    let name = |id| grammar.lexicon.any_name(id).unwrap_or_default().into_owned();
    let inner: Vec<(&Named, &Expression)> = match (written, part) {
        (
            Named::Sequence(all) | Named::Choice(all),
            Expression::Sequence(parts) | Expression::Choice(parts),
        ) => all.iter().zip(parts).collect(),
        (
            Named::Maybe(one) | Named::Many(one),
            Expression::Maybe(part) | Expression::Many(part),
        ) => vec![(one, part)],
        _ => Vec::new(),
    };
    let operator = match written {
        Named::Name(_, name) => Operator::Name(name.clone()),
        Named::Tokens(tokens) => match tokens[0] {
            (low, high) if low == high => Operator::Token(name(low)),
            (low, high) => Operator::Span(name(low), name(high)),
        },
        Named::Sequence(_) => Operator::Sequence,
        Named::Choice(_) => Operator::Choice,
        Named::Maybe(_) => Operator::Maybe,
        Named::Many(_) => Operator::Many,
    };
    let parts = inner.into_iter().map(|(one, part)| node(one, part, grammar, first)).collect();
    Node { operator, parts, first: first.first(part) }
}

/// The examples of a text.
pub(crate) fn examples(text: &Text) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    let mut heading = (true, "");
    for &(number, line) in &text.examples {
        if let Some((verdict, rule)) = line.split_once(':')
            && !line.starts_with(char::is_whitespace)
        {
            heading = (verdict == "accepted", rule.split_whitespace().next().unwrap_or_default());
        } else if !line.trim().is_empty() {
            examples.push(example(line.trim(), heading, number)?);
        }
    }
    Ok(examples)
}

fn example(line: &str, (is_accepted, rule): (bool, &str), number: usize) -> Result<Example> {
    let (ids, rest) = match line.split_once("  ") {
        _ if line.starts_with("at ") => ("", line),
        Some((ids, rest)) => (ids, rest.trim_start()),
        None => (line, ""),
    };
    let expected = || -> NotationError {
        let reason = format!("expected an example, found {}", quoted(line));
        NotationError { line: number, reason }
    };
    let words = ids.split(' ').filter(|_| !ids.is_empty());
    let ids = words.map(|word| word.parse().map_err(|_| expected())).collect::<Result<_>>()?;
    let example = |refused, meaning: &str| Example {
        rule: rule.to_owned(),
        ids,
        refused,
        meaning: meaning.to_owned(),
    };
    if is_accepted {
        return Ok(example(None, rest));
    }
    let fault = rest.strip_prefix("at ").and_then(|rest| rest.split_once(": "));
    let Some((position, reason)) = fault.and_then(|(at, why)| Some((at.parse().ok()?, why))) else {
        return fail(number, format!("expected `at N: reason`, found {}", quoted(rest)));
    };
    let (reason, why) = reason.split_once("  ").unwrap_or((reason, ""));
    Ok(example(Some((position, reason.trim().to_owned())), why.trim()))
}

fn quoted(text: &str) -> String {
    format!("'{text}'")
}
