//! Arrange: a draft in depth-first order, so that every ring bond leads to an ancestor.
//!
//! From each atom the walk goes on to the neighbour that comes first in the draft; where the draft
//! is in such an order already, it stays so.

use std::cell::OnceCell;

use super::Arranged;
use super::cumulene::{Cumulenes, End};
use super::draft::Draft;
use super::naming::Naming;
use crate::error::TextError;
use crate::objects::molecule::walk::NONE;
use crate::objects::molecule::{Bond, Molecule};
use crate::sequence::character;

/// The molecule of a text, and where its atoms stood in it.
pub(super) fn arrange_text(draft: &Draft, text: &[u8]) -> Result<Arranged, TextError> {
    arrange(draft, Closings::AsWritten).map_err(|atom| {
        let reason = "this stereo has too many neighbours to name them in another order, which the rings demand";
        TextError::new(character(text, draft.atom(atom).at), reason)
    })
}

/// In which order an atom closes several rings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::objects::molecule) enum Closings {
    /// In the order of the draft.
    AsWritten,
    /// In the order of the atoms at which they open.
    ByOpening,
}

/// The molecule of a draft; or the atom that has too many neighbours for its stereo.
pub(in crate::objects::molecule) fn arrange(
    draft: &Draft,
    closings: Closings,
) -> Result<Arranged, u32> {
    let tree = Tree::new(draft, closings);
    let mut molecule = Molecule::default();
    molecule.atoms.reserve(draft.atoms.len());
    molecule.bonds.reserve(draft.bonds.len());
    for &old in &tree.order {
        let mut atom = draft.atom(old).atom;
        if atom.stereo > 0 {
            atom.stereo = tree.stereo(old).ok_or(old)?;
        }
        molecule.atoms.push(atom);
        for id in tree.bonds_to_earlier(old) {
            molecule.bonds.push(tree.bond(id));
        }
    }
    let atom_order = tree.order;
    Ok(Arranged { molecule, atom_order })
}

/// A depth-first walk through a draft.
pub(super) struct Tree<'a> {
    pub draft: &'a Draft,
    /// The atoms of the draft in the order of the walk.
    order: Vec<u32>,
    /// Of each atom of the draft its place in that order.
    place: Vec<u32>,
    /// Of each atom of the draft its parent.
    parent: Vec<u32>,
    closings: Closings,
    cumulenes: OnceCell<Cumulenes>,
}

impl<'a> Tree<'a> {
    fn new(draft: &'a Draft, closings: Closings) -> Self {
        let n = draft.atoms.len();
        let mut tree = Tree {
            draft,
            order: Vec::with_capacity(n),
            place: vec![NONE; n],
            parent: vec![NONE; n],
            closings,
            cumulenes: OnceCell::new(),
        };
        let sorted = |atom: u32| {
            let bonds = draft.atom(atom).bonds.iter();
            let mut others: Vec<u32> = bonds.map(|&id| draft.bond(id).other(atom)).collect();
            // The last is taken first.
            others.sort_unstable_by(|a, b| b.cmp(a));
            others
        };
        for root in 0..n as u32 {
            if tree.place[root as usize] != NONE {
                continue;
            }
            tree.visit(root, NONE);
            let mut path = vec![(root, sorted(root))];
            while let Some((top, others)) = path.last_mut() {
                match others.pop() {
                    None => {
                        path.pop();
                    }
                    Some(next) if tree.place[next as usize] == NONE => {
                        tree.visit(next, *top);
                        path.push((next, sorted(next)));
                    }
                    Some(_) => {}
                }
            }
        }
        tree
    }

    fn visit(&mut self, atom: u32, parent: u32) {
        self.place[atom as usize] = self.order.len() as u32;
        self.parent[atom as usize] = parent;
        self.order.push(atom);
    }

    /// The bonds of an atom to earlier ones: to its parent, then the rings that it closes.
    fn bonds_to_earlier(&self, atom: u32) -> Vec<u32> {
        let (place, parent) = (self.place[atom as usize], self.parent[atom as usize]);
        let other = |id: u32| self.draft.bond(id).other(atom);
        let earlier = |id: u32| self.place[other(id) as usize];
        let bonds = self.draft.atom(atom).bonds.iter().copied();
        let mut found: Vec<u32> = bonds.filter(|&id| earlier(id) < place).collect();
        match self.closings {
            Closings::AsWritten => found.sort_by_key(|&id| other(id) != parent),
            Closings::ByOpening => found.sort_by_key(|&id| (other(id) != parent, earlier(id))),
        }
        found
    }

    /// A bond of the draft, from its earlier to its later atom.
    fn bond(&self, id: u32) -> Bond {
        let bond = self.draft.bond(id);
        let (from, to) = (self.place[bond.from as usize], self.place[bond.to as usize]);
        if from < to {
            Bond { begin: from, end: to, order: bond.order as u8 }
        } else {
            Bond { begin: to, end: from, order: bond.order.reversed() as u8 }
        }
    }

    /// How the sentence names the neighbours of an atom: the parent, rings that close, rings that
    /// open in the order in which they close, children.
    pub fn naming(&self, atom: u32) -> Naming {
        let mut bonds = self.bonds_to_earlier(atom);
        let before_unnamed = usize::from(self.parent[atom as usize] != NONE);
        let closings = bonds.len() - before_unnamed;
        let place = self.place[atom as usize];
        let later = |&id: &u32| {
            let other = self.draft.bond(id).other(atom) as usize;
            let is_child = self.parent[other] == atom;
            (self.place[other] > place).then_some((is_child, self.place[other], id))
        };
        let mut rest: Vec<_> = self.draft.atom(atom).bonds.iter().filter_map(later).collect();
        rest.sort_unstable();
        let openings = rest.iter().filter(|(is_child, ..)| !is_child).count();
        bonds.extend(rest.into_iter().map(|(_, _, id)| id));
        Naming { bonds, before_unnamed, labels: closings + openings }
    }

    /// The ends of the cumulated double bonds around an atom.
    pub fn ends_of_cumulene(&self, atom: u32) -> Option<[End; 2]> {
        self.cumulenes.get_or_init(|| Cumulenes::new(self.draft)).ends(self.draft, atom)
    }
}
