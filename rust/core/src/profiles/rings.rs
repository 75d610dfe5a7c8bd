//! Rings: what layers of molecules see of the labels and of the tree of atoms.

use std::sync::Arc;

use crate::automaton::registers::Registers;
use crate::conditions::Ahead;
use crate::conditions::labels::Labels;
use crate::recognizer::{Configuration, Machine};

/// The labels of molecules: those whose items form a tree, and their place among the conditions.
#[derive(Clone, Debug)]
pub(super) struct Rings {
    place: usize,
    pub bank: Arc<Labels>,
}

impl Rings {
    /// Those of a machine that a rule states, if its grammar has it.
    pub fn of(machine: &Machine, rule: &str) -> Option<Rings> {
        let mut labels = machine.conditions.labels.iter();
        let (place, bank) = labels.find(|(_, bank)| bank.is_tree() && bank.holder_name == rule)?;
        Some(Rings { place: *place, bank: Arc::clone(bank) })
    }

    /// How many atoms begin on the shortest way until the scope ends, and whether the present atom
    /// may still close labels.
    pub fn ahead(&self, at: Configuration) -> Ahead {
        at.machine.ahead(at.state, self.place, at.registers)
    }

    /// How many atoms more than come anyway are needed to close what is open.
    pub fn extra_atoms(&self, at: Configuration) -> u32 {
        self.bank.extra_items(self.ahead(at), at.registers)
    }

    /// The atoms to which the outer scopes go back, the innermost first.
    pub fn bases<'a>(&'a self, at: Configuration<'a>) -> impl Iterator<Item = u32> + 'a {
        self.bank.bases(at.registers)
    }

    /// How many atoms must come in the molecule that is being read.
    pub fn atoms_to_come(&self, at: Configuration) -> u32 {
        self.ahead(at).units + self.bases(at).count() as u32 + self.extra_atoms(at)
    }

    /// Whether an atom is the beginning of a branch that we are in.
    pub fn is_branching(&self, at: Configuration, atom: u32) -> bool {
        let mut calls = 1..=self.bank.calls(at.registers);
        calls.any(|depth| self.bank.kept_item(at.registers, depth) == atom)
    }

    /// Whether the next atom has to be of a block that its bond joins only.
    pub fn demands_only(&self, registers: &Registers) -> bool {
        self.bank.demands_only(registers)
    }
}
