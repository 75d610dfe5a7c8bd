//! Profiles: sublanguages of the grammar that a user asks for.

mod bearing;
mod copy;
mod limits;
mod plan;
mod ringed;
mod units;
mod valence;

pub use limits::TABLE;

use copy::Copy;
use units::Units;
pub use units::is_unit;
use valence::Valence;

use super::machine::Machine;
use super::mask::Words;
use super::registers::Registers;

/// What is asked of a sentence beyond the grammar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Molecules whose atoms bear no more than they can: Kekulé structures.
    pub valence: bool,
    /// With valences: aromatic atoms as well, each in a ring.
    pub aromatic: bool,
    /// The edited form of an edit repeats the protein outside its marks.
    pub copy: bool,
    /// The fewest and the most atoms, residues or nucleotides.
    pub length: Option<(u32, u32)>,
    /// Which atoms, residues or nucleotides by token, and how many of each; there are no others.
    pub composition: Option<Vec<(u16, u32)>>,
}

/// Where a recognizer is, as a layer of a profile sees it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub machine: &'a Machine,
    pub position: u32,
    pub registers: &'a Registers,
}

/// One thing that a profile asks.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    Valence(Valence),
    Copy(Copy),
    Units(Units),
}

/// The first of the registers that layers have, and how many.
pub(super) const FIRST: usize = 2;
pub(super) const REGISTERS: usize = 32 + units::MOST;

impl Profile {
    pub(super) fn layers(&self, machine: &Machine) -> Result<Vec<Layer>, &'static str> {
        let mut layers = Vec::new();
        let counts = self.length.is_some() || self.composition.is_some();
        if self.valence && counts {
            return Err("expected either valences or counts: together no completion is sure");
        }
        if self.aromatic && !self.valence {
            return Err("expected a valence table for aromatic atoms");
        }
        if self.valence {
            let bank = machine.labels.iter().position(|bank| bank.unjoined.is_some());
            let bank = bank.ok_or("expected a grammar of molecules for valences")?;
            layers.push(Layer::Valence(Valence { bank, aromatic: self.aromatic }));
        }
        if self.copy {
            if !machine.has_edits() {
                return Err("expected a grammar of edits to copy");
            }
            layers.push(Layer::Copy(Copy::default()));
        }
        if counts {
            layers.push(Layer::Units(self.units()?));
        }
        Ok(layers)
    }

    fn units(&self) -> Result<Units, &'static str> {
        let composition = self.composition.clone();
        let asked = composition.as_ref().map(|all| all.iter().map(|&(_, count)| count).sum());
        if composition.as_ref().is_some_and(|all| all.len() > units::MOST) {
            return Err("expected at most 128 different units");
        }
        let length = match (self.length, asked) {
            (Some((low, high)), Some(asked)) if asked < low || high < asked => {
                return Err("expected a composition of the length that is asked for");
            }
            (_, Some(asked)) => (asked, asked),
            (Some((low, high)), None) if low > high => {
                return Err("expected a length of which the fewest are no more than the most");
            }
            (Some(length), None) => length,
            (None, None) => (0, u32::MAX),
        };
        Ok(Units { length, composition })
    }
}

impl Layer {
    /// Why a token that the grammar allows may not come next.
    pub fn refusal(&self, place: Place, id: u16) -> Option<&'static str> {
        match self {
            Layer::Valence(valence) => valence.refusal(place, id),
            Layer::Copy(copy) => copy.refusal(place, id),
            Layer::Units(units) => units.refusal(place, id),
        }
    }

    /// Take a token that was allowed; the machine has taken it already.
    pub fn take(
        &mut self,
        machine: &Machine,
        registers: &mut Registers,
        history: &[(u16, u32, u32)],
        id: u16,
    ) {
        match self {
            Layer::Valence(valence) => valence.take(machine, registers, id),
            Layer::Copy(copy) => copy.take(registers, history, id),
            Layer::Units(units) => units.take(registers, id),
        }
    }

    /// Why a token that was taken has led to where nothing can be completed.
    pub fn dead_end(&self, place: Place) -> Option<&'static str> {
        match self {
            Layer::Units(units) => units.dead_end(place),
            Layer::Valence(_) | Layer::Copy(_) => None,
        }
    }

    /// Whether each token must be tried, to see whether it leads to a dead end.
    pub fn is_tight(&self, place: Place) -> bool {
        match self {
            Layer::Units(units) => units.is_tight(place),
            Layer::Valence(_) | Layer::Copy(_) => false,
        }
    }

    /// Leave out what may not come next.
    pub fn restrict(&self, place: Place, mask: &mut Words) {
        match self {
            Layer::Valence(valence) => valence.restrict(place, mask),
            Layer::Copy(copy) => copy.restrict(place, mask),
            Layer::Units(units) => units.restrict(place, mask),
        }
    }

    /// The most that one token can add to what is needed.
    pub fn most_added(&self) -> usize {
        match self {
            Layer::Copy(copy) => copy.most_added(),
            // An aromatic atom may need a ring of its own.
            Layer::Valence(_) => 12,
            Layer::Units(_) => 8,
        }
    }

    /// How many tokens more are needed than the grammar needs.
    pub fn needed(&self, place: Place, of_grammar: u32) -> i64 {
        match self {
            Layer::Valence(valence) => i64::from(valence.needed(place)),
            Layer::Copy(copy) => copy.needed(place, of_grammar),
            Layer::Units(units) => i64::from(units.needed(place)),
        }
    }
}
