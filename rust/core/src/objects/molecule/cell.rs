//! Cell: which cell of a molecule's columns a token of its sentence fills.

use std::borrow::Cow;

use super::DOT;
use super::atom::{BRACKET_OPEN, CHARGE, HYDROGENS, MAP, STEREO};
use super::kind::{BOND, RING_BOND, RING_CLOSE};
use super::symbol::SYMBOL;
use crate::error::Cell;
use crate::vocabulary::block;
use crate::wire::{First, any_of};

const NUMBER: First = First(&[any_of(block("index_group"))]);

/// The cell that the token at a position fills, else the last one before it. Which bond a ring
/// opens is known only where it closes, so that an opening fills none.
pub(super) fn cell_at(ids: &[u16], position: usize) -> Option<Cell> {
    let mut cell = None;
    let mut atoms: usize = 0;
    let mut bonds: usize = 0;
    let mut is_first = true;
    let mut number = ("isotope", 0);
    for &id in ids.iter().take(position + 1).skip(1) {
        let present = atoms.saturating_sub(1);
        cell = Some(match id {
            BRACKET_OPEN => {
                number = ("isotope", atoms);
                continue;
            }
            MAP => {
                number = ("map", present);
                number
            }
            _ if NUMBER.has(id) => number,
            _ if SYMBOL.has(id) => {
                bonds += usize::from(!is_first);
                is_first = false;
                atoms += 1;
                ("element", atoms - 1)
            }
            _ if STEREO.has(id) => ("stereo", present),
            _ if HYDROGENS.has(id) => ("hydrogens", present),
            _ if CHARGE.has(id) => ("charge", present),
            _ if BOND.has(id) || RING_BOND.has(id) => ("order", bonds),
            _ if RING_CLOSE.has(id) => {
                bonds += 1;
                ("begin", bonds - 1)
            }
            _ => {
                is_first |= id == DOT;
                continue;
            }
        });
    }
    cell.map(|(column, row)| Cell { column: Cow::Borrowed(column), row })
}
