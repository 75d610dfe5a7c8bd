//! Sequences: what proteins and nucleic acids share, and their text of letters and `(NAME)`s.

use std::marker::PhantomData;

use crate::component::{self, ComponentName};
use crate::error::TextError;
use crate::judge;
use crate::vocabulary::{Block, token};
use crate::wire::{Builder, First, Production, Writer, any_of};

/// The letters of one kind of sequence.
pub trait Alphabet: Clone + std::fmt::Debug + PartialEq + 'static {
    /// The block whose tokens are its letters.
    const BLOCK: &'static Block;
    /// The kind whose sentences are sequences of it.
    const KIND: &'static str;
    /// The tokens that begin and end such a sentence.
    const BRACKETS: (u16, u16);
    /// What a letter is called in errors.
    const NOUN: &'static str;
    /// The id of each letter, 0 for what is none.
    const IDS: &'static [u16; 256];
}

/// One residue or nucleotide: by letter, or by chemical component name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Monomer<A: Alphabet> {
    /// The token of its letter.
    Letter(u16),
    /// The name of its component.
    Named(Name<A>),
}

/// The name of a component for which an alphabet has no letter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Name<A>(ComponentName, PhantomData<A>);

impl<A: Alphabet> Name<A> {
    /// The name, unless the alphabet has a letter for its component: the grammar says so.
    #[must_use]
    pub fn new(name: ComponentName) -> Option<Self> {
        let mut sentence = Writer::default();
        sentence.token(A::BRACKETS.0);
        name.write_between_brackets(&mut sentence);
        judge::begins(A::KIND, &sentence.ids).then_some(Name(name, PhantomData))
    }
}

/// The rules `residue`, `dna_nucleotide` and `rna_nucleotide`, quoted where their letters are.
impl<A: Alphabet> Production for Monomer<A> {
    const FIRST: First = First(&[any_of(A::BLOCK), (component::OPEN, component::OPEN)]);

    fn write(&self, out: &mut Writer) {
        match self {
            Monomer::Letter(id) => out.token(*id),
            Monomer::Named(Name(name, _)) => name.write_between_brackets(out),
        }
    }

    fn build(from: &mut Builder) -> Self {
        if from.peek() == Some(component::OPEN) {
            let name = ComponentName::build_between_brackets(from);
            return Monomer::Named(Name(name, PhantomData));
        }
        Monomer::Letter(from.take())
    }
}

/// The monomers of a sentence that has only letters.
pub(crate) fn read_letters<A: Alphabet>(ids: &[u16]) -> Option<Vec<Monomer<A>>> {
    Some(letters::<A>(ids)?.iter().map(|&id| Monomer::Letter(id)).collect())
}

/// The letters of a sentence that has nothing else between its brackets.
pub(crate) fn letters<A: Alphabet>(ids: &[u16]) -> Option<&[u16]> {
    let letters = A::BLOCK.base..=A::BLOCK.last();
    let [open, inner @ .., close] = ids else { return None };
    // No early way out of this loop, so that it runs on whole vectors.
    let only_letters = inner.iter().fold(true, |all, id| all & letters.contains(id));
    ((*open, *close) == A::BRACKETS && only_letters).then_some(inner)
}

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

/// The ids of a block's letters by byte, for an [`Alphabet`].
///
/// # Panics
/// At compile time, when a letter is not one byte.
#[must_use]
pub const fn ids_of(block: &Block) -> [u16; 256] {
    let mut ids = [0; 256];
    let mut r = 0;
    while r < block.runs.len() {
        assert!(block.runs[r].text.len() == 1, "a letter is one byte");
        ids[block.runs[r].text.as_bytes()[0] as usize] = block.runs[r].base;
        r += 1;
    }
    ids
}

/// What a sequence's text is made of: a monomer, or a monomer with marks around it.
pub trait Piece: Production {
    /// Its letters.
    type Letters: Alphabet;
    /// The marks that its text may hold.
    const MARKS: Marks;
}

impl<A: Alphabet> Piece for Monomer<A> {
    type Letters = A;
    const MARKS: Marks = Marks::None;
}

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
