//! Tables: whether the rows of a structure that is to be written are rows of the tables above them.
//!
//! A sentence and a file cannot have others, but hands can make them.

use super::error::FormatError;
use crate::number::Fixed;
use crate::objects::structure::{LinkKind, StrandKind, Structure, UnitCell};

/// States of a number: it is stated, not known, or there can be none.
const STATED: u8 = 0;
const UNKNOWN: u8 = 1;
const INAPPLICABLE: u8 = 2;

/// Refuse rows that are of no row of the table above them, or not in its order; links of no atoms;
/// a unit cell of several rows or of none; kinds and states that there are not.
pub(super) fn check(structure: &Structure) -> Result<(), FormatError> {
    check_codes(structure)?;
    check_numbers(structure)?;
    let Structure { models, strands, residues, atoms, links, cell, .. } = structure;
    for (column, rows, above, count) in [
        ("strands.model", &strands.model, "models", models.len()),
        ("residues.strand", &residues.strand, "strands", strands.len()),
        ("atoms.residue", &atoms.residue, "residues", residues.len()),
        ("links.begin", &links.begin, "atoms", atoms.len()),
        ("links.end", &links.end, "atoms", atoms.len()),
    ] {
        let is_beyond = |&row: &u32| row as usize >= count;
        if let Some(at) = rows.iter().position(is_beyond) {
            let found = rows[at];
            return Err(FormatError::unwritable(format!(
                "expected a row of {above}, which has {count}, not {found} in {column}[{at}]"
            )));
        }
        let descent = rows.windows(2).position(|pair| pair[1] < pair[0]);
        if let Some(at) = descent.filter(|_| above != "atoms").map(|at| at + 1) {
            let (before, found) = (rows[at - 1], rows[at]);
            return Err(FormatError::unwritable(format!(
                "expected rows of {above} in their order, not {found} behind {before} in {column}[{at}]"
            )));
        }
    }
    match cell.as_ref().map_or(1, UnitCell::len) {
        1 => Ok(()),
        rows => Err(FormatError::unwritable(format!("expected one row of cell, not {rows}"))),
    }
}

/// Refuse codes of no kind and no state.
fn check_codes(structure: &Structure) -> Result<(), FormatError> {
    let Structure { strands, residues, atoms, links, .. } = structure;
    let is_strand: fn(u8) -> bool = |code| StrandKind::of(code).is_some();
    let is_link: fn(u8) -> bool = |code| LinkKind::of(code).is_some();
    let is_any: fn(u8) -> bool = |state| matches!(state, STATED | UNKNOWN | INAPPLICABLE);
    let is_known: fn(u8) -> bool = |state| matches!(state, STATED | UNKNOWN);
    let is_applied: fn(u8) -> bool = |state| matches!(state, STATED | INAPPLICABLE);
    for (column, codes, is_one, expected) in [
        ("strands.kind", Some(&strands.kind), is_strand, "a kind of strand, 0 to 3"),
        ("links.kind", Some(&links.kind), is_link, "a kind of link, 0 to 9"),
        ("residues.number_state", residues.number_state.as_ref(), is_any, "a state, 0 to 2"),
        ("residues.label_seq_state", residues.label_seq_state.as_ref(), is_any, "a state, 0 to 2"),
        ("atoms.b_factor_state", atoms.b_factor_state.as_ref(), is_known, "a state, 0 or 1"),
        (
            "atoms.anisotropic_state",
            atoms.anisotropic_state.as_ref(),
            is_applied,
            "a state, 0 or 2",
        ),
        ("links.distance_state", links.distance_state.as_ref(), is_known, "a state, 0 or 1"),
    ] {
        let codes = codes.map_or(&[][..], Vec::as_slice);
        if let Some(at) = codes.iter().position(|&code| !is_one(code)) {
            let found = codes[at];
            return Err(FormatError::unwritable(format!(
                "expected {expected}, not {found} in {column}[{at}]"
            )));
        }
    }
    Ok(())
}

/// Refuse numbers other than 0 that are not stated: a file would lose them.
fn check_numbers(structure: &Structure) -> Result<(), FormatError> {
    let Structure { residues, atoms, links, .. } = structure;
    let integers = |numbers: &[i32], row: usize| numbers[row] != 0;
    let fixed = |numbers: &Fixed, row: usize| numbers.scaled[row] != 0;
    let first = |states: &Option<Vec<u8>>, is_other: &dyn Fn(usize) -> bool| {
        let states = states.as_ref()?;
        (0..states.len()).find(|&row| states[row] != STATED && is_other(row))
    };
    let number = first(&residues.number_state, &|row| integers(&residues.number, row));
    let place = residues.label_seq.as_ref();
    let place = place.and_then(|of| first(&residues.label_seq_state, &|row| integers(of, row)));
    let factor = atoms.b_factor.as_ref();
    let factor = factor.and_then(|of| first(&atoms.b_factor_state, &|row| fixed(of, row)));
    let tensor = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
    let is_tensor =
        |row: usize| tensor.iter().any(|of| of.as_ref().is_some_and(|of| fixed(of, row)));
    let distance = links.distance.as_ref();
    let distance = distance.and_then(|of| first(&links.distance_state, &|row| fixed(of, row)));
    for (column, found) in [
        ("residues.number", number),
        ("residues.label_seq", place),
        ("atoms.b_factor", factor),
        ("atoms.u11 to u23", first(&atoms.anisotropic_state, &is_tensor)),
        ("links.distance", distance),
    ] {
        if let Some(row) = found {
            return Err(FormatError::unwritable(format!(
                "expected 0 for a number that is not stated in {column}[{row}]"
            )));
        }
    }
    Ok(())
}
