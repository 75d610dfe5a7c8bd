//! Graph: atoms and bonds in any order, put in the order of a sentence.
//!
//! From each atom the walk goes on to the neighbour with the lowest row, and components begin with
//! their atom of the lowest row: an order that is depth-first already stays as it is. An atom that
//! closes several rings closes them in the order of the atoms at which they open. Stereo is given
//! without reference to a text: a code of an atom names its neighbours in the order of the rows of
//! its bonds, a hydrogen or a missing neighbour last; a double bond says which neighbours of its two
//! atoms are on one side.

mod directions;
mod parity;

use self::directions::{Sides, direct};
use super::smiles::Arranged;
use super::smiles::arrange::{Closings, arrange};
use super::smiles::draft::{Draft, DraftAtom, DraftBond};
use super::{Bonds, Molecule, Order};

/// The highest code of tetrahedral stereo.
const TETRAHEDRAL: u8 = 2;

/// A graph to arrange.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Its atoms and bonds, whatever their order.
    pub molecule: Molecule,
    /// The stereo of its double bonds.
    pub double_bonds: Vec<DoubleBond>,
}

/// The stereo of a double bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoubleBond {
    /// Its row.
    pub bond: u32,
    /// A neighbour of its begin.
    pub at_begin: u32,
    /// A neighbour of its end.
    pub at_end: u32,
    /// Whether these two are on the same side.
    pub cis: bool,
}

/// Why a graph is not a molecule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    /// `atom` or `bond`.
    pub table: &'static str,
    /// Its row.
    pub row: usize,
    /// What was expected there.
    pub expected: String,
}

impl GraphError {
    fn of(table: &'static str, row: impl TryInto<usize>, expected: impl Into<String>) -> Self {
        GraphError { table, row: row.try_into().unwrap_or(usize::MAX), expected: expected.into() }
    }
}

/// A graph in the order of a sentence.
#[derive(Clone, Debug)]
pub struct ArrangedGraph {
    /// The molecule, and of each of its atoms the row in the graph.
    pub arranged: Arranged,
    /// Rows of double bonds without stereo between directed bonds: a reader of the directions may
    /// see stereo there, where the atoms at both ends have different neighbours.
    pub between_directions: Vec<u32>,
}

/// Put a graph in depth-first order.
///
/// # Errors
/// For bonds that do not join two atoms of the graph once, stereo that does not fit the neighbours,
/// and stereo of double bonds that directions of single bonds cannot say together.
pub fn from_graph(graph: &Graph) -> Result<ArrangedGraph, GraphError> {
    let draft = draft_of(&graph.molecule)?;
    let mut arranged = arrange(&draft, Closings::ByOpening)
        .map_err(|atom| GraphError::of("atom", atom, "as many neighbours as its stereo names"))?;
    let mut between_directions = Vec::new();
    if !graph.double_bonds.is_empty() {
        let mut place = vec![0; draft.atoms.len()];
        for (new, &old) in arranged.atom_order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let stereo = graph.double_bonds.iter().map(|each| sides(each, &draft, &place));
        let stereo = stereo.collect::<Result<Vec<_>, _>>()?;
        let found = direct(&mut arranged.molecule, stereo).map_err(|row| {
            GraphError::of("bond", row, "stereo that directions of bonds can say")
        })?;
        // The caller knows the rows of the graph only.
        between_directions = rows_of(&found, &arranged, &draft);
    }
    Ok(ArrangedGraph { arranged, between_directions })
}

