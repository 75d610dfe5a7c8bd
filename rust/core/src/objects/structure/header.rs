//! Header: what a sentence says of all atoms, counts of decimals first of all.

use super::check::all_empty;
use super::{Atoms, Factors, Layout, Structure, UnitCell};
use crate::columns::Words;
use crate::free_text::{build_text, write_text};
use crate::number::{Fixed, PLACES, build_number, write_number};
use crate::residues::NAMING;
use crate::space::MOST_DECIMALS;
use crate::vocabulary::{block, token};
use crate::wire::{Builder, Writer};

const GRID: u16 = block("grid").base;
const SEQUENCE: u16 = token("<Sequence>");
const OCCUPANCIES: u16 = token("<Occupancies>");
const B_FACTOR: u16 = token("<BFactor>");
const RESIDUE_B_FACTORS: u16 = token("<ResidueBFactors>");
const ATOM_B_FACTORS: u16 = token("<AtomBFactors>");
const ANISOTROPICS: u16 = token("<Anisotropics>");
const EMPTY_LABELS: u16 = token("<EmptyLabels>");
const EMPTY_ENTITIES: u16 = token("<EmptyEntities>");
const DISTANCES: u16 = token("<Distances>");
const LATTICE: u16 = token("<Lattice>");

const MANY_DECIMALS: &str = "numbers have 0 to 9 decimals";

/// What a header says, beside the lattice.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub layout: Layout,
    /// Counts of decimals of the columns that there are.
    pub grid: u8,
    pub occupancy: Option<u8>,
    pub b_factor: Option<u8>,
    pub anisotropic: Option<u8>,
    pub distance: Option<u8>,
    pub has_places: bool,
    /// Whether strands have labels or entities, all of them empty.
    pub has_empty_labels: bool,
    pub has_empty_entities: bool,
}

impl Header {
    /// What a structure has to say.
    pub fn of(structure: &Structure) -> Self {
        let decimals = |column: &Option<Fixed>| column.as_ref().map(|column| column.decimals);
        Header {
            layout: structure.layout,
            grid: structure.atoms.x.decimals,
            occupancy: decimals(&structure.atoms.occupancy),
            b_factor: decimals(&structure.atoms.b_factor),
            anisotropic: decimals(&structure.atoms.u11),
            distance: decimals(&structure.links.distance),
            has_places: structure.residues.label_seq.is_some(),
            has_empty_labels: structure.strands.label.as_ref().is_some_and(all_empty),
            has_empty_entities: structure.strands.entity.as_ref().is_some_and(all_empty),
        }
    }

    /// ```ebnf
    /// occupancies  = "<Occupancies>" occupancy_decimals ;
    /// b_factors    = "<BFactor>" b_factor_decimals b_factor | ( "<ResidueBFactors>" | "<AtomBFactors>" ) b_factor_decimals ;
    /// anisotropics = "<Anisotropics>" displacement_decimals ;
    /// distances    = "<Distances>" distance_decimals ;
    /// ```
    pub fn write(self, out: &mut Writer) {
        let Layout { naming, factors, b_factor } = self.layout;
        if u16::from(naming) >= NAMING.assigned() {
            return out.refuse("expected a naming of the block naming");
        }
        if self.grid > MOST_DECIMALS {
            return out.refuse("coordinates have 0 to 9 decimals");
        }
        out.token(NAMING.base + u16::from(naming));
        out.token(GRID + u16::from(self.grid));
        for (is_said, mark) in [
            (self.has_places, SEQUENCE),
            (self.has_empty_labels, EMPTY_LABELS),
            (self.has_empty_entities, EMPTY_ENTITIES),
        ] {
            if is_said {
                out.token(mark);
            }
        }
        write_decimals(OCCUPANCIES, self.occupancy, out);
        match factors {
            Factors::Structure => {
                write_decimals(B_FACTOR, self.b_factor, out);
                if let Some(decimals) = self.b_factor.filter(|&decimals| decimals <= 9) {
                    write_number(b_factor, decimals, out);
                }
            }
            Factors::Residue => write_decimals(RESIDUE_B_FACTORS, self.b_factor, out),
            Factors::Atom => write_decimals(ATOM_B_FACTORS, self.b_factor, out),
        }
        let says_one = factors == Factors::Structure && self.b_factor.is_some();
        if b_factor != 0 && !says_one {
            out.refuse("the B factor of a layout is that of all atoms, or 0");
        }
        if factors != Factors::Structure && self.b_factor.is_none() {
            out.refuse("a layout has B factors of residues or atoms where these have some");
        }
        write_decimals(ANISOTROPICS, self.anisotropic, out);
        write_decimals(DISTANCES, self.distance, out);
    }

