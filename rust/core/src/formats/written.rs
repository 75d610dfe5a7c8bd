//! Written: whether a file that was written says what its structure has.
//!
//! A format cannot say all that a structure may have: two residues of one name and number that follow
//! each other are one in a file, a link names its atoms by names that others may have. So a writer
//! reads its file once more, and refuses a structure of which the file says something else.

use super::error::FormatError;
use super::links::first_atoms;
use super::tables;
use crate::columns::Words;
use crate::number::Fixed;
use crate::objects::structure::{LinkKind, Structure, UnitCell};

/// A format, and what of a structure its files say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Pdb,
    Mmcif,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Pdb => "PDB",
            Format::Mmcif => "mmCIF",
        }
    }

    /// Refuse tables whose rows do not belong together, and a structure without atoms: a file without
    /// them is not one of the format.
    pub fn check_tables(self, structure: &Structure) -> Result<(), FormatError> {
        tables::check(structure)?;
        if structure.atoms.is_empty() {
            let name = self.name();
            return Err(FormatError::unwritable(format!(
                "{name} holds a structure by its atoms, and this one has none"
            )));
        }
        Ok(())
    }

    /// Refuse a structure that is not what its file says.
    pub fn check(
        self,
        structure: &Structure,
        read: Result<Structure, FormatError>,
    ) -> Result<(), FormatError> {
        let name = self.name();
        let read = read.map_err(|error| {
            let reason = format!("{name} cannot hold the structure: its file is refused, {error}");
            FormatError::unwritable(reason)
        })?;
        let sides = [Side::new(structure, self), Side::new(&read, self)];
        match first_difference(&sides) {
            None => Ok(()),
            Some(place) => Err(FormatError::unwritable(format!(
                "{name} cannot hold {place}: its file would say something else"
            ))),
        }
    }
}

/// A structure that was written, or that was read from the file.
struct Side<'a> {
    structure: &'a Structure,
    format: Format,
    /// The rows of residues that the file says; PDB has the others only in SEQRES.
    residues: Vec<usize>,
    first_atoms: Vec<u32>,
}

/// The column and the row of the first difference.
fn first_difference(sides: &[Side; 2]) -> Option<String> {
    let [one, other] = sides.each_ref().map(|side| side.structure);
    if one.models != other.models {
        return Some("models.number".to_owned());
    }
    if let Some(strand) = (0..one.strands.len()).find(|&row| !one.has_residues(row)) {
        return Some(format!("strands.chain[{strand}], which has no residues"));
    }
    if one.atoms.len() != other.atoms.len() {
        return Some("atoms".to_owned());
    }
    (0..one.atoms.len())
        .find_map(|row| {
            let [of_one, of_other] = sides.each_ref().map(|side| side.atom(row));
            let same = of_one.iter().zip(&of_other).position(|(one, other)| one != other);
            same.map(|column| format!("{}[{row}]", ATOM_COLUMNS[column]))
        })
        .or_else(|| residue_difference(sides))
        .or_else(|| {
            (!same_cell(one.cell.as_ref(), other.cell.as_ref())).then(|| "the unit cell".to_owned())
        })
        .or_else(|| link_difference(sides))
        .or_else(|| assembly_difference(sides))
}

/// PDB does not say every assembly; mmCIF says all of them and their operators.
fn assembly_difference(sides: &[Side; 2]) -> Option<String> {
    let [one, other] = sides.each_ref().map(|side| side.structure);
    if sides[0].format == Format::Pdb {
        None
    } else if one.operators != other.operators {
        Some("operators".to_owned())
    } else {
        (one.assemblies != other.assemblies).then(|| "assemblies".to_owned())
    }
}

