//! The machine of the spec.

use std::sync::{Arc, LazyLock};

use super::machine::Machine;
use crate::grammar::{File, Grammar};
use crate::spec_texts::SPEC_TEXTS;

/// The machine of the spec.
///
/// # Panics
/// Never: the spec is compiled in the tests.
#[must_use]
pub fn spec() -> &'static Arc<Machine> {
    static SPEC: LazyLock<Arc<Machine>> = LazyLock::new(|| {
        let files = SPEC_TEXTS.iter().filter(|(path, _)| path.ends_with("ebnf"));
        let files: Vec<File> = files
            .map(|(path, text)| File {
                text,
                is_object: path.starts_with("objects/"),
                is_declared: false,
            })
            .collect();
        let grammar = Grammar::read(&files).unwrap_or_else(|error| panic!("spec: {error}"));
        Arc::new(Machine::compile(&grammar).unwrap_or_else(|error| panic!("spec: {error}")))
    });
    &SPEC
}
