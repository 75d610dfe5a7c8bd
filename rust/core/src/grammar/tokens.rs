//! Sets of tokens, and the names that rules and sections may have.

use crate::vocabulary;

/// A set of ids as inclusive ranges.
pub type Tokens = Vec<(u16, u16)>;

/// The assigned tokens of a block of the vocabulary.
#[must_use]
pub fn block(name: &str) -> Option<Tokens> {
    let block = vocabulary::BLOCKS.iter().find(|block| block.name == name)?;
    (block.assigned() > 0).then(|| vec![(block.base, block.last())])
}

/// Whether a rule or a section can have a name.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
