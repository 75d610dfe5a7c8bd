//! Write: the assemblies that REMARK 350 can say.

use super::biomolecules::{MOST_OF_MATRIX, MOST_OF_VECTOR, is_name};
use super::write::Writer;
use crate::columns::Words;
use crate::formats::assemblies::{names, operators_in};
use crate::formats::error::FormatError;
use crate::objects::structure::{Assemblies, Operators, Structure};

/// Chains in a line.
const CHAINS_OF_LINE: usize = 10;
/// The most operators that are numbered in a biomolecule.
const MOST_OPERATORS: usize = 9999;

impl Writer<'_> {
    /// Write assemblies, except those that the columns cannot say.
    pub(super) fn biomolecules(&mut self) -> Result<(), FormatError> {
        let Structure { strands, operators, assemblies, .. } = self.structure;
        let (Some(operators), Some(assemblies)) = (operators, assemblies) else { return Ok(()) };
        let mut last: Option<&[u8]> = None;
        let mut serial = 0;
        let start = self.out.len();
        for row in 0..assemblies.len() {
            let id = assemblies.id.get(row);
            let (chains, labels) = (&strands.chain, strands.label.as_ref());
            let found =
                chains_of(assemblies, row, chains, labels).zip(rows_of(assemblies, row, operators));
            let Some((listed, used)) = found.filter(|_| is_name(id)) else { continue };
            if last != Some(id) {
                (last, serial) = (Some(id), 0);
                self.text(b"REMARK 350 BIOMOLECULE: ");
                self.out.extend_from_slice(id);
                self.out.push(b'\n');
            }
            let mut prefix: &[u8] = b"REMARK 350 APPLY THE FOLLOWING TO CHAINS: ";
            for (number, some) in listed.chunks(CHAINS_OF_LINE).enumerate() {
                self.text(prefix);
                self.out.extend(some.join(&b", "[..]));
                let is_last = (number + 1) * CHAINS_OF_LINE >= listed.len();
                self.text(if is_last { b"\n" } else { b",\n" });
                prefix = b"REMARK 350                    AND CHAINS: ";
            }
            for operator in used {
                serial += 1;
                self.operator(operators, operator, serial)?;
            }
        }
        if self.out.len() > start {
            self.out.splice(start..start, *b"REMARK 350\n");
        }
        Ok(())
    }

    fn operator(
        &mut self,
        operators: &Operators,
        row: usize,
        serial: usize,
    ) -> Result<(), FormatError> {
        for (line, columns) in operators.rows().into_iter().enumerate() {
            self.out.extend(format!("REMARK 350   BIOMT{}{serial:4}", line + 1).bytes());
            for (place, column) in columns.into_iter().enumerate() {
                let width = if place == 3 { MOST_OF_VECTOR } else { MOST_OF_MATRIX };
                self.out.push(b' ');
                self.number(column, row, width, "operators")?;
            }
            self.out.push(b'\n');
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }
}

/// The chains of a row, each of one character; none where a chain has strands that are not of it.
fn chains_of<'a>(
    assemblies: &'a Assemblies,
    row: usize,
    chains: &'a Words,
    labels: Option<&'a Words>,
) -> Option<Vec<&'a [u8]>> {
    let listed: Vec<&[u8]> = names(assemblies.chains.get(row)).collect();
    let found = match labels {
        None => listed,
        Some(labels) => {
            let strands = || chains.iter().zip(labels.iter());
            let mut found: Vec<&[u8]> = Vec::new();
            for (chain, _) in strands().filter(|(_, label)| listed.contains(label)) {
                if !found.contains(&chain) {
                    found.push(chain);
                }
            }
            if strands().any(|(chain, label)| found.contains(&chain) && !listed.contains(&label)) {
                return None;
            }
            found
        }
    };
    let is_one = |name: &&[u8]| name.len() == 1 && name[0].is_ascii_graphic();
    (!found.is_empty() && found.iter().all(is_one)).then_some(found)
}

/// The rows of the operators of an assembly, whose numbers fit their columns.
fn rows_of(assemblies: &Assemblies, row: usize, operators: &Operators) -> Option<Vec<usize>> {
    let listed = operators_in(assemblies.operators.get(row))?;
    let rows: Option<Vec<usize>> = listed
        .iter()
        .map(|name| operators.id.iter().position(|id| id == name.as_slice()))
        .collect();
    rows.filter(|rows| rows.len() <= MOST_OPERATORS && rows.iter().all(|&row| fits(operators, row)))
}

/// Whether the numbers of an operator fit their columns, without zeros at their end.
fn fits(operators: &Operators, row: usize) -> bool {
    operators.rows().iter().flat_map(|columns| columns.iter().enumerate()).all(|(place, column)| {
        let width = if place == 3 { MOST_OF_VECTOR } else { MOST_OF_MATRIX };
        let (mut scaled, mut decimals) = (column.scaled[row], column.decimals);
        while decimals > 0 && scaled % 10 == 0 {
            (scaled, decimals) = (scaled / 10, decimals - 1);
        }
        let mut digits = Vec::new();
        crate::formats::decimal::write(scaled, decimals, &mut digits);
        digits.len() <= width
    })
}
