//! Profiles: sublanguages of the grammar that a user asks for.

mod limits;
mod plan;
mod valence;

pub use limits::TABLE;
pub(super) use valence::Valence;

use super::machine::Machine;
use super::mask::Words;
use super::registers::Registers;

/// What is asked of a sentence beyond the grammar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Kekulé structures whose atoms bear no more than they can.
    pub valence: bool,
}

/// Where a recognizer is, as a layer of a profile sees it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub machine: &'a Machine,
    pub position: u32,
    pub registers: &'a Registers,
}

/// One thing that a profile asks; it has the registers from [`FIRST`] to itself.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    Valence(Valence),
}

/// The first of the registers that layers have, and how many.
pub(super) const FIRST: usize = 2;
pub(super) const REGISTERS: usize = 16;

impl Profile {
    pub(super) fn layers(&self, machine: &Machine) -> Result<Vec<Layer>, &'static str> {
        let mut layers = Vec::new();
        if self.valence {
            let bank = machine.labels.iter().position(|bank| bank.unjoined.is_some());
            let bank = bank.ok_or("expected a grammar of molecules for the valence")?;
            layers.push(Layer::Valence(Valence { bank }));
        }
        Ok(layers)
    }
}

impl Layer {
    /// Why a token that the grammar allows may not come next.
    pub fn refusal(&self, place: Place, id: u16) -> Option<&'static str> {
        match self {
            Layer::Valence(valence) => valence.refusal(place, id),
        }
    }

    /// Take a token that was allowed; the machine has taken it already.
    pub fn take(&self, machine: &Machine, registers: &mut Registers, id: u16) {
        match self {
            Layer::Valence(valence) => valence.take(machine, registers, id),
        }
    }

    /// Leave out what may not come next.
    pub fn restrict(&self, place: Place, mask: &mut Words) {
        match self {
            Layer::Valence(valence) => valence.restrict(place, mask),
        }
    }

    /// No less than `needed`, found at once.
    pub fn needed_at_most(&self, place: Place) -> u32 {
        match self {
            Layer::Valence(valence) => valence.needed_at_most(place),
        }
    }

    /// How many tokens more are needed than the grammar needs.
    pub fn needed(&self, place: Place) -> u32 {
        match self {
            Layer::Valence(valence) => valence.needed(place),
        }
    }
}
