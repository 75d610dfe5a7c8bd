//! Links: bonds that a file names by the residues and names of their atoms, as rows of atoms.
//!
//! Symmetry operators are said as mmCIF writes them, `2_655`; the identity is not said.

use std::cmp::Reverse;
use std::ops::Range;

use super::decimal::{self, Decimal};
use super::element::is_metal;
use super::error::{FormatError, Places};
use super::rows::{Number, stated};
use crate::columns::Words;
use crate::number::Fixed;
use crate::objects::structure::{LinkKind, Links, Structure, all_empty};

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
    /// As the file writes it.
    pub symmetry: &'a [u8],
}

/// A bond, as a file names it.
pub(super) struct NamedLink<'a> {
    pub ends: [LinkEnd<'a>; 2],
    /// What it is; `None` for what its elements make of it.
    pub kind: Option<LinkKind>,
    /// Its length; `None` where the file does not give it.
    pub distance: Option<Decimal>,
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
    let mut found = Vec::new();
    let mut left_out = Vec::new();
    let mut places = Places::new(text);
    for (order, link) in links.iter().enumerate() {
        let symmetries = link.ends.each_ref().map(|end| operator(end.symmetry));
        let mut is_found = false;
        for model in 0..structure.models.len() as u32 {
            let [Some(one), Some(other)] = link.ends.each_ref().map(|end| atoms.find(model, end))
            else {
                continue;
            };
            is_found = true;
            let residue = |atom: u32| structure.atoms.residue[atom as usize];
            if residue(one) == residue(other) && symmetries[0] == symmetries[1] {
                continue;
            }
            let [own, of_other] = symmetries.clone();
            let (begin, end, symmetries) = if one <= other {
                (one, other, [own, of_other])
            } else {
                (other, one, [of_other, own])
            };
            let kind = link.kind.unwrap_or_else(|| atoms.kind_of(one, other));
            let is_kind_given = link.kind.is_some();
            let distance = link.distance;
            let key = (end, Reverse(begin), symmetries);
            found.push(Found { key, order, kind, is_kind_given, distance });
        }
        if !is_found {
            let reason = "a bond whose atoms are not in one model";
            left_out.push(places.error(link.position, reason));
        }
    }
    found.sort_unstable_by(|one, other| (&one.key, one.order).cmp(&(&other.key, other.order)));
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for link in found {
        let same = kept.iter().rev().take_while(|other| other.key == link.key);
        if !same.into_iter().any(|other| !link.is_kind_given || other.kind == link.kind) {
            kept.push(link);
        }
    }
    structure.links = table(&kept);
    left_out
}

/// A link whose atoms were found.
struct Found {
    /// Its later atom, its earlier atom, and their symmetry operators, that of the earlier one first.
    key: (u32, Reverse<u32>, [Vec<u8>; 2]),
    order: usize,
    kind: LinkKind,
    is_kind_given: bool,
    distance: Option<Decimal>,
}

/// The columns of links.
fn table(links: &[Found]) -> Links {
    let mut table = Links::default();
    let mut distances = Fixed { decimals: 0, scaled: Vec::with_capacity(links.len()) };
    let mut states = Vec::with_capacity(links.len());
    for link in links {
        table.begin.push(link.key.1.0);
        table.end.push(link.key.0);
        table.kind.push(link.kind as u8);
        let pushed = link.distance.and_then(|it| decimal::push(&mut distances, it).ok());
        states.push(u8::from(pushed.is_none()));
        if pushed.is_none() {
            distances.scaled.push(0);
        }
    }
    let symmetries = [0, 1].map(|end| {
        let words: Words = links.iter().map(|link| &link.key.2[end]).collect();
        Some(words).filter(|words| !all_empty(words))
    });
    [table.begin_symmetry, table.end_symmetry] = symmetries;
    if states.contains(&0) {
        table.distance = Some(distances);
        table.distance_state = stated(states);
    }
    table
}

/// A symmetry operator as mmCIF writes it; empty for the identity.
fn operator(text: &[u8]) -> Vec<u8> {
    let is_of_pdb = text.len() >= 4 && text.iter().all(u8::is_ascii_digit);
    let operator = match text.split_last_chunk::<3>() {
        Some((number, cell)) if is_of_pdb => [number, b"_", cell].concat(),
        _ => text.to_vec(),
    };
    if operator == IDENTITY { Vec::new() } else { operator }
}

/// No operation and no translation.
pub(super) const IDENTITY: &[u8] = b"1_555";

/// The operator of a row; the identity where it is not said.
pub(super) fn operator_of(column: Option<&Words>, row: usize) -> &[u8] {
    let word = column.map_or(&[][..], |column| column.get(row));
    if word.is_empty() { IDENTITY } else { word }
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
