//! Atoms: the rows of `_atom_site`, as they come.

use crate::formats::cif::table::item_of;
use crate::formats::cif::{Lexer, Value};
use crate::formats::decimal::{self, Decimal};
use crate::formats::element;
use crate::formats::error::{FormatError, shown};
use crate::formats::rows::{Held, INAPPLICABLE, Number, ResidueRow, Rows, RunNames, UNKNOWN};
use crate::formats::strands::letter_kind;

/// The items that are read, by their place in a row.
const ITEMS: [&str; 21] = [
    "group_PDB",
    "label_comp_id",
    "label_asym_id",
    "label_entity_id",
    "label_seq_id",
    "pdbx_PDB_ins_code",
    "auth_seq_id",
    "auth_asym_id",
    "pdbx_PDB_model_num",
    "segment_id",
    "auth_comp_id",
    "label_atom_id",
    "auth_atom_id",
    "type_symbol",
    "label_alt_id",
    "Cartn_x",
    "Cartn_y",
    "Cartn_z",
    "occupancy",
    "B_iso_or_equiv",
    "pdbx_formal_charge",
];
const GROUP: usize = 0;
const COMPONENT: usize = 1;
const LABEL: usize = 2;
const ENTITY: usize = 3;
const LABEL_SEQ: usize = 4;
const INSERTION: usize = 5;
const NUMBER: usize = 6;
const CHAIN: usize = 7;
const MODEL: usize = 8;
const SEGMENT: usize = 9;
const AUTH_COMPONENT: usize = 10;
const NAME: usize = 11;
const AUTH_NAME: usize = 12;
const ELEMENT: usize = 13;
const ALTLOC: usize = 14;
const X: usize = 15;
const OCCUPANCY: usize = 18;
const B_FACTOR: usize = 19;
const CHARGE: usize = 20;
/// The items that tell a residue from the next.
const KEY: usize = 11;

/// What an item is not read into.
const ELSEWHERE: u8 = ITEMS.len() as u8;
const ID: u8 = ELSEWHERE + 1;