fn residue_difference(sides: &[Side; 2]) -> Option<String> {
    let rows = sides[0].residues.iter().zip(&sides[1].residues);
    let found = rows.clone().find_map(|(&row, &of_other)| {
        let [one, other] = [sides[0].residue(row), sides[1].residue(of_other)];
        let column = one.iter().zip(&other).position(|(one, other)| one != other)?;
        Some(format!("{} of residues[{row}]", RESIDUE_COLUMNS[column]))
    });
    let first = sides[0].residues.get(rows.len());
    found.or_else(|| first.map(|row| format!("residues.component[{row}]")))
}

fn link_difference(sides: &[Side; 2]) -> Option<String> {
    let [one, other] = sides.each_ref().map(Side::links);
    let at = (0..one.len().max(other.len()))
        .find(|&at| one.get(at).map(|(link, _)| link) != other.get(at).map(|(link, _)| link))?;
    Some(one.get(at).map_or("links".to_owned(), |(_, row)| format!("links.begin[{row}]")))
}

/// A cell of a table, so that rows of two structures can be compared.
#[derive(PartialEq, Eq)]
enum Cell<'a> {
    Absent,
    Word(&'a [u8]),
    Number(i128),
}

const ATOM_COLUMNS: [&str; 16] = [
    "atoms.residue",
    "atoms.name",
    "atoms.element",
    "atoms.altloc",
    "atoms.charge",
    "atoms.x",
    "atoms.y",
    "atoms.z",
    "atoms.occupancy",
    "atoms.b_factor",
    "atoms.u11",
    "atoms.u22",
    "atoms.u33",
    "atoms.u12",
    "atoms.u13",
    "atoms.u23",
];

const RESIDUE_COLUMNS: [&str; 10] = [
    "models.number",
    "strands.chain",
    "strands.segment",
    "component",
    "number",
    "insertion",
    "hetero",
    "strands.label",
    "strands.entity",
    "label_seq",
];

impl<'a> Side<'a> {
    fn new(structure: &'a Structure, format: Format) -> Self {
        let first_atoms = first_atoms(structure);
        let is_said = |row: &usize| format == Format::Mmcif || is_seen(&first_atoms, *row);
        let residues = (0..structure.residues.len()).filter(is_said).collect();
        Side { structure, format, residues, first_atoms }
    }

    /// The cells of an atom, of which the first says whether it begins a residue.
    fn atom(&self, row: usize) -> [Cell<'a>; 16] {
        let atoms = &self.structure.atoms;
        let begins = row == 0 || atoms.residue[row] != atoms.residue[row - 1];
        let displaced = atoms.anisotropic_state.as_deref();
        [
            Cell::Number(begins.into()),
            Cell::Word(atoms.name.get(row)),
            Cell::Word(atoms.element.get(row)),
            Cell::Word(atoms.altloc.get(row)),
            Cell::Number(atoms.charge[row].into()),
            number(Some(&atoms.x), None, row),
            number(Some(&atoms.y), None, row),
            number(Some(&atoms.z), None, row),
            number(atoms.occupancy.as_ref(), None, row),
            number(atoms.b_factor.as_ref(), atoms.b_factor_state.as_deref(), row),
            number(atoms.u11.as_ref(), displaced, row),
            number(atoms.u22.as_ref(), displaced, row),
            number(atoms.u33.as_ref(), displaced, row),
            number(atoms.u12.as_ref(), displaced, row),
            number(atoms.u13.as_ref(), displaced, row),
            number(atoms.u23.as_ref(), displaced, row),
        ]
    }

