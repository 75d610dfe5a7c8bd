//! Check: what a sentence needs of whole columns.

use super::Structure;
use crate::columns::Words;
use crate::wire::Writer;

/// What is of the whole columns.
pub(super) fn check(structure: &Structure, out: &mut Writer) {
    let atoms = &structure.atoms;
    if [&atoms.y, &atoms.z].iter().any(|column| column.decimals != atoms.x.decimals) {
        out.refuse("coordinates have one count of decimals");
    }
    let of = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
    let decimals = of.map(|column| column.as_ref().map(|column| column.decimals));
    if decimals.iter().any(|each| *each != decimals[0]) {
        out.refuse("anisotropic displacements have six columns with one count of decimals");
    }
    let Structure { residues, links, .. } = structure;
    for (column, name, of) in [
        (&residues.number_state, "residues.number_state", true),
        (&residues.label_seq_state, "residues.label_seq_state", residues.label_seq.is_some()),
        (&atoms.b_factor_state, "atoms.b_factor_state", atoms.b_factor.is_some()),
        (&atoms.anisotropic_state, "atoms.anisotropic_state", atoms.u11.is_some()),
        (&links.distance_state, "links.distance_state", links.distance.is_some()),
    ] {
        if column.as_ref().is_some_and(|states| !of || states.iter().all(|&state| state == 0)) {
            out.refuse_cell(name, 0, "a column of states has one that is not 0, and its column");
        }
    }
    for (column, name) in [
        (&structure.strands.segment, "strands.segment"),
        (&links.begin_symmetry, "links.begin_symmetry"),
        (&links.end_symmetry, "links.end_symmetry"),
    ] {
        if column.as_ref().is_some_and(all_empty) {
            out.refuse_cell(name, 0, "a column of which nothing is given is absent");
        }
    }
}

/// Whether nothing is given of a column.
pub(crate) fn all_empty(words: &Words) -> bool {
    words.distinct().all(<[u8]>::is_empty)
}
