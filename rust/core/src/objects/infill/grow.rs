//! Growing: what fills the holes of a molecule joined to it, and a molecule cut into a template and
//! what grows on it.

use super::{HoledMolecule, MoleculeFill};
use crate::objects::molecule::graph::GraphError;
use crate::objects::molecule::parts::Parts;
use crate::objects::molecule::{Atom, Molecule, Order, Symbol};

/// The template with its holes filled: the atoms of a fill follow the atom that they grow on.
///
/// # Errors
/// For an atom whose stereo cannot name its neighbours, with its row in the template.
///
/// # Panics
/// When there are not as many fills as holes, or a hole is at no atom.
pub fn whole(template: &HoledMolecule, fills: &[MoleculeFill]) -> Result<Molecule, GraphError> {
    let HoledMolecule { molecule, holes } = template;
    let mut parts = Parts::of(molecule);
    let mut rows = Vec::new();
    let mut grown = holes.iter().zip(fills).peekable();
    for atom in 0..molecule.atoms.len() as u32 {
        rows.push(atom);
        let mut place = parts.place_of_children(atom);
        while let Some((_, MoleculeFill(fill))) = grown.next_if(|(at, _)| **at == atom) {
            if fill.atoms.len() == 1 {
                parts.join_hydrogen(atom, place);
                continue;
            }
            let wildcard = parts.add(fill);
            parts.join(atom, place, wildcard);
            rows.extend(wildcard + 1..parts.len());
            place += 1;
        }
    }
    parts.molecule(&rows).map(|(whole, _)| whole).map_err(unnamed)
}

/// Where a molecule is cut: an atom of the template, and the neighbour that goes with all that is
/// behind it, or a hydrogen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The atom that stays.
    pub at: u32,
    /// The neighbour that goes; a hydrogen without one.
    pub away: Option<u32>,
}

/// The template that is left, and what was cut off, in the order of the holes.
///
/// # Errors
/// For a cut where there is no such bond or hydrogen, or in a ring, or behind another cut.
pub fn cut(
    molecule: &Molecule,
    cuts: &[Cut],
) -> Result<(HoledMolecule, Vec<MoleculeFill>), GraphError> {
    let n = molecule.atoms.len() as u32;
    let mut parts = Parts::of(molecule);
    let mut ends = Vec::with_capacity(cuts.len());
    for (row, &cut) in cuts.iter().enumerate() {
        let wrong = |expected: &str| GraphError { table: "cut", row, expected: expected.into() };
        if cut.at >= n || cut.away.is_some_and(|away| away >= n) {
            return Err(wrong(&format!("rows of the {n} atoms")));
        }
        ends.push(match cut.away {
            None => {
                let atom = parts.atom(cut.at);
                let is_bare = atom.hydrogens < 0 && atom.implies_hydrogens();
                if !is_bare && atom.hydrogens < 1 {
                    return Err(wrong("an atom that has a hydrogen"));
                }
                (parts.cut_hydrogen(cut.at), None)
            }
            Some(away) => {
                let order = parts.is_bonded(cut.at, away);
                match order.ok_or_else(|| wrong("a bond of the molecule, cut once"))? {
                    Order::Aromatic => return Err(wrong("a bond that is not aromatic")),
                    _ => parts.cut(cut.at, away).map(|[hole, root]| (hole, Some(root))),
                }
                .ok_or_else(|| wrong("a bond of the molecule"))?
            }
        });
    }
    let piece = pieces(&parts);
    let mut root_of = vec![None; piece.len()];
    for (row, root) in ends.iter().enumerate().filter_map(|(row, end)| Some((row, end.1?))) {
        let known = root_of[piece[root as usize]].replace(root);
        if known.is_some() {
            let expected = "a piece of its own to go: another cut takes this one as well";
            return Err(GraphError { table: "cut", row, expected: expected.into() });
        }
    }
    let stays = |row: &u32| root_of[piece[*row as usize]].is_none();
    if let Some(row) = cuts.iter().position(|cut| !stays(&cut.at)) {
        let expected = "a bond that is in no ring, at an atom that no other cut takes away";
        return Err(GraphError { table: "cut", row, expected: expected.into() });
    }
    let holes: Vec<u32> = ends.iter().map(|&(hole, _)| hole).collect();
    let (template, order) = left(&parts, n, &holes, &piece, stays)?;
    let mut made = HoledMolecule { molecule: template, holes: Vec::new() };
    let mut fills = Vec::new();
    let place = |atom: u32| order.iter().filter(|&&row| row < n).position(|&row| row == atom);
    for hole in order.iter().filter_map(|row| holes.iter().position(|hole| hole == row)) {
        made.holes.push(place(cuts[hole].at).unwrap_or_default() as u32);
        fills.push(MoleculeFill(match ends[hole].1 {
            None => {
                let mut hydrogen = Molecule::default();
                hydrogen.atoms.push(Atom::bare(Symbol::WILDCARD));
                hydrogen
            }
            Some(root) => {
                let own = |row: &u32| piece[*row as usize] == piece[root as usize];
                let rows: Vec<u32> = [root].into_iter().chain((0..n).filter(own)).collect();
                parts.molecule(&rows).map_err(unnamed)?.0
            }
        }));
    }
    Ok((made, fills))
}

