//! Write: the sentence of a structure, row by row.

use super::header::{Header, write_lattice};
use super::letters::{UNPRINTABLE, write_letters, write_marked};
use super::names::WrittenNames;
use super::naming::lettered;
use super::numbering::{Numbering, TOO_FAR, write_jump};
use super::placed::Placed;
use super::{Factors, StrandKind, Structure};
use crate::component::{CLOSE as NAME_CLOSE, OPEN as NAME_OPEN};
use crate::number::write_number;
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
pub(super) const OCCUPANCY: u16 = token("<Occupancy>");
pub(super) const ANISOTROPIC: u16 = token("<Anisotropic>");
const NUCLEOTIDE: &Block = block("nucleotide");
pub(super) const WATER: u16 = token("Hoh");

const ASCENDING: &str = "each row is of a row of the table above it, and these ascend";
const EMPTY: &str = "a column of which nothing is given is absent";

/// Write a structure between its brackets.
pub(super) fn write(structure: &Structure, out: &mut Writer) {
    let header = Header::of(structure);
    check(structure, out);
    header.write(out);
    if let Some(cell) = &structure.cell {
        write_lattice(cell, out);
    }
    if out.is_refused() {
        return;
    }
    let names = WrittenNames::of(&structure.atoms);
    let codes = lettered(&structure.residues);
    let mut writing = Writing { structure, header, names, codes, placed: Placed::new() };
    writing.models(out);
}

/// What is of the whole columns.
fn check(structure: &Structure, out: &mut Writer) {
    let atoms = &structure.atoms;
    if [&atoms.y, &atoms.z].iter().any(|column| column.decimals != atoms.x.decimals) {
        out.refuse("coordinates have one count of decimals");
    }
    let of = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
    let decimals = of.map(|column| column.as_ref().map(|column| column.decimals));
    if decimals.iter().any(|each| *each != decimals[0]) {
        out.refuse("anisotropic displacements have six columns with one count of decimals");
    }
    if !structure.links.is_empty() {
        out.refuse("links cannot be written yet: leave them out with `without_links`");
    }
    let residues = &structure.residues;
    for (column, name, of) in [
        (&residues.number_state, "residues.number_state", true),
        (&residues.label_seq_state, "residues.label_seq_state", residues.label_seq.is_some()),
        (&atoms.b_factor_state, "atoms.b_factor_state", atoms.b_factor.is_some()),
        (&atoms.anisotropic_state, "atoms.anisotropic_state", atoms.u11.is_some()),
    ] {
        if column.as_ref().is_some_and(|states| !of || states.iter().all(|&state| state == 0)) {
            out.refuse_cell(name, 0, "a column of states has one that is not 0, and its column");
        }
    }
    let strands = &structure.strands;
    for (column, name) in [
        (&strands.label, "strands.label"),
        (&strands.entity, "strands.entity"),
        (&strands.segment, "strands.segment"),
    ] {
        if column.as_ref().is_some_and(|words| words.distinct().all(<[u8]>::is_empty)) {
            out.refuse_cell(name, 0, EMPTY);
        }
    }
}

