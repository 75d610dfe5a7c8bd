//! Normal SMILES: straight from bytes to ids, as long as the text is written as we would write it.
//!
//! Anything else, wrong or only unusual, is left to `draft`, which reads all of SMILES and knows
//! what is wrong. So this file never has to explain; it only must not accept what the grammar does
//! not hold, which the one `Walk` sees to.

use super::glyphs::{aromatic, element};
use crate::number::Positive;
use crate::objects::molecule::atom::{
    BRACKET_OPEN, HYDROGENS_BASE, MAX_CHARGE, STEREO_BASE, charge_token,
};
use crate::objects::molecule::kind::{BOND_BASE, RING_BOND_BASE, RING_CLOSE_BASE, open_token};
use crate::objects::molecule::symbol::{AROMATIC_BASE, BARE};
use crate::objects::molecule::walk::Walk;
use crate::objects::molecule::{BRANCH_CLOSE, BRANCH_OPEN, CLOSE, DOT, OPEN, Order};
use crate::vocabulary::token;
use crate::wire::{Production, Writer};

const BRACKET_CLOSE: u16 = token("]");
const MAP: u16 = token("map");

/// Append the sentence of a normal SMILES; false when it is not one, and then what was appended
/// is to be taken away.
pub(super) fn text_to_ids(text: &[u8], walk: &mut Walk, out: &mut Vec<u16>) -> bool {
    out.push(OPEN);
    walk.reset();
    let done = Normal { text, at: 0, walk, out, labels: [0; 100] }.read().is_some();
    out.push(CLOSE);
    done
}

struct Normal<'a> {
    text: &'a [u8],
    at: usize,
    walk: &'a mut Walk,
    out: &'a mut Vec<u16>,
    /// Our label of each label of the text that is open; 0 for none.
    labels: [u8; 100],
}

