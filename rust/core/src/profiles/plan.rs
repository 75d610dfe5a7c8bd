//! Plan: a completion in which no atom bears too much, and how much longer it is.

use super::bearing::{CARBON, is_aromatic_bond, plain, taken_by_ring};
use super::limits::AROMATIC_BONDS;
use super::valence::Seen;
use crate::conditions::Ahead;

/// The rings of one opener that are still to be closed.
struct RingsOf {
    scope: u32,
    opener: u32,
    left: u32,
    /// How many aromatic bonds more the opener may have; None when it is not aromatic.
    aromatic: Option<u32>,
}

/// An atom at which labels close: what it has left, and how many aromatic bonds more it may have;
/// None when it is not aromatic.
#[derive(Clone, Copy)]
struct Site {
    free: i32,
    aromatic: Option<u32>,
}

/// All atoms that come are aliphatic carbon; but one after a bond of four is sulfur, and one after
/// `-` aromatic carbon.
const CHAIN: Site = Site { free: CARBON - 1, aromatic: None };
/// The number of an aromatic atom that comes; all others are lower.
const TO_COME: u32 = u32::MAX;

struct Plan {
    rings: Vec<RingsOf>,
    /// By scope the first aromatic atom that is in no ring; 0 for none.
    unringed: Vec<u32>,
    /// Tokens beyond atoms and the closings of labels that are open.
    tokens: u32,
}

impl Seen<'_> {
    /// How many tokens a completion needs more than the grammar thinks.
    pub(crate) fn more(&self) -> u32 {
        let registers = self.at.registers;
        let Ahead { units: fresh, pays_here: here, .. } = self.rings().ahead(self.at);
        let scope = self.bank.scope(registers);
        let (free, charge) = self.in_brackets().unwrap_or((self.free(self.current()), 0));
        let mut plan = Plan {
            rings: self.open_rings(),
            unringed: (0..=scope).map(|scope| self.unringed_of(scope)).collect(),
            tokens: charge,
        };
        let aromatic = self.aromatic_here();
        if self.is_in_brackets() && aromatic.is_some() {
            plan.begin_aromatic(scope, self.current());
        }
        if here {
            self.close_here(&mut plan, scope, Site { free, aromatic });
        }
        plan.open_own(scope, self.current());
        let first = if self.is_in_brackets() {
            CHAIN
        } else {
            let aromatic = self.awaits_aromatic().then_some(AROMATIC_BONDS);
            Site { free: plain(self.taken().max(1)), aromatic }
        };
        let mut atoms = plan.add(scope, self.current(), fresh, first);
        let mut anyway = fresh;
        for (i, base) in self.rings().bases(self.at).enumerate() {
            atoms += plan.add(scope - 1 - i as u32, base, 1, CHAIN);
            anyway += 1;
        }
        let extra = atoms - anyway + plan.tokens;
        extra.saturating_sub(self.rings().extra_atoms(self.at))
    }

    fn open_rings(&self) -> Vec<RingsOf> {
        let registers = self.at.registers;
        let mut rings: Vec<RingsOf> = Vec::new();
        for label in self.bank.open_labels(registers) {
            let opener = self.bank.opener(registers, label);
            match rings.iter_mut().find(|one| one.opener == opener) {
                Some(one) => one.left += 1,
                None => {
                    rings.push(RingsOf {
                        scope: self.bank.scope_of(registers, label),
                        opener,
                        left: 1,
                        aromatic: self
                            .is_aromatic(opener)
                            .then(|| self.aromatic_bonds_left(opener)),
                    });
                }
            }
        }
        rings
    }

    /// Close what the present atom can.
    fn close_here(&self, plan: &mut Plan, scope: u32, mut site: Site) {
        let registers = self.at.registers;
        let mut closable: Vec<usize> = self.bank.closable(registers).collect();
        let opener = |label: usize| self.bank.opener(registers, label);
        if let Some(bond) = self.closing() {
            let may = |one: &RingsOf| {
                let first = closable.iter().find(|&&label| opener(label) == one.opener);
                first.is_some_and(|&label| self.refusal_of_close(label, bond).is_none())
            };
            if let Some(one) = plan.best(scope, may) {
                site.free -= taken_by_ring(bond)[1];
                if is_aromatic_bond(bond) && plan.rings[one].aromatic.is_some() {
                    site.aromatic = site.aromatic.map(|left| left - 1);
                }
                let closed = plan.rings[one].opener;
                plan.close(one, scope);
                closable.retain(|&label| opener(label) != closed);
            }
        }
        plan.close_at(scope, site, |one| closable.iter().any(|&label| opener(label) == one.opener));
    }
}

