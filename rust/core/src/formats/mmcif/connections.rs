//! Connections: the bonds of `_struct_conn` between residues.

use crate::formats::cif::table::value;
use crate::formats::cif::{Table, Value};
use crate::formats::decimal;
use crate::formats::error::{FormatError, Places, shown};
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
    let distances = table.column("pdbx_dist_value");
    let mut left_out = Vec::new();
    let mut places = Places::new(text);
    for row in 0..table.len() {
        let kind = value(kinds, row);
        let position = |of: Value| (of.text.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        let Some(kind_read) = kind_of(kind.text) else {
            if !kind.is_absent() {
                let reason = format!("a connection of another kind, {}", shown(kind.text));
                left_out.push(places.error(position(kind), reason));
            }
            continue;
        };
        let [chain, label, component, number, label_seq, insertion, name, altloc, symmetry] =
            [0, 1, 2, 3, 4, 5, 6, 7, 8];
        let values = ends.each_ref().map(|columns| columns.map(|column| value(column, row)));
        let distance = value(distances, row);
        let read = decimal::read(distance.text);
        if let Some(expected) = read.err().filter(|_| !distance.is_absent()) {
            let reason = format!("the distance of a connection: expected {expected}");
            left_out.push(places.error(position(distance), reason));
        }
        let position = position(values[0][name]);
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
                symmetry: values[symmetry].word(),
            }
        });
        found.push(NamedLink { ends, kind: Some(kind_read), distance: read.ok(), position });
    }
    left_out.extend(links::resolve(structure, &found, text));
    left_out
}

/// The kind of a connection.
fn kind_of(text: &[u8]) -> Option<LinkKind> {
    match text.to_ascii_lowercase().as_slice() {
        b"disulf" => Some(LinkKind::Disulfide),
        b"metalc" => Some(LinkKind::Metal),
        b"covale" => Some(LinkKind::Covalent),
        b"covale_base" => Some(LinkKind::CovalentBase),
        b"covale_phosphate" => Some(LinkKind::CovalentPhosphate),
        b"covale_sugar" => Some(LinkKind::CovalentSugar),
        b"hydrog" => Some(LinkKind::HydrogenBond),
        b"saltbr" => Some(LinkKind::SaltBridge),
        b"mismat" => Some(LinkKind::Mismatch),
        b"modres" => Some(LinkKind::Modification),
        _ => None,
    }
}

fn number_of(value: Value) -> Option<Number> {
    match (value.is_absent(), value.text) {
        (true, b".") => Some(INAPPLICABLE),
        (true, _) => Some(UNKNOWN),
        (false, text) => Some(Number { value: decimal::read_integer(text)?, state: 0 }),
    }
}
