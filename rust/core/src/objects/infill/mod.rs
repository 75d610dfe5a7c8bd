//! Infill: a template with holes, and what fills them, in the order of the holes.

pub mod grow;
mod molecule;

pub use molecule::{HoledMolecule, MoleculeFill};

use crate::error::GrammarError;
use crate::object_type::ObjectType;
use crate::objects::antibody::Chains;
use crate::objects::molecule::OPEN as MOLECULE_OPEN;
use crate::objects::nucleic_acid::{DNA_OPEN, Dna, RNA_OPEN, Rna};
use crate::objects::protein::{self, AminoAcid};
use crate::sequence::{Alphabet, Marks, Monomer, Piece};
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<InfillS>");
pub(crate) const CLOSE: u16 = token("<InfillE>");
pub(crate) const HOLE: u16 = token("<Hole>");
pub(crate) const FILL: u16 = token("<Fill>");

/// A template with holes, with as many fills.
#[derive(Clone, Debug, PartialEq)]
pub enum Infill {
    /// A protein with holes.
    Protein(Vec<Holed<AminoAcid>>, Vec<Fill<AminoAcid>>),
    /// A strand of DNA with holes.
    Dna(Vec<Holed<Dna>>, Vec<Fill<Dna>>),
    /// A strand of RNA with holes.
    Rna(Vec<Holed<Rna>>, Vec<Fill<Rna>>),
    /// An antibody with holes.
    Antibody(Box<Chains<Holed<AminoAcid>>>, Vec<Fill<AminoAcid>>),
    /// A molecule that may grow at atoms.
    Molecule(Box<HoledMolecule>, Vec<MoleculeFill>),
}

/// ```ebnf
/// infill          = "<InfillS>" ( protein_infill | dna_infill | rna_infill | antibody_infill | molecule_infill ) "<InfillE>" ;
///     where: as_many("<Fill>", "<Hole>")
/// protein_infill  = "<ProteinS>" holed_residue* "<ProteinE>" fill* ;
/// dna_infill      = "<DnaS>" ( dna_nucleotide | "<Hole>" )* "<DnaE>" ( "<Fill>" dna_nucleotide* )* ;
/// rna_infill      = "<RnaS>" ( rna_nucleotide | "<Hole>" )* "<RnaE>" ( "<Fill>" rna_nucleotide* )* ;
/// antibody_infill = "<AntibodyS>" ( holed_heavy holed_light? | holed_light ) "<AntibodyE>" fill* ;
/// molecule_infill = "<MoleculeS>" holed_component ( "." holed_component )* "<MoleculeE>" molecule_fill* ;
///     where: lowest_free(ring_open, ring_close, atom)
///     where: opened(ring_close, ring_open)
///     where: in_turn(ring_close, ring_open, atom)
///     where: unjoined(ring_close, ring_open, atom)
///     where: closes_within(ring_open, ring_close, holed_component)
///     where: closes_within(ring_open, ring_close, holed_branch)
///     where: closes_within(ring_open, ring_close, component)
///     where: closes_within(ring_open, ring_close, branch)
///     where: joins_only("-", aromatic)
///     where: joins_only("ring-", aromatic)
///     where: joins_not(":", aromatic)
///     where: joins_not("ring:", aromatic)
/// ```
impl Production for Infill {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        match self {
            Infill::Protein(template, fills) => write_filled(template, fills, out),
            Infill::Dna(template, fills) => write_filled(template, fills, out),
            Infill::Rna(template, fills) => write_filled(template, fills, out),
            Infill::Antibody(template, fills) => {
                out.one(template.as_ref());
                out.many(fills);
            }
            Infill::Molecule(template, fills) => {
                out.one(template.as_ref());
                out.many_of("fills", fills);
            }
        }
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let infill = match from.peek() {
            Some(protein::OPEN) => Infill::Protein(from.between(), from.many()),
            Some(DNA_OPEN) => Infill::Dna(from.between(), from.many()),
            Some(RNA_OPEN) => Infill::Rna(from.between(), from.many()),
            Some(MOLECULE_OPEN) => Infill::Molecule(Box::new(from.one()), from.many()),
            _ => Infill::Antibody(Box::new(from.one()), from.many()),
        };
        from.take();
        infill
    }
}

fn write_filled<A: Alphabet>(template: &[Holed<A>], fills: &[Fill<A>], out: &mut Writer) {
    out.between(A::BRACKETS, template);
    out.many(fills);
}

impl ObjectType for Infill {
    /// Up to the fills, when there are too few or too many of them.
    fn written(ids: &[u16], error: &GrammarError) -> usize {
        let fills = || ids.iter().position(|&id| id == FILL);
        let many = error.condition.as_ref().is_some_and(|which| which.starts_with("as_many"));
        many.then(fills).flatten().unwrap_or(error.position)
    }
}

/// A monomer, or a hole where some are missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Holed<A: Alphabet> {
    /// What is there.
    Monomer(Monomer<A>),
    /// What is missing.
    Hole,
}

/// ```ebnf
/// holed_heavy     = "<Heavy>" holed_variable ;
/// holed_light     = ( "<Light>" | "<Kappa>" | "<Lambda>" ) holed_variable ;
/// holed_variable  = "<FR1>" holed_residue* "<CDR1>" holed_residue* "<FR2>" holed_residue* "<CDR2>" holed_residue* "<FR3>" holed_residue* "<CDR3>" holed_residue* "<FR4>" holed_residue* holed_constant? ;
/// holed_constant  = "<Constant>" holed_residue* ;
/// holed_residue   = residue | "<Hole>" ;
/// ```
impl<A: Alphabet> Production for Holed<A> {
    const FIRST: First = First(&[Monomer::<A>::FIRST.0[0], Monomer::<A>::FIRST.0[1], (HOLE, HOLE)]);

    fn write(&self, out: &mut Writer) {
        match self {
            Holed::Monomer(monomer) => out.one(monomer),
            Holed::Hole => out.token(HOLE),
        }
    }

    fn build(from: &mut Builder) -> Self {
        if from.take_if(HOLE) { Holed::Hole } else { Holed::Monomer(from.one()) }
    }
}

impl<A: Alphabet> Piece for Holed<A> {
    type Letters = A;
    const MARKS: Marks = Marks::Holes;
}

/// What fills one hole.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill<A: Alphabet>(pub Vec<Monomer<A>>);

/// ```ebnf
/// fill            = "<Fill>" residue* ;
/// ```
impl<A: Alphabet> Production for Fill<A> {
    const FIRST: First = First(&[(FILL, FILL)]);

    fn write(&self, out: &mut Writer) {
        out.token(FILL);
        out.many(&self.0);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        Fill(from.many())
    }
}
