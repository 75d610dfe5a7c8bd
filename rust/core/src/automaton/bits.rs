//! Bits: a set of tokens, as what is done to a mask needs it.

use super::mask::WORDS;

/// The bits of a range of ids in one word.
pub(super) fn range_bits(word: usize, range: (u16, u16)) -> u32 {
    let start = word * 32;
    let low = usize::from(range.0).max(start);
    let high = usize::from(range.1).min(start + 31);
    if low > high { 0 } else { (u32::MAX >> (31 - (high - low))) << (low - start) }
}

/// The bits of some tokens: runs of words, so that what is done to all of them is done to several
/// words at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    /// The first word of each run, and how many it has.
    runs: Vec<(u16, u16)>,
    /// The words of all runs.
    words: Vec<u32>,
}

/// As many empty words cost less than the end of one run and the beginning of another.
const GAP: usize = 4;

impl Bits {
    /// The bits of some ranges of ids.
    pub fn of(tokens: &[(u16, u16)]) -> Self {
        let mut all = [0; WORDS];
        for &range in tokens {
            let (first, last) = (usize::from(range.0 / 32), usize::from(range.1 / 32));
            for (word, bits) in (first..).zip(&mut all[first..=last]) {
                *bits |= range_bits(word, range);
            }
        }
        Bits::in_mask(&all)
    }

    /// The bits of a whole mask.
    fn in_mask(mask: &[u32; WORDS]) -> Self {
        let mut bits = Bits::default();
        let mut end = 0;
        for (word, _) in mask.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            match bits.runs.last_mut() {
                Some(run) if word - end <= GAP => run.1 = (word + 1) as u16 - run.0,
                _ => {
                    bits.runs.push((word as u16, 1));
                    end = word;
                }
            }
            bits.words.extend(&mask[end..=word]);
            end = word + 1;
        }
        bits
    }

    /// Add tokens.
    pub fn add(&mut self, more: &Bits) {
        let mut all = [0; WORDS];
        for (word, bits) in self.words().chain(more.words()) {
            all[word] |= bits;
        }
        *self = Bits::in_mask(&all);
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether a token is one of them.
    pub fn has(&self, id: u16) -> bool {
        self.words().any(|(word, bits)| word == usize::from(id / 32) && bits >> (id % 32) & 1 == 1)
    }

    /// Each run: its first word, and its words.
    #[inline]
    pub(super) fn runs(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let mut left = &self.words[..];
        self.runs.iter().map(move |&(first, length)| {
            let (run, others) = left.split_at(usize::from(length));
            left = others;
            (usize::from(first), run)
        })
    }

    /// Each word, with its bits.
    fn words(&self) -> impl Iterator<Item = (usize, u32)> {
        self.runs().flat_map(|(first, run)| (first..).zip(run.iter().copied()))
    }

    /// Write them to a mask that has none of them.
    pub fn write(&self, mask: &mut [u32]) {
        self.words().for_each(|(word, bits)| mask[word] |= bits);
    }
}
