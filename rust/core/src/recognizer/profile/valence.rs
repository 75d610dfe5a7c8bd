//! Valence: Kekulé structures whose atoms bear no more than they can.
//!
//! Of each atom we know what it has left: its limit, less its stated hydrogens and the bonds read so
//! far. An open label keeps one of it at the atom that opened it, and where a branch or a ring is
//! not complete the chain keeps one to go on with; so whatever is begun can be completed.

use super::super::labels::{Labels, Level};
use super::super::machine::Machine;
use super::super::mask::{Words, ids_of_bits};
use super::super::registers::Registers;
use super::limits::{BARE, BONDS, LIMITS, RING_BONDS};
use super::{FIRST, Place};
use crate::number::LONG_NUMBERS;
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, CHARGE, HYDROGENS, HYDROGENS_BASE, MAP, STEREO, STEREO_BASE, charge_of_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, RING_CLOSE, closed_label};
use crate::objects::molecule::symbol::{SYMBOL, Symbol};
use crate::objects::molecule::{CLOSE, OPEN, Order};

const ACTIVE: usize = FIRST;
/// The bond to the next atom, one more than its code; 0 for no symbol.
const BOND: usize = FIRST + 1;
/// Whether a branch has just begun.
const BRANCH: usize = FIRST + 2;
/// Where in brackets we are: 0 not, 1 before the symbol, 2 after it.
const BRACKET: usize = FIRST + 3;
const NUMBER: usize = FIRST + 4;
const STATED: usize = FIRST + 5;
const CHARGE_CODE: usize = FIRST + 6;
/// The bond of the closing that is read, as `BOND`.
const CLOSING: usize = FIRST + 7;

/// Whether a component has just begun.
const ROOT: usize = FIRST + 8;

const NEUTRAL: usize = 15;
const DOUBLE: u32 = 2;
const IODINE: u32 = 53;
const OXYGEN: u32 = 8;
const HYDROGEN: u32 = 1;

const NO_AROMATIC: &str = "kekule+valence: no aromatic atoms or bonds";
const TOO_MUCH: &str = "kekule+valence: an atom would bear more than it can";
const NO_WAY_ON: &str = "kekule+valence: nothing would be left to go on with";
const NO_CENTRE: &str = "kekule+valence: only @ and @@, and not on hydrogen";
const NO_ISOTOPE: &str = "kekule+valence: an isotope of at most three digits";
const NO_SUCH_BOND: &str = "kekule+valence: only bonds of one to four";
const APART: &str = "kekule+valence: no double bond joins iodine and a charged oxygen";

/// The layer; it watches one bank of labels.
#[derive(Clone, Debug)]
pub(in super::super) struct Valence {
    pub bank: usize,
}

/// What an atom in brackets may bear; negative when there is none with this charge.
fn limit(number: u32, charge: usize) -> i32 {
    i32::from(LIMITS[number as usize][charge])
}

