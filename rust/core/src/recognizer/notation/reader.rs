//! The reader of rules: their signs become drafts.

use super::super::lexicon::Lexicon;
use super::super::signs::Sign;
use super::drafts::{Draft, Named};
use super::{Argument, Condition, Result, fail, is_name};
use crate::vocabulary;

pub(super) struct Reader<'l> {
    signs: Vec<(usize, Sign)>,
    at: usize,
    /// How many parentheses we are in.
    depth: usize,
    lexicon: &'l Lexicon,
}

/// How deep parentheses may nest.
const DEEPEST: usize = 16;

impl<'l> Reader<'l> {
    pub fn new(signs: Vec<(usize, Sign)>, lexicon: &'l Lexicon) -> Self {
        Reader { signs, at: 0, depth: 0, lexicon }
    }

    pub fn rules(&mut self, drafts: &mut Vec<Draft>) -> Result<()> {
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
