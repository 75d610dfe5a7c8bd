//! A clause as its condition reads it, and its arguments, each checked for what it names.

use super::condition::ClauseId;
use crate::grammar::{Argument, Clause, Grammar};
use crate::residues::{ATOM_WORDS, COUNT, said};
use crate::vocabulary;

/// A clause, the rule that states it, and its place among all clauses.
pub(crate) struct Stated<'a> {
    pub grammar: &'a Grammar,
    pub clause: &'a Clause,
    pub holder: usize,
    pub id: ClauseId,
}

impl Stated<'_> {
    fn argument(&self, i: usize) -> Result<&Argument, String> {
        self.clause.arguments.get(i).ok_or_else(|| format!("expected {} arguments", i + 1))
    }

    pub fn name(&self, i: usize) -> Result<&str, String> {
        match self.argument(i)? {
            Argument::Name(name) => Ok(name),
            Argument::Quoted(_) => Err("expected the name of a rule or a block".to_owned()),
        }
    }

    pub fn rule(&self, i: usize) -> Result<usize, String> {
        let name = self.name(i).map_err(|_| "expected the name of a rule".to_owned())?;
        self.grammar.place(name).ok_or_else(|| format!("no rule has the name {name}"))
    }

    pub fn block(&self, i: usize) -> Result<(u16, u16), String> {
        let name = self.name(i).map_err(|_| "expected the name of a block".to_owned())?;
        let tokens = self.grammar.block(name);
        tokens.map(|all| all[0]).ok_or_else(|| format!("no block has the name {name}"))
    }

    pub fn token(&self, i: usize) -> Result<u16, String> {
        let Argument::Quoted(name) = self.argument(i)? else {
            return Err("expected a token".to_owned());
        };
        self.grammar.token(name).ok_or_else(|| format!("no token has the name {name:?}"))
    }

    /// The tokens whose glyphs spell a word, or those of each atom word: its element and its name.
    pub fn words(&self, i: usize) -> Result<Vec<Vec<u16>>, String> {
        let spelled = |word: &str| word.chars().map(character).collect::<Result<Vec<_>, _>>();
        match self.argument(i)? {
            Argument::Quoted(word) => Ok(vec![spelled(word)?]),
            Argument::Name(block) if block == ATOM_WORDS.name => (0..COUNT as u16)
                .map(|word| {
                    let (name, element) = said(word);
                    Ok([&[element], &spelled(name)?[..]].concat())
                })
                .collect(),
            Argument::Name(_) => {
                Err("expected a word in quotation marks, or a block of words".to_owned())
            }
        }
    }
}

fn character(c: char) -> Result<u16, String> {
    vocabulary::id(&format!("'{c}")).ok_or_else(|| format!("no character token for {c:?}"))
}
