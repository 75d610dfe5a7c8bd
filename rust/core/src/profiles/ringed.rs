//! Ringed: every aromatic atom is in a ring.
//!
//! A ring that closes takes in all atoms on the way from the one that opened it. Of each component
//! and branch we know its first aromatic atom that no ring has taken in: one that opens no later
//! takes in all of them. While there is one, a label is open, and it may close before the branch
//! ends; only the atom that was just read may still open its own.

use crate::automaton::registers::{Column, Registers};
use crate::conditions::labels::Labels;

/// By scope its first aromatic atom that is in no ring yet; 0 for none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unringed(pub Column);

impl Unringed {
    /// The first aromatic atom of a component or branch that is in no ring; 0 for none.
    pub fn of(self, registers: &Registers, scope: u32) -> u32 {
        registers.get(registers.cell(self.0, scope))
    }

    /// An aromatic atom is complete.
    pub fn begin(self, bank: &Labels, registers: &mut Registers) {
        let scope = registers.cell(self.0, bank.scope(registers));
        if registers.get(scope) == 0 {
            registers.set(scope, bank.current(registers));
        }
    }

    /// A label has closed.
    pub fn close(self, bank: &Labels, registers: &mut Registers, label: usize) {
        let opener = bank.opener(registers, label);
        for scope in bank.scope_of(registers, label)..=bank.scope(registers) {
            if self.of(registers, scope) >= opener {
                registers.set(registers.cell(self.0, scope), 0);
            }
        }
    }
}
