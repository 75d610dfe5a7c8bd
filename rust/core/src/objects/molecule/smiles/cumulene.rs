//! Cumulene: the two ends of cumulated double bonds, to which the stereo of an atom between refers.

use super::draft::Draft;
use crate::objects::molecule::Order;

/// An end of cumulated double bonds: the atom, and the double bond that leads there.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub atom: u32,
    pub bond: u32,
}

/// Of each atom between two double bonds, with no other bond, the two ends.
pub(super) struct Cumulenes {
    /// By atom, the place of its ends, or none.
    place: Vec<Option<u32>>,
    ends: Vec<[End; 2]>,
}

impl Cumulenes {
    pub fn new(draft: &Draft) -> Self {
        let mut found = Cumulenes { place: vec![None; draft.atoms.len()], ends: Vec::new() };
        for atom in 0..draft.atoms.len() as u32 {
            if found.place[atom as usize].is_none() {
                if let Some(ways) = ways_between(draft, atom) {
                    let ends = ways.map(|bond| found.walk(draft, atom, bond));
                    found.ends.push(ends);
                }
            }
        }
        found
    }

    /// The ends of the cumulated double bonds on both sides of an atom; none where they say
    /// nothing of its stereo, with more than two neighbours at an end or in a ring of double bonds.
    pub fn ends(&self, draft: &Draft, atom: u32) -> Option<[End; 2]> {
        let ends = self.ends[self.place[atom as usize]? as usize];
        let plain = ends.iter().all(|end| draft.atom(end.atom).bonds.len() <= 3);
        (plain && ends[0].atom != ends[1].atom).then_some(ends)
    }

    /// Walk along double bonds, away from `start`, and note for every atom between where its ends
    /// will be.
    fn walk(&mut self, draft: &Draft, start: u32, first: u32) -> End {
        let place = Some(self.ends.len() as u32);
        self.place[start as usize] = place;
        let mut end = End { atom: draft.bond(first).other(start), bond: first };
        while end.atom != start {
            let Some(ways) = ways_between(draft, end.atom) else { break };
            self.place[end.atom as usize] = place;
            let bond = if ways[0] == end.bond { ways[1] } else { ways[0] };
            end = End { atom: draft.bond(bond).other(end.atom), bond };
        }
        end
    }
}

/// The bonds of an atom that has two, both double.
fn ways_between(draft: &Draft, atom: u32) -> Option<[u32; 2]> {
    let bonds = &draft.atom(atom).bonds;
    let double = bonds.iter().all(|&bond| draft.bond(bond).order == Order::Double);
    if double { <[u32; 2]>::try_from(bonds.as_slice()).ok() } else { None }
}
