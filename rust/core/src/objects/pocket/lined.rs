//! Lined: a chain whose residues line sites, and may be spelled out as molecules.

use crate::columns;
use crate::objects::molecule::{self, Molecule};
use crate::objects::nucleic_acid::{DNA_OPEN, Dna, NucleicAcid, RNA_OPEN, Rna};
use crate::objects::protein::{self, AminoAcid, Protein};
use crate::sequence::{Alphabet, Monomer};
use crate::vocabulary::{Block, block};
use crate::wire::{Builder, First, Production, Writer};

const SITE: &Block = block("site");

/// A chain, and what is said of its residues.
#[derive(Clone, Debug, PartialEq)]
pub struct Lined {
    /// Its residues.
    pub chain: Chain,
    /// Which sites they line.
    pub sites: Sites,
    /// Those that are spelled out, in their order.
    pub spelled: Vec<Spelled>,
}

/// A protein or a strand of a nucleic acid.
#[derive(Clone, Debug, PartialEq)]
pub enum Chain {
    /// A protein.
    Protein(Protein),
    /// A strand.
    NucleicAcid(NucleicAcid),
}

columns! {
    /// The sites that residues line, by residue and site.
    pub struct Sites of Site {
        /// The residue, counted from 0 in its chain.
        residue: Vec<u32>,
        /// The site, from 1 to 63.
        site: Vec<u8>,
    }
}

/// A residue as a molecule.
#[derive(Clone, Debug, PartialEq)]
pub struct Spelled {
    /// The residue, counted from 0 in its chain.
    pub residue: u32,
    /// What it is.
    pub molecule: Molecule,
}

impl Lined {
    /// How many residues it has.
    #[must_use]
    pub fn residues(&self) -> usize {
        match &self.chain {
            Chain::Protein(Protein { residues }) => residues.len(),
            Chain::NucleicAcid(NucleicAcid::Dna(nucleotides)) => nucleotides.len(),
            Chain::NucleicAcid(NucleicAcid::Rna(nucleotides)) => nucleotides.len(),
        }
    }

    fn write_residues<A: Alphabet>(&self, residues: &[Monomer<A>], out: &mut Writer) {
        out.token(A::BRACKETS.0);
        let mut spelled = self.spelled.iter().peekable();
        let mut row = 0;
        for (place, residue) in residues.iter().enumerate() {
            out.one(residue);
            if let Some(one) = spelled.next_if(|one| one.residue as usize == place) {
                out.part_of("spelled", &one.molecule);
            }
            let start = row;
            while self.sites.residue.get(row).is_some_and(|&of| of as usize == place) {
                self.write_site(start, row, out);
                row += 1;
            }
        }
        if row < self.sites.len() {
            let reason = "sites are those of residues of the chain, in the order of these";
            out.refuse_cell("sites.residue", row, reason);
        }
        if spelled.next().is_some() {
            out.refuse(
                "what is spelled out are residues of the chain, each once and in their order",
            );
        }
        out.token(A::BRACKETS.1);
    }

    /// Write a row of the sites, of which those of its residue begin at another.
    fn write_site(&self, start: usize, row: usize, out: &mut Writer) {
        let site = self.sites.site[row];
        if !(1..=SITE.assigned() as u8).contains(&site) {
            return out.refuse_cell("sites.site", row, "a site is 1 to 63");
        }
        if row > start && self.sites.site[row - 1] >= site {
            return out.refuse_cell("sites.site", row, "the sites of a residue ascend");
        }
        out.token(SITE.base + u16::from(site) - 1);
    }

    fn build_residues<A: Alphabet>(&mut self, from: &mut Builder) -> Vec<Monomer<A>> {
        from.take();
        let mut residues = Vec::new();
        while from.at(Monomer::<A>::FIRST) {
            let residue = residues.len() as u32;
            residues.push(from.one());
            if from.peek() == Some(molecule::OPEN) {
                self.spelled.push(Spelled { residue, molecule: from.one() });
            }
            while let Some(id) = from.peek().filter(|&id| SITE.has(id)) {
                from.take();
                self.sites.push(Site { residue, site: (id - SITE.base) as u8 + 1 });
            }
        }
        from.take();
        residues
    }
}

/// ```ebnf
/// lined         = "<ProteinS>" lined_residue* "<ProteinE>" | "<DnaS>" lined_dna* "<DnaE>" | "<RnaS>" lined_rna* "<RnaE>" ;
/// lined_residue = residue molecule? site* ;
///     where: rising(site)
/// lined_dna     = dna_nucleotide molecule? site* ;
///     where: rising(site)
/// lined_rna     = rna_nucleotide molecule? site* ;
///     where: rising(site)
/// ```
impl Production for Lined {
    const FIRST: First =
        First(&[(protein::OPEN, protein::OPEN), (DNA_OPEN, DNA_OPEN), (RNA_OPEN, RNA_OPEN)]);

    fn write(&self, out: &mut Writer) {
        match &self.chain {
            Chain::Protein(Protein { residues }) => self.write_residues(residues, out),
            Chain::NucleicAcid(NucleicAcid::Dna(strand)) => self.write_residues(strand, out),
            Chain::NucleicAcid(NucleicAcid::Rna(strand)) => self.write_residues(strand, out),
        }
    }

    fn build(from: &mut Builder) -> Self {
        let empty = Chain::Protein(Protein { residues: Vec::new() });
        let mut lined = Lined { chain: empty, sites: Sites::default(), spelled: Vec::new() };
        lined.chain = match from.peek() {
            Some(DNA_OPEN) => {
                Chain::NucleicAcid(NucleicAcid::Dna(lined.build_residues::<Dna>(from)))
            }
            Some(RNA_OPEN) => {
                Chain::NucleicAcid(NucleicAcid::Rna(lined.build_residues::<Rna>(from)))
            }
            _ => Chain::Protein(Protein { residues: lined.build_residues::<AminoAcid>(from) }),
        };
        lined
    }
}
