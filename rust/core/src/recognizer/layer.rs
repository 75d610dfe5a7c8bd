//! A layer: what is demanded of a sentence beyond the grammar.

use std::fmt::Debug;

use super::machine::Machine;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;

/// A configuration of the machine: its state and its registers, which hold the return stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Configuration<'a> {
    pub machine: &'a Machine,
    pub state: u32,
    pub registers: &'a Registers,
}

/// A token that was accepted, with the state and the number of register changes before it.
pub(crate) type Accepted = (u16, u32, u32);

/// One constraint beside the grammar.
pub(crate) trait Layer: Debug + Send + Sync {
    /// Why a token that the grammar allows may not come next.
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str>;

    /// Take a token that was allowed; the machine has taken it already.
    fn take(&mut self, machine: &Machine, registers: &mut Registers, history: &[Accepted], id: u16);

    /// Why a token that was taken has led to where nothing can be completed.
    fn dead_end(&self, _at: Configuration) -> Option<&'static str> {
        None
    }

    /// Whether each token must be tried, to see whether it leads to a dead end.
    fn is_tight(&self, _at: Configuration) -> bool {
        false
    }

    /// Remove what may not come next.
    fn restrict(&self, at: Configuration, mask: &mut Words);

    /// The most that one token can add to the minimum number of tokens to completion.
    fn most_added(&self) -> usize;

    /// How many tokens more than the grammar needs.
    fn more(&self, at: Configuration, of_grammar: u32) -> i64;

    /// A copy.
    fn boxed(&self) -> Box<dyn Layer>;
}

impl Clone for Box<dyn Layer> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}