/// The atoms of a block as they are read.
pub(super) struct AtomTable<'a> {
    pub rows: Rows<'a>,
    /// The id of each atom, which other tables use.
    pub ids: Vec<&'a [u8]>,
    /// The first of what is left out.
    pub left_out: Option<FormatError>,
    /// Where the value of each item of a row goes.
    places: Vec<u8>,
    /// Which items there are.
    has: [bool; ITEMS.len()],
    has_ids: bool,
    values: [Value<'a>; ITEMS.len() + 2],
    /// The first `KEY` values of the row before.
    last: [Value<'a>; KEY],
    component: &'a [u8],
}

impl<'a> AtomTable<'a> {
    /// Read the rows of a loop.
    pub fn read(tags: &[&'a [u8]], lexer: &mut Lexer<'a>) -> Result<Self, FormatError> {
        let rest = lexer.text.len() - lexer.position();
        let mut table = AtomTable::new(tags, lexer, rest / (tags.len() * 4 + 20))?;
        loop {
            for (at, tag) in tags.iter().enumerate() {
                match lexer.value()? {
                    Some(value) => table.values[usize::from(table.places[at])] = value,
                    None if at == 0 => return Ok(table),
                    None => {
                        let item = String::from_utf8_lossy(tag).into_owned();
                        let reason = "expected a value, and the row ends here";
                        let position = lexer.position();
                        return Err(FormatError::at(lexer.text, position, reason).of_item(item));
                    }
                }
            }
            table.take(lexer)?;
        }
    }

    /// A table without rows.
    pub fn new(tags: &[&'a [u8]], lexer: &Lexer<'a>, atoms: usize) -> Result<Self, FormatError> {
        let mut has = [false; ITEMS.len()];
        let mut places = Vec::with_capacity(tags.len());
        for tag in tags {
            let item = item_of(tag);
            let place = ITEMS.iter().position(|name| item.eq_ignore_ascii_case(name.as_bytes()));
            places.push(match place {
                Some(place) if has[place] => {
                    let reason = format!("expected {} once in a loop", shown(tag));
                    return Err(FormatError::at(lexer.text, lexer.position_of(tag), reason));
                }
                Some(place) => {
                    has[place] = true;
                    place as u8
                }
                None if item.eq_ignore_ascii_case(b"id") => ID,
                None => ELSEWHERE,
            });
        }
        for item in [X, X + 1, X + 2] {
            expect_any(&has, &[item], tags, lexer)?;
        }
        expect_any(&has, &[NAME, AUTH_NAME], tags, lexer)?;
        expect_any(&has, &[COMPONENT, AUTH_COMPONENT], tags, lexer)?;
        let has_ids = places.contains(&ID);
        Ok(AtomTable {
            rows: Rows::new(lexer.text, atoms),
            ids: Vec::with_capacity(if has_ids { atoms } else { 0 }),
            left_out: None,
            places,
            has,
            has_ids,
            values: [Value::UNKNOWN; ITEMS.len() + 2],
            last: [Value::UNKNOWN; KEY],
            component: &[],
        })
    }

    /// Which columns the file has; labels, which every file should have, are empty where it has none.
    pub fn held(&self) -> Held {
        Held {
            label: true,
            entity: self.has[ENTITY],
            segment: self.has[SEGMENT],
            label_seq: self.has[LABEL_SEQ],
        }
    }

    /// Take a row whose values stand together.
    pub fn row(&mut self, values: &[Value<'a>], lexer: &Lexer<'a>) -> Result<(), FormatError> {
        for (place, value) in self.places.iter().zip(values) {
            self.values[usize::from(*place)] = *value;
        }
        self.take(lexer)
    }

    #[inline]
    fn take(&mut self, lexer: &Lexer<'a>) -> Result<(), FormatError> {
        if self.values[..KEY] != self.last || self.rows.runs.is_empty() {
            self.begin(lexer)?;
        }
        let name = self.either(NAME, AUTH_NAME, lexer);
        let symbol = self.element(name);
        let charge = self.charge(lexer)?;
        let atoms = &mut self.rows.structure.atoms;
        atoms.residue.push(self.rows.structure.residues.strand.len() as u32 - 1);
        atoms.name.push_word(name);
        atoms.element.push_word(symbol);
        atoms.altloc.push_word(self.values[ALTLOC].word());
        atoms.charge.push(charge);
        for (item, column) in (X..).zip([&mut atoms.x, &mut atoms.y, &mut atoms.z]) {
            let value = self.values[item];
            let pushed = read(value).and_then(|number| decimal::push(column, number));
            pushed.map_err(|expected| not(lexer, value, item, expected))?;
        }
        for (item, blank) in [(OCCUPANCY, 1), (B_FACTOR, 0)] {
            let value = self.values[item];
            let column =
                if item == OCCUPANCY { &mut self.rows.occupancy } else { &mut self.rows.b_factor };
            let pushed = if value.is_absent() {
                column.push_blank(lexer.position_of(value.text), blank)
            } else {
                read(value).and_then(|number| column.push(number))
            };
            pushed.map_err(|expected| not(lexer, value, item, expected))?;
        }
        if self.has_ids {
            self.ids.push(self.values[usize::from(ID)].text);
        }
        Ok(())
    }

    /// Begin the model, the run and the residue of a row, as far as they are other than before.
    fn begin(&mut self, lexer: &Lexer<'a>) -> Result<(), FormatError> {
        let model = match self.number(MODEL, lexer)? {
            Number { value, state: 0 } => value,
            _ if !self.has[MODEL] => 1,
            _ => return Err(not(lexer, self.values[MODEL], MODEL, "the number of a model")),
        };
        let is_other_model = self.rows.structure.models.number.last() != Some(&model);
        if is_other_model {
            self.rows.begin_model(model);
        }
        let label = self.values[LABEL].word();
        let names = RunNames {
            chain: if self.has[CHAIN] { self.values[CHAIN].word() } else { label },
            label,
            entity: self.values[ENTITY].word(),
            segment: self.values[SEGMENT].word(),
        };
        let is_other = self.rows.enter_run(names, is_other_model);
        let component = self.either(COMPONENT, AUTH_COMPONENT, lexer);
        let label_seq = self.number(LABEL_SEQ, lexer)?;
        let number = if self.has[NUMBER] { self.number(NUMBER, lexer)? } else { label_seq };
        let group = self.values[GROUP];
        let hetero = match group.text {
            // Early files cut the word off.
            b"HETATM" | b"HETA" => true,
            b"ATOM" => false,
            _ if group.is_absent() => false,
            _ => return Err(not(lexer, group, GROUP, "ATOM or HETATM")),
        };
        self.component = component;
        let insertion = self.values[INSERTION].word();
        let row = ResidueRow { component, number, insertion, hetero, label_seq };
        self.rows.enter_residue(&row, is_other);
        self.last.copy_from_slice(&self.values[..KEY]);
        Ok(())
    }

    /// The value of an item that has two names: the label, where it is given.
    #[inline]
    fn either(&mut self, label: usize, auth: usize, lexer: &Lexer) -> &'a [u8] {
        let (one, other) = (self.values[label], self.values[auth]);
        if other.text == one.text || other.is_absent() {
            return one.word();
        }
        if one.is_absent() {
            return other.word();
        }
        self.left_out.get_or_insert_with(|| {
            let expected = format!("{}, as in _atom_site.{}", shown(one.text), ITEMS[label]);
            not(lexer, other, auth, &expected)
        });
        one.word()
    }

    fn number(&self, item: usize, lexer: &Lexer) -> Result<Number, FormatError> {
        let value = self.values[item];
        match (value.is_absent(), value.text) {
            (true, b".") => Ok(INAPPLICABLE),
            (true, _) => Ok(UNKNOWN),
            (false, text) => match decimal::read_integer(text) {
                Some(value) => Ok(Number { value, state: 0 }),
                None => Err(not(lexer, value, item, "an integer, ? or .")),
            },
        }
    }

    /// The element: the one given, else that of the name in a residue with a letter, else `X`.
    #[inline]
    fn element(&mut self, name: &[u8]) -> &'static [u8] {
        let value = self.values[ELEMENT];
        if let Some(symbol) = element::of_symbol(value.text) {
            return symbol;
        }
        self.element_of_name(value, name)
    }

    #[cold]
    fn element_of_name(&mut self, value: Value, name: &[u8]) -> &'static [u8] {
        if !value.is_absent() && self.left_out.is_none() {
            let position =
                (value.text.as_ptr() as usize).wrapping_sub(self.rows.text.as_ptr() as usize);
            let found = shown(value.text);
            let reason = format!("elements that are no symbol, the first of them {found}, are X");
            self.left_out = Some(FormatError::at(self.rows.text, position, reason));
        }
        let mut field = [b' '; 4];
        let length = name.len().min(3);
        field[1..=length].copy_from_slice(&name[..length]);
        let found = value.is_absent() && letter_kind(self.component).is_some();
        let symbol = found.then(|| element::of_atom(self.component, field)).flatten();
        symbol.unwrap_or(element::UNKNOWN)
    }

    #[inline]
    fn charge(&self, lexer: &Lexer) -> Result<i8, FormatError> {
        let value = self.values[CHARGE];
        if value.is_absent() {
            return Ok(0);
        }
        let charge = decimal::read_integer(value.text).and_then(|charge| i8::try_from(charge).ok());
        charge.ok_or_else(|| not(lexer, value, CHARGE, "a charge of -128 to 127, ? or ."))
    }
}

#[inline]
fn read(value: Value) -> Result<Decimal, &'static str> {
    decimal::read(value.text)
}

/// The error of a value that is something else.
#[cold]
fn not(lexer: &Lexer, value: Value, item: usize, expected: &str) -> FormatError {
    let reason = format!("expected {expected}, not {}", shown(value.text));
    FormatError::at(lexer.text, lexer.position_of(value.text), reason)
        .of_item(format!("_atom_site.{}", ITEMS[item]))
}

/// Expect one of several items.
fn expect_any(
    has: &[bool],
    items: &[usize],
    tags: &[&[u8]],
    lexer: &Lexer,
) -> Result<(), FormatError> {
    if items.iter().any(|item| has[*item]) {
        return Ok(());
    }
    let names: Vec<String> =
        items.iter().map(|item| format!("_atom_site.{}", ITEMS[*item])).collect();
    let reason = format!("expected {} among the items of this loop", names.join(" or "));
    Err(FormatError::at(lexer.text, lexer.position_of(tags[0]), reason))
}
