//! Directions: the stereo of double bonds, said by directions of the single bonds beside them.
//!
//! At each atom of a double bond one neighbour is said to be above or below: the one whose bond has
//! a direction already, else the one that the sentence comes to first. Where directions would
//! contradict each other, or say stereo of a double bond that has none, the other neighbour is
//! taken. The first direction of a chain of them is `/`, and one that others imply is left out: so
//! does `RDKit` write them.

use super::parity::Parities;
use crate::objects::molecule::{Molecule, Order};

/// The stereo of a double bond, in the order of the sentence.
pub(super) struct Sides {
    /// The row of the bond in the graph.
    row: usize,
    /// Its atoms, the earlier one first.
    atoms: [u32; 2],
    /// A neighbour of each.
    references: [u32; 2],
    /// Whether the neighbours are on the same side.
    cis: bool,
}

impl Sides {
    pub fn new(row: usize, mut atoms: [u32; 2], mut references: [u32; 2], cis: bool) -> Self {
        if atoms[0] > atoms[1] {
            atoms.reverse();
            references.reverse();
        }
        Sides { row, atoms, references, cis }
    }
}

/// Give bonds directions that say the stereo of these double bonds. Returns the double bonds without
/// stereo that now stand between directions; fails with the row of a bond whose stereo cannot be said.
pub(super) fn direct(molecule: &mut Molecule, mut stereo: Vec<Sides>) -> Result<Vec<usize>, usize> {
    stereo.sort_by_key(|each| (each.atoms[1], each.atoms[0]));
    let mut drawing = Drawing::new(molecule, &stereo);
    for each in &stereo {
        drawing.draw(each)?;
    }
    drawing.leave_out_implied();
    let between = (0..molecule.bonds.len()).filter(|&bond| drawing.is_between(bond)).collect();
    let Drawing { drawn, directed, parities, .. } = drawing;
    let is_tree = tree_bonds(molecule);
    // Of each class of directions that imply each other whether the root is up.
    let mut root_is_up = vec![None; directed.len()];
    for bond in drawn {
        let (root, opposite) = parities.root(bond);
        // A ring bond is written at its closing, so from its end.
        let root_is_up = *root_is_up[root].get_or_insert(opposite ^ is_tree[bond]);
        if directed[bond] {
            let up = opposite ^ root_is_up;
            molecule.bonds.order[bond] = (if up { Order::Up } else { Order::Down }) as u8;
        }
    }
    Ok(between)
}

struct Drawing<'a> {
    molecule: &'a Molecule,
    /// Of each atom its bonds, in the order in which the sentence comes to them: to the parent,
    /// rings that close, children, rings that open.
    bonds: Vec<Vec<usize>>,
    /// Of each bond whether it is a double bond with stereo.
    has_stereo: Vec<bool>,
    /// The bonds that were given a direction, in order.
    drawn: Vec<usize>,
    /// Of each bond whether it has a direction.
    directed: Vec<bool>,
    /// Of each bond whether its end is above its begin.
    parities: Parities,
}

impl<'a> Drawing<'a> {
    fn new(molecule: &'a Molecule, stereo: &[Sides]) -> Self {
        let n = molecule.bonds.len();
        let mut bonds = vec![Vec::new(); molecule.atoms.len()];
        let is_tree = tree_bonds(molecule);
        for bond in 0..n {
            bonds[molecule.bonds.end[bond] as usize].push(bond);
        }
        for tree in [true, false] {
            for bond in (0..n).filter(|&bond| is_tree[bond] == tree) {
                bonds[molecule.bonds.begin[bond] as usize].push(bond);
            }
        }
        let mut drawing = Drawing {
            molecule,
            bonds,
            has_stereo: vec![false; n],
            drawn: Vec::new(),
            directed: vec![false; n],
            parities: Parities::new(n),
        };
        for Sides { atoms: [from, to], .. } in stereo {
            let bond = drawing.bonds[*from as usize]
                .iter()
                .find(|&&bond| drawing.other(bond, *from) == *to);
            if let Some(&bond) = bond {
                drawing.has_stereo[bond] = true;
            }
        }
        drawing
    }

