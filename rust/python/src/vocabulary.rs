//! The vocabulary and the texts of the spec as plain Python values.

use logos_core::spec_texts::SPEC_TEXTS;
use logos_core::vocabulary::{BLOCKS, assigned, gloss, name, text};
use pyo3::prelude::*;

/// One past the highest id that may ever be assigned.
#[pyfunction]
pub fn size() -> usize {
    logos_core::vocabulary::SIZE
}

/// SHA-256 over every assigned id and its name.
#[pyfunction]
pub fn fingerprint() -> &'static str {
    logos_core::vocabulary::FINGERPRINT
}

/// Every block: name, base, size, gloss.
#[pyfunction]
pub fn blocks() -> Vec<(&'static str, u16, u16, &'static str)> {
    BLOCKS.iter().map(|block| (block.name, block.base, block.size, block.gloss)).collect()
}

/// Every assigned token: id, name, text, gloss.
#[pyfunction]
pub fn tokens() -> Vec<(u16, String, String, String)> {
    let owned =
        |text: Option<std::borrow::Cow<'static, str>>| text.unwrap_or_default().into_owned();
    assigned().map(|id| (id, owned(name(id)), owned(text(id)), owned(gloss(id)))).collect()
}

/// Every file of the spec: its path below `spec/`, and its text.
#[pyfunction]
pub fn spec_texts() -> Vec<(&'static str, &'static str)> {
    SPEC_TEXTS.to_vec()
}
