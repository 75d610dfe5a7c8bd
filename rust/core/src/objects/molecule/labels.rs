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

    pub fn remove_all(&mut self, others: &Labels) {
        for (word, other) in self.0.iter_mut().zip(others.0) {
            *word &= !other;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
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
        (1..=255).filter(move |&label| self.has(label))
    }
}
