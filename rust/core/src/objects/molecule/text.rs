//! The text of a molecule: SMILES.

use super::smiles;
use crate::error::TextError;
use crate::text::Text;
use crate::wire;

/// SMILES.
#[derive(Default)]
pub struct MoleculeText(smiles::Reader);

impl Text for MoleculeText {
    fn encode(&mut self, text: &[u8], ids: &mut Vec<u16>) -> Result<(), TextError> {
        self.0.text_to_ids(text, ids)
    }

    fn decode(&mut self, ids: &[u16], text: &mut Vec<u8>) -> wire::Result<()> {
        self.0.ids_to_text(ids, text)
    }
}
