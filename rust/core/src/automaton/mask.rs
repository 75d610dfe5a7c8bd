//! Mask: a bit for each id, in words of 32.

use crate::vocabulary::SIZE;

/// How many words hold a bit for each id.
pub const WORDS: usize = SIZE.div_ceil(32);

/// The bits of some tokens: words and what is set in them.
pub(crate) type Bits = Vec<(u16, u32)>;

/// A mask that is being made.
pub(crate) struct Words<'a>(pub &'a mut [u32]);

impl Words<'_> {
    /// Remove some tokens.
    pub fn clear(&mut self, bits: &Bits) {
        for &(word, bits) in bits {
            self.0[usize::from(word)] &= !bits;
        }
    }

    /// Remove one token.
    pub fn clear_id(&mut self, id: u16) {
        self.0[usize::from(id / 32)] &= !(1 << (id % 32));
    }

    /// Put in one token.
    pub fn set_id(&mut self, id: u16) {
        self.0[usize::from(id / 32)] |= 1 << (id % 32);
    }
}

/// Set the logits of ids that are not in a mask, or beyond it, to minus infinity.
pub fn apply(mask: &[u32; WORDS], logits: &mut [f32]) {
    let (within, beyond) = logits.split_at_mut(logits.len().min(SIZE));
    for (word, logits) in mask.iter().zip(within.chunks_mut(32)) {
        match word {
            0 => logits.fill(f32::NEG_INFINITY),
            &u32::MAX => {}
            word => {
                for (bit, logit) in logits.iter_mut().enumerate() {
                    *logit = if word >> bit & 1 == 1 { *logit } else { f32::NEG_INFINITY };
                }
            }
        }
    }
    beyond.fill(f32::NEG_INFINITY);
}

/// The bits of a range of ids in one word.
fn range_bits(word: u16, range: (u16, u16)) -> u32 {
    let start = word * 32;
    let low = range.0.max(start);
    let high = range.1.min(start + 31);
    if low > high { 0 } else { (u32::MAX >> (31 - (high - low))) << (low - start) }
}

/// The bits of some ranges of ids.
pub(crate) fn bits_of(tokens: &[(u16, u16)]) -> Bits {
    let mut bits = Vec::new();
    for word in 0..WORDS as u16 {
        let all = tokens.iter().fold(0, |all, &range| all | range_bits(word, range));
        if all != 0 {
            bits.push((word, all));
        }
    }
    bits
}

/// Whether a token is one of some.
pub(crate) fn has_id(bits: &Bits, id: u16) -> bool {
    bits.iter().any(|&(word, bits)| word == id / 32 && bits >> (id % 32) & 1 == 1)
}

/// Every id but those of a range whose offset in it is not a multiple, as a whole mask.
pub(crate) fn all_but_uneven(range: (u16, u16), of: u16) -> Box<[u32; WORDS]> {
    let mut kept = Box::new([u32::MAX; WORDS]);
    let mut words = Words(&mut kept[..]);
    for id in (range.0..=range.1).filter(|id| (id - range.0) % of != 0) {
        words.clear_id(id);
    }
    kept
}

/// Remove the tokens of a set that are not in a whole mask.
#[inline]
pub(crate) fn keep_within(mask: &mut Words, bits: &Bits, kept: &[u32; WORDS]) {
    for &(word, bits) in bits {
        let word = usize::from(word);
        mask.0[word] &= !bits | kept[word];
    }
}

/// Remove the tokens of a set that are outside of an interval.
#[inline]
pub(crate) fn keep_interval(mask: &mut Words, bits: &Bits, (low, high): (u16, u16)) {
    for &(word, bits) in bits {
        mask.0[usize::from(word)] &= !bits | range_bits(word, (low, high));
    }
}

/// Remove the tokens of a set that are in an interval.
#[inline]
pub(crate) fn clear_interval(mask: &mut Words, bits: &Bits, (low, high): (u16, u16)) {
    for &(word, bits) in bits {
        mask.0[usize::from(word)] &= !(bits & range_bits(word, (low, high)));
    }
}

/// Add tokens to some.
pub(crate) fn add_bits(bits: &mut Bits, more: &Bits) {
    for &(word, more) in more {
        match bits.iter_mut().find(|each| each.0 == word) {
            Some(each) => each.1 |= more,
            None => bits.push((word, more)),
        }
    }
    bits.sort_unstable_by_key(|each| each.0);
}

/// The ids of some bits, ascending.
pub(crate) fn ids_of_bits(bits: &Bits) -> impl Iterator<Item = u16> + '_ {
    bits.iter().flat_map(|&(word, bits)| ids_of_word(word, bits))
}

fn ids_of_word(word: u16, bits: u32) -> impl Iterator<Item = u16> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let id = (left != 0).then(|| word * 32 + left.trailing_zeros() as u16);
        left &= left.wrapping_sub(1);
        id
    })
}

/// The ids whose bits are set, ascending.
pub fn ids_of(mask: &[u32]) -> impl Iterator<Item = u16> + '_ {
    mask.iter().enumerate().flat_map(|(word, &bits)| ids_of_word(word as u16, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_their_bits() {
        for range in [(0, 0), (0, 31), (5, 40), (31, 32), (64, 200), (8191, 8191)] {
            let mut mask = vec![0; WORDS];
            for (word, bits) in bits_of(&[range]) {
                mask[usize::from(word)] |= bits;
            }
            assert_eq!(ids_of(&mask).collect::<Vec<_>>(), (range.0..=range.1).collect::<Vec<_>>());
        }
    }
}
