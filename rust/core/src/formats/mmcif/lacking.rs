//! Lacking: tables that lack an item without which they are not read, and rows that are not read.

use super::block::Block;
use crate::formats::cif::Table;
use crate::formats::cif::table::category_of;
use crate::formats::error::FormatError;

const DISPLACEMENTS: [&str; 7] =
    ["id", "U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]"];

/// Empty the tables of a block that lack an item, and say so; of a table with one row of which there
/// are several, say that the others are not read.
pub(super) fn leave_out(block: &mut Block, text: &[u8]) -> Vec<FormatError> {
    let mut left_out = Vec::new();
    for (table, items) in [
        (&mut block.displacements, &DISPLACEMENTS[..]),
        (&mut block.scheme, &["asym_id", "seq_id", "mon_id"]),
        (&mut block.entity_sequence, &["entity_id", "num", "mon_id"]),
        (&mut block.connections, &["conn_type_id"]),
    ] {
        if let Some(item) = items.iter().find(|item| table.column(item).is_none()) {
            let reason = format!("a table that lacks the item {item}, and is not read");
            left_out.extend(at_table(table, text, reason));
            *table = Table::default();
        }
    }
    let scheme = &block.scheme;
    if scheme.column("pdb_seq_num").is_none() {
        let reason = "residues without numbers: the table lacks the item pdb_seq_num";
        left_out.extend(at_table(scheme, text, reason.to_owned()));
    }
    for table in [&block.cell, &block.symmetry, &block.space_group] {
        if table.len() > 1 {
            let reason = format!("expected one row, not {}: the first is read", table.len());
            left_out.extend(at_table(table, text, reason));
        }
    }
    left_out
}

/// What is said of a table that has rows, at its first item.
fn at_table(table: &Table, text: &[u8], reason: String) -> Option<FormatError> {
    let tag = table.tags.first().filter(|_| table.len() > 0)?;
    let position = (tag.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let category = String::from_utf8_lossy(category_of(tag)).into_owned();
    Some(FormatError::at(text, position, reason).of_item(category))
}
