//! Patches: what the guards of a state make of its row of the masks.

use super::guarded::Guarded;
use super::machine::Guard;
use crate::automaton::bits::Bits;
use crate::conditions::{Conditions, Patch};
use crate::grammar::Tokens;

/// The guards of one condition, each with the tokens that it is on.
type OfCondition = (u8, Vec<(u8, Tokens)>);

/// What changes the row of a state: first the conditions that put in tokens, then what others remove
/// of these and of the row.
#[derive(Clone, Debug, Default)]
pub(super) struct Patches {
    first: Vec<OfCondition>,
    then: Vec<OfCondition>,
}

impl Patches {
    /// Add what the guards of a transition from the state say.
    pub fn add(&mut self, conditions: &Conditions, way: &Guarded) {
        let puts = |guard: &&Guard| conditions.all[usize::from(guard.condition)].puts(guard.code);
        let put_by = way.guards.iter().find(puts).map(|guard| guard.condition);
        for guard in &way.guards {
            // What one condition puts in, others remove only after it.
            let first = put_by.is_none_or(|by| by == guard.condition);
            let patches = if first { &mut self.first } else { &mut self.then };
            let patch = value_of(patches, guard.condition);
            value_of(patch, guard.code).extend(&way.tokens);
        }
    }

    /// The patches in the order in which they are applied, lowered.
    pub fn lowered(self, conditions: &Conditions) -> Vec<Box<dyn Patch>> {
        let all = self.first.into_iter().chain(self.then);
        all.map(|(condition, guards)| {
            let guards = guards.into_iter().map(|(guard, tokens)| (guard, Bits::of(&tokens)));
            conditions.all[usize::from(condition)].lower(guards.collect())
        })
        .collect()
    }
}

/// The value of a key, which may be new.
fn value_of<K: Copy + PartialEq, V: Default>(all: &mut Vec<(K, V)>, key: K) -> &mut V {
    let place = all.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
        all.push((key, V::default()));
        all.len() - 1
    });
    &mut all[place].1
}