    /// Say the stereo of one double bond.
    fn draw(&mut self, stereo: &Sides) -> Result<(), usize> {
        let [first, second] = stereo.atoms.map(|atom| self.candidates(atom));
        let mut fallback = None;
        for &a in &first {
            for &b in &second {
                let Some(parities) = self.related(stereo, a, b) else { continue };
                let mut directed = self.directed.clone();
                directed[a] = true;
                directed[b] = true;
                let before = std::mem::replace(&mut self.directed, directed);
                if ![a, b].iter().any(|&bond| self.says_too_much(bond)) {
                    self.parities = parities;
                    self.drawn.extend([a, b]);
                    return Ok(());
                }
                let directed = std::mem::replace(&mut self.directed, before);
                fallback.get_or_insert((directed, parities, [a, b]));
            }
        }
        let (directed, parities, drawn) = fallback.ok_or(stereo.row)?;
        self.directed = directed;
        self.parities = parities;
        self.drawn.extend(drawn);
        Ok(())
    }

    /// Leave out the directions beside which, at each double bond with stereo, another one is.
    fn leave_out_implied(&mut self) {
        for bond in 0..self.directed.len() {
            let implied = |atom: u32| {
                let bonds = &self.bonds[atom as usize];
                !bonds.iter().any(|&each| self.has_stereo[each])
                    || bonds.iter().any(|&each| each != bond && self.directed[each])
            };
            if self.directed[bond] && self.atoms(bond).into_iter().all(implied) {
                self.directed[bond] = false;
            }
        }
    }

    /// The bonds that can say on which side of a double bond a neighbour of this atom is, the best
    /// first.
    fn candidates(&self, atom: u32) -> Vec<usize> {
        let bonds = self.bonds[atom as usize].iter().copied();
        let mut found: Vec<usize> = bonds.filter(|&bond| self.may_be_directed(bond)).collect();
        found.sort_by_key(|&bond| !self.directed[bond]);
        found
    }

    /// A direction says that a bond is single, or aromatic between two aromatic atoms.
    fn may_be_directed(&self, bond: usize) -> bool {
        let aromatic = |atom: u32| self.molecule.atoms.aromatic[atom as usize];
        let [begin, end] = self.atoms(bond);
        let implied = Order::implied(aromatic(begin) && aromatic(end));
        self.molecule.bonds.order[bond] == implied as u8
    }

    /// What is known when these two bonds have directions; none when they contradict others.
    fn related(&self, stereo: &Sides, a: usize, b: usize) -> Option<Parities> {
        let mut parities = self.parities.clone();
        let mut turned = !stereo.cis;
        for (i, bond) in [a, b].into_iter().enumerate() {
            let atom = stereo.atoms[i];
            turned ^= self.other(bond, atom) != stereo.references[i];
            turned ^= self.begins_away(bond, atom);
        }
        if !parities.relate(a, b, turned) {
            return None;
        }
        // Two neighbours of one atom of a double bond are on different sides.
        for bond in [a, b] {
            for atom in self.atoms(bond) {
                let bonds = &self.bonds[atom as usize];
                if !bonds.iter().any(|&each| self.has_stereo[each]) {
                    continue;
                }
                for &beside in bonds {
                    if beside != bond && (self.directed[beside] || beside == a || beside == b) {
                        let ways = self.begins_away(bond, atom) ^ self.begins_away(beside, atom);
                        if !parities.relate(bond, beside, !ways) {
                            return None;
                        }
                    }
                }
            }
        }
        Some(parities)
    }

    /// Whether a direction of this bond says stereo of a double bond that has none.
    fn says_too_much(&self, bond: usize) -> bool {
        let beside = |atom: u32| self.bonds[atom as usize].iter().copied();
        self.atoms(bond).into_iter().flat_map(beside).any(|each| self.is_between(each))
    }

    /// Whether this is a double bond without stereo, with a direction at each of its atoms.
    fn is_between(&self, bond: usize) -> bool {
        let directed =
            |atom: u32| self.bonds[atom as usize].iter().any(|&each| self.directed[each]);
        self.molecule.bonds.order[bond] == Order::Double as u8
            && !self.has_stereo[bond]
            && self.atoms(bond).into_iter().all(directed)
    }

    fn atoms(&self, bond: usize) -> [u32; 2] {
        [self.molecule.bonds.begin[bond], self.molecule.bonds.end[bond]]
    }

    fn other(&self, bond: usize, atom: u32) -> u32 {
        let [begin, end] = self.atoms(bond);
        if begin == atom { end } else { begin }
    }

    /// Whether the neighbour at this bond is its begin, which is above where the end is below.
    fn begins_away(&self, bond: usize, atom: u32) -> bool {
        self.molecule.bonds.begin[bond] != atom
    }
}

/// Of each bond whether it leads to a parent; the others close rings.
fn tree_bonds(molecule: &Molecule) -> Vec<bool> {
    let end = &molecule.bonds.end;
    (0..end.len()).map(|bond| bond == 0 || end[bond - 1] != end[bond]).collect()
}
