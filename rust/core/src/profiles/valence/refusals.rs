//! Why a token may not stand where the layer is, if it would bear too much or leave too little.

use super::super::bearing::{
    Bond, DOUBLE, NEUTRAL, SINGLE, bare, bracket, is_aromatic_bond, is_left_out, taken_by_ring,
};
use super::{BOND, CHARGE_CODE, CLOSING, STATED, Seen, element};
use crate::number::LONG_NUMBERS;
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, CHARGE, HYDROGENS, HYDROGENS_BASE, MAP, STEREO, STEREO_BASE, charge_of_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, closed_label};
use crate::objects::molecule::symbol::{SYMBOL, Symbol};

const IODINE: u32 = 53;
const OXYGEN: u32 = 8;
const HYDROGEN: u32 = 1;

const NO_AROMATIC: &str = "kekule+valence: no aromatic atoms or bonds";
const TOO_MUCH: &str = "valence: an atom would bear more than it can";
const NO_WAY_ON: &str = "valence: nothing would be left to go on with";
const NO_CENTRE: &str = "valence: only @ and @@, and not on hydrogen";
const NO_ISOTOPE: &str = "valence: an isotope of at most three digits";
const NO_SUCH_BOND: &str = "valence: only bonds of one to four";
const APART: &str = "valence: no double bond joins iodine and a charged oxygen";
const TOO_AROMATIC: &str = "aromatic: an atom would have more than three aromatic bonds";
const NO_RING: &str = "aromatic: an aromatic atom would be in no ring";

