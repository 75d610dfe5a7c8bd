//! Read: a block of an mmCIF file, to a structure.

use super::atoms::AtomTable;
use super::block::Block;
use super::{assemblies, connections, displacements, lacking, sequence};
use crate::formats::cif::table::{Table, value};
use crate::formats::cif::{Lexer, Token, Value};
use crate::formats::decimal;
use crate::formats::error::{FormatError, shown};
use crate::formats::rows::Blanks;
use crate::number::Fixed;
use crate::objects::structure::{Structure, UnitCell};

/// A structure, and what of its file it could not take.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The structure.
    pub structure: Structure,
    /// What is read and left out, with its place and the reason.
    pub left_out: Vec<FormatError>,
}

/// Read the block of a name, or the only one that has an atom table.
///
/// # Errors
/// At the first token that is not CIF, the first value that is not what its item says; when no
/// block has an atom table, or several have and none is named.
pub fn read(text: &[u8], block: Option<&[u8]>, blanks: Blanks) -> Result<Reading, FormatError> {
    let (mut block, mut atoms) = find(text, block)?;
    let ids = std::mem::take(&mut atoms.ids);
    let mut left_out: Vec<FormatError> = atoms.left_out.take().into_iter().collect();
    left_out.extend(lacking::leave_out(&mut block, text));
    let held = atoms.held();
    let mut rows = atoms.rows;
    left_out.extend(displacements::read(&block.displacements, &ids, &mut rows)?);
    left_out.extend(sequence::insert(&block, &mut rows, held)?);
    let mut structure = rows.finish(held, blanks)?;
    structure.cell = cell(&block, text, &mut left_out)?;
    left_out.extend(assemblies::read(&block.operators, &block.assemblies, &mut structure, text));
    left_out.extend(connections::read(&block.connections, &mut structure, text));
    Ok(Reading { structure, left_out })
}

/// The block to be read, and its atoms.
fn find<'a>(
    text: &'a [u8],
    wanted: Option<&[u8]>,
) -> Result<(Block<'a>, AtomTable<'a>), FormatError> {
    let mut lexer = Lexer::new(text);
    let mut found: Option<(Block, AtomTable)> = None;
    let mut names: Vec<&[u8]> = Vec::new();
    let mut is_crystal = false;
    let mut present: Option<Block> = None;
    // A save frame in the present block, of which nothing is read.
    let mut frame: Option<Block> = None;
    let mut atoms: Option<AtomTable> = None;
    loop {
        let position = lexer.position();
        let token = lexer.next()?;
        let ended = present.take_if(|_| matches!(token, Token::Block(_) | Token::End));
        if let (Some(frame), true) = (&frame, ended.is_some()) {
            let reason = format!("expected save_, which ends the frame {}", shown(frame.name));
            return Err(FormatError::at(text, position, reason));
        }
        if let Some(mut block) = ended {
            is_crystal |= block.is_crystal;
            if atoms.is_none() && block.atoms.len() > 0 && is_wanted(wanted, block.name) {
                let table = std::mem::take(&mut block.atoms);
                let mut single = AtomTable::new(&table.tags, &lexer, 1)?;
                single.row(&table.values, &lexer)?;
                atoms = Some(single);
            }
            if let Some(atoms) = atoms.take() {
                if let Some((other, _)) = &found {
                    let reason = format!(
                        "expected one block with an atom table, not {} and {}: name the block",
                        shown(other.name),
                        shown(block.name)
                    );
                    return Err(FormatError::at(text, lexer.position_of(block.name), reason));
                }
                found = Some((block, atoms));
            }
        }
        match token {
            Token::End => break,
            Token::Block(name) => {
                if wanted == Some(name) && names.contains(&name) {
                    let reason = format!("expected one block of the name {}", shown(name));
                    return Err(FormatError::at(text, lexer.position_of(name), reason));
                }
                names.push(name);
                present = Some(Block { name, ..Block::default() });
            }
            Token::Frame(name) => {
                frame = (!name.is_empty()).then(|| Block { name, ..Block::default() });
            }
            Token::Loop | Token::Tag(_) | Token::Value(_) if present.is_none() => {
                let reason = "expected a data block (data_ and its name); is this mmCIF?";
                return Err(FormatError::at(text, position, reason));
            }
            Token::Tag(tag) => {
                if let Some(block) = frame.as_mut().or(present.as_mut()) {
                    block.item(tag, &mut lexer)?;
                }
            }
            Token::Loop => {
                let is_framed = frame.is_some();
                if let Some(block) = frame.as_mut().or(present.as_mut()) {
                    let reads = !is_framed && is_wanted(wanted, block.name);
                    block.take_loop(&mut lexer, &mut |tags, lexer| {
                        if reads {
                            atoms = Some(AtomTable::read(tags, lexer)?);
                            return Ok(());
                        }
                        while lexer.value()?.is_some() {}
                        Ok(())
                    })?;
                }
            }
            Token::Value(value) => {
                let reason =
                    format!("expected the name of an item before the value {}", shown(value.text));
                return Err(FormatError::at(text, lexer.position_of(value.text), reason));
            }
        }
    }
    found.ok_or_else(|| no_atoms(text, wanted, &names, is_crystal))
}

