//! Write: the sentence of a structure, row by row.

use std::ops::Range;

use super::check::check;
use super::header::{Header, write_lattice};
use super::letters::{write_letters, write_marked};
use super::links::WrittenLinks;
use super::names::{Name, WrittenNames};
use super::naming::lettered;
use super::numbering::{Numbering, TOO_FAR, write_jump};
use super::plan::Plans;
use super::{StrandKind, Structure, assemblies};
use crate::component::{CLOSE as NAME_CLOSE, OPEN as NAME_OPEN};
use crate::objects::molecule::atom::{MAX_CHARGE, charge_token};
use crate::residues::{ATOM_WORDS, NONE, RESIDUES, Residue};
use crate::space::{Point, STEP, subtract, write_place};
use crate::vocabulary::{Block, block, token};
use crate::wire::Writer;

pub(super) const MODEL: u16 = token("<Model>");
/// What begins a strand of the first kind; the others follow, in the order of their codes.
pub(super) const STRANDS: u16 = token("<ProteinStrand>");
pub(super) const OTHER_SUGAR: u16 = token("<OtherSugar>");
pub(super) const LABEL: u16 = token("<Label>");
pub(super) const ENTITY: u16 = token("<Entity>");
pub(super) const SEGMENT: u16 = token("<Segment>");
pub(super) const ALT: u16 = token("<Alt>");
const NUCLEOTIDE: &Block = block("nucleotide");
pub(super) const WATER: u16 = token("Hoh");

/// As many tokens has an atom.
const USUAL_TOKENS: usize = 5;

const ASCENDING: &str = "each row is of a row of the table above it, and these ascend";

/// Write a structure between its brackets.
pub(super) fn write(structure: &Structure, out: &mut Writer) {
    let header = Header::of(structure);
    check(structure, out);
    header.write(out);
    if let Some(cell) = &structure.cell {
        write_lattice(cell, out);
    }
    assemblies::write(structure, out);
    if out.is_refused() {
        return;
    }
    out.reserve(USUAL_TOKENS * structure.atoms.len());
    let names = WrittenNames::of(&structure.atoms);
    let codes = lettered(&structure.residues);
    let links = WrittenLinks::of(&structure.links);
    let no_altloc = structure.atoms.altloc.distinct().position(<[u8]>::is_empty);
    let no_altloc = no_altloc.map(|code| code as u32);
    let plans = Plans::new(header.layout.naming);
    let one = header.one();
    let mut writing = Writing { structure, header, one, names, codes, no_altloc, plans, links };
    writing.models(out);
}

pub(super) struct Writing<'a> {
    pub structure: &'a Structure,
    pub header: Header,
    /// An occupancy of 1.
    pub one: i64,
    names: WrittenNames<'a>,
    codes: Vec<u8>,
    /// The code of no alternative location.
    no_altloc: Option<u32>,
    plans: Plans,
    links: WrittenLinks<'a>,
}

/// The rows of a table from one on that are of a row of the table above.
fn run(column: &[u32], from: usize, above: usize) -> usize {
    from + column[from..].iter().take_while(|&&row| row as usize == above).count()
}

