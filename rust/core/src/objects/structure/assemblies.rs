//! Assemblies: operators, and which of them make copies of which chains.

use super::header::build_count;
use super::letters::{build_letters, write_letters};
use super::{Assemblies, Operators, Structure};
use crate::columns::Words;
use crate::number::{Fixed, PLACES, build_number, write_number};
use crate::vocabulary::{block, token};
use crate::wire::{Builder, Writer};

const OPERATORS: u16 = token("<Operators>");
const OPERATOR: u16 = token("<Operator>");
const ASSEMBLY: u16 = token("<Assembly>");
const CHAINS: u16 = token("<Chains>");
const APPLY: u16 = token("<Apply>");

/// The most decimals of an operator.
pub(crate) const MOST_OPERATOR_DECIMALS: u8 = block("decimals").assigned() as u8 - 1;
/// Whole parts of matrices and of vectors are less, so that all digits fit in an `i64`.
pub(crate) const WHOLES: [i64; 2] = [1_000, 1_000_000];

impl Operators {
    /// The three rows of its matrix and vector, each three elements of the matrix and one of the vector.
    pub(crate) fn rows(&self) -> [[&Fixed; 4]; 3] {
        [
            [&self.m11, &self.m12, &self.m13, &self.v1],
            [&self.m21, &self.m22, &self.m23, &self.v2],
            [&self.m31, &self.m32, &self.m33, &self.v3],
        ]
    }

    /// The same, to be changed.
    pub(crate) fn rows_mut(&mut self) -> [[&mut Fixed; 4]; 3] {
        [
            [&mut self.m11, &mut self.m12, &mut self.m13, &mut self.v1],
            [&mut self.m21, &mut self.m22, &mut self.m23, &mut self.v2],
            [&mut self.m31, &mut self.m32, &mut self.m33, &mut self.v3],
        ]
    }

    /// Without rows, with counts of decimals of the matrices and of the vectors.
    pub(crate) fn with_decimals(decimals: [u8; 2]) -> Self {
        let mut operators = Operators::default();
        for row in operators.rows_mut() {
            for (place, column) in row.into_iter().enumerate() {
                column.decimals = decimals[usize::from(place == 3)];
            }
        }
        operators
    }
}

/// Write operators and assemblies, if there are some.
pub(super) fn write(structure: &Structure, out: &mut Writer) {
    if let Some(operators) = &structure.operators {
        write_operators(operators, out);
    }
    if let Some(assemblies) = &structure.assemblies {
        write_assemblies(assemblies, out);
    }
}

/// ```ebnf
/// operators       = "<Operators>" matrix_decimals vector_decimals operator operator* ;
/// operator        = "<Operator>" letter letter* matrix_row matrix_row matrix_row ;
/// matrix_row      = matrix_element matrix_element matrix_element vector_element ;
/// matrix_decimals = decimals ;
/// vector_decimals = decimals ;
/// matrix_element  = "-999.".."999." fraction* ;
///     where: places(matrix_element, matrix_decimals)
/// vector_element  = ( "-999.".."999." | ( "+x2" | "-x2" ) lead group ) fraction* ;
///     where: places(vector_element, vector_decimals)
/// ```
fn write_operators(operators: &Operators, out: &mut Writer) {
    if operators.is_empty() {
        return out.refuse("a table of operators without rows is absent");
    }
    let counts = [operators.m11.decimals, operators.v1.decimals];
    let rows = operators.rows();
    for (place, column) in rows.iter().flat_map(|row| row.iter().enumerate()) {
        if column.decimals != counts[usize::from(place == 3)] {
            return out.refuse("matrices have one count of decimals, and vectors");
        }
    }
    out.token(OPERATORS);
    for decimals in counts {
        if decimals > MOST_OPERATOR_DECIMALS {
            return out.refuse("operators have 0 to 10 decimals");
        }
        out.token(PLACES + u16::from(decimals));
    }
    for row in 0..operators.len() {
        write_name(OPERATOR, operators.id.get(row), ("operators.id", row), out);
        for (place, column) in rows.iter().flat_map(|row| row.iter().enumerate()) {
            let (scaled, most) = (column.scaled[row], WHOLES[usize::from(place == 3)]);
            let whole = scaled.div_euclid(10_i64.pow(u32::from(column.decimals)));
            if whole.abs() >= most {
                let (name, reason) = if place == 3 {
                    ("operators.v1 to v3", "a vector has at most six digits before the point")
                } else {
                    ("operators.m11 to m33", "a matrix has at most three digits before the point")
                };
                return out.refuse_cell(name, row, reason);
            }
            write_number(scaled, column.decimals, out);
        }
    }
}

/// ```ebnf
/// assembly        = "<Assembly>" letter letter* "<Chains>" letter letter* "<Apply>" letter letter* ;
/// ```
fn write_assemblies(assemblies: &Assemblies, out: &mut Writer) {
    if assemblies.is_empty() {
        return out.refuse("a table of assemblies without rows is absent");
    }
    for row in 0..assemblies.len() {
        for (mark, column, name) in [
            (ASSEMBLY, &assemblies.id, "assemblies.id"),
            (CHAINS, &assemblies.chains, "assemblies.chains"),
            (APPLY, &assemblies.operators, "assemblies.operators"),
        ] {
            write_name(mark, column.get(row), (name, row), out);
        }
    }
}

/// Write a name that is not empty behind its mark.
fn write_name(mark: u16, name: &[u8], (column, row): (&'static str, usize), out: &mut Writer) {
    if name.is_empty() {
        return out.refuse_cell(
            column,
            row,
            "operators and assemblies have names, of one letter or more",
        );
    }
    out.token(mark);
    write_letters(name, out);
}

/// Build operators, if there are some.
pub(super) fn build_operators(from: &mut Builder, letters: &mut Vec<u8>) -> Option<Operators> {
    from.take_if(OPERATORS).then(|| {
        let decimals = [(); 2].map(|()| build_count(from, MOST_OPERATOR_DECIMALS));
        let mut operators = Operators::with_decimals(decimals);
        while from.take_if(OPERATOR) {
            build_letters(from, letters);
            operators.id.push_word(letters);
            for column in operators.rows_mut().into_iter().flatten() {
                column.scaled.push(build_number(from, column.decimals));
            }
        }
        operators
    })
}

/// Build assemblies, if there are some.
pub(super) fn build_assemblies(from: &mut Builder, letters: &mut Vec<u8>) -> Option<Assemblies> {
    let mut assemblies = Assemblies::default();
    while from.take_if(ASSEMBLY) {
        let mut name = |column: &mut Words, from: &mut Builder| {
            build_letters(from, letters);
            column.push_word(letters);
        };
        name(&mut assemblies.id, from);
        from.take();
        name(&mut assemblies.chains, from);
        from.take();
        name(&mut assemblies.operators, from);
    }
    (!assemblies.is_empty()).then_some(assemblies)
}
