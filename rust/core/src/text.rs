//! Text: reads and writes one kind of text, such as SMILES, without an object in between.

use crate::error::TextError;
use crate::wire;

/// One kind of text; what it allocates it keeps from row to row.
pub trait Text: Default {
    /// Append the sentence of a text.
    ///
    /// # Errors
    /// At the first character that cannot be there.
    fn encode(&mut self, text: &[u8], ids: &mut Vec<u16>) -> Result<(), TextError>;

    /// Check a sentence and append its text.
    ///
    /// # Errors
    /// At the first token that cannot be there.
    fn decode(&mut self, ids: &[u16], text: &mut Vec<u8>) -> wire::Result<()>;
}
