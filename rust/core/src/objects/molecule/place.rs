//! Place: where in the rules of a molecule we are, and what one more token does there.
//!
//! Reading ids and reading normal SMILES both take this one step per token, so neither can accept
//! what the other refuses.

use super::kind::{Kind, RING_AROMATIC, RING_SINGLE, closed_label, open_token};
use super::walk::Walk;

/// What was read last, and so what may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Place {
    /// The beginning of a component: an atom follows.
    Component,
    /// The beginning of a branch: a link follows.
    Branch,
    /// A bond: an atom follows.
    Bond,
    /// A bond that only joins two aromatic atoms, at the first.
    BondOfAromatics,
    /// A bond that joins no two aromatic atoms, at one.
    BondOfOthers,
    /// An atom and its closings: anything may follow.
    Closings,
    /// The symbol of a closing: a label follows.
    RingBond,
    RingBondOfAromatics,
    RingBondOfOthers,
    /// An atom and its openings: no closing may follow.
    Openings,
    /// The end of a branch: the chain must go on.
    BranchEnd,
}

const BRACKET: u16 = 1 << Kind::Bracket as u16;
const ATOM: u16 = 1 << Kind::Aliphatic as u16 | 1 << Kind::Aromatic as u16 | BRACKET;
const LINK: u16 =
    ATOM | 1 << Kind::Bond as u16 | 1 << Kind::SingleBond as u16 | 1 << Kind::AromaticBond as u16;
const ONWARD: u16 = LINK | 1 << Kind::BranchOpen as u16;
const END: u16 = 1 << Kind::BranchClose as u16 | 1 << Kind::Dot as u16 | 1 << Kind::Close as u16;
const OPENING: u16 = 1 << Kind::RingOpen as u16;
const LABEL: u16 = 1 << Kind::RingClose as u16;
const CLOSING: u16 = LABEL | 1 << Kind::RingBond as u16;

/// By place, the kinds that may follow, conditions aside.
static FOLLOW: [u16; 11] = [
    ATOM,
    LINK,
    ATOM,
    1 << Kind::Aromatic as u16 | BRACKET,
    1 << Kind::Aliphatic as u16 | BRACKET,
    ONWARD | END | OPENING | CLOSING,
    LABEL,
    LABEL,
    LABEL,
    ONWARD | END | OPENING,
    ONWARD,
];

impl Place {
    /// The place after one more token (an atom in brackets counts as one), and the walk with it;
    /// `None` when the token may not stand here, and then the walk is as it was.
    #[allow(clippy::inline_always)] // it is the inner loop of both directions
    #[inline(always)]
    pub fn after(self, kind: Kind, id: u16, walk: &mut Walk) -> Option<Place> {
        if !self.takes(kind) {
            return None;
        }
        // Most tokens are these: without a branch between them, since none could predict it.
        if kind.is_plain() {
            let atom = kind.is_atom();
            walk.step(atom, kind == Kind::Aromatic);
            return Some(if atom { Place::Closings } else { Place::Bond });
        }
        match kind {
            Kind::SingleBond => walk.aromatic.then_some(Place::BondOfAromatics),
            Kind::AromaticBond if walk.aromatic => Some(Place::BondOfOthers),
            Kind::AromaticBond => Some(Place::Bond),
            Kind::RingBond => {
                let next = Place::after_ring_bond(id);
                walk.closable().any(|label| next.joins(label, walk)).then_some(next)
            }
            Kind::RingClose => {
                let label = closed_label(id);
                if !(walk.may_close(label) && self.joins(label, walk)) {
                    return None;
                }
                walk.close(label);
                Some(Place::Closings)
            }
            Kind::RingOpen => {
                let label = walk.lowest_free()?;
                if open_token(label) != id {
                    return None;
                }
                walk.open(label);
                Some(Place::Openings)
            }
            Kind::BranchOpen => {
                walk.begin_branch();
                Some(Place::Branch)
            }
            Kind::BranchClose if walk.is_settled() && walk.in_branch() => {
                walk.end_branch();
                Some(Place::BranchEnd)
            }
            Kind::Dot if walk.is_settled() && !walk.in_branch() => {
                walk.begin_component();
                Some(Place::Component)
            }
            _ => None,
        }
    }

    /// Whether a kind may follow, conditions aside.
    #[inline]
    pub fn takes(self, kind: Kind) -> bool {
        FOLLOW[self as usize] >> kind as u16 & 1 == 1
    }

    /// Whether the molecule may end here.
    #[inline]
    pub fn may_end(self, walk: &Walk) -> bool {
        self.takes(Kind::Close) && walk.is_settled() && !walk.in_branch()
    }

    /// The place after the symbol of a closing.
    pub fn after_ring_bond(id: u16) -> Place {
        match id {
            RING_SINGLE => Place::RingBondOfAromatics,
            RING_AROMATIC => Place::RingBondOfOthers,
            _ => Place::RingBond,
        }
    }

    /// Whether a label may close here as far as the symbol before it goes.
    fn joins(self, label: u8, walk: &Walk) -> bool {
        match self {
            Place::RingBondOfAromatics => walk.joins_aromatic(label),
            Place::RingBondOfOthers => !walk.joins_aromatic(label),
            _ => true,
        }
    }
}
