//! Nucleic acid: a strand of DNA or RNA, its nucleotides by letter or by component name.

use crate::component::Taken;
use crate::sequence::{Alphabet, Monomer, ids_of};
use crate::sequence_text::SequenceText;
use crate::vocabulary::{Block, block, token};
use crate::wire::{First, Production, Reader, Result, Writer};

pub(crate) const DNA_OPEN: u16 = token("<DnaS>");
pub(crate) const DNA_CLOSE: u16 = token("<DnaE>");
pub(crate) const RNA_OPEN: u16 = token("<RnaS>");
pub(crate) const RNA_CLOSE: u16 = token("<RnaE>");

/// Letters of DNA.
pub type DnaText = SequenceText<Dna, DNA_OPEN, DNA_CLOSE>;

/// Letters of RNA.
pub type RnaText = SequenceText<Rna, RNA_OPEN, RNA_CLOSE>;

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
            NucleicAcid::Dna(nucleotides) => {
                out.token(DNA_OPEN);
                out.many(nucleotides);
                out.token(DNA_CLOSE);
            }
            NucleicAcid::Rna(nucleotides) => {
                out.token(RNA_OPEN);
                out.many(nucleotides);
                out.token(RNA_CLOSE);
            }
        }
    }

    fn read(from: &mut Reader) -> Result<Self> {
        if from.any(Self::FIRST)? == DNA_OPEN {
            let nucleotides = from.many()?;
            from.token(DNA_CLOSE)?;
            Ok(NucleicAcid::Dna(nucleotides))
        } else {
            let nucleotides = from.many()?;
            from.token(RNA_CLOSE)?;
            Ok(NucleicAcid::Rna(nucleotides))
        }
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
    const TAKEN: Taken = Taken {
        names: &["DA", "DC", "DG", "DT", "DU", "DI", "DN"],
        condition: r#"not_one_of(component_name, "DA", "DC", "DG", "DT", "DU", "DI", "DN")"#,
    };
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
    const TAKEN: Taken = Taken {
        names: &["A", "C", "G", "U", "I", "N"],
        condition: r#"not_one_of(component_name, "A", "C", "G", "U", "I", "N")"#,
    };
}
