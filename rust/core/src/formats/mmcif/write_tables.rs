//! Write: the tables beside that of the atoms: cell, sequences and links.

use std::collections::{BTreeMap, HashSet};

use super::write::Writer;
use crate::formats::error::FormatError;
use crate::formats::links::operator_of;
use crate::objects::structure::{LinkKind, Structure, UnitCell};

impl Writer<'_> {
    pub(super) fn cell(&mut self, cell: &UnitCell) -> Result<(), FormatError> {
        self.text("#\n");
        for (item, column) in [
            ("length_a", &cell.a),
            ("length_b", &cell.b),
            ("length_c", &cell.c),
            ("angle_alpha", &cell.alpha),
            ("angle_beta", &cell.beta),
            ("angle_gamma", &cell.gamma),
        ] {
            self.text(&format!("_cell.{item} "));
            self.number(column, 0);
            self.end_row();
        }
        self.text("_symmetry.space_group_name_H-M ");
        self.value(cell.space_group.get(0))?;
        self.end_row();
        Ok(())
    }

    /// The residues of strands of which some were not seen, and the sequences of their entities.
    pub(super) fn sequences(&mut self) -> Result<(), FormatError> {
        let Structure { strands, residues, .. } = self.structure;
        let unseen = |row: usize| self.first_atoms[row] == self.first_atoms[row + 1];
        if !(0..residues.len()).any(unseen) {
            return Ok(());
        }
        // By label, in the order of the strands: the rows of residues by their place.
        let mut by_label: BTreeMap<(u32, i32), Vec<usize>> = BTreeMap::new();
        for row in 0..residues.len() {
            let is_placed = residues.label_seq_state.as_ref().is_none_or(|states| states[row] == 0);
            let placed = residues.label_seq.as_ref().filter(|_| is_placed).map(|seqs| seqs[row]);
            let Some(place) = placed else {
                if unseen(row) {
                    return Err(FormatError::unwritable(format!(
                        "mmCIF holds a residue without atoms by its place in the sequence, which \
                         residues.label_seq[{row}] does not state"
                    )));
                }
                continue;
            };
            let label = strands
                .label
                .as_ref()
                .map_or(0, |labels| labels.codes()[residues.strand[row] as usize]);
            let rows = by_label.entry((label, place)).or_default();
            let component = residues.component.codes();
            if !rows.iter().any(|other| component[*other] == component[row]) {
                rows.push(row);
            }
        }
        self.begin_loop(
            "pdbx_poly_seq_scheme",
            &[
                "asym_id",
                "entity_id",
                "seq_id",
                "mon_id",
                "pdb_seq_num",
                "auth_seq_num",
                "pdb_strand_id",
                "pdb_ins_code",
                "hetero",
            ],
        );
        for rows in by_label.values() {
            for &row in rows {
                let strand = residues.strand[row] as usize;
                self.word(strands.label.as_ref(), strand)?;
                self.word(strands.entity.as_ref(), strand)?;
                self.stated(residues.label_seq.as_deref().unwrap_or(&[]), None, row);
                self.value(residues.component.get(row))?;
                self.stated(&residues.number, residues.number_state.as_ref(), row);
                if self.first_atoms[row] == self.first_atoms[row + 1] {
                    self.text("? ");
                } else {
                    self.stated(&residues.number, residues.number_state.as_ref(), row);
                }
                self.value(strands.chain.get(strand))?;
                self.value(residues.insertion.get(row))?;
                self.text(if rows.len() > 1 { "y" } else { "n" });
                self.end_row();
            }
        }
        Ok(())
    }

    /// The links of the first model that has each.
    pub(super) fn links(&mut self) -> Result<(), FormatError> {
        let Structure { links, .. } = self.structure;
        if links.is_empty() {
            return Ok(());
        }
        let end = |n: u8| {
            [
                format!("ptnr{n}_label_asym_id"),
                format!("ptnr{n}_label_comp_id"),
                format!("ptnr{n}_label_seq_id"),
                format!("ptnr{n}_label_atom_id"),
                format!("pdbx_ptnr{n}_label_alt_id"),
                format!("pdbx_ptnr{n}_PDB_ins_code"),
                format!("ptnr{n}_auth_asym_id"),
                format!("ptnr{n}_auth_comp_id"),
                format!("ptnr{n}_auth_seq_id"),
                format!("ptnr{n}_symmetry"),
            ]
        };
        let items: Vec<String> = ["id".to_owned(), "conn_type_id".to_owned()]
            .into_iter()
            .chain(end(1))
            .chain(end(2))
            .chain(links.distance.iter().map(|_| "pdbx_dist_value".to_owned()))
            .collect();
        self.begin_loop("struct_conn", &items.iter().map(String::as_str).collect::<Vec<_>>());
        let mut written = HashSet::new();
        for row in 0..links.len() {
            let start = self.out.len();
            let kind = connection_type(LinkKind::of(links.kind[row]));
            self.text(kind);
            self.out.push(b' ');
            for (atom, symmetry) in
                [(links.begin[row], &links.begin_symmetry), (links.end[row], &links.end_symmetry)]
            {
                self.link_end(atom as usize)?;
                self.value(operator_of(symmetry.as_ref(), row))?;
            }
            if let Some(distance) = &links.distance {
                match links.distance_state.as_ref().map_or(0, |states| states[row]) {
                    0 => self.number(distance, row),
                    _ => self.text("? "),
                }
            }
            let row = self.out.split_off(start);
            if written.insert(row.clone()) {
                self.text(&format!("{kind}{} ", written.len()));
                self.out.extend_from_slice(&row);
                self.end_row();
            }
        }
        Ok(())
    }

    fn link_end(&mut self, atom: usize) -> Result<(), FormatError> {
        let Structure { strands, residues, atoms, .. } = self.structure;
        let residue = atoms.residue[atom] as usize;
        let strand = residues.strand[residue] as usize;
        self.word(strands.label.as_ref(), strand)?;
        self.value(residues.component.get(residue))?;
        match &residues.label_seq {
            Some(seqs) => self.stated(seqs, residues.label_seq_state.as_ref(), residue),
            None => self.text(". "),
        }
        self.value(atoms.name.get(atom))?;
        self.value(atoms.altloc.get(atom))?;
        self.value(residues.insertion.get(residue))?;
        self.value(strands.chain.get(strand))?;
        self.value(residues.component.get(residue))?;
        self.stated(&residues.number, residues.number_state.as_ref(), residue);
        Ok(())
    }
}

/// The word of `_struct_conn` for a kind.
fn connection_type(kind: Option<LinkKind>) -> &'static str {
    match kind {
        Some(LinkKind::Disulfide) => "disulf",
        Some(LinkKind::Metal) => "metalc",
        Some(LinkKind::HydrogenBond) => "hydrog",
        Some(LinkKind::SaltBridge) => "saltbr",
        Some(LinkKind::Mismatch) => "mismat",
        Some(LinkKind::Modification) => "modres",
        Some(LinkKind::CovalentBase) => "covale_base",
        Some(LinkKind::CovalentPhosphate) => "covale_phosphate",
        Some(LinkKind::CovalentSugar) => "covale_sugar",
        Some(LinkKind::Covalent) | None => "covale",
    }
}
