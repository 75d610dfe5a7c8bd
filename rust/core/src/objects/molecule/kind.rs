//! Kind: what a token of a molecule is to the rules.

use super::atom::BRACKET_OPEN;
use super::symbol::{ALIPHATIC, BARE};
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
pub(crate) const RING_CLOSE: First = First(&[any_of(block("ring_close"))]);

/// What a token is to the rules: one look-up instead of many ranges.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A bare symbol, or a whole atom in brackets.
    Aliphatic,
    Aromatic,
    Bond,
    /// What begins an atom in brackets.
    Bracket,
    SingleBond,
    AromaticBond,
    RingBond,
    RingClose,
    RingOpen,
    BranchOpen,
    BranchClose,
    Dot,
    Close,
    Other,
}

impl Kind {
    #[inline]
    pub const fn of(id: u16) -> Kind {
        if (id as usize) < KINDS.len() { KINDS[id as usize] } else { Kind::Other }
    }

    /// Whether this is an atom or a bond on which no condition is.
    #[inline]
    pub const fn is_plain(self) -> bool {
        matches!(self, Kind::Aliphatic | Kind::Aromatic | Kind::Bond)
    }

    /// Whether this is the bond to an atom that follows.
    #[inline]
    pub const fn is_bond(self) -> bool {
        matches!(self, Kind::Bond | Kind::SingleBond | Kind::AromaticBond)
    }

    /// Whether this is an atom, whole.
    #[inline]
    pub const fn is_atom(self) -> bool {
        matches!(self, Kind::Aliphatic | Kind::Aromatic)
    }

    /// The kind of an atom.
    #[inline]
    pub const fn atom(aromatic: bool) -> Kind {
        if aromatic { Kind::Aromatic } else { Kind::Aliphatic }
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
            BRACKET_OPEN => Kind::Bracket,
            BOND_BASE => Kind::SingleBond,
            AROMATIC_BOND => Kind::AromaticBond,
            _ if BARE.has(id) => Kind::atom(!ALIPHATIC.has(id)),
            _ if BOND.has(id) => Kind::Bond,
            _ if RING_BOND.has(id) => Kind::RingBond,
            _ if RING_CLOSE.has(id) => Kind::RingClose,
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

/// The token that closes a label.
pub(crate) const fn close_token(label: u8) -> u16 {
    RING_CLOSE.0[0].0 + label as u16 - 1
}

/// The label of a token that closes one.
pub(crate) const fn closed_label(id: u16) -> u8 {
    (id - RING_CLOSE.0[0].0 + 1) as u8
}
