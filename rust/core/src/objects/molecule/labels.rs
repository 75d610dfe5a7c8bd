//! Labels: a set of ring labels, 1 to 255.

/// A set of labels as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels([u64; 4]);

impl Labels {
    pub fn has(&self, label: u8) -> bool {
        self.0[usize::from(label >> 6)] >> (label & 63) & 1 == 1
    }

    pub fn add(&mut self, label: u8) {
        self.0[usize::from(label >> 6)] |= 1 << (label & 63);
    }

    pub fn remove(&mut self, label: u8) {
        self.0[usize::from(label >> 6)] &= !(1 << (label & 63));
    }

    /// The labels of either set.
    pub fn or(self, other: Labels) -> Labels {
        Labels(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    /// The set itself, or the empty one, in the same time.
    pub fn unless(self, empty: bool) -> Labels {
        let mask = u64::from(empty).wrapping_sub(1);
        Labels(self.0.map(|word| word & mask))
    }

    /// The lowest label that is not in the set; none when all 255 are.
    pub fn lowest_missing(&self) -> Option<u8> {
        // Label 0 does not exist, so its bit counts as taken.
        let words = [self.0[0] | 1, self.0[1], self.0[2], self.0[3]];
        let word = words.iter().position(|&word| word != u64::MAX)?;
        Some((word * 64) as u8 + words[word].trailing_ones() as u8)
    }

    /// Its labels, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..4_u8).flat_map(move |word| {
            let mut left = self.0[usize::from(word)];
            std::iter::from_fn(move || {
                let label = (left != 0).then(|| word * 64 + left.trailing_zeros() as u8);
                left &= left.wrapping_sub(1);
                label
            })
        })
    }
}
