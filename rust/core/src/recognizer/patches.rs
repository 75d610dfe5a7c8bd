//! Patches: what the guards of a position make of its row of the masks.

use super::compile::Way;
use super::conditions::LabelRules;
use super::labels::{LabelPatch, Labels};
use super::machine::Guard;
use crate::automaton::mask::{Bits, add_bits, bits_of};

/// What changes the row of a position: first each bank of labels, with all of its guards at once,
/// as they put in tokens; then the other guards, and the tokens that each is on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patches {
    pub labels: Vec<(u8, LabelPatch)>,
    pub guards: Vec<(Guard, Bits)>,
}

impl Patches {
    /// Add what the guards of a way from the position ask for.
    pub fn add(&mut self, banks: &[(Labels, LabelRules)], way: &Way) {
        let put_by = way.guards.iter().find(|guard| guard.puts());
        for &guard in &way.guards {
            match (guard, put_by) {
                // What one bank puts in, another leaves out only after it.
                (Guard::Label(i, _), Some(Guard::Label(other, _))) if i != *other => {
                    add_bits(of(&mut self.guards, guard), &bits_of(&way.tokens));
                }
                (Guard::Label(i, guard), _) => {
                    let (bank, _) = &banks[usize::from(i)];
                    of(&mut self.labels, i).add(bank, guard, &way.tokens);
                }
                _ => add_bits(of(&mut self.guards, guard), &bits_of(&way.tokens)),
            }
        }
    }
}

/// The value of a key, which may be new.
fn of<K: Copy + PartialEq, V: Default>(all: &mut Vec<(K, V)>, key: K) -> &mut V {
    let place = all.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
        all.push((key, V::default()));
        all.len() - 1
    });
    &mut all[place].1
}