impl Seen<'_> {
    /// Why the next atom may not be aromatic.
    fn refusal_of_aromatic(&self) -> Option<&'static str> {
        if !self.aromatic {
            return Some(NO_AROMATIC);
        }
        let many = self.is_bond_aromatic() && self.aromatic_bonds_left(self.before()) == 0;
        many.then_some(TOO_AROMATIC)
    }

    /// Whether a double bond may lead to an atom; charge is its code.
    pub(crate) fn is_apart(&self, symbol: Symbol, charge: u32) -> bool {
        let bond = self.register(BOND);
        let before = self.before();
        bond == DOUBLE && before != 0 && apart(self.element(before), element(symbol, charge))
    }

    pub(crate) fn refusal_outside(&self, id: u16) -> Option<&'static str> {
        let too_much = |fits: bool| (!fits).then_some(TOO_MUCH);
        let kind = Kind::of(id);
        let leaves = matches!(kind, Kind::BranchClose | Kind::Dot | Kind::Close);
        let goes_on = kind.is_bond() || kind.is_atom() || kind == Kind::Bracket;
        if leaves && self.unringed() != 0
            || (goes_on || kind == Kind::BranchOpen) && self.is_astray()
        {
            return Some(NO_RING);
        }
        match kind {
            Kind::SingleBond if !self.aromatic => Some(NO_AROMATIC),
            Kind::Aromatic if self.refusal_of_aromatic().is_some() => self.refusal_of_aromatic(),
            Kind::AromaticBond => Some(if self.aromatic { NO_SUCH_BOND } else { NO_AROMATIC }),
            Kind::Aliphatic | Kind::Aromatic => {
                let symbol = Symbol::of_token(id);
                if self.is_apart(symbol, NEUTRAL as u32) {
                    return Some(APART);
                }
                let linked = self.bears(self.register(BOND));
                too_much(linked && bare(symbol) >= self.demand(symbol.is_aromatic()))
            }
            Kind::Bracket => too_much(self.bears(self.register(BOND))),
            Kind::Bond | Kind::SingleBond => {
                let bond = u32::from(id - BOND_BASE) + 1;
                if is_left_out(bond) {
                    return Some(NO_SUCH_BOND);
                }
                too_much(self.bears(bond))
            }
            Kind::BranchOpen | Kind::RingOpen => {
                (self.free(self.current()) < 2).then_some(NO_WAY_ON)
            }
            Kind::RingBond => {
                let bond = u32::from(id - RING_BOND_BASE) + 1;
                if is_left_out(bond) {
                    return Some(NO_SUCH_BOND);
                }
                let mut labels = self.bank.closable(self.at.registers);
                too_much(labels.any(|label| self.refusal_of_close(label, bond).is_none()))
            }
            Kind::RingClose => {
                let label = usize::from(closed_label(id));
                self.refusal_of_close(label, self.register(CLOSING))
            }
            _ => None,
        }
    }

    /// Why a label may not close with a bond.
    pub fn refusal_of_close(&self, label: usize, bond: Bond) -> Option<&'static str> {
        let registers = self.at.registers;
        let (current, opener) = (self.current(), self.bank.opener(registers, label));
        if self.is_aromatic(current) && self.is_aromatic(opener) {
            let many = [current, opener].map(|item| self.aromatic_bonds_left(item)).contains(&0);
            if many && is_aromatic_bond(bond) {
                return Some(TOO_AROMATIC);
            }
        } else if bond == SINGLE {
            return Some(NO_SUCH_BOND);
        }
        let [taken_of_opener, taken_here] = taken_by_ring(bond);
        let left = self.free(current) - taken_here;
        // One was kept when it opened; a branch that is not complete keeps another.
        let kept = i32::from(taken_of_opener > 1 && self.is_branching(opener));
        if left < 0 || self.free(opener) - (taken_of_opener - 1) < kept {
            return Some(TOO_MUCH);
        }
        let elements = [opener, current].map(|item| self.element(item));
        if bond == DOUBLE && apart(elements[0], elements[1]) {
            return Some(APART);
        }
        let others = self.bank.open_in_scope(registers);
        let innermost = self.bank.scope_of(registers, label) == self.bank.scope(registers);
        let goes_on = others > u32::from(innermost) || (1..opener).contains(&self.unringed());
        (left == 0 && goes_on).then_some(NO_WAY_ON)
    }

    pub(crate) fn refusal_of_symbol(&self, id: u16) -> Option<&'static str> {
        if LONG_NUMBERS.contains(&id) {
            return Some(NO_ISOTOPE);
        }
        if !SYMBOL.has(id) {
            return None;
        }
        let symbol = Symbol::of_token(id);
        let aromatic = symbol.is_aromatic();
        if let Some(reason) = self.refusal_of_aromatic().filter(|_| aromatic) {
            return Some(reason);
        }
        (self.most(symbol) < self.demand(aromatic)).then_some(TOO_MUCH)
    }

    pub(crate) fn refusal_after_symbol(&self, id: u16) -> Option<&'static str> {
        let symbol = self.symbol();
        let demand = self.demand(symbol.is_aromatic());
        let stated = self.register(STATED) as i32;
        if HYDROGENS.has(id) {
            let stated = i32::from(id - HYDROGENS_BASE) + 1;
            return (self.most(symbol) - stated < demand).then_some(TOO_MUCH);
        }
        if STEREO.has(id) {
            let tetrahedral = id < STEREO_BASE + 2;
            let hydrogen = u32::from(symbol.atomic_number()) == HYDROGEN;
            return (hydrogen || !tetrahedral).then_some(NO_CENTRE);
        }
        let charge = if CHARGE.has(id) {
            (i32::from(charge_of_token(id)) + NEUTRAL as i32) as u32
        } else if id == MAP || id == BRACKET_CLOSE {
            self.register(CHARGE_CODE)
        } else {
            return None;
        };
        if self.is_apart(symbol, charge) {
            return Some(APART);
        }
        (bracket(symbol, charge as usize) - stated < demand).then_some(TOO_MUCH)
    }

    /// The most that an element could bear here with some charge.
    pub(crate) fn most(&self, symbol: Symbol) -> i32 {
        let charges = (0..=2 * NEUTRAL).filter(|&charge| !self.is_apart(symbol, charge as u32));
        charges.map(|charge| bracket(symbol, charge)).max().unwrap_or(-1)
    }
}

/// Whether two atoms are an uncharged iodine and a charged oxygen.
fn apart(one: u32, other: u32) -> bool {
    let is = |atom: u32, number: u32, neutral: bool| {
        atom & 0xFF == number && (atom >> 8 & 0xFF == NEUTRAL as u32) == neutral
    };
    (is(one, IODINE, true) && is(other, OXYGEN, false))
        || (is(other, IODINE, true) && is(one, OXYGEN, false))
}
