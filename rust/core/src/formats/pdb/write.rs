//! Write: a structure as a PDB file.

use super::{hybrid36, read};
use crate::columns::Words;
use crate::formats::decimal;
use crate::formats::error::{FormatError, shown};
use crate::formats::links::first_atoms;
use crate::formats::rows::Blanks;
use crate::formats::written::Format;
use crate::number::Fixed;
use crate::objects::structure::{StrandKind, Structure, UnitCell};

/// What a writer may do that not every reader of PDB knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Write serial numbers above 99,999 and residue numbers above 9,999 in hybrid-36. Else they are
    /// refused.
    pub hybrid_36: bool,
}

/// Write a file whose table of atoms is that of a structure.
///
/// Labels, entities and places in the sequence are not written, nor is a number that is unknown.
///
/// # Errors
/// When the format cannot say something: its column and row are named.
pub fn write(structure: &Structure, options: WriteOptions) -> Result<Vec<u8>, FormatError> {
    Format::Pdb.check_tables(structure)?;
    let mut writer = Writer {
        structure,
        options,
        out: Vec::with_capacity(82 * structure.atoms.len() + 1024),
        serial: 0,
        first_atoms: first_atoms(structure),
    };
    writer.check()?;
    writer.biomolecules()?;
    if let Some(cell) = &structure.cell {
        writer.cell(cell)?;
    }
    writer.sequences()?;
    writer.links()?;
    writer.models()?;
    writer.out.extend_from_slice(b"END\n");
    let read = read::read(&writer.out, Blanks::default()).map(|read| read.structure);
    Format::Pdb.check(structure, read)?;
    Ok(writer.out)
}

pub(super) struct Writer<'a> {
    pub structure: &'a Structure,
    options: WriteOptions,
    pub out: Vec<u8>,
    serial: i64,
    /// The first atom of each residue, and how many atoms there are.
    pub first_atoms: Vec<u32>,
}

