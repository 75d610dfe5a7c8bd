//! The reader of rules: their lexemes become drafts.

use super::draft::{Draft, Named};
use super::error::{Result, fail};
use super::lexer::Lexeme;
use super::lexicon::Lexicon;
use super::rule::{Argument, Clause};
use super::tokens::is_name;
use crate::vocabulary;

pub(crate) struct RuleReader<'l> {
    lexemes: Vec<(usize, Lexeme)>,
    at: usize,
    /// How many parentheses we are in.
    depth: usize,
    lexicon: &'l Lexicon,
}

/// How deep parentheses may nest.
const DEEPEST: usize = 16;

impl<'l> RuleReader<'l> {
    pub fn new(lexemes: Vec<(usize, Lexeme)>, lexicon: &'l Lexicon) -> Self {
        RuleReader { lexemes, at: 0, depth: 0, lexicon }
    }

    pub fn rules(&mut self, drafts: &mut Vec<Draft>) -> Result<()> {
        while self.at < self.lexemes.len() {
            let (line, first) = (self.line(), self.at);
            let Some(Lexeme::Name(name)) = self.next() else {
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
            let lexemes = first..self.at;
            let mut clauses = Vec::new();
            while let Some(Lexeme::Where(text)) = self.peek() {
                clauses.push(clause(text, self.line())?);
                self.at += 1;
            }
            drafts.push(Draft { lexemes, line, name, expression, clauses });
        }
        Ok(())
    }

    fn choice(&mut self) -> Result<Named> {
        let mut options = vec![self.sequence()?];
        while self.peek() == Some(&Lexeme::Mark("|")) {
            self.at += 1;
            options.push(self.sequence()?);
        }
        Ok(if options.len() == 1 { options.remove(0) } else { Named::Choice(options) })
    }

    fn sequence(&mut self) -> Result<Named> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some(Lexeme::Mark("|" | ")" | ";") | Lexeme::Where(_)))
        {
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
            Some(Lexeme::Name(name)) => Named::Name(line, name),
            Some(Lexeme::Quoted(name)) => {
                let first = self.token(&name, line)?;
                let mut last = first;
                if self.peek() == Some(&Lexeme::Mark("..")) {
                    self.at += 1;
                    let Some(Lexeme::Quoted(name)) = self.next() else {
                        return fail(line, "expected a token after ..");
                    };
                    last = self.token(&name, line)?;
                }
                if last < first {
                    return fail(line, "expected a range whose second token has the higher id");
                }
                Named::Tokens(vec![(first, last)])
            }
            Some(Lexeme::Mark("(")) if self.depth == DEEPEST => {
                return fail(line, format!("expected at most {DEEPEST} parentheses in each other"));
            }
            Some(Lexeme::Mark("(")) => {
                self.depth += 1;
                let inner = self.choice()?;
                self.mark(")")?;
                self.depth -= 1;
                inner
            }
            _ => return fail(line, "expected a token, a rule or a parenthesis"),
        };
        part = match self.peek() {
            Some(Lexeme::Mark("?")) => Named::Maybe(Box::new(part)),
            Some(Lexeme::Mark("*")) => Named::Many(Box::new(part)),
            _ => return Ok(part),
        };
        self.at += 1;
        match self.peek() {
            Some(Lexeme::Mark("?" | "*")) => fail(self.line(), "expected one of ? and * alone"),
            _ => Ok(part),
        }
    }

    fn mark(&mut self, wanted: &'static str) -> Result<()> {
        let line = self.line();
        match self.next() {
            Some(Lexeme::Mark(found)) if found == wanted => Ok(()),
            _ => fail(line, format!("expected {wanted}")),
        }
    }

    fn token(&self, name: &str, line: usize) -> Result<u16> {
        match self.lexicon.id(name).or_else(|| vocabulary::id(name)) {
            Some(id) => Ok(id),
            None => fail(line, format!("no token has the name {name:?}")),
        }
    }

    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at).map(|(_, lexeme)| lexeme)
    }

    fn next(&mut self) -> Option<Lexeme> {
        let lexeme = self.peek().cloned();
        self.at += 1;
        lexeme
    }

    fn line(&self) -> usize {
        self.lexemes.get(self.at).or(self.lexemes.last()).map_or(1, |(line, _)| *line)
    }
}

/// `name(argument, …)`
fn clause(text: &str, line: usize) -> Result<Clause> {
    let Some((name, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return fail(line, format!("expected a condition such as opened(x, y), not {text:?}"));
    };
    let argument = |text: &str| match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(quoted) => Argument::Quoted(quoted.to_owned()),
        None => Argument::Name(text.to_owned()),
    };
    Ok(Clause {
        text: text.to_owned(),
        name: name.to_owned(),
        arguments: inner.split(", ").map(argument).collect(),
    })
}
