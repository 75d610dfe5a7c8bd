//! Read: a PDB file, line by line, to a structure.

use super::biomolecules::Biomolecules;
use super::hybrid36;
use super::lately::Lately;
use super::line::{CR_ALONE, Line, Lines, trimmed};
use super::links::{of_disulfide, of_link};
use super::sequence::{self, Sequence};
use super::tail::{Tail, is_atom, is_like};
use crate::columns::Column;
use crate::formats::decimal::{self, Decimal};
use crate::formats::element;
use crate::formats::error::{FormatError, shown};
use crate::formats::links::{self, NamedLink};
use crate::formats::rows::{Blanks, Held, Number, ResidueRow, Rows, RunNames, UNKNOWN};
use crate::number::Fixed;
use crate::objects::structure::{Structure, UnitCell};
use crate::residues::RESIDUES;

/// A structure, and what of its file it could not take.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The structure.
    pub structure: Structure,
    /// Each record that is read and left out, with its place and the reason.
    pub left_out: Vec<FormatError>,
}

/// Read a file.
///
/// # Errors
/// At the first column that is not what the format says; when there are no atoms.
pub fn read(text: &[u8], blanks: Blanks) -> Result<Reading, FormatError> {
    let mut reader = Reader::new(text);
    for line in Lines::new(text) {
        reader.line(line)?;
    }
    reader.finish(blanks)
}

/// How many columns a line has.
pub(super) const COLUMNS: usize = 80;

