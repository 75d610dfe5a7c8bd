//! Lowered: the guards of a state, of which a mask asks each question once.

use super::bank::Rounds;
use super::condition::{FITS, ITEM, ORDER_ENDS, PART, ROUND_ENDS};
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::conditions::condition::Patch;

/// The guards of a round, and of an order.
#[derive(Debug)]
pub(super) struct Lowered {
    bank: Rounds,
    /// By which of `ROUND` refuse, a bit each: all their tokens.
    refused: [Bits; 16],
    /// The tokens behind an order, and those that are ranks of one.
    order_ends: Bits,
    ranks: Bits,
}

/// The guards that the end of a point has together.
const ROUND: [u8; 4] = [ITEM, PART, ROUND_ENDS, FITS];

impl Lowered {
    pub fn of(bank: &Rounds, guards: Vec<(u8, Bits)>) -> Self {
        let mut lowered = Lowered {
            bank: bank.clone(),
            refused: Default::default(),
            order_ends: Bits::default(),
            ranks: Bits::default(),
        };
        for (guard, bits) in guards {
            match ROUND.iter().position(|&one| one == guard) {
                Some(place) => {
                    let refused = lowered.refused.iter_mut().enumerate();
                    for (_, all) in refused.filter(|(refusing, _)| refusing >> place & 1 == 1) {
                        all.add(&bits);
                    }
                }
                None if guard == ORDER_ENDS => lowered.order_ends.add(&bits),
                None => lowered.ranks.add(&bits),
            }
        }
        lowered
    }

    /// Which of `ROUND` refuse, as `Rounds::refusal_of_all` says of each.
    #[inline]
    fn refusing(&self, registers: &Registers) -> usize {
        let no_item = self.bank.items_left(registers) == 0;
        let parts = self.bank.parts_left_here(registers);
        let lacks_parts = parts.is_some_and(|left| left > 0);
        usize::from(no_item || lacks_parts)
            | usize::from(parts == Some(0)) << 1
            | usize::from(!no_item || lacks_parts) << 2
            | usize::from(!self.bank.fits(registers)) << 3
    }
}

impl Patch for Lowered {
    #[inline]
    fn restrict(&self, registers: &Registers, mask: &mut Words) {
        mask.clear(&self.refused[self.refusing(registers)]);
        if !self.order_ends.is_empty() && self.bank.ranks_left(registers) > 0 {
            mask.clear(&self.order_ends);
        }
        if !self.ranks.is_empty()
            && let Some((permutation, ranks)) = self.bank.ranks_of(registers)
        {
            mask.keep_interval(&self.ranks, ranks);
            mask.clear_words(&self.ranks, |word| permutation.seen(registers, word));
        }
    }
}