/// The template, and of each of its atoms the row, with those of its holes, which follow their atoms.
fn left(
    parts: &Parts,
    n: u32,
    holes: &[u32],
    piece: &[usize],
    stays: impl Fn(&u32) -> bool,
) -> Result<(Molecule, Vec<u32>), GraphError> {
    // First the atom with which each component begins; then holes, so that they come before other
    // children.
    let mut begun = vec![false; piece.len()];
    let mut begins = |row: &u32| !std::mem::replace(&mut begun[piece[*row as usize]], true);
    let (first, others): (Vec<u32>, Vec<u32>) = (0..n).filter(stays).partition(|row| begins(row));
    let rows = [&first, holes, &others].concat();
    let (molecule, order) = parts.molecule(&rows).map_err(unnamed)?;
    let is_hole: Vec<bool> = order.iter().map(|&row| row >= n).collect();
    Ok((molecule.without_leaves(&is_hole), order))
}

/// Of each atom the number of its piece.
fn pieces(parts: &Parts) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut piece = vec![NONE; parts.len() as usize];
    let mut waiting = Vec::new();
    for first in 0..piece.len() {
        if piece[first] == NONE {
            waiting.push(first as u32);
        }
        while let Some(row) = waiting.pop() {
            if piece[row as usize] == NONE {
                piece[row as usize] = first;
                waiting.extend(parts.neighbours(row));
            }
        }
    }
    piece
}

