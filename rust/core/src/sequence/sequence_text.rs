//! The text of a sequence between two brackets: letters, and `(NAME)` for what has none.

use std::marker::PhantomData;

use super::text::{Marks, ids_to_text, text_to_ids};
use super::{Alphabet, letters};
use crate::error::TextError;
use crate::judge::judge_as;
use crate::text::Text;
use crate::wire;

/// The text of a sequence over an alphabet.
#[derive(Clone, Copy, Debug)]
pub struct SequenceText<A>(PhantomData<A>);

impl<A> Default for SequenceText<A> {
    fn default() -> Self {
        SequenceText(PhantomData)
    }
}

impl<A: Alphabet> Text for SequenceText<A> {
    fn encode(&mut self, text: &[u8], ids: &mut Vec<u16>) -> Result<(), TextError> {
        ids.push(A::BRACKETS.0);
        text_to_ids::<A>(text, Marks::None, ids)?;
        ids.push(A::BRACKETS.1);
        Ok(())
    }

    fn decode(&mut self, ids: &[u16], text: &mut Vec<u8>) -> wire::Result<()> {
        if letters::<A>(ids).is_none() {
            judge_as(A::KIND, ids)?;
        }
        ids_to_text(&ids[1..ids.len() - 1], text);
        Ok(())
    }
}
