//! Words: a column of names, each distinct one held once.

use std::collections::HashMap;
use std::fmt;

use super::{Bytes, Column, write_number};

/// A column of byte strings: the distinct words in the order of their first rows, and of each row
/// the code of its word. So two columns are equal when their rows are.
///
/// A row is pushed by the code of its word, which [`Words::code_of`] gives; a word that is new must
/// be pushed before the next new one is asked for.
#[derive(Clone, Default)]
pub struct Words {
    /// The words, one after another.
    text: Vec<u8>,
    /// Where each ends in `text`.
    ends: Vec<u64>,
    codes: Vec<u32>,
    index: Index,
}

impl Words {
    /// The code of a word, a new one where no row has the word.
    ///
    /// # Panics
    /// When there are 2^32 words.
    #[inline]
    pub fn code_of(&mut self, word: &[u8]) -> u32 {
        self.index.recent(word).unwrap_or_else(|| self.look_up(word))
    }

    fn look_up(&mut self, word: &[u8]) -> u32 {
        self.index.catch_up(&self.text, &self.ends);
        let code = self.index.codes.get(word).copied().unwrap_or_else(|| {
            let code = u32::try_from(self.ends.len()).expect("fewer than 2^32 words");
            self.text.extend_from_slice(word);
            self.ends.push(self.text.len() as u64);
            self.index.codes.insert(word.into(), code);
            code
        });
        self.index.remember(word, code);
        code
    }

    /// Append a row.
    #[inline]
    pub fn push_word(&mut self, word: &[u8]) {
        let code = self.code_of(word);
        self.push(code);
    }

    /// The word of a code.
    #[must_use]
    pub fn word(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = code.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[code] as usize]
    }

    /// The word of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> &[u8] {
        self.word(self.codes[row])
    }

    /// The code of each row.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Every distinct word, by its code.
    #[must_use]
    pub fn distinct(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.ends.len() as u32).map(|code| self.word(code))
    }

    /// The word of each row.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.codes.iter().map(|&code| self.word(code))
    }

    /// Whether each word is held once, and first used in turn.
    fn is_canonical(&self) -> bool {
        let mut next = 0;
        for &code in &self.codes {
            if code > next {
                return false;
            }
            next += u32::from(code == next);
        }
        let mut words: Vec<&[u8]> = self.distinct().collect();
        words.sort_unstable();
        next as usize == self.ends.len() && words.windows(2).all(|pair| pair[0] != pair[1])
    }
}

impl<W: AsRef<[u8]>> FromIterator<W> for Words {
    fn from_iter<I: IntoIterator<Item = W>>(rows: I) -> Self {
        let mut words = Words::default();
        for word in rows {
            words.push_word(word.as_ref());
        }
        words
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.codes == other.codes && self.ends == other.ends && self.text == other.text
    }
}

impl Eq for Words {}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(String::from_utf8_lossy)).finish()
    }
}

impl Column for Words {
    type Cell = u32;

    fn rows(&self) -> Option<usize> {
        Some(self.codes.len())
    }

    fn cell(&self, row: usize) -> u32 {
        self.codes[row]
    }

    #[inline]
    fn push(&mut self, cell: u32) {
        assert!((cell as usize) < self.ends.len(), "a code without a word");
        self.codes.push(cell);
    }

    fn reserve(&mut self, rows: usize) {
        self.codes.reserve(rows);
    }

    fn write_bytes(&self, out: &mut Vec<u8>) {
        write_number(self.ends.len() as i64, out);
        self.ends.write_bytes(out);
        self.text.write_bytes(out);
        self.codes.write_bytes(out);
    }

    fn read_bytes(from: &mut Bytes, rows: usize) -> Option<Self> {
        let count = usize::try_from(from.number()?).ok()?;
        let ends: Vec<u64> = Column::read_bytes(from, count)?;
        if ends.windows(2).any(|pair| pair[0] > pair[1]) {
            return None;
        }
        let size = usize::try_from(ends.last().copied().unwrap_or(0)).ok()?;
        let text = Column::read_bytes(from, size)?;
        let codes = Column::read_bytes(from, rows)?;
        Some(Words { text, ends, codes, index: Index::default() }).filter(Words::is_canonical)
    }
}

/// The code of every word; short words that came lately are found without hashing.
#[derive(Clone, Default)]
struct Index {
    codes: HashMap<Box<[u8]>, u32>,
    /// Short words by [`place`]: the packed word and its code.
    lately: Vec<(u64, u32)>,
}

const LATELY: usize = 256;
/// No short word is packed so: its length would be 255.
const NO_WORD: u64 = u64::MAX;

