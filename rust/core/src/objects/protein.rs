//! Protein: its residues, by one-letter code or by chemical component name.

use crate::object_type::ObjectType;
use crate::sequence::{Alphabet, Monomer, SequenceText, ids_of, read_letters};
use crate::vocabulary::{Block, block, token};
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<ProteinS>");
pub(crate) const CLOSE: u16 = token("<ProteinE>");

/// Letters of a protein.
pub type ProteinText = SequenceText<AminoAcid>;

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
        out.between(AminoAcid::BRACKETS, &self.residues);
    }

    fn build(from: &mut Builder) -> Self {
        Protein { residues: from.between() }
    }
}

impl ObjectType for Protein {
    const WRITES_SENTENCES: bool = true;

    fn read_fast(ids: &[u16]) -> Option<Self> {
        read_letters(ids).map(|residues| Protein { residues })
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
    const KIND: &'static str = "protein";
    const BRACKETS: (u16, u16) = (OPEN, CLOSE);
}
