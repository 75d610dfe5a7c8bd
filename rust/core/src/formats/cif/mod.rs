//! CIF: its tokens, its tables and its quotes; what they mean is said elsewhere.

pub(super) mod lexer;
pub(super) mod quote;
pub(super) mod table;

pub(super) use lexer::{Lexer, Token, Value};
pub(super) use table::Table;
