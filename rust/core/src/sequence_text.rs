//! The text of a sequence between two brackets: letters, and `(NAME)` for what has none.

use std::marker::PhantomData;

use crate::error::TextError;
use crate::sequence::{self, Alphabet, Marks, Monomer};
use crate::text::Text;
use crate::wire::{self, Reader};

/// The text of a sequence over an alphabet, whose sentence begins and ends with these tokens.
#[derive(Clone, Copy, Debug)]
pub struct SequenceText<A, const OPEN: u16, const CLOSE: u16>(PhantomData<A>);

impl<A, const OPEN: u16, const CLOSE: u16> Default for SequenceText<A, OPEN, CLOSE> {
    fn default() -> Self {
        SequenceText(PhantomData)
    }
}

impl<A: Alphabet, const OPEN: u16, const CLOSE: u16> Text for SequenceText<A, OPEN, CLOSE> {
    fn encode(&mut self, text: &[u8], ids: &mut Vec<u16>) -> Result<(), TextError> {
        ids.push(OPEN);
        sequence::text_to_ids::<A>(text, Marks::None, ids)?;
        ids.push(CLOSE);
        Ok(())
    }

    fn decode(&mut self, ids: &[u16], text: &mut Vec<u8>) -> wire::Result<()> {
        let letters = A::BLOCK.base..=A::BLOCK.last();
        // No early way out of this loop, so that it runs on whole vectors.
        let only_letters =
            |ids: &[u16]| ids.iter().fold(true, |all, id| all & letters.contains(id));
        match ids {
            [open, inner @ .., close]
                if (*open, *close) == (OPEN, CLOSE) && only_letters(inner) =>
            {
                sequence::ids_to_text(inner, text);
            }
            _ => {
                let mut from = Reader::new(ids);
                from.token(OPEN)?;
                from.many::<Monomer<A>>()?;
                from.token(CLOSE)?;
                from.end()?;
                sequence::ids_to_text(&ids[1..ids.len() - 1], text);
            }
        }
        Ok(())
    }
}
