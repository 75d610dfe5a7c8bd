//! Parts: the blocks of an mmCIF file that are structures, each to be read as a file by itself.

use std::ops::Range;

use crate::formats::cif::table::category_of;
use crate::formats::cif::{Lexer, Token};
use crate::formats::error::FormatError;

/// A block of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its bytes, from `data_` to the next block or the end.
    pub bytes: Range<usize>,
}

/// The blocks that have an atom table, in their order; the whole file where none has one, so that
/// reading it says why.
///
/// # Errors
/// At the first token that is not CIF.
pub fn parts(text: &[u8]) -> Result<Vec<Part<'_>>, FormatError> {
    let mut words = begins(text);
    let first = words.next();
    // Nearly all files have one block, and that is known without reading their tokens.
    if words.next().is_none() {
        let name = first.map_or(&[][..], |start| name_at(text, start));
        return Ok(vec![Part { name, bytes: 0..text.len() }]);
    }
    let mut lexer = Lexer::new(text);
    let mut found: Vec<Part> = Vec::new();
    let mut present: Option<Part> = None;
    let mut has_atoms = false;
    let mut is_in_frame = false;
    loop {
        let token = lexer.next()?;
        match token {
            Token::Block(_) | Token::End => {
                let end = match token {
                    Token::Block(name) => lexer.position_of(name) - WORD.len(),
                    _ => text.len(),
                };
                if let Some(mut part) = present.take().filter(|_| has_atoms) {
                    part.bytes.end = end;
                    found.push(part);
                }
                (has_atoms, is_in_frame) = (false, false);
                let Token::Block(name) = token else { break };
                present = Some(Part { name, bytes: end..end });
            }
            Token::Tag(tag) => {
                let is_atoms = category_of(tag).eq_ignore_ascii_case(b"_atom_site");
                has_atoms |= is_atoms && !is_in_frame && tag.contains(&b'.');
            }
            Token::Frame(name) => is_in_frame = !name.is_empty(),
            Token::Loop | Token::Value(_) => {}
        }
    }
    if found.is_empty() {
        found.push(Part { name: &[], bytes: 0..text.len() });
    }
    Ok(found)
}

const WORD: &[u8] = b"data_";

/// Where `data_` is at the beginning of a word, which may be within a text.
fn begins(text: &[u8]) -> impl Iterator<Item = usize> {
    let is_begin = move |&at: &usize| {
        let before = at.checked_sub(WORD.len()).map(|start| (start, start.checked_sub(1)));
        before.is_some_and(|(start, before)| {
            text[start..at].eq_ignore_ascii_case(WORD)
                && before.is_none_or(|before| text[before] <= b' ' || text[before] > 0x7e)
        })
    };
    let ends = text.iter().enumerate().filter(|(_, b)| **b == b'_').map(|(at, _)| at + 1);
    ends.filter(is_begin).map(|at| at - WORD.len())
}

/// The name of the block that begins at a place.
fn name_at(text: &[u8], start: usize) -> &[u8] {
    let rest = &text[start + WORD.len()..];
    rest.split(|&b| b <= b' ').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of each part and the text that it begins with.
    fn found(text: &str) -> Vec<(String, String)> {
        let owned = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let parts = parts(text.as_bytes()).unwrap();
        parts
            .into_iter()
            .map(|part| (owned(part.name), owned(&text.as_bytes()[part.bytes])))
            .collect()
    }

    fn part(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn each_block_with_an_atom_table_is_a_part() {
        let (a, b, c) = (
            "data_a\nloop_ _atom_site.id 1 2\n",
            "DATA_b _cell.length_a 3\n",
            "data_a _ATOM_SITE.Cartn_x 1",
        );
        let text = format!("# data_0\n{a}{b}{c}");
        assert_eq!(found(&text), [part("a", a), part("a", c)]);
        assert_eq!(found(b), [part("b", b)]);
        assert_eq!(found(&format!("{b}{b}")), [part("", &format!("{b}{b}"))]);
        assert_eq!(found(""), [part("", "")]);
    }

    #[test]
    fn what_is_within_a_text_is_not_a_block() {
        let text = "data_a _struct.title\n;\ndata_b\n;\n_atom_site.id 'x data_c' # data_d\n";
        assert_eq!(found(text), [part("a", text)]);
        assert_eq!(
            found("data_a _x.data_y metadata_z"),
            [part("a", "data_a _x.data_y metadata_z")]
        );
    }

    #[test]
    fn atoms_in_a_frame_are_not_of_the_block() {
        let b = "data_b _atom_site.id 1";
        let a = "data_a save_x loop_ _atom_site.id 1 save_ ";
        assert_eq!(found(&format!("{a}{b}")), [part("b", b)]);
        let both = format!("{a}_atom_site.id 1 ");
        assert_eq!(found(&format!("{both}{b}")), [part("a", &both), part("b", b)]);
    }

    #[test]
    fn an_error_has_its_place() {
        let error = parts(b"data_a\ndata_b\n_x 'open\n").unwrap_err();
        assert_eq!((error.line, error.column), (3, 4));
    }
}
