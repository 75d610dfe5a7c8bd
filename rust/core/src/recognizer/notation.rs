//! Notation: the text of a grammar read as rules and conditions.

use std::collections::HashMap;
use std::fmt;

use super::declared::qualify;
use super::lexicon::Lexicon;
use super::signs::{Sign, signs};
use crate::vocabulary;

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
            let signs = text.signs;
            Reader { signs, at: 0, depth: 0, lexicon: &lexicon }.rules(&mut drafts)?;
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

/// A rule whose names are not looked up yet.
pub(super) struct Draft {
    pub line: usize,
    pub name: String,
    pub expression: Named,
    pub conditions: Vec<Condition>,
}

pub(super) enum Named {
    Name(usize, String),
    Tokens(Tokens),
    Sequence(Vec<Named>),
    Choice(Vec<Named>),
    Optional(Box<Named>),
    Many(Box<Named>),
}

struct Reader<'l> {
    signs: Vec<(usize, Sign)>,
    at: usize,
    /// How many parentheses we are in.
    depth: usize,
    lexicon: &'l Lexicon,
}

/// How deep parentheses may nest.
const DEEPEST: usize = 16;

impl Reader<'_> {
    fn rules(&mut self, drafts: &mut Vec<Draft>) -> Result<()> {
        while self.at < self.signs.len() {
            let line = self.line();
            let Some(Sign::Name(name)) = self.next() else {
                return fail(line, "expected the name of a rule");
            };
            if !is_name(&name) {
                return fail(
                    line,
                    format!(
                        "expected a name in small letters, digits and _, a letter first, not {name:?}"
                    ),
                );
            }
            self.mark("=")?;
            let expression = self.choice()?;
            self.mark(";")?;
            let mut conditions = Vec::new();
            while let Some(Sign::Where(text)) = self.peek() {
                conditions.push(condition(text, self.line())?);
                self.at += 1;
            }
            drafts.push(Draft { line, name, expression, conditions });
        }
        Ok(())
    }

    fn choice(&mut self) -> Result<Named> {
        let mut options = vec![self.sequence()?];
        while self.peek() == Some(&Sign::Mark("|")) {
            self.at += 1;
            options.push(self.sequence()?);
        }
        Ok(if options.len() == 1 { options.remove(0) } else { Named::Choice(options) })
    }

    fn sequence(&mut self) -> Result<Named> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some(Sign::Mark("|" | ")" | ";") | Sign::Where(_))) {
            parts.push(self.part()?);
        }
        match parts.len() {
            0 => fail(self.line(), "expected a token, a rule or a parenthesis"),
            1 => Ok(parts.remove(0)),
            _ => Ok(Named::Sequence(parts)),
        }
    }

    fn part(&mut self) -> Result<Named> {
        let line = self.line();
        let mut part = match self.next() {
            Some(Sign::Name(name)) => Named::Name(line, name),
            Some(Sign::Quoted(name)) => {
                let first = self.token(&name, line)?;
                let mut last = first;
                if self.peek() == Some(&Sign::Mark("..")) {
                    self.at += 1;
                    let Some(Sign::Quoted(name)) = self.next() else {
                        return fail(line, "expected a token after ..");
                    };
                    last = self.token(&name, line)?;
                }
                if last < first {
                    return fail(line, "expected a range whose second token has the higher id");
                }
                Named::Tokens(vec![(first, last)])
            }
            Some(Sign::Mark("(")) if self.depth == DEEPEST => {
                return fail(line, format!("expected at most {DEEPEST} parentheses in each other"));
            }
            Some(Sign::Mark("(")) => {
                self.depth += 1;
                let inner = self.choice()?;
                self.mark(")")?;
                self.depth -= 1;
                inner
            }
            _ => return fail(line, "expected a token, a rule or a parenthesis"),
        };
        part = match self.peek() {
            Some(Sign::Mark("?")) => Named::Optional(Box::new(part)),
            Some(Sign::Mark("*")) => Named::Many(Box::new(part)),
            _ => return Ok(part),
        };
        self.at += 1;
        match self.peek() {
            Some(Sign::Mark("?" | "*")) => fail(self.line(), "expected one of ? and * alone"),
            _ => Ok(part),
        }
    }

    fn mark(&mut self, wanted: &'static str) -> Result<()> {
        let line = self.line();
        match self.next() {
            Some(Sign::Mark(found)) if found == wanted => Ok(()),
            _ => fail(line, format!("expected {wanted}")),
        }
    }

    fn token(&self, name: &str, line: usize) -> Result<u16> {
        match self.lexicon.id(name).or_else(|| vocabulary::id(name)) {
            Some(id) => Ok(id),
            None => fail(line, format!("no token has the name {name:?}")),
        }
    }

    fn peek(&self) -> Option<&Sign> {
        self.signs.get(self.at).map(|(_, sign)| sign)
    }

    fn next(&mut self) -> Option<Sign> {
        let sign = self.peek().cloned();
        self.at += 1;
        sign
    }

    fn line(&self) -> usize {
        self.signs.get(self.at).or(self.signs.last()).map_or(1, |(line, _)| *line)
    }
}

/// `name(argument, …)`
fn condition(text: &str, line: usize) -> Result<Condition> {
    let Some((name, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return fail(line, format!("expected a condition such as opened(x, y), not {text:?}"));
    };
    let argument = |text: &str| match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(quoted) => Argument::Quoted(quoted.to_owned()),
        None => Argument::Name(text.to_owned()),
    };
    Ok(Condition {
        text: text.to_owned(),
        name: name.to_owned(),
        arguments: inner.split(", ").map(argument).collect(),
    })
}

/// What names mean.
struct Names<'l> {
    places: HashMap<String, usize>,
    lexicon: &'l Lexicon,
}

impl Draft {
    fn resolve(self, names: &Names) -> Result<Rule> {
        let expression = self.expression.resolve(names)?;
        Ok(Rule { name: self.name, expression, conditions: self.conditions })
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
            Named::Optional(part) => Expression::Optional(Box::new(part.resolve(names)?)),
            Named::Many(part) => Expression::Many(Box::new(part.resolve(names)?)),
        })
    }
}

impl Names<'_> {
    fn find(&self, name: &str) -> (Option<&usize>, Option<Tokens>) {
        (self.places.get(name), self.lexicon.block(name).or_else(|| block(name)))
    }
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
