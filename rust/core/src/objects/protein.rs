//! Protein: its residues, by one-letter code or by chemical component name.

use crate::component::Taken;
use crate::sequence::{Alphabet, Monomer, ids_of};
use crate::sequence_text::SequenceText;
use crate::vocabulary::{Block, block, token};
use crate::wire::{First, Production, Reader, Result, Writer};

pub(crate) const OPEN: u16 = token("<ProteinS>");
pub(crate) const CLOSE: u16 = token("<ProteinE>");

/// Letters of a protein.
pub type ProteinText = SequenceText<AminoAcid, OPEN, CLOSE>;

/// Residues from the amino to the carboxy terminus; caps are residues by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Protein {
    /// Its residues.
    pub residues: Vec<Residue>,
}

/// ```ebnf
/// protein  = "<ProteinS>" residue* "<ProteinE>" ;
/// ```
impl Production for Protein {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        out.many(&self.residues);
        out.token(CLOSE);
    }

    fn read(from: &mut Reader) -> Result<Self> {
        from.token(OPEN)?;
        let residues = from.many()?;
        from.token(CLOSE)?;
        Ok(Protein { residues })
    }
}

/// One residue of a protein.
pub type Residue = Monomer<AminoAcid>;

/// ```ebnf
/// residue  = amino_acid | modified_residue ;
/// modified_residue = "<NameS>" component_name "<NameE>" ;
///     where: not_one_of(component_name, "ALA", "ARG", "ASN", "ASP", "ASX", "CYS", "GLN", "GLU", "GLX", "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "PHE", "PRO", "PYL", "SEC", "SER", "THR", "TRP", "TYR", "UNK", "VAL", "XLE")
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AminoAcid;

impl Alphabet for AminoAcid {
    const BLOCK: &'static Block = block("amino_acid");
    const NOUN: &'static str = "residue";
    const IDS: &'static [u16; 256] = &ids_of(Self::BLOCK);
    const TAKEN: Taken = Taken {
        names: &[
            "ALA", "ARG", "ASN", "ASP", "ASX", "CYS", "GLN", "GLU", "GLX", "GLY", "HIS", "ILE",
            "LEU", "LYS", "MET", "PHE", "PRO", "PYL", "SEC", "SER", "THR", "TRP", "TYR", "UNK",
            "VAL", "XLE",
        ],
        condition: r#"not_one_of(component_name, "ALA", "ARG", "ASN", "ASP", "ASX", "CYS", "GLN", "GLU", "GLX", "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "PHE", "PRO", "PYL", "SEC", "SER", "THR", "TRP", "TYR", "UNK", "VAL", "XLE")"#,
    };
}