fn draft_of(molecule: &Molecule) -> Result<Draft, GraphError> {
    let Molecule { atoms, bonds } = molecule;
    let mut draft = Draft::default();
    draft.atoms.extend(atoms.iter().enumerate().map(|(at, atom)| DraftAtom {
        atom,
        bonds: Vec::new(),
        before_unnamed: 0,
        labels: 0,
        at,
    }));
    for (row, bond) in bonds.iter().enumerate() {
        let Some(order) = Order::of(bond.order) else {
            return Err(GraphError::of("bond", row, "an order from 0 to 9"));
        };
        if bond.begin == bond.end || bond.begin.max(bond.end) as usize >= atoms.len() {
            return Err(GraphError::of("bond", row, "two different atoms of the graph"));
        }
        let id = draft.bonds.len() as u32;
        draft.bonds.push(DraftBond { from: bond.begin, to: bond.end, order });
        for atom in [bond.begin, bond.end] {
            let atom = &mut draft.atoms[atom as usize];
            atom.bonds.push(id);
            atom.before_unnamed += 1;
        }
    }
    for (row, atom) in draft.atoms.iter().enumerate() {
        let mut others: Vec<_> =
            atom.bonds.iter().map(|&id| (draft.bond(id).other(row as u32), id)).collect();
        others.sort_unstable();
        if let Some(pair) = others.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(GraphError::of("bond", pair[1].1, "no second bond between two atoms"));
        }
        let hydrogens = usize::try_from(atom.atom.hydrogens).unwrap_or(0);
        if (1..=TETRAHEDRAL).contains(&atom.atom.stereo) && others.len() + hydrogens > 4 {
            return Err(GraphError::of(
                "atom",
                row,
                "at most 4 neighbours of a tetrahedral centre",
            ));
        }
    }
    Ok(draft)
}

/// The stereo of a double bond in the new order.
fn sides(stereo: &DoubleBond, draft: &Draft, place: &[u32]) -> Result<Sides, GraphError> {
    let row = stereo.bond as usize;
    let wrong = |expected: &str| GraphError::of("bond", row, expected);
    let bond = *draft.bonds.get(row).ok_or_else(|| wrong("a bond of the graph"))?;
    if bond.order != Order::Double {
        return Err(wrong("a double bond, to have stereo"));
    }
    let joins = |atom: u32, other: u32, not: u32| {
        let bonds = &draft.atom(atom).bonds;
        other != not && bonds.iter().any(|&id| draft.bond(id).other(atom) == other)
    };
    if !joins(bond.from, stereo.at_begin, bond.to) || !joins(bond.to, stereo.at_end, bond.from) {
        return Err(wrong("a neighbour of each of its atoms, to have stereo"));
    }
    let atoms = [bond.from, bond.to].map(|atom| place[atom as usize]);
    let references = [stereo.at_begin, stereo.at_end].map(|atom| place[atom as usize]);
    Ok(Sides::new(row, atoms, references, stereo.cis))
}

/// The rows in the graph of bonds of the arranged molecule.
fn rows_of(bonds: &[usize], arranged: &Arranged, draft: &Draft) -> Vec<u32> {
    let Bonds { begin, end, .. } = &arranged.molecule.bonds;
    let old = |atom: u32| arranged.atom_order[atom as usize];
    let row = |&bond: &usize| {
        let (from, to) = (old(begin[bond]), old(end[bond]));
        let found = draft.atom(from).bonds.iter().find(|&&id| draft.bond(id).other(from) == to);
        found.copied()
    };
    bonds.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::molecule::smiles::from_smiles;

    /// A molecule is its own graph, whatever the order in which its bonds are given.
    #[test]
    fn a_depth_first_order_stays_as_it_is() {
        for text in ["C1CC1", "CC(C)C.O", "C1CC2CC12", "c1ccc2ccccc2c1"] {
            let molecule = from_smiles(text.as_bytes()).unwrap().molecule;
            let mut turned = molecule.clone();
            turned.bonds.begin.reverse();
            turned.bonds.end.reverse();
            turned.bonds.order.reverse();
            std::mem::swap(&mut turned.bonds.begin, &mut turned.bonds.end);
            let graph = Graph { molecule: turned, double_bonds: Vec::new() };
            let found = from_graph(&graph).unwrap();
            assert_eq!(found.arranged.molecule, molecule, "{text}");
            assert!(found.arranged.atom_order.is_sorted());
        }
    }

    #[test]
    fn directions_say_cis_and_trans() {
        let molecule = from_smiles(b"FC=CF").unwrap().molecule;
        for (cis, orders) in [(false, [5, 1, 5]), (true, [5, 1, 6])] {
            let double_bonds = vec![DoubleBond { bond: 1, at_begin: 0, at_end: 3, cis }];
            let graph = Graph { molecule: molecule.clone(), double_bonds };
            assert_eq!(from_graph(&graph).unwrap().arranged.molecule.bonds.order, orders);
        }
    }
}
