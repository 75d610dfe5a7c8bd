//! The text of a reaction: reaction SMILES.

use super::smiles;
use crate::error::TextError;
use crate::objects::molecule;
use crate::text::Text;
use crate::wire;

/// Reaction SMILES.
#[derive(Default)]
pub struct ReactionText(molecule::smiles::Reader);

impl Text for ReactionText {
    fn encode(&mut self, text: &[u8], ids: &mut Vec<u16>) -> Result<(), TextError> {
        smiles::text_to_ids(text, &mut self.0, ids)
    }

    fn decode(&mut self, ids: &[u16], text: &mut Vec<u8>) -> wire::Result<()> {
        smiles::ids_to_text(ids, &mut self.0, text)
    }
}
