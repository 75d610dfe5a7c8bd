//! Lately: names, elements and alternative locations of atoms by the columns that said them, so that
//! what a file repeats is looked up once.

use super::read::COLUMNS;

/// The codes of what the columns of an atom say.
#[derive(Clone, Copy)]
pub(super) struct Codes {
    pub name: u32,
    pub element: u32,
    pub altloc: u32,
}

/// The columns of an atom: its name, alternative location and element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u64);

impl Key {
    #[inline]
    pub fn of(columns: &[u8; COLUMNS]) -> Self {
        let &[a, b, c, d, altloc] = columns[12..].first_chunk().expect("80 columns");
        Key(u64::from_le_bytes([a, b, c, d, altloc, columns[76], columns[77], 1]))
    }

    fn place(self) -> usize {
        (self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55) as usize % PLACES
    }
}

const PLACES: usize = 512;

/// Codes of columns that came lately.
pub(super) struct Lately(Vec<(Key, Codes)>);

impl Lately {
    pub fn new() -> Self {
        // No columns have the key 0.
        Lately(vec![(Key(0), Codes { name: 0, element: 0, altloc: 0 }); PLACES])
    }

    #[inline]
    pub fn get(&self, key: Key) -> Option<Codes> {
        let (other, codes) = self.0[key.place()];
        (other == key).then_some(codes)
    }

    pub fn put(&mut self, key: Key, codes: Codes) {
        self.0[key.place()] = (key, codes);
    }
}
