//! The return stack: where calls go on when they return, and how many tokens they still need then.

use super::registers::{Allocator, Column, Registers};

/// The registers of the stack.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReturnStack {
    depth: usize,
    back: Column,
    cost: Column,
}

impl ReturnStack {
    pub fn new(registers: &mut Allocator) -> Self {
        ReturnStack { depth: registers.word(), back: registers.column(), cost: registers.column() }
    }

    /// How many calls we are in.
    #[inline]
    pub fn depth(&self, registers: &Registers) -> u32 {
        registers.get(self.depth)
    }

    /// How many tokens all calls need at least when they have returned.
    #[inline]
    pub fn cost(&self, registers: &Registers) -> u32 {
        registers.get(registers.cell(self.cost, self.depth(registers)))
    }

    /// Where a call goes on; the outermost has depth 1. Outside of calls it is the end.
    pub fn back(&self, registers: &Registers, depth: u32) -> u32 {
        registers.get(registers.cell(self.back, depth))
    }

    /// A call that goes on at a state, which needs `cost` tokens.
    pub fn push(&self, registers: &mut Registers, back: u32, cost: u32) {
        let depth = self.depth(registers) + 1;
        let cost = self.cost(registers) + cost;
        registers.set(self.depth, depth);
        registers.set(registers.cell(self.back, depth), back);
        registers.set(registers.cell(self.cost, depth), cost);
    }

    /// The innermost call returns, and the state at which it goes on.
    pub fn pop(&self, registers: &mut Registers) -> u32 {
        let depth = self.depth(registers);
        registers.set(self.depth, depth.saturating_sub(1));
        self.back(registers, depth)
    }
}
