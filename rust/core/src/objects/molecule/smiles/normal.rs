//! Normal SMILES: straight from bytes to ids, as long as the text is written as we would write it.
//!
//! Anything else, wrong or only unusual, is left to `draft`, which reads all of SMILES and knows
//! what is wrong. So this file never has to explain; it only must not accept what the grammar does
//! not hold, which the steps from place to place see to.

use super::glyphs::{aromatic, element};
use crate::number::{MAX_SHORT, Positive, short_token};
use crate::objects::molecule::atom::{
    BRACKET_CLOSE, BRACKET_OPEN, HYDROGENS_BASE, MAP, MAX_CHARGE, STEREO_BASE, charge_token,
};
use crate::objects::molecule::kind::{BOND_BASE, Kind, RING_BOND_BASE, close_token, open_token};
use crate::objects::molecule::place::Place;
use crate::objects::molecule::symbol::AROMATIC_BASE;
use crate::objects::molecule::walk::Walk;
use crate::objects::molecule::{BRANCH_CLOSE, BRANCH_OPEN, CLOSE, DOT, OPEN, Order};
use crate::wire::{Production, Writer};

/// Append the sentence of a normal SMILES; false when it is not one, and nothing is appended then.
pub(super) fn text_to_ids(text: &[u8], walk: &mut Walk, out: &mut Vec<u16>) -> bool {
    let start = out.len();
    // No token is shorter than a character, but for the two around them.
    out.resize(start + text.len() + 2, 0);
    let length = translate(text, walk, &mut out[start..]);
    out.truncate(start + length.unwrap_or(0));
    length.is_some()
}

/// Write the sentence to `ids`, which are enough, and count its tokens; `None` is "not normal".
fn translate(text: &[u8], walk: &mut Walk, ids: &mut [u16]) -> Option<usize> {
    walk.reset();
    let mut place = Place::Component;
    // Our label of each label of the text that is open; 0 for none.
    let mut labels = [0_u8; 100];
    let (mut at, mut n) = (0, 1);
    *ids.first_mut()? = OPEN;
    while let Some(&byte) = text.get(at) {
        let sign = SIGNS[usize::from(byte)];
        let two = text.get(at + 1) == Some(&sign.second);
        let (mut kind, mut id) = if two { sign.longer } else { sign.short };
        at += 1 + usize::from(two);
        let label_follows = matches!(text.get(at), Some(b'0'..=b'9' | b'%'));
        if kind.is_bond() & label_follows {
            kind = Kind::RingBond;
            id = id - BOND_BASE + RING_BOND_BASE;
        }
        if kind == Kind::Bracket {
            let mut bracket = Bracket { text, at, ids: &mut *ids, n };
            kind = bracket.read()?;
            (at, n) = (bracket.at, bracket.n);
            place = place.after(kind, id, walk)?;
            continue;
        }
        if kind == Kind::RingOpen {
            let label = if byte == b'%' {
                at += 2;
                digit(*text.get(at - 2)?)? * 10 + digit(*text.get(at - 1)?)?
            } else {
                usize::from(byte - b'0')
            };
            let ours = labels[label];
            if ours == 0 {
                let ours = walk.lowest_free()?;
                labels[label] = ours;
                id = open_token(ours);
            } else {
                kind = Kind::RingClose;
                labels[label] = 0;
                id = close_token(ours);
            }
        }
        place = place.after(kind, id, walk)?;
        ids[n] = id;
        n += 1;
    }
    if !place.may_end(walk) {
        return None;
    }
    ids[n] = CLOSE;
    Some(n + 1)
}

/// What a character is alone, and what with a certain second one.
#[derive(Clone, Copy)]
struct Sign {
    short: (Kind, u16),
    second: u8,
    longer: (Kind, u16),
}

/// The signs of all bytes; of those that have no second one it is 0, and the two are nothing.
static SIGNS: [Sign; 256] = {
    const NOTHING: (Kind, u16) = (Kind::Other, 0);
    const DATIVE: u16 = BOND_BASE + Order::Dative as u16;
    const DATIVE_BACK: u16 = BOND_BASE + Order::DativeBack as u16;
    let mut signs = [Sign { short: NOTHING, second: 0, longer: NOTHING }; 256];
    let mut byte = 0;
    while byte < 256 {
        let id = sign(byte as u8);
        signs[byte].short = match byte as u8 {
            b'0'..=b'9' | b'%' => (Kind::RingOpen, 0),
            _ => (Kind::of(id), id),
        };
        byte += 1;
    }
    let two = [
        (*b"Cl", element(b'C', Some(b'l'))),
        (*b"Br", element(b'B', Some(b'r'))),
        (*b"->", DATIVE),
        (*b"<-", DATIVE_BACK),
    ];
    let mut i = 0;
    while i < two.len() {
        let ([first, second], id) = two[i];
        signs[first as usize].second = second;
        signs[first as usize].longer = (Kind::of(id), id);
        i += 1;
    }
    signs
};

