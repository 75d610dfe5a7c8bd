//! Arrange: a draft in depth-first order, so that every ring bond leads to an ancestor.
//!
//! From each atom the walk goes on to the neighbour that comes first in the text; where the text
//! is in such an order already, it stays so.

use super::Arranged;
use super::draft::{Draft, DraftAtom, HYDROGEN};
use super::stereo::renamed;
use crate::error::TextError;
use crate::objects::molecule::walk::NONE;
use crate::objects::molecule::{Bond, Molecule, Order};

/// The molecule of a draft, and where its atoms stood in the text.
pub(super) fn arrange(draft: &Draft) -> Result<Arranged, TextError> {
    let tree = Tree::new(draft);
    let mut molecule = Molecule::default();
    for &old in &tree.order {
        molecule.atoms.push(draft.atoms[old as usize].atom);
        molecule.bonds.extend(tree.bonds_to_earlier(draft, old).map(|id| tree.bond(draft, id)));
    }
    for (new, &old) in tree.order.iter().enumerate() {
        let stereo = molecule.atoms[new].stereo;
        if stereo > 0 {
            let (before, now) = tree.neighbours_of_stereo(draft, old);
            let order: Vec<usize> =
                now.iter().filter_map(|x| before.iter().position(|y| x == y)).collect();
            molecule.atoms[new].stereo = renamed(stereo, &order).ok_or_else(|| {
                let reason = "this stereo has not the neighbours of its class, so the atom cannot be written in our order";
                TextError::new(draft.atoms[old as usize].at, reason)
            })?;
        }
    }
    Ok(Arranged { molecule, atom_order: tree.order })
}

/// A depth-first walk through a draft.
struct Tree {
    /// The atoms of the draft in the order of the walk.
    order: Vec<u32>,
    /// Of each atom of the draft its place in that order.
    place: Vec<u32>,
    /// Of each atom of the draft its parent.
    parent: Vec<u32>,
}