impl Valence {
    fn bank<'a>(&self, machine: &'a Machine) -> &'a Labels {
        &machine.labels[self.bank]
    }

    fn seen<'a>(&self, place: Place<'a>) -> Seen<'a> {
        Seen { bank: self.bank(place.machine), place }
    }

    pub fn refusal(&self, place: Place, id: u16) -> Option<&'static str> {
        if place.registers.get(ACTIVE) == 0 {
            return None;
        }
        let seen = self.seen(place);
        match place.registers.get(BRACKET) {
            0 => seen.refusal_outside(id),
            1 => seen.refusal_of_symbol(id),
            _ => seen.refusal_after_symbol(id),
        }
    }

    pub fn take(&self, machine: &Machine, registers: &mut Registers, id: u16) {
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
                registers.set(NUMBER, u32::from(Symbol::of_token(id).atomic_number()));
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
                let (number, charge) = (registers.get(NUMBER), registers.get(CHARGE_CODE));
                let bears = limit(number, charge as usize) - registers.get(STATED) as i32;
                registers.set(BRACKET, 0);
                return atom(bank, machine, registers, bears, number | charge << 8);
            }
            _ => return,
        }
        match Kind::of(id) {
            Kind::Aliphatic => {
                let number = u32::from(Symbol::of_token(id).atomic_number());
                let bears = i32::from(BARE[number as usize]);
                atom(bank, machine, registers, bears, number | (NEUTRAL as u32) << 8);
            }
            Kind::Bracket => {
                registers.set(BRACKET, 1);
                registers.set(ROOT, 0);
            }
            Kind::Bond => registers.set(BOND, u32::from(id - BOND_BASE) + 1),
            Kind::BranchOpen => registers.set(BRANCH, 1),
            Kind::Dot => registers.set(ROOT, 1),
            Kind::RingOpen => spend(registers, current, 1),
            Kind::RingBond => registers.set(CLOSING, u32::from(id - RING_BOND_BASE) + 1),
            Kind::RingClose => {
                let [opener, closer] = RING_BONDS[code(registers.get(CLOSING))];
                let other = bank.opener(registers, usize::from(closed_label(id)));
                spend(registers, current, i32::from(closer));
                spend(registers, other, i32::from(opener) - 1);
                registers.set(CLOSING, 0);
            }
            _ => {}
        }
    }

    pub fn restrict(&self, place: Place, mask: &mut Words) {
        if place.registers.get(ACTIVE) == 0 {
            return;
        }
        if place.registers.get(BRACKET) == 1 {
            LONG_NUMBERS.for_each(|id| mask.clear_id(id));
        }
        // Beyond the labels there are only numbers; all others are free.
        for word in 0..=RING_CLOSE.0[0].1 / 32 {
            let bits = mask.0[usize::from(word)];
            for id in ids_of_bits(&vec![(word, bits)]) {
                if self.refusal(place, id).is_some() {
                    mask.clear_id(id);
                }
            }
        }
    }

    pub fn needed(&self, place: Place) -> u32 {
        if place.registers.get(ACTIVE) == 0 { 0 } else { self.seen(place).more() }
    }
}

/// An atom is complete: what it has left, and what it leaves its parent.
fn atom(bank: &Labels, machine: &Machine, registers: &mut Registers, bears: i32, element: u32) {
    let at = |item: u32| machine.levels + item as usize * Level::SIZE;
    let (current, parent) = (bank.current(registers), bank.parent(registers));
    let mut left = bears;
    if parent != 0 {
        let [before, after] = BONDS[code(registers.get(BOND))];
        left -= i32::from(after);
        let of_parent = registers.get(at(parent) + Level::FREE) as i32 - i32::from(before);
        registers.set(at(parent) + Level::FREE, of_parent as u32);
    }
    registers.set(at(current) + Level::FREE, left as u32);
    registers.set(at(current) + Level::ELEMENT, element);
    registers.set(BOND, 0);
    registers.set(BRANCH, 0);
    registers.set(ROOT, 0);
}

/// Whether a bond is none of one to four electron pairs that both atoms share.
fn is_left_out(bond: usize) -> bool {
    bond == Order::Aromatic as usize || bond > Order::Down as usize
}

/// What a bond that closes a ring takes of the atom where it closes.
pub(super) fn taken_here(bond: usize) -> i32 {
    i32::from(RING_BONDS[bond][1])
}

/// The code of a bond from one more, and of no symbol.
fn code(bond: u32) -> usize {
    bond.saturating_sub(1) as usize
}

/// What the layer sees of a place.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub bank: &'a Labels,
    pub place: Place<'a>,
}

