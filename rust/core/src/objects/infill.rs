//! Infill: a sequence with holes, and what fills them, in the order of the holes.

use crate::objects::antibody::{self, Chains};
use crate::objects::nucleic_acid::{self as nucleic, Dna, Rna};
use crate::objects::protein::{self, AminoAcid};
use crate::sequence::{Alphabet, Marks, Monomer, NAME_OPEN, Piece};
use crate::vocabulary::token;
use crate::wire::{First, Production, Reader, Result, Writer, any_of};

const OPEN: u16 = token("<InfillS>");
const CLOSE: u16 = token("<InfillE>");
pub(crate) const HOLE: u16 = token("<Hole>");
const FILL: u16 = token("<Fill>");

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
}

const AS_MANY: &str = r#"as_many("<Fill>", "<Hole>")"#;

/// ```ebnf
/// infill          = "<InfillS>" ( protein_infill | dna_infill | rna_infill | antibody_infill ) "<InfillE>" ;
///     where: as_many("<Fill>", "<Hole>")
/// protein_infill  = "<ProteinS>" holed_residue* "<ProteinE>" fill* ;
/// dna_infill      = "<DnaS>" ( dna_nucleotide | "<Hole>" )* "<DnaE>" ( "<Fill>" dna_nucleotide* )* ;
/// rna_infill      = "<RnaS>" ( rna_nucleotide | "<Hole>" )* "<RnaE>" ( "<Fill>" rna_nucleotide* )* ;
/// antibody_infill = "<AntibodyS>" ( holed_heavy holed_light? | holed_light ) "<AntibodyE>" fill* ;
/// ```
impl Production for Infill {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        match self {
            Infill::Protein(template, fills) => {
                write_template(out, (protein::OPEN, protein::CLOSE), template);
                write_fills(out, holes(template), fills);
            }
            Infill::Dna(template, fills) => {
                write_template(out, (nucleic::DNA_OPEN, nucleic::DNA_CLOSE), template);
                write_fills(out, holes(template), fills);
            }
            Infill::Rna(template, fills) => {
                write_template(out, (nucleic::RNA_OPEN, nucleic::RNA_CLOSE), template);
                write_fills(out, holes(template), fills);
            }
            Infill::Antibody(template, fills) => {
                out.one(template.as_ref());
                write_fills(out, holes_of_antibody(template), fills);
            }
        }
        out.token(CLOSE);
    }

    fn read(from: &mut Reader) -> Result<Self> {
        from.token(OPEN)?;
        let infill = match from.any(TEMPLATE_FIRST)? {
            protein::OPEN => {
                let template = read_template(from, protein::CLOSE)?;
                let fills = read_fills(from, holes(&template))?;
                Infill::Protein(template, fills)
            }
            nucleic::DNA_OPEN => {
                let template = read_template(from, nucleic::DNA_CLOSE)?;
                let fills = read_fills(from, holes(&template))?;
                Infill::Dna(template, fills)
            }
            nucleic::RNA_OPEN => {
                let template = read_template(from, nucleic::RNA_CLOSE)?;
                let fills = read_fills(from, holes(&template))?;
                Infill::Rna(template, fills)
            }
            _ => {
                let template = Box::new(Chains::read_after_open(from)?);
                let fills = read_fills(from, holes_of_antibody(&template))?;
                Infill::Antibody(template, fills)
            }
        };
        if from.peek() == Some(FILL) {
            from.expect(&[(CLOSE, CLOSE)]);
            return Err(from.refuse(Some(AS_MANY)));
        }
        from.token(CLOSE)?;
        Ok(infill)
    }
}

const TEMPLATE_FIRST: First = First(&[
    (protein::OPEN, protein::OPEN),
    (nucleic::DNA_OPEN, nucleic::DNA_OPEN),
    (nucleic::RNA_OPEN, nucleic::RNA_OPEN),
    (antibody::OPEN, antibody::OPEN),
]);

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
    const FIRST: First = First(&[any_of(A::BLOCK), (NAME_OPEN, NAME_OPEN), (HOLE, HOLE)]);

    fn write(&self, out: &mut Writer) {
        match self {
            Holed::Monomer(monomer) => out.one(monomer),
            Holed::Hole => out.token(HOLE),
        }
    }

    fn read(from: &mut Reader) -> Result<Self> {
        if from.peek() == Some(HOLE) {
            from.skip();
            return Ok(Holed::Hole);
        }
        from.one().map(Holed::Monomer)
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

    fn read(from: &mut Reader) -> Result<Self> {
        from.token(FILL)?;
        from.many().map(Fill)
    }
}

fn write_template<A: Alphabet>(out: &mut Writer, brackets: (u16, u16), template: &[Holed<A>]) {
    out.token(brackets.0);
    out.many(template);
    out.token(brackets.1);
}

fn read_template<A: Alphabet>(from: &mut Reader, close: u16) -> Result<Vec<Holed<A>>> {
    let template = from.many()?;
    from.token(close)?;
    Ok(template)
}

fn write_fills<A: Alphabet>(out: &mut Writer, holes: usize, fills: &[Fill<A>]) {
    if fills.len() != holes {
        out.refuse(AS_MANY);
    }
    out.many(fills);
}

fn read_fills<A: Alphabet>(from: &mut Reader, holes: usize) -> Result<Vec<Fill<A>>> {
    let mut fills = Vec::new();
    for _ in 0..holes {
        if from.peek() == Some(CLOSE) {
            from.expect(Fill::<A>::FIRST.0);
            return Err(from.refuse(Some(AS_MANY)));
        }
        fills.push(from.one()?);
    }
    Ok(fills)
}

fn holes<A: Alphabet>(template: &[Holed<A>]) -> usize {
    template.iter().filter(|piece| matches!(piece, Holed::Hole)).count()
}

fn holes_of_antibody<A: Alphabet>(template: &Chains<Holed<A>>) -> usize {
    let light = template.light.as_ref().map(|(_, variable)| variable);
    template
        .heavy
        .iter()
        .chain(light)
        .flat_map(|variable| variable.regions.iter().chain(&variable.constant))
        .map(|region| holes(region))
        .sum()
}
