//! Kind: what a token of a molecule is to the one who reads it.

use super::atom::ATOM_FIRST;
use super::{BRANCH_CLOSE, BRANCH_OPEN, CLOSE, DOT};
use crate::vocabulary::{block, token};
use crate::wire::{First, any_of};

pub(crate) const BOND_BASE: u16 = block("bond").base;
pub(crate) const BOND: First = First(&[any_of(block("bond"))]);
pub(crate) const AROMATIC_BOND: u16 = token(":");
pub(crate) const RING_BOND_BASE: u16 = block("ring_bond").base;
pub(crate) const RING_BOND: First = First(&[any_of(block("ring_bond"))]);
pub(crate) const RING_SINGLE: u16 = token("ring-");
pub(crate) const RING_AROMATIC: u16 = token("ring:");
pub(crate) const RING_OPEN: First = First(&[any_of(block("ring_open"))]);
pub(crate) const RING_CLOSE_BASE: u16 = block("ring_close").base;
pub(crate) const RING_CLOSE: First = First(&[any_of(block("ring_close"))]);

/// What a token is to the walk: one look-up instead of many ranges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Other,
    /// What begins an atom.
    Atom,
    Bond,
    /// What begins a closing: a ring bond or a label that closes.
    Closing,
    RingOpen,
    BranchOpen,
    BranchClose,
    Dot,
    Close,
}

impl Kind {
    pub fn of(id: u16) -> Kind {
        KINDS.get(usize::from(id)).copied().unwrap_or(Kind::Other)
    }
}

/// The kinds of all ids up to the last ring label, beyond which there are only numbers.
static KINDS: [Kind; RING_CLOSE.0[0].1 as usize + 1] = {
    let mut kinds = [Kind::Other; RING_CLOSE.0[0].1 as usize + 1];
    let mut id = 0;
    while (id as usize) < kinds.len() {
        kinds[id as usize] = match id {
            BRANCH_OPEN => Kind::BranchOpen,
            BRANCH_CLOSE => Kind::BranchClose,
            DOT => Kind::Dot,
            CLOSE => Kind::Close,
            _ if ATOM_FIRST.has(id) => Kind::Atom,
            _ if BOND.has(id) => Kind::Bond,
            _ if RING_BOND.has(id) || RING_CLOSE.has(id) => Kind::Closing,
            _ if RING_OPEN.has(id) => Kind::RingOpen,
            _ => Kind::Other,
        };
        id += 1;
    }
    kinds
};

/// The token that opens a label.
pub(crate) const fn open_token(label: u8) -> u16 {
    RING_OPEN.0[0].0 + label as u16 - 1
}
