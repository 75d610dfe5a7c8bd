//! Lexer: the text of a grammar cut into names, tokens and marks, each with its line.

use std::ops::Range;

use super::error::{Result, fail};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Name(String),
    Quoted(String),
    Mark(&'static str),
    Where(String),
}

const MARKS: [&str; 8] = ["..", "|", "?", "*", "(", ")", "=", ";"];

/// A text cut into what its rules, sections and examples are made of.
#[derive(Default)]
pub(crate) struct Text<'t> {
    /// The whole text.
    pub whole: &'t str,
    /// The lexemes of its rules, with their lines.
    pub lexemes: Vec<(usize, Lexeme)>,
    /// Of each lexeme where it begins and ends in the text, in bytes.
    pub spans: Vec<Range<usize>>,
    /// The comments, each with how many lexemes are before it.
    pub comments: Vec<(usize, String)>,
    /// The lines of its examples, with their numbers.
    pub examples: Vec<(usize, &'t str)>,
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
    let mut cut = Text { whole: text, ..Text::default() };
    let mut comment: Option<(usize, String)> = None;
    let offset = |rest: &str| rest.as_ptr() as usize - text.as_ptr() as usize;
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
                cut.sections.push((number, line));
            }
            if under == Under::Examples {
                cut.examples.push((number, line));
            }
            if under != Under::Rules {
                continue;
            }
        }
        loop {
            rest = rest.trim_start();
            if let Some((_, words)) = &mut comment {
                let end = rest.find("*)");
                words.push_str(&rest[..end.unwrap_or(rest.len())]);
                words.push(' ');
                let Some(end) = end else { break };
                let words: Vec<&str> = words.split_whitespace().collect();
                cut.comments.push((cut.lexemes.len(), words.join(" ")));
                rest = &rest[end + 2..];
                comment = None;
            } else if let Some(after) = rest.strip_prefix("(*") {
                comment = Some((number, String::new()));
                rest = after;
            } else if let Some(clause) = rest.strip_prefix("where:") {
                cut.spans.push(offset(rest)..offset(rest) + rest.len());
                cut.lexemes.push((number, Lexeme::Where(clause.trim().to_owned())));
                break;
            } else if rest.is_empty() {
                break;
            } else {
                let (lexeme, length) = lexeme(rest, number)?;
                cut.spans.push(offset(rest)..offset(rest) + length);
                cut.lexemes.push((number, lexeme));
                rest = &rest[length..];
            }
        }
    }
    match comment {
        Some((line, _)) => fail(line, "this comment never ends"),
        None => Ok(cut),
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
