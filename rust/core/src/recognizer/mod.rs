//! The recognizer: the grammar compiled to tables, and a configuration that steps through them.
//!
//! `conditions` turns `where:` clauses into banks of registers (`labels`, `counters`), `compile`
//! makes the tables of a `machine`, `patches` what its guards make of the masks, and `completion`
//! knows the minimum number of tokens to completion.

mod compile;
mod completion;
mod conditions;
mod counters;
mod debts;
mod declared;
pub(crate) mod labels;
mod layer;
pub(crate) mod machine;
mod patches;
#[allow(clippy::module_inception)] // its main type, and nothing else
mod recognizer;
mod spec;

pub(crate) use layer::{Accepted, Configuration, Layer};
pub use machine::Machine;
pub use recognizer::{Reason, Recognizer, Refusal};
pub use spec::spec;
