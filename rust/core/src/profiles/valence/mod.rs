//! Valence: molecules whose atoms bear no more than they can, without aromatic atoms or with them.
//!
//! Of each atom we know what it has left: its limit, less its stated hydrogens and the bonds read so
//! far. An open label keeps one of it at the atom that opened it, and where a branch or a ring is
//! not complete the chain keeps one to go on with; so whatever is begun can be completed. An aromatic
//! atom is such a ring to complete, or keeps one more to open its own.

mod refusals;
mod seen;

pub(crate) use seen::Seen;

use super::FIRST;
use super::bearing::{Bond, NEUTRAL, bare, bracket, is_aromatic_bond, taken, taken_by_ring};
use super::ringed;
use crate::automaton::mask::{Words, ids_of_bits};
use crate::automaton::registers::Registers;
use crate::recognizer::labels::{Labels, Level};
use crate::recognizer::machine::Machine;

use crate::number::LONG_NUMBERS;
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, CHARGE, HYDROGENS, HYDROGENS_BASE, charge_of_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, RING_CLOSE, closed_label};
use crate::objects::molecule::symbol::{SYMBOL, Symbol};
use crate::objects::molecule::{CLOSE, OPEN};
use crate::recognizer::{Accepted, Configuration, Layer};

const ACTIVE: usize = FIRST;
/// The bond to the next atom, one more than its code; 0 for no symbol.
const BOND: usize = FIRST + 1;
/// Whether a branch has just begun.
const BRANCH: usize = FIRST + 2;
/// Where in brackets we are: 0 not, 1 before the symbol, 2 after it.
const BRACKET: usize = FIRST + 3;
/// The token of the symbol.
const SYMBOL_ID: usize = FIRST + 4;
const STATED: usize = FIRST + 5;
const CHARGE_CODE: usize = FIRST + 6;
/// The bond of the closing that is read, as `BOND`.
const CLOSING: usize = FIRST + 7;

/// Whether a component has just begun.
const ROOT: usize = FIRST + 8;

/// What is remembered of an element, beside its atomic number and the code of its charge.
const IS_AROMATIC: u32 = 1 << 16;

/// The layer; it watches one bank of labels.
#[derive(Clone, Debug)]
pub(crate) struct Valence {
    pub bank: usize,
    /// Whether there may be aromatic atoms.
    pub aromatic: bool,
}

impl Valence {
    fn bank<'a>(&self, machine: &'a Machine) -> &'a Labels {
        &machine.labels[self.bank]
    }

    fn seen<'a>(&self, at: Configuration<'a>) -> Seen<'a> {
        Seen { bank: self.bank(at.machine), aromatic: self.aromatic, at }
    }
}