pub(super) struct Reader<'a> {
    pub rows: Rows<'a>,
    pub tail: Tail,
    held: Held,
    /// Whether a model is open, to which an atom belongs.
    in_model: bool,
    /// Whether the next atom begins a run, or a residue, whatever it is.
    is_cut: bool,
    /// Columns 18 to 27 and the record of the last atom.
    residue: ([u8; 10], bool),
    /// Column 22 and columns 73 to 76 of the last atom.
    run: (u8, [u8; 4]),
    pub lately: Lately,
    /// Columns 55 to 60 of the last atom, and the number that they are.
    pub occupancy: ([u8; 6], Option<i64>),
    /// Columns 13 to 27 of the last atom, empty where an ANISOU has come.
    identity: &'a [u8],
    links: Vec<NamedLink<'a>>,
    sequences: Vec<Sequence<'a>>,
    biomolecules: Biomolecules<'a>,
    /// The first line whose element is no symbol.
    pub unknown_element: Option<Line<'a>>,
    /// The first line whose name of four columns may be meant as three, and a chain of two letters.
    wide_name: Option<Line<'a>>,
    cell: Option<UnitCell>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        Reader {
            rows: Rows::new(text, text.len() / 81),
            tail: Tail::of(text),
            held: Held::default(),
            in_model: false,
            is_cut: true,
            residue: ([0; 10], false),
            run: (0, [0; 4]),
            lately: Lately::new(),
            occupancy: ([0; 6], None),
            identity: &[],
            links: Vec::new(),
            sequences: Vec::new(),
            biomolecules: Biomolecules::default(),
            unknown_element: None,
            wide_name: None,
            cell: None,
        }
    }

    fn line(&mut self, line: Line<'a>) -> Result<(), FormatError> {
        // A line of another width may be several, which old systems end with CR alone.
        if line.bytes.len() != COLUMNS {
            self.ends_as_expected(line)?;
        }
        if is_atom(line.bytes) {
            return self.atom(line);
        }
        // A tab behind a name of fewer columns ends it.
        let name = line.raw(0, 6).split(|&b| b == b'\t').next().unwrap_or_default();
        match trimmed(name) {
            b"ANISOU" => self.anisotropic(line)?,
            // A serial number of six digits may begin in column 6.
            [b'T', b'E', b'R'] | [b'T', b'E', b'R', b' ', ..] => self.is_cut = true,
            b"MODEL" => self.model(line)?,
            b"ENDMDL" | b"END" => self.in_model = false,
            b"CRYST1" => self.cell = Some(self.cell(line)?),
            b"SSBOND" => self.links.push(of_disulfide(line)),
            b"LINK" => self.links.push(of_link(line)),
            b"SEQRES" => sequence::read(line, &mut self.sequences),
            b"REMARK" => self.biomolecules.line(line),
            _ => {
                if let Some(record) = is_like(line.bytes) {
                    let reason = format!(
                        "expected {record} in capital letters in columns 1 to 6, with blanks behind it"
                    );
                    return Err(self.rows.at(line.start, reason));
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn ends_as_expected(&self, line: Line) -> Result<(), FormatError> {
        match line.bytes.iter().position(|&b| b == b'\r') {
            None => Ok(()),
            Some(at) => Err(self.rows.at(line.start + at, CR_ALONE)),
        }
    }

    fn model(&mut self, line: Line) -> Result<(), FormatError> {
        let field = line.field(5, 26);
        let number = if field.is_empty() {
            self.next_model()
        } else {
            let number = decimal::read_integer(field);
            number.ok_or_else(|| self.not(line, 5, 26, "the number of a model"))?
        };
        self.rows.begin_model(number);
        (self.in_model, self.is_cut) = (true, true);
        Ok(())
    }

    /// The number of a model that the file does not number.
    fn next_model(&self) -> i32 {
        self.rows.structure.models.number.last().map_or(1, |last| last.saturating_add(1))
    }

    #[inline]
    fn atom(&mut self, line: Line<'a>) -> Result<(), FormatError> {
        if line.bytes.len() < 54 {
            let end = line.start + line.bytes.len();
            let reason = "expected coordinates in columns 31 to 54, and the line ends here";
            return Err(self.rows.at(end, reason));
        }
        let mut blank = [b' '; COLUMNS];
        let columns = line.bytes.first_chunk().unwrap_or_else(|| {
            blank[..line.bytes.len()].copy_from_slice(line.bytes);
            &blank
        });
        self.place(line, columns)?;
        self.numbers(line, columns)?;
        let codes = self.codes(line, columns)?;
        let charge = if columns[78..] == *b"  " { 0 } else { self.charge(line)? };
        let atoms = &mut self.rows.structure.atoms;
        atoms.residue.push(self.rows.structure.residues.strand.len() as u32 - 1);
        atoms.name.push(codes.name);
        atoms.element.push(codes.element);
        atoms.altloc.push(codes.altloc);
        atoms.charge.push(charge);
        self.identity = &line.bytes[12..27];
        Ok(())
    }

    /// Begin the model, the run and the residue of an atom, as far as they are other than before.
    #[inline]
    fn place(&mut self, line: Line<'a>, columns: &[u8; COLUMNS]) -> Result<(), FormatError> {
        let hetero = columns[0] == b'H';
        let mut key = [0; 10];
        key.copy_from_slice(&columns[17..27]);
        let mut segment = [b' '; 4];
        if !self.is_numbered(line, columns[77]) {
            segment.copy_from_slice(&columns[72..76]);
        }
        let run = (columns[21], segment);
        if (key, hetero) == self.residue && run == self.run && !self.is_cut && self.in_model {
            return Ok(());
        }
        self.begin(line, (key, hetero), run)
    }

    fn begin(
        &mut self,
        line: Line<'a>,
        residue: ([u8; 10], bool),
        run: (u8, [u8; 4]),
    ) -> Result<(), FormatError> {
        if !self.in_model {
            let number = self.next_model();
            self.rows.begin_model(number);
            (self.in_model, self.is_cut) = (true, true);
        }
        let is_other = (self.is_cut || run != self.run) && {
            let segment = if run.1 == [b' '; 4] { &[][..] } else { line.field(72, 76) };
            self.held.segment |= !segment.is_empty();
            let names = RunNames { chain: line.field(21, 22), label: &[], entity: &[], segment };
            self.rows.enter_run(names, self.is_cut)
        };
        let component = line.field(17, 21);
        if component.contains(&b' ') {
            let expected = "the name of a component, without a blank inside (a column before it may \
                            be missing, or column 21 be of a chain of two letters)";
            return Err(self.not(line, 17, 21, expected));
        }
        if columns_are_ambiguous(line.raw(17, 21)) {
            self.wide_name.get_or_insert(line);
        }
        let number = self.number(line)?;
        let insertion = line.field(26, 27);
        let row =
            ResidueRow { component, number, insertion, hetero: residue.1, label_seq: UNKNOWN };
        self.rows.enter_residue(&row, is_other);
        (self.residue, self.run, self.is_cut) = (residue, run, false);
        Ok(())
    }

    fn number(&self, line: Line) -> Result<Number, FormatError> {
        let field = line.field(22, 26);
        if field.is_empty() {
            return Ok(UNKNOWN);
        }
        let value = decimal::read_integer(field).or_else(|| hybrid36::read(field, 4));
        let value = value
            .ok_or_else(|| self.not(line, 22, 26, "a residue number, decimal or in hybrid-36"))?;
        Ok(Number { value, state: 0 })
    }

    fn anisotropic(&mut self, line: Line<'a>) -> Result<(), FormatError> {
        if line.raw(12, 27) != self.identity {
            let reason = "expected ANISOU behind the ATOM or HETATM of the same atom";
            return Err(self.rows.at(line.start, reason));
        }
        self.identity = &[];
        let mut numbers = [Decimal { scaled: 0, decimals: 4 }; 6];
        for (number, first) in numbers.iter_mut().zip((28..).step_by(7)) {
            let value = decimal::read_integer(line.field(first, first + 7));
            let value = value.ok_or_else(|| {
                self.not(line, first, first + 7, "an integer, 10,000 times the displacement")
            })?;
            number.scaled = i64::from(value);
        }
        let row = self.rows.structure.atoms.residue.len() - 1;
        let set = self.rows.displacements.set(row, numbers);
        set.map_err(|expected| self.not(line, 28, 70, expected))
    }

    fn cell(&self, line: Line) -> Result<UnitCell, FormatError> {
        let number = |first: usize, end: usize| {
            let read = decimal::read(line.field(first, end));
            let read = read.map_err(|expected| {
                self.not(line, first, end, &format!("an edge or an angle of the cell: {expected}"))
            })?;
            Ok(Fixed { decimals: read.decimals, scaled: vec![read.scaled] })
        };
        let (mut a, mut b, mut c) = (number(6, 15)?, number(15, 24)?, number(24, 33)?);
        let (mut alpha, mut beta) = (number(33, 40)?, number(40, 47)?);
        let mut gamma = number(47, 54)?;
        decimal::align(&mut [&mut a, &mut b, &mut c])
            .and_then(|()| decimal::align(&mut [&mut alpha, &mut beta, &mut gamma]))
            .map_err(|expected| self.not(line, 6, 54, expected))?;
        let space_group = [line.field(55, 66)].iter().collect();
        Ok(UnitCell { a, b, c, alpha, beta, gamma, space_group })
    }

    /// The error of a field that is something else.
    #[cold]
    pub fn not(&self, line: Line, first: usize, end: usize, expected: &str) -> FormatError {
        let found = line.field(first, end);
        let found = if found.is_empty() { "blanks".to_owned() } else { shown(found) };
        let (from, to) = (first + 1, end);
        let reason = format!("expected {expected}, not {found} in columns {from} to {to}");
        self.rows.at(line.position(first, end), reason)
    }

    fn finish(self, blanks: Blanks) -> Result<Reading, FormatError> {
        let text = self.rows.text;
        if self.rows.structure.atoms.is_empty() {
            let reason = if text.trim_ascii_start().starts_with(b"data_") {
                "expected a PDB file; this is CIF"
            } else {
                "expected atoms (lines of ATOM or HETATM); this file has none"
            };
            return Err(FormatError::at(text, 0, reason));
        }
        let mut structure = self.rows.finish(self.held, blanks)?;
        structure.cell = self.cell;
        let mut left_out = sequence::insert(&mut structure, &self.sequences, text);
        left_out.extend(self.biomolecules.finish(&mut structure, text));
        left_out.extend(links::resolve(&mut structure, &self.links, text));
        left_out.extend(self.unknown_element.map(|line| {
            let found = shown(line.field(76, 78));
            let reason = format!("elements that are no symbol, the first of them {found}, are X");
            FormatError::at(text, line.start + 76, reason)
        }));
        left_out.extend(self.wide_name.map(|line| {
            let found = shown(line.field(17, 21));
            let reason = format!(
                "column 21 belongs to the name of the component, the first of them {found}; it is \
                 not read as the first letter of a chain of two"
            );
            FormatError::at(text, line.start + 20, reason)
        }));
        Ok(Reading { structure, left_out })
    }
}

/// Whether columns 18 to 20 name a residue that has a letter or a token, or an ion of an element, and
/// column 21 has a character too: some programs write a chain of two letters in columns 21 and 22.
fn columns_are_ambiguous(columns: &[u8]) -> bool {
    let [name @ .., last] = columns else { return false };
    let name = trimmed(name);
    *last != b' '
        && (RESIDUES.of_component(name).is_some()
            || RESIDUES.polymer_of(name).is_some()
            || element::of_symbol(name).is_some())
}
