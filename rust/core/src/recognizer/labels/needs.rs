//! What is needed for open labels to close.

use super::{BEFORE, CURRENT, DEPTH, Labels, OPENER, SCOPE};
use crate::automaton::registers::Registers;

impl Labels {
    /// How many atoms must still come, beyond those that come anyway, for all labels to close.
    ///
    /// `fresh` is how many come anyway at the innermost level, `here` whether the present atom may
    /// still close labels, `bases` the atoms to which the outer levels go back, innermost first: to
    /// each of these one atom more comes anyway.
    pub fn atoms_needed(
        &self,
        registers: &Registers,
        fresh: u32,
        here: bool,
        bases: impl Iterator<Item = u32>,
    ) -> u32 {
        let innermost = self.read(registers, DEPTH);
        let current = self.read(registers, CURRENT);
        let mut needed = 0;
        let mut anyway = 0;
        let levels = std::iter::once((current, fresh)).chain(bases.map(|base| (base, 1)));
        // In a branch that has just begun the first two levels have one base.
        let mut inner = 0;
        for (i, (base, fresh)) in levels.enumerate() {
            anyway += fresh;
            needed += fresh;
            let depth = innermost.wrapping_sub(i as u32);
            for label in self.open_labels(registers) {
                if registers.get(self.label(label, SCOPE)) == depth {
                    needed = needed.max(self.atoms_for(registers, label, here, [base, inner]));
                }
            }
            inner = base;
        }
        needed - anyway
    }

    /// How many new atoms a label needs, with those that close before it in their turn; it does not
    /// close at a first atom after its opener.
    fn atoms_for(&self, registers: &Registers, label: usize, here: bool, bases: [u32; 2]) -> u32 {
        let opener = registers.get(self.label(label, OPENER));
        let (mut first, mut rank) = (label, 1);
        loop {
            let before = registers.get(self.label(first, BEFORE)) as usize;
            let sibling = before != 0
                && registers.get(self.label(before, OPENER)) == opener
                && self.is_open(registers, before);
            if !sibling {
                break;
            }
            (first, rank) = (before, rank + 1);
        }
        let left = rank - u32::from(here && self.refusal(registers, first).is_none());
        let children: u32 = bases.iter().map(|&base| u32::from(base == opener)).sum();
        if left == 0 { 0 } else { left + children }
    }
}
