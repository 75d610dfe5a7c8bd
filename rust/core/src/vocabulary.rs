//! The one vocabulary: every token's id, unique name, glyph and meaning.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use crate::tokens::{BLOCKS, FINGERPRINT, SIZE};

/// A contiguous range of ids that mean one kind of thing.
#[derive(Debug)]
pub struct Block {
    /// Its name in the spec; rules use it as a terminal.
    pub name: &'static str,
    /// Its first id.
    pub base: u16,
    /// How many ids it reserves.
    pub size: u16,
    /// What it is for, in words.
    pub gloss: &'static str,
    /// Its assigned tokens, by ascending id.
    pub runs: &'static [Run],
}

/// One token, or a run of tokens that differ in a number.
#[derive(Debug)]
pub struct Run {
    /// Its first id.
    pub base: u16,
    /// The number of its first token.
    pub first: i32,
    /// How many tokens.
    pub count: u16,
    /// Printable name; `{n}` stands for the number.
    pub name: &'static str,
    /// Glyph in the foreign text; `{n}` stands for the number.
    pub text: &'static str,
    /// Meaning; `{n}` stands for the number.
    pub gloss: &'static str,
}

/// The id of a token by its name, at compile time: a name that is not in the spec does not compile.
///
/// # Panics
/// At compile time, when no single token (not of a numbered run) has this name.
#[must_use]
pub const fn token(name: &str) -> u16 {
    let mut b = 0;
    while b < BLOCKS.len() {
        let runs = BLOCKS[b].runs;
        let mut r = 0;
        while r < runs.len() {
            if runs[r].count == 1 && same(runs[r].name, name) {
                return runs[r].base;
            }
            r += 1;
        }
        b += 1;
    }
    panic!("no token has this name")
}

/// A block by its name, at compile time.
///
/// # Panics
/// At compile time, when no block has this name.
#[must_use]
pub const fn block(name: &str) -> &'static Block {
    let mut b = 0;
    while b < BLOCKS.len() {
        if same(BLOCKS[b].name, name) {
            return &BLOCKS[b];
        }
        b += 1;
    }
    panic!("no block has this name")
}

impl Block {
    /// How many of its ids are assigned; they are its first ones.
    #[must_use]
    pub const fn assigned(&self) -> u16 {
        let mut count = 0;
        let mut r = 0;
        while r < self.runs.len() {
            count += self.runs[r].count;
            r += 1;
        }
        count
    }

    /// Its last assigned id.
    ///
    /// # Panics
    /// At compile time, for a block with no token.
    #[must_use]
    pub const fn last(&self) -> u16 {
        assert!(self.assigned() > 0, "the block has no token");
        self.base + self.assigned() - 1
    }
}

impl Block {
    /// Whether an assigned id is of this block.
    #[must_use]
    pub fn has(&self, id: u16) -> bool {
        self.base <= id && id <= self.last()
    }
}

/// The block that reserves an id.
#[must_use]
pub fn block_of(id: u16) -> Option<&'static Block> {
    let after = BLOCKS.partition_point(|block| block.base <= id);
    let block = &BLOCKS[after.checked_sub(1)?];
    (id - block.base < block.size).then_some(block)
}

/// The unique printable name of an assigned id.
#[must_use]
pub fn name(id: u16) -> Option<Cow<'static, str>> {
    run_of(id).map(|run| run.fill(run.name, id))
}

/// The glyph of an assigned id in its foreign text, empty for what has none.
#[must_use]
pub fn text(id: u16) -> Option<Cow<'static, str>> {
    run_of(id).map(|run| run.fill(run.text, id))
}

/// What an assigned id means, in words.
#[must_use]
pub fn gloss(id: u16) -> Option<Cow<'static, str>> {
    run_of(id).map(|run| run.fill(run.gloss, id))
}

/// The id that has this name.
#[must_use]
pub fn id(wanted: &str) -> Option<u16> {
    static IDS: OnceLock<HashMap<String, u16>> = OnceLock::new();
    let ids = IDS
        .get_or_init(|| assigned().filter_map(|id| Some((name(id)?.into_owned(), id))).collect());
    ids.get(wanted).copied()
}

/// Every assigned id, ascending.
pub fn assigned() -> impl Iterator<Item = u16> {
    BLOCKS.iter().flat_map(|block| block.base..block.base + block.assigned())
}

fn run_of(id: u16) -> Option<&'static Run> {
    block_of(id)?.runs.iter().find(|run| (run.base..run.base + run.count).contains(&id))
}

impl Run {
    fn fill(&self, template: &'static str, id: u16) -> Cow<'static, str> {
        if !template.contains('{') {
            return Cow::Borrowed(template);
        }
        let number = self.first + i32::from(id - self.base);
        Cow::Owned(
            template.replace("{n:03}", &format!("{number:03}")).replace("{n}", &number.to_string()),
        )
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_id() {
        assert!(assigned().count() > 4000);
        for each in assigned() {
            assert_eq!(id(&name(each).unwrap()), Some(each));
        }
    }

    #[test]
    fn numbered_tokens_spell_their_numbers() {
        assert_eq!(name(id("#13").unwrap()).unwrap(), "#13");
        assert_eq!(text(id("open12").unwrap()).unwrap(), "%12");
        assert_eq!(name(id("-7.").unwrap()).unwrap(), "-7.");
        assert_eq!(name(id(".050").unwrap()).unwrap(), ".050");
        assert_eq!(name(4), None);
    }
}
