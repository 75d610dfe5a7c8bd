//! Notation: the text of a grammar read as rules and conditions.

mod drafts;
mod reader;

pub(super) use drafts::{Draft, Named};

use std::collections::HashMap;
use std::fmt;

use super::declared::qualify;
use super::lexicon::Lexicon;
use super::signs::signs;
use crate::vocabulary;
use drafts::Names;
use reader::Reader;

/// A set of ids as inclusive ranges.
pub type Tokens = Vec<(u16, u16)>;

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
    Optional(Box<Expression>),
    /// `x*`
    Many(Box<Expression>),
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
pub struct Condition {
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
    /// What it stands for.
    pub expression: Expression,
    /// Its conditions in their order.
    pub conditions: Vec<Condition>,
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

/// A text that is no grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    /// The line, from 1.
    pub line: usize,
    /// What was wanted.
    pub reason: String,
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for NotationError {}

pub(super) type Result<T> = std::result::Result<T, NotationError>;

/// One file of a grammar.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its text; what follows `accepted:` and `refused:` are examples and not read.
    pub text: &'a str,
    /// Whether its first rule is an object type.
    pub is_object: bool,
    /// Whether its rules may have names that others have: in it they mean its own.
    pub is_declared: bool,
}

impl Grammar {
    /// Read the files of a grammar.
    ///
    /// # Errors
    /// Where a file does not keep the notation, or a name is used twice or not known.
    pub fn read(files: &[File]) -> Result<Grammar> {
        let mut drafts = Vec::new();
        let mut objects = Vec::new();
        let mut lexicon = Lexicon::default();
        let texts = files.iter().map(|file| signs(file.text)).collect::<Result<Vec<_>>>()?;
        for text in &texts {
            lexicon.read(&text.sections)?;
        }
        for (file, text) in files.iter().zip(texts) {
            if file.is_object {
                objects.push(drafts.len());
            }
            let first = drafts.len();
            Reader::new(text.signs, &lexicon).rules(&mut drafts)?;
            if drafts.len() == first {
                return fail(1, "expected a rule");
            }
            if file.is_declared {
                let (spec, own) = drafts.split_at_mut(first);
                qualify(own, spec)?;
            }
        }
        let mut places = HashMap::new();
        for (place, draft) in drafts.iter().enumerate() {
            if places.insert(draft.name.clone(), place).is_some() {
                return fail(draft.line, format!("the rule {} stands twice", draft.name));
            }
        }
        let names = Names { places, lexicon: &lexicon };
        let rules = drafts.into_iter().map(|draft| draft.resolve(&names)).collect::<Result<_>>()?;
        Ok(Grammar { rules, objects, lexicon })
    }

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

    /// The place of a rule.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.name == name)
    }
}

pub(super) fn fail<T>(line: usize, reason: impl Into<String>) -> Result<T> {
    Err(NotationError { line, reason: reason.into() })
}

/// Whether a rule or a section can have a name.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The assigned tokens of a block of the vocabulary.
#[must_use]
pub fn block(name: &str) -> Option<Tokens> {
    let block = vocabulary::BLOCKS.iter().find(|block| block.name == name)?;
    (block.assigned() > 0).then(|| vec![(block.base, block.last())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Grammar> {
        Grammar::read(&[File { text, is_object: true, is_declared: false }])
    }

    #[test]
    fn rules_comments_and_conditions_are_read() {
        let grammar = read(
            "(* one\n two *)\nx = \"C\"..\"N\" y? ( amino_acid | \"(\" )* ;\n    where: as_many(\"C\", y)\n\
             y = \".\" ;\naccepted: x\n    1 2  = no rule\nz = x ;\n",
        )
        .unwrap();
        assert_eq!(
            grammar.rules.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["x", "y", "z"]
        );
        let condition = &grammar.rules[0].conditions[0];
        assert_eq!(condition.text, "as_many(\"C\", y)");
        assert_eq!(
            condition.arguments,
            [Argument::Quoted("C".to_owned()), Argument::Name("y".to_owned())]
        );
        assert_eq!(grammar.rules[2].expression, Expression::Rule(0));
    }

    #[test]
    fn what_is_no_notation_is_refused_with_its_line() {
        for (text, line, reason) in [
            ("x = \"C\"", 1, "expected ;"),
            ("x = ;", 1, "expected a token, a rule or a parenthesis"),
            ("\nx = \"nothing\" ;", 2, "no token has the name \"nothing\""),
            ("x = nothing ;", 1, "nothing is no rule and no block of the vocabulary"),
            ("x = \"C\" ;\nx = \"N\" ;", 2, "the rule x stands twice"),
            ("x = \"N\"..\"C\" ;", 1, "expected a range whose second token has the higher id"),
            ("(* x", 1, "this comment never ends"),
            ("x = \"C ;", 1, "this quotation mark is never closed"),
            (
                "x = \"C\" ;\n    where: unique",
                2,
                "expected a condition such as opened(x, y), not \"unique\"",
            ),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!((error.line, error.reason.as_str()), (line, reason), "{text}");
        }
    }
}
