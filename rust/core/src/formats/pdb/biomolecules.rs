//! Biomolecules: the assemblies of REMARK 350, as its template says them.

use std::collections::HashMap;

use super::line::{Line, trimmed};
use crate::formats::assemblies::{Rows, element, names, operators_of};
use crate::formats::decimal::{self, Decimal};
use crate::formats::error::{FormatError, shown};
use crate::objects::structure::{Assemblies, Structure};

/// What a line of chains says before the chains; other words may precede it.
const CHAINS: &[u8] = b"APPLY THE FOLLOWING TO CHAINS:";
const MORE_CHAINS: &[u8] = b"AND CHAINS:";

/// As long are numbers at most, so that there is a blank before each.
pub(super) const MOST_OF_MATRIX: usize = 9;
pub(super) const MOST_OF_VECTOR: usize = 14;

/// The most characters of the name of a biomolecule.
const MOST_OF_NAME: usize = 40;

/// The biomolecules that were read, and the first line that does not follow the template.
#[derive(Default)]
pub(super) struct Biomolecules<'a> {
    /// The names of the biomolecules whose lines are read.
    ids: Vec<&'a [u8]>,
    rows: Vec<Row<'a>>,
    /// The lines of an operator of which some are still to come.
    lines: Vec<[Decimal; 4]>,
    wrong: Option<(usize, String)>,
}

/// Chains of biomolecules, and the operators that make copies of them.
struct Row<'a> {
    ids: Vec<&'a [u8]>,
    chains: Vec<&'a [u8]>,
    operators: Vec<Rows>,
    start: usize,
}

impl<'a> Biomolecules<'a> {
    /// Take in a line of a remark.
    pub fn line(&mut self, line: Line<'a>) {
        if line.raw(6, 10) != b" 350" || self.wrong.is_some() {
            return;
        }
        if let Err(reason) = self.read(line) {
            self.wrong = Some((line.start, reason));
        }
    }

    fn read(&mut self, line: Line<'a>) -> Result<(), String> {
        let text = trimmed(line.raw(10, usize::MAX));
        if let Some(id) = text.strip_prefix(b"BIOMOLECULE:") {
            self.ended()?;
            self.ids = ids(id)?;
        } else if let Some(at) = text.windows(CHAINS.len()).position(|part| part == CHAINS) {
            self.ended()?;
            if self.ids.is_empty() {
                return Err("expected BIOMOLECULE and its number before its chains".to_owned());
            }
            let (ids, start) = (self.ids.clone(), line.start);
            let row = Row { ids, chains: Vec::new(), operators: Vec::new(), start };
            self.rows.push(row);
            self.chains(&text[at + CHAINS.len()..])?;
        } else if let Some(more) = text.strip_prefix(MORE_CHAINS) {
            self.chains(more)?;
        } else if let Some(operator) = text.strip_prefix(b"BIOMT") {
            self.operator(operator)?;
        }
        Ok(())
    }

    /// Take in chains of the last row.
    fn chains(&mut self, list: &'a [u8]) -> Result<(), String> {
        let row = self.rows.last_mut().filter(|row| row.operators.is_empty());
        let row = row.ok_or("expected chains before their operators")?;
        let words = list.split(|b| b", ".contains(b));
        row.chains.extend(words.filter(|name| !name.is_empty()));
        Ok(())
    }

    /// Take in a line of an operator, behind `BIOMT`.
    fn operator(&mut self, text: &[u8]) -> Result<(), String> {
        let wanted = self.lines.len() + 1;
        let fields: Vec<&[u8]> = text.split(|&b| b == b' ').filter(|f| !f.is_empty()).collect();
        let [line, _, numbers @ ..] = &fields[..] else {
            return Err("expected a line of an operator".to_owned());
        };
        if decimal::read_integer(line) != i32::try_from(wanted).ok() || numbers.len() != 4 {
            return Err(format!("expected BIOMT{wanted}, a number and four elements"));
        }
        let mut row = [Decimal { scaled: 0, decimals: 0 }; 4];
        for (place, (read, text)) in row.iter_mut().zip(numbers).enumerate() {
            let number = element(text)
                .map_err(|expected| format!("expected {expected}, not {}", shown(text)))?;
            let mut digits = Vec::new();
            decimal::write(number.scaled, number.decimals, &mut digits);
            let most = if place == 3 { MOST_OF_VECTOR } else { MOST_OF_MATRIX };
            if digits.len() > most {
                return Err(format!("expected at most {most} characters, not {}", shown(text)));
            }
            *read = number;
        }
        self.lines.push(row);
        if let [first, second, third] = self.lines[..] {
            self.lines.clear();
            let row = self.rows.last_mut().ok_or("expected chains before their operators")?;
            row.operators.push([first, second, third]);
        }
        Ok(())
    }

