//! Links: bonds that a file names by the residues and names of their atoms, as rows of atoms.

use std::cmp::Reverse;
use std::ops::Range;

use super::element::is_metal;
use super::error::FormatError;
use super::rows::Number;
use crate::objects::structure::{LinkKind, Structure};

/// One end of a bond, as a file names it.
pub(super) struct LinkEnd<'a> {
    pub chain: &'a [u8],
    /// The label of the strand, where the format has one.
    pub label: Option<&'a [u8]>,
    pub component: &'a [u8],
    pub number: Option<Number>,
    pub insertion: &'a [u8],
    pub name: &'a [u8],
    /// Empty for the first atom of that name, whatever its alternative location.
    pub altloc: &'a [u8],
}

/// A bond, as a file names it.
pub(super) struct NamedLink<'a> {
    pub ends: [LinkEnd<'a>; 2],
    /// What it is; `None` for what its elements make of it.
    pub kind: Option<LinkKind>,
    /// Whether one end is a symmetry mate.
    pub is_to_a_mate: bool,
    /// Its byte in the text.
    pub position: usize,
}

/// Find the atoms of bonds, in every model; what is not found in any is returned.
pub(super) fn resolve(
    structure: &mut Structure,
    links: &[NamedLink],
    text: &[u8],
) -> Vec<FormatError> {
    if links.is_empty() {
        return Vec::new();
    }
    let atoms = Directory::new(structure);
    let mut found: Vec<(u32, Reverse<u32>, usize, LinkKind)> = Vec::new();
    let mut left_out = Vec::new();
    for (order, link) in links.iter().enumerate() {
        if link.is_to_a_mate {
            left_out.push(FormatError::at(text, link.position, "a bond to a symmetry mate"));
            continue;
        }
        let mut is_found = false;
        for model in 0..structure.models.len() as u32 {
            let [Some(one), Some(other)] = link.ends.each_ref().map(|end| atoms.find(model, end))
            else {
                continue;
            };
            is_found = true;
            let residue = |atom: u32| structure.atoms.residue[atom as usize];
            if residue(one) != residue(other) {
                let kind = link.kind.unwrap_or_else(|| atoms.kind_of(one, other));
                found.push((one.max(other), Reverse(one.min(other)), order, kind));
            }
        }
        if !is_found {
            let reason = "a bond whose atoms are not in one model";
            left_out.push(FormatError::at(text, link.position, reason));
        }
    }
    found.sort_unstable_by_key(|(end, begin, order, _)| (*end, *begin, *order));
    found.dedup_by_key(|(end, begin, ..)| (*end, *begin));
    for (end, Reverse(begin), _, kind) in found {
        structure.links.begin.push(begin);
        structure.links.end.push(end);
        structure.links.kind.push(kind as u8);
    }
    left_out
}

/// Model, code of the chain, number and code of the insertion of a residue, and its row.
type Key = (u32, u32, i32, u32);

/// The residues of a structure by what names them.
struct Directory<'a> {
    structure: &'a Structure,
    residues: Vec<(Key, u32)>,
    /// The first atom of each residue, and how many atoms there are.
    first_atoms: Vec<u32>,
}

impl<'a> Directory<'a> {
    fn new(structure: &'a Structure) -> Self {
        let Structure { strands, residues, .. } = structure;
        let key = |row: usize| {
            let strand = residues.strand[row] as usize;
            let chain = strands.chain.codes()[strand];
            let insertion = residues.insertion.codes()[row];
            (strands.model[strand], chain, residues.number[row], insertion)
        };
        let mut sorted: Vec<(Key, u32)> =
            (0..residues.len()).map(|row| (key(row), row as u32)).collect();
        sorted.sort_unstable();
        Directory { structure, residues: sorted, first_atoms: first_atoms(structure) }
    }

    fn find(&self, model: u32, end: &LinkEnd) -> Option<u32> {
        let Structure { strands, residues, atoms, .. } = self.structure;
        let code = |words: &crate::columns::Words, word: &[u8]| {
            words.distinct().position(|each| each == word).map(|code| code as u32)
        };
        let chain = code(&strands.chain, end.chain)?;
        let insertion = code(&residues.insertion, end.insertion)?;
        let number = end.number?;
        let key = (model, chain, number.value, insertion);
        let from = self.residues.partition_point(|(other, _)| *other < key);
        let same = self.residues[from..].iter().take_while(|(other, _)| *other == key);
        same.map(|(_, row)| *row as usize)
            .filter(|row| residues.component.get(*row) == end.component)
            .filter(|row| {
                let label = strands.label.as_ref().zip(end.label);
                let strand = residues.strand[*row] as usize;
                label.is_none_or(|(labels, label)| labels.get(strand) == label)
            })
            .find_map(|row| {
                self.atoms_of(row).find(|atom| {
                    let altloc = atoms.altloc.get(*atom);
                    atoms.name.get(*atom) == end.name
                        && (end.altloc.is_empty() || altloc == end.altloc)
                })
            })
            .map(|atom| atom as u32)
    }

    fn atoms_of(&self, residue: usize) -> Range<usize> {
        self.first_atoms[residue] as usize..self.first_atoms[residue + 1] as usize
    }

    fn kind_of(&self, one: u32, other: u32) -> LinkKind {
        let elements = &self.structure.atoms.element;
        if [one, other].iter().any(|atom| is_metal(elements.get(*atom as usize))) {
            LinkKind::Metal
        } else {
            LinkKind::Covalent
        }
    }
}

/// The first atom of each residue, and how many atoms there are.
pub(super) fn first_atoms(structure: &Structure) -> Vec<u32> {
    let of = &structure.atoms.residue;
    let mut firsts = Vec::with_capacity(structure.residues.len() + 1);
    let mut atom = 0;
    for residue in 0..structure.residues.len() as u32 {
        firsts.push(atom as u32);
        while of.get(atom) == Some(&residue) {
            atom += 1;
        }
    }
    firsts.push(atom as u32);
    firsts
}
