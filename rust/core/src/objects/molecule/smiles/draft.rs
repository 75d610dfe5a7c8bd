//! Draft: a SMILES as it was written, whatever its labels, branches and order.

use super::glyphs::{aromatic, element};
use crate::error::TextError;
use crate::number::MAX_INDEX;
use crate::objects::molecule::symbol::{BARE, Symbol};
use crate::objects::molecule::{Atom, MAX_CHARGE, Order};
use crate::sequence::character;

type Result<T> = std::result::Result<T, TextError>;

/// A place in the order of neighbours that stands for the one hydrogen in brackets.
pub(super) const HYDROGEN: u32 = u32::MAX;

/// Atoms in the order of the text, each with its neighbours in the order of the text.
#[derive(Default)]
pub(super) struct Draft {
    pub atoms: Vec<DraftAtom>,
    pub bonds: Vec<DraftBond>,
}

pub(super) struct DraftAtom {
    pub atom: Atom,
    /// Its bonds, and `HYDROGEN`, in the order that its stereo refers to.
    pub neighbours: Vec<u32>,
    /// Where its hydrogen stands, or would stand: after its parent, or first.
    pub has_parent: bool,
    /// The character at which it begins.
    pub at: usize,
}

/// A bond, its order read from `from` to `to`.
#[derive(Clone, Copy)]
pub(super) struct DraftBond {
    pub from: u32,
    pub to: u32,
    pub order: Order,
}

impl DraftBond {
    pub fn other(&self, atom: u32) -> u32 {
        if self.from == atom { self.to } else { self.from }
    }
}

/// Read a whole SMILES.
pub(super) fn read(text: &[u8]) -> Result<Draft> {
    let mut reading = Reading {
        text,
        at: 0,
        draft: Draft::default(),
        current: None,
        branches: Vec::new(),
        open: Vec::new(),
    };
    reading.read()?;
    Ok(reading.draft)
}

struct Reading<'a> {
    text: &'a [u8],
    at: usize,
    draft: Draft,
    /// The atom that the next one is bonded to.
    current: Option<u32>,
    /// The branches we are in: their atom, and where they begin.
    branches: Vec<(u32, usize)>,
    /// The ring bonds that are open.
    open: Vec<OpenRing>,
}

struct OpenRing {
    label: u32,
    bond: u32,
    symbol: Option<Order>,
    at: usize,
}

