//! Single atom: one atom of a SMILES, bare or in brackets, however it is spelled.

use super::cursor::{Cursor, Result};
use super::glyphs::{aromatic, element};
use crate::objects::molecule::symbol::{BARE, Symbol};
use crate::objects::molecule::{Atom, MAX_CHARGE};

const MASS: &str = "expected a mass number of one to nine digits";
const HYDROGENS: &str = "expected at most 9 hydrogens";
const CHARGE: &str = "expected a charge from -15 to +15";
const MAP: &str = "expected a map number of one to nine digits";

impl Cursor<'_> {
    /// Read an atom.
    pub fn atom(&mut self) -> Result<Atom> {
        let Some(first) = self.peek() else { return self.fail("expected an atom") };
        if first == b'[' {
            let start = self.at;
            self.at += 1;
            return self.bracket().or_else(|error| {
                let ended = self.at == self.text.len();
                if ended { self.fail_at(start, "this [ is never closed") } else { Err(error) }
            });
        }
        let (id, length) = match (first, self.second()) {
            (b'C', Some(b'l')) | (b'B', Some(b'r')) => (element(first, self.second()), 2),
            (b'a'..=b'z', _) => (aromatic(first, None), 1),
            _ => (element(first, None), 1),
        };
        if !BARE.has(id) {
            self.at += usize::from(first == b'<');
            return self.fail(not_an_atom(first, id));
        }
        self.at += length;
        Ok(Atom::bare(Symbol::of_token(id)))
    }

    /// What follows the opening bracket.
    fn bracket(&mut self) -> Result<Atom> {
        let isotope = if self.digit() { self.number(9, MASS)? } else { 0 };
        let symbol = self.symbol()?;
        let stereo = self.stereo()?;
        let hydrogens = self.hydrogens()? as i8;
        let charge = self.charge()?;
        let map = if self.peek() == Some(b':') {
            self.at += 1;
            self.number(9, MAP)?
        } else {
            0
        };
        if self.peek() != Some(b']') {
            return self.fail("expected @, H, a charge, :map or ] (in this order) in the atom");
        }
        self.at += 1;
        Ok(Atom { isotope, stereo, hydrogens, charge, map, ..Atom::bare(symbol) })
    }

    fn symbol(&mut self) -> Result<Symbol> {
        let Some(first) = self.peek() else { return self.fail("expected an element symbol") };
        let of = if first.is_ascii_lowercase() { aromatic } else { element };
        let second = self.second().filter(u8::is_ascii_lowercase);
        for (second, length) in [(second, 2), (None, 1)] {
            let id = of(first, second);
            if id != 0 && (length == 1 || second.is_some()) {
                self.at += length;
                return Ok(Symbol::of_token(id));
            }
        }
        self.fail(match first {
            b'D' => "expected an element symbol; deuterium is [2H]",
            b'T' => "expected an element symbol; tritium is [3H]",
            b'#' => "expected an element symbol, not an atomic number",
            b'a'..=b'z' => "expected an element symbol; this one is never aromatic",
            _ => "expected an element symbol or *",
        })
    }

    /// One more than the offset in the block `stereo`; 0 for none.
    fn stereo(&mut self) -> Result<u8> {
        if self.peek() != Some(b'@') {
            return Ok(0);
        }
        self.at += 1;
        if self.peek() == Some(b'@') {
            self.at += 1;
            return Ok(2);
        }
        let (base, most, digits) = match (self.peek(), self.second()) {
            (Some(b'T'), Some(b'H')) => (0, 2, 1),
            (Some(b'A'), Some(b'L')) => (2, 2, 1),
            (Some(b'S'), Some(b'P')) => (4, 3, 1),
            (Some(b'T'), Some(b'B')) => (7, 20, 2),
            (Some(b'O'), Some(b'H')) => (27, 30, 2),
            (Some(b'T' | b'A' | b'S' | b'O'), _) => {
                self.at += 1;
                return self.fail("expected @TH, @AL, @SP, @TB or @OH");
            }
            _ => return Ok(1),
        };
        self.at += 2;
        let start = self.at;
        let permutation = self.digits(digits, "expected the number of the stereo permutation")?;
        if !(1..=most).contains(&permutation) {
            return self.fail_at(start, format!("expected a permutation from 1 to {most}"));
        }
        if self.digit() {
            return self.fail(format!("expected a permutation from 1 to {most}"));
        }
        Ok(base + permutation as u8)
    }

    fn hydrogens(&mut self) -> Result<u8> {
        if self.peek() != Some(b'H') {
            return Ok(0);
        }
        self.at += 1;
        if self.digit() { self.number(1, HYDROGENS).map(|n| n as u8) } else { Ok(1) }
    }

    /// A sign, a sign and a number, or (an old spelling of 2) a sign twice.
    fn charge(&mut self) -> Result<i8> {
        let Some(sign @ (b'+' | b'-')) = self.peek() else { return Ok(0) };
        self.at += 1;
        let start = self.at;
        let mut size = 1;
        if self.digit() {
            size = self.number(2, CHARGE)?;
        } else if self.peek() == Some(sign) {
            self.at += 1;
            size = 2;
            if self.digit() || self.peek() == Some(sign) {
                return self.fail("expected a sign and a number, or a sign once or twice");
            }
        }
        if size > MAX_CHARGE as u32 {
            return self.fail_at(start, CHARGE);
        }
        Ok(if sign == b'+' { size as i8 } else { -(size as i8) })
    }
}

/// Why a byte cannot begin an atom.
fn not_an_atom(b: u8, id: u16) -> &'static str {
    match b {
        b']' => "this ] closes no atom",
        b'0'..=b'9' | b'%' => "expected an atom before this ring label",
        b'(' => "expected an atom before this parenthesis",
        b')' => "expected an atom before the branch ends",
        b'-' | b'=' | b'#' | b'$' | b':' | b'/' | b'\\' | b'~' => {
            "expected an atom, not another bond"
        }
        b'<' => "expected - after <, for a dative bond",
        b'>' => "expected an atom; only a reaction has >",
        b'.' => "expected an atom, not a dot",
        b'H' => "expected an atom; hydrogen stands in brackets",
        b' ' | b'\t' | b'\n' | b'\r' => "expected an atom, not white space",
        b'a'..=b'z' => "expected an atom; only B C N O P S F Cl Br I stand without brackets",
        _ if id != 0 => "expected an atom; this element stands in brackets",
        _ => "expected an atom",
    }
}