impl Tree {
    fn new(draft: &Draft) -> Self {
        let n = draft.atoms.len();
        let mut tree =
            Tree { order: Vec::with_capacity(n), place: vec![NONE; n], parent: vec![NONE; n] };
        let mut sorted: Vec<Vec<u32>> = (0..n as u32).map(|i| draft.neighbours(i)).collect();
        for neighbours in &mut sorted {
            // The last is taken first.
            neighbours.sort_unstable_by(|a, b| b.cmp(a));
        }
        for root in 0..n as u32 {
            if tree.place[root as usize] != NONE {
                continue;
            }
            let mut path = vec![root];
            tree.visit(root, NONE);
            while let Some(&top) = path.last() {
                match sorted[top as usize].pop() {
                    None => {
                        path.pop();
                    }
                    Some(next) if tree.place[next as usize] == NONE => {
                        tree.visit(next, top);
                        path.push(next);
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

    /// The bonds of an atom to earlier ones: to its parent, then the rings that it closes, in the
    /// order of the text.
    fn bonds_to_earlier<'a>(
        &'a self,
        draft: &'a Draft,
        atom: u32,
    ) -> impl Iterator<Item = u32> + 'a {
        let (place, parent) = (self.place[atom as usize], self.parent[atom as usize]);
        let other = move |&id: &u32| draft.bonds[id as usize].other(atom);
        let bonds = move || draft.bonds_of(atom);
        let to_parent = bonds().filter(move |id| other(id) == parent);
        let closings =
            bonds().filter(move |id| other(id) != parent && self.place[other(id) as usize] < place);
        to_parent.chain(closings)
    }

    /// A bond of the draft, from its earlier to its later atom.
    fn bond(&self, draft: &Draft, id: u32) -> Bond {
        let bond = draft.bonds[id as usize];
        let (from, to) = (self.place[bond.from as usize], self.place[bond.to as usize]);
        if from < to {
            Bond { begin: from, end: to, order: bond.order }
        } else {
            Bond { begin: to, end: from, order: bond.order.reversed() }
        }
    }

    /// What the stereo of an atom refers to, in the order of the text and in that of the sentence.
    fn neighbours_of_stereo(&self, draft: &Draft, atom: u32) -> (Vec<u32>, Vec<u32>) {
        let bonds: Vec<u32> = draft.bonds_of(atom).collect();
        let cumulated = |id: &u32| draft.bonds[*id as usize].order == Order::Double;
        if bonds.len() == 2 && bonds.iter().all(cumulated) {
            return self.neighbours_of_allene(draft, atom, &bonds);
        }
        let mut before = draft.atoms[atom as usize].neighbours.clone();
        let mut now = self.named(draft, atom);
        if before.len() == 3 && !before.contains(&HYDROGEN) {
            // A lone pair stands where a hydrogen would stand.
            add_hydrogen(&mut before, draft.atoms[atom as usize].has_parent);
            add_hydrogen(&mut now, self.parent[atom as usize] != NONE);
        }
        (before, now)
    }

    /// The neighbours at both ends of cumulated double bonds.
    fn neighbours_of_allene(
        &self,
        draft: &Draft,
        atom: u32,
        bonds: &[u32],
    ) -> (Vec<u32>, Vec<u32>) {
        let ends: Vec<(u32, u32)> =
            bonds.iter().map(|&bond| draft.end_of_cumulene(atom, bond)).collect();
        let mut by_place = ends.clone();
        by_place.sort_by_key(|&(end, _)| self.place[end as usize]);
        let mut by_text = ends;
        by_text.sort_by_key(|&(end, _)| end);
        let mut before = Vec::new();
        for (end, bond) in by_text {
            let mut named = draft.atoms[end as usize].neighbours.clone();
            complete_end(&mut named, draft.atoms[end as usize].has_parent, bond, end);
            before.extend(named);
        }
        let mut now = Vec::new();
        for (end, bond) in by_place {
            let mut named = self.named(draft, end);
            complete_end(&mut named, self.parent[end as usize] != NONE, bond, end);
            now.extend(named);
        }
        (before, now)
    }

    /// The bonds of an atom, and its hydrogen, in the order of the sentence: parent, hydrogen,
    /// rings that close, rings that open in the order in which they close, children.
    fn named(&self, draft: &Draft, atom: u32) -> Vec<u32> {
        let place = self.place[atom as usize];
        let mut named: Vec<u32> = self.bonds_to_earlier(draft, atom).collect();
        if draft.atoms[atom as usize].neighbours.contains(&HYDROGEN) {
            named.insert(usize::from(self.parent[atom as usize] != NONE), HYDROGEN);
        }
        let later = |id: &u32| {
            let other = draft.bonds[*id as usize].other(atom);
            let is_child = self.parent[other as usize] == atom;
            (self.place[other as usize] > place).then_some((
                is_child,
                self.place[other as usize],
                *id,
            ))
        };
        let mut rest: Vec<_> = draft.bonds_of(atom).filter_map(|id| later(&id)).collect();
        rest.sort_unstable();
        named.extend(rest.into_iter().map(|(_, _, id)| id));
        named
    }
}

fn add_hydrogen(named: &mut Vec<u32>, has_parent: bool) {
    named.insert(usize::from(has_parent && !named.is_empty()), HYDROGEN);
}

/// Leave away the double bond, and give an end with one neighbour its hydrogen.
fn complete_end(named: &mut Vec<u32>, has_parent: bool, double_bond: u32, end: u32) {
    if !named.contains(&HYDROGEN) && named.len() == 2 {
        add_hydrogen(named, has_parent);
    }
    named.retain(|&id| id != double_bond);
    for id in named {
        if *id == HYDROGEN {
            // The hydrogens of the two ends are two.
            *id = HYDROGEN - 1 - end;
        }
    }
}

impl Draft {
    fn bonds_of(&self, atom: u32) -> impl Iterator<Item = u32> {
        let DraftAtom { neighbours, .. } = &self.atoms[atom as usize];
        neighbours.iter().copied().filter(|&id| id != HYDROGEN)
    }

    fn neighbours(&self, atom: u32) -> Vec<u32> {
        self.bonds_of(atom).map(|id| self.bonds[id as usize].other(atom)).collect()
    }

    /// The last atom of cumulated double bonds, and the double bond that leads there.
    fn end_of_cumulene(&self, start: u32, first: u32) -> (u32, u32) {
        let (mut atom, mut bond) = (self.bonds[first as usize].other(start), first);
        while atom != start {
            let bonds: Vec<u32> = self.bonds_of(atom).collect();
            let next = bonds.iter().copied().find(|&id| id != bond);
            match next {
                Some(id) if bonds.len() == 2 && self.bonds[id as usize].order == Order::Double => {
                    bond = id;
                    atom = self.bonds[id as usize].other(atom);
                }
                _ => break,
            }
        }
        (atom, bond)
    }
}
