//! Levels: how much can come after the calls of each copy have returned.

use super::guarded::Guarded;
use super::needs::Need;
use crate::automaton::PositionAutomaton;

/// As many as come after calls within calls, for which there is no bound.
const MANY: u32 = 100_000;

/// By copy that is called, and condition, how many units can come after it.
pub(super) struct Levels {
    level_of: Vec<usize>,
    units: Vec<Box<[u32]>>,
}

impl Levels {
    pub fn of(ways: &[Guarded], automaton: &PositionAutomaton, of: &[Need]) -> Self {
        let level_of: Vec<usize> = automaton.all.iter().map(|at| at.level).chain([0]).collect();
        let conditions = of[0].units.len();
        let count = level_of.iter().max().map_or(1, |most| most + 1);
        let mut units = vec![vec![0; conditions].into_boxed_slice(); count];
        let (mut is_growing, mut rounds) = (true, 0);
        while is_growing {
            (is_growing, rounds) = (false, rounds + 1);
            for pair in ways.iter().flat_map(|way| way.legs.windows(2)) {
                let (Some(back), Some(called)) = (pair[0].to, pair[1].to) else { continue };
                let (outer, inner) = (level_of[back], level_of[called]);
                let outer = units[outer].clone();
                for (place, most) in units[inner].iter_mut().enumerate() {
                    let after = of[back].units_with(place, outer[place]).min(MANY);
                    if after > *most {
                        // What grows for longer than there are copies is called within itself.
                        *most = if rounds > count { MANY } else { after };
                        is_growing = true;
                    }
                }
            }
        }
        Levels { level_of, units }
    }

    /// How many units of a condition can come after the call of the copy that has a state.
    pub fn most_after(&self, state: usize, condition: usize) -> u32 {
        self.units[self.level_of[state]][condition]
    }

    /// Whether any can come after any call.
    pub fn has_units(&self, condition: usize) -> bool {
        self.units.iter().any(|units| units[condition] > 0)
    }
}
