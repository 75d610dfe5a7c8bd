//! Displacements: `_atom_site_anisotrop`, whose rows name atoms by their id.

use std::collections::HashMap;

use crate::formats::cif::Table;
use crate::formats::cif::table::Column;
use crate::formats::decimal::{self, Decimal};
use crate::formats::error::{FormatError, shown};
use crate::formats::rows::Rows;

const ITEMS: [&str; 6] = ["U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]"];

/// Read the table; rows in the order of the atoms are found at once. The first row whose id no atom
/// has is returned.
///
/// # Errors
/// For a value that is no number, and an atom that has two rows.
pub(super) fn read(
    table: &Table,
    ids: &[&[u8]],
    rows: &mut Rows,
) -> Result<Option<FormatError>, FormatError> {
    let columns = ITEMS.map(|item| table.column(item));
    let columns: Vec<Column> = columns.into_iter().flatten().collect();
    let Some(id) = table.column("id").filter(|_| columns.len() == ITEMS.len()) else {
        return Ok(None);
    };
    let mut left_out = None;
    let mut by_id: Option<HashMap<&[u8], usize>> = None;
    let mut next = 0;
    for row in 0..table.len() {
        let name = id.get(row).text;
        let mut near = ids.iter().skip(next).take(NEAR);
        let atom = if let Some(ahead) = near.position(|id| *id == name) {
            next + ahead
        } else {
            let by_id = by_id.get_or_insert_with(|| {
                ids.iter().enumerate().rev().map(|(atom, id)| (*id, atom)).collect()
            });
            let Some(atom) = by_id.get(name) else {
                left_out.get_or_insert_with(|| at(rows, name, "id", "the id of an atom"));
                continue;
            };
            *atom
        };
        next = atom + 1;
        if columns.iter().all(|column| column.get(row).is_absent()) {
            continue;
        }
        if rows.displacements.has(atom) {
            return Err(at(rows, name, "id", "the id of each atom once"));
        }
        let mut numbers = [Decimal { scaled: 0, decimals: 0 }; 6];
        for ((number, column), item) in numbers.iter_mut().zip(&columns).zip(ITEMS) {
            *number = value(*column, row, item, rows)?;
        }
        rows.displacements.set(atom, numbers).map_err(|expected| at(rows, name, "id", expected))?;
    }
    Ok(left_out)
}

/// How far ahead the next atom is looked for, before all of them are.
const NEAR: usize = 8;

fn value(column: Column, row: usize, item: &str, rows: &Rows) -> Result<Decimal, FormatError> {
    let text = column.get(row).text;
    decimal::read(text).map_err(|expected| at(rows, text, item, expected))
}

fn at(rows: &Rows, text: &[u8], item: &str, expected: &str) -> FormatError {
    let position = (text.as_ptr() as usize).wrapping_sub(rows.text.as_ptr() as usize);
    rows.at(position, format!("expected {expected}, not {}", shown(text)))
        .of_item(format!("_atom_site_anisotrop.{item}"))
}
