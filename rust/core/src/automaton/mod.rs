//! The position automaton of a grammar, and the registers and masks that its states use.

pub(crate) mod bits;
pub mod mask;
mod position;
mod position_automaton;
pub(crate) mod registers;
mod return_stack;
mod unroller;

pub(crate) use position::{Event, Position, Transition};
pub(crate) use position_automaton::{PositionAutomaton, unroll};
pub(crate) use return_stack::ReturnStack;
