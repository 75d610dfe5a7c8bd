//! Rows: a structure that grows row by row, in the order of a file.

use super::decimal::{self, Decimal};
use super::error::FormatError;
use super::strands;
use crate::columns::Words;
use crate::number::Fixed;
use crate::objects::structure::{Model, Structure, all_empty};

/// What to do with atoms that have no occupancy where others of the file have one.
///
/// A file in which no atom has one is no such file: its column is absent. A B factor that is not
/// given where others are is unknown in the structure too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blanks {
    /// Read an occupancy that is not given as 1. Else it is refused.
    pub occupancy_is_one: bool,
}

/// A run of residues with the same names, which is to be cut into strands.
pub(super) struct Run<'a> {
    pub model: u32,
    pub names: RunNames<'a>,
    /// The row of its first residue.
    pub first: usize,
}

/// What the residues of a run have in common; empty where the file does not give it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RunNames<'a> {
    pub chain: &'a [u8],
    pub label: &'a [u8],
    pub entity: &'a [u8],
    pub segment: &'a [u8],
}

/// A number that may be not stated: its state is that of `Residues::number_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: i32,
    pub state: u8,
}

pub(super) const UNKNOWN: Number = Number { value: 0, state: 1 };
pub(super) const INAPPLICABLE: Number = Number { value: 0, state: 2 };

/// One residue as a file has it.
pub(super) struct ResidueRow<'a> {
    pub component: &'a [u8],
    pub number: Number,
    pub insertion: &'a [u8],
    pub hetero: bool,
    pub label_seq: Number,
}

/// Which columns a format has.
#[allow(clippy::struct_excessive_bools)] // a bool for each column
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    pub label: bool,
    pub entity: bool,
    pub segment: bool,
    pub label_seq: bool,
}

/// A structure that grows.
pub(super) struct Rows<'a> {
    pub text: &'a [u8],
    pub structure: Structure,
    pub runs: Vec<Run<'a>>,
    pub number_states: Vec<u8>,
    pub label_seq: Vec<i32>,
    pub label_seq_states: Vec<u8>,
    pub occupancy: Stated,
    pub b_factor: Stated,
    pub displacements: Displacements,
}

impl<'a> Rows<'a> {
    pub fn new(text: &'a [u8], atoms: usize) -> Self {
        let mut structure = Structure::default();
        structure.atoms.reserve(atoms);
        Rows {
            text,
            structure,
            runs: Vec::new(),
            number_states: Vec::new(),
            label_seq: Vec::new(),
            label_seq_states: Vec::new(),
            occupancy: Stated::with_capacity(atoms),
            b_factor: Stated::with_capacity(atoms),
            displacements: Displacements::default(),
        }
    }

    pub fn begin_model(&mut self, number: i32) {
        self.structure.models.push(Model { number });
    }

    /// Go on in the last run, or begin another of the last model, where it is another or must be.
    /// Whether one began is returned.
    pub fn enter_run(&mut self, names: RunNames<'a>, is_other: bool) -> bool {
        if !is_other && self.runs.last().is_some_and(|run| run.names == names) {
            return false;
        }
        let model = self.structure.models.len() as u32 - 1;
        self.runs.push(Run { model, names, first: self.structure.residues.strand.len() });
        true
    }

    /// Go on in the last residue, or begin another of the last run, where it is another or must be.
    pub fn enter_residue(&mut self, row: &ResidueRow, is_other: bool) {
        if is_other || !self.is_last(row) {
            self.begin_residue(row);
        }
    }

    fn is_last(&self, row: &ResidueRow) -> bool {
        let residues = &self.structure.residues;
        residues.strand.len().checked_sub(1).is_some_and(|last| {
            let number = Number { value: residues.number[last], state: self.number_states[last] };
            let value = self.label_seq[last];
            let label_seq = Number { value, state: self.label_seq_states[last] };
            (number, label_seq) == (row.number, row.label_seq)
                && residues.hetero[last] == row.hetero
                && residues.component.get(last) == row.component
                && residues.insertion.get(last) == row.insertion
        })
    }

    /// Begin a residue of the last run.
    pub fn begin_residue(&mut self, row: &ResidueRow) {
        let residues = &mut self.structure.residues;
        residues.strand.push(self.runs.len() as u32 - 1);
        residues.component.push_word(row.component);
        residues.number.push(row.number.value);
        residues.insertion.push_word(row.insertion);
        residues.hetero.push(row.hetero);
        self.number_states.push(row.number.state);
        self.label_seq.push(row.label_seq.value);
        self.label_seq_states.push(row.label_seq.state);
    }

    /// The error of the number at a byte.
    pub fn at(
        &self,
        position: usize,
        expected: impl Into<std::borrow::Cow<'static, str>>,
    ) -> FormatError {
        FormatError::at(self.text, position, expected)
    }

