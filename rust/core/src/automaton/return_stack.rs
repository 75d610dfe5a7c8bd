//! The return stack: where calls go on when they return, and how many tokens they still need then.

use super::registers::{Allocator, Column, Registers};

/// The registers of the stack.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReturnStack {
    depth: usize,
    cost: usize,
    back: Column,
}

impl ReturnStack {
    pub fn new(registers: &mut Allocator) -> Self {
        ReturnStack { depth: registers.word(), cost: registers.word(), back: registers.column() }
    }

    /// How many calls we are in.
    #[inline]
    pub fn depth(&self, registers: &Registers) -> u32 {
        registers.get(self.depth)
    }

    /// How many tokens all calls need at least when they have returned.
    #[inline]
    pub fn cost(&self, registers: &Registers) -> u32 {
        registers.get(self.cost)
    }

    /// Where a call goes on; the outermost has depth 1.
    pub fn back(&self, registers: &Registers, depth: u32) -> u32 {
        registers.get(registers.cell(self.back, depth))
    }

    /// A call that goes on at a state, which needs `cost` tokens.
    pub fn push(&self, registers: &mut Registers, back: u32, cost: u32) {
        let depth = self.depth(registers) + 1;
        registers.set(self.depth, depth);
        registers.set(registers.cell(self.back, depth), back);
        registers.set(self.cost, self.cost(registers) + cost);
    }

    /// The state at which the innermost call goes on.
    pub fn top(&self, registers: &Registers) -> u32 {
        self.back(registers, self.depth(registers))
    }

    /// The innermost call returns to where `cost` tokens are needed.
    pub fn pop(&self, registers: &mut Registers, cost: u32) {
        registers.set(self.depth, self.depth(registers) - 1);
        registers.set(self.cost, self.cost(registers) - cost);
    }
}
