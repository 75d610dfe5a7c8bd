//! Valence: molecules whose atoms bear no more than they can, without aromatic atoms or with them.
//!
//! Of each atom we know what it has left: its limit, less its stated hydrogens and the bonds read so
//! far. An open label keeps one of it at the atom that opened it, and where a branch or a ring is
//! not complete the chain keeps one to go on with; so whatever is begun can be completed. An aromatic
//! atom is such a ring to complete, or keeps one more to open its own.

use super::super::labels::{Labels, Level};
use super::super::machine::Machine;
use super::super::mask::{Words, ids_of_bits};
use super::super::registers::Registers;
use super::bearing::{
    Bond, DOUBLE, NEUTRAL, NO_SYMBOL, SINGLE, bare, bracket, is_aromatic_bond, is_left_out, plain,
    taken, taken_by_ring,
};
use super::limits::AROMATIC_BONDS;
use super::ringed::{self, unringed};
use super::{FIRST, Place};
use crate::number::LONG_NUMBERS;
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, CHARGE, HYDROGENS, HYDROGENS_BASE, MAP, STEREO, STEREO_BASE, charge_of_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, RING_CLOSE, closed_label};
use crate::objects::molecule::symbol::{SYMBOL, Symbol};
use crate::objects::molecule::{CLOSE, OPEN};

const ACTIVE: usize = FIRST;
/// The bond to the next atom, one more than its code; 0 for no symbol.
const BOND: usize = FIRST + 1;
/// Whether a branch has just begun.
const BRANCH: usize = FIRST + 2;
/// Where in brackets we are: 0 not, 1 before the symbol, 2 after it.
const BRACKET: usize = FIRST + 3;
/// The token of the symbol.
const SYMBOL_ID: usize = FIRST + 4;
const STATED: usize = FIRST + 5;
const CHARGE_CODE: usize = FIRST + 6;
/// The bond of the closing that is read, as `BOND`.
const CLOSING: usize = FIRST + 7;

/// Whether a component has just begun.
const ROOT: usize = FIRST + 8;

/// What is remembered of an element, beside its atomic number and the code of its charge.
const IS_AROMATIC: u32 = 1 << 16;

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

/// The layer; it watches one bank of labels.
#[derive(Clone, Debug)]
pub(in super::super) struct Valence {
    pub bank: usize,
    /// Whether there may be aromatic atoms.
    pub aromatic: bool,
}

