//! Edit: a protein with the spans to be edited marked, and its edited form.

use crate::object_type::ObjectType;
use crate::objects::protein::{AminoAcid, Protein, Residue};
use crate::sequence::{Alphabet, Marks, Piece};
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

const OPEN: u16 = token("<EditS>");
const CLOSE: u16 = token("<EditE>");
const MARKS: (u16, u16) = (token("<MarkS>"), token("<MarkE>"));

/// What a protein was, marked, and what it became.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The original, in spans.
    pub before: Vec<Span>,
    /// The edited form.
    pub after: Protein,
}

/// ```ebnf
/// edit           = "<EditS>" marked_protein protein "<EditE>" ;
/// marked_protein = "<ProteinS>" ( residue | marked )* "<ProteinE>" ;
/// ```
impl Production for Edit {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        out.between(AminoAcid::BRACKETS, &self.before);
        out.one(&self.after);
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let edit = Edit { before: from.between(), after: from.one() };
        from.take();
        edit
    }
}

impl ObjectType for Edit {
    const WRITES_SENTENCES: bool = true;
}

/// A residue that stays, or a span of residues to be edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Outside the marks.
    Residue(Residue),
    /// Between two marks; empty where something is to be inserted.
    Marked(Vec<Residue>),
}

/// ```ebnf
/// marked         = "<MarkS>" residue* "<MarkE>" ;
/// ```
impl Production for Span {
    const FIRST: First = First(&[Residue::FIRST.0[0], Residue::FIRST.0[1], (MARKS.0, MARKS.0)]);

    fn write(&self, out: &mut Writer) {
        match self {
            Span::Residue(residue) => out.one(residue),
            Span::Marked(residues) => out.between(MARKS, residues),
        }
    }

    fn build(from: &mut Builder) -> Self {
        if from.peek() == Some(MARKS.0) {
            Span::Marked(from.between())
        } else {
            Span::Residue(from.one())
        }
    }
}

impl Piece for Span {
    type Letters = AminoAcid;
    const MARKS: Marks = Marks::Spans;
}
