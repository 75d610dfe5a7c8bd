//! The text of a grammar read as rules: tokens that it declares, rules, side conditions.

mod draft;
mod error;
mod files;
mod lexer;
pub mod lexicon;
mod own_names;
mod rule;
mod rule_reader;
mod tokens;

pub use error::NotationError;
pub use files::File;
pub use rule::{Argument, Clause, Expression, Grammar, Rule};
pub use tokens::{Tokens, block};