fn unnamed(atom: u32) -> GraphError {
    let expected = "as many neighbours as its stereo names".to_owned();
    GraphError { table: "atom", row: atom as usize, expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::molecule::smiles::from_smiles;

    fn molecule(smiles: &str) -> Molecule {
        from_smiles(smiles.as_bytes()).unwrap().molecule
    }

    fn grown(template: &str, holes: &[u32], fills: &[&str]) -> Molecule {
        let template = HoledMolecule { molecule: molecule(template), holes: holes.to_vec() };
        let fills: Vec<_> = fills.iter().map(|fill| MoleculeFill(molecule(fill))).collect();
        whole(&template, &fills).unwrap()
    }

    #[test]
    fn fills_join_the_atoms_of_their_holes() {
        for (template, holes, fills, wanted) in [
            ("CO", &[0, 1][..], &["*=N", "*C"][..], "C(=N)OC"),
            ("c1ccccc1", &[0, 2], &["*c1ccccc1", "*"], "c1(-c2ccccc2)ccccc1"),
            ("C1CC1C", &[2, 2], &["*F", "*Cl"], "C1CC1(F)(Cl)C"),
            ("c1cccn1", &[4], &["*"], "c1ccc[nH]1"),
            ("c1cccn1", &[4], &["*C"], "c1cccn1C"),
            ("[NH2+]C", &[0], &["*"], "[NH3+]C"),
            ("[C@](F)(Cl)Br", &[0], &["*I"], "[C@](I)(F)(Cl)Br"),
            ("[C@](F)(Cl)Br", &[0], &["*"], "[C@H](F)(Cl)Br"),
            ("N[C@]1CC1", &[1], &["*"], "N[C@@H]1CC1"),
            ("FC=C", &[2], &["*/C"], "FC=C/C"),
        ] {
            assert_eq!(grown(template, holes, fills), molecule(wanted), "{template} {fills:?}");
        }
    }

    #[test]
    fn what_is_cut_is_whole_again() {
        for (text, at, template, fills) in [
            ("C(=N)OC", &[(0, 1), (2, 3)][..], "CO", &["*=N", "*C"][..]),
            ("CCO", &[(1, 0)], "CO", &["*C"]),
            ("c1(-c2ccccc2)ccccc1", &[(0, 1)], "c1ccccc1", &["*c1ccccc1"]),
            ("[C@](I)(F)(Cl)Br", &[(0, 1), (0, 2)], "[C@](Cl)Br", &["*I", "*F"]),
            ("[C@](I)(F)(Cl)Br", &[(0, 3)], "[C@](I)(F)Br", &["*Cl"]),
            ("O.CC", &[(1, 2)], "O.C", &["*C"]),
        ] {
            let cuts: Vec<Cut> =
                at.iter().map(|&(at, away)| Cut { at, away: Some(away) }).collect();
            let (made, grown) = cut(&molecule(text), &cuts).unwrap();
            assert_eq!(made.molecule, molecule(template), "{text}");
            let wanted: Vec<_> = fills.iter().map(|fill| MoleculeFill(molecule(fill))).collect();
            assert_eq!(grown, wanted, "{text}");
        }
        // The neighbour that went is named before those that stay.
        let (made, fills) =
            cut(&molecule("N[C@](F)(Cl)Br"), &[Cut { at: 1, away: Some(3) }]).unwrap();
        assert_eq!(whole(&made, &fills).unwrap(), molecule("N[C@@](Cl)(F)Br"));
    }

    #[test]
    fn a_hydrogen_is_a_place_to_grow() {
        for text in ["CO", "c1ccc[nH]1", "N[C@H](F)Cl", "N[C@@H]1CC1", "[C@H](F)(Cl)Br", "C[NH3+]"]
        {
            let whole_molecule = molecule(text);
            for at in 0..whole_molecule.atoms.len() as u32 {
                let Ok((template, fills)) = cut(&whole_molecule, &[Cut { at, away: None }]) else {
                    continue;
                };
                assert_eq!(whole(&template, &fills).unwrap(), whole_molecule, "{text} at {at}");
            }
        }
    }

    #[test]
    fn what_cannot_be_cut_is_named() {
        for (text, cuts, expected) in [
            ("C1CC1", &[(0, Some(1))][..], "no ring"),
            ("CCC", &[(0, Some(1)), (1, Some(2))], "no other cut takes away"),
            ("CCC", &[(0, Some(1)), (2, Some(1))], "a piece of its own"),
            ("CCC", &[(0, Some(2))], "a bond of the molecule"),
            ("CC", &[(0, Some(1)), (0, Some(1))], "cut once"),
            ("CC", &[(0, Some(2))], "the 2 atoms"),
            ("[Na+]", &[(0, None)], "a hydrogen"),
            ("c1ccccn1", &[(5, None)], "a hydrogen"),
            ("cc", &[(0, Some(1))], "not aromatic"),
        ] {
            let cuts: Vec<Cut> = cuts.iter().map(|&(at, away)| Cut { at, away }).collect();
            let error = cut(&molecule(text), &cuts).unwrap_err();
            assert!(error.expected.contains(expected), "{text}: {error:?}");
        }
    }
}
