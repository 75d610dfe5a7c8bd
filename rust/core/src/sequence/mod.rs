//! Sequences: what proteins and nucleic acids share.

mod sequence_text;
mod text;

use std::marker::PhantomData;

use crate::component::{self, ComponentName};
use crate::judge;
use crate::vocabulary::Block;
use crate::wire::{Builder, First, Production, Writer, any_of};

pub use sequence_text::SequenceText;
pub(crate) use text::character;
pub use text::{Marks, from_text, to_text};

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
    /// The id of each letter; 0 for every other byte.
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
