//! The grammar of scientific objects: one vocabulary, one sentence per object.
//!
//! The core knows no Python and no chemistry library. `spec/` is the contract; each rule is quoted
//! above the code that keeps it.

pub mod automaton;
pub mod columns;
pub mod component;
mod conditions;
pub mod contacts;
pub mod error;
pub mod formats;
pub mod free_text;
pub mod grammar;
pub mod judge;
pub mod number;
pub mod object;
pub mod object_type;
pub mod objects;
pub mod profiles;
pub mod recognizer;
pub mod residues;
pub mod sequence;
pub mod space;
pub mod spec_texts;
pub mod text;
pub mod texts;
mod tokens;
pub mod vocabulary;
pub mod wire;

pub use error::{GrammarError, TextError};
pub use object::{Object, check, decode, encode, encode_behind, next_ids};