impl Reading<'_> {
    fn read(&mut self) -> Result<()> {
        self.link(false)?;
        while let Some(b) = self.peek() {
            match b {
                b'(' => {
                    let Some(current) = self.current else { return self.fail("expected an atom") };
                    self.branches.push((current, self.at));
                    self.at += 1;
                    self.link(true)?;
                }
                b')' => {
                    let Some((atom, _)) = self.branches.pop() else {
                        return self.fail("this ) closes no branch");
                    };
                    self.current = Some(atom);
                    self.at += 1;
                    if matches!(self.peek(), Some(b'0'..=b'9' | b'%')) {
                        return self.fail("a ring label stands before the branches of its atom");
                    }
                }
                b'.' => {
                    self.at += 1;
                    self.current = None;
                    self.link(false)?;
                }
                _ => self.link(false)?,
            }
        }
        if let Some(&(_, at)) = self.branches.last() {
            return self.fail_at(at, "this ( is never closed");
        }
        if let Some(ring) = self.open.first() {
            let reason = format!("ring {} is opened and never closed", ring.label);
            return self.fail_at(ring.at, reason);
        }
        Ok(())
    }

    /// A bond, if any, and an atom with its ring labels.
    fn link(&mut self, branch_begins: bool) -> Result<()> {
        if branch_begins && self.peek() == Some(b'.') {
            self.at += 1;
            self.current = None;
        }
        let before_bond = self.at;
        let bond = self.bond();
        if bond.is_some() && self.current.is_none() {
            return self.fail_at(before_bond, "expected an atom before this bond");
        }
        let parent = self.current;
        let at = character(self.text, self.at);
        let atom = self.atom()?;
        let index = self.draft.atoms.len() as u32;
        let one_hydrogen = atom.hydrogens == Some(1);
        self.draft.atoms.push(DraftAtom {
            atom,
            neighbours: Vec::new(),
            has_parent: parent.is_some(),
            at,
        });
        if let Some(parent) = parent {
            let id = self.add_bond(parent, index, bond);
            self.neighbours(parent).push(id);
            self.neighbours(index).push(id);
        }
        if one_hydrogen {
            self.neighbours(index).push(HYDROGEN);
        }
        self.current = Some(index);
        self.rings(index)
    }

    fn add_bond(&mut self, from: u32, to: u32, symbol: Option<Order>) -> u32 {
        let order = symbol.unwrap_or_else(|| self.implied(from, to));
        self.draft.bonds.push(DraftBond { from, to, order });
        self.draft.bonds.len() as u32 - 1
    }

    fn implied(&self, a: u32, b: u32) -> Order {
        let aromatic = |i: u32| self.draft.atoms[i as usize].atom.symbol.is_aromatic();
        Order::implied(aromatic(a) && aromatic(b))
    }

    fn neighbours(&mut self, atom: u32) -> &mut Vec<u32> {
        &mut self.draft.atoms[atom as usize].neighbours
    }

    fn rings(&mut self, atom: u32) -> Result<()> {
        loop {
            let start = self.at;
            let symbol = self.bond();
            if !matches!(self.peek(), Some(b'0'..=b'9' | b'%')) {
                self.at = start;
                return Ok(());
            }
            let at = self.at;
            let label = self.label()?;
            match self.open.iter().position(|ring| ring.label == label) {
                None => self.open_ring(atom, label, symbol, at),
                Some(i) => {
                    let ring = self.open.remove(i);
                    self.close_ring(atom, &ring, symbol, at)?;
                }
            }
        }
    }

    fn open_ring(&mut self, atom: u32, label: u32, symbol: Option<Order>, at: usize) {
        // The other atom is not known yet; until then the bond leads back to this one.
        let bond = self.draft.bonds.len() as u32;
        self.draft.bonds.push(DraftBond { from: atom, to: atom, order: Order::Single });
        self.neighbours(atom).push(bond);
        self.open.push(OpenRing { label, bond, symbol, at });
    }

    fn close_ring(
        &mut self,
        atom: u32,
        ring: &OpenRing,
        symbol: Option<Order>,
        at: usize,
    ) -> Result<()> {
        let opener = self.draft.bonds[ring.bond as usize].from;
        if opener == atom {
            return self.fail_at(at, "this ring bond joins an atom to itself");
        }
        let bonds = &self.draft.bonds;
        let already =
            |&i: &u32| i != HYDROGEN && i != ring.bond && bonds[i as usize].other(opener) == atom;
        if self.draft.atoms[opener as usize].neighbours.iter().any(already) {
            return self.fail_at(at, "this ring bond joins two atoms that are bonded already");
        }
        // The symbol at the closing is read from the closing atom to the opening one.
        let order = match (ring.symbol, symbol.map(Order::reversed)) {
            (None, None) => self.implied(opener, atom),
            (Some(order), None) | (None, Some(order)) => order,
            (Some(a), Some(b)) if a == b => a,
            _ => return self.fail_at(at, "the two ends of this ring bond have different symbols"),
        };
        self.draft.bonds[ring.bond as usize] = DraftBond { from: opener, to: atom, order };
        self.neighbours(atom).push(ring.bond);
        Ok(())
    }

    fn label(&mut self) -> Result<u32> {
        if self.peek() != Some(b'%') {
            return self.digits(1, "expected a ring label");
        }
        self.at += 1;
        if self.peek() != Some(b'(') {
            let start = self.at;
            let label = self.digits(2, "expected two digits after %")?;
            return if self.at == start + 2 {
                Ok(label)
            } else {
                self.fail("expected two digits after %")
            };
        }
        self.at += 1;
        let label = self.digits(5, "expected one to five digits in %( )")?;
        if self.peek() != Some(b')') {
            return self.fail("expected ) after the ring label");
        }
        self.at += 1;
        Ok(label)
    }

    fn bond(&mut self) -> Option<Order> {
        let (order, length) = match self.peek()? {
            b'-' if self.text.get(self.at + 1) == Some(&b'>') => (Order::Dative, 2),
            b'<' if self.text.get(self.at + 1) == Some(&b'-') => (Order::DativeBack, 2),
            b'-' => (Order::Single, 1),
            b'=' => (Order::Double, 1),
            b'#' => (Order::Triple, 1),
            b'$' => (Order::Quadruple, 1),
            b':' => (Order::Aromatic, 1),
            b'/' => (Order::Up, 1),
            b'\\' => (Order::Down, 1),
            b'~' => (Order::Any, 1),
            _ => return None,
        };
        self.at += length;
        Some(order)
    }

    fn atom(&mut self) -> Result<Atom> {
        match self.peek() {
            None => self.fail("expected an atom"),
            Some(b'[') => {
                let start = self.at;
                self.at += 1;
                self.bracket(start)
            }
            Some(b) => {
                let id = match (b, self.text.get(self.at + 1)) {
                    (b'C', Some(b'l')) | (b'B', Some(b'r')) => {
                        element(b, Some(self.text[self.at + 1]))
                    }
                    (b'a'..=b'z', _) => aromatic(b, None),
                    _ => element(b, None),
                };
                if !BARE.has(id) {
                    return self.fail(not_an_atom(b, id));
                }
                self.at += if matches!(b, b'C' | b'B') && id != element(b, None) { 2 } else { 1 };
                Ok(Atom::bare(Symbol::of_token(id)))
            }
        }
    }

    fn bracket(&mut self, start: usize) -> Result<Atom> {
        let isotope = if self.digit() { self.digits(9, "expected a mass number")? } else { 0 };
        let symbol = self.symbol()?;
        let stereo = self.stereo()?;
        let mut hydrogens = 0;
        if self.peek() == Some(b'H') {
            self.at += 1;
            hydrogens = if self.digit() { self.digits(1, "expected a digit")? as u8 } else { 1 };
        }
        let charge = self.charge()?;
        let mut map = 0;
        if self.peek() == Some(b':') {
            self.at += 1;
            map = self.digits(9, "expected a map number of one to nine digits")?;
        }
        match self.peek() {
            Some(b']') => self.at += 1,
            None => return self.fail_at(start, "this [ is never closed"),
            Some(_) => {
                return self.fail("expected @, H, a charge, :map or ] (in this order) in the atom");
            }
        }
        debug_assert!(isotope <= MAX_INDEX && map <= MAX_INDEX);
        Ok(Atom { isotope, symbol, stereo, hydrogens: Some(hydrogens), charge, map })
    }

    fn symbol(&mut self) -> Result<Symbol> {
        let Some(first) = self.peek() else { return self.fail("expected an element symbol") };
        let of = if first.is_ascii_lowercase() { aromatic } else { element };
        let second = self.text.get(self.at + 1).copied().filter(u8::is_ascii_lowercase);
        for (second, length) in [(second, 2), (None, 1)] {
            let id = of(first, second);
            if id != 0 && (length == 1 || second.is_some()) {
                self.at += length;
                return Ok(Symbol::of_token(id));
            }
        }
        self.fail("expected an element symbol")
    }

    /// One more than the offset in the block `stereo`; 0 for none.
    fn stereo(&mut self) -> Result<u8> {
        if self.peek() != Some(b'@') {
            return Ok(0);
        }
        self.at += 1;
        if self.peek() == Some(b'@') {
            self.at += 1;
            return Ok(2);
        }
        let class = self.text.get(self.at..self.at + 2);
        let (base, most) = match class {
            Some(b"TH") => (0, 2),
            Some(b"AL") => (2, 2),
            Some(b"SP") => (4, 3),
            Some(b"TB") => (7, 20),
            Some(b"OH") => (27, 30),
            _ => return Ok(1),
        };
        self.at += 2;
        let start = self.at;
        let permutation = self.digits(2, "expected the number of the stereo permutation")?;
        if !(1..=most).contains(&permutation) {
            return self.fail_at(start, format!("expected a permutation from 1 to {most}"));
        }
        Ok(base + permutation as u8)
    }

    fn charge(&mut self) -> Result<i8> {
        let Some(sign @ (b'+' | b'-')) = self.peek() else { return Ok(0) };
        let start = self.at;
        let mut size: u32 = 0;
        while self.peek() == Some(sign) {
            self.at += 1;
            size += 1;
        }
        if self.digit() {
            if size > 1 {
                return self.fail("expected either repeated signs or a sign and a number");
            }
            size = self.digits(2, "expected a charge")?;
        }
        if size > MAX_CHARGE as u32 {
            return self.fail_at(start, "expected a charge from -15 to +15");
        }
        Ok(if sign == b'+' { size as i8 } else { -(size as i8) })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn digit(&self) -> bool {
        self.peek().is_some_and(|b| b.is_ascii_digit())
    }

    /// One to `most` digits.
    fn digits(&mut self, most: usize, expected: &'static str) -> Result<u32> {
        let start = self.at;
        let mut n = 0;
        while self.digit() && self.at - start < most {
            n = n * 10 + u32::from(self.text[self.at] - b'0');
            self.at += 1;
        }
        if self.at == start { self.fail(expected) } else { Ok(n) }
    }

    fn fail<T>(&self, reason: impl Into<std::borrow::Cow<'static, str>>) -> Result<T> {
        self.fail_at(self.at, reason)
    }

    fn fail_at<T>(
        &self,
        at: usize,
        reason: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Result<T> {
        Err(TextError::new(character(self.text, at), reason))
    }
}

/// Why a byte cannot begin an atom.
fn not_an_atom(b: u8, id: u16) -> &'static str {
    match b {
        b']' => "this ] closes no atom",
        b'0'..=b'9' | b'%' => "expected an atom before this ring label",
        b'(' | b')' => "expected an atom before this parenthesis",
        b'-' | b'=' | b'#' | b'$' | b':' | b'/' | b'\\' | b'~' | b'<' => {
            "expected an atom, not another bond"
        }
        b'.' => "expected an atom, not a dot",
        b'H' => "expected an atom; hydrogen stands in brackets",
        b' ' | b'\t' | b'\n' | b'\r' => "expected an atom, not white space",
        _ if id != 0 => "expected an atom; this element stands in brackets",
        _ => "expected an atom",
    }
}
