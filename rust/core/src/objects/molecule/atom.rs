//! Atom: one with implied hydrogens stands bare, one with stated hydrogens in brackets.

use super::kind::Kind;
use super::symbol::{SYMBOL, Symbol};
use crate::columns;
use crate::number::{MAX_INDEX, Positive};
use crate::vocabulary::{block, token};
use crate::wire::{First, Writer, any_of};

pub(crate) const BRACKET_OPEN: u16 = token("[");
pub(crate) const BRACKET_CLOSE: u16 = token("]");
pub(crate) const MAP: u16 = token("map");
pub(crate) const STEREO: First = First(&[any_of(block("stereo"))]);
pub(crate) const STEREO_BASE: u16 = block("stereo").base;
pub(crate) const HYDROGENS: First = First(&[any_of(block("hydrogens"))]);
pub(crate) const HYDROGENS_BASE: u16 = block("hydrogens").base;
pub(crate) const CHARGE: First = First(&[any_of(block("charge"))]);
const CHARGE_BASE: u16 = block("charge").base;

/// The highest stereo code.
pub const MAX_STEREO: u8 = block("stereo").assigned() as u8;
/// The most hydrogens that an atom may state.
pub const MAX_HYDROGENS: i8 = 9;
/// The highest charge, either way.
pub const MAX_CHARGE: i8 = 15;
const MIN_CHARGE: i8 = -MAX_CHARGE;

columns! {
    /// The atoms of a molecule.
    pub struct Atoms of Atom {
        /// Atomic number; 0 is the wildcard.
        element: Vec<u8>,
        /// Whether it is written as aromatic.
        aromatic: Vec<bool>,
        /// Mass number; 0 when not given.
        isotope: Vec<u32>,
        /// 0 for none, else one more than the offset in the block `stereo`.
        stereo: Vec<u8>,
        /// The hydrogens stated in brackets; -1 when they are implied.
        hydrogens: Vec<i8>,
        /// Formal charge.
        charge: Vec<i8>,
        /// Map number; 0 for none.
        map: Vec<u32>,
    }
}

/// Hydrogens that are not stated.
pub const IMPLIED: i8 = -1;

impl Atom {
    /// An atom with implied hydrogens.
    #[must_use]
    pub const fn bare(symbol: Symbol) -> Self {
        Atom {
            element: symbol.atomic_number(),
            aromatic: symbol.is_aromatic(),
            isotope: 0,
            stereo: 0,
            hydrogens: IMPLIED,
            charge: 0,
            map: 0,
        }
    }

    /// Its symbol, when its element has one.
    #[must_use]
    pub const fn symbol(&self) -> Option<Symbol> {
        Symbol::new(self.element, self.aromatic)
    }

    /// Whether SMILES implies hydrogens at its symbol where it is bare.
    #[must_use]
    pub const fn implies_hydrogens(&self) -> bool {
        if self.aromatic { self.element == 6 } else { self.element != 0 }
    }

