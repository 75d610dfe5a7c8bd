//! The text of a grammar read as rules: tokens that it declares, rules, side conditions.

pub mod carried;
mod draft;
mod error;
mod files;
mod first;
mod lexer;
pub mod lexicon;
mod own_names;
mod page;
mod rule;
mod rule_reader;
mod tokens;
mod trace;

pub use error::NotationError;
pub use files::File;
pub use first::{First, FirstSets};
pub use page::{Example, Node, Operator, Page, Written, WrittenRule};
pub use rule::{Argument, Clause, Expression, Grammar, Rule};
pub use tokens::{Tokens, block};
