//! Reading a molecule's sentence.

use super::atom::ATOM_FIRST;
use super::kind::{
    BOND, BOND_BASE, Kind, RING_BOND, RING_BOND_BASE, close_token, closed_label, open_token,
};
use super::place::Place;
use super::symbol::{ALIPHATIC, AROMATIC, SYMBOL, Symbol};
use super::walk::{LOWEST_FREE, NONE, WITHIN_BRANCH, WITHIN_COMPONENT, Walk};
use super::{Atom, BRANCH_CLOSE, BRANCH_OPEN, Bond, CLOSE, DOT, Molecule, OPEN, Order};
use crate::error::GrammarError;
use crate::wire::{Reader, Result};

const BOND_ONLY: &str = r#"joins_only("-", aromatic)"#;
/// Rows that are made room for at once.
const ROOM: usize = 64;

const BOND_NOT: &str = r#"joins_not(":", aromatic)"#;

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

/// Check one molecule's sentence from its opening token to its closing one.
pub(crate) fn validate(from: &mut Reader, walk: &mut Walk) -> Result<()> {
    from.token(OPEN)?;
    read_with(from, walk, &mut ())?;
    from.token(CLOSE)
}

/// Read the components of a molecule, up to its closing token.
pub(super) fn read_components(from: &mut Reader, molecule: &mut Molecule) -> Result<()> {
    // What follows may be more than this molecule.
    let rows = from.rest().len().min(ROOM);
    molecule.atoms.reserve(rows);
    molecule.bonds.reserve(rows);
    read_with(from, &mut Walk::new(), molecule)
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
fn read_with(from: &mut Reader, walk: &mut Walk, sink: &mut impl Sink) -> Result<()> {
    walk.reset();
    let mut place = Place::Component;
    let mut symbol = None;
    // Counted here: the reader's own count would be written to memory at every token.
    let start = from.position();
    let ids = from.rest();
    let mut n = 0;
    while let Some(&id) = ids.get(n) {
        let mut kind = Kind::of(id);
        let mut bracket = None;
        let mut length = 1;
        match kind {
            Kind::Close if place.may_end(walk) => {
                from.go_to(start + n);
                return Ok(());
            }
            Kind::Bracket if place.takes(kind) => {
                let (atom, tokens) = match Atom::usual_bracket(&ids[n..]) {
                    Some(usual) if place.takes(usual.0.kind()) => usual,
                    _ => {
                        from.go_to(start + n);
                        (read_atom(from, place)?, from.position() - start - n)
                    }
                };
                (kind, length, bracket) = (atom.kind(), tokens, Some(atom));
            }
            _ => {}
        }
        let parent_aromatic = walk.aromatic;
        let Some(next) = place.after(kind, id, walk) else { break };
        place = next;
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
    from.go_to(start + n);
    Err(refuse(from, place, walk))
}

/// Read an atom where one has to stand.
fn read_atom(from: &mut Reader, place: Place) -> Result<Atom> {
    match place {
        Place::BondOfAromatics => Atom::read(from, AROMATIC, Some(BOND_ONLY)),
        Place::BondOfOthers => Atom::read(from, ALIPHATIC, Some(BOND_NOT)),
        _ => Atom::read(from, SYMBOL, None),
    }
}

/// The error of a token that may not stand at this place.
#[cold]
#[allow(clippy::unnecessary_box_returns)] // what `Result` holds
fn refuse(from: &mut Reader, place: Place, walk: &Walk) -> Box<GrammarError> {
    let found = from.peek();
    let kind = found.map_or(Kind::Other, Kind::of);
    let condition = match place {
        Place::Component | Place::Bond | Place::BondOfAromatics | Place::BondOfOthers => {
            if let Err(error) = read_atom(from, place) {
                return error;
            }
            None
        }
        Place::Branch => {
            expect_link(from, walk);
            (kind == Kind::SingleBond).then_some(BOND_ONLY)
        }
        Place::RingBond | Place::RingBondOfAromatics | Place::RingBondOfOthers => {
            expect_labels(from, place, walk);
            let label = found.filter(|_| kind == Kind::RingClose).map(closed_label);
            label.and_then(|label| walk.refusal(label).or(place.refusal_of_join(label, walk)))
        }
        Place::Closings | Place::Openings | Place::BranchEnd => refuse_after(from, place, walk),
    };
    from.refuse(condition)
}

/// Expect what may follow an atom with its rings, or a branch; the condition that is broken.
fn refuse_after(from: &mut Reader, place: Place, walk: &Walk) -> Option<&'static str> {
    from.expect(&[(BRANCH_OPEN, BRANCH_OPEN)]);
    expect_link(from, walk);
    if place == Place::Closings {
        for symbol in RING_BOND.0[0].0..=RING_BOND.0[0].1 {
            if Place::after_ring_bond(symbol).refusal_of_label(walk).is_none() {
                from.expect(&[(symbol, symbol)]);
            }
        }
        expect_labels(from, place, walk);
    }
    if place != Place::BranchEnd {
        if let Some(id) = walk.lowest_free().map(open_token) {
            from.expect(&[(id, id)]);
        }
        match (walk.is_settled(), walk.in_branch()) {
            (true, true) => from.expect(&[(BRANCH_CLOSE, BRANCH_CLOSE)]),
            (true, false) => from.expect(&[(DOT, DOT), (CLOSE, CLOSE)]),
            (false, _) => {}
        }
    }
    let id = from.peek()?;
    let kind = Kind::of(id);
    match kind {
        Kind::SingleBond => Some(BOND_ONLY),
        Kind::RingClose if place.takes(kind) => walk.refusal(closed_label(id)),
        Kind::RingBond if place.takes(kind) => Place::after_ring_bond(id).refusal_of_label(walk),
        Kind::RingOpen if place.takes(kind) => Some(LOWEST_FREE),
        Kind::BranchClose if place.takes(kind) && walk.in_branch() => Some(WITHIN_BRANCH),
        Kind::Dot | Kind::Close if place.takes(kind) && !walk.in_branch() => Some(WITHIN_COMPONENT),
        _ => None,
    }
}

/// Expect the labels that may close at this place.
fn expect_labels(from: &mut Reader, place: Place, walk: &Walk) {
    for label in walk.closable() {
        if place.refusal_of_join(label, walk).is_none() {
            let id = close_token(label);
            from.expect(&[(id, id)]);
        }
    }
}

/// Expect what may begin a link.
fn expect_link(from: &mut Reader, walk: &Walk) {
    from.expect(&[(BOND_BASE + u16::from(!walk.aromatic), BOND.0[0].1)]);
    from.expect(ATOM_FIRST.0);
}
