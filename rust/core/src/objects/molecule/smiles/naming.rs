//! Naming: in which order the neighbours of an atom are named, to which its stereo refers.
//!
//! A neighbour that the text does not write (a hydrogen, or one that is missing) is named after the
//! parent, or first at an atom without a parent. A graph has no parents: there it is named last.
//!
//! `@` and `@@` are those of @TH, at an atom between two double bonds those of @AL, of five
//! neighbours those of @TB, of six those of @OH.
//!
//! The lone pair of a tetrahedral atom with three neighbours and no hydrogen is read as `RDKit`
//! does: it is not named at all, but an atom with single bonds only and exactly one ring label
//! means its mirror image. (Open Babel and Indigo name it where a hydrogen would be named.) That
//! matters only where atoms are put in another order.

use super::arrange::Tree;
use super::cumulene::End;
use super::draft::{Draft, DraftAtom};
use super::stereo::renamed;
use crate::objects::molecule::Order;

/// The neighbours of an atom in the order in which they are named.
pub(super) struct Naming {
    pub bonds: Vec<u32>,
    /// How many of them are named before a neighbour that is no atom of the draft.
    pub before_unnamed: usize,
    /// How many of them are ring labels.
    pub labels: usize,
}

impl Naming {
    fn of_draft(atom: &DraftAtom) -> Self {
        let DraftAtom { bonds, before_unnamed, labels, .. } = atom;
        Naming {
            bonds: bonds.clone(),
            before_unnamed: *before_unnamed as usize,
            labels: *labels as usize,
        }
    }

    /// The names of the neighbours, `unnamed` of which are no atoms of the draft.
    fn names(mut self, end: usize, unnamed: usize) -> Vec<Name> {
        let rest = self.bonds.split_off(self.before_unnamed);
        let unnamed = (0..unnamed as u32).map(|i| u32::MAX - i);
        let names = self.bonds.into_iter().chain(unnamed).chain(rest);
        names.map(|name| (end, name)).collect()
    }
}

/// A bond of the draft, or a number that is none; and at which end of a cumulene, if at any.
type Name = (usize, u32);

/// More have no class.
const MOST_NEIGHBOURS: usize = 6;

impl Tree<'_> {
    /// The stereo code of an atom, its neighbours named in the order of the sentence; none when
    /// it has not the neighbours of its class.
    pub fn stereo(&self, atom: u32) -> Option<u8> {
        let drafted = self.draft.atom(atom);
        let code = drafted.atom.stereo;
        let hydrogens = usize::try_from(drafted.atom.hydrogens).unwrap_or(0);
        let between = code <= 4 && hydrogens == 0;
        if let Some(ends) = between.then(|| self.ends_of_cumulene(atom)).flatten() {
            let (before, now) = self.names_at_ends(ends);
            return renamed(code, &order(&before, &now)?);
        }
        let (before, now) = (Naming::of_draft(drafted), self.naming(atom));
        let n = before.bonds.len();
        let unmoved = before.bonds == now.bonds && before.before_unnamed == now.before_unnamed;
        if unmoved && before.labels == now.labels {
            return Some(code);
        }
        let class = match (code, n + hydrogens) {
            (1..=2, 5) => Class { code: code + 7, neighbours: 5 },
            (1..=2, 6) => Class { code: code + 27, neighbours: 6 },
            (1..=7, _) => Class { code, neighbours: 4 },
            (8..=27, _) => Class { code, neighbours: 5 },
            _ => Class { code, neighbours: 6 },
        };
        let mirrored = |naming: &Naming| {
            let lone_pair = class.code <= 2 && n == 3 && hydrogens != 1;
            lone_pair && naming.labels == 1 && is_saturated(self.draft, drafted)
        };
        let mirrored = mirrored(&before) != mirrored(&now);
        let unnamed = match class.code {
            1..=4 => usize::from(n == 3 && hydrogens == 1),
            _ => class.neighbours.checked_sub(n)?,
        };
        let code = renamed(class.code, &order(&before.names(0, unnamed), &now.names(0, unnamed))?)?;
        Some(if mirrored { ((code - 1) ^ 1) + 1 } else { code })
    }

    /// The names at both ends of cumulated double bonds, in the text and in the sentence.
    fn names_at_ends(&self, ends: [End; 2]) -> (Vec<Name>, Vec<Name>) {
        let mut names = (Vec::new(), Vec::new());
        for (i, End { atom, bond }) in ends.into_iter().enumerate() {
            let drafted = self.draft.atom(atom);
            let unnamed = 3_usize.saturating_sub(drafted.bonds.len());
            let at_end = |naming: Naming| {
                naming.names(i, unnamed).into_iter().filter(move |name| *name != (i, bond))
            };
            names.0.extend(at_end(Naming::of_draft(drafted)));
            names.1.extend(at_end(self.naming(atom)));
        }
        names
    }
}

struct Class {
    code: u8,
    neighbours: usize,
}

/// Whether it has single bonds only; `RDKit` holds `/` between aromatic atoms for aromatic.
fn is_saturated(draft: &Draft, atom: &DraftAtom) -> bool {
    let aromatic = |atom: u32| draft.atom(atom).atom.aromatic;
    atom.bonds.iter().map(|&bond| draft.bond(bond)).all(|bond| match bond.order {
        Order::Single | Order::Any | Order::Dative | Order::DativeBack => true,
        Order::Up | Order::Down => !(aromatic(bond.from) && aromatic(bond.to)),
        Order::Double | Order::Triple | Order::Quadruple | Order::Aromatic => false,
    })
}

/// Where each neighbour, as they are named now, was named before; none when there are too many.
fn order(before: &[Name], now: &[Name]) -> Option<Vec<usize>> {
    if before == now {
        return Some((0..now.len()).collect());
    }
    if now.len() > MOST_NEIGHBOURS {
        return None;
    }
    Some(now.iter().filter_map(|name| before.iter().position(|other| other == name)).collect())
}