struct Writing<'a> {
    structure: &'a Structure,
    header: Header,
    names: WrittenNames<'a>,
    codes: Vec<u8>,
    placed: Placed,
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
    }

    /// ```ebnf
    /// strand      = strand_kind heading residue_of_strand* ;
    /// strand_kind = "<ProteinStrand>" | "<DnaStrand>" | "<RnaStrand>" | "<HeteroStrand>" ;
    /// ```
    fn strand(
        &mut self,
        row: usize,
        residues: std::ops::Range<usize>,
        atom: &mut usize,
        out: &mut Writer,
    ) {
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
        if !write_letters(strands.chain.get(row), out) {
            out.refuse_cell("strands.chain", row, UNPRINTABLE);
        }
        for (mark, column, name) in [
            (LABEL, &strands.label, "strands.label"),
            (ENTITY, &strands.entity, "strands.entity"),
            (SEGMENT, &strands.segment, "strands.segment"),
        ] {
            let word = column.as_ref().map_or(&b""[..], |column| column.get(row));
            if !write_marked(mark, word, out) {
                out.refuse_cell(name, row, UNPRINTABLE);
            }
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
        atoms: std::ops::Range<usize>,
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
            if !write_letters(residues.component.get(row), out) {
                out.refuse_cell("residues.component", row, UNPRINTABLE);
            }
            out.token(NAME_CLOSE);
        }
        self.placed.begin(atoms.start);
        let mut turn = 0;
        let first = atoms.start;
        for atom in atoms {
            self.atom(atom, first, coded, &mut turn, out);
        }
    }

    /// ```ebnf
    /// atoms             = first_atom later_atom* ;
    /// first_atom        = ( said_word | spelled )? first_point ;
    /// later_atom        = ( said_word | spelled )? later_point ;
    /// named_atoms       = first_named_atom later_named_atom* ;
    /// first_named_atom  = ( atom_word | spelled ) first_point ;
    /// later_named_atom  = ( atom_word | spelled ) later_point ;
    /// said_word         = atom_word ;
    /// ```
    #[inline]
    fn atom(
        &mut self,
        row: usize,
        first: usize,
        coded: Option<&'static Residue>,
        turn: &mut u8,
        out: &mut Writer,
    ) {
        let word = self.names.word(row);
        let naming = self.header.layout.naming;
        let of_turn = coded.map(|residue| residue.word(naming, *turn));
        if word.is_none() {
            self.names.spell(row, out);
        } else if let Some(word) = word.filter(|_| word != of_turn) {
            out.token(ATOM_WORDS.base + word);
        }
        let mut atom = None;
        if let Some(residue) = coded {
            *turn = match word.filter(|_| word != of_turn) {
                Some(word) => residue.after(naming, *turn, word),
                None => residue.next(naming, *turn),
            };
            atom = word.and_then(|word| residue.atom(word));
        }
        self.point(row, first, coded, atom, out);
        self.placed.put(atom, row);
    }

    /// ```ebnf
    /// first_point = altloc? charge? place occupancy? residue_b_factor? anisotropic? ;
    /// later_point = altloc? charge? step occupancy? atom_b_factor? anisotropic? ;
    /// ```
    #[inline]
    fn point(
        &self,
        row: usize,
        first: usize,
        coded: Option<&'static Residue>,
        atom: Option<u8>,
        out: &mut Writer,
    ) {
        let atoms = &self.structure.atoms;
        if !write_marked(ALT, atoms.altloc.get(row), out) {
            out.refuse_cell("atoms.altloc", row, UNPRINTABLE);
        }
        match atoms.charge[row] {
            0 => {}
            charge if charge.unsigned_abs() <= MAX_CHARGE as u8 => out.token(charge_token(charge)),
            _ => out.refuse_cell("atoms.charge", row, "a charge is from -15 to +15"),
        }
        if row == first {
            write_place(self.at(row), self.header.grid, out);
        } else {
            let parent = match coded {
                Some(residue) => self.placed.parent(residue, atom, row),
                None => row - 1,
            };
            STEP.write(subtract(self.at(row), self.at(parent)), self.header.grid, out);
        }
        self.occupancy(row, out);
        self.b_factor(row, first, out);
        self.anisotropic(row, out);
    }

    fn at(&self, row: usize) -> Point {
        let atoms = &self.structure.atoms;
        [atoms.x.scaled[row], atoms.y.scaled[row], atoms.z.scaled[row]]
    }

    /// ```ebnf
    /// occupancy = "<Occupancy>" occupied ;
    /// occupied  = "-999.".."999." fraction* ;
    ///     where: places(occupied, occupancy_decimals)
    ///     where: other_than(occupied, occupancy_decimals, "1.")
    /// ```
    #[inline]
    fn occupancy(&self, row: usize, out: &mut Writer) {
        let Some(column) = &self.structure.atoms.occupancy else { return };
        let (scaled, one) = (column.scaled[row], 10_i64.pow(u32::from(column.decimals)));
        if scaled == one {
            return;
        }
        if !(-999..=999).contains(&scaled.div_euclid(one)) {
            let reason = "the whole part of an occupancy has at most three digits";
            return out.refuse_cell("atoms.occupancy", row, reason);
        }
        out.token(OCCUPANCY);
        write_number(scaled, column.decimals, out);
    }

    /// ```ebnf
    /// residue_b_factor = b_factor ;
    /// atom_b_factor    = b_factor ;
    /// b_factor         = whole fraction* ;
    ///     where: places(b_factor, b_factor_decimals)
    /// ```
    #[inline]
    fn b_factor(&self, row: usize, first: usize, out: &mut Writer) {
        let atoms = &self.structure.atoms;
        let Some(column) = &atoms.b_factor else { return };
        let value = |row: usize| {
            let state = atoms.b_factor_state.as_ref().map_or(0, |states| states[row]);
            (column.scaled[row], state)
        };
        let (scaled, state) = value(row);
        let as_said = match self.header.layout.factors {
            Factors::Structure => (self.header.layout.b_factor, 0),
            Factors::Residue => value(first),
            Factors::Atom => (scaled, state),
        };
        if state > 1 || (state == 1 && scaled != 0) {
            out.refuse_cell(
                "atoms.b_factor",
                row,
                "a B factor that is unknown has state 1 and is 0",
            );
        } else if as_said != (scaled, state) {
            let reason = "a layout says of what the B factors are: here they differ within it";
            out.refuse_cell("atoms.b_factor", row, reason);
        } else if state == 0
            && match self.header.layout.factors {
                Factors::Structure => false,
                Factors::Residue => row == first,
                Factors::Atom => true,
            }
        {
            write_number(scaled, column.decimals, out);
        }
    }

    /// ```ebnf
    /// anisotropic  = "<Anisotropic>" displacement displacement displacement displacement displacement displacement ;
    /// displacement = whole fraction* ;
    ///     where: places(displacement, displacement_decimals)
    /// ```
    #[inline]
    fn anisotropic(&self, row: usize, out: &mut Writer) {
        let atoms = &self.structure.atoms;
        let columns = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
        let columns = columns.map(Option::as_ref);
        if columns[0].is_none() {
            return;
        }
        let state = atoms.anisotropic_state.as_ref().map_or(0, |states| states[row]);
        let values =
            columns.into_iter().flatten().map(|column| (column.scaled[row], column.decimals));
        match state {
            0 => {
                out.token(ANISOTROPIC);
                values.for_each(|(scaled, decimals)| write_number(scaled, decimals, out));
            }
            2 => {
                if values.into_iter().any(|(scaled, _)| scaled != 0) {
                    out.refuse_cell("atoms.u11", row, "an atom without a displacement has 0 there");
                }
            }
            _ => {
                let reason = "an anisotropic displacement is stated, or does not apply";
                out.refuse_cell("atoms.anisotropic_state", row, reason);
            }
        }
    }
}

/// Whether a residue is a nucleotide.
fn is_nucleotide(residue: &Residue) -> bool {
    NUCLEOTIDE.has(residue.token())
}

const _: () = assert!(token("<HeteroStrand>") == STRANDS + StrandKind::Hetero as u16);
