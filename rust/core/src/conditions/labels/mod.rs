//! Labels: one bank of registers that all conditions of a rule on one pair of blocks share.
//!
//! The bank knows which labels are open, who opened and closed each, and in which scope; the
//! conditions are in files of their own and say only which label may open, and which may close.

mod bank;
mod condition;
mod declared;
mod joins;
mod mask;
mod needs;
mod refusals;
mod steps;

pub(crate) use bank::Labels;
pub(super) use bank::{CLOSED, CURRENT, OPEN, PARENT, WORDS};
pub(super) use condition::OUTSIDE;
pub(super) use declared::own_labels;
