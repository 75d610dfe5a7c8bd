//! Write: a structure as an mmCIF file.

use std::borrow::Cow;

use super::{labels, read};
use crate::columns::Words;
use crate::formats::cif::quote;
use crate::formats::decimal;
use crate::formats::error::FormatError;
use crate::formats::links::first_atoms;
use crate::formats::rows::Blanks;
use crate::formats::written::Format;
use crate::number::Fixed;
use crate::objects::structure::Structure;

/// Write a file of one block whose tables are those of a structure.
///
/// A structure without labels gets some.
///
/// # Errors
/// For a name that no quotes hold, and for what mmCIF cannot say: its column and row are named.
pub fn write(structure: &Structure) -> Result<Vec<u8>, FormatError> {
    Format::Mmcif.check_tables(structure)?;
    let structure = match structure.strands.label {
        Some(_) => Cow::Borrowed(structure),
        None => Cow::Owned(labels::assign(structure)),
    };
    let mut writer = Writer {
        structure: &structure,
        first_atoms: first_atoms(&structure),
        out: Vec::with_capacity(110 * structure.atoms.len() + 1024),
    };
    writer.out.extend_from_slice(b"data_structure\n");
    if let Some(cell) = &structure.cell {
        writer.cell(cell)?;
    }
    writer.assemblies()?;
    writer.sequences()?;
    writer.links()?;
    writer.atoms()?;
    writer.displacements();
    let read = read::read(&writer.out, None, Blanks::default()).map(|read| read.structure);
    Format::Mmcif.check(&structure, read)?;
    Ok(writer.out)
}