fn is_wanted(wanted: Option<&[u8]>, name: &[u8]) -> bool {
    wanted.is_none_or(|wanted| wanted == name)
}

fn no_atoms(text: &[u8], wanted: Option<&[u8]>, names: &[&[u8]], is_crystal: bool) -> FormatError {
    const MOST: usize = 8;
    let list = names.iter().take(MOST).map(|name| shown(name)).collect::<Vec<_>>().join(", ");
    let reason = match wanted {
        Some(wanted) if !names.contains(&wanted) => {
            format!("expected a block {}; the file has {list}", shown(wanted))
        }
        _ if is_crystal => {
            "expected mmCIF, with an atom table (_atom_site.); this is the CIF of a crystal"
                .to_owned()
        }
        _ if names.is_empty() => "expected a data block (data_ and its name)".to_owned(),
        _ => format!("expected an atom table (_atom_site.) in one of the blocks {list}"),
    };
    FormatError::at(text, 0, reason)
}

/// The unit cell, when all of it is given; standard uncertainties are left out.
fn cell(
    block: &Block,
    text: &[u8],
    left_out: &mut Vec<FormatError>,
) -> Result<Option<UnitCell>, FormatError> {
    let table = &block.cell;
    let names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];
    if table.len() == 0 {
        return Ok(None);
    }
    let values = names.map(|name| value(table.column(name), 0));
    let at = |value: Value, name, reason| {
        let position = (value.text.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        FormatError::at(text, position, reason).of_item(format!("_cell.{name}"))
    };
    let mut numbers = [const { Fixed { decimals: 0, scaled: Vec::new() } }; 6];
    for ((number, value), name) in numbers.iter_mut().zip(values).zip(names) {
        if value.is_absent() {
            continue;
        }
        let at = |reason| at(value, name, reason);
        let digits = value.text.split(|&b| b == b'(').next().unwrap_or(value.text);
        if digits.len() < value.text.len() {
            left_out.push(at("a standard uncertainty".to_owned()));
        }
        let read = decimal::read(digits)
            .map_err(|expected| at(format!("expected {expected}, not {}", shown(value.text))))?;
        *number = Fixed { decimals: read.decimals, scaled: vec![read.scaled] };
    }
    if let Some(absent) = values.iter().position(|value| value.is_absent()) {
        if let Some(given) = values.iter().position(|value| !value.is_absent()) {
            let reason = format!("a unit cell of which {} is not given", names[absent]);
            left_out.push(at(values[given], names[given], reason));
        }
        return Ok(None);
    }
    let [mut a, mut b, mut c, mut alpha, mut beta, mut gamma] = numbers;
    decimal::align(&mut [&mut a, &mut b, &mut c])
        .and_then(|()| decimal::align(&mut [&mut alpha, &mut beta, &mut gamma]))
        .map_err(|expected| {
            FormatError::at(text, 0, format!("expected {expected}")).of_item("_cell")
        })?;
    let space_group = [space_group(&block.symmetry, &block.space_group)].into_iter().collect();
    Ok(Some(UnitCell { a, b, c, alpha, beta, gamma, space_group }))
}

fn space_group<'a>(symmetry: &Table<'a>, space_group: &Table<'a>) -> &'a [u8] {
    let items = [(symmetry, "space_group_name_H-M"), (space_group, "name_H-M_alt")];
    let words =
        items.map(
            |(table, item)| {
                if table.len() == 0 { &[][..] } else { value(table.column(item), 0).word() }
            },
        );
    words.into_iter().find(|word| !word.is_empty()).unwrap_or(&[])
}