impl Valence {
    fn bank<'a>(&self, machine: &'a Machine) -> &'a Labels {
        &machine.labels[self.bank]
    }

    fn seen<'a>(&self, place: Place<'a>) -> Seen<'a> {
        Seen { bank: self.bank(place.machine), aromatic: self.aromatic, place }
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
                registers.set(SYMBOL_ID, u32::from(id));
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
                let symbol = Symbol::of_token(registers.get(SYMBOL_ID) as u16);
                let charge = registers.get(CHARGE_CODE);
                let bears = bracket(symbol, charge as usize) - registers.get(STATED) as i32;
                registers.set(BRACKET, 0);
                return atom(bank, machine, registers, bears, element(symbol, charge));
            }
            _ => return,
        }
        match Kind::of(id) {
            Kind::Aliphatic | Kind::Aromatic => {
                let symbol = Symbol::of_token(id);
                atom(bank, machine, registers, bare(symbol), element(symbol, NEUTRAL as u32));
            }
            Kind::Bracket => {
                registers.set(BRACKET, 1);
                registers.set(ROOT, 0);
            }
            Kind::Bond | Kind::SingleBond => registers.set(BOND, u32::from(id - BOND_BASE) + 1),
            Kind::BranchOpen => registers.set(BRANCH, 1),
            Kind::Dot => registers.set(ROOT, 1),
            Kind::RingOpen => spend(registers, current, 1),
            Kind::RingBond => registers.set(CLOSING, u32::from(id - RING_BOND_BASE) + 1),
            Kind::RingClose => {
                let label = usize::from(closed_label(id));
                let other = bank.opener(registers, label);
                let bond = registers.get(CLOSING);
                let [opener, closer] = taken_by_ring(bond);
                spend(registers, current, closer);
                spend(registers, other, opener - 1);
                join(machine, registers, bond, [other, current]);
                registers.set(CLOSING, 0);
                ringed::close(bank, machine, registers, label);
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
    registers.set(at(current) + Level::ELEMENT, element);
    registers.set(at(current) + Level::AROMATIC_BONDS, 0);
    let mut left = bears;
    if parent != 0 {
        let [before, after] = taken(registers.get(BOND));
        left -= after;
        let of_parent = registers.get(at(parent) + Level::FREE) as i32 - before;
        registers.set(at(parent) + Level::FREE, of_parent as u32);
        join(machine, registers, registers.get(BOND), [parent, current]);
    }
    if element & IS_AROMATIC != 0 {
        ringed::begin(bank, machine, registers);
    }
    registers.set(at(current) + Level::FREE, left as u32);
    registers.set(BOND, 0);
    registers.set(BRANCH, 0);
    registers.set(ROOT, 0);
}

/// A bond joins two atoms: whether it is aromatic.
fn join(machine: &Machine, registers: &mut Registers, bond: Bond, items: [u32; 2]) {
    if is_aromatic_bond(bond) && items.iter().all(|&item| is_aromatic(machine, registers, item)) {
        for item in items {
            let count = machine.levels + item as usize * Level::SIZE + Level::AROMATIC_BONDS;
            registers.set(count, registers.get(count) + 1);
        }
    }
}

/// What is remembered of an atom.
fn element(symbol: Symbol, charge: u32) -> u32 {
    let aromatic = if symbol.is_aromatic() { IS_AROMATIC } else { 0 };
    u32::from(symbol.atomic_number()) | charge << 8 | aromatic
}

fn is_aromatic(machine: &Machine, registers: &Registers, item: u32) -> bool {
    let element = machine.levels + item as usize * Level::SIZE + Level::ELEMENT;
    item != 0 && registers.get(element) & IS_AROMATIC != 0
}

/// What the layer sees of a place.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub bank: &'a Labels,
    pub aromatic: bool,
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

    pub fn is_aromatic(&self, item: u32) -> bool {
        is_aromatic(self.place.machine, self.place.registers, item)
    }

    /// The first aromatic atom of the innermost branch that is in no ring; 0 for none.
    fn unringed(&self) -> u32 {
        let registers = self.place.registers;
        unringed(self.place.machine, registers, self.bank.scope(registers))
    }

    /// Whether an aromatic atom is in no ring that is or may be closed, if it opens none itself.
    fn is_astray(&self) -> bool {
        self.unringed() != 0 && !self.bank.has_open(self.place.registers)
    }

    /// What the next atom keeps: a way on while rings must close before the innermost branch ends,
    /// and with it a ring of its own when it needs one.
    fn owes(&self, aromatic: bool) -> i32 {
        let registers = self.place.registers;
        let settled = self.bank.is_settled(registers, self.place.machine.levels);
        if aromatic && !self.bank.has_open(registers) {
            2
        } else {
            i32::from(aromatic || !settled || self.unringed() != 0)
        }
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
        if self.before() == 0 { 0 } else { taken(self.register(BOND))[1] }
    }

    /// What the next atom must be able to bear.
    fn demand(&self, aromatic: bool) -> i32 {
        self.taken() + self.owes(aromatic)
    }

    /// Whether the atom before would bear a bond, and could go on.
    fn bears(&self, bond: Bond) -> bool {
        let before = self.before();
        before == 0 || self.free(before) - self.register(BRANCH) as i32 >= taken(bond)[0]
    }

    /// How many aromatic bonds more an atom may have; none when it is not aromatic.
    pub fn aromatic_bonds_left(&self, item: u32) -> u32 {
        let left = AROMATIC_BONDS - self.of_item(item, Level::AROMATIC_BONDS);
        if self.is_aromatic(item) { left } else { 0 }
    }

    /// Whether the bond to an aromatic atom is aromatic.
    fn is_bond_aromatic(&self) -> bool {
        is_aromatic_bond(self.register(BOND)) && self.is_aromatic(self.before())
    }

    /// Why the next atom may not be aromatic.
    fn refusal_of_aromatic(&self) -> Option<&'static str> {
        if !self.aromatic {
            return Some(NO_AROMATIC);
        }
        let many = self.is_bond_aromatic() && self.aromatic_bonds_left(self.before()) == 0;
        many.then_some(TOO_AROMATIC)
    }

    /// Whether the next atom is to be aromatic, since `-` joins only such.
    pub fn awaits_aromatic(&self) -> bool {
        self.register(BOND) == SINGLE && self.register(BRACKET) < 2
    }

    /// Whether a double bond may lead to an atom; charge is its code.
    fn is_apart(&self, symbol: Symbol, charge: u32) -> bool {
        let bond = self.register(BOND);
        let before = self.before();
        bond == DOUBLE
            && before != 0
            && apart(self.of_item(before, Level::ELEMENT), element(symbol, charge))
    }

    fn refusal_outside(&self, id: u16) -> Option<&'static str> {
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
                let mut labels = self.bank.closable(self.place.registers);
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
        let registers = self.place.registers;
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
        let kept = i32::from(taken_of_opener > 1 && self.place.is_branching(opener));
        if left < 0 || self.free(opener) - (taken_of_opener - 1) < kept {
            return Some(TOO_MUCH);
        }
        let elements = [opener, current].map(|item| self.of_item(item, Level::ELEMENT));
        if bond == DOUBLE && apart(elements[0], elements[1]) {
            return Some(APART);
        }
        let others = self.bank.open_in_scope(registers, self.place.machine.levels);
        let innermost = self.bank.scope_of(registers, label) == self.bank.scope(registers);
        let goes_on = others > u32::from(innermost) || (1..opener).contains(&self.unringed());
        (left == 0 && goes_on).then_some(NO_WAY_ON)
    }

    fn refusal_of_symbol(&self, id: u16) -> Option<&'static str> {
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

    /// The most that an element could bear here with some charge.
    fn most(&self, symbol: Symbol) -> i32 {
        let charges = (0..=2 * NEUTRAL).filter(|&charge| !self.is_apart(symbol, charge as u32));
        charges.map(|charge| bracket(symbol, charge)).max().unwrap_or(-1)
    }

    /// The symbol that was read in brackets.
    fn symbol(&self) -> Symbol {
        Symbol::of_token(self.register(SYMBOL_ID) as u16)
    }

    fn refusal_after_symbol(&self, id: u16) -> Option<&'static str> {
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
        atom & 0xFF == number && (atom >> 8 & 0xFF == NEUTRAL as u32) == neutral
    };
    (is(one, IODINE, true) && is(other, OXYGEN, false))
        || (is(other, IODINE, true) && is(one, OXYGEN, false))
}
