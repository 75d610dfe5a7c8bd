//! Lexicon: the tokens that a grammar declares, beside those of the vocabulary.

use std::borrow::Cow;

use super::error::{NotationError, fail};
use super::tokens::{Tokens, is_name};
use crate::vocabulary::{self, Block};

/// A declared token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its unique printable name.
    pub name: String,
    /// What it means, in words.
    pub gloss: String,
}

/// Declared tokens whose ids follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name; rules use it as they use a block of the vocabulary.
    pub name: String,
    /// Its first id.
    pub base: u16,
    /// Its tokens, by ascending id.
    pub tokens: Vec<Token>,
}

/// All tokens that a grammar declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// Its sections in their order.
    pub sections: Vec<Section>,
}

/// The block of the vocabulary in which declared tokens lie.
#[must_use]
pub fn room() -> &'static Block {
    const ROOM: &Block = vocabulary::block("declared");
    ROOM
}

impl Lexicon {
    /// Read the `tokens:` sections of a text: its lines with their numbers.
    ///
    /// # Errors
    /// Where a section does not keep the notation, or a name or an id is taken.
    pub(crate) fn read(&mut self, lines: &[(usize, &str)]) -> Result<(), NotationError> {
        for &(number, line) in lines {
            match line.strip_prefix("tokens:") {
                Some(head) => self.begin(head, number)?,
                None => self.line(line.trim(), number)?,
            }
        }
        match self.sections.iter().find(|section| section.tokens.is_empty()) {
            Some(empty) => fail(1, format!("expected tokens in the section {}", empty.name)),
            None => Ok(()),
        }
    }

    /// `NAME at ID`
    fn begin(&mut self, head: &str, line: usize) -> Result<(), NotationError> {
        let words: Vec<&str> = head.split_whitespace().collect();
        let &[name, "at", base] = &words[..] else {
            return fail(line, format!("expected `tokens: NAME at ID`, not {:?}", head.trim()));
        };
        let first = room().base;
        let last = first + room().size - 1;
        let Some(base) = base.parse().ok().filter(|id| (first..=last).contains(id)) else {
            return fail(line, format!("expected an id from {first} to {last}, not {base}"));
        };
        if !is_name(name) {
            return fail(line, format!("expected a name in small letters and _, not {name:?}"));
        }
        let is_taken =
            self.block(name).is_some() || vocabulary::BLOCKS.iter().any(|block| block.name == name);
        if is_taken {
            return fail(line, format!("a block has the name {name} already"));
        }
        self.sections.push(Section { name: name.to_owned(), base, tokens: Vec::new() });
        Ok(())
    }

    /// A name and, after two blanks or more, a gloss; `{1..9}` in the name makes as many tokens.
    fn line(&mut self, text: &str, line: usize) -> Result<(), NotationError> {
        let (name, gloss) = text.split_once("  ").unwrap_or((text, ""));
        let Some((before, after)) = name.split_once('{') else {
            return self.token(name.to_owned(), gloss.trim().to_owned(), line);
        };
        let range = after.split_once('}').and_then(|(range, after)| {
            let (first, last) = range.split_once("..")?;
            Some((first.parse::<u16>().ok()?, last.parse::<u16>().ok()?, after))
        });
        let Some((first, last, after)) = range.filter(|(first, last, _)| first <= last) else {
            return fail(line, format!("expected a range such as {{1..9}} in {name:?}"));
        };
        for number in first..=last {
            let gloss = gloss.trim().replace("{n}", &number.to_string());
            self.token(format!("{before}{number}{after}"), gloss, line)?;
        }
        Ok(())
    }

