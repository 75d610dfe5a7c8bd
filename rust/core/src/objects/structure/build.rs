//! Build: a structure of its sentence, row by row.

use super::assemblies::{build_assemblies, build_operators};
use super::check::all_empty;
use super::header::{Header, build_lattice};
use super::letters::{build_letters, build_marked};
use super::links::BuiltLinks;
use super::names::{BuiltNames, Name};
use super::numbering::{Numbering, build_jump, is_usually_hetero};
use super::placed::Placed;
use super::write::{ALT, ENTITY, LABEL, MODEL, OTHER_SUGAR, SEGMENT, STRANDS, WATER};
use super::{Atoms, Models, Residues, StrandKind, Strands, Structure};
use crate::columns::{Column, Words};
use crate::component::OPEN as NAME_OPEN;
use crate::number::{Positive, WHOLE_FIRST};
use crate::objects::molecule::atom::{CHARGE, charge_of_token};
use crate::residues::{ATOM_WORDS, RESIDUES, Residue};
use crate::space::{STEP, add, build_place};
use crate::vocabulary::{SIZE, block, token};
use crate::wire::{Builder, First, Production, any_of};

/// What can begin an atom before its point: a word, an element, or what precedes a point.
const NAMED: First = First(&[
    any_of(ATOM_WORDS),
    any_of(block("element")),
    (token("D"), token("D")),
    (ALT, ALT),
    any_of(block("charge")),
]);

/// What can precede a point.
const MARKED: First = First(&[(ALT, ALT), any_of(block("charge"))]);

/// What can begin the point of an atom.
const POINT: First = First(&[WHOLE_FIRST.0[0], STEP.first.0[0], STEP.first.0[1]]);

/// How an atom begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// With its point.
    Point,
    /// With something before it.
    Named,
}

/// By id how an atom begins with it, if it can.
static BEGINS: [Option<Begin>; SIZE] = {
    let mut begins = [None; SIZE];
    let mut id = 0;
    while id < SIZE {
        if POINT.has(id as u16) {
            begins[id] = Some(Begin::Point);
        } else if NAMED.has(id as u16) {
            begins[id] = Some(Begin::Named);
        }
        id += 1;
    }
    begins
};

/// As many tokens has an atom, or more.
const USUAL_TOKENS: usize = 7;

/// What can begin a residue: its place, its number, what precedes it, or its token.
const RESIDUE: First = First(&[
    (token("<Back>"), token("<OtherRecord>")),
    (token("<UnknownPlace>"), token("<UnknownPlace>")),
    Positive::FIRST.0[0],
    Positive::FIRST.0[1],
    any_of(block("amino_acid")),
    any_of(block("nucleotide")),
    (OTHER_SUGAR, WATER),
    (NAME_OPEN, NAME_OPEN),
]);

/// Build a structure between its brackets.
pub(super) fn build(from: &mut Builder) -> Structure {
    let header = Header::build(from);
    let cell = build_lattice(from);
    let mut letters = Vec::new();
    let operators = build_operators(from, &mut letters);
    let assemblies = build_assemblies(from, &mut letters);
    let mut atoms = Atoms {
        b_factor_state: header.b_factor.map(|_| Vec::new()),
        anisotropic_state: header.anisotropic.map(|_| Vec::new()),
        ..header.columns()
    };
    atoms.reserve(from.0.len() / USUAL_TOKENS);
    let mut building = Building {
        header,
        models: Models::default(),
        strands: Strands {
            label: Some(Words::default()),
            entity: Some(Words::default()),
            segment: Some(Words::default()),
            ..Strands::default()
        },
        residues: Residues {
            number_state: Some(Vec::new()),
            label_seq: header.has_places.then(Vec::new),
            label_seq_state: header.has_places.then(Vec::new),
            ..Residues::default()
        },
        atoms,
        one: header.one(),
        no_altloc: None,
        names: BuiltNames::new(),
        placed: Placed::new(),
        links: BuiltLinks::of(header.distance),
        letters,
    };
    building.models(from);
    let Building { mut models, mut strands, mut residues, mut atoms, links, .. } = building;
    models.number.shrink_to_fit();
    for (column, is_empty) in [
        (&mut strands.label, header.has_empty_labels),
        (&mut strands.entity, header.has_empty_entities),
        (&mut strands.segment, false),
    ] {
        if !is_empty && column.as_ref().is_some_and(all_empty) {
            *column = None;
        }
    }
    for column in [
        &mut residues.number_state,
        &mut residues.label_seq_state,
        &mut atoms.b_factor_state,
        &mut atoms.anisotropic_state,
    ] {
        if column.as_ref().is_some_and(|states| states.iter().all(|&state| state == 0)) {
            *column = None;
        }
    }
    let links = links.finish();
    Structure {
        layout: header.layout,
        models,
        strands,
        residues,
        atoms,
        links,
        cell,
        operators,
        assemblies,
    }
}

pub(super) struct Building {
    pub header: Header,
    models: Models,
    strands: Strands,
    residues: Residues,
    pub atoms: Atoms,
    /// An occupancy of 1.
    pub one: i64,
    /// The code of no alternative location, once there is one.
    no_altloc: Option<u32>,
    names: BuiltNames,
    placed: Placed,
    links: BuiltLinks,
    /// Letters that were taken last.
    letters: Vec<u8>,
}

impl Building {
    fn models(&mut self, from: &mut Builder) {
        let mut last = 0_i32;
        while from.take_if(MODEL) {
            last = build_jump(from, last.wrapping_add(1));
            self.models.number.push(last);
            while let Some(kind) = strand_kind(from) {
                from.take();
                self.strand(from, kind);
            }
        }
    }

