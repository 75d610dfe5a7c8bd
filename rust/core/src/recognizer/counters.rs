//! Counters: the conditions on how many, on words, and on decimals.

use std::collections::HashMap;

use crate::automaton::registers::Registers;

/// `as_many(A, B)`: never more A than B, and as many at the end.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// Its one register: how many more B there are.
    pub base: usize,
    pub clause: u16,
}

impl Tally {
    pub fn reset(&self, registers: &mut Registers) {
        registers.set(self.base, 0);
    }

    pub fn add(&self, registers: &mut Registers) {
        registers.set(self.base, registers.get(self.base) + 1);
    }

    pub fn take(&self, registers: &mut Registers) {
        registers.set(self.base, registers.get(self.base).saturating_sub(1));
    }

    pub fn owed(&self, registers: &Registers) -> u32 {
        registers.get(self.base)
    }
}

/// `not_one_of(RULE, "X", …)`: the characters of RULE do not spell one of these words.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// Its one register: the node of the trie that we are at.
    pub base: usize,
    pub clause: u16,
    /// Whether the nodes end a word; 0 is the beginning, 1 where no word goes on.
    ends: Vec<bool>,
    next: HashMap<(u32, u16), u32>,
}

const NOWHERE: u32 = 1;

impl Word {
    /// Words as the tokens of their characters.
    pub fn new(base: usize, clause: u16, words: &[Vec<u16>]) -> Self {
        let mut ends = vec![false, false];
        let mut next = HashMap::new();
        for word in words {
            let mut node = 0;
            for &id in word {
                node = *next.entry((node, id)).or_insert_with(|| {
                    ends.push(false);
                    ends.len() as u32 - 1
                });
            }
            ends[node as usize] = true;
        }
        Word { base, clause, ends, next }
    }

    pub fn reset(&self, registers: &mut Registers) {
        registers.set(self.base, 0);
    }

    pub fn read(&self, registers: &mut Registers, id: u16) {
        registers.set(self.base, self.after(registers, id));
    }

    fn after(&self, registers: &Registers, id: u16) -> u32 {
        self.next.get(&(registers.get(self.base), id)).copied().unwrap_or(NOWHERE)
    }

    /// Whether the word is complete and one of these.
    pub fn is_one(&self, registers: &Registers) -> bool {
        self.ends[registers.get(self.base) as usize]
    }

    /// Whether it would be with one more character.
    pub fn would_be_one(&self, registers: &Registers, id: u16) -> bool {
        self.ends[self.after(registers, id) as usize]
    }
}

/// `places(RULE, decimals)`: as many groups of three decimals as were declared, the digits of the
/// last beyond the declared ones zero.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// Its registers: how many decimals were declared, how many groups were read.
    pub base: usize,
    pub clause: u16,
    pub decimals_base: u16,
    pub fraction_base: u16,
}

impl Places {
    pub fn declare(&self, registers: &mut Registers, id: u16) {
        registers.set(self.base, u32::from(id - self.decimals_base));
        // No number has begun.
        registers.set(self.base + 1, u32::MAX);
    }

    pub fn begin(&self, registers: &mut Registers) {
        registers.set(self.base + 1, 0);
    }

    pub fn read(&self, registers: &mut Registers) {
        registers.set(self.base + 1, registers.get(self.base + 1) + 1);
    }

    /// How many groups each number has.
    pub fn groups(&self, registers: &Registers) -> u32 {
        registers.get(self.base).div_ceil(3)
    }

    /// How many groups must still come.
    pub fn owed(&self, registers: &Registers) -> u32 {
        self.groups(registers).saturating_sub(registers.get(self.base + 1))
    }

    /// Of how many units the next group has to be a whole number; 0 when none may come.
    pub fn unit(&self, registers: &Registers) -> u32 {
        match (self.owed(registers), registers.get(self.base) % 3) {
            (0, _) => 0,
            (1, 1) => 100,
            (1, 2) => 10,
            _ => 1,
        }
    }

    /// Whether a group of decimals may not come next.
    pub fn refuses(&self, registers: &Registers, id: u16) -> bool {
        let unit = self.unit(registers);
        unit == 0 || u32::from(id - self.fraction_base) % unit != 0
    }
}
