//! Parts: a molecule as a draft that can be cut and joined, its neighbours named as in its sentence.

use super::smiles::arrange::{Closings, arrange};
use super::smiles::draft::{Draft, DraftAtom, DraftBond};
use super::{Atom, Atoms, Bonds, IMPLIED, Molecule, Order, Symbol};

/// Atoms and bonds that are cut and joined, each atom with its neighbours in the order of the
/// sentence, to which its stereo refers.
pub(in crate::objects) struct Parts(Draft);

impl Parts {
    /// The atoms of a molecule that can be written, in their order.
    pub fn of(molecule: &Molecule) -> Self {
        let mut parts = Parts(Draft::default());
        parts.add(molecule);
        parts
    }

    /// Add the atoms of another, behind those that there are; gives the row of its first.
    pub fn add(&mut self, Molecule { atoms, bonds }: &Molecule) -> u32 {
        let first = self.len();
        for atom in atoms.iter() {
            self.add_atom(atom);
        }
        // To the parent, then rings in the order in which they close, then children.
        let leads_to_parent = |row: usize| row == 0 || bonds.end[row] != bonds.end[row - 1];
        let mut children = Vec::new();
        for (row, bond) in bonds.iter().enumerate() {
            let (from, to) = (bond.begin + first, bond.end + first);
            let order = Order::of(bond.order).unwrap_or(Order::Single);
            let id = self.0.bonds.len() as u32;
            self.0.bonds.push(DraftBond { from, to, order });
            let Draft { atoms, .. } = &mut self.0;
            atoms[to as usize].bonds.push(id);
            if leads_to_parent(row) {
                atoms[to as usize].before_unnamed = 1;
                children.push((from, id));
            } else {
                atoms[to as usize].labels += 1;
                atoms[from as usize].labels += 1;
                atoms[from as usize].bonds.push(id);
            }
        }
        for (parent, id) in children {
            self.0.atoms[parent as usize].bonds.push(id);
        }
        first
    }

    /// Add an atom without neighbours; gives its row.
    pub fn add_atom(&mut self, atom: Atom) -> u32 {
        let at = self.0.atoms.len();
        let none = DraftAtom { atom, bonds: Vec::new(), before_unnamed: 0, labels: 0, at };
        self.0.atoms.push(none);
        at as u32
    }

    /// How many atoms there are.
    pub fn len(&self) -> u32 {
        self.0.atoms.len() as u32
    }

    /// An atom.
    pub fn atom(&self, row: u32) -> &Atom {
        &self.0.atom(row).atom
    }

    /// The neighbours of an atom.
    pub fn neighbours(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        self.0.atom(row).bonds.iter().map(move |&id| self.0.bond(id).other(row))
    }

    /// What bonds two atoms, whichever comes first.
    pub fn is_bonded(&self, from: u32, to: u32) -> Option<Order> {
        Some(self.0.bond(self.find(from, to)?).order)
    }

    /// Cut a bond: wildcards take the places of its atoms. The first is bonded to `at` by a single
    /// bond, the second has what was bonded to it.
    pub fn cut(&mut self, at: u32, other: u32) -> Option<[u32; 2]> {
        let id = self.find(at, other)?;
        let place = self.0.atom(at).bonds.iter().position(|&each| each == id)?;
        self.0.atoms[at as usize].bonds.remove(place);
        let hole = self.insert_wildcard(at, place);
        let root = self.add_atom(Atom::bare(Symbol::WILDCARD));
        self.0.atoms[root as usize].bonds.push(id);
        self.0.bonds[id as usize].move_from(at, root);
        Some([hole, root])
    }

    /// Let a wildcard take the place of a hydrogen.
    pub fn cut_hydrogen(&mut self, at: u32) -> u32 {
        let DraftAtom { atom, bonds, before_unnamed, .. } = &mut self.0.atoms[at as usize];
        let is_stated = atom.hydrogens != IMPLIED;
        atom.hydrogens -= i8::from(is_stated);
        let place = if is_stated { *before_unnamed as usize } else { bonds.len() };
        self.insert_wildcard(at, place)
    }

