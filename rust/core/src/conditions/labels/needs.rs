//! What is needed for open labels to close.

use super::bank::{BEFORE, CURRENT, DEPTH, Labels, OPENER, SCOPE};
use crate::automaton::registers::Registers;
use crate::conditions::condition::Ahead;

impl Labels {
    /// The item to which a call goes back.
    pub(crate) fn kept_item(&self, registers: &Registers, depth: u32) -> u32 {
        self.tree.map_or(0, |[current, _]| registers.get(registers.cell(current, depth)))
    }

    /// The items to which the outer scopes go back, the innermost first.
    pub(crate) fn bases<'a>(&'a self, registers: &'a Registers) -> impl Iterator<Item = u32> + 'a {
        // A scope whose first item has not begun is no call yet, and goes back to the present item.
        let calls = self.calls(registers);
        let begun = self.scope(registers) > calls + 1;
        let kept = (1..=calls).rev().map(|depth| self.kept_item(registers, depth));
        begun.then(|| self.current(registers)).into_iter().chain(kept)
    }

    /// How many items more than come anyway are needed to close what is open.
    pub(crate) fn extra_items(&self, ahead: Ahead, registers: &Registers) -> u32 {
        let bases = self.bases(registers);
        self.items_needed(registers, ahead.units, ahead.pays_here, bases)
    }

    /// How many items must still come, beyond those that come anyway, for all labels to close.
    ///
    /// `fresh` is how many come anyway at the innermost level, `here` whether the present item may
    /// still close labels, `bases` the items to which the outer levels go back, innermost first: to
    /// each of these one item more comes anyway.
    fn items_needed(
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
                    needed = needed.max(self.items_for(registers, label, here, [base, inner]));
                }
            }
            inner = base;
        }
        needed - anyway
    }

    /// How many new items a label needs, with those that close before it in their turn; it does not
    /// close at a first item after its opener.
    fn items_for(&self, registers: &Registers, label: usize, here: bool, bases: [u32; 2]) -> u32 {
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
        let left =
            rank - u32::from(here && self.refusal_of_closing_label(registers, first).is_none());
        let children: u32 = bases.iter().map(|&base| u32::from(base == opener)).sum();
        if left == 0 { 0 } else { left + children }
    }
}
