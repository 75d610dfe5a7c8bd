//! Profiles: sublanguages of the grammar that a user asks for.

mod again;
mod bearing;
mod coordinates;
mod copy;
mod fills;
mod limits;
mod plan;
mod residues;
mod ringed;
mod rings;
mod units;
mod valence;

pub use limits::TABLE;

use again::Again;
use coordinates::Coordinates;
use copy::Copy;
use fills::Fills;
pub use fills::Lengths;
use residues::Residues;
use rings::Rings;
use units::Units;
pub use units::is_unit;
use valence::Valence;

use crate::automaton::registers::Allocator;
use crate::judge::judge_as;
use crate::objects::infill::FILL;
use crate::recognizer::Machine;
use crate::recognizer::{Layer, Recognizer};

/// What is demanded of a sentence beyond the grammar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Kekulé structures whose atoms keep their valence limits.
    pub valence: bool,
    /// With valences: aromatic atoms as well, each in a ring.
    pub aromatic: bool,
    /// The edited form of an edit repeats the protein outside its marks, and what a pocket says
    /// after its task the chains before it.
    pub copy: bool,
    /// The fewest and the most atoms, residues or nucleotides.
    pub length: Option<(u32, u32)>,
    /// Which atoms, residues or nucleotides by token, and how many of each; there are no others.
    pub composition: Option<Vec<(u16, u32)>>,
    /// The lengths of the fills of an infill.
    pub fills: Option<Lengths>,
    /// The fewest and the most residues of a structure.
    pub residues: Option<(u32, u32)>,
    /// A sentence of a structure or a conformer; all but its points is repeated.
    pub coordinates_of: Option<Vec<u16>>,
}

impl Profile {
    /// A recognizer that keeps to the profile as well.
    ///
    /// # Errors
    /// Says why when the grammar has nothing that the profile is about.
    pub fn applied_to(&self, recognizer: Recognizer) -> Result<Recognizer, &'static str> {
        let mut registers = recognizer.machine().conditions.registers;
        let layers = self.layers(recognizer.machine(), &mut registers)?;
        Ok(recognizer.with_layers(layers, registers))
    }

    fn layers(
        &self,
        machine: &Machine,
        registers: &mut Allocator,
    ) -> Result<Vec<Box<dyn Layer>>, &'static str> {
        let mut layers: Vec<Box<dyn Layer>> = Vec::new();
        let counts = self.length.is_some() || self.composition.is_some();
        if self.valence && counts {
            return Err("expected either valences or counts: together no completion is sure");
        }
        if self.aromatic && !self.valence {
            return Err("expected a valence table for aromatic atoms");
        }
        if self.valence {
            let rings = Rings::of(machine, "molecule")
                .ok_or("expected a grammar of molecules for valences")?;
            layers.push(Box::new(Valence::new(rings, self.aromatic, registers)));
        }
        if self.copy {
            let before = layers.len();
            if copy::has_edits(machine) {
                layers.push(Box::new(Copy::new(registers)));
            }
            if again::has_pockets(machine) {
                layers.push(Box::new(Again::new(registers)));
            }
            if layers.len() == before {
                return Err("expected a grammar of edits or pockets to copy");
            }
        }
        if let Some(lengths) = &self.fills {
            if !machine.reads(FILL) {
                return Err("expected a grammar of infills for the lengths of fills");
            }
            let ranges = match lengths {
                Lengths::Each(length) => std::slice::from_ref(length),
                Lengths::InOrder(all) => all,
            };
            if ranges.iter().any(|(fewest, most)| fewest > most) {
                return Err("expected a length of which the fewest are no more than the most");
            }
            let rings = Rings::of(machine, "molecule_infill");
            layers.push(Box::new(Fills::new(rings, lengths.clone(), registers)));
        }
        if let Some((fewest, most)) = self.residues {
            if !residues::has_structures(machine) {
                return Err("expected a grammar of structures for a length in residues");
            }
            if fewest > most {
                return Err("expected a length of which the fewest are no more than the most");
            }
            layers.push(Box::new(Residues::new((fewest, most), registers)));
        }
        if let Some(sentence) = &self.coordinates_of {
            if counts || !layers.is_empty() {
                return Err(
                    "expected no other profile beside the object whose coordinates are free",
                );
            }
            if judge_as("structure", sentence).or_else(|_| judge_as("conformer", sentence)).is_err()
            {
                return Err("expected the sentence of a structure or a conformer");
            }
            layers.push(Box::new(Coordinates::new(sentence, registers)));
        }
        if counts {
            layers.push(Box::new(self.units(machine, registers)?));
        }
        Ok(layers)
    }

    fn units(&self, machine: &Machine, registers: &mut Allocator) -> Result<Units, &'static str> {
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
        Ok(Units::new(Rings::of(machine, "molecule"), length, composition, registers))
    }
}
