//! Units: how many atoms, residues or nucleotides an object has, and which.

use super::rings::Rings;
use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::component;

use crate::objects::molecule::atom::BRACKET_OPEN;
use crate::objects::molecule::kind::Kind;
use crate::objects::molecule::symbol::{BARE, SYMBOL, Symbol};
use crate::recognizer::{Accepted, Configuration, Layer, Machine};
use crate::vocabulary::block;

const COUNT: usize = 0;
/// Whether an atom in brackets has begun and its symbol was not read.
const PENDING: usize = 1;
/// How many of each unit there are.
const OF_EACH: usize = 2;

/// How many different units a composition may have.
pub(crate) const MOST: usize = 128;

const TOO_MANY: &str = "the object would have more units than asked for";
const TOO_FEW: &str = "the object would have fewer units than asked for";
const NO_UNIT: &str = "the composition has no more of this unit";
const NO_AROMATIC: &str = "the composition has no more atoms that can be aromatic";

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    base: usize,
    rings: Option<Rings>,
    /// The fewest and the most units.
    pub length: (u32, u32),
    /// Units and how many of each, when that is asked for.
    pub composition: Option<Vec<(u16, u32)>>,
}

/// The unit of a token: its symbol's element, aromatic or not, its residue or its nucleotide.
pub(super) fn unit(id: u16) -> Option<u16> {
    if SYMBOL.has(id) {
        let symbol = Symbol::of_token(id);
        return Symbol::new(symbol.atomic_number(), false).map(Symbol::token);
    }
    let is_unit =
        id == component::OPEN || block("amino_acid").has(id) || block("nucleotide").has(id);
    is_unit.then_some(id)
}

/// Whether a composition of an object type can ask for a token.
#[must_use]
pub fn is_unit(kind: &str, id: u16) -> bool {
    let of_kind = match kind {
        "molecule" => SYMBOL.has(id),
        "protein" => id == component::OPEN || block("amino_acid").has(id),
        "nucleic_acid" => id == component::OPEN || block("nucleotide").has(id),
        _ => false,
    };
    of_kind && unit(id) == Some(id)
}

fn can_be_aromatic(unit: u16) -> bool {
    SYMBOL.has(unit) && Symbol::new(Symbol::of_token(unit).atomic_number(), true).is_some()
}

impl Units {
    pub fn new(
        rings: Option<Rings>,
        length: (u32, u32),
        composition: Option<Vec<(u16, u32)>>,
        registers: &mut Allocator,
    ) -> Self {
        let each = composition.as_ref().map_or(0, Vec::len);
        Units { base: registers.words(OF_EACH + each), rings, length, composition }
    }

    /// Whether the next atom has to be aromatic.
    fn demands_aromatic(&self, registers: &Registers) -> bool {
        self.rings.as_ref().is_some_and(|rings| rings.demands_only(registers))
    }

    fn left(&self, registers: &Registers, index: usize, asked: u32) -> u32 {
        asked.saturating_sub(registers.get(self.base + OF_EACH + index))
    }

    /// The units of the composition that are left, with how many.
    fn rest<'a>(&'a self, registers: &'a Registers) -> impl Iterator<Item = (u16, u32)> + 'a {
        let all = self.composition.iter().flatten().enumerate();
        all.map(|(index, &(unit, asked))| (unit, self.left(registers, index, asked)))
            .filter(|&(_, left)| left > 0)
    }

    /// How many units come anyway.
    fn to_come(&self, at: Configuration) -> u32 {
        let atoms = self.rings.as_ref().map_or(0, |rings| rings.atoms_to_come(at));
        atoms + at.registers.get(self.base + PENDING)
    }
}

impl Layer for Units {
    /// Why a token may not come next, whatever comes after it.
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        let registers = at.registers;
        let count = registers.get(self.base + COUNT);
        if at.machine.ends(at.state, id, registers) && count < self.length.0 {
            return Some(TOO_FEW);
        }
        let begins = id == BRACKET_OPEN || unit(id).is_some();
        if begins && count + 1 > self.length.1 {
            return Some(TOO_MANY);
        }
        let composition = self.composition.as_ref()?;
        if let Some(unit) = unit(id) {
            let known = composition.iter().position(|&(each, _)| each == unit);
            let left = known.map_or(0, |at| self.left(registers, at, composition[at].1));
            return (left == 0).then_some(NO_UNIT);
        }
        let joins = Kind::of(id) == Kind::SingleBond;
        let none = || !self.rest(registers).any(|(unit, _)| can_be_aromatic(unit));
        (joins && none()).then_some(NO_AROMATIC)
    }

    /// Why an object that has come so far cannot be completed, if so.
    fn dead_end(&self, at: Configuration) -> Option<&'static str> {
        (self.to_come(at) > self.length.1 - at.registers.get(self.base + COUNT).min(self.length.1))
            .then_some(TOO_MANY)
    }

    /// Whether a token may be a dead end.
    fn is_tight(&self, at: Configuration) -> bool {
        let left = self.length.1.saturating_sub(at.registers.get(self.base + COUNT));
        left < self.to_come(at) + 4
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        if id == BRACKET_OPEN {
            return registers.set(self.base + PENDING, 1);
        }
        let Some(unit) = unit(id) else { return };
        registers.set(self.base + PENDING, 0);
        registers.set(self.base + COUNT, registers.get(self.base + COUNT) + 1);
        let known = self.composition.iter().flatten().position(|&(each, _)| each == unit);
        if let Some(index) = known {
            registers
                .set(self.base + OF_EACH + index, registers.get(self.base + OF_EACH + index) + 1);
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        for id in ids_of(mask.0).collect::<Vec<_>>() {
            if self.refusal(at, id).is_some() {
                mask.clear_id(id);
            }
        }
    }

    /// How many tokens more are needed than the grammar needs.
    fn more(&self, at: Configuration, _: u32) -> i64 {
        let registers = at.registers;
        let to_come = self.to_come(at);
        if self.composition.is_none() {
            let owed = self.length.0.saturating_sub(registers.get(self.base + COUNT));
            return i64::from(owed.saturating_sub(to_come));
        }
        // What needs brackets needs two tokens more; one atom may have them already.
        let (mut owed, mut bracketed, mut fits) = (0, 0, 0);
        for (unit, left) in self.rest(registers) {
            owed += left;
            if unit == component::OPEN || (SYMBOL.has(unit) && !BARE.has(unit)) {
                bracketed += left;
                fits |= u32::from(can_be_aromatic(unit) || !self.demands_aromatic(registers));
            }
        }
        let begun = registers.get(self.base + PENDING) * fits;
        i64::from(owed.saturating_sub(to_come) + 2 * (bracketed - begun))
    }

    fn most_added(&self) -> usize {
        8
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}
