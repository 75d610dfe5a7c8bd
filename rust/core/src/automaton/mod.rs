//! The position automaton of a grammar, and the registers and masks that its states use.

pub(crate) mod bits;
mod links;
pub mod mask;
mod position;
mod position_automaton;
pub(crate) mod registers;
mod return_stack;
mod sharing;
mod unroller;

pub(crate) use position::{Event, Leg, Position, Transition};
pub(crate) use position_automaton::{END, PositionAutomaton, unroll};
pub(crate) use return_stack::ReturnStack;
pub(crate) use sharing::About;
