//! Nucleic acid: a strand of DNA or RNA, its nucleotides by letter or by component name.

use crate::object_type::ObjectType;
use crate::sequence::{Alphabet, Monomer, SequenceText, ids_of, read_letters};
use crate::vocabulary::{Block, block, token};
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const DNA_OPEN: u16 = token("<DnaS>");
pub(crate) const DNA_CLOSE: u16 = token("<DnaE>");
pub(crate) const RNA_OPEN: u16 = token("<RnaS>");
pub(crate) const RNA_CLOSE: u16 = token("<RnaE>");

/// Letters of DNA.
pub type DnaText = SequenceText<Dna>;

/// Letters of RNA.
pub type RnaText = SequenceText<Rna>;

/// A strand, from its 5' to its 3' end.
#[derive(Clone, Debug, PartialEq)]
pub enum NucleicAcid {
    /// A strand of DNA.
    Dna(Vec<DnaNucleotide>),
    /// A strand of RNA.
    Rna(Vec<RnaNucleotide>),
}

/// ```ebnf
/// nucleic_acid    = dna | rna ;
/// dna             = "<DnaS>" dna_nucleotide* "<DnaE>" ;
/// rna             = "<RnaS>" rna_nucleotide* "<RnaE>" ;
/// ```
impl Production for NucleicAcid {
    const FIRST: First = First(&[(DNA_OPEN, DNA_OPEN), (RNA_OPEN, RNA_OPEN)]);

    fn write(&self, out: &mut Writer) {
        match self {
            NucleicAcid::Dna(nucleotides) => out.between(Dna::BRACKETS, nucleotides),
            NucleicAcid::Rna(nucleotides) => out.between(Rna::BRACKETS, nucleotides),
        }
    }

    fn build(from: &mut Builder) -> Self {
        if from.peek() == Some(DNA_OPEN) {
            NucleicAcid::Dna(from.between())
        } else {
            NucleicAcid::Rna(from.between())
        }
    }
}

impl ObjectType for NucleicAcid {
    const WRITES_SENTENCES: bool = true;

    fn read_fast(ids: &[u16]) -> Option<Self> {
        let rna = || read_letters(ids).map(NucleicAcid::Rna);
        read_letters(ids).map(NucleicAcid::Dna).or_else(rna)
    }
}

/// One nucleotide of DNA.
pub type DnaNucleotide = Monomer<Dna>;

/// One nucleotide of RNA.
pub type RnaNucleotide = Monomer<Rna>;

/// ```ebnf
/// dna_nucleotide  = nucleotide | modified_dna ;
/// modified_dna    = "<NameS>" component_name "<NameE>" ;
///     where: not_one_of(component_name, "DA", "DC", "DG", "DT", "DU", "DI", "DN")
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dna;

impl Alphabet for Dna {
    const BLOCK: &'static Block = block("nucleotide");
    const NOUN: &'static str = "nucleotide";
    const IDS: &'static [u16; 256] = &ids_of(Self::BLOCK);
    const KIND: &'static str = "dna";
    const BRACKETS: (u16, u16) = (DNA_OPEN, DNA_CLOSE);
}

/// ```ebnf
/// rna_nucleotide  = nucleotide | modified_rna ;
/// modified_rna    = "<NameS>" component_name "<NameE>" ;
///     where: not_one_of(component_name, "A", "C", "G", "U", "I", "N")
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rna;

impl Alphabet for Rna {
    const BLOCK: &'static Block = block("nucleotide");
    const NOUN: &'static str = "nucleotide";
    const IDS: &'static [u16; 256] = &ids_of(Self::BLOCK);
    const KIND: &'static str = "rna";
    const BRACKETS: (u16, u16) = (RNA_OPEN, RNA_CLOSE);
}
