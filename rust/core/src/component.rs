//! The name of a chemical component, as the wwPDB's Chemical Component Dictionary gives them.

use crate::vocabulary::token;
use crate::wire::{Builder, Writer};

pub(crate) const OPEN: u16 = token("<NameS>");
pub(crate) const CLOSE: u16 = token("<NameE>");
const LETTER_A: u16 = token("'A");
const DIGIT_0: u16 = token("'0");
const LONGEST: usize = 5;

/// One to five characters A-Z or 0-9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentName {
    characters: [u8; LONGEST],
    length: u8,
}

impl ComponentName {
    /// A name from its characters, if they are a name.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let named = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if text.is_empty() || text.len() > LONGEST || !text.as_bytes().iter().all(named) {
            return None;
        }
        let mut characters = [0; LONGEST];
        characters[..text.len()].copy_from_slice(text.as_bytes());
        Some(ComponentName { characters, length: text.len() as u8 })
    }

    /// Its characters.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.characters[..usize::from(self.length)]
    }

    /// ```ebnf
    /// component_name = character ( character ( character ( character character? )? )? )? ;
    /// character      = "'A".."'9" ;
    /// ```
    pub(crate) fn write_between_brackets(self, out: &mut Writer) {
        out.token(OPEN);
        for &b in self.as_bytes() {
            out.token(match b {
                b'A'..=b'Z' => LETTER_A + u16::from(b - b'A'),
                _ => DIGIT_0 + u16::from(b - b'0'),
            });
        }
        out.token(CLOSE);
    }

    pub(crate) fn build_between_brackets(from: &mut Builder) -> Self {
        let mut name = ComponentName { characters: [0; LONGEST], length: 0 };
        from.take();
        while !from.take_if(CLOSE) {
            name.characters[usize::from(name.length)] = match from.take() {
                id @ DIGIT_0.. => b'0' + (id - DIGIT_0) as u8,
                id => b'A' + (id - LETTER_A) as u8,
            };
            name.length += 1;
        }
        name
    }
}
