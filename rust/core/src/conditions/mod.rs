//! Side conditions: the closed list of `where:` clauses, one file for each.
//!
//! To add one: its file here, its name at the end of the list below, and what the last section but
//! one of `recognizer/README.md` says of the oracle, the spec and the tests.

mod arguments;
mod condition;
mod declared;
mod fractions;
mod indices;
pub(crate) mod labels;
mod rounds;
mod stated;

/// Declares the file of each condition, and lists what it reads its clauses with.
macro_rules! closed_list {
    ($($name:ident)*) => {
        $(mod $name;)*

        /// Each condition by its name.
        pub(crate) const CLOSED_LIST: &[(&str, stated::Statement)] =
            &[$((stringify!($name), $name::STATEMENT),)*];
    };
}

closed_list! {
    lowest_free
    opened
    in_turn
    unjoined
    closes_within
    joins_only
    joins_not
    as_many
    not_one_of
    places
    ascending
    within
    together
    one_each
    alike
    permutation
    only_after
    other_than
    out_of_turn
    so_far
    not_after
    rising
    pairs
}

pub(crate) use condition::{Ahead, ClauseId, Code, Condition, Demand, Effect, Patch, Seen};
pub(crate) use declared::check as check_declared;
pub(crate) use stated::Conditions;
