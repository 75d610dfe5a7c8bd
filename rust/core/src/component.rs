//! The name of a chemical component, as the wwPDB's Chemical Component Dictionary gives them.

use crate::vocabulary::{block, token};
use crate::wire::{First, Reader, Result, Writer};

const OPEN: u16 = token("<NameS>");
const CLOSE: u16 = token("<NameE>");
const LETTER_A: u16 = token("'A");
const DIGIT_0: u16 = token("'0");
const CHARACTER: First = First(&[(LETTER_A, block("name").last())]);
const LONGEST: usize = 5;

/// One to five characters A-Z or 0-9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentName {
    characters: [u8; LONGEST],
    length: u8,
}

/// The names that one alphabet does not take, because it has a letter for them.
pub struct Taken {
    /// The names.
    pub names: &'static [&'static str],
    /// The side condition, in the words of the spec.
    pub condition: &'static str,
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
    pub(crate) fn write_between_brackets(self, out: &mut Writer, taken: &Taken) {
        out.token(OPEN);
        for &b in self.as_bytes() {
            out.token(match b {
                b'A'..=b'Z' => LETTER_A + u16::from(b - b'A'),
                _ => DIGIT_0 + u16::from(b - b'0'),
            });
        }
        if taken.has(self.as_bytes()) {
            out.refuse(taken.condition);
        }
        out.token(CLOSE);
    }

    pub(crate) fn read_between_brackets(from: &mut Reader, taken: &Taken) -> Result<Self> {
        from.token(OPEN)?;
        let mut name = ComponentName { characters: [0; LONGEST], length: 0 };
        loop {
            let length = usize::from(name.length);
            let complete = length > 0 && !taken.has(name.as_bytes());
            if complete && from.at(First(&[(CLOSE, CLOSE)])) {
                from.skip();
                return Ok(name);
            }
            if length == LONGEST {
                return Err(from.refuse(None));
            }
            if !from.at(CHARACTER) {
                let closes_early = length > 0 && from.peek() == Some(CLOSE);
                return Err(from.refuse(closes_early.then_some(taken.condition)));
            }
            let id = from.any(CHARACTER)?;
            name.characters[length] = match id {
                DIGIT_0.. => b'0' + (id - DIGIT_0) as u8,
                _ => b'A' + (id - LETTER_A) as u8,
            };
            name.length += 1;
        }
    }
}

impl Taken {
    /// Whether a name is one of these.
    #[must_use]
    pub fn has(&self, name: &[u8]) -> bool {
        self.names.iter().any(|taken| taken.as_bytes() == name)
    }
}
