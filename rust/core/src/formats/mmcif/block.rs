//! Block: the categories of a data block that a structure is read from.

use std::collections::HashSet;

use crate::formats::cif::table::{Table, category_of};
use crate::formats::cif::{Lexer, Token};
use crate::formats::error::{FormatError, shown};

/// The tables of one block; the atoms of a loop are read as they come.
#[derive(Default)]
pub(super) struct Block<'a> {
    pub name: &'a [u8],
    pub atoms: Table<'a>,
    pub displacements: Table<'a>,
    pub cell: Table<'a>,
    pub symmetry: Table<'a>,
    pub space_group: Table<'a>,
    pub entity_sequence: Table<'a>,
    pub scheme: Table<'a>,
    pub connections: Table<'a>,
    pub operators: Table<'a>,
    pub assemblies: Table<'a>,
    /// The items of these tables that are given by themselves, in small letters.
    pub items: HashSet<Vec<u8>>,
    /// Whether it has items of the CIF of a crystal.
    pub is_crystal: bool,
}

impl<'a> Block<'a> {
    /// The table of a category that is read.
    fn table(&mut self, category: &[u8]) -> Option<&mut Table<'a>> {
        let tables = [
            ("_atom_site", &mut self.atoms),
            ("_atom_site_anisotrop", &mut self.displacements),
            ("_cell", &mut self.cell),
            ("_symmetry", &mut self.symmetry),
            ("_space_group", &mut self.space_group),
            ("_entity_poly_seq", &mut self.entity_sequence),
            ("_pdbx_poly_seq_scheme", &mut self.scheme),
            ("_struct_conn", &mut self.connections),
            ("_pdbx_struct_oper_list", &mut self.operators),
            ("_pdbx_struct_assembly_gen", &mut self.assemblies),
        ];
        let mut found =
            tables.into_iter().filter(|(name, _)| category.eq_ignore_ascii_case(name.as_bytes()));
        found.next().map(|(_, table)| table)
    }

    /// Take in an item and its value.
    pub fn item(&mut self, tag: &'a [u8], lexer: &mut Lexer<'a>) -> Result<(), FormatError> {
        let Some(value) = lexer.value()? else {
            let reason = format!("expected a value of {}", shown(tag));
            return Err(FormatError::at(lexer.text, lexer.position(), reason));
        };
        self.is_crystal |= tag.to_ascii_lowercase().starts_with(b"_atom_site_label");
        let Some(table) = self.table(category_of(tag)) else { return Ok(()) };
        let is_in_loop = table.is_loop;
        if !is_in_loop {
            table.tags.push(tag);
            table.values.push(value);
        }
        if is_in_loop || !self.items.insert(tag.to_ascii_lowercase()) {
            let reason = format!("expected {} once in a block", shown(tag));
            return Err(FormatError::at(lexer.text, lexer.position_of(tag), reason));
        }
        Ok(())
    }

    /// Take in a loop. That of `_atom_site` is handed to `atoms`, with the names of its items.
    pub fn take_loop(
        &mut self,
        lexer: &mut Lexer<'a>,
        atoms: &mut impl FnMut(&[&'a [u8]], &mut Lexer<'a>) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let mut tags = Vec::new();
        let mut before;
        let first = loop {
            before = lexer.position();
            match lexer.next()? {
                Token::Tag(tag) => tags.push(tag),
                Token::Value(value) if !tags.is_empty() => break Some(value),
                _ if !tags.is_empty() => break None,
                _ => {
                    let reason = "expected the items of a loop and their values";
                    return Err(FormatError::at(lexer.text, lexer.position(), reason));
                }
            }
        };
        self.check_items(&tags, lexer)?;
        let category = category_of(tags[0]);
        if category.eq_ignore_ascii_case(b"_atom_site") && tags[0].contains(&b'.') {
            if !self.atoms.tags.is_empty() {
                let reason = "expected one table of _atom_site in a block";
                return Err(FormatError::at(lexer.text, lexer.position_of(tags[0]), reason));
            }
            if first.is_none() {
                let reason = "expected atoms, and this table has none";
                return Err(FormatError::at(lexer.text, lexer.position_of(tags[0]), reason));
            }
            self.atoms.tags.clone_from(&tags);
            self.atoms.is_loop = true;
            lexer.return_to(before);
            return atoms(&tags, lexer);
        }
        self.is_crystal |= tags[0].to_ascii_lowercase().starts_with(b"_atom_site_");
        let count = tags.len();
        let mut values = usize::from(first.is_some());
        if first.is_none() {
            lexer.return_to(before);
        }
        let table = self.table(category).filter(|_| tags[0].contains(&b'.'));
        if let Some(table) = table {
            if !table.tags.is_empty() {
                let reason = format!("expected {} once in a block", shown(category));
                return Err(FormatError::at(lexer.text, lexer.position_of(tags[0]), reason));
            }
            table.tags = tags;
            table.is_loop = true;
            table.values.extend(first);
            while let Some(value) = lexer.value()? {
                table.values.push(value);
            }
            values = table.values.len();
        } else {
            while lexer.value()?.is_some() {
                values += 1;
            }
        }
        if values % count != 0 {
            let reason = format!("expected rows of {count} values, and {values} stand before this");
            return Err(FormatError::at(lexer.text, lexer.position(), reason));
        }
        Ok(())
    }

    /// Check that a loop with items of a table that is read has no others, and each once.
    fn check_items(&mut self, tags: &[&'a [u8]], lexer: &Lexer<'a>) -> Result<(), FormatError> {
        let category = category_of(tags[0]);
        let is_read =
            tags.iter().any(|tag| tag.contains(&b'.') && self.table(category_of(tag)).is_some());
        if !is_read {
            return Ok(());
        }
        if let Some(tag) = tags.iter().find(|tag| !category_of(tag).eq_ignore_ascii_case(category))
        {
            let reason =
                format!("expected an item of {}, as before, not {}", shown(category), shown(tag));
            return Err(FormatError::at(lexer.text, lexer.position_of(tag), reason));
        }
        let mut seen = HashSet::with_capacity(tags.len());
        match tags.iter().find(|tag| !seen.insert(tag.to_ascii_lowercase())) {
            Some(tag) => {
                let reason = format!("expected {} once in a loop", shown(tag));
                Err(FormatError::at(lexer.text, lexer.position_of(tag), reason))
            }
            None => Ok(()),
        }
    }
}