    /// Whether what was begun is whole.
    fn ended(&self) -> Result<(), String> {
        let is_whole = |row: &Row| !row.chains.is_empty() && !row.operators.is_empty();
        if self.lines.is_empty() && self.rows.last().is_none_or(is_whole) {
            return Ok(());
        }
        Err("expected chains and operators of three lines before this".to_owned())
    }

    /// Give them to a structure; where they do not follow the template they are returned, and none is
    /// given.
    pub fn finish(self, structure: &mut Structure, text: &[u8]) -> Option<FormatError> {
        let end = self.rows.last().map_or(0, |row| row.start);
        let ended = self.ended();
        let wrong = self.wrong.or_else(|| ended.err().map(|reason| (end, reason)));
        let (position, reason) = match wrong {
            Some(wrong) => wrong,
            None => (end, format!("expected {}", given(structure, &self.rows).err()?)),
        };
        Some(FormatError::at(text, position, format!("assemblies of REMARK 350: {reason}")))
    }
}

/// The names of the biomolecules of a line, with commas between.
fn ids(list: &[u8]) -> Result<Vec<&[u8]>, String> {
    let ids: Vec<&[u8]> = names(list).map(trimmed).collect();
    match ids.iter().find(|id| !is_name(id)) {
        None => Ok(ids),
        Some(id) => {
            let found = shown(id);
            Err(format!(
                "expected names of at most {MOST_OF_NAME} characters without blanks, not {found}"
            ))
        }
    }
}

/// Whether REMARK 350 can say the name of an assembly.
pub(super) fn is_name(name: &[u8]) -> bool {
    let is_of_name = |b: &u8| b.is_ascii_graphic() && *b != b',';
    (1..=MOST_OF_NAME).contains(&name.len()) && name.iter().all(is_of_name)
}

/// Give rows to a structure. Operators that are the same are one, numbered by their first use; rows of
/// several biomolecules are of each.
fn given(structure: &mut Structure, rows: &[Row]) -> Result<(), &'static str> {
    if rows.is_empty() {
        return Ok(());
    }
    let all = rows.iter().flat_map(|row| &row.operators);
    let all = operators_of(&all.map(|operator| (Vec::new(), *operator)).collect::<Vec<_>>())?;
    let columns = all.rows();
    let mut numbers: HashMap<Vec<i64>, usize> = HashMap::new();
    let (mut distinct, mut assemblies) = (Vec::new(), Assemblies::default());
    let mut at = 0;
    for of_same in rows.chunk_by(|one, other| one.ids == other.ids) {
        let mut lists = Vec::new();
        for row in of_same {
            let mut list = Vec::new();
            for operator in &row.operators {
                let key = columns.iter().flatten().map(|column| column.scaled[at]).collect();
                let next = numbers.len() + 1;
                let number = *numbers.entry(key).or_insert(next);
                if number == next {
                    distinct.push((number.to_string().into_bytes(), *operator));
                }
                list.push(number.to_string());
                at += 1;
            }
            lists.push(list.join(","));
        }
        for id in &of_same[0].ids {
            for (row, list) in of_same.iter().zip(&lists) {
                assemblies.id.push_word(id);
                assemblies.chains.push_word(&row.chains.join(&b','));
                assemblies.operators.push_word(list.as_bytes());
            }
        }
    }
    structure.operators = Some(operators_of(&distinct)?);
    structure.assemblies = Some(assemblies);
    Ok(())
}
