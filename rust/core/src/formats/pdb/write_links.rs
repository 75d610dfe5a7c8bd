//! Write: SEQRES, SSBOND and LINK, which stand before the atoms.

use std::collections::HashSet;

use super::write::Writer;
use crate::formats::decimal;
use crate::formats::error::{FormatError, shown};
use crate::formats::links::operator_of;
use crate::objects::structure::{LinkKind, Structure};

impl Writer<'_> {
    /// The sequences of chains that have residues without atoms, of the first model that has each.
    pub(super) fn sequences(&mut self) -> Result<(), FormatError> {
        let Structure { strands, residues, .. } = self.structure;
        let unseen: HashSet<u32> = (0..residues.len())
            .filter(|&row| self.first_atoms[row] == self.first_atoms[row + 1])
            .map(|row| residues.strand[row])
            .collect();
        let mut written = HashSet::new();
        for strand in 0..strands.len() {
            if !unseen.contains(&(strand as u32)) || !written.insert(strands.chain.get(strand)) {
                continue;
            }
            let first = residues.strand.partition_point(|of| (*of as usize) < strand);
            let end = residues.strand.partition_point(|of| *of as usize <= strand);
            let key = |row: usize| (residues.number[row], residues.insertion.codes()[row]);
            let is_stated =
                |row: usize| residues.number_state.as_ref().is_none_or(|states| states[row] == 0);
            let sequence: Vec<usize> = (first..end)
                .filter(|&row| row == first || !is_stated(row) || key(row) != key(row - 1))
                .collect();
            for (line, rows) in sequence.chunks(13).enumerate() {
                self.out.extend_from_slice(b"SEQRES ");
                self.right(((line + 1) % 1000).to_string().as_bytes(), 3, "residues", first)?;
                self.out.push(b' ');
                self.left(strands.chain.get(strand), 1);
                self.right(
                    (sequence.len() % 100_000).to_string().as_bytes(),
                    5,
                    "residues",
                    first,
                )?;
                self.out.push(b' ');
                for &row in rows {
                    let component = residues.component.get(row);
                    if component.is_empty() || component.contains(&b' ') {
                        return Err(FormatError::unwritable(format!(
                            "PDB holds a sequence of names without blanks, not {} in \
                             residues.component[{row}]",
                            shown(component)
                        )));
                    }
                    self.out.push(b' ');
                    self.right(component, 3, "residues.component", row)?;
                }
                self.out.push(b'\n');
            }
        }
        Ok(())
    }

    /// SSBOND and LINK, of the first model that has each. Hydrogen bonds, salt bridges, mismatched
    /// bases and modifications have no record.
    pub(super) fn links(&mut self) -> Result<(), FormatError> {
        let Structure { links, .. } = self.structure;
        let mut written: Vec<Vec<u8>> = Vec::new();
        let is_bond = |row: &usize| LinkKind::of(links.kind[*row]).is_some_and(LinkKind::is_bond);
        for row in (0..links.len()).filter(is_bond) {
            let mut line = Vec::with_capacity(80);
            std::mem::swap(&mut line, &mut self.out);
            let ends = [links.begin[row] as usize, links.end[row] as usize];
            let made = match LinkKind::of(links.kind[row]) {
                Some(LinkKind::Disulfide) if ends.iter().all(|&end| self.is_sulfur(end)) => {
                    self.disulfide(ends)
                }
                _ => self.link(ends),
            }
            .and_then(|()| self.end_of_link(row));
            std::mem::swap(&mut line, &mut self.out);
            made?;
            written.push(line);
        }
        let mut seen = HashSet::new();
        written.retain(|line| seen.insert(line.clone()));
        let mut count = 0;
        for line in written {
            if line.starts_with(b"SSBOND") {
                count += 1;
                self.out.extend_from_slice(b"SSBOND");
                self.right((count % 1000).to_string().as_bytes(), 4, "links", 0)?;
                self.out.extend_from_slice(&line[10..]);
            } else {
                self.out.extend_from_slice(&line);
            }
        }
        Ok(())
    }

    /// Columns 60 to 78 of a line: symmetry operators, and a distance that fits.
    fn end_of_link(&mut self, row: usize) -> Result<(), FormatError> {
        let Structure { links, .. } = self.structure;
        self.out.resize(59, b' ');
        for (column, name) in [
            (&links.begin_symmetry, "links.begin_symmetry"),
            (&links.end_symmetry, "links.end_symmetry"),
        ] {
            let operator = operator_of(column.as_ref(), row);
            let digits: Vec<u8> = operator.iter().copied().filter(|&b| b != b'_').collect();
            self.right(&digits, 6, name, row)?;
            self.out.push(b' ');
        }
        let is_stated = links.distance_state.as_ref().is_none_or(|states| states[row] == 0);
        let mut distance = Vec::new();
        if let Some(column) = links.distance.as_ref().filter(|_| is_stated) {
            decimal::write(column.scaled[row], column.decimals, &mut distance);
        }
        while distance.len() > 5 && distance.contains(&b'.') && distance.ends_with(b"0") {
            distance.pop();
        }
        if distance.len() <= 5 {
            self.right(&distance, 5, "links.distance", row)?;
        }
        while self.out.ends_with(b" ") {
            self.out.pop();
        }
        self.out.push(b'\n');
        Ok(())
    }

    /// Whether SSBOND, which names no atoms, means an atom by its residue.
    fn is_sulfur(&self, atom: usize) -> bool {
        let atoms = &self.structure.atoms;
        let first = self.first_atoms[atoms.residue[atom] as usize] as usize;
        (first..=atom).find(|&row| atoms.name.get(row) == b"SG") == Some(atom)
    }

    fn disulfide(&mut self, ends: [usize; 2]) -> Result<(), FormatError> {
        self.out.extend_from_slice(b"SSBOND    ");
        for (end, gap) in ends.into_iter().zip([1, 3]) {
            self.out.resize(self.out.len() + gap, b' ');
            let start = self.out.len();
            let residue = self.structure.atoms.residue[end] as usize;
            self.residue(self.structure.residues.strand[residue] as usize, residue)?;
            // The number stands a column further than in the line of an atom.
            self.out.insert(start + 5, b' ');
        }
        Ok(())
    }

    fn link(&mut self, ends: [usize; 2]) -> Result<(), FormatError> {
        self.out.extend_from_slice(b"LINK        ");
        for (place, atom) in ends.into_iter().enumerate() {
            self.out.resize(12 + 30 * place, b' ');
            let residue = self.structure.atoms.residue[atom] as usize;
            self.name(atom);
            self.left(self.structure.atoms.altloc.get(atom), 1);
            self.residue(self.structure.residues.strand[residue] as usize, residue)?;
        }
        Ok(())
    }
}