impl Plan {
    /// Whether the innermost branch cannot end yet.
    fn owes(&self, scope: u32) -> bool {
        self.unringed[scope as usize] != 0
            || self.rings.iter().any(|one| one.scope == scope && one.left > 0)
    }

    fn begin_aromatic(&mut self, scope: u32, atom: u32) {
        let first = &mut self.unringed[scope as usize];
        if *first == 0 {
            *first = atom;
        }
    }

    /// Open a ring at an aromatic atom that no other takes in.
    fn open_own(&mut self, scope: u32, opener: u32) {
        if self.unringed[scope as usize] != 0 && self.rings.iter().all(|one| one.left == 0) {
            self.tokens += 2;
            self.rings.push(RingsOf { scope, opener, left: 1, aromatic: None });
        }
    }

    /// Of the rings that may close, one of the innermost scope, and of these one of the most.
    ///
    /// Where that is even, of the earliest opener: an order that a closing does not change, so that
    /// the plan after the first token of a plan is its rest.
    fn best(&self, scope: u32, may: impl Fn(&RingsOf) -> bool) -> Option<usize> {
        let rings = &self.rings;
        (0..rings.len()).filter(|&i| rings[i].left > 0 && may(&rings[i])).max_by_key(|&i| {
            (rings[i].scope == scope, rings[i].left, std::cmp::Reverse(rings[i].opener))
        })
    }

    fn close(&mut self, one: usize, scope: u32) {
        self.rings[one].left -= 1;
        let RingsOf { scope: outer, opener, .. } = self.rings[one];
        for first in &mut self.unringed[outer as usize..=scope as usize] {
            if *first >= opener {
                *first = 0;
            }
        }
    }

    /// Close at an atom what it bears, each opener once, and leave it a way on while one is owed.
    fn close_at(&mut self, scope: u32, mut site: Site, may: impl Fn(&RingsOf) -> bool) {
        let mut closed = Vec::new();
        while let Some(one) = self.best(scope, |one| {
            let bonds = site.aromatic.zip(one.aromatic);
            let bears = bonds.is_none_or(|(here, opener)| here > 0 && opener > 0);
            bears && !closed.contains(&one.opener) && may(one)
        }) {
            let inner = self.rings.iter().filter(|r| r.scope == scope).map(|r| r.left).sum::<u32>();
            let others = inner - u32::from(self.rings[one].scope == scope);
            let unringed = (1..self.rings[one].opener).contains(&self.unringed[scope as usize]);
            if site.free - 1 < i32::from(others > 0 || unringed) {
                break;
            }
            site.free -= 1;
            if self.rings[one].aromatic.is_some() {
                site.aromatic = site.aromatic.map(|left| left - 1);
            }
            closed.push(self.rings[one].opener);
            self.close(one, scope);
        }
    }

    /// Add atoms to a branch until its rings are closed; how many.
    fn add(&mut self, scope: u32, base: u32, fresh: u32, first: Site) -> u32 {
        let (mut atoms, mut parent) = (0, base);
        while atoms < fresh || self.owes(scope) {
            let site = if atoms == 0 { first } else { CHAIN };
            if site.aromatic.is_some() {
                self.begin_aromatic(scope, TO_COME);
            }
            self.close_at(scope, site, |one| one.opener != parent);
            self.open_own(scope, TO_COME);
            parent = if site.aromatic.is_some() { TO_COME } else { 0 };
            atoms += 1;
        }
        atoms
    }
}