    fn strand(&mut self, from: &mut Builder, kind: StrandKind) {
        let strands = &mut self.strands;
        let row = strands.kind.len() as u32;
        strands.model.push(self.models.number.len() as u32 - 1);
        strands.kind.push(kind as u8);
        build_letters(from, &mut self.letters);
        strands.chain.push_word(&self.letters);
        for (mark, column) in [
            (LABEL, &mut strands.label),
            (ENTITY, &mut strands.entity),
            (SEGMENT, &mut strands.segment),
        ] {
            build_marked(mark, from, &mut self.letters);
            column.get_or_insert_default().push_word(&self.letters);
        }
        let mut numbering = Numbering::default();
        while from.at(RESIDUE) {
            self.residue(from, row, kind, &mut numbering);
        }
    }

    fn residue(
        &mut self,
        from: &mut Builder,
        strand: u32,
        kind: StrandKind,
        numbering: &mut Numbering,
    ) {
        let residues = &mut self.residues;
        let row = residues.strand.len() as u32;
        residues.strand.push(strand);
        let numbers = numbering.build(from, kind, self.header.has_places, &mut self.letters);
        residues.insertion.push_word(&self.letters);
        residues.number.push(numbers.number.0);
        residues.number_state.get_or_insert_default().push(numbers.number.1);
        if let Some((place, state)) = numbers.place {
            residues.label_seq.get_or_insert_default().push(place);
            residues.label_seq_state.get_or_insert_default().push(state);
        }
        let coded = if from.take_if(NAME_OPEN) {
            build_letters(from, &mut self.letters);
            residues.component.push_word(&self.letters);
            from.take();
            None
        } else {
            let is_ribo = from.take_if(OTHER_SUGAR) != (kind == StrandKind::Rna);
            let place = RESIDUES.of_token(is_ribo, from.take());
            let residue = &RESIDUES.all[usize::from(place.unwrap_or_default())];
            residues.component.push_word(residue.component().as_bytes());
            Some(residue)
        };
        let is_monomer = coded.is_some_and(|residue| residue.token() != WATER);
        residues.hetero.push(is_usually_hetero(kind, is_monomer) != numbers.is_other_record);
        let (first, mut turn) = (self.atoms.residue.len(), 0);
        self.placed.begin(first);
        while let Some(begin) = from.peek().and_then(|id| *BEGINS.get(usize::from(id))?) {
            self.atom(from, begin, (row, first), coded, &mut turn);
        }
    }

    #[inline]
    fn atom(
        &mut self,
        from: &mut Builder,
        begin: Begin,
        (residue, first): (u32, usize),
        coded: Option<&'static Residue>,
        turn: &mut u8,
    ) {
        let naming = self.header.layout.naming;
        let atoms = &mut self.atoms;
        let row = atoms.residue.len();
        atoms.residue.push(residue);
        let said = match begin {
            Begin::Point => Name::Unsaid,
            Begin::Named => self.names.take(from, &mut atoms.name, &mut atoms.element),
        };
        let word = match (said, coded) {
            (Name::Word(word), _) => Some(word),
            (Name::Unsaid, Some(residue)) => Some(residue.word(naming, *turn)),
            (Name::Spelled, _) => None,
            (Name::Unsaid, None) => {
                // Not in a sentence; every row has a name all the same.
                atoms.name.push_word(b"");
                atoms.element.push_word(b"");
                None
            }
        };
        if let Some(word) = word {
            self.names.push(word, &mut atoms.name, &mut atoms.element);
        }
        let mut atom = None;
        if let Some(residue) = coded {
            *turn = match said {
                Name::Word(word) => residue.after(naming, *turn, word),
                Name::Unsaid | Name::Spelled => residue.next(naming, *turn),
            };
            atom = word.and_then(|word| residue.atom(word));
        }
        let is_marked = begin == Begin::Named && from.at(MARKED);
        self.marks(from, is_marked);
        self.point(from, row, first, coded, atom);
        self.placed.put(atom, row);
    }

    /// What precedes a point: an alternative location and a charge.
    #[inline]
    fn marks(&mut self, from: &mut Builder, is_marked: bool) {
        let Atoms { altloc, charge, .. } = &mut self.atoms;
        if !is_marked {
            let code = *self.no_altloc.get_or_insert_with(|| altloc.code_of(b""));
            altloc.push(code);
            charge.push(0);
            return;
        }
        build_marked(ALT, from, &mut self.letters);
        altloc.push_word(&self.letters);
        charge.push(if from.at(CHARGE) { charge_of_token(from.take()) } else { 0 });
    }

    #[inline]
    fn point(
        &mut self,
        from: &mut Builder,
        row: usize,
        first: usize,
        coded: Option<&'static Residue>,
        atom: Option<u8>,
    ) {
        let atoms = &mut self.atoms;
        let [x, y, z] = if row == first {
            build_place(from, self.header.grid)
        } else {
            let parent = match coded {
                Some(residue) => self.placed.parent(residue, atom, row),
                None => row - 1,
            };
            let step = STEP.build(from, self.header.grid);
            add([atoms.x.scaled[parent], atoms.y.scaled[parent], atoms.z.scaled[parent]], step)
        };
        atoms.x.scaled.push(x);
        atoms.y.scaled.push(y);
        atoms.z.scaled.push(z);
        self.occupancy(from);
        self.b_factor(from, row, first);
        self.anisotropic(from);
        self.links.build(from, row);
    }
}

/// The kind of the strand that begins with the next token, if one does.
fn strand_kind(from: &Builder) -> Option<StrandKind> {
    let code = from.peek()?.checked_sub(STRANDS)?;
    StrandKind::of(u8::try_from(code).ok()?)
}
