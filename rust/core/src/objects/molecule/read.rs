//! Reading a molecule's sentence.

use super::atom::ATOM_FIRST;
use super::kind::{
    AROMATIC_BOND, BOND, BOND_BASE, Kind, RING_AROMATIC, RING_BOND, RING_BOND_BASE, RING_CLOSE,
    RING_CLOSE_BASE, RING_OPEN, RING_SINGLE, open_token,
};
use super::symbol::{ALIPHATIC, AROMATIC, BARE, SYMBOL, Symbol};
use super::walk::{LOWEST_FREE, NONE, OPENED, UNJOINED, WITHIN_BRANCH, WITHIN_COMPONENT, Walk};
use super::{Atom, BRANCH_CLOSE, BRANCH_OPEN, Bond, CLOSE, DOT, Molecule, OPEN, Order};
use crate::error::GrammarError;
use crate::wire::{Reader, Result};

const BOND_ONLY: &str = r#"joins_only("-", aromatic)"#;
const RING_ONLY: &str = r#"joins_only("ring-", aromatic)"#;
const BOND_NOT: &str = r#"joins_not(":", aromatic)"#;
const RING_NOT: &str = r#"joins_not("ring:", aromatic)"#;

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
    read_with(from, &mut Walk::new(), molecule)
}

/// What has been read last, and so what may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// An atom and its closings: anything may follow.
    Closings,
    /// An atom and its openings: no closing may follow.
    Openings,
    /// A branch: the chain must go on.
    Branch,
}

/// ```ebnf
/// component = chain ;
/// chain     = atom ( branch* link )? ;
/// branch    = "(" link ")" ;
/// ```
fn read_with(from: &mut Reader, walk: &mut Walk, sink: &mut impl Sink) -> Result<()> {
    walk.reset();
    let mut after = read_atom(from, walk, sink, None)?;
    loop {
        let may_end = |walk: &Walk| after != After::Branch && walk.is_settled();
        let next = from.peek();
        after = match next.map_or(Kind::Other, Kind::of) {
            Kind::Atom => read_atom(from, walk, sink, None)?,
            Kind::Bond if next != Some(BOND_BASE) || walk.aromatic => read_link(from, walk, sink)?,
            Kind::BranchOpen => {
                from.skip();
                walk.begin_branch();
                read_link(from, walk, sink)?
            }
            Kind::BranchClose if may_end(walk) && walk.in_branch() => {
                from.skip();
                walk.end_branch();
                After::Branch
            }
            Kind::Dot if may_end(walk) && !walk.in_branch() => {
                from.skip();
                walk.begin_component();
                read_atom(from, walk, sink, None)?
            }
            Kind::Close if may_end(walk) && !walk.in_branch() => return Ok(()),
            _ => return Err(refuse_after(from, walk, after)),
        };
    }
}

/// ```ebnf
/// link      = bond? chain ;
/// ```
#[inline]
fn read_link(from: &mut Reader, walk: &mut Walk, sink: &mut impl Sink) -> Result<After> {
    let bond = match from.peek() {
        Some(id) if may_follow(id, walk) => BOND.has(id).then_some(id),
        found => {
            expect_link(from, walk);
            return Err(from.refuse((found == Some(BOND_BASE)).then_some(BOND_ONLY)));
        }
    };
    if bond.is_some() {
        from.skip();
    }
    read_atom(from, walk, sink, bond)
}

/// Whether a token may begin a link.
#[inline]
fn may_follow(id: u16, walk: &Walk) -> bool {
    ATOM_FIRST.has(id) || (BOND.has(id) && (id != BOND_BASE || walk.aromatic))
}

/// ```ebnf
/// atom      = ( bare | bracket ) closing* opening* ;
/// ```
fn read_atom(
    from: &mut Reader,
    walk: &mut Walk,
    sink: &mut impl Sink,
    bond: Option<u16>,
) -> Result<After> {
    let atom = match (bond, from.peek()) {
        (None, Some(id)) if BARE.has(id) => {
            from.skip();
            Atom::bare(Symbol::of_token(id))
        }
        (Some(BOND_BASE), _) => Atom::read(from, AROMATIC, Some(BOND_ONLY))?,
        (Some(AROMATIC_BOND), _) if walk.aromatic => Atom::read(from, ALIPHATIC, Some(BOND_NOT))?,
        _ => Atom::read(from, SYMBOL, None)?,
    };
    let parent_aromatic = walk.aromatic;
    let aromatic = atom.symbol.is_aromatic();
    walk.atom(aromatic);
    sink.atom(atom);
    if walk.parent != NONE {
        let order = match bond {
            Some(id) => Order::ALL[usize::from(id - BOND_BASE)],
            None => Order::implied(aromatic && parent_aromatic),
        };
        sink.bond(Bond { begin: walk.parent, end: walk.current, order });
    }
    read_rings(from, walk, sink)
}

