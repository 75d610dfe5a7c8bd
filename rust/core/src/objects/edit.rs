//! Edit: a protein with the spans to be edited marked, and its edited form.

use crate::objects::protein::{self, AminoAcid, Protein, Residue};
use crate::sequence::{Marks, Piece};
use crate::vocabulary::token;
use crate::wire::{First, Production, Reader, Result, Writer};

const OPEN: u16 = token("<EditS>");
const CLOSE: u16 = token("<EditE>");
const MARK_OPEN: u16 = token("<MarkS>");
const MARK_CLOSE: u16 = token("<MarkE>");

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
        out.token(protein::OPEN);
        out.many(&self.before);
        out.token(protein::CLOSE);
        out.one(&self.after);
        out.token(CLOSE);
    }

    fn read(from: &mut Reader) -> Result<Self> {
        from.token(OPEN)?;
        from.token(protein::OPEN)?;
        let before = from.many()?;
        from.token(protein::CLOSE)?;
        let after = from.one()?;
        from.token(CLOSE)?;
        Ok(Edit { before, after })
    }
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
    const FIRST: First = First(&[Residue::FIRST.0[0], Residue::FIRST.0[1], (MARK_OPEN, MARK_OPEN)]);

    fn write(&self, out: &mut Writer) {
        match self {
            Span::Residue(residue) => out.one(residue),
            Span::Marked(residues) => {
                out.token(MARK_OPEN);
                out.many(residues);
                out.token(MARK_CLOSE);
            }
        }
    }

    fn read(from: &mut Reader) -> Result<Self> {
        if from.peek() != Some(MARK_OPEN) {
            return from.one().map(Span::Residue);
        }
        from.skip();
        let residues = from.many()?;
        from.token(MARK_CLOSE)?;
        Ok(Span::Marked(residues))
    }
}

impl Piece for Span {
    type Letters = AminoAcid;
    const MARKS: Marks = Marks::Spans;
}
