//! Glyphs: the bytes of every molecule token, and the tokens of bytes.

use std::sync::LazyLock;

use crate::vocabulary::{self, block};

const FIRST: u16 = block("molecule").base;
const LAST: u16 = block("ring_close").last();
const GROUP: u16 = block("index_group").base;
const TOKENS: usize = (LAST - FIRST + 1) as usize;

/// The glyphs of molecule tokens, each as length and bytes.
static GLYPHS: LazyLock<Vec<Glyph>> = LazyLock::new(|| {
    let numbers = GROUP..GROUP + 1000;
    (FIRST..=LAST)
        .chain(numbers)
        .map(|id| Glyph::new(&vocabulary::text(id).unwrap_or_default()))
        .collect()
});

/// A glyph is copied as eight bytes, whatever its length: one move instead of a loop.
#[derive(Clone, Copy)]
struct Glyph {
    bytes: [u8; 8],
    length: u8,
}

impl Glyph {
    fn new(text: &str) -> Self {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Glyph { bytes, length: text.len() as u8 }
    }
}

/// Appends glyphs; numbers of several groups need to know what came before.
pub(super) struct Renderer {
    glyphs: &'static [Glyph],
}

impl Renderer {
    pub fn new() -> Self {
        Renderer { glyphs: &GLYPHS }
    }

    /// Append the glyphs of checked ids.
    pub fn render(&self, ids: &[u16], out: &mut Vec<u8>) {
        let mut lead = false;
        let mut groups = 0_u8;
        for &id in ids {
            let index = match id {
                FIRST..=LAST => usize::from(id - FIRST),
                id if (GROUP..GROUP + 1000).contains(&id) => {
                    if groups > 0 && !lead {
                        out.extend_from_slice(format!("{:03}", id - GROUP).as_bytes());
                        groups -= 1;
                        continue;
                    }
                    lead = false;
                    TOKENS + usize::from(id - GROUP)
                }
                // A number of several groups: all but the first have three digits.
                id => {
                    groups = (id - GROUP - 1000 + 1) as u8;
                    lead = true;
                    continue;
                }
            };
            let glyph = &self.glyphs[index];
            let end = out.len() + usize::from(glyph.length);
            out.extend_from_slice(&glyph.bytes);
            out.truncate(end);
        }
    }
}

/// The token of an organic atom or element by its letters, 0 for none.
pub(super) const fn element(first: u8, second: Option<u8>) -> u16 {
    match (first, second) {
        (b'A'..=b'Z', None) => ELEMENTS[(first - b'A') as usize][26],
        (b'A'..=b'Z', Some(second @ b'a'..=b'z')) => {
            ELEMENTS[(first - b'A') as usize][(second - b'a') as usize]
        }
        (b'*', None) => WILDCARD,
        _ => 0,
    }
}

/// The token of an aromatic symbol by its letters, 0 for none.
pub(super) const fn aromatic(first: u8, second: Option<u8>) -> u16 {
    match (first, second) {
        (b'a'..=b'z', None) => AROMATICS[(first - b'a') as usize][26],
        (b'a'..=b'z', Some(second @ b'a'..=b'z')) => {
            AROMATICS[(first - b'a') as usize][(second - b'a') as usize]
        }
        _ => 0,
    }
}

const WILDCARD: u16 = vocabulary::token("*");
static ELEMENTS: [[u16; 27]; 26] = symbols(block("element"), b'A');
static AROMATICS: [[u16; 27]; 26] = symbols(block("aromatic"), b'a');

/// Tokens by first letter and second letter (26 for none).
const fn symbols(block: &vocabulary::Block, base: u8) -> [[u16; 27]; 26] {
    let mut table = [[0; 27]; 26];
    let mut r = 0;
    while r < block.runs.len() {
        let text = block.runs[r].text.as_bytes();
        if text[0] >= base {
            let second = if text.len() == 2 { (text[1] - b'a') as usize } else { 26 };
            table[(text[0] - base) as usize][second] = block.runs[r].base;
        }
        r += 1;
    }
    table
}
