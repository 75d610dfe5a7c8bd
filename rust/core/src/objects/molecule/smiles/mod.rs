//! SMILES: the text of a molecule, read and written without any chemistry library.
//!
//! Kept: everything of `OpenSMILES`, dative (`->`, `<-`) and any (`~`) bonds as `RDKit` writes them.
//! Normalised, the molecule being the same: ring labels, where ring bonds open and which end
//! carries their symbol, parentheses around a last child, symbols that say what is implied (`-`
//! between atoms not both aromatic, `:` between aromatic ones), `@TH1` for `@`, `++` for `+2`,
//! `H0`, `+0`, isotope 0 and map 0 for nothing; and, where a ring bond does not lead to an
//! ancestor or a dot stands in a branch, the order of atoms.
//! Refused: what `OpenSMILES` refuses, and more than 255 open rings.
//!
//! Source: <http://opensmiles.org/opensmiles.html>.

mod arrange;
mod draft;
mod glyphs;
mod normal;
mod stereo;

use super::walk::Walk;
use super::{Molecule, validate};
use crate::error::TextError;
use crate::wire::{self, Production, Writer};

/// What reading SMILES after SMILES keeps, so that nothing is allocated twice.
pub struct Reader {
    walk: Walk,
}

impl Default for Reader {
    fn default() -> Self {
        Reader { walk: Walk::new() }
    }
}

impl Reader {
    /// Append the molecule's sentence.
    ///
    /// # Errors
    /// At the first character that no SMILES has there; nothing stays appended then.
    pub fn text_to_ids(&mut self, text: &[u8], out: &mut Vec<u16>) -> Result<(), TextError> {
        let start = out.len();
        if normal::text_to_ids(text, &mut self.walk, out) {
            return Ok(());
        }
        out.truncate(start);
        let molecule = from_smiles(text)?.molecule;
        let mut writer = Writer::default();
        molecule.write(&mut writer);
        out.extend(writer.finish().map_err(|error| TextError::new(0, unwritable(&error)))?);
        Ok(())
    }

    /// Check a sentence and append its SMILES.
    ///
    /// # Errors
    /// At the first token that cannot stand where it stands.
    pub fn ids_to_text(&mut self, ids: &[u16], out: &mut Vec<u8>) -> wire::Result<()> {
        let mut from = wire::Reader::new(ids);
        validate(&mut from, &mut self.walk)?;
        from.end()?;
        ids_to_text(ids, out);
        Ok(())
    }

    /// The walk, to check sentences with.
    pub(crate) fn walk(&mut self) -> &mut Walk {
        &mut self.walk
    }
}

fn unwritable(error: &crate::error::GrammarError) -> String {
    error.condition.as_deref().unwrap_or("cannot be written").to_owned()
}

/// A molecule read from a text.
#[derive(Clone, Debug)]
pub struct Arranged {
    /// The molecule.
    pub molecule: Molecule,
    /// Of each of its atoms the position among the atoms of the text.
    pub atom_order: Vec<u32>,
}

/// Read one SMILES.
///
/// # Errors
/// At the first character that no SMILES has there.
pub fn from_smiles(text: &[u8]) -> Result<Arranged, TextError> {
    arrange::arrange(&draft::read(text)?)
}

/// Append the SMILES of a checked sentence.
pub fn ids_to_text(ids: &[u16], out: &mut Vec<u8>) {
    glyphs::Renderer::new().render(ids, out);
}