/// `None` is "not normal".
impl Normal<'_> {
    fn read(&mut self) -> Option<()> {
        self.atom(None)?;
        let mut after_branch = false;
        loop {
            let may_end = !after_branch && self.walk.is_settled();
            after_branch = false;
            match self.peek() {
                None => return (may_end && !self.walk.in_branch()).then_some(()),
                Some(b'(') => {
                    self.at += 1;
                    self.out.push(BRANCH_OPEN);
                    self.walk.begin_branch();
                    let bond = self.bond();
                    self.atom(bond)?;
                }
                Some(b')') => {
                    if !may_end || !self.walk.in_branch() {
                        return None;
                    }
                    self.at += 1;
                    self.out.push(BRANCH_CLOSE);
                    self.walk.end_branch();
                    after_branch = true;
                }
                Some(b'.') => {
                    if !may_end || self.walk.in_branch() {
                        return None;
                    }
                    self.at += 1;
                    self.out.push(DOT);
                    self.walk.begin_component();
                    self.atom(None)?;
                }
                Some(_) => {
                    let bond = self.bond();
                    self.atom(bond)?;
                }
            }
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// An atom with its bond to its parent and its rings.
    #[inline]
    fn atom(&mut self, bond: Option<Order>) -> Option<()> {
        if let Some(order) = bond {
            self.out.push(BOND_BASE + order as u16);
        }
        let aromatic = match self.peek()? {
            b'[' => self.bracket()?,
            b => {
                self.at += 1;
                let id = match (b, self.peek()) {
                    (b'C', Some(b'l')) | (b'B', Some(b'r')) => {
                        self.at += 1;
                        element(b, Some(self.text[self.at - 1]))
                    }
                    (b'a'..=b'z', _) => aromatic(b, None),
                    _ => element(b, None),
                };
                if !BARE.has(id) {
                    return None;
                }
                self.out.push(id);
                id >= AROMATIC_BASE
            }
        };
        let joins_aromatic = aromatic && self.walk.aromatic;
        match bond {
            Some(Order::Single) if !joins_aromatic => return None,
            Some(Order::Aromatic) if joins_aromatic => return None,
            _ => {}
        }
        self.walk.atom(aromatic);
        self.rings()
    }

    /// The rings of the present atom: closings, then openings.
    #[inline]
    fn rings(&mut self) -> Option<()> {
        let mut opened = false;
        loop {
            let start = self.at;
            let bond = match self.peek() {
                Some(b'0'..=b'9' | b'%') => None,
                Some(b'-' | b'=' | b'#' | b'$' | b':' | b'/' | b'\\' | b'~' | b'<') => {
                    let bond = self.bond();
                    if !matches!(self.peek(), Some(b'0'..=b'9' | b'%')) {
                        self.at = start;
                        return Some(());
                    }
                    bond
                }
                _ => return Some(()),
            };
            let label = self.label()?;
            let ours = self.labels[label];
            if ours == 0 {
                let ours = self.walk.lowest_free()?;
                if bond.is_some() {
                    return None;
                }
                self.walk.open(ours);
                self.labels[label] = ours;
                self.out.push(open_token(ours));
                opened = true;
                continue;
            }
            if opened || self.walk.refusal(ours).is_some() {
                return None;
            }
            if let Some(order) = bond {
                let joins_aromatic = self.walk.joins_aromatic(ours);
                match order {
                    Order::Single if !joins_aromatic => return None,
                    Order::Aromatic if joins_aromatic => return None,
                    _ => self.out.push(RING_BOND_BASE + order as u16),
                }
            }
            self.walk.close(ours);
            self.labels[label] = 0;
            self.out.push(RING_CLOSE_BASE + u16::from(ours) - 1);
        }
    }

    fn label(&mut self) -> Option<usize> {
        let digit = |b: u8| b.is_ascii_digit().then(|| usize::from(b - b'0'));
        match self.peek()? {
            b'%' => {
                let label = digit(*self.text.get(self.at + 1)?)? * 10
                    + digit(*self.text.get(self.at + 2)?)?;
                self.at += 3;
                Some(label)
            }
            b => {
                self.at += 1;
                digit(b)
            }
        }
    }

    #[inline]
    fn bond(&mut self) -> Option<Order> {
        let (order, length) = match self.peek()? {
            b'-' if self.text.get(self.at + 1) == Some(&b'>') => (Order::Dative, 2),
            b'<' if self.text.get(self.at + 1) == Some(&b'-') => (Order::DativeBack, 2),
            b'-' => (Order::Single, 1),
            b'=' => (Order::Double, 1),
            b'#' => (Order::Triple, 1),
            b'$' => (Order::Quadruple, 1),
            b':' => (Order::Aromatic, 1),
            b'/' => (Order::Up, 1),
            b'\\' => (Order::Down, 1),
            b'~' => (Order::Any, 1),
            _ => return None,
        };
        self.at += length;
        Some(order)
    }

    /// A bracket atom; whether it is aromatic.
    fn bracket(&mut self) -> Option<bool> {
        self.at += 1;
        self.out.push(BRACKET_OPEN);
        if self.peek()?.is_ascii_digit() {
            self.positive()?;
        }
        let symbol = self.symbol()?;
        self.out.push(symbol);
        if self.peek() == Some(b'@') {
            self.at += 1;
            let clockwise = self.peek() == Some(b'@');
            self.at += usize::from(clockwise);
            self.out.push(STEREO_BASE + u16::from(clockwise));
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
            self.out.push(HYDROGENS_BASE + u16::from(count) - 1);
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
            self.out.push(charge_token(if sign == b'+' { charge } else { -charge }));
        }
        if self.peek() == Some(b':') {
            self.at += 1;
            self.out.push(MAP);
            self.positive()?;
        }
        if self.peek() != Some(b']') {
            return None;
        }
        self.at += 1;
        self.out.push(BRACKET_CLOSE);
        Some(symbol >= AROMATIC_BASE)
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
        let mut out = Writer::default();
        if let 1..=999 = n {
            Positive(n).write_short(self.out);
        } else {
            Positive(n).write(&mut out);
            self.out.extend(out.finish().ok()?);
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