impl Index {
    /// Take in words that came without it, as those that were read from bytes.
    fn catch_up(&mut self, text: &[u8], ends: &[u64]) {
        let mut start = 0;
        if self.codes.len() == ends.len() {
            return;
        }
        for (code, &end) in (0..).zip(ends) {
            self.codes.insert(text[start..end as usize].into(), code);
            start = end as usize;
        }
    }

    #[inline]
    fn recent(&self, word: &[u8]) -> Option<u32> {
        let key = packed(word)?;
        let &(other, code) = self.lately.get(place(key))?;
        (other == key).then_some(code)
    }

    fn remember(&mut self, word: &[u8], code: u32) {
        let Some(key) = packed(word) else { return };
        if self.lately.is_empty() {
            self.lately = vec![(NO_WORD, 0); LATELY];
        }
        self.lately[place(key)] = (key, code);
    }
}

/// A word of at most seven bytes, and its length.
#[inline]
fn packed(word: &[u8]) -> Option<u64> {
    if word.len() > 7 {
        return None;
    }
    let bytes = word.iter().fold(0, |packed, &b| packed << 8 | u64::from(b));
    Some(bytes | (word.len() as u64) << 56)
}

#[inline]
fn place(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % LATELY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(words: &Words) -> Vec<u8> {
        let mut bytes = Vec::new();
        words.write_bytes(&mut bytes);
        bytes
    }

    fn read(bytes: &[u8], rows: usize) -> Option<Words> {
        let mut from = Bytes(bytes);
        Words::read_bytes(&mut from, rows).filter(|_| from.0.is_empty())
    }

    const ROWS: [&[u8]; 8] = [b"CA", b"", b"\xff\0 ", b"CA", b"longer than 7", b"CB", b"", b"CB"];

    #[test]
    fn rows_come_back() {
        let words: Words = ROWS.iter().collect();
        assert!(words.iter().eq(ROWS));
        assert_eq!(words.codes(), [0, 1, 2, 0, 3, 4, 1, 4]);
        assert_eq!(words.distinct().len(), 5);
        assert_eq!(words.get(4), b"longer than 7");
        let bytes = bytes_of(&words);
        assert_eq!(bytes.len() % 8, 0);
        assert_eq!(read(&bytes, 8), Some(words));
        assert_eq!(read(&bytes_of(&Words::default()), 0), Some(Words::default()));
    }

    #[test]
    fn what_is_pushed_after_reading_finds_the_words_that_were_read() {
        let words: Words = ROWS[..4].iter().collect();
        let mut twin = read(&bytes_of(&words), 4).unwrap();
        for word in &ROWS[4..] {
            twin.push_word(word);
        }
        assert_eq!(twin, ROWS.iter().collect());
    }

    #[test]
    fn many_words_have_many_codes() {
        // More than the recent words, short and long, each asked for twice.
        let names: Vec<String> = (0..2000).map(|i| format!("{i:0$}", 1 + i % 11)).collect();
        let words: Words = names.iter().chain(&names).collect();
        assert!(words.iter().eq(names.iter().chain(&names).map(String::as_bytes)));
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(words.distinct().len(), distinct.len());
    }

    #[test]
    fn words_that_differ_in_zeros_at_their_end_are_different() {
        let words: Words = [&b"A"[..], b"A\0", b"A\0\0"].iter().collect();
        assert_eq!(words.codes(), [0, 1, 2]);
    }

    #[test]
    fn bytes_that_are_something_else_are_not_read() {
        let words: Words = ROWS.iter().collect();
        let bytes = bytes_of(&words);
        for length in 0..bytes.len() {
            assert_eq!(read(&bytes[..length], 8), None, "{length}");
        }
        for rows in [0, 6, 17, usize::MAX] {
            assert_eq!(read(&bytes, rows), None, "{rows}");
        }
    }

    #[test]
    fn other_orders_and_repeated_words_are_not_read() {
        let of = |text: &[u8], ends: &[u64], codes: &[u32]| {
            let (text, ends, codes) = (text.to_vec(), ends.to_vec(), codes.to_vec());
            read(&bytes_of(&Words { text, ends, codes, index: Index::default() }), 2)
        };
        assert!(of(b"AB", &[1, 2], &[0, 1]).is_some());
        assert_eq!(of(b"AB", &[1, 2], &[1, 0]), None, "first used in another order");
        assert_eq!(of(b"AB", &[1, 2], &[0, 0]), None, "a word without a row");
        assert_eq!(of(b"AB", &[1, 2], &[0, 2]), None, "a code without a word");
        assert_eq!(of(b"AA", &[1, 2], &[0, 1]), None, "one word twice");
        assert_eq!(of(b"AB", &[2, 1], &[0, 1]), None, "ends that descend");
    }

    #[test]
    #[should_panic(expected = "a code without a word")]
    fn a_code_without_a_word_is_a_mistake() {
        Words::default().push(0);
    }
}