    fn token(&mut self, name: String, gloss: String, line: usize) -> Result<(), NotationError> {
        if name.contains(|c: char| c.is_whitespace() || c == '"' || c.is_control()) {
            return fail(line, format!("expected a name without blanks or quotes, not {name:?}"));
        }
        if self.id(&name).is_some() || vocabulary::id(&name).is_some() {
            return fail(line, format!("a token has the name {name:?} already"));
        }
        let Some(section) = self.sections.last() else {
            return fail(line, "expected a section before its tokens");
        };
        let id = usize::from(section.base) + section.tokens.len();
        let end = usize::from(room().base + room().size);
        let Some(id) = u16::try_from(id).ok().filter(|_| id < end) else {
            return fail(line, format!("expected ids below {end}, not one for {name:?}"));
        };
        if let Some(other) = self.name(id) {
            return fail(line, format!("{id} is the id of {other} already, not of {name:?} too"));
        }
        if let Some(section) = self.sections.last_mut() {
            section.tokens.push(Token { name, gloss });
        }
        Ok(())
    }

    /// The id of a name.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<u16> {
        self.sections.iter().find_map(|section| {
            let place = section.tokens.iter().position(|token| token.name == name)?;
            Some(section.base + place as u16)
        })
    }

    /// The name of an id.
    #[must_use]
    pub fn name(&self, id: u16) -> Option<&str> {
        self.sections.iter().find_map(|section| {
            let place = usize::from(id.checked_sub(section.base)?);
            Some(section.tokens.get(place)?.name.as_str())
        })
    }

    /// The ids of a section.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<Tokens> {
        let section = self.sections.iter().find(|section| section.name == name)?;
        let count = section.tokens.len() as u16;
        (count > 0).then(|| vec![(section.base, section.base + count - 1)])
    }

    /// The name of an id, declared or of the vocabulary.
    #[must_use]
    pub fn any_name(&self, id: u16) -> Option<Cow<'_, str>> {
        self.name(id).map(Cow::Borrowed).or_else(|| vocabulary::name(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Lexicon, NotationError> {
        let mut lexicon = Lexicon::default();
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty());
        lexicon.read(&lines.collect::<Vec<_>>()).map(|()| lexicon)
    }

    #[test]
    fn sections_have_ids_in_their_order() {
        let text = "tokens: a at 7168\n    <AS>  begins\n\n    b{2..3}  the {n}th\n";
        let lexicon = read(text).unwrap();
        assert_eq!(lexicon.id("<AS>"), Some(7168));
        assert_eq!(lexicon.id("b3"), Some(7170));
        assert_eq!(lexicon.name(7169), Some("b2"));
        assert_eq!(lexicon.name(7171), None);
        assert_eq!(lexicon.block("a"), Some(vec![(7168, 7170)]));
        assert_eq!(lexicon.sections[0].tokens[2].gloss, "the 3th");
        assert_eq!(lexicon.any_name(384).as_deref(), Some("C"));
    }

    #[test]
    fn what_is_taken_is_refused_with_its_line() {
        for (text, line, reason) in [
            ("tokens: a\n    b", 1, "expected `tokens: NAME at ID`, not \"a\""),
            ("tokens: a at 7167\n    b", 1, "expected an id from 7168 to 8191, not 7167"),
            ("tokens: A at 7168", 1, "expected a name in small letters and _, not \"A\""),
            ("tokens: bond at 7168\n    b", 1, "a block has the name bond already"),
            ("tokens: a at 7168\n    C", 2, "a token has the name \"C\" already"),
            ("tokens: a at 7168\n    x\n    x", 3, "a token has the name \"x\" already"),
            (
                "tokens: a at 7168\n    b c",
                2,
                "expected a name without blanks or quotes, not \"b c\"",
            ),
            ("tokens: a at 8191\n    x\n    y", 3, "expected ids below 8192, not one for \"y\""),
            ("tokens: a at 7168\n    b{3..1}", 2, "expected a range such as {1..9} in \"b{3..1}\""),
            ("tokens: a at 7168\n", 1, "expected tokens in the section a"),
            (
                "tokens: a at 7168\n    x\n    y\ntokens: d at 7169\n    z",
                5,
                "7169 is the id of y already, not of \"z\" too",
            ),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!((error.line, error.reason.as_str()), (line, reason), "{text}");
        }
    }
}