impl Layer for Valence {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        if at.registers.get(ACTIVE) == 0 {
            return None;
        }
        let seen = self.seen(at);
        match at.registers.get(BRACKET) {
            0 => seen.refusal_outside(id),
            1 => seen.refusal_of_symbol(id),
            _ => seen.refusal_after_symbol(id),
        }
    }

    fn take(&mut self, machine: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        match id {
            OPEN => {
                for at in BOND..=CLOSING {
                    registers.set(at, 0);
                }
                registers.set(ROOT, 1);
                return registers.set(ACTIVE, 1);
            }
            CLOSE => return registers.set(ACTIVE, 0),
            _ if registers.get(ACTIVE) == 0 => return,
            _ => {}
        }
        let bank = self.bank(machine);
        let free = |item: u32| machine.levels + item as usize * Level::SIZE + Level::FREE;
        let spend = |registers: &mut Registers, item: u32, taken: i32| {
            let left = registers.get(free(item)) as i32 - taken;
            registers.set(free(item), left as u32);
        };
        let current = bank.current(registers);
        match registers.get(BRACKET) {
            0 => {}
            1 if SYMBOL.has(id) => {
                registers.set(SYMBOL_ID, u32::from(id));
                registers.set(STATED, 0);
                registers.set(CHARGE_CODE, NEUTRAL as u32);
                return registers.set(BRACKET, 2);
            }
            2 if HYDROGENS.has(id) => {
                return registers.set(STATED, u32::from(id - HYDROGENS_BASE) + 1);
            }
            2 if CHARGE.has(id) => {
                let charge = i32::from(charge_of_token(id)) + NEUTRAL as i32;
                return registers.set(CHARGE_CODE, charge as u32);
            }
            2 if id == BRACKET_CLOSE => {
                let symbol = Symbol::of_token(registers.get(SYMBOL_ID) as u16);
                let charge = registers.get(CHARGE_CODE);
                let bears = bracket(symbol, charge as usize) - registers.get(STATED) as i32;
                registers.set(BRACKET, 0);
                return atom(bank, machine, registers, bears, element(symbol, charge));
            }
            _ => return,
        }
        match Kind::of(id) {
            Kind::Aliphatic | Kind::Aromatic => {
                let symbol = Symbol::of_token(id);
                atom(bank, machine, registers, bare(symbol), element(symbol, NEUTRAL as u32));
            }
            Kind::Bracket => {
                registers.set(BRACKET, 1);
                registers.set(ROOT, 0);
            }
            Kind::Bond | Kind::SingleBond => registers.set(BOND, u32::from(id - BOND_BASE) + 1),
            Kind::BranchOpen => registers.set(BRANCH, 1),
            Kind::Dot => registers.set(ROOT, 1),
            Kind::RingOpen => spend(registers, current, 1),
            Kind::RingBond => registers.set(CLOSING, u32::from(id - RING_BOND_BASE) + 1),
            Kind::RingClose => {
                let label = usize::from(closed_label(id));
                let other = bank.opener(registers, label);
                let bond = registers.get(CLOSING);
                let [opener, closer] = taken_by_ring(bond);
                spend(registers, current, closer);
                spend(registers, other, opener - 1);
                join(machine, registers, bond, [other, current]);
                registers.set(CLOSING, 0);
                ringed::close(bank, machine, registers, label);
            }
            _ => {}
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        if at.registers.get(ACTIVE) == 0 {
            return;
        }
        if at.registers.get(BRACKET) == 1 {
            LONG_NUMBERS.for_each(|id| mask.clear_id(id));
        }
        // Beyond the labels there are only numbers; all others are free.
        for word in 0..=RING_CLOSE.0[0].1 / 32 {
            let bits = mask.0[usize::from(word)];
            for id in ids_of_bits(&vec![(word, bits)]) {
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
        if at.registers.get(ACTIVE) == 0 { 0 } else { i64::from(self.seen(at).more()) }
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

/// An atom is complete: what it has left, and what it leaves its parent.
fn atom(bank: &Labels, machine: &Machine, registers: &mut Registers, bears: i32, element: u32) {
    let at = |item: u32| machine.levels + item as usize * Level::SIZE;
    let (current, parent) = (bank.current(registers), bank.parent(registers));
    registers.set(at(current) + Level::ELEMENT, element);
    registers.set(at(current) + Level::AROMATIC_BONDS, 0);
    let mut left = bears;
    if parent != 0 {
        let [before, after] = taken(registers.get(BOND));
        left -= after;
        let of_parent = registers.get(at(parent) + Level::FREE) as i32 - before;
        registers.set(at(parent) + Level::FREE, of_parent as u32);
        join(machine, registers, registers.get(BOND), [parent, current]);
    }
    if element & IS_AROMATIC != 0 {
        ringed::begin(bank, machine, registers);
    }
    registers.set(at(current) + Level::FREE, left as u32);
    registers.set(BOND, 0);
    registers.set(BRANCH, 0);
    registers.set(ROOT, 0);
}

/// A bond joins two atoms: whether it is aromatic.
fn join(machine: &Machine, registers: &mut Registers, bond: Bond, items: [u32; 2]) {
    if is_aromatic_bond(bond) && items.iter().all(|&item| is_aromatic(machine, registers, item)) {
        for item in items {
            let count = machine.levels + item as usize * Level::SIZE + Level::AROMATIC_BONDS;
            registers.set(count, registers.get(count) + 1);
        }
    }
}

/// What is remembered of an atom.
fn element(symbol: Symbol, charge: u32) -> u32 {
    let aromatic = if symbol.is_aromatic() { IS_AROMATIC } else { 0 };
    u32::from(symbol.atomic_number()) | charge << 8 | aromatic
}

fn is_aromatic(machine: &Machine, registers: &Registers, item: u32) -> bool {
    let element = machine.levels + item as usize * Level::SIZE + Level::ELEMENT;
    item != 0 && registers.get(element) & IS_AROMATIC != 0
}
