//! SMILES: the text of a molecule, read and written without any chemistry library.
//!
//! Kept: everything of `OpenSMILES`, dative (`->`, `<-`) and any (`~`) bonds as `RDKit` writes them.
//! Normalised, the molecule being the same: ring labels, where ring bonds open and which end
//! carries their symbol, parentheses around a last child, symbols that say what is implied (`-`
//! between atoms not both aromatic, `:` between aromatic ones), `@TH1` for `@`, `++` for `+2`,
//! leading zeros, `H0`, `+0`, isotope 0 and map 0 for nothing; and, where a ring bond does not lead
//! to an ancestor or a dot stands in a branch, the order of atoms.
//! Read though `OpenSMILES` has no rule for them: `%(100)`, ring labels after a branch (but at an
//! atom of @SP, @TB or @OH, where readers disagree), and a backslash twice for once.
//! Refused: what else `OpenSMILES` refuses, no atoms, white space, symbols at the two ends of a ring
//! bond that contradict each other, and more than 255 rings open at once.
//!
//! Source: <http://opensmiles.org/opensmiles.html>.

pub(super) mod arrange;
mod cumulene;
mod cursor;
pub(super) mod draft;
mod glyphs;
mod naming;
mod normal;
mod single_atom;
mod stereo;

use super::symbol::SYMBOL;
use super::walk::Walk;
use super::{Molecule, length};
use crate::error::TextError;
use crate::judge::judge_as;
use crate::sequence::character;
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
        if normal::text_to_ids(text, &mut self.walk, out) {
            return Ok(());
        }
        Self::any_text_to_ids(text, out)
    }

    /// Any SMILES; apart, so that the road of those in normal form stays short.
    #[inline(never)]
    fn any_text_to_ids(text: &[u8], out: &mut Vec<u16>) -> Result<(), TextError> {
        let draft = draft::read(text)?;
        let Arranged { molecule, atom_order } = arrange::arrange_text(&draft, text)?;
        let mut writer = Writer::default();
        molecule.write(&mut writer);
        let atoms = writer.ids.iter().filter(|&&id| SYMBOL.has(id)).count();
        let written = writer.finish().map_err(|error| {
            let last = draft.atom(atom_order[atoms.saturating_sub(1)]);
            TextError::new(character(text, last.at), error.condition.unwrap_or_default())
        })?;
        out.extend(written);
        Ok(())
    }

    /// Check a sentence and append its SMILES.
    ///
    /// # Errors
    /// At the first token that cannot stand where it stands.
    pub fn ids_to_text(&mut self, ids: &[u16], out: &mut Vec<u8>) -> wire::Result<()> {
        if length(ids, &mut self.walk) != Some(ids.len()) {
            judge_as("molecule", ids)?;
        }
        ids_to_text(ids, out);
        Ok(())
    }

    /// The walk, to check sentences with.
    pub(crate) fn walk(&mut self) -> &mut Walk {
        &mut self.walk
    }
}

/// A molecule read from a text or made of a graph.
#[derive(Clone, Debug)]
pub struct Arranged {
    /// The molecule.
    pub molecule: Molecule,
    /// Of each of its atoms the position among the atoms of the text, or its row in the graph.
    pub atom_order: Vec<u32>,
}

/// Read one SMILES.
///
/// # Errors
/// At the first character that no SMILES has there.
pub fn from_smiles(text: &[u8]) -> Result<Arranged, TextError> {
    arrange::arrange_text(&draft::read(text)?, text)
}

/// Append the SMILES of a checked sentence.
pub fn ids_to_text(ids: &[u16], out: &mut Vec<u8>) {
    glyphs::Renderer::new().render(ids, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What fuzzing found once.
    #[test]
    fn findings_stay_fixed() {
        for (text, position) in [
            // A number that overflows before it is too long.
            ("[4294967296C]", 10),
            ("[C:4294967296]", 12),
        ] {
            let error = from_smiles(text.as_bytes()).expect_err(text);
            assert_eq!(error.position, position, "{text}");
            let mut ids = Vec::new();
            assert_eq!(Reader::default().text_to_ids(text.as_bytes(), &mut ids), Err(error));
            assert_eq!(ids, []);
        }
    }
}