    /// ```ebnf
    /// bare      = "C".."*" | "c".."s" ;
    /// bracket   = "[" isotope? symbol stereo? hydrogens? charge? map? "]" ;
    /// isotope   = positive ;
    /// symbol    = element | aromatic ;
    /// map       = "map" positive ;
    /// ```
    ///
    /// `row` is which atom of the molecule it is, for the error.
    pub(crate) fn write(&self, row: usize, out: &mut Writer) {
        let Some(symbol) = self.symbol() else {
            let kind = if self.aromatic { " as aromatic" } else { "" };
            let condition = format!("element {} has no symbol{kind}", self.element);
            return out.refuse_cell("element", row, condition);
        };
        if self.isotope > MAX_INDEX {
            out.refuse_cell("isotope", row, "an isotope is at most 999,999,999");
        }
        if self.map > MAX_INDEX {
            out.refuse_cell("map", row, "a map number is at most 999,999,999");
        }
        if self.hydrogens == IMPLIED {
            if *self != Atom::bare(symbol) {
                let condition =
                    "an atom with an isotope, stereo, charge or map states its hydrogens";
                out.refuse_cell("hydrogens", row, condition);
            }
            if !symbol.is_bare() {
                out.refuse_cell("hydrogens", row, "an atom of this element states its hydrogens");
            }
            return out.token(symbol.token());
        }
        out.token(BRACKET_OPEN);
        out.maybe((self.isotope > 0).then_some(&Positive(self.isotope)));
        out.token(symbol.token());
        match self.stereo {
            0 => {}
            1..=MAX_STEREO => out.token(STEREO_BASE + u16::from(self.stereo) - 1),
            _ => out.refuse_cell("stereo", row, "a stereo code is at most 57"),
        }
        match self.hydrogens {
            0 => {}
            1..=MAX_HYDROGENS => out.token(HYDROGENS_BASE + self.hydrogens as u16 - 1),
            _ => out.refuse_cell(
                "hydrogens",
                row,
                "an atom states 0 to 9 hydrogens, or -1 for implied ones",
            ),
        }
        match self.charge {
            0 => {}
            MIN_CHARGE..=MAX_CHARGE => out.token(charge_token(self.charge)),
            _ => out.refuse_cell("charge", row, "a charge is from -15 to +15"),
        }
        if self.map > 0 {
            out.token(MAP);
            out.one(&Positive(self.map));
        }
        out.token(BRACKET_CLOSE);
    }

    /// The atom in brackets that ids begin with, and how many of them it takes.
    pub(crate) fn read_bracket(ids: &[u16]) -> Option<(Self, usize)> {
        let mut rest = ids.strip_prefix(&[BRACKET_OPEN])?;
        let isotope = Positive::take(&mut rest).map_or(0, |Positive(n)| n);
        let symbol = Symbol::of_token(take(&mut rest, SYMBOL)? + SYMBOL.0[0].0);
        let stereo = take(&mut rest, STEREO).map_or(0, |i| i as u8 + 1);
        let hydrogens = take(&mut rest, HYDROGENS).map_or(0, |i| i as i8 + 1);
        let charge = take(&mut rest, CHARGE).map_or(0, |i| charge_of_offset(i as u8));
        let map = match take(&mut rest, First(&[(MAP, MAP)])) {
            Some(_) => Positive::take(&mut rest)?.0,
            None => 0,
        };
        take(&mut rest, First(&[(BRACKET_CLOSE, BRACKET_CLOSE)]))?;
        let atom = Atom { isotope, stereo, hydrogens, charge, map, ..Atom::bare(symbol) };
        Some((atom, ids.len() - rest.len()))
    }

    /// What it is to the rules.
    pub(crate) const fn kind(&self) -> Kind {
        Kind::atom(self.aromatic)
    }
}

/// Take a token of a block from the front of ids, as its offset in the block.
#[inline]
fn take(ids: &mut &[u16], first: First) -> Option<u16> {
    let (&id, after) = ids.split_first()?;
    first.has(id).then(|| {
        *ids = after;
        id - first.0[0].0
    })
}

/// The block holds +1, -1, then +2 to +15, then -2 to -15.
pub(crate) const fn charge_token(charge: i8) -> u16 {
    CHARGE_BASE
        + match charge {
            1 => 0,
            -1 => 1,
            2.. => charge as u16,
            _ => 14 + charge.unsigned_abs() as u16,
        }
}

/// The charge that a token says.
pub(crate) const fn charge_of_token(id: u16) -> i8 {
    charge_of_offset((id - CHARGE_BASE) as u8)
}

const fn charge_of_offset(offset: u8) -> i8 {
    match offset {
        0 => 1,
        1 => -1,
        2..=15 => offset as i8,
        _ => 14 - offset as i8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary;

    #[test]
    fn charges_have_their_tokens() {
        for charge in (-15..=15).filter(|&c| c != 0) {
            let id = charge_token(charge);
            assert_eq!(vocabulary::name(id).unwrap(), format!("{charge:+}"));
            assert_eq!(charge_of_offset((id - CHARGE_BASE) as u8), charge);
        }
    }
}
