//! Plan: a completion in which no atom bears too much, and how much longer it is.

use super::valence::{Seen, taken_here};

/// The rings of one opener that are still to be closed.
struct Rings {
    scope: u32,
    opener: u32,
    left: u32,
}

/// What a carbon atom bears; every atom of a plan is one, or after a bond of four a sulfur atom.
const CARBON: i32 = 4;
const SULFUR: i32 = 6;

impl Seen<'_> {
    /// How many tokens a completion needs more than the grammar thinks.
    pub(super) fn more(&self) -> u32 {
        let registers = self.place.registers;
        let machine = self.place.machine;
        let (fresh, here) = machine.ahead(self.place.position);
        let mut rings = self.rings();
        let scope = self.bank.scope(registers);
        let (in_progress, charge) = self.in_brackets().unwrap_or((self.free(self.current()), 0));
        if here && !rings.is_empty() {
            self.close_here(&mut rings, scope, in_progress);
        }
        let first = if self.taken() > 3 { SULFUR } else { CARBON } - self.taken().max(1);
        let mut atoms = add(&mut rings, scope, self.current(), fresh, first);
        let mut anyway = fresh;
        for (i, base) in machine.bases(self.bank, registers).enumerate() {
            atoms += add(&mut rings, scope - 1 - i as u32, base, 1, CARBON - 1);
            anyway += 1;
        }
        let extra = atoms - anyway;
        (extra + charge).saturating_sub(machine.extra_atoms(
            self.bank,
            self.place.position,
            registers,
        ))
    }

    fn rings(&self) -> Vec<Rings> {
        let registers = self.place.registers;
        let mut rings: Vec<Rings> = Vec::new();
        for label in self.bank.open_labels(registers) {
            let opener = self.bank.opener(registers, label);
            match rings.iter_mut().find(|one| one.opener == opener) {
                Some(one) => one.left += 1,
                None => {
                    rings.push(Rings {
                        scope: self.bank.scope_of(registers, label),
                        opener,
                        left: 1,
                    });
                }
            }
        }
        rings
    }

    /// Close what the present atom can, which has so much left.
    fn close_here(&self, rings: &mut [Rings], scope: u32, free: i32) {
        let registers = self.place.registers;
        let mut left = free;
        let mut closable: Vec<usize> = self.bank.closable(registers).collect();
        let opener = |label: usize| self.bank.opener(registers, label);
        if let Some(bond) = self.closing() {
            let may = |one: &Rings| {
                let first = closable.iter().find(|&&label| opener(label) == one.opener);
                first.is_some_and(|&label| self.refusal_of_close(label, bond).is_none())
            };
            if let Some(one) = best(rings, scope, may) {
                left -= taken_here(bond);
                rings[one].left -= 1;
                let closed = rings[one].opener;
                closable.retain(|&label| opener(label) != closed);
            }
        }
        while !closable.is_empty() {
            let may = |one: &Rings| closable.iter().any(|&label| opener(label) == one.opener);
            let Some(one) = best(rings, scope, may) else { break };
            let inner: u32 = rings.iter().filter(|r| r.scope == scope).map(|r| r.left).sum();
            let after = inner - u32::from(rings[one].scope == scope);
            if left - 1 < i32::from(after > 0) {
                break;
            }
            left -= 1;
            rings[one].left -= 1;
            let closed = rings[one].opener;
            closable.retain(|&label| opener(label) != closed);
        }
    }
}

/// Of the rings that may close, one of the innermost scope, and of these one of the most.
fn best(rings: &[Rings], scope: u32, may: impl Fn(&Rings) -> bool) -> Option<usize> {
    (0..rings.len())
        .filter(|&i| rings[i].left > 0 && may(&rings[i]))
        .max_by_key(|&i| (rings[i].scope == scope, rings[i].left, std::cmp::Reverse(i)))
}

/// Add atoms to a branch until its rings are closed; how many.
fn add(rings: &mut [Rings], scope: u32, base: u32, fresh: u32, first: i32) -> u32 {
    let mut atoms = 0;
    while atoms < fresh || rings.iter().any(|one| one.scope == scope && one.left > 0) {
        let mut free = if atoms == 0 { first } else { CARBON - 1 };
        let mut closed = Vec::new();
        while let Some(one) = best(rings, scope, |one| {
            !(closed.contains(&one.opener) || atoms == 0 && one.opener == base)
        }) {
            let inner: u32 = rings.iter().filter(|r| r.scope == scope).map(|r| r.left).sum();
            let after = inner - u32::from(rings[one].scope == scope);
            if free - 1 < i32::from(after > 0) {
                break;
            }
            free -= 1;
            rings[one].left -= 1;
            closed.push(rings[one].opener);
        }
        atoms += 1;
    }
    atoms
}
