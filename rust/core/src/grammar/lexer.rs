//! Signs: the text of a grammar cut into names, tokens and marks, each with its line.

use super::error::{Result, fail};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Name(String),
    Quoted(String),
    Mark(&'static str),
    Where(String),
}

const MARKS: [&str; 8] = ["..", "|", "?", "*", "(", ")", "=", ";"];

/// A text without its comments and examples.
pub(crate) struct Text<'t> {
    /// The lexemes of its rules, with their lines.
    pub lexemes: Vec<(usize, Lexeme)>,
    /// The lines of its sections of tokens, with their numbers.
    pub sections: Vec<(usize, &'t str)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    Rules,
    Examples,
    Tokens,
}

/// Cut a text into lexemes.
pub(crate) fn lex(text: &str) -> Result<Text<'_>> {
    let (mut lexemes, mut sections) = (Vec::new(), Vec::new());
    let mut comment = None;
    let mut under = Under::Rules;
    for (number, line) in text.lines().enumerate().map(|(i, line)| (i + 1, line)) {
        let mut rest = line;
        if comment.is_none() {
            if line.starts_with("accepted:") || line.starts_with("refused:") {
                under = Under::Examples;
            } else if line.starts_with("tokens:") {
                under = Under::Tokens;
            } else if line.starts_with(|first: char| !first.is_whitespace()) {
                under = Under::Rules;
            }
            if under == Under::Tokens && !line.trim().is_empty() {
                sections.push((number, line));
            }
            if under != Under::Rules {
                continue;
            }
        }
        loop {
            rest = rest.trim_start();
            if comment.is_some() {
                let Some(end) = rest.find("*)") else { break };
                rest = &rest[end + 2..];
                comment = None;
            } else if let Some(after) = rest.strip_prefix("(*") {
                comment = Some(number);
                rest = after;
            } else if let Some(clause) = rest.strip_prefix("where:") {
                lexemes.push((number, Lexeme::Where(clause.trim().to_owned())));
                break;
            } else if rest.is_empty() {
                break;
            } else {
                let (lexeme, length) = lexeme(rest, number)?;
                lexemes.push((number, lexeme));
                rest = &rest[length..];
            }
        }
    }
    match comment {
        Some(line) => fail(line, "this comment never ends"),
        None => Ok(Text { lexemes, sections }),
    }
}

fn lexeme(text: &str, line: usize) -> Result<(Lexeme, usize)> {
    if let Some(inner) = text.strip_prefix('"') {
        return match inner.find('"') {
            Some(end) => Ok((Lexeme::Quoted(inner[..end].to_owned()), end + 2)),
            None => fail(line, "this quotation mark is never closed"),
        };
    }
    if let Some(mark) = MARKS.iter().find(|mark| text.starts_with(**mark)) {
        return Ok((Lexeme::Mark(mark), mark.len()));
    }
    let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.find(|c| !named(c)).unwrap_or(text.len()) {
        0 => fail(line, format!("expected a name, a token or a sign of the notation at {text:?}")),
        end => Ok((Lexeme::Name(text[..end].to_owned()), end)),
    }
}
