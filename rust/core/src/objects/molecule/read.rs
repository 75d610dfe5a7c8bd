//! Reading a molecule's sentence fast: a second way to recognize one, for what is read in bulk.
//!
//! It accepts what the machine accepts, as tests hold, and says nothing of what is wrong elsewhere.

use super::kind::{BOND_BASE, Kind, RING_BOND_BASE, closed_label};
use super::place::Place;
use super::symbol::Symbol;
use super::walk::{NONE, Walk};
use super::{Atom, Bond, Molecule, OPEN, Order};

/// Rows that are made room for at once.
const ROOM: usize = 64;

/// What follows from reading: an atom and its bond to its parent, a bond that closes a ring.
pub(crate) trait Sink {
    fn atom(&mut self, atom: Atom);
    fn bond(&mut self, bond: Bond);
}

impl Sink for Molecule {
    fn atom(&mut self, atom: Atom) {
        self.atoms.push(atom);
    }

    fn bond(&mut self, bond: Bond) {
        self.bonds.push(bond);
    }
}

/// Nothing is built when a sentence is only checked.
impl Sink for () {
    fn atom(&mut self, _: Atom) {}
    fn bond(&mut self, _: Bond) {}
}

/// How many of the ids are the sentence of a molecule that they begin with.
pub(crate) fn length(ids: &[u16], walk: &mut Walk) -> Option<usize> {
    read_with(ids, walk, &mut ())
}

/// The molecule that ids begin with, and how many of them are its sentence.
pub(crate) fn read(ids: &[u16]) -> Option<(Molecule, usize)> {
    let mut molecule = Molecule::default();
    // What follows may be more than this molecule.
    let rows = ids.len().min(ROOM);
    molecule.atoms.reserve(rows);
    molecule.bonds.reserve(rows);
    let length = read_with(ids, &mut Walk::new(), &mut molecule)?;
    Some((molecule, length))
}

/// ```ebnf
/// component = chain ;
/// chain     = atom ( branch* link )? ;
/// branch    = "(" link ")" ;
/// link      = bond? chain ;
/// atom      = ( bare | bracket ) closing* opening* ;
/// closing   = ring_bond? ring_close ;
/// opening   = ring_open ;
/// ```
fn read_with(ids: &[u16], walk: &mut Walk, sink: &mut impl Sink) -> Option<usize> {
    if ids.first() != Some(&OPEN) {
        return None;
    }
    walk.reset();
    let mut place = Place::Component;
    let mut symbol = None;
    let mut n = 1;
    loop {
        let &id = ids.get(n)?;
        let mut kind = Kind::of(id);
        let mut bracket = None;
        let mut length = 1;
        match kind {
            Kind::Close if place.may_end(walk) => return Some(n + 1),
            Kind::Bracket => {
                let (atom, tokens) = Atom::read_bracket(&ids[n..])?;
                (kind, length, bracket) = (atom.kind(), tokens, Some(atom));
            }
            _ => {}
        }
        let parent_aromatic = walk.aromatic;
        place = place.after(kind, id, walk)?;
        n += length;
        match kind {
            Kind::Aliphatic | Kind::Aromatic => {
                sink.atom(bracket.unwrap_or_else(|| Atom::bare(Symbol::of_token(id))));
                if walk.parent != NONE {
                    let implied = Order::implied(walk.aromatic && parent_aromatic);
                    let order = symbol.take().unwrap_or(implied);
                    let (begin, end) = (walk.parent, walk.current);
                    sink.bond(Bond { begin, end, order: order as u8 });
                }
            }
            Kind::Bond | Kind::SingleBond | Kind::AromaticBond => {
                symbol = Some(Order::ALL[usize::from(id - BOND_BASE)]);
            }
            Kind::RingBond => symbol = Some(Order::ALL[usize::from(id - RING_BOND_BASE)]),
            Kind::RingClose => {
                let label = closed_label(id);
                let implied = Order::implied(walk.joins_aromatic(label));
                // The symbol stands at the closing atom, the later one: it is read from end to begin.
                let order = symbol.take().unwrap_or(implied).reversed();
                let (begin, end) = (walk.opener(label), walk.current);
                sink.bond(Bond { begin, end, order: order as u8 });
            }
            _ => {}
        }
    }
}
