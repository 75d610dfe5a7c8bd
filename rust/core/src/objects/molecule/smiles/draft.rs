//! Draft: a SMILES as it was written, or a graph, whatever its labels, branches and order.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Result};
use crate::objects::molecule::{Atom, Order};

/// The last stereo code whose meaning in another order is only itself or its mirror image.
const MIRRORED: u8 = 4;

/// Atoms in the order of the text, each with its bonds in the order of the text.
#[derive(Default)]
pub(in crate::objects::molecule) struct Draft {
    pub atoms: Vec<DraftAtom>,
    pub bonds: Vec<DraftBond>,
}

pub(in crate::objects::molecule) struct DraftAtom {
    pub atom: Atom,
    /// Its bonds, as the text names them: to its parent, then by ring labels and to children.
    pub bonds: Vec<u32>,
    /// How many of them are named before a neighbour that is no atom of the draft: the parent in a
    /// text, all of them in a graph.
    pub before_unnamed: u32,
    /// How many of them are ring labels.
    pub labels: u32,
    /// The byte at which it begins; in a graph, its row.
    pub at: usize,
}

/// A bond, its order read from `from` to `to`.
#[derive(Clone, Copy)]
pub(in crate::objects::molecule) struct DraftBond {
    pub from: u32,
    pub to: u32,
    pub order: Order,
}

impl DraftBond {
    pub fn other(&self, atom: u32) -> u32 {
        if self.from == atom { self.to } else { self.from }
    }

    /// Bond another atom instead of one of the two.
    pub fn move_from(&mut self, atom: u32, other: u32) {
        *(if self.from == atom { &mut self.from } else { &mut self.to }) = other;
    }
}

impl Draft {
    pub fn atom(&self, atom: u32) -> &DraftAtom {
        &self.atoms[atom as usize]
    }

    pub fn bond(&self, bond: u32) -> DraftBond {
        self.bonds[bond as usize]
    }
}

/// Read a whole SMILES.
pub(super) fn read(text: &[u8]) -> Result<Draft> {
    let mut reading = Reading {
        cursor: Cursor { text, at: 0 },
        draft: Draft::default(),
        current: 0,
        branches: Vec::new(),
        open: BTreeMap::new(),
    };
    reading.read()?;
    Ok(reading.draft)
}

struct Reading<'a> {
    cursor: Cursor<'a>,
    draft: Draft,
    /// The atom that the next one is bonded to.
    current: u32,
    /// The branches we are in: their atom, and where they begin.
    branches: Vec<(u32, usize)>,
    /// The ring bonds that are open, by label.
    open: BTreeMap<u32, OpenRing>,
}

struct OpenRing {
    bond: u32,
    symbol: Option<Order>,
    at: usize,
}

