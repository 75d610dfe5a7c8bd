//! Joined: a line of V3000, which goes on in the next where it ends with a minus, and its words.

use std::ops::Range;

use super::source::{Source, is_blank};

/// What stands before each line of V3000.
const PREFIX: &[u8] = b"M  V30 ";

/// A line, joined of one or more.
#[derive(Default)]
pub(super) struct Joined {
    text: Vec<u8>,
    /// Where in the text each line begins, and its row.
    pieces: Vec<(usize, usize)>,
    words: Vec<Range<usize>>,
}

impl Joined {
    /// Read the next line from a row on, and give the row behind it; `None` before `end`.
    pub fn read(&mut self, source: &Source, begin: usize, end: usize) -> Option<usize> {
        self.text.clear();
        self.pieces.clear();
        for row in begin..end {
            let line = source.row(row).bytes;
            if !line.starts_with(PREFIX.trim_ascii_end()) {
                continue;
            }
            self.pieces.push((self.text.len(), row));
            self.text.extend_from_slice(line.get(PREFIX.len()..).unwrap_or(&[]));
            if self.text.last() == Some(&b'-') {
                self.text.pop();
                continue;
            }
            self.split();
            return Some(row + 1);
        }
        None
    }

    /// Find the words: between quotation marks or brackets blanks do not part them.
    fn split(&mut self) {
        self.words.clear();
        let text = &self.text;
        // Where the last of each closing sign is: none is looked for behind it, so that text that
        // opens much and closes nothing is passed once.
        let last = |close: u8| text.iter().rposition(|&b| b == close).unwrap_or(0);
        let (last_quote, last_bracket) = (last(b'"'), last(b']'));
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let closed_by = |close: u8| rest[1..].iter().position(|&b| b == close).map(|n| n + 2);
            let closed = match rest[0] {
                b'"' if at < last_quote => closed_by(b'"'),
                b'[' if at < last_bracket => closed_by(b']'),
                _ => None,
            };
            let is_end = |b: &u8| is_blank(&[*b]);
            let length = closed.or(rest.iter().position(is_end)).unwrap_or(rest.len());
            if length > 0 {
                self.words.push(at..at + length);
            }
            at += length.max(1);
        }
    }

    pub fn count(&self) -> usize {
        self.words.len()
    }

    /// A word, empty behind the last.
    pub fn word(&self, at: usize) -> &[u8] {
        self.words.get(at).map_or(&[], |word| &self.text[word.clone()])
    }

    /// Whether it begins with these two words.
    pub fn says(&self, first: &[u8], second: &[u8]) -> bool {
        self.word(0) == first && self.word(1) == second
    }

    /// The place among its words, and the value, of `KEY=value` behind the first of them.
    pub fn value(&self, key: &[u8], from: usize) -> Option<(usize, &[u8])> {
        (from..self.count()).find_map(|at| {
            self.word(at).strip_prefix(key)?.strip_prefix(b"=").map(|value| (at, value))
        })
    }

    /// The row and the column of a word, or of the end.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let offset = self.words.get(at).map_or(self.text.len(), |word| word.start);
        let piece = self.pieces.iter().rev().find(|piece| piece.0 <= offset);
        piece.map_or((0, 0), |&(begin, row)| (row, PREFIX.len() + offset - begin))
    }
}
