//! Connections: the bonds of `_struct_conn` between residues.

use crate::formats::cif::Table;
use crate::formats::cif::table::value;
use crate::formats::decimal;
use crate::formats::error::FormatError;
use crate::formats::links::{self, LinkEnd, NamedLink};
use crate::formats::rows::{INAPPLICABLE, Number, UNKNOWN};
use crate::objects::structure::{LinkKind, Structure};

/// Read the table; what names no atoms is returned.
pub(super) fn read(table: &Table, structure: &mut Structure, text: &[u8]) -> Vec<FormatError> {
    let mut found = Vec::new();
    let column = |name: String| table.column(&name);
    let kinds = table.column("conn_type_id");
    let ends = ["1", "2"].map(|end| {
        [
            column(format!("ptnr{end}_auth_asym_id")),
            column(format!("ptnr{end}_label_asym_id")),
            column(format!("ptnr{end}_label_comp_id")),
            column(format!("ptnr{end}_auth_seq_id")),
            column(format!("ptnr{end}_label_seq_id")),
            column(format!("pdbx_ptnr{end}_PDB_ins_code")),
            column(format!("ptnr{end}_label_atom_id")),
            column(format!("pdbx_ptnr{end}_label_alt_id")),
            column(format!("ptnr{end}_symmetry")),
        ]
    });
    for row in 0..table.len() {
        let kind = value(kinds, row);
        let Some(kind) = kind_of(kind.text) else { continue };
        let [chain, label, component, number, label_seq, insertion, name, altloc, _] =
            [0, 1, 2, 3, 4, 5, 6, 7, 8];
        let values = ends.each_ref().map(|columns| columns.map(|column| value(column, row)));
        let is_to_a_mate = {
            let [one, other] = values.each_ref().map(|values| values[8].word());
            one != other && !one.is_empty() && !other.is_empty()
        };
        let position =
            (values[0][name].text.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        let ends = values.each_ref().map(|values| {
            let has = |item: usize, or: usize| {
                if ends[0][item].is_some() { values[item] } else { values[or] }
            };
            LinkEnd {
                chain: has(chain, label).word(),
                label: ends[0][label].map(|_| values[label].word()),
                component: values[component].word(),
                number: number_of(has(number, label_seq)),
                insertion: values[insertion].word(),
                name: values[name].word(),
                altloc: values[altloc].word(),
            }
        });
        found.push(NamedLink { ends, kind: Some(kind), is_to_a_mate, position });
    }
    links::resolve(structure, &found, text)
}

/// The kind of a bond; hydrogen bonds, salt bridges and mismatched pairs are none.
fn kind_of(text: &[u8]) -> Option<LinkKind> {
    match text.to_ascii_lowercase().as_slice() {
        b"disulf" => Some(LinkKind::Disulfide),
        b"metalc" => Some(LinkKind::Metal),
        b"covale" | b"covale_base" | b"covale_phosphate" | b"covale_sugar" => {
            Some(LinkKind::Covalent)
        }
        _ => None,
    }
}

fn number_of(value: crate::formats::cif::Value) -> Option<Number> {
    match (value.is_absent(), value.text) {
        (true, b".") => Some(INAPPLICABLE),
        (true, _) => Some(UNKNOWN),
        (false, text) => Some(Number { value: decimal::read_integer(text)?, state: 0 }),
    }
}