pub(super) struct Writer<'a> {
    pub structure: &'a Structure,
    /// The first atom of each residue, and how many atoms there are.
    pub first_atoms: Vec<u32>,
    pub out: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    pub fn begin_loop(&mut self, category: &str, items: &[&str]) {
        self.text("#\nloop_\n");
        for item in items {
            self.text(&format!("_{category}.{item}\n"));
        }
    }

    /// A value and the blank behind it.
    pub fn value(&mut self, value: &[u8]) -> Result<(), FormatError> {
        quote::write(value, &mut self.out)?;
        self.out.push(b' ');
        Ok(())
    }

    pub fn number(&mut self, column: &Fixed, row: usize) {
        decimal::write(column.scaled[row], column.decimals, &mut self.out);
        self.out.push(b' ');
    }

    pub fn integer(&mut self, number: i64) {
        decimal::write(number, 0, &mut self.out);
        self.out.push(b' ');
    }

    pub fn stated(&mut self, numbers: &[i32], states: Option<&Vec<u8>>, row: usize) {
        match states.map_or(0, |states| states[row]) {
            0 => self.integer(numbers[row].into()),
            1 => self.text("? "),
            _ => self.text(". "),
        }
    }

    pub fn end_row(&mut self) {
        self.out.push(b'\n');
    }

    pub fn word(&mut self, words: Option<&Words>, row: usize) -> Result<(), FormatError> {
        self.value(words.map_or(&[][..], |words| words.get(row)))
    }

    fn atoms(&mut self) -> Result<(), FormatError> {
        let Structure { models, strands, residues, atoms, .. } = self.structure;
        let mut items = vec![
            "group_PDB",
            "id",
            "type_symbol",
            "label_atom_id",
            "label_alt_id",
            "label_comp_id",
        ];
        items.push("label_asym_id");
        items.extend(strands.entity.as_ref().map(|_| "label_entity_id"));
        items.extend(residues.label_seq.as_ref().map(|_| "label_seq_id"));
        items.extend(["pdbx_PDB_ins_code", "Cartn_x", "Cartn_y", "Cartn_z"]);
        items.extend(atoms.occupancy.as_ref().map(|_| "occupancy"));
        items.extend(atoms.b_factor.as_ref().map(|_| "B_iso_or_equiv"));
        items.extend([
            "pdbx_formal_charge",
            "auth_seq_id",
            "auth_comp_id",
            "auth_asym_id",
            "auth_atom_id",
        ]);
        items.extend(strands.segment.as_ref().map(|_| "segment_id"));
        items.push("pdbx_PDB_model_num");
        self.begin_loop("atom_site", &items);
        let mut of_model = vec![0_usize; models.len()];
        // What is the same for all atoms of a residue, before and behind the coordinates.
        let (mut before, mut behind, mut end) = (Vec::new(), Vec::new(), Vec::new());
        let mut last = None;
        for atom in 0..atoms.len() {
            let residue = atoms.residue[atom];
            if last != Some(residue) {
                last = Some(residue);
                of_model[strands.model[residues.strand[residue as usize] as usize] as usize] += 1;
                [before, behind, end] = self.of_residue(residue as usize)?;
            }
            self.text(if residues.hetero[residue as usize] { "HETATM " } else { "ATOM " });
            self.integer(atom as i64 + 1);
            self.out.extend(atoms.element.get(atom).iter().map(u8::to_ascii_uppercase));
            self.out.push(b' ');
            self.value(atoms.name.get(atom))?;
            self.value(atoms.altloc.get(atom))?;
            self.out.extend_from_slice(&before);
            for column in [&atoms.x, &atoms.y, &atoms.z] {
                self.number(column, atom);
            }
            if let Some(column) = &atoms.occupancy {
                self.number(column, atom);
            }
            match &atoms.b_factor {
                Some(_)
                    if atoms.b_factor_state.as_ref().is_some_and(|states| states[atom] != 0) =>
                {
                    self.text("? ");
                }
                Some(column) => self.number(column, atom),
                None => {}
            }
            match atoms.charge[atom] {
                0 => self.text("? "),
                charge => self.integer(charge.into()),
            }
            self.out.extend_from_slice(&behind);
            self.value(atoms.name.get(atom))?;
            self.out.extend_from_slice(&end);
        }
        if let Some(model) = of_model.iter().position(|residues| *residues == 0) {
            return Err(FormatError::unwritable(format!(
                "mmCIF holds a model by its atoms, and models.number[{model}] has none"
            )));
        }
        Ok(())
    }

    /// What is the same for all atoms of a residue: component to insertion code, number to chain,
    /// and segment and model.
    fn of_residue(&mut self, residue: usize) -> Result<[Vec<u8>; 3], FormatError> {
        let Structure { models, strands, residues, .. } = self.structure;
        let strand = residues.strand[residue] as usize;
        let start = self.out.len();
        self.value(residues.component.get(residue))?;
        self.word(strands.label.as_ref(), strand)?;
        if strands.entity.is_some() {
            self.word(strands.entity.as_ref(), strand)?;
        }
        if let Some(seqs) = &residues.label_seq {
            self.stated(seqs, residues.label_seq_state.as_ref(), residue);
        }
        self.value(residues.insertion.get(residue))?;
        let before = self.out.split_off(start);
        self.stated(&residues.number, residues.number_state.as_ref(), residue);
        self.value(residues.component.get(residue))?;
        self.value(strands.chain.get(strand))?;
        let behind = self.out.split_off(start);
        if strands.segment.is_some() {
            self.word(strands.segment.as_ref(), strand)?;
        }
        let number = models.number[strands.model[strand] as usize];
        self.text(&format!("{number}\n"));
        Ok([before, behind, self.out.split_off(start)])
    }

    fn displacements(&mut self) {
        let atoms = &self.structure.atoms;
        let columns = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
        let columns: Vec<&'a Fixed> = columns.into_iter().flatten().collect();
        let states = atoms.anisotropic_state.as_deref();
        let is_displaced = |atom: &usize| states.is_none_or(|states| states[*atom] == 0);
        let rows: Vec<usize> = (0..atoms.len()).filter(is_displaced).collect();
        if columns.len() < 6 || rows.is_empty() {
            return;
        }
        self.begin_loop(
            "atom_site_anisotrop",
            &["id", "U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]"],
        );
        for atom in rows {
            self.integer(atom as i64 + 1);
            for column in &columns {
                self.number(column, atom);
            }
            self.end_row();
        }
    }
}