    /// The cells of a residue and its strand. Labels and places are not in PDB; a residue that was
    /// not seen has no record, and a number that is not stated has no reason.
    fn residue(&self, row: usize) -> [Cell<'a>; 10] {
        let Structure { models, strands, residues, .. } = self.structure;
        let strand = residues.strand[row] as usize;
        let word = |words: &'a Option<Words>| match words {
            Some(words) => Cell::Word(words.get(strand)),
            None => Cell::Word(b""),
        };
        let is_labelled = self.format == Format::Mmcif;
        let of_mmcif = |cell: Cell<'a>| if is_labelled { cell } else { Cell::Absent };
        let place = residues.label_seq.as_ref();
        let place = place.filter(|_| is_stated(residues.label_seq_state.as_deref(), row));
        let hetero = residues.hetero[row] && is_seen(&self.first_atoms, row);
        [
            Cell::Number(models.number[strands.model[strand] as usize].into()),
            Cell::Word(strands.chain.get(strand)),
            word(&strands.segment),
            Cell::Word(residues.component.get(row)),
            if is_stated(residues.number_state.as_deref(), row) {
                Cell::Number(residues.number[row].into())
            } else {
                Cell::Absent
            },
            Cell::Word(residues.insertion.get(row)),
            Cell::Number(hetero.into()),
            of_mmcif(word(&strands.label)),
            of_mmcif(word(&strands.entity)),
            of_mmcif(place.map_or(Cell::Absent, |place| Cell::Number(place[row].into()))),
        ]
    }

    /// The links in order, each with its row. PDB says neither what kind of bond one is nor every
    /// distance, and has each once.
    fn links(&self) -> Vec<(Link<'a>, usize)> {
        let links = &self.structure.links;
        let operator = |words: &'a Option<Words>, row: usize| match words {
            Some(words) => words.get(row),
            None => &b""[..],
        };
        let of_pdb = self.format == Format::Pdb;
        let is_said =
            |row: &usize| !of_pdb || LinkKind::of(links.kind[*row]).is_some_and(LinkKind::is_bond);
        let mut found: Vec<(Link<'a>, usize)> = (0..links.len())
            .filter(is_said)
            .map(|row| {
                let distance = links
                    .distance
                    .as_ref()
                    .filter(|_| !of_pdb && is_stated(links.distance_state.as_deref(), row));
                let link = Link {
                    atoms: [links.begin[row], links.end[row]],
                    operators: [&links.begin_symmetry, &links.end_symmetry]
                        .map(|words| operator(words, row)),
                    kind: if of_pdb { 0 } else { links.kind[row] },
                    distance: distance.map(|column| nano(column, row)),
                };
                (link, row)
            })
            .collect();
        found.sort_unstable();
        if of_pdb {
            found.dedup_by(|one, other| one.0 == other.0);
        }
        found
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link<'a> {
    atoms: [u32; 2],
    operators: [&'a [u8]; 2],
    kind: u8,
    distance: Option<i128>,
}

fn is_seen(first_atoms: &[u32], residue: usize) -> bool {
    first_atoms[residue] < first_atoms[residue + 1]
}

fn is_stated(states: Option<&[u8]>, row: usize) -> bool {
    states.is_none_or(|states| states[row] == 0)
}

fn number<'a>(column: Option<&Fixed>, states: Option<&[u8]>, row: usize) -> Cell<'a> {
    match column.filter(|_| is_stated(states, row)) {
        Some(column) => Cell::Number(nano(column, row)),
        None => Cell::Absent,
    }
}

/// A number times ten to the power of nine, the most decimals that there are.
fn nano(column: &Fixed, row: usize) -> i128 {
    i128::from(column.scaled[row]) * 10_i128.pow(u32::from(9 - column.decimals.min(9)))
}

fn same_cell(one: Option<&UnitCell>, other: Option<&UnitCell>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return one.is_none() && other.is_none() };
    let numbers = |cell: &UnitCell| {
        [&cell.a, &cell.b, &cell.c, &cell.alpha, &cell.beta, &cell.gamma].map(|it| nano(it, 0))
    };
    numbers(one) == numbers(other) && one.space_group.get(0) == other.space_group.get(0)
}

impl Structure {
    fn has_residues(&self, strand: usize) -> bool {
        let of = &self.residues.strand;
        of.get(of.partition_point(|of| (*of as usize) < strand)) == Some(&(strand as u32))
    }
}
