//! Tables: whether the rows of a structure that is to be written are rows of the tables above them.
//!
//! A sentence and a file cannot have others, but hands can make them.

use super::error::FormatError;
use crate::objects::structure::{Structure, UnitCell};

/// Refuse rows that are of no row of the table above them, or not in its order; links of no atoms;
/// a unit cell of several rows or of none.
pub(super) fn check(structure: &Structure) -> Result<(), FormatError> {
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
