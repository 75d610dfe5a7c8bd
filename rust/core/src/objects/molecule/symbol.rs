//! Symbol: which element an atom is, and whether it is written as aromatic.

use crate::vocabulary::block;
use crate::wire::First;

const BASE: u16 = block("element").base;
pub(crate) const AROMATIC_BASE: u16 = block("aromatic").base;
const AROMATIC_LAST: u16 = block("aromatic").last();
const AROMATIC_CODE: u8 = (AROMATIC_BASE - BASE) as u8;
/// The last symbols that need no brackets.
const BARE_LAST: u8 = 10;
const AROMATIC_BARE_LAST: u8 = AROMATIC_CODE + 5;

/// Every symbol.
pub(crate) const SYMBOL: First =
    First(&[(BASE, block("element").last()), (AROMATIC_BASE, AROMATIC_LAST)]);
/// The symbols that are not aromatic.
pub(crate) const ALIPHATIC: First = First(&[(BASE, block("element").last())]);
/// The symbols that may stand without brackets.
pub(crate) const BARE: First =
    First(&[(BASE, BASE + BARE_LAST as u16), (AROMATIC_BASE, BASE + AROMATIC_BARE_LAST as u16)]);

/// The symbol of an atom: the offset of its token from the first element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol(u8);

/// Atomic numbers of the elements that are out of their order in the vocabulary: those that
/// need no brackets, the wildcard and hydrogen come first.
const FRONT: [u8; 12] = [6, 7, 5, 15, 8, 16, 9, 17, 35, 53, 0, 1];
const AROMATIC_NUMBERS: [u8; 10] = [6, 7, 5, 15, 8, 16, 14, 33, 34, 52];

const ATOMIC_NUMBERS: [u8; 119] = {
    let mut numbers = [0; 119];
    let mut code = 0;
    while code < FRONT.len() {
        numbers[code] = FRONT[code];
        code += 1;
    }
    let mut number = 2;
    while number <= 118 {
        let mut front = false;
        let mut i = 0;
        while i < FRONT.len() {
            front |= FRONT[i] == number;
            i += 1;
        }
        if !front {
            numbers[code] = number;
            code += 1;
        }
        number += 1;
    }
    numbers
};

/// The atomic number of every code.
const NUMBERS: [u8; 256] = {
    let mut numbers = [0; 256];
    let mut code = 0;
    while code < ATOMIC_NUMBERS.len() {
        numbers[code] = ATOMIC_NUMBERS[code];
        code += 1;
    }
    let mut i = 0;
    while i < AROMATIC_NUMBERS.len() {
        numbers[AROMATIC_CODE as usize + i] = AROMATIC_NUMBERS[i];
        i += 1;
    }
    numbers
};

const NO_CODE: u8 = u8::MAX;

/// The code of every atomic number, not aromatic and aromatic.
const CODES: [[u8; 256]; 2] = {
    let mut codes = [[NO_CODE; 256]; 2];
    let mut code = 0;
    while code < ATOMIC_NUMBERS.len() {
        codes[0][ATOMIC_NUMBERS[code] as usize] = code as u8;
        code += 1;
    }
    let mut i = 0;
    while i < AROMATIC_NUMBERS.len() {
        codes[1][AROMATIC_NUMBERS[i] as usize] = AROMATIC_CODE + i as u8;
        i += 1;
    }
    codes
};

impl Symbol {
    /// Of a token of the blocks `element` or `aromatic`.
    #[must_use]
    pub(crate) const fn of_token(id: u16) -> Self {
        Symbol((id - BASE) as u8)
    }

    /// Its token.
    #[must_use]
    pub const fn token(self) -> u16 {
        BASE + self.0 as u16
    }

    /// The wildcard.
    pub const WILDCARD: Symbol = match Symbol::new(0, false) {
        Some(symbol) => symbol,
        None => unreachable!(),
    };

    /// Of an atomic number (0 is the wildcard); not every element is ever written as aromatic.
    #[must_use]
    pub const fn new(atomic_number: u8, aromatic: bool) -> Option<Self> {
        match CODES[aromatic as usize][atomic_number as usize] {
            NO_CODE => None,
            code => Some(Symbol(code)),
        }
    }

    /// Its atomic number; 0 is the wildcard.
    #[must_use]
    pub const fn atomic_number(self) -> u8 {
        NUMBERS[self.0 as usize]
    }

    /// Whether it is written as aromatic.
    #[must_use]
    pub const fn is_aromatic(self) -> bool {
        self.0 >= AROMATIC_CODE
    }

    /// Whether it may stand without brackets.
    #[must_use]
    pub const fn is_bare(self) -> bool {
        self.0 <= BARE_LAST || (self.is_aromatic() && self.0 <= AROMATIC_BARE_LAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary;

    #[test]
    fn numbers_and_tokens_agree() {
        for (number, aromatic, name) in [
            (0, false, "*"),
            (1, false, "H"),
            (6, false, "C"),
            (118, false, "Og"),
            (52, true, "te"),
        ] {
            let symbol = Symbol::new(number, aromatic).unwrap();
            assert_eq!(vocabulary::name(symbol.token()).unwrap(), name);
            assert_eq!((symbol.atomic_number(), symbol.is_aromatic()), (number, aromatic));
        }
        assert_eq!(Symbol::new(1, true), None);
        assert_eq!(Symbol::new(119, false), None);
        assert!(Symbol::new(0, false).unwrap().is_bare());
        assert!(!Symbol::new(1, false).unwrap().is_bare());
    }
}