    /// Build what `write` writes.
    pub fn build(from: &mut Builder) -> Self {
        let naming = from.take().wrapping_sub(NAMING.base).min(NAMING.assigned() - 1) as u8;
        let grid = from.take().wrapping_sub(GRID).min(u16::from(MOST_DECIMALS)) as u8;
        let mut header = Header { grid, ..Header::default() };
        header.layout.naming = naming;
        header.has_places = from.take_if(SEQUENCE);
        header.has_empty_labels = from.take_if(EMPTY_LABELS);
        header.has_empty_entities = from.take_if(EMPTY_ENTITIES);
        header.occupancy = build_decimals(OCCUPANCIES, from);
        header.b_factor = build_decimals(B_FACTOR, from);
        if let Some(decimals) = header.b_factor {
            header.layout.b_factor = build_number(from, decimals);
        }
        for (mark, factors) in
            [(RESIDUE_B_FACTORS, Factors::Residue), (ATOM_B_FACTORS, Factors::Atom)]
        {
            if let Some(decimals) = build_decimals(mark, from) {
                header.layout.factors = factors;
                header.b_factor = Some(decimals);
            }
        }
        header.anisotropic = build_decimals(ANISOTROPICS, from);
        header.distance = build_decimals(DISTANCES, from);
        header
    }

    /// An occupancy of 1, scaled as its column is.
    pub fn one(self) -> i64 {
        10_i64.pow(u32::from(self.occupancy.unwrap_or(0)))
    }

    /// Empty columns of atoms, as many as there are.
    pub fn columns(self) -> Atoms {
        let fixed = |decimals: u8| Fixed { decimals, scaled: Vec::new() };
        let [x, y, z] = [(); 3].map(|()| fixed(self.grid));
        let [u11, u22, u33, u12, u13, u23] = [(); 6].map(|()| self.anisotropic.map(fixed));
        Atoms {
            x,
            y,
            z,
            occupancy: self.occupancy.map(fixed),
            b_factor: self.b_factor.map(fixed),
            u11,
            u22,
            u33,
            u12,
            u13,
            u23,
            ..Atoms::default()
        }
    }
}

/// Write a mark and a count of decimals, if there is one.
///
/// ```ebnf
/// occupancy_decimals    = "places0".."places9" ;
/// b_factor_decimals     = "places0".."places9" ;
/// displacement_decimals = "places0".."places9" ;
/// distance_decimals     = "places0".."places9" ;
/// length_decimals       = "places0".."places9" ;
/// angle_decimals        = "places0".."places9" ;
/// ```
fn write_decimals(mark: u16, decimals: Option<u8>, out: &mut Writer) {
    let Some(decimals) = decimals else { return };
    if decimals > 9 {
        return out.refuse(MANY_DECIMALS);
    }
    out.token(mark);
    out.token(PLACES + u16::from(decimals));
}

fn build_decimals(mark: u16, from: &mut Builder) -> Option<u8> {
    from.take_if(mark).then(|| build_count(from, 9))
}

pub(super) fn build_count(from: &mut Builder, most: u8) -> u8 {
    from.take().wrapping_sub(PLACES).min(most.into()) as u8
}

/// ```ebnf
/// lattice      = "<Lattice>" length_decimals length length length angle_decimals angle angle angle text ;
/// length = whole fraction* ;
///     where: places(length, length_decimals)
/// angle  = whole fraction* ;
///     where: places(angle, angle_decimals)
/// ```
pub(super) fn write_lattice(cell: &UnitCell, out: &mut Writer) {
    if cell.len() != 1 {
        return out.refuse("a cell has one row");
    }
    out.token(LATTICE);
    for columns in [[&cell.a, &cell.b, &cell.c], [&cell.alpha, &cell.beta, &cell.gamma]] {
        let decimals = columns[0].decimals;
        if columns.iter().any(|column| column.decimals != decimals) {
            return out.refuse("the edges of a cell have one count of decimals, and its angles");
        }
        if decimals > 9 {
            return out.refuse(MANY_DECIMALS);
        }
        out.token(PLACES + u16::from(decimals));
        for column in columns {
            write_number(column.scaled[0], decimals, out);
        }
    }
    write_text(cell.space_group.get(0), out);
}

/// Build a unit cell, if there is one.
pub(super) fn build_lattice(from: &mut Builder) -> Option<UnitCell> {
    from.take_if(LATTICE).then(|| {
        let [[a, b, c], [alpha, beta, gamma]] = [(); 2].map(|()| {
            let decimals = build_count(from, 9);
            [(); 3].map(|()| Fixed { decimals, scaled: vec![build_number(from, decimals)] })
        });
        let mut space_group = Words::default();
        space_group.push_word(&build_text(from));
        UnitCell { a, b, c, alpha, beta, gamma, space_group }
    })
}
