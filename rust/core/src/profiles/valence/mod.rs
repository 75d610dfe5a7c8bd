//! Valence: molecules whose atoms keep their valence limits, without aromatic atoms or with them.
//!
//! Of each atom we know what it has left: its limit, less its stated hydrogens and the bonds read so
//! far. An open label keeps one of it at the atom that opened it, and where a branch or a ring is
//! not complete the chain keeps one to go on with; so whatever is begun can be completed. An aromatic
//! atom is such a ring to complete, or keeps one more to open its own.

mod refusals;
mod seen;

use std::sync::Arc;

pub(crate) use seen::Seen;

use super::bearing::{Bond, NEUTRAL, bare, bracket, is_aromatic_bond, taken, taken_by_ring};
use super::ringed::Unringed;
use super::rings::Rings;
use crate::automaton::mask::{Words, ids_of_word};
use crate::automaton::registers::{Allocator, Column, Registers};
use crate::recognizer::Machine;

use crate::number::LONG_NUMBERS;
use crate::objects::infill;
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, CHARGE, HYDROGENS, HYDROGENS_BASE, charge_of_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, RING_CLOSE, closed_label};
use crate::objects::molecule::symbol::{SYMBOL, Symbol};
use crate::objects::molecule::{CLOSE, OPEN};
use crate::recognizer::{Accepted, Configuration, Layer};

const ACTIVE: usize = 0;
/// The bond to the next atom, one more than its code; 0 for no symbol.
const BOND: usize = 1;
/// Whether a branch has just begun.
const BRANCH: usize = 2;
/// Where in brackets we are: 0 not, 1 before the symbol, 2 after it.
const BRACKET: usize = 3;
/// The token of the symbol.
const SYMBOL_ID: usize = 4;
const STATED: usize = 5;
const CHARGE_CODE: usize = 6;
/// The bond of the closing that is read, as `BOND`.
const CLOSING: usize = 7;

/// Whether a component has just begun.
const ROOT: usize = 8;
/// Whether an infill is read.
const INFILL: usize = 9;
const REGISTERS: usize = 10;

const IN_INFILL: &str = "no valences are kept in an infill of a molecule";

/// What is remembered of an element, beside its atomic number and the code of its charge.
const IS_AROMATIC: u32 = 1 << 16;

/// What is remembered of each atom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atoms {
    /// What it has left.
    pub free: Column,
    pub element: Column,
    /// How many aromatic bonds it has.
    pub aromatic_bonds: Column,
}

/// The layer; it watches the labels of molecules.
#[derive(Clone, Debug)]
pub(crate) struct Valence {
    base: usize,
    rings: Rings,
    atoms: Atoms,
    unringed: Unringed,
    /// Whether there may be aromatic atoms.
    aromatic: bool,
}

impl Valence {
    pub fn new(rings: Rings, aromatic: bool, registers: &mut Allocator) -> Self {
        let atoms = Atoms {
            free: registers.column(),
            element: registers.column(),
            aromatic_bonds: registers.column(),
        };
        let unringed = Unringed(registers.column());
        Valence { base: registers.words(REGISTERS), rings, atoms, unringed, aromatic }
    }

    fn seen<'a>(&'a self, at: Configuration<'a>) -> Seen<'a> {
        Seen { layer: self, bank: &self.rings.bank, aromatic: self.aromatic, at }
    }

    fn get(&self, registers: &Registers, at: usize) -> u32 {
        registers.get(self.base + at)
    }

    fn set(&self, registers: &mut Registers, at: usize, value: u32) {
        registers.set(self.base + at, value);
    }

    /// An atom is complete: what it has left, and what it leaves its parent.
    fn atom(&self, registers: &mut Registers, bears: i32, element: u32) {
        let bank = &self.rings.bank;
        let (current, parent) = (bank.current(registers), bank.parent(registers));
        registers.set(registers.cell(self.atoms.element, current), element);
        registers.set(registers.cell(self.atoms.aromatic_bonds, current), 0);
        let mut left = bears;
        if parent != 0 {
            let bond = self.get(registers, BOND);
            let [before, after] = taken(bond);
            left -= after;
            let of_parent = registers.cell(self.atoms.free, parent);
            registers.set(of_parent, (registers.get(of_parent) as i32 - before) as u32);
            self.join(registers, bond, [parent, current]);
        }
        if element & IS_AROMATIC != 0 {
            self.unringed.begin(bank, registers);
        }
        registers.set(registers.cell(self.atoms.free, current), left as u32);
        self.set(registers, BOND, 0);
        self.set(registers, BRANCH, 0);
        self.set(registers, ROOT, 0);
    }

    /// A bond joins two atoms: whether it is aromatic.
    fn join(&self, registers: &mut Registers, bond: Bond, atoms: [u32; 2]) {
        if is_aromatic_bond(bond) && atoms.iter().all(|&atom| self.is_aromatic(registers, atom)) {
            for atom in atoms {
                let count = registers.cell(self.atoms.aromatic_bonds, atom);
                registers.set(count, registers.get(count) + 1);
            }
        }
    }