impl Reading<'_> {
    fn read(&mut self) -> Result<()> {
        self.link(None)?;
        while let Some(b) = self.cursor.peek() {
            match b {
                b'(' => {
                    self.branches.push((self.current, self.cursor.at));
                    self.cursor.at += 1;
                    if self.cursor.peek() == Some(b'.') {
                        self.cursor.at += 1;
                        self.link(None)?;
                    } else {
                        self.link(Some(self.current))?;
                    }
                }
                b')' => {
                    let Some((atom, _)) = self.branches.pop() else {
                        return self.cursor.fail("this ) closes no branch");
                    };
                    self.current = atom;
                    self.cursor.at += 1;
                    // The rules of OpenSMILES have no label here, but writers do write it.
                    self.rings(atom, true)?;
                }
                b'.' => {
                    self.cursor.at += 1;
                    self.link(None)?;
                }
                _ => self.link(Some(self.current))?,
            }
        }
        if let Some(&(_, at)) = self.branches.last() {
            return self.cursor.fail_at(at, "this ( is never closed");
        }
        if let Some((label, ring)) = self.open.iter().min_by_key(|(_, ring)| ring.at) {
            let reason = format!("ring {label} is opened and never closed");
            return self.cursor.fail_at(ring.at, reason);
        }
        Ok(())
    }

    /// A bond, if any, and an atom with its ring labels.
    fn link(&mut self, parent: Option<u32>) -> Result<()> {
        let before_bond = self.cursor.at;
        let bond = self.cursor.bond();
        if bond.is_some() && parent.is_none() {
            return self.cursor.fail_at(before_bond, "expected an atom before this bond");
        }
        let at = self.cursor.at;
        let atom = self.cursor.atom()?;
        let index = self.draft.atoms.len() as u32;
        let before_unnamed = u32::from(parent.is_some());
        self.draft.atoms.push(DraftAtom { atom, bonds: Vec::new(), before_unnamed, labels: 0, at });
        if let Some(parent) = parent {
            let order = bond.unwrap_or_else(|| self.implied(parent, index));
            let id = self.draft.bonds.len() as u32;
            self.draft.bonds.push(DraftBond { from: parent, to: index, order });
            self.draft.atoms[parent as usize].bonds.push(id);
            self.draft.atoms[index as usize].bonds.push(id);
        }
        self.current = index;
        self.rings(index, false)
    }

    fn implied(&self, a: u32, b: u32) -> Order {
        let aromatic = |i: u32| self.draft.atom(i).atom.aromatic;
        Order::implied(aromatic(a) && aromatic(b))
    }

    fn rings(&mut self, atom: u32, after_branch: bool) -> Result<()> {
        loop {
            let start = self.cursor.at;
            let symbol = self.cursor.bond();
            if !matches!(self.cursor.peek(), Some(b'0'..=b'9' | b'%')) {
                self.cursor.at = start;
                return Ok(());
            }
            if after_branch && self.draft.atom(atom).atom.stereo > MIRRORED {
                let reason =
                    "a ring label after a branch, where readers disagree on @SP, @TB and @OH";
                return self.cursor.fail(reason);
            }
            let at = self.cursor.at;
            let label = self.cursor.label()?;
            match self.open.remove(&label) {
                None => self.open_ring(atom, label, symbol, at),
                Some(ring) => self.close_ring(atom, &ring, symbol, at)?,
            }
        }
    }

    fn open_ring(&mut self, atom: u32, label: u32, symbol: Option<Order>, at: usize) {
        // The other atom is not known yet; until then the bond leads back to this one.
        let bond = self.draft.bonds.len() as u32;
        self.draft.bonds.push(DraftBond { from: atom, to: atom, order: Order::Single });
        self.name(atom, bond);
        self.open.insert(label, OpenRing { bond, symbol, at });
    }

    fn close_ring(
        &mut self,
        atom: u32,
        ring: &OpenRing,
        symbol: Option<Order>,
        at: usize,
    ) -> Result<()> {
        let opener = self.draft.bond(ring.bond).from;
        if opener == atom {
            return self.cursor.fail_at(at, "this ring bond joins an atom to itself");
        }
        if self.bonded(opener, atom) {
            let reason = "this ring bond joins two atoms that are bonded already";
            return self.cursor.fail_at(at, reason);
        }
        // The symbol at the closing is read from the closing atom to the opening one.
        let order = match (ring.symbol, symbol.map(Order::reversed)) {
            (None, None) => self.implied(opener, atom),
            (Some(order), None) | (None, Some(order)) => order,
            (Some(a), Some(b)) if a == b => a,
            (Some(a), Some(b)) if a == b.reversed() => {
                let reason = "the symbols at the two ends of this ring bond contradict each other";
                return self.cursor.fail_at(at, reason);
            }
            _ => {
                let reason = "the two ends of this ring bond have different symbols";
                return self.cursor.fail_at(at, reason);
            }
        };
        self.draft.bonds[ring.bond as usize] = DraftBond { from: opener, to: atom, order };
        self.name(atom, ring.bond);
        Ok(())
    }

    /// Whether two atoms are bonded, looked up at the one with fewer bonds.
    fn bonded(&self, a: u32, b: u32) -> bool {
        let bonds = |atom: u32| &self.draft.atom(atom).bonds;
        let (a, b) = if bonds(a).len() < bonds(b).len() { (a, b) } else { (b, a) };
        bonds(a).iter().any(|&id| self.draft.bond(id).other(a) == b)
    }

    /// The next neighbour of an atom is named by a ring label.
    fn name(&mut self, atom: u32, bond: u32) {
        let atom = &mut self.draft.atoms[atom as usize];
        atom.bonds.push(bond);
        atom.labels += 1;
    }
}
