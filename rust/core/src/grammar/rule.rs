//! A grammar: its rules and their side conditions, names looked up.

use super::lexicon::Lexicon;
use super::tokens::{Tokens, block};
use crate::vocabulary;

/// The right side of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Any one token of a set.
    Tokens(Tokens),
    /// Another rule, by its place among the rules.
    Rule(usize),
    /// One after another.
    Sequence(Vec<Expression>),
    /// One of several.
    Choice(Vec<Expression>),
    /// `x?`
    Maybe(Box<Expression>),
    /// `x*`
    Many(Box<Expression>),
}

impl Expression {
    /// Tell each rule that it names.
    pub fn each_rule(&self, tell: &mut impl FnMut(usize)) {
        match self {
            Expression::Tokens(_) => {}
            Expression::Rule(rule) => tell(*rule),
            Expression::Sequence(all) | Expression::Choice(all) => {
                for part in all {
                    part.each_rule(tell);
                }
            }
            Expression::Maybe(part) | Expression::Many(part) => part.each_rule(tell),
        }
    }

    /// The same, with each rule at another place.
    fn moved(&self, place: &impl Fn(usize) -> usize) -> Expression {
        let all = |parts: &[Expression]| parts.iter().map(|part| part.moved(place)).collect();
        match self {
            Expression::Tokens(tokens) => Expression::Tokens(tokens.clone()),
            Expression::Rule(rule) => Expression::Rule(place(*rule)),
            Expression::Sequence(parts) => Expression::Sequence(all(parts)),
            Expression::Choice(parts) => Expression::Choice(all(parts)),
            Expression::Maybe(part) => Expression::Maybe(Box::new(part.moved(place))),
            Expression::Many(part) => Expression::Many(Box::new(part.moved(place))),
        }
    }
}

/// What a condition is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A rule, a block or another name.
    Name(String),
    /// A token, or the text of one, in quotation marks.
    Quoted(String),
}

/// A `where:` clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// As it is written.
    pub text: String,
    /// Which of the closed list.
    pub name: String,
    /// What it is about.
    pub arguments: Vec<Argument>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its right side.
    pub expression: Expression,
    /// Its conditions in their order.
    pub clauses: Vec<Clause>,
}

/// Rules, and which of them are object types.
#[derive(Clone, Debug)]
pub struct Grammar {
    /// All rules.
    pub rules: Vec<Rule>,
    /// The first rule of each object file.
    pub objects: Vec<usize>,
    /// The tokens that it declares.
    pub lexicon: Lexicon,
}

impl Grammar {
    /// The id of a token, declared or of the vocabulary.
    #[must_use]
    pub fn token(&self, name: &str) -> Option<u16> {
        self.lexicon.id(name).or_else(|| vocabulary::id(name))
    }

    /// The tokens of a block, declared or of the vocabulary.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<Tokens> {
        self.lexicon.block(name).or_else(|| block(name))
    }

    /// The forms of an object type: the rules of which its own rule is a choice, if it is one.
    #[must_use]
    pub fn forms(&self, object: usize) -> Vec<usize> {
        let Expression::Choice(options) = &self.rules[object].expression else {
            return Vec::new();
        };
        let form = |option: &Expression| match option {
            Expression::Rule(rule) => Some(*rule),
            _ => None,
        };
        options.iter().map(form).collect::<Option<_>>().unwrap_or_default()
    }

    /// Whether a rule uses another, itself or through those that it uses.
    #[must_use]
    pub fn uses(&self, rule: usize, other: usize) -> bool {
        self.used_by(&[rule])[other]
    }

    /// By rule whether it is one of these, or they use it, themselves or through others.
    #[must_use]
    pub fn used_by(&self, rules: &[usize]) -> Vec<bool> {
        let (mut used, mut waiting) = (vec![false; self.rules.len()], rules.to_vec());
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut used[at], true) {
                self.rules[at].expression.each_rule(&mut |rule| waiting.push(rule));
            }
        }
        used
    }

    /// The grammar of some of its object types: they and the rules that they use, in their order.
    #[must_use]
    pub fn of(&self, objects: &[usize]) -> Grammar {
        let used = self.used_by(objects);
        let place = |rule: usize| used[..rule].iter().filter(|&&used| used).count();
        let kept = self.rules.iter().zip(&used).filter(|&(_, &used)| used);
        let moved =
            |rule: &Rule| Rule { expression: rule.expression.moved(&place), ..rule.clone() };
        Grammar {
            rules: kept.map(|(rule, _)| moved(rule)).collect(),
            objects: objects.iter().map(|&object| place(object)).collect(),
            lexicon: self.lexicon.clone(),
        }
    }

    /// The place of a rule.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.name == name)
    }
}
