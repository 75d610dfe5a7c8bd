//! Sequence: residues of a polymer that were not seen, from SEQRES.
//!
//! A chain is aligned only where its numbers leave no choice: its one polymer has no insertion codes,
//! and there is one offset by which the number of every residue is a place of the sequence that has
//! its component. A chain with no such offset, with several, or with several polymers is left
//! as it is, and its sequence is named as left out.

use std::collections::HashSet;

use super::line::Line;
use crate::formats::error::{FormatError, Places, shown};
use crate::objects::structure::{Residues, StrandKind, Structure};

/// The sequence of a chain.
pub(super) struct Sequence<'a> {
    chain: &'a [u8],
    components: Vec<&'a [u8]>,
    /// The byte of its first line.
    position: usize,
}

/// Take in a line of SEQRES.
pub(super) fn read<'a>(line: Line<'a>, sequences: &mut Vec<Sequence<'a>>) {
    let chain = line.field(11, 12);
    let found = sequences.iter().position(|sequence| sequence.chain == chain);
    let at = found.unwrap_or_else(|| {
        sequences.push(Sequence { chain, components: Vec::new(), position: line.start });
        sequences.len() - 1
    });
    let words = line.raw(19, 70).split(|&b| b == b' ').filter(|word| !word.is_empty());
    sequences[at].components.extend(words);
}

/// Put the residues that were not seen between those that were; a chain that does not align is
/// returned.
pub(super) fn insert(
    structure: &mut Structure,
    sequences: &[Sequence],
    text: &[u8],
) -> Vec<FormatError> {
    let mut left_out = Vec::new();
    let mut places = Places::new(text);
    let mut unseen: Vec<Unseen> = Vec::new();
    for sequence in sequences {
        if let Some(found) = unseen_of(structure, sequence) {
            unseen.extend(found);
        } else {
            let chain = shown(sequence.chain);
            let reason = format!("a sequence that does not align with chain {chain}");
            left_out.push(places.error(sequence.position, reason));
        }
    }
    if !unseen.is_empty() {
        unseen.sort_by_key(|residue| (residue.before, residue.strand, residue.number));
        put_in(structure, &unseen);
    }
    left_out
}

/// A residue that was not seen, and the row of the residue before which it stands.
struct Unseen<'a> {
    before: usize,
    strand: u32,
    component: &'a [u8],
    number: i32,
}

/// The residues of a chain that were not seen, in every model; nothing where one does not align.
fn unseen_of<'a>(structure: &Structure, sequence: &Sequence<'a>) -> Option<Vec<Unseen<'a>>> {
    let strands = &structure.strands;
    let polymers: Vec<usize> = (0..strands.len())
        .filter(|&strand| strands.kind[strand] != StrandKind::Hetero as u8)
        .filter(|&strand| strands.chain.get(strand) == sequence.chain)
        .collect();
    let models = polymers.chunk_by(|a, b| strands.model[*a] == strands.model[*b]);
    let is_one_of_each = models.clone().all(|strands| strands.len() == 1);
    if !is_one_of_each || polymers.is_empty() {
        return None;
    }
    let mut unseen = Vec::new();
    for strand in polymers {
        let seen = seen_beside(structure, strand);
        let found = unseen_of_strand(structure, strand, sequence)?;
        unseen.extend(found.into_iter().filter(|it| !seen.contains(&(it.number, it.component))));
    }
    Some(unseen)
}

/// The number and the component of each residue of the model and the chain of a strand that is in
/// another one: a modified residue at an end of a polymer may have a strand of its own.
fn seen_beside(structure: &Structure, strand: usize) -> HashSet<(i32, &[u8])> {
    let Structure { strands, residues, .. } = structure;
    let is_beside = |row: usize| {
        row != strand
            && strands.model[row] == strands.model[strand]
            && strands.chain.get(row) == strands.chain.get(strand)
    };
    (0..residues.len())
        .filter(|&row| is_beside(residues.strand[row] as usize))
        .map(|row| (residues.number[row], residues.component.get(row)))
        .collect()
}

fn unseen_of_strand<'a>(
    structure: &Structure,
    strand: usize,
    sequence: &Sequence<'a>,
) -> Option<Vec<Unseen<'a>>> {
    let residues = &structure.residues;
    let first = residues.strand.partition_point(|of| (*of as usize) < strand);
    let end = residues.strand.partition_point(|of| *of as usize <= strand);
    if end - first == sequence.components.len()
        && (first..end)
            .zip(&sequence.components)
            .all(|(row, is)| residues.component.get(row) == *is)
    {
        return Some(Vec::new());
    }
    let is_numbered = residues
        .number_state
        .as_ref()
        .is_none_or(|states| states[first..end].iter().all(|&state| state == 0));
    let plain = |row: usize| residues.insertion.get(row).is_empty();
    let numbers = &residues.number[first..end];
    let ascends = numbers.windows(2).all(|pair| pair[0] <= pair[1]);
    if !is_numbered || !ascends || !(first..end).all(plain) {
        return None;
    }
    // The number of the first place of the sequence.
    let (least, most) = (i64::from(numbers[0]), i64::from(*numbers.last()?));
    let length = sequence.components.len() as i64;
    let aligns = |start: &i64| {
        let mut row = first;
        while row < end {
            let component = sequence.components[(i64::from(residues.number[row]) - start) as usize];
            // Of several components at one number one must be that of the sequence.
            let number = residues.number[row];
            let same =
                residues.number[row..end].iter().take_while(|other| **other == number).count();
            if !(row..row + same).any(|row| residues.component.get(row) == component) {
                return false;
            }
            row += same;
        }
        true
    };
    let mut starts = (most - length + 1..=least).filter(aligns);
    let (Some(start), None) = (starts.next(), starts.next()) else { return None };
    let mut unseen = Vec::new();
    let mut row = first;
    for (place, component) in (start..).zip(&sequence.components) {
        while row < end && i64::from(residues.number[row]) < place {
            row += 1;
        }
        if row == end || i64::from(residues.number[row]) > place {
            let number = i32::try_from(place).ok()?;
            unseen.push(Unseen { before: row, strand: strand as u32, component, number });
        }
    }
    Some(unseen)
}

/// Put residues without atoms into the table.
fn put_in(structure: &mut Structure, unseen: &[Unseen]) {
    let old = std::mem::take(&mut structure.residues);
    let made = &mut structure.residues;
    let mut states = Vec::new();
    let mut moved = Vec::with_capacity(old.len());
    let mut unseen = unseen.iter().peekable();
    for row in 0..=old.len() {
        while let Some(residue) = unseen.next_if(|residue| residue.before == row) {
            push(made, residue.strand, residue.component, residue.number, b"", false);
            states.push(0);
        }
        if row < old.len() {
            moved.push(made.strand.len() as u32);
            let (component, insertion) = (old.component.get(row), old.insertion.get(row));
            push(made, old.strand[row], component, old.number[row], insertion, old.hetero[row]);
            states.push(old.number_state.as_ref().map_or(0, |states| states[row]));
        }
    }
    made.number_state = old.number_state.map(|_| states);
    for residue in &mut structure.atoms.residue {
        *residue = moved[*residue as usize];
    }
}

fn push(
    residues: &mut Residues,
    strand: u32,
    component: &[u8],
    number: i32,
    insertion: &[u8],
    hetero: bool,
) {
    residues.strand.push(strand);
    residues.component.push_word(component);
    residues.number.push(number);
    residues.insertion.push_word(insertion);
    residues.hetero.push(hetero);
}