    /// The whole structure.
    pub fn finish(mut self, held: Held, blanks: Blanks) -> Result<Structure, FormatError> {
        let atoms = &mut self.structure.atoms;
        let rows = atoms.residue.len();
        let end = self.text.len();
        let too_long =
            |text| move |reason| FormatError::at(text, end, format!("expected {reason}"));
        decimal::align(&mut [&mut atoms.x, &mut atoms.y, &mut atoms.z])
            .map_err(too_long(self.text))?;
        if let Some((column, blanks_of_it)) = self.occupancy.finish() {
            if let Some(&blank) = blanks_of_it.first().filter(|_| !blanks.occupancy_is_one) {
                return Err(FormatError::at(self.text, blank.1, OCCUPANCY_BLANK));
            }
            atoms.occupancy = Some(column);
        }
        if let Some((column, blanks)) = self.b_factor.finish() {
            atoms.b_factor = Some(column);
            atoms.b_factor_state = (!blanks.is_empty()).then(|| {
                let mut states = vec![0; rows];
                for (row, _) in blanks {
                    states[row] = 1;
                }
                states
            });
        }
        if let Some((columns, states)) = self.displacements.finish(rows) {
            let [u11, u22, u33, u12, u13, u23] = columns.map(Some);
            (atoms.u11, atoms.u22, atoms.u33) = (u11, u22, u33);
            (atoms.u12, atoms.u13, atoms.u23) = (u12, u13, u23);
            atoms.anisotropic_state = stated(states);
        }
        let residues = &mut self.structure.residues;
        residues.number_state = stated(self.number_states);
        if held.label_seq {
            residues.label_seq = Some(self.label_seq);
            residues.label_seq_state = stated(self.label_seq_states);
        }
        strands::cut(&mut self.structure, &self.runs, held);
        let segment = &mut self.structure.strands.segment;
        if segment.as_ref().is_some_and(all_empty) {
            *segment = None;
        }
        self.structure.layout = self.structure.cheapest_layout();
        Ok(self.structure)
    }
}

/// Cut the strands of a structure as those of a file are cut, and choose its layout anew.
///
/// Each strand is taken for a run of rows of a file, of which TER ends none; its kind is not read.
#[must_use]
pub fn settle(mut structure: Structure) -> Structure {
    let strands = std::mem::take(&mut structure.strands);
    let word = |words: &'_ Option<Words>, row: usize| -> Vec<u8> {
        words.as_ref().map_or_else(Vec::new, |words| words.get(row).to_vec())
    };
    let names: Vec<[Vec<u8>; 4]> = (0..strands.model.len())
        .map(|row| {
            let chain = strands.chain.get(row).to_vec();
            [
                chain,
                word(&strands.label, row),
                word(&strands.entity, row),
                word(&strands.segment, row),
            ]
        })
        .collect();
    let mut runs = Vec::new();
    for (row, [chain, label, entity, segment]) in names.iter().enumerate() {
        let first = structure.residues.strand.partition_point(|&strand| (strand as usize) < row);
        let names = RunNames { chain, label, entity, segment };
        runs.push(Run { model: strands.model[row], names, first });
    }
    let held = Held {
        label: strands.label.is_some(),
        entity: strands.entity.is_some(),
        segment: strands.segment.is_some(),
        label_seq: structure.residues.label_seq.is_some(),
    };
    strands::cut(&mut structure, &runs, held);
    structure.layout = structure.cheapest_layout();
    structure
}

const OCCUPANCY_BLANK: &str =
    "expected an occupancy, as other atoms have one; an option reads none as 1";

/// A column of states, absent when everything is stated.
pub(super) fn stated(states: Vec<u8>) -> Option<Vec<u8>> {
    states.iter().any(|&state| state != 0).then_some(states)
}

/// A column that may have blanks.
pub(super) struct Stated {
    pub column: Fixed,
    /// Each row without a number, and its byte in the text.
    blanks: Vec<(usize, usize)>,
}

impl Stated {
    fn with_capacity(rows: usize) -> Self {
        let column = Fixed { decimals: 0, scaled: Vec::with_capacity(rows) };
        Stated { column, blanks: Vec::new() }
    }

    #[inline]
    pub fn push(&mut self, number: Decimal) -> Result<(), &'static str> {
        decimal::push(&mut self.column, number)
    }

    /// Append a row that is not stated, at a byte, as what an option may read it as.
    pub fn push_blank(&mut self, position: usize, number: i64) -> Result<(), &'static str> {
        self.blanks.push((self.column.scaled.len(), position));
        decimal::push(&mut self.column, Decimal { scaled: number, decimals: 0 })
    }

    /// The column and its blanks, unless all are blank.
    fn finish(self) -> Option<(Fixed, Vec<(usize, usize)>)> {
        (self.blanks.len() < self.column.scaled.len()).then_some((self.column, self.blanks))
    }
}

/// Anisotropic displacements of some atoms.
#[derive(Default)]
pub(super) struct Displacements {
    columns: [Fixed; 6],
    states: Vec<u8>,
}

const NONE: u8 = 2;

impl Displacements {
    /// Whether those of an atom are set.
    pub fn has(&self, row: usize) -> bool {
        self.states.get(row) == Some(&0)
    }

    /// Set those of an atom.
    pub fn set(&mut self, row: usize, numbers: [Decimal; 6]) -> Result<(), &'static str> {
        self.extend(row + 1);
        self.states[row] = 0;
        for (column, number) in self.columns.iter_mut().zip(numbers) {
            decimal::push(column, number)?;
            column.scaled.swap_remove(row);
        }
        Ok(())
    }

    fn extend(&mut self, rows: usize) {
        let rows = rows.max(self.states.len());
        self.states.resize(rows, NONE);
        for column in &mut self.columns {
            column.scaled.resize(rows, 0);
        }
    }

    fn finish(mut self, rows: usize) -> Option<([Fixed; 6], Vec<u8>)> {
        if self.states.is_empty() {
            return None;
        }
        self.extend(rows);
        decimal::align(&mut self.columns.iter_mut().collect::<Vec<_>>()).ok()?;
        Some((self.columns, self.states))
    }
}

/// A column of names, absent when the format has none.
pub(super) fn words<'a>(is_held: bool, rows: impl Iterator<Item = &'a [u8]>) -> Option<Words> {
    is_held.then(|| rows.collect())
}
