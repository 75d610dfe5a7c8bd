//! The text of a sequence: letters, `(NAME)` for what has none, and marks.

use super::{Alphabet, Name, Piece};
use crate::component::{self, ComponentName};
use crate::error::TextError;
use crate::vocabulary::token;
use crate::wire::{Builder, Writer};

/// Which marks a text may hold beside letters and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// None.
    None,
    /// `_` for a hole.
    Holes,
    /// `[` and `]` around a span.
    Spans,
}

const HOLE: u16 = token("<Hole>");
const SPAN_OPEN: u16 = token("<MarkS>");
const SPAN_CLOSE: u16 = token("<MarkE>");

/// Append the tokens of a sequence's text.
///
/// # Errors
/// At the first character that is not of the alphabet; nothing stays appended then.
pub fn text_to_ids<A: Alphabet>(
    text: &[u8],
    marks: Marks,
    out: &mut Vec<u16>,
) -> std::result::Result<(), TextError> {
    let start = out.len();
    let mut strange = false;
    out.extend(text.iter().map(|&b| {
        let id = A::IDS[usize::from(b)];
        strange |= id == 0;
        id
    }));
    if !strange {
        return Ok(());
    }
    out.truncate(start);
    let result = text_with_names_to_ids::<A>(text, marks, out);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn text_with_names_to_ids<A: Alphabet>(
    text: &[u8],
    marks: Marks,
    out: &mut Vec<u16>,
) -> std::result::Result<(), TextError> {
    let mut at = 0;
    let mut span: Option<usize> = None;
    while let Some(&b) = text.get(at) {
        match b {
            b'(' => {
                let name = name_at::<A>(text, at)?;
                let mut named = Writer::default();
                name.write_between_brackets(&mut named);
                out.extend_from_slice(&named.ids);
                at += name.as_bytes().len() + 2;
                continue;
            }
            b'_' if marks == Marks::Holes => out.push(HOLE),
            b'[' if marks == Marks::Spans && span.is_none() => {
                span = Some(at);
                out.push(SPAN_OPEN);
            }
            b']' if marks == Marks::Spans && span.is_some() => {
                span = None;
                out.push(SPAN_CLOSE);
            }
            _ => match A::IDS[usize::from(b)] {
                0 => return Err(strange_letter::<A>(text, at)),
                id => out.push(id),
            },
        }
        at += 1;
    }
    match span {
        Some(at) => {
            Err(TextError::new(character(text, at), "expected ] after the span that begins"))
        }
        None => Ok(()),
    }
}

fn name_at<A: Alphabet>(text: &[u8], at: usize) -> std::result::Result<ComponentName, TextError> {
    let rest = &text[at + 1..];
    let length = rest.iter().position(|&b| b == b')').ok_or_else(|| {
        TextError::new(character(text, at), "expected ) after the component name that begins")
    })?;
    let name = std::str::from_utf8(&rest[..length]).ok().and_then(ComponentName::new);
    let name = name.ok_or_else(|| {
        TextError::new(
            character(text, at + 1),
            "expected a component name of 1 to 5 characters A-Z or 0-9",
        )
    })?;
    if Name::<A>::new(name).is_none() {
        let written = String::from_utf8_lossy(name.as_bytes()).into_owned();
        let reason = format!("{written} has a letter of its own; expected that {}", A::NOUN);
        return Err(TextError::new(character(text, at + 1), reason));
    }
    Ok(name)
}

fn strange_letter<A: Alphabet>(text: &[u8], at: usize) -> TextError {
    let position = character(text, at);
    let tail = String::from_utf8_lossy(&text[at..]);
    let found = tail.chars().next().unwrap_or_default();
    let upper = found.to_ascii_uppercase();
    if found != upper && A::IDS[upper as usize & 0xff] != 0 {
        let reason = format!("lower-case {found:?} (soft-masked?); expected {} {upper}", A::NOUN);
        return TextError::new(position, reason);
    }
    TextError::new(position, format!("{found:?} is not a {}; expected one, or (NAME)", A::NOUN))
}

/// The character index of a byte index.
pub(crate) fn character(text: &[u8], at: usize) -> usize {
    text[..at].iter().filter(|&&b| b & 0xC0 != 0x80).count()
}

/// Append the text of the tokens of a sequence, which were checked before.
pub fn ids_to_text(ids: &[u16], out: &mut Vec<u8>) {
    out.extend(ids.iter().map(|&id| GLYPHS[usize::from(id) & (GLYPHS.len() - 1)]));
}

/// The one-byte glyphs of letters, names and their brackets, by id.
const GLYPHS: [u8; 256] = {
    let mut glyphs = [0; 256];
    let mut b = 0;
    let blocks = crate::vocabulary::BLOCKS;
    while b < blocks.len() && blocks[b].base < 256 {
        let mut r = 0;
        while r < blocks[b].runs.len() {
            let run = &blocks[b].runs[r];
            if run.text.len() == 1 && run.count == 1 {
                glyphs[run.base as usize] = run.text.as_bytes()[0];
            }
            r += 1;
        }
        b += 1;
    }
    glyphs
};

const _: () = assert!(component::CLOSE < 256);

/// The text of pieces.
#[must_use]
pub fn to_text<P: Piece>(pieces: &[P]) -> String {
    let mut written = Writer::default();
    written.many(pieces);
    let glyph = |&id: &u16| match id {
        HOLE => '_',
        SPAN_OPEN => '[',
        SPAN_CLOSE => ']',
        id => char::from(GLYPHS[usize::from(id) % GLYPHS.len()]),
    };
    written.ids.iter().map(glyph).collect()
}

/// The pieces of a text.
///
/// # Errors
/// At the first character that cannot stand where it stands.
pub fn from_text<P: Piece>(text: &str) -> std::result::Result<Vec<P>, TextError> {
    let mut ids = Vec::with_capacity(text.len());
    text_to_ids::<P::Letters>(text.as_bytes(), P::MARKS, &mut ids)?;
    Ok(Builder(&ids).many())
}