    fn is_aromatic(&self, registers: &Registers, atom: u32) -> bool {
        let element = registers.cell(self.atoms.element, atom);
        atom != 0 && registers.get(element) & IS_AROMATIC != 0
    }
}

impl Layer for Valence {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        if self.get(at.registers, ACTIVE) == 0 {
            let grows = id == OPEN && self.get(at.registers, INFILL) != 0;
            return grows.then_some(IN_INFILL);
        }
        let seen = self.seen(at);
        match self.get(at.registers, BRACKET) {
            0 => seen.refusal_outside(id),
            1 => seen.refusal_of_symbol(id),
            _ => seen.refusal_after_symbol(id),
        }
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        match id {
            OPEN => {
                for at in BOND..=CLOSING {
                    self.set(registers, at, 0);
                }
                self.set(registers, ROOT, 1);
                return self.set(registers, ACTIVE, 1);
            }
            CLOSE => return self.set(registers, ACTIVE, 0),
            infill::OPEN | infill::CLOSE => {
                return self.set(registers, INFILL, u32::from(id == infill::OPEN));
            }
            _ if self.get(registers, ACTIVE) == 0 => return,
            _ => {}
        }
        let bank = Arc::clone(&self.rings.bank);
        let atoms = self.atoms;
        let spend = |registers: &mut Registers, item: u32, taken: i32| {
            let free = registers.cell(atoms.free, item);
            registers.set(free, (registers.get(free) as i32 - taken) as u32);
        };
        let current = bank.current(registers);
        match self.get(registers, BRACKET) {
            0 => {}
            1 if SYMBOL.has(id) => {
                self.set(registers, SYMBOL_ID, u32::from(id));
                self.set(registers, STATED, 0);
                self.set(registers, CHARGE_CODE, NEUTRAL as u32);
                return self.set(registers, BRACKET, 2);
            }
            2 if HYDROGENS.has(id) => {
                return self.set(registers, STATED, u32::from(id - HYDROGENS_BASE) + 1);
            }
            2 if CHARGE.has(id) => {
                let charge = i32::from(charge_of_token(id)) + NEUTRAL as i32;
                return self.set(registers, CHARGE_CODE, charge as u32);
            }
            2 if id == BRACKET_CLOSE => {
                let symbol = Symbol::of_token(self.get(registers, SYMBOL_ID) as u16);
                let charge = self.get(registers, CHARGE_CODE);
                let bears = bracket(symbol, charge as usize) - self.get(registers, STATED) as i32;
                self.set(registers, BRACKET, 0);
                return self.atom(registers, bears, element(symbol, charge));
            }
            _ => return,
        }
        match Kind::of(id) {
            Kind::Aliphatic | Kind::Aromatic => {
                let symbol = Symbol::of_token(id);
                self.atom(registers, bare(symbol), element(symbol, NEUTRAL as u32));
            }
            Kind::Bracket => {
                self.set(registers, BRACKET, 1);
                self.set(registers, ROOT, 0);
            }
            Kind::Bond | Kind::SingleBond => {
                self.set(registers, BOND, u32::from(id - BOND_BASE) + 1);
            }
            Kind::BranchOpen => self.set(registers, BRANCH, 1),
            Kind::Dot => self.set(registers, ROOT, 1),
            Kind::RingOpen => spend(registers, current, 1),
            Kind::RingBond => self.set(registers, CLOSING, u32::from(id - RING_BOND_BASE) + 1),
            Kind::RingClose => {
                let label = usize::from(closed_label(id));
                let other = bank.opener(registers, label);
                let bond = self.get(registers, CLOSING);
                let [opener, closer] = taken_by_ring(bond);
                spend(registers, current, closer);
                spend(registers, other, opener - 1);
                self.join(registers, bond, [other, current]);
                self.set(registers, CLOSING, 0);
                self.unringed.close(&bank, registers, label);
            }
            _ => {}
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        if self.get(at.registers, ACTIVE) == 0 {
            if self.get(at.registers, INFILL) != 0 {
                mask.clear_id(OPEN);
            }
            return;
        }
        if self.get(at.registers, BRACKET) == 1 {
            LONG_NUMBERS.for_each(|id| mask.clear_id(id));
        }
        // Beyond the labels there are only numbers; all others are free.
        for word in 0..=RING_CLOSE.0[0].1 / 32 {
            let bits = mask.0[usize::from(word)];
            for id in ids_of_word(word, bits) {
                if self.refusal(at, id).is_some() {
                    mask.clear_id(id);
                }
            }
        }
    }

    /// An aromatic atom may need a ring of its own.
    fn most_added(&self) -> usize {
        12
    }

    fn more(&self, at: Configuration, _: u32) -> i64 {
        if self.get(at.registers, ACTIVE) == 0 { 0 } else { i64::from(self.seen(at).more()) }
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

/// What is remembered of an atom.
fn element(symbol: Symbol, charge: u32) -> u32 {
    let aromatic = if symbol.is_aromatic() { IS_AROMATIC } else { 0 };
    u32::from(symbol.atomic_number()) | charge << 8 | aromatic
}