    fn insert_wildcard(&mut self, at: u32, place: usize) -> u32 {
        let to = self.add_atom(Atom::bare(Symbol::WILDCARD));
        let id = self.0.bonds.len() as u32;
        self.0.bonds.push(DraftBond { from: at, to, order: Order::Single });
        self.0.atoms[to as usize].bonds.push(id);
        self.0.atoms[at as usize].bonds.insert(place, id);
        to
    }

    /// Where an atom names the first of its children.
    pub fn place_of_children(&self, at: u32) -> usize {
        let DraftAtom { before_unnamed, labels, .. } = *self.0.atom(at);
        (before_unnamed + labels) as usize
    }

    /// Bond what a wildcard is bonded to, which is one atom, to another atom, which names it there.
    pub fn join(&mut self, at: u32, place: usize, wildcard: u32) {
        let Some(&id) = self.0.atom(wildcard).bonds.first() else { return };
        self.0.bonds[id as usize].move_from(wildcard, at);
        self.0.atoms[at as usize].bonds.insert(place, id);
    }

    /// Add a hydrogen to an atom, which names it there. It is stated where the atom states its
    /// hydrogens, and where none is implied.
    pub fn join_hydrogen(&mut self, at: u32, place: usize) {
        let DraftAtom { atom, before_unnamed, .. } = &mut self.0.atoms[at as usize];
        let had = atom.hydrogens.max(0);
        if had == 0 {
            *before_unnamed = place as u32;
        }
        if atom.hydrogens != IMPLIED || !atom.implies_hydrogens() {
            atom.hydrogens = had + 1;
        }
    }

    fn find(&self, from: u32, to: u32) -> Option<u32> {
        let mut bonds = self.0.atom(from).bonds.iter().copied();
        bonds.find(|&id| self.0.bond(id).other(from) == to)
    }

    /// Some of the atoms, each with all its neighbours among them, as a molecule: from each atom
    /// the order goes on to the neighbour that is first in the list. Also the rows of its atoms.
    /// An atom whose stereo cannot name its neighbours in this order is the error.
    pub fn molecule(&self, rows: &[u32]) -> Result<(Molecule, Vec<u32>), u32> {
        let mut place = vec![u32::MAX; self.0.atoms.len()];
        for (new, &old) in rows.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let mut draft = Draft::default();
        let mut bond_of = vec![None; self.0.bonds.len()];
        for &row in rows {
            let &DraftAtom { atom, ref bonds, before_unnamed, labels, at } = self.0.atom(row);
            let named = |&id: &u32| {
                *bond_of[id as usize].get_or_insert_with(|| {
                    let DraftBond { from, to, order } = self.0.bond(id);
                    let [from, to] = [from, to].map(|atom| place[atom as usize]);
                    draft.bonds.push(DraftBond { from, to, order });
                    draft.bonds.len() as u32 - 1
                })
            };
            let bonds = bonds.iter().map(named).collect();
            draft.atoms.push(DraftAtom { atom, bonds, before_unnamed, labels, at });
        }
        let old = |atom: u32| rows[atom as usize];
        let arranged = arrange(&draft, Closings::AsWritten).map_err(old)?;
        Ok((arranged.molecule, arranged.atom_order.into_iter().map(old).collect()))
    }
}

impl Molecule {
    /// The molecule without some leaves, none of which is the first of its component.
    pub(in crate::objects) fn without_leaves(&self, is_leaf: &[bool]) -> Molecule {
        let mut place = Vec::with_capacity(is_leaf.len());
        let mut left = Molecule { atoms: Atoms::default(), bonds: Bonds::default() };
        for (atom, &is_leaf) in self.atoms.iter().zip(is_leaf) {
            place.push(left.atoms.len() as u32);
            if !is_leaf {
                left.atoms.push(atom);
            }
        }
        for mut bond in self.bonds.iter().filter(|bond| !is_leaf[bond.end as usize]) {
            bond.begin = place[bond.begin as usize];
            bond.end = place[bond.end as usize];
            left.bonds.push(bond);
        }
        left
    }
}
