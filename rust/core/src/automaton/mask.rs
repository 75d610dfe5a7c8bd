//! Mask: a bit for each id, in words of 32.

use super::bits::{Bits, range_bits};
use crate::vocabulary::SIZE;

/// How many words hold a bit for each id.
pub const WORDS: usize = SIZE.div_ceil(32);

/// A mask that is being made.
pub(crate) struct Words<'a>(pub &'a mut [u32]);

impl Words<'_> {
    /// Remove some tokens.
    #[inline]
    pub fn clear(&mut self, bits: &Bits) {
        let (first, set) = bits.words();
        for (word, bits) in self.0[first..].iter_mut().zip(set) {
            *word &= !bits;
        }
    }

    /// Remove the tokens of a set that are not in a whole mask.
    #[inline]
    pub fn keep_within(&mut self, bits: &Bits, kept: &[u32; WORDS]) {
        let (first, set) = bits.words();
        for ((word, bits), kept) in self.0[first..].iter_mut().zip(set).zip(&kept[first..]) {
            *word &= !bits | kept;
        }
    }

    /// Remove the tokens of a set that are outside of an interval.
    #[inline]
    pub fn keep_interval(&mut self, bits: &Bits, (low, high): (u16, u16)) {
        if low > high {
            return self.clear(bits);
        }
        if let Some(before) = low.checked_sub(1) {
            self.clear_interval(bits, (0, before));
        }
        if let Some(after) = high.checked_add(1) {
            self.clear_interval(bits, (after, u16::MAX));
        }
    }

    /// Remove the tokens of a set that are in an interval.
    #[inline]
    pub fn clear_interval(&mut self, bits: &Bits, (low, high): (u16, u16)) {
        let (first, set) = bits.words();
        let from = first.max(usize::from(low / 32));
        let end = (first + set.len()).min(usize::from(high / 32) + 1);
        for word in from..end {
            self.0[word] &= !(set[word - first] & range_bits(word, (low, high)));
        }
    }

    /// Remove the tokens of a set whose bits a word has, by the place of the word.
    #[inline]
    pub fn clear_words(&mut self, bits: &Bits, cleared: impl Fn(usize) -> u32) {
        let (first, set) = bits.words();
        for (word, bits) in set.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            self.0[first + word] &= !(bits & cleared(first + word));
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

/// Set the logits of ids that are not in a mask, or beyond it, to minus infinity, as it is given:
/// there are floats that have no type here.
#[inline(never)] // where it is inlined its inner loop is not always vectorized
pub fn apply<T: Copy>(mask: &[u32; WORDS], logits: &mut [T], minus_infinity: T) {
    let (within, beyond) = logits.split_at_mut(logits.len().min(SIZE));
    for (word, logits) in mask.iter().zip(within.chunks_mut(32)) {
        match word {
            0 => logits.fill(minus_infinity),
            &u32::MAX => {}
            word => {
                for (bit, logit) in logits.iter_mut().enumerate() {
                    *logit = if word >> bit & 1 == 1 { *logit } else { minus_infinity };
                }
            }
        }
    }
    beyond.fill(minus_infinity);
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

/// The ids of one word of a mask, ascending.
pub(crate) fn ids_of_word(word: u16, bits: u32) -> impl Iterator<Item = u16> {
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
            Bits::of(&[range]).write(&mut mask);
            assert_eq!(ids_of(&mask).collect::<Vec<_>>(), (range.0..=range.1).collect::<Vec<_>>());
        }
    }

    /// Sets with words that follow each other, with small and large gaps, and at both ends.
    const SETS: [&[(u16, u16)]; 5] = [
        &[],
        &[(0, 0), (8191, 8191)],
        &[(5, 40), (384, 400), (600, 600)],
        &[(2048, 3047), (3072, 4071)],
        &[(31, 32), (255, 256), (1000, 4000)],
    ];

    fn in_set(set: &[(u16, u16)], id: u16) -> bool {
        set.iter().any(|&(low, high)| low <= id && id <= high)
    }

    /// The ids that are left of all when some are removed.
    fn left(remove: impl FnOnce(&mut Words)) -> Vec<u16> {
        let mut mask = [u32::MAX; WORDS];
        remove(&mut Words(&mut mask));
        ids_of(&mask).collect()
    }

    fn all_where(keep: impl Fn(u16) -> bool) -> Vec<u16> {
        (0..SIZE as u16).filter(|&id| keep(id)).collect()
    }

    #[test]
    fn what_is_removed_is_the_set_within_what_it_is_limited_to() {
        let kept = all_but_uneven((2048, 3047), 10);
        for set in SETS {
            let bits = Bits::of(set);
            let of = |id: u16| in_set(set, id);
            assert_eq!(all_where(|id| bits.has(id)), all_where(of), "{set:?}");
            assert_eq!(left(|mask| mask.clear(&bits)), all_where(|id| !of(id)), "{set:?}");
            assert_eq!(
                left(|mask| mask.keep_within(&bits, &kept)),
                all_where(|id| !of(id) || !(2048..=3047).contains(&id) || (id - 2048) % 10 == 0),
                "{set:?}"
            );
            for range in [(0, 0), (33, 390), (600, 600), (2050, 3100), (31, 8191), (9, 8)] {
                let within = |id: u16| range.0 <= id && id <= range.1;
                assert_eq!(
                    left(|mask| mask.keep_interval(&bits, range)),
                    all_where(|id| !of(id) || within(id)),
                    "{set:?} {range:?}"
                );
                assert_eq!(
                    left(|mask| mask.clear_interval(&bits, range)),
                    all_where(|id| !(of(id) && within(id))),
                    "{set:?} {range:?}"
                );
            }
        }
    }

    #[test]
    fn sets_are_added() {
        for (one, other) in SETS.iter().zip(SETS.iter().rev()) {
            let mut sum = Bits::of(one);
            sum.add(&Bits::of(other));
            assert_eq!(
                all_where(|id| sum.has(id)),
                all_where(|id| in_set(one, id) || in_set(other, id))
            );
        }
    }
}