impl Writing<'_> {
    /// ```ebnf
    /// model  = "<Model>" jump? strand* ;
    /// ```
    fn models(&mut self, out: &mut Writer) {
        let structure = self.structure;
        let (mut last, mut strand, mut residue, mut atom) = (0_i32, 0, 0, 0);
        for (model, &number) in structure.models.number.iter().enumerate() {
            out.token(MODEL);
            if !write_jump(number, last.wrapping_add(1), out) {
                out.refuse_cell("models.number", model, TOO_FAR);
            }
            last = number;
            let strands = run(&structure.strands.model, strand, model);
            for row in strand..strands {
                let residues = run(&structure.residues.strand, residue, row);
                self.strand(row, residue..residues, &mut atom, out);
                residue = residues;
            }
            strand = strands;
        }
        for (rows, written, name) in [
            (structure.strands.len(), strand, "strands.model"),
            (structure.residues.len(), residue, "residues.strand"),
            (structure.atoms.len(), atom, "atoms.residue"),
        ] {
            if written < rows {
                out.refuse_cell(name, written, ASCENDING);
            }
        }
        self.links.end(out);
    }

    /// ```ebnf
    /// strand      = strand_kind heading residue_of_strand* ;
    /// strand_kind = "<ProteinStrand>" | "<DnaStrand>" | "<RnaStrand>" | "<HeteroStrand>" ;
    /// ```
    fn strand(&mut self, row: usize, residues: Range<usize>, atom: &mut usize, out: &mut Writer) {
        let Some(kind) = StrandKind::of(self.structure.strands.kind[row]) else {
            return out.refuse_cell("strands.kind", row, "a kind of strand is 0 to 3");
        };
        out.token(STRANDS + kind as u16);
        self.heading(row, out);
        let mut numbering = Numbering::default();
        for residue in residues {
            let atoms = run(&self.structure.atoms.residue, *atom, residue);
            self.residue(residue, kind, &mut numbering, *atom..atoms, out);
            *atom = atoms;
        }
    }

    /// ```ebnf
    /// heading = letter* label? entity? segment? ;
    /// ```
    fn heading(&self, row: usize, out: &mut Writer) {
        let strands = &self.structure.strands;
        write_letters(strands.chain.get(row), out);
        for (mark, column) in
            [(LABEL, &strands.label), (ENTITY, &strands.entity), (SEGMENT, &strands.segment)]
        {
            let word = column.as_ref().map_or(&b""[..], |column| column.get(row));
            write_marked(mark, word, out);
        }
    }

    /// ```ebnf
    /// residue_of_strand = numbering ( lettered atoms? | component_of_strand named_atoms? ) ;
    /// lettered = "Ala".."Pyl" | "<OtherSugar>"? ( "nt:A".."nt:U" | "nt:I" ) | "Hoh" ;
    /// component_of_strand = "<NameS>" residue_name? "<NameE>" ;
    ///     where: not_one_of(residue_name, "A", "ALA", "ARG", "ASN", "ASP", "C", "CYS", "DA", "DC", "DG", "DI", "DT", "DU", "G", "GLN", "GLU", "GLY", "HIS", "HOH", "I", "ILE", "LEU", "LYS", "MET", "PHE", "PRO", "PYL", "SEC", "SER", "T", "THR", "TRP", "TYR", "U", "VAL")
    /// residue_name = letter letter* ;
    /// ```
    fn residue(
        &mut self,
        row: usize,
        kind: StrandKind,
        numbering: &mut Numbering,
        atoms: Range<usize>,
        out: &mut Writer,
    ) {
        let residues = &self.structure.residues;
        let place = self.codes[residues.component.codes()[row] as usize];
        let coded = (place != NONE).then(|| &RESIDUES.all[usize::from(place)]);
        let is_monomer = coded.is_some_and(|residue| residue.token() != WATER);
        numbering.write(residues, row, (kind, is_monomer), out);
        if let Some(residue) = coded {
            if is_nucleotide(residue) && residue.is_ribo() != (kind == StrandKind::Rna) {
                out.token(OTHER_SUGAR);
            }
            out.token(residue.token());
        } else {
            out.token(NAME_OPEN);
            write_letters(residues.component.get(row), out);
            out.token(NAME_CLOSE);
        }
        if coded.is_some() {
            self.atoms(place, atoms, out);
        } else {
            self.named_atoms(atoms, out);
        }
    }

    /// ```ebnf
    /// atoms             = first_atom later_atom* ;
    /// first_atom        = ( said_word | spelled )? first_point ;
    /// later_atom        = ( said_word | spelled )? later_point ;
    /// said_word         = atom_word ;
    /// ```
    fn atoms(&mut self, place: u8, atoms: Range<usize>, out: &mut Writer) {
        let first = atoms.start;
        let plan = self.plans.of(place, atoms.clone(), &self.names);
        for (row, planned) in atoms.zip(&*plan) {
            match planned.name {
                Name::Unsaid => {}
                Name::Word(word) => out.token(ATOM_WORDS.base + word),
                Name::Spelled => self.names.spell(row, out),
            }
            self.point(row, first, row - planned.back, out);
        }
    }

    /// ```ebnf
    /// named_atoms       = first_named_atom later_named_atom* ;
    /// first_named_atom  = ( atom_word | spelled ) first_point ;
    /// later_named_atom  = ( atom_word | spelled ) later_point ;
    /// ```
    fn named_atoms(&mut self, atoms: Range<usize>, out: &mut Writer) {
        let first = atoms.start;
        for row in atoms {
            match self.names.word(row) {
                Some(word) => out.token(ATOM_WORDS.base + word),
                None => self.names.spell(row, out),
            }
            self.point(row, first, row.saturating_sub(1), out);
        }
    }

    /// ```ebnf
    /// first_point = altloc? charge? place occupancy? residue_b_factor? anisotropic? residue_link* ;
    /// later_point = altloc? charge? step occupancy? atom_b_factor? anisotropic? residue_link* ;
    /// ```
    #[inline]
    fn point(&mut self, row: usize, first: usize, parent: usize, out: &mut Writer) {
        let atoms = &self.structure.atoms;
        if Some(atoms.altloc.codes()[row]) != self.no_altloc {
            write_marked(ALT, atoms.altloc.get(row), out);
        }
        match atoms.charge[row] {
            0 => {}
            charge if charge.unsigned_abs() <= MAX_CHARGE as u8 => out.token(charge_token(charge)),
            _ => out.refuse_cell("atoms.charge", row, "a charge is from -15 to +15"),
        }
        if row == first {
            write_place(self.at(row), self.header.grid, out);
        } else {
            STEP.write(subtract(self.at(row), self.at(parent)), self.header.grid, out);
        }
        self.occupancy(row, out);
        self.b_factor(row, first, out);
        self.anisotropic(row, out);
        self.links.write(row, out);
    }

    #[inline]
    fn at(&self, row: usize) -> Point {
        let atoms = &self.structure.atoms;
        [atoms.x.scaled[row], atoms.y.scaled[row], atoms.z.scaled[row]]
    }
}

/// Whether a residue is a nucleotide.
fn is_nucleotide(residue: &Residue) -> bool {
    NUCLEOTIDE.has(residue.token())
}

const _: () = assert!(token("<HeteroStrand>") == STRANDS + StrandKind::Hetero as u16);