impl Seen<'_> {
    pub fn register(&self, at: usize) -> u32 {
        self.place.registers.get(at)
    }

    fn of_item(&self, item: u32, what: usize) -> u32 {
        self.register(self.place.machine.levels + item as usize * Level::SIZE + what)
    }

    /// What an atom has left.
    pub fn free(&self, item: u32) -> i32 {
        self.of_item(item, Level::FREE) as i32
    }

    /// The atom that a bond would begin at, from 1; 0 for none.
    pub fn current(&self) -> u32 {
        let root = self.register(ROOT) != 0;
        if root { 0 } else { self.bank.current(self.place.registers) }
    }

    /// Whether labels are open that close before the innermost branch ends, as 0 or 1.
    fn owes(&self) -> i32 {
        i32::from(!self.bank.is_settled(self.place.registers, self.place.machine.levels))
    }

    /// The atom that the next one is bonded to: in brackets its parent.
    fn before(&self) -> u32 {
        if self.register(BRACKET) == 0 {
            self.current()
        } else {
            self.bank.parent(self.place.registers)
        }
    }

    /// What the bond to the next atom takes of it.
    pub fn taken(&self) -> i32 {
        let after = BONDS[code(self.register(BOND))][1];
        if self.before() == 0 { 0 } else { i32::from(after) }
    }

    /// What the next atom must be able to bear.
    fn demand(&self) -> i32 {
        self.taken() + self.owes()
    }

    /// Whether the atom before would bear a bond that takes so much, and could go on.
    fn bears(&self, taken: i32) -> bool {
        let current = self.current();
        current == 0 || self.free(current) - self.register(BRANCH) as i32 >= taken
    }

    /// Whether a double bond may lead to an atom; charge is its code.
    fn is_apart(&self, number: u32, charge: u32) -> bool {
        let bond = self.register(BOND);
        let before = self.before();
        bond == DOUBLE
            && before != 0
            && apart(self.of_item(before, Level::ELEMENT), number | charge << 8)
    }

    fn refusal_outside(&self, id: u16) -> Option<&'static str> {
        let too_much = |fits: bool| (!fits).then_some(TOO_MUCH);
        let implied = if self.current() == 0 { 0 } else { i32::from(BONDS[0][0]) };
        // A bond with a symbol was borne when it was read.
        let linked = self.register(BOND) != 0 || self.bears(implied);
        match Kind::of(id) {
            Kind::Aromatic | Kind::SingleBond | Kind::AromaticBond => Some(NO_AROMATIC),
            Kind::Aliphatic => {
                let number = u32::from(Symbol::of_token(id).atomic_number());
                if self.is_apart(number, NEUTRAL as u32) {
                    return Some(APART);
                }
                too_much(linked && i32::from(BARE[number as usize]) >= self.demand())
            }
            Kind::Bracket => too_much(linked),
            Kind::Bond => {
                let bond = usize::from(id - BOND_BASE);
                if is_left_out(bond) {
                    return Some(NO_SUCH_BOND);
                }
                too_much(self.bears(i32::from(BONDS[bond][0])))
            }
            Kind::BranchOpen | Kind::RingOpen => {
                (self.free(self.current()) < 2).then_some(NO_WAY_ON)
            }
            Kind::RingBond => {
                let bond = usize::from(id - RING_BOND_BASE);
                if is_left_out(bond) {
                    return Some(NO_SUCH_BOND);
                }
                let mut labels = self.bank.closable(self.place.registers);
                too_much(labels.any(|label| self.refusal_of_close(label, bond).is_none()))
            }
            Kind::RingClose => {
                let label = usize::from(closed_label(id));
                self.refusal_of_close(label, code(self.register(CLOSING)))
            }
            _ => None,
        }
    }

    /// Why a label may not close with a bond.
    pub fn refusal_of_close(&self, label: usize, bond: usize) -> Option<&'static str> {
        let registers = self.place.registers;
        let [taken_of_opener, taken_here] = RING_BONDS[bond].map(i32::from);
        let (current, opener) = (self.current(), self.bank.opener(registers, label));
        let left = self.free(current) - taken_here;
        // One was kept when it opened; a branch that is not complete keeps another.
        let kept = i32::from(taken_of_opener > 1 && self.place.is_branching(opener));
        if left < 0 || self.free(opener) - (taken_of_opener - 1) < kept {
            return Some(TOO_MUCH);
        }
        let elements = [opener, current].map(|item| self.of_item(item, Level::ELEMENT));
        if bond + 1 == DOUBLE as usize && apart(elements[0], elements[1]) {
            return Some(APART);
        }
        let others = self.bank.open_in_scope(registers, self.place.machine.levels);
        let innermost = self.bank.scope_of(registers, label) == self.bank.scope(registers);
        let settles = u32::from(innermost);
        (left == 0 && others > settles).then_some(NO_WAY_ON)
    }

    fn refusal_of_symbol(&self, id: u16) -> Option<&'static str> {
        if LONG_NUMBERS.contains(&id) {
            return Some(NO_ISOTOPE);
        }
        if !SYMBOL.has(id) {
            return None;
        }
        let symbol = Symbol::of_token(id);
        if symbol.is_aromatic() {
            return Some(NO_AROMATIC);
        }
        (self.most(u32::from(symbol.atomic_number())) < self.demand()).then_some(TOO_MUCH)
    }

    /// The most that an element could bear here with some charge.
    fn most(&self, number: u32) -> i32 {
        let charges = (0..=2 * NEUTRAL).filter(|&charge| !self.is_apart(number, charge as u32));
        charges.map(|charge| limit(number, charge)).max().unwrap_or(-1)
    }

    fn refusal_after_symbol(&self, id: u16) -> Option<&'static str> {
        let number = self.register(NUMBER);
        let stated = self.register(STATED) as i32;
        if HYDROGENS.has(id) {
            let stated = i32::from(id - HYDROGENS_BASE) + 1;
            return (self.most(number) - stated < self.demand()).then_some(TOO_MUCH);
        }
        if STEREO.has(id) {
            let tetrahedral = id < STEREO_BASE + 2;
            return (number == HYDROGEN || !tetrahedral).then_some(NO_CENTRE);
        }
        let charge = if CHARGE.has(id) {
            (i32::from(charge_of_token(id)) + NEUTRAL as i32) as u32
        } else if id == MAP || id == BRACKET_CLOSE {
            self.register(CHARGE_CODE)
        } else {
            return None;
        };
        if self.is_apart(number, charge) {
            return Some(APART);
        }
        (limit(number, charge as usize) - stated < self.demand()).then_some(TOO_MUCH)
    }

    /// What the atom in brackets will have left, and how many tokens it still needs for that beyond
    /// what the grammar needs: a charge when it bears too little without one.
    pub fn in_brackets(&self) -> Option<(i32, u32)> {
        let charge = self.register(CHARGE_CODE);
        let (number, stated) = (self.register(NUMBER), self.register(STATED) as i32);
        match self.register(BRACKET) {
            0 => None,
            1 => Some((4 - self.taken(), 0)),
            _ => {
                let left = limit(number, charge as usize) - stated - self.taken();
                let fits = left >= self.owes() && !self.is_apart(number, charge);
                Some(if fits { (left, 0) } else { (self.most(number) - stated - self.taken(), 1) })
            }
        }
    }

    /// The bond of the closing that is read.
    pub fn closing(&self) -> Option<usize> {
        self.register(CLOSING).checked_sub(1).map(|bond| bond as usize)
    }
}

impl Place<'_> {
    /// Whether an atom is the beginning of a branch that we are in.
    fn is_branching(&self, item: u32) -> bool {
        self.machine
            .calls(self.registers)
            .any(|level| self.registers.get(level + Level::CURRENT) == item)
    }
}

/// Whether two atoms are an uncharged iodine and a charged oxygen.
fn apart(one: u32, other: u32) -> bool {
    let is = |atom: u32, number: u32, neutral: bool| {
        atom & 0xFF == number && (atom >> 8 == NEUTRAL as u32) == neutral
    };
    (is(one, IODINE, true) && is(other, OXYGEN, false))
        || (is(other, IODINE, true) && is(one, OXYGEN, false))
}
