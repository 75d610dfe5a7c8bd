//! Registers: what the conditions remember, as plain words whose changes can be undone.
//!
//! Whoever needs registers requests them from an [`Allocator`]: single words, or columns, which have
//! a word for each index and grow without bound (the return stack, what is known of each atom).

/// Hands out registers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allocator {
    words: usize,
    columns: usize,
}

impl Allocator {
    /// The address of the first of some words that follow each other.
    pub fn words(&mut self, count: usize) -> usize {
        self.words += count;
        self.words - count
    }

    /// One word.
    pub fn word(&mut self) -> usize {
        self.words(1)
    }

    /// A word for each index.
    pub fn column(&mut self) -> Column {
        self.columns += 1;
        Column(self.columns - 1)
    }
}

/// A word for each index; [`Registers::cell`] gives its address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Column(usize);

/// Words that are 0 until they are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registers {
    words: Vec<u32>,
    /// Where the columns begin, and how many there are.
    columns: (usize, usize),
    /// What each changed word was before, the oldest change first.
    journal: Vec<(u32, u32)>,
}

impl Registers {
    /// The registers that were handed out, with room for some indices and changes.
    pub fn new(allocated: Allocator, indices: usize, changes: usize) -> Self {
        Registers {
            words: vec![0; allocated.words + indices * allocated.columns],
            columns: (allocated.words, allocated.columns),
            journal: Vec::with_capacity(changes),
        }
    }

    /// The address of a word of a column.
    #[inline]
    pub fn cell(&self, column: Column, index: u32) -> usize {
        self.columns.0 + index as usize * self.columns.1 + column.0
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

    /// Undo what was changed since.
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
    fn changes_are_undone_in_their_order() {
        let mut allocator = Allocator::default();
        let word = allocator.word();
        let columns = [allocator.column(), allocator.column()];
        let mut registers = Registers::new(allocator, 2, 0);
        registers.set(word, 5);
        let mark = registers.changes();
        registers.set(word, 6);
        registers.set(word, 7);
        let far = registers.cell(columns[1], 50);
        registers.set(far, 8);
        assert_eq!((registers.get(word), registers.get(far), registers.get(1000)), (7, 8, 0));
        assert_eq!(registers.get(registers.cell(columns[0], 50)), 0);
        registers.undo(mark);
        assert_eq!((registers.get(word), registers.get(far)), (5, 0));
    }
}
