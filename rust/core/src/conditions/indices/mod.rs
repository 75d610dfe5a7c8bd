//! Indices: one bank of registers for the conditions of a rule on the indices of another.
//!
//! It knows between which bounds the next index lies; `ascending` and `within` are files of their
//! own and say only which bounds they set. Both bounds are kept token by token (`bounds`), and where
//! the rules demand indices that are still to come, so much room is kept for them.

mod bank;
mod bounds;
mod condition;

pub(super) use bank::{Indices, first_of, names_one_twice};
pub(super) use bounds::{LARGEST, Prefix, more_tokens};