impl Writer<'_> {
    /// Whether all names and numbers fit their columns.
    fn check(&self) -> Result<(), FormatError> {
        let Structure { strands, residues, atoms, .. } = self.structure;
        let words = [
            ("strands.chain", Some(&strands.chain), 1),
            ("strands.segment", strands.segment.as_ref(), 4),
            ("residues.component", Some(&residues.component), 4),
            ("residues.insertion", Some(&residues.insertion), 1),
            ("atoms.name", Some(&atoms.name), 4),
            ("atoms.altloc", Some(&atoms.altloc), 1),
        ];
        for (column, words, width) in words {
            for word in words.into_iter().flat_map(Words::distinct) {
                let edges = [word.first(), word.last()].contains(&Some(&b' '));
                if word.len() > width || edges || word.iter().any(u8::is_ascii_control) {
                    let row =
                        words.map_or(0, |words| words.iter().position(|w| w == word).unwrap_or(0));
                    return Err(FormatError::unwritable(format!(
                        "PDB holds at most {width} printable characters, not {} in {column}[{row}]",
                        shown(word)
                    )));
                }
            }
        }
        for (column, numbers, most) in [
            ("x", Some(&atoms.x), 3),
            ("occupancy", atoms.occupancy.as_ref(), 2),
            ("b_factor", atoms.b_factor.as_ref(), 2),
            ("u11", atoms.u11.as_ref(), 4),
        ] {
            if let Some(Fixed { decimals, .. }) = numbers.filter(|column| column.decimals > most) {
                return Err(FormatError::unwritable(format!(
                    "PDB holds {most} decimals, not the {decimals} of atoms.{column}: round them first"
                )));
            }
        }
        Ok(())
    }

    fn models(&mut self) -> Result<(), FormatError> {
        let models = &self.structure.models;
        let is_one = models.number == [1];
        let mut strand = 0;
        for model in 0..models.len() {
            if !is_one {
                let number = models.number[model];
                self.out.extend_from_slice(b"MODEL     ");
                self.right(number.to_string().as_bytes(), 4, "models.number", model)?;
                self.out.push(b'\n');
                self.serial = 0;
            }
            while self.structure.strands.model.get(strand) == Some(&(model as u32)) {
                self.strand(strand)?;
                strand += 1;
            }
            if !is_one {
                self.out.extend_from_slice(b"ENDMDL\n");
            }
        }
        Ok(())
    }

    fn strand(&mut self, strand: usize) -> Result<(), FormatError> {
        let of = &self.structure.residues.strand;
        let residues = of.partition_point(|s| (*s as usize) < strand)
            ..of.partition_point(|s| (*s as usize) <= strand);
        let mut last = None;
        for residue in residues {
            for atom in self.first_atoms[residue]..self.first_atoms[residue + 1] {
                self.atom(strand, residue, atom as usize)?;
                last = Some(residue);
            }
        }
        if let Some(residue) = last.filter(|_| self.ends_with_ter(strand)) {
            self.out.extend_from_slice(b"TER   ");
            self.write_serial()?;
            self.out.extend_from_slice(b"      ");
            self.residue(strand, residue)?;
            self.out.push(b'\n');
        }
        Ok(())
    }

    /// A polymer ends with TER, and what would else be one with the next strand.
    fn ends_with_ter(&self, strand: usize) -> bool {
        let strands = &self.structure.strands;
        let segment = |row: usize| strands.segment.as_ref().map(|segments| segments.get(row));
        let next = strand + 1;
        strands.kind[strand] != StrandKind::Hetero as u8
            || (strands.model.get(next) == Some(&strands.model[strand])
                && strands.chain.get(next) == strands.chain.get(strand)
                && segment(next) == segment(strand))
    }

    fn atom(&mut self, strand: usize, residue: usize, atom: usize) -> Result<(), FormatError> {
        let Structure { strands, residues, atoms, .. } = self.structure;
        let record: &[u8] = if residues.hetero[residue] { b"HETATM" } else { b"ATOM  " };
        let start = self.out.len();
        self.out.extend_from_slice(record);
        self.write_serial()?;
        self.out.push(b' ');
        self.name(atom);
        self.left(atoms.altloc.get(atom), 1);
        self.residue(strand, residue)?;
        self.out.resize(start + 30, b' ');
        for column in [&atoms.x, &atoms.y, &atoms.z] {
            self.number(column, atom, 8, "atoms.x, y, z")?;
        }
        self.stated(atoms.occupancy.as_ref(), None, atom, "atoms.occupancy")?;
        let states = atoms.b_factor_state.as_deref();
        self.stated(atoms.b_factor.as_ref(), states, atom, "atoms.b_factor")?;
        self.out.extend_from_slice(b"      ");
        self.left(strands.segment.as_ref().map_or(&b""[..], |segments| segments.get(strand)), 4);
        self.tail(atom)?;
        let is_stated = atoms.anisotropic_state.as_ref().is_none_or(|states| states[atom] == 0);
        if let (Some(u11), true) = (&atoms.u11, is_stated) {
            self.anisotropic(start, atom, u11)?;
        }
        Ok(())
    }

    /// Six columns of a number that may be absent.
    fn stated(
        &mut self,
        column: Option<&Fixed>,
        states: Option<&[u8]>,
        atom: usize,
        name: &str,
    ) -> Result<(), FormatError> {
        if let Some(column) = column.filter(|_| states.is_none_or(|states| states[atom] == 0)) {
            return self.number(column, atom, 6, name);
        }
        self.out.extend_from_slice(b"      ");
        Ok(())
    }

    /// The element and the charge.
    fn tail(&mut self, atom: usize) -> Result<(), FormatError> {
        let atoms = &self.structure.atoms;
        let symbol = atoms.element.get(atom).to_ascii_uppercase();
        self.right(&symbol, 2, "atoms.element", atom)?;
        match atoms.charge[atom] {
            0 => self.out.extend_from_slice(b"  \n"),
            charge @ -9..=9 => {
                let sign = if charge < 0 { b'-' } else { b'+' };
                self.out.extend_from_slice(&[b'0' + charge.unsigned_abs(), sign, b'\n']);
            }
            charge => {
                return Err(FormatError::unwritable(format!(
                    "PDB holds charges of -9 to +9, not {charge} in atoms.charge[{atom}]"
                )));
            }
        }
        Ok(())
    }

    /// The name of an atom, its element ending in column 14.
    pub fn name(&mut self, atom: usize) {
        let atoms = &self.structure.atoms;
        let name = atoms.name.get(atom);
        if name.len() < 4 && atoms.element.get(atom).len() < 2 {
            self.out.push(b' ');
            self.left(name, 3);
        } else {
            self.left(name, 4);
        }
    }

    /// Columns 18 to 27.
    pub fn residue(&mut self, strand: usize, residue: usize) -> Result<(), FormatError> {
        let Structure { strands, residues, .. } = self.structure;
        let component = residues.component.get(residue);
        if component.len() == 4 {
            self.out.extend_from_slice(component);
        } else {
            self.right(component, 3, "residues.component", residue)?;
            self.out.push(b' ');
        }
        self.left(strands.chain.get(strand), 1);
        let is_stated = residues.number_state.as_ref().is_none_or(|states| states[residue] == 0);
        let number = residues.number[residue];
        if !is_stated {
            self.out.extend_from_slice(b"    ");
        } else if (-999..=9999).contains(&number) {
            self.right(number.to_string().as_bytes(), 4, "residues.number", residue)?;
        } else if !self.options.hybrid_36 || !hybrid36::write(number.into(), 4, &mut self.out) {
            return Err(FormatError::unwritable(format!(
                "PDB holds residue numbers of -999 to 9999, and more only in hybrid-36, not {number} \
                 in residues.number[{residue}]"
            )));
        }
        self.left(residues.insertion.get(residue), 1);
        Ok(())
    }

    fn write_serial(&mut self) -> Result<(), FormatError> {
        self.serial += 1;
        let serial = self.serial;
        if serial <= 99_999 {
            return self.right(serial.to_string().as_bytes(), 5, "serial", 0);
        }
        if self.options.hybrid_36 && hybrid36::write(serial, 5, &mut self.out) {
            return Ok(());
        }
        Err(FormatError::unwritable(
            "PDB numbers 99,999 atoms and ends of chains in a model, and more only in hybrid-36",
        ))
    }

    /// A number, right-justified; zeros at its end are left out where it would not fit.
    pub fn number(
        &mut self,
        column: &Fixed,
        row: usize,
        width: usize,
        name: &str,
    ) -> Result<(), FormatError> {
        let mut text = Vec::with_capacity(width + 4);
        let (mut scaled, mut decimals) = (column.scaled[row], column.decimals);
        decimal::write(scaled, decimals, &mut text);
        while text.len() > width && decimals > 0 && scaled % 10 == 0 {
            (scaled, decimals) = (scaled / 10, decimals - 1);
            text.clear();
            decimal::write(scaled, decimals, &mut text);
        }
        self.right(&text, width, name, row)
    }

    pub fn right(
        &mut self,
        text: &[u8],
        width: usize,
        name: &str,
        row: usize,
    ) -> Result<(), FormatError> {
        let Some(blanks) = width.checked_sub(text.len()) else {
            return Err(FormatError::unwritable(format!(
                "PDB holds {width} characters, not {} in {name}[{row}]",
                shown(text)
            )));
        };
        self.out.resize(self.out.len() + blanks, b' ');
        self.out.extend_from_slice(text);
        Ok(())
    }

    /// Text that is no longer than its columns, left-justified.
    pub fn left(&mut self, text: &[u8], width: usize) {
        let end = self.out.len() + width;
        self.out.extend_from_slice(text);
        self.out.resize(end, b' ');
    }

    fn anisotropic(&mut self, start: usize, atom: usize, u11: &Fixed) -> Result<(), FormatError> {
        let atoms = &self.structure.atoms;
        let line = self.out[start..].to_vec();
        self.out.extend_from_slice(b"ANISOU");
        self.out.extend_from_slice(&line[6..27]);
        self.out.push(b' ');
        let factor = 10_i64.pow(u32::from(4 - u11.decimals));
        let columns =
            [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23].into_iter();
        for column in columns.flatten() {
            let number = column.scaled[atom].saturating_mul(factor);
            self.right(number.to_string().as_bytes(), 7, "atoms.u11 to u23", atom)?;
        }
        self.out.extend_from_slice(b"  ");
        self.out.extend_from_slice(&line[72..]);
        Ok(())
    }

    fn cell(&mut self, cell: &UnitCell) -> Result<(), FormatError> {
        self.out.extend_from_slice(b"CRYST1");
        for column in [&cell.a, &cell.b, &cell.c] {
            self.number(column, 0, 9, "cell.a, b, c")?;
        }
        for column in [&cell.alpha, &cell.beta, &cell.gamma] {
            self.number(column, 0, 7, "cell.alpha, beta, gamma")?;
        }
        let space_group = cell.space_group.get(0);
        if space_group.len() > 11 || space_group.iter().any(u8::is_ascii_control) {
            return Err(FormatError::unwritable(format!(
                "PDB holds a space group of at most 11 characters, not {}",
                shown(space_group)
            )));
        }
        self.out.push(b' ');
        self.left(space_group, 11);
        self.out.push(b'\n');
        Ok(())
    }
}
