//! Bits: a set of tokens, as what is done to a mask needs it.

use super::mask::WORDS;

/// The bits of some tokens: all words from the first that has one to the last, so that what is done
/// to them is done to several words at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    first: usize,
    words: Vec<u32>,
}

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

    fn in_mask(mask: &[u32; WORDS]) -> Self {
        let has = |bits: &u32| *bits != 0;
        match (mask.iter().position(has), mask.iter().rposition(has)) {
            (Some(first), Some(last)) => Bits { first, words: mask[first..=last].to_vec() },
            _ => Bits::default(),
        }
    }

    /// Add tokens.
    pub fn add(&mut self, more: &Bits) {
        let mut all = [0; WORDS];
        self.write(&mut all);
        more.write(&mut all);
        *self = Bits::in_mask(&all);
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a token is one of them.
    pub fn has(&self, id: u16) -> bool {
        let word = usize::from(id / 32).checked_sub(self.first);
        word.and_then(|word| self.words.get(word)).is_some_and(|bits| bits >> (id % 32) & 1 == 1)
    }

    /// The place of the first word in a mask, and the words.
    #[inline]
    pub(super) fn words(&self) -> (usize, &[u32]) {
        (self.first, &self.words)
    }

    /// Put them into a mask.
    pub fn write(&self, mask: &mut [u32]) {
        for (word, bits) in mask[self.first..].iter_mut().zip(&self.words) {
            *word |= bits;
        }
    }
}

/// The bits of a range of ids in one word.
pub(super) fn range_bits(word: usize, range: (u16, u16)) -> u32 {
    let start = word * 32;
    let low = usize::from(range.0).max(start);
    let high = usize::from(range.1).min(start + 31);
    if low > high { 0 } else { (u32::MAX >> (31 - (high - low))) << (low - start) }
}