/// The token of a character alone, 0 for none.
const fn sign(byte: u8) -> u16 {
    match byte {
        b'[' => BRACKET_OPEN,
        b'(' => BRANCH_OPEN,
        b')' => BRANCH_CLOSE,
        b'.' => DOT,
        b'-' => BOND_BASE + Order::Single as u16,
        b'=' => BOND_BASE + Order::Double as u16,
        b'#' => BOND_BASE + Order::Triple as u16,
        b'$' => BOND_BASE + Order::Quadruple as u16,
        b':' => BOND_BASE + Order::Aromatic as u16,
        b'/' => BOND_BASE + Order::Up as u16,
        b'\\' => BOND_BASE + Order::Down as u16,
        b'~' => BOND_BASE + Order::Any as u16,
        b'a'..=b'z' => aromatic(byte, None),
        _ => element(byte, None),
    }
}

fn digit(byte: u8) -> Option<usize> {
    byte.is_ascii_digit().then(|| usize::from(byte - b'0'))
}

/// What stands in brackets.
struct Bracket<'a> {
    text: &'a [u8],
    at: usize,
    ids: &'a mut [u16],
    n: usize,
}

impl Bracket<'_> {
    /// Write an atom whose bracket was opened, and tell its kind.
    fn read(&mut self) -> Option<Kind> {
        self.push(BRACKET_OPEN);
        if self.peek()?.is_ascii_digit() {
            self.positive()?;
        }
        let symbol = self.symbol()?;
        self.push(symbol);
        if self.peek() == Some(b'@') {
            self.at += 1;
            let clockwise = self.peek() == Some(b'@');
            self.at += usize::from(clockwise);
            self.push(STEREO_BASE + u16::from(clockwise));
        }
        if self.peek() == Some(b'H') {
            self.at += 1;
            let count = match self.peek()? {
                digit @ b'2'..=b'9' => {
                    self.at += 1;
                    digit - b'0'
                }
                _ => 1,
            };
            self.push(HYDROGENS_BASE + u16::from(count) - 1);
        }
        if let Some(sign @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            let mut charge: i8 = 1;
            if self.peek()?.is_ascii_digit() {
                charge = self.digits(2)? as i8;
                if !(2..=MAX_CHARGE).contains(&charge) {
                    return None;
                }
            }
            self.push(charge_token(if sign == b'+' { charge } else { -charge }));
        }
        if self.peek() == Some(b':') {
            self.at += 1;
            self.push(MAP);
            self.positive()?;
        }
        if self.peek() != Some(b']') {
            return None;
        }
        self.at += 1;
        self.push(BRACKET_CLOSE);
        Some(Kind::atom(symbol >= AROMATIC_BASE))
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn push(&mut self, id: u16) {
        self.ids[self.n] = id;
        self.n += 1;
    }

    fn symbol(&mut self) -> Option<u16> {
        let first = self.peek()?;
        let second = self.text.get(self.at + 1).copied().filter(u8::is_ascii_lowercase);
        let of = if first.is_ascii_lowercase() { aromatic } else { element };
        for (second, length) in [(second, 2), (None, 1)] {
            let id = of(first, second);
            if id != 0 && (length == 1 || second.is_some()) {
                self.at += length;
                return Some(id);
            }
        }
        None
    }

    /// A number without leading zeros, from 1.
    fn positive(&mut self) -> Option<()> {
        let n = self.digits(9)?;
        if let 1..=MAX_SHORT = n {
            self.push(short_token(n));
            return Some(());
        }
        let mut groups = Writer::default();
        Positive(n).write(&mut groups);
        for id in groups.finish().ok()? {
            self.push(id);
        }
        Some(())
    }

    fn digits(&mut self, most: usize) -> Option<u32> {
        let start = self.at;
        let mut n = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            if self.at - start == most {
                return None;
            }
            n = n * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        (self.text.get(start) != Some(&b'0')).then_some(n)
    }
}