/// The closings and openings of the present atom.
#[inline]
fn read_rings(from: &mut Reader, walk: &mut Walk, sink: &mut impl Sink) -> Result<After> {
    let mut after = After::Closings;
    while let Some(id) = from.peek() {
        match Kind::of(id) {
            Kind::RingOpen => {
                match walk.lowest_free() {
                    Some(label) if open_token(label) == id => walk.open(label),
                    _ => break,
                }
                from.skip();
                after = After::Openings;
            }
            Kind::Closing if after == After::Closings && refusal_of_closing(id, walk).is_ok() => {
                read_closing(from, walk, sink)?;
            }
            _ => break,
        }
    }
    Ok(after)
}

/// ```ebnf
/// closing   = ring_bond? ring_close ;
/// opening   = ring_open ;
/// ```
fn read_closing(from: &mut Reader, walk: &mut Walk, sink: &mut impl Sink) -> Result<()> {
    let symbol = from.peek().filter(|&id| RING_BOND.has(id));
    if symbol.is_some() {
        from.skip();
    }
    let label = match from.peek() {
        Some(id) if RING_CLOSE.has(id) => (id - RING_CLOSE_BASE + 1) as u8,
        _ => {
            expect_closings(from, walk, symbol);
            return Err(from.refuse(None));
        }
    };
    let both_aromatic = walk.joins_aromatic(label);
    if let Some(condition) = walk.refusal(label).or(refusal_of_join(symbol, both_aromatic)) {
        expect_closings(from, walk, symbol);
        return Err(from.refuse(Some(condition)));
    }
    from.skip();
    let order = match symbol {
        Some(id) => Order::ALL[usize::from(id - RING_BOND_BASE)],
        None => Order::implied(both_aromatic),
    };
    let begin = walk.close(label);
    // The symbol stands at the closing atom, the later one: it is read from end to begin.
    sink.bond(Bond { begin, end: walk.current, order: order.reversed() });
    Ok(())
}

/// Whether a token may begin a closing, or the condition that it breaks, if it is not just
/// another token.
#[inline]
fn refusal_of_closing(id: u16, walk: &Walk) -> std::result::Result<(), Option<&'static str>> {
    if RING_CLOSE.has(id) {
        return walk.refusal((id - RING_CLOSE_BASE + 1) as u8).map_or(Ok(()), |c| Err(Some(c)));
    }
    if !RING_BOND.has(id) {
        return Err(None);
    }
    let mut refusal = if walk.has_open() { UNJOINED } else { OPENED };
    for label in walk.closable() {
        match refusal_of_join(Some(id), walk.joins_aromatic(label)) {
            None => return Ok(()),
            Some(condition) => refusal = condition,
        }
    }
    Err(Some(refusal))
}

fn refusal_of_join(symbol: Option<u16>, both_aromatic: bool) -> Option<&'static str> {
    match symbol {
        Some(RING_SINGLE) if !both_aromatic => Some(RING_ONLY),
        Some(RING_AROMATIC) if both_aromatic => Some(RING_NOT),
        _ => None,
    }
}

/// The error of a token that may not stand where an atom, its rings or a branch has ended.
#[cold]
#[allow(clippy::unnecessary_box_returns)] // what `Result` holds
fn refuse_after(from: &mut Reader, walk: &Walk, after: After) -> Box<GrammarError> {
    from.expect(&[(BRANCH_OPEN, BRANCH_OPEN)]);
    expect_link(from, walk);
    if after == After::Closings {
        for symbol in RING_BOND.0[0].0..=RING_BOND.0[0].1 {
            if refusal_of_closing(symbol, walk).is_ok() {
                from.expect(&[(symbol, symbol)]);
            }
        }
        expect_closings(from, walk, None);
    }
    if after != After::Branch {
        if let Some(id) = walk.lowest_free().map(open_token) {
            from.expect(&[(id, id)]);
        }
        match (walk.is_settled(), walk.in_branch()) {
            (true, true) => from.expect(&[(BRANCH_CLOSE, BRANCH_CLOSE)]),
            (true, false) => from.expect(&[(DOT, DOT), (CLOSE, CLOSE)]),
            (false, _) => {}
        }
    }
    let condition = match from.peek() {
        Some(BOND_BASE) => Some(BOND_ONLY),
        Some(id) if after == After::Closings && (RING_CLOSE.has(id) || RING_BOND.has(id)) => {
            refusal_of_closing(id, walk).err().flatten()
        }
        Some(id) if after != After::Branch && RING_OPEN.has(id) => Some(LOWEST_FREE),
        Some(BRANCH_CLOSE) if after != After::Branch && walk.in_branch() => Some(WITHIN_BRANCH),
        Some(DOT | CLOSE) if after != After::Branch && !walk.in_branch() => Some(WITHIN_COMPONENT),
        _ => None,
    };
    from.refuse(condition)
}

/// Expect the closings that a ring bond, or none, allows here.
fn expect_closings(from: &mut Reader, walk: &Walk, symbol: Option<u16>) {
    for label in walk.closable() {
        if refusal_of_join(symbol, walk.joins_aromatic(label)).is_none() {
            let id = RING_CLOSE_BASE + u16::from(label) - 1;
            from.expect(&[(id, id)]);
        }
    }
}

/// Expect what may begin a link.
fn expect_link(from: &mut Reader, walk: &Walk) {
    from.expect(&[(BOND_BASE + u16::from(!walk.aromatic), BOND.0[0].1)]);
    from.expect(ATOM_FIRST.0);
}
