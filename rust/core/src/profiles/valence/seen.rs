//! What the layer sees of a configuration: what atoms have left, and why a token may not stand there.

use crate::conditions::labels::Labels;

use super::super::bearing::{Bond, NO_SYMBOL, SINGLE, bracket, is_aromatic_bond, plain, taken};
use super::super::limits::AROMATIC_BONDS;
use super::super::rings::Rings;
use super::{BOND, BRACKET, BRANCH, CHARGE_CODE, CLOSING, ROOT, STATED, SYMBOL_ID, Valence};
use crate::automaton::registers::Column;
use crate::objects::molecule::symbol::Symbol;
use crate::recognizer::Configuration;

/// What the layer sees of a configuration.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub layer: &'a Valence,
    pub bank: &'a Labels,
    pub aromatic: bool,
    pub at: Configuration<'a>,
}

impl<'a> Seen<'a> {
    pub fn register(&self, at: usize) -> u32 {
        self.layer.get(self.at.registers, at)
    }

    fn of_atom(&self, column: Column, atom: u32) -> u32 {
        self.at.registers.get(self.at.registers.cell(column, atom))
    }

    /// What is remembered of an atom's element.
    pub(super) fn element(&self, atom: u32) -> u32 {
        self.of_atom(self.layer.atoms.element, atom)
    }

    /// What an atom has left.
    pub fn free(&self, item: u32) -> i32 {
        self.of_atom(self.layer.atoms.free, item) as i32
    }

    /// The atom that a bond would begin at, from 1; 0 for none.
    pub fn current(&self) -> u32 {
        let root = self.register(ROOT) != 0;
        if root { 0 } else { self.bank.current(self.at.registers) }
    }

    pub fn is_aromatic(&self, item: u32) -> bool {
        self.layer.is_aromatic(self.at.registers, item)
    }

    /// The first aromatic atom of a component or branch that is in no ring; 0 for none.
    pub fn unringed_of(&self, scope: u32) -> u32 {
        self.layer.unringed.of(self.at.registers, scope)
    }

    /// The labels and the tree of atoms.
    pub fn rings(&self) -> &'a Rings {
        &self.layer.rings
    }

    /// The first aromatic atom of the innermost branch that is in no ring; 0 for none.
    pub(crate) fn unringed(&self) -> u32 {
        let registers = self.at.registers;
        self.unringed_of(self.bank.scope(registers))
    }

    /// Whether an aromatic atom is in no ring that is or may be closed, if it opens none itself.
    pub(crate) fn is_astray(&self) -> bool {
        self.unringed() != 0 && !self.bank.has_open(self.at.registers)
    }

    /// What the next atom keeps: a way on while rings must close before the innermost branch ends,
    /// and with it a ring of its own when it needs one.
    pub(crate) fn owes(&self, aromatic: bool) -> i32 {
        let registers = self.at.registers;
        let settled = self.bank.is_settled(registers);
        if aromatic && !self.bank.has_open(registers) {
            2
        } else {
            i32::from(aromatic || !settled || self.unringed() != 0)
        }
    }

    /// The atom that the next one is bonded to: in brackets its parent.
    pub(crate) fn before(&self) -> u32 {
        if self.register(BRACKET) == 0 {
            self.current()
        } else {
            self.bank.parent(self.at.registers)
        }
    }

    /// What the bond to the next atom takes of it.
    pub fn taken(&self) -> i32 {
        if self.before() == 0 { 0 } else { taken(self.register(BOND))[1] }
    }

    /// What the next atom must be able to bear.
    pub(crate) fn demand(&self, aromatic: bool) -> i32 {
        self.taken() + self.owes(aromatic)
    }

    /// Whether the atom before would bear a bond, and could go on.
    pub(crate) fn bears(&self, bond: Bond) -> bool {
        let before = self.before();
        before == 0 || self.free(before) - self.register(BRANCH) as i32 >= taken(bond)[0]
    }

    /// How many aromatic bonds more an atom may have; none when it is not aromatic.
    pub fn aromatic_bonds_left(&self, item: u32) -> u32 {
        let left = AROMATIC_BONDS - self.of_atom(self.layer.atoms.aromatic_bonds, item);
        if self.is_aromatic(item) { left } else { 0 }
    }

    /// Whether the bond to an aromatic atom is aromatic.
    pub(crate) fn is_bond_aromatic(&self) -> bool {
        is_aromatic_bond(self.register(BOND)) && self.is_aromatic(self.before())
    }

    /// Whether the next atom is to be aromatic, since `-` joins only such.
    pub fn awaits_aromatic(&self) -> bool {
        self.register(BOND) == SINGLE && self.register(BRACKET) < 2
    }

    /// The symbol that was read in brackets.
    pub(crate) fn symbol(&self) -> Symbol {
        Symbol::of_token(self.register(SYMBOL_ID) as u16)
    }

    /// What the atom in brackets will have left, and how many tokens it still needs for that beyond
    /// what the grammar needs: a charge when it bears too little without one.
    pub fn in_brackets(&self) -> Option<(i32, u32)> {
        match self.register(BRACKET) {
            0 => None,
            1 => Some((plain(self.taken()), 0)),
            _ => {
                let (symbol, charge) = (self.symbol(), self.register(CHARGE_CODE));
                let aromatic = symbol.is_aromatic();
                let spent = self.register(STATED) as i32 + self.taken();
                let left = bracket(symbol, charge as usize) - spent;
                let fits = left >= self.owes(aromatic) && !self.is_apart(symbol, charge);
                Some(if fits { (left, 0) } else { (self.most(symbol) - spent, 1) })
            }
        }
    }

    pub fn is_in_brackets(&self) -> bool {
        self.register(BRACKET) != 0
    }

    /// How many aromatic bonds more the present atom may have, complete or in brackets; None when
    /// it is not aromatic.
    pub fn aromatic_here(&self) -> Option<u32> {
        let aromatic = match self.register(BRACKET) {
            0 => {
                let current = self.current();
                return self.is_aromatic(current).then(|| self.aromatic_bonds_left(current));
            }
            1 => self.awaits_aromatic(),
            _ => self.symbol().is_aromatic(),
        };
        aromatic.then(|| AROMATIC_BONDS - u32::from(self.is_bond_aromatic()))
    }

    /// The bond of the closing that is read.
    pub fn closing(&self) -> Option<Bond> {
        Some(self.register(CLOSING)).filter(|&bond| bond != NO_SYMBOL)
    }

    /// Whether an atom is the beginning of a branch that we are in.
    pub(crate) fn is_branching(&self, item: u32) -> bool {
        self.rings().is_branching(self.at, item)
    }
}
