//! Fills: how many residues, nucleotides or atoms fill each hole of an infill.

use super::rings::Rings;
use super::units::unit;
use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::objects::infill::{CLOSE, FILL, HOLE};
use crate::objects::molecule::atom::BRACKET_OPEN;
use crate::objects::{antibody, molecule, nucleic_acid, protein};
use crate::recognizer::{Accepted, Configuration, Layer, Machine};

/// How many holes there are.
const HOLES: usize = 0;
/// Which fill is read, from 1; 0 in the template.
const PRESENT: usize = 1;
/// How many units it has.
const COUNT: usize = 2;
/// Whether an atom in brackets has begun and its symbol was not read.
const PENDING: usize = 3;
const REGISTERS: usize = 4;

const TOO_MANY: &str = "the fill would have more units than asked for";
const TOO_FEW: &str = "the fill would have fewer units than asked for";
const MORE_HOLES: &str = "the template would have more holes than lengths are asked for";
const FEWER_HOLES: &str = "the template would have fewer holes than lengths are asked for";

/// What ends a template.
const TEMPLATE_ENDS: [u16; 5] = [
    protein::CLOSE,
    nucleic_acid::DNA_CLOSE,
    nucleic_acid::RNA_CLOSE,
    antibody::CLOSE,
    molecule::CLOSE,
];

/// The lengths that fills may have: the fewest and the most units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lengths {
    /// Of each fill, however many there are.
    Each((u32, u32)),
    /// Of one fill after another; there are as many.
    InOrder(Vec<(u32, u32)>),
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Fills {
    base: usize,
    /// Of molecules that fill a hole.
    rings: Option<Rings>,
    lengths: Lengths,
}

impl Fills {
    pub fn new(rings: Option<Rings>, lengths: Lengths, registers: &mut Allocator) -> Self {
        Fills { base: registers.words(REGISTERS), rings, lengths }
    }

    fn get(&self, registers: &Registers, at: usize) -> u32 {
        registers.get(self.base + at)
    }

    fn set(&self, registers: &mut Registers, at: usize, value: u32) {
        registers.set(self.base + at, value);
    }

    /// The fewest and the most units of a fill, from 1.
    fn length(&self, fill: u32) -> (u32, u32) {
        match &self.lengths {
            Lengths::Each(length) => *length,
            Lengths::InOrder(all) => all.get(fill as usize - 1).copied().unwrap_or((0, u32::MAX)),
        }
    }

    /// How many holes the template must have, when that is asked for.
    fn holes(&self) -> Option<u32> {
        match &self.lengths {
            Lengths::Each(_) => None,
            Lengths::InOrder(all) => Some(all.len() as u32),
        }
    }

    /// How many units the fills after one have at least.
    fn fewest_after(&self, fill: u32, holes: u32) -> u64 {
        match &self.lengths {
            Lengths::Each((fewest, _)) => u64::from(holes - fill) * u64::from(*fewest),
            Lengths::InOrder(all) => {
                all[fill as usize..].iter().map(|&(fewest, _)| u64::from(fewest)).sum()
            }
        }
    }

    /// How many units of the present fill come anyway.
    fn to_come(&self, at: Configuration) -> u32 {
        let atoms = self.rings.as_ref().map_or(0, |rings| rings.atoms_to_come(at));
        atoms + self.get(at.registers, PENDING)
    }

    /// How many units more the present fill may have.
    fn left(&self, registers: &Registers) -> u32 {
        let (_, most) = self.length(self.get(registers, PRESENT));
        most.saturating_sub(self.get(registers, COUNT))
    }
}

impl Layer for Fills {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        let registers = at.registers;
        let present = self.get(registers, PRESENT);
        if present == 0 {
            let holes = self.holes()?;
            let found = self.get(registers, HOLES);
            return match id {
                HOLE if found == holes => Some(MORE_HOLES),
                _ if TEMPLATE_ENDS.contains(&id) && found < holes => Some(FEWER_HOLES),
                _ => None,
            };
        }
        if id == FILL || id == CLOSE {
            let (fewest, _) = self.length(present);
            return (self.get(registers, COUNT) < fewest).then_some(TOO_FEW);
        }
        // The symbol of an atom in brackets was let in with its brackets.
        let begins =
            self.get(registers, PENDING) == 0 && (id == BRACKET_OPEN || unit(id).is_some());
        (begins && self.left(registers) == 0).then_some(TOO_MANY)
    }

    fn dead_end(&self, at: Configuration) -> Option<&'static str> {
        let is_fill = self.get(at.registers, PRESENT) > 0;
        (is_fill && self.to_come(at) > self.left(at.registers)).then_some(TOO_MANY)
    }

    /// Only rings and branches of a molecule promise atoms.
    fn is_tight(&self, at: Configuration) -> bool {
        let is_fill = self.get(at.registers, PRESENT) > 0 && self.rings.is_some();
        is_fill && self.left(at.registers) < self.to_come(at) + 4
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        let present = self.get(registers, PRESENT);
        match id {
            HOLE => self.set(registers, HOLES, self.get(registers, HOLES) + 1),
            FILL => {
                self.set(registers, PRESENT, present + 1);
                self.set(registers, COUNT, 0);
            }
            BRACKET_OPEN if present > 0 => self.set(registers, PENDING, 1),
            _ if present > 0 && unit(id).is_some() => {
                self.set(registers, PENDING, 0);
                self.set(registers, COUNT, self.get(registers, COUNT) + 1);
            }
            _ => {}
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        for id in ids_of(mask.0).collect::<Vec<_>>() {
            if self.refusal(at, id).is_some() {
                mask.clear_id(id);
            }
        }
    }

    fn most_added(&self) -> usize {
        let fewest = match &self.lengths {
            Lengths::Each((fewest, _)) => *fewest as usize,
            Lengths::InOrder(_) => 0,
        };
        8 + fewest
    }

    /// How many tokens more are needed than the grammar needs.
    fn more(&self, at: Configuration, _: u32) -> i64 {
        let registers = at.registers;
        let (holes, present) = (self.get(registers, HOLES), self.get(registers, PRESENT));
        let after = self.fewest_after(present, holes) as i64;
        if present == 0 {
            // A hole that is missing takes a token, and so does its fill.
            let missing = self.holes().map_or(0, |wanted| wanted.saturating_sub(holes));
            return after + 2 * i64::from(missing);
        }
        let (fewest, _) = self.length(present);
        let owed = fewest.saturating_sub(self.get(registers, COUNT));
        after + i64::from(owed.saturating_sub(self.to_come(at)))
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}
