//! The recognizer: the grammar compiled to tables, and a configuration that steps through them.
//!
//! `guarded` asks the conditions about each transition of the position automaton, `demands` says how
//! often the rules demand what may become impossible, `compile` makes the tables of a `machine`,
//! `patches` what guards make of the masks. `needs`, `levels` and `debts` find what each state needs, and
//! `completion` the minimum number of tokens to completion; `unaccounted` rejects a condition that they
//! do not know of. See README.md beside this file.

mod compile;
mod completion;
mod debts;
mod declared;
mod demands;
mod guarded;
mod layer;
mod levels;
pub(crate) mod machine;
mod needs;
mod patches;
#[allow(clippy::module_inception)] // its main type, and nothing else
mod recognizer;
mod spec;
mod unaccounted;
#[cfg(test)]
mod worked_example;

pub(crate) use layer::{Accepted, Configuration, Layer};
pub use machine::Machine;
pub use recognizer::{Reason, Recognizer, Refusal};
pub use spec::{Spec, spec};
