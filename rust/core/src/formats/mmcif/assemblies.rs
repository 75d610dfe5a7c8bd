//! Assemblies: operators and the chains that they copy, read and written.

use super::write::Writer;
use crate::formats::assemblies::{Rows, element, operators_of, without_blanks};
use crate::formats::cif::table::value;
use crate::formats::cif::{Table, Value};
use crate::formats::decimal::Decimal;
use crate::formats::error::{FormatError, shown};
use crate::objects::structure::{Assemblies, Operators, Structure};

/// What a file says of an assembly beside its name; there are readers that need all of it.
const DETAILS: [&str; 5] =
    ["id", "details", "method_details", "oligomeric_details", "oligomeric_count"];

/// Read both tables; one of which a value is not what its item says is returned, and none is given.
pub(super) fn read(
    operators: &Table,
    assemblies: &Table,
    structure: &mut Structure,
    text: &[u8],
) -> Option<FormatError> {
    match read_operators(operators, text)
        .and_then(|read| Ok((read, read_assemblies(assemblies, text)?)))
    {
        Ok(read) => {
            (structure.operators, structure.assemblies) = read;
            None
        }
        Err(error) => Some(error),
    }
}

fn wrong(text: &[u8], found: Value, item: &str, expected: &str) -> FormatError {
    let position = (found.text.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let reason = format!("assemblies: expected {expected}, not {}", shown(found.text));
    FormatError::at(text, position, reason).of_item(item)
}

fn read_operators(table: &Table, text: &[u8]) -> Result<Option<Operators>, FormatError> {
    if table.len() == 0 {
        return Ok(None);
    }
    let ids = table.column("id");
    let items = [1, 2, 3].map(|row| {
        [1, 2, 3, 4].map(|place| {
            if place == 4 { format!("vector[{row}]") } else { format!("matrix[{row}][{place}]") }
        })
    });
    let columns = items.each_ref().map(|row| row.each_ref().map(|item| table.column(item)));
    let mut named: Vec<(Vec<u8>, Rows)> = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        let mut rows = [[Decimal { scaled: 0, decimals: 0 }; 4]; 3];
        for ((numbers, columns), items) in rows.iter_mut().zip(&columns).zip(&items) {
            for ((number, column), item) in numbers.iter_mut().zip(columns).zip(items) {
                let found = value(*column, row);
                let item = format!("_pdbx_struct_oper_list.{item}");
                *number =
                    element(found.text).map_err(|expected| wrong(text, found, &item, expected))?;
            }
        }
        named.push((name(value(ids, row), "_pdbx_struct_oper_list.id", text)?, rows));
    }
    operators_of(&named).map(Some).map_err(|expected| {
        let first = value(columns[0][0], 0);
        wrong(text, first, "_pdbx_struct_oper_list", expected)
    })
}

fn read_assemblies(table: &Table, text: &[u8]) -> Result<Option<Assemblies>, FormatError> {
    let mut assemblies = Assemblies::default();
    let items = ["assembly_id", "asym_id_list", "oper_expression"];
    let columns = items.map(|item| table.column(item));
    for row in 0..table.len() {
        let into = [&mut assemblies.id, &mut assemblies.chains, &mut assemblies.operators];
        for ((column, item), names) in columns.iter().zip(items).zip(into) {
            let item = format!("_pdbx_struct_assembly_gen.{item}");
            names.push_word(&name(value(*column, row), &item, text)?);
        }
    }
    Ok((!assemblies.is_empty()).then_some(assemblies))
}

/// A name or a list of names, without blanks.
fn name(found: Value, item: &str, text: &[u8]) -> Result<Vec<u8>, FormatError> {
    let name = without_blanks(found.word());
    if name.is_empty() { Err(wrong(text, found, item, "a name")) } else { Ok(name) }
}

impl Writer<'_> {
    /// The assemblies of a structure and its operators.
    pub(super) fn assemblies(&mut self) -> Result<(), FormatError> {
        if let Some(assemblies) = &self.structure.assemblies {
            self.begin_loop("pdbx_struct_assembly", &DETAILS);
            for id in assemblies.id.distinct() {
                self.list(id, "assemblies.id")?;
                self.text("? ? ? ?\n");
            }
            let items = ["assembly_id", "oper_expression", "asym_id_list"];
            self.begin_loop("pdbx_struct_assembly_gen", &items);
            for row in 0..assemblies.len() {
                self.list(assemblies.id.get(row), "assemblies.id")?;
                self.list(assemblies.operators.get(row), "assemblies.operators")?;
                self.list(assemblies.chains.get(row), "assemblies.chains")?;
                self.end_row();
            }
        }
        let Some(operators) = &self.structure.operators else { return Ok(()) };
        let mut items = vec!["id".to_owned(), "type".to_owned()];
        for row in 1..=3 {
            items.extend((1..=3).map(|place| format!("matrix[{row}][{place}]")));
            items.push(format!("vector[{row}]"));
        }
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        self.begin_loop("pdbx_struct_oper_list", &items);
        for row in 0..operators.len() {
            self.list(operators.id.get(row), "operators.id")?;
            self.text("? ");
            for column in operators.rows().into_iter().flatten() {
                self.number(column, row);
            }
            self.end_row();
        }
        Ok(())
    }

    /// A name or a list of names that has no blanks, which a reader would leave out.
    fn list(&mut self, names: &[u8], column: &str) -> Result<(), FormatError> {
        if names.is_empty() || names.iter().any(u8::is_ascii_whitespace) {
            let reason =
                format!("mmCIF holds names without blanks, not {} in {column}", shown(names));
            return Err(FormatError::unwritable(reason));
        }
        self.value(names)
    }
}
