//! Registers: what the conditions remember, as plain words that can be taken back.

/// Words that are 0 until they are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registers {
    words: Vec<u32>,
    /// What each changed word was before, the oldest change first.
    journal: Vec<(u32, u32)>,
}

impl Registers {
    pub fn with_capacity(words: usize, changes: usize) -> Self {
        Registers { words: vec![0; words], journal: Vec::with_capacity(changes) }
    }

    #[inline]
    pub fn get(&self, at: usize) -> u32 {
        self.words.get(at).copied().unwrap_or(0)
    }

    #[inline]
    pub fn set(&mut self, at: usize, value: u32) {
        match self.words.get_mut(at) {
            Some(word) => {
                if *word != value {
                    self.journal.push((at as u32, *word));
                    *word = value;
                }
            }
            None => self.set_beyond(at, value),
        }
    }

    #[cold]
    fn set_beyond(&mut self, at: usize, value: u32) {
        self.words.resize(2 * at, 0);
        self.set(at, value);
    }

    /// How much was changed so far.
    #[inline]
    pub fn changes(&self) -> usize {
        self.journal.len()
    }

    /// Take back what was changed since.
    pub fn undo(&mut self, changes: usize) {
        for (at, before) in self.journal.drain(changes..).rev() {
            self.words[at as usize] = before;
        }
    }

    /// As at the beginning.
    pub fn clear(&mut self) {
        self.words.fill(0);
        self.journal.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_taken_back_in_their_order() {
        let mut registers = Registers::with_capacity(4, 0);
        registers.set(1, 5);
        let mark = registers.changes();
        registers.set(1, 6);
        registers.set(1, 7);
        registers.set(100, 8);
        assert_eq!((registers.get(1), registers.get(100), registers.get(1000)), (7, 8, 0));
        registers.undo(mark);
        assert_eq!((registers.get(1), registers.get(100)), (5, 0));
    }
}
