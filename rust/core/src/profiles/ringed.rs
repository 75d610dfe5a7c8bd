//! Ringed: every aromatic atom is in a ring.
//!
//! A ring that closes takes in all atoms on the way from the one that opened it. Of each component
//! and branch we know its first aromatic atom that no ring has taken in: one that opens no later
//! takes in all of them. While there is one, a label is open, and it may close before the branch
//! ends; only the atom that was just read may still open its own.

use crate::automaton::registers::Registers;
use crate::recognizer::labels::{Labels, Level};
use crate::recognizer::machine::Machine;

fn at(machine: &Machine, scope: u32) -> usize {
    machine.levels + scope as usize * Level::SIZE + Level::UNRINGED
}

/// The first aromatic atom of a component or branch that is in no ring; 0 for none.
pub(crate) fn unringed(machine: &Machine, registers: &Registers, scope: u32) -> u32 {
    registers.get(at(machine, scope))
}

/// An aromatic atom is complete.
pub(crate) fn begin(bank: &Labels, machine: &Machine, registers: &mut Registers) {
    let scope = at(machine, bank.scope(registers));
    if registers.get(scope) == 0 {
        registers.set(scope, bank.current(registers));
    }
}

/// A label has closed.
pub(crate) fn close(bank: &Labels, machine: &Machine, registers: &mut Registers, label: usize) {
    let opener = bank.opener(registers, label);
    for scope in bank.scope_of(registers, label)..=bank.scope(registers) {
        if registers.get(at(machine, scope)) >= opener {
            registers.set(at(machine, scope), 0);
        }
    }
}
