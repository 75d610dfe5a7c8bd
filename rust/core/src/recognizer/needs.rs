//! Needs: what the shortest way from each state to the end of its copy takes.

use super::guarded::Guarded;
use super::levels::Levels;
use super::machine::Guard;
use crate::conditions::Condition;

/// What the shortest way from a state needs, to the end of the call that it is in.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    pub tokens: u32,
    /// By condition how many units begin on it.
    pub units: Box<[u32]>,
    /// By condition whether units that begin after it are not to be counted before it.
    pub resets: Box<[bool]>,
    /// By condition whether something may be paid before the next unit begins, on any way.
    pub pays_here: Box<[bool]>,
    /// The condition, and its guard, that may refuse the first token of it.
    pub delayed: Option<u8>,
}

pub(super) const FAR: u32 = u32::MAX / 4;

/// How heavy a unit is for which there may be no room.
const SCARCE: u32 = 1_000;

impl Need {
    /// What it counts of the units of a condition.
    fn count(&self, condition: usize) -> (u32, bool) {
        (self.units[condition], self.resets[condition])
    }

    /// How many units of a condition come until the end of the object, with those of outer calls.
    pub fn units_with(&self, condition: usize, outer: u32) -> u32 {
        self.units[condition] + if self.resets[condition] { 0 } else { outer }
    }

    /// How many tokens it has when the units of each condition are so heavy.
    pub fn full(&self, weights: &[u32]) -> u32 {
        self.tokens
            + self.units.iter().zip(weights).map(|(units, weight)| units * weight).sum::<u32>()
    }
}

/// The transitions of a machine, and those from and to each state.
pub(super) struct Ways<'a> {
    all: &'a [Guarded],
    pub from: Vec<Vec<&'a Guarded>>,
    into: Vec<Vec<&'a Guarded>>,
}

impl<'a> Ways<'a> {
    /// Only ways that may be on a shortest one lead into a state.
    pub fn new(
        all: &'a [Guarded],
        count: usize,
        may_be_shortest: impl Fn(&Guarded) -> bool,
    ) -> Self {
        let (mut from, mut into) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for way in all {
            from[way.from].push(way);
            // A state needs what follows its token, and what follows the calls that it begins.
            for to in way.ahead().filter(|_| may_be_shortest(way)) {
                into[to].push(way);
            }
        }
        Ways { all, from, into }
    }

    /// What each state needs.
    pub fn needs(&self, conditions: &[Box<dyn Condition>]) -> Vec<Need> {
        let count = self.from.len();
        let far = Need {
            tokens: FAR,
            units: vec![0; conditions.len()].into(),
            resets: vec![false; conditions.len()].into(),
            pays_here: vec![false; conditions.len()].into(),
            ..Need::default()
        };
        let mut of = vec![far; count];
        let mut waiting: Vec<usize> = Vec::new();
        for (state, ways) in self.from.iter().enumerate() {
            // The end of an object, or of a call.
            if ways.is_empty() || ways.iter().any(|way| way.on().is_none()) {
                of[state].tokens = 0;
                waiting.push(state);
            }
        }
        self.settle(waiting, |way| {
            let shorter =
                tokens_through(way, &of, conditions).is_some_and(|n| n < of[way.from].tokens);
            if shorter {
                of[way.from] = through(way, &of, conditions);
            }
            shorter
        });
        let mut pays = |way: &Guarded| {
            let mut changed = false;
            for (place, condition) in conditions.iter().enumerate() {
                let code = way.legs[0].codes.of(place);
                let begins = condition.units(code) > 0;
                let after = way.on().is_some_and(|to| of[to].pays_here[place]);
                let here = condition.effect(code).pays || (!begins && after);
                let known = &mut of[way.from].pays_here[place];
                changed |= here && !*known;
                *known |= here;
            }
            changed
        };
        let first = self.all.iter().filter(|way| pays(way)).map(|way| way.from).collect();
        self.settle(first, pays);
        of
    }

    /// Take ways into states that have changed until none changes any more.
    fn settle(&self, mut waiting: Vec<usize>, mut change: impl FnMut(&Guarded) -> bool) {
        let mut next = Vec::new();
        while !waiting.is_empty() {
            for state in waiting.drain(..) {
                for way in &self.into[state] {
                    if change(way) {
                        next.push(way.from);
                    }
                }
            }
            std::mem::swap(&mut waiting, &mut next);
            waiting.sort_unstable();
            waiting.dedup();
        }
    }

    /// Whether the shortest way is the shortest as well when units are as heavy as they can be, any
    /// of them, and when as many come after the call as can be; and with that in all cases between,
    /// as the least of several planes is concave.
    pub fn units_are_counted(
        &self,
        of: &[Need],
        levels: &Levels,
        conditions: &[Box<dyn Condition>],
    ) -> Result<(), String> {
        const UNEVEN: &str =
            "expected as many numbers on the shortest way to the end as on any other";
        let begins = |place: usize| self.all.iter().any(|way| units_of(way, place, conditions) > 0);
        let weight = |place: usize| {
            let scarce = if conditions[place].is_scarce() { SCARCE } else { 0 };
            let heaviest = scarce.max(conditions[place].heaviest_unit());
            if heaviest > 0 && begins(place) { heaviest } else { 0 }
        };
        let weights: Vec<u32> = (0..conditions.len()).map(weight).collect();
        let heavy: Vec<usize> = (0..conditions.len()).filter(|&place| weights[place] > 0).collect();
        for way in self.all.iter().filter(|way| way.on().is_some()) {
            let need = through(way, of, conditions);
            // What counts the same on both ways does not tell them apart.
            let differs = |&&place: &&usize| need.count(place) != of[way.from].count(place);
            let heavy: Vec<usize> = heavy.iter().filter(differs).copied().collect();
            for corner in corners(&heavy, &weights, levels)? {
                let weight = |need: &Need| {
                    let units = |one: &Heavy| {
                        let after = levels.most_after(way.from, one.condition);
                        let after = if one.is_after { after } else { 0 };
                        one.weight * need.units_with(one.condition, after)
                    };
                    need.tokens + corner.iter().map(units).sum::<u32>()
                };
                if weight(&need) < weight(&of[way.from]) {
                    return Err(UNEVEN.to_owned());
                }
            }
        }
        Ok(())
    }

    /// The most that one token can add to what is needed.
    pub fn most_added(
        &self,
        of: &[Need],
        levels: &Levels,
        conditions: &[Box<dyn Condition>],
    ) -> u32 {
        let heaviest: Vec<u32> = conditions.iter().map(|one| one.heaviest_unit()).collect();
        let light = vec![0; conditions.len()];
        let mut most = 0;
        for way in self.all.iter().filter(|way| way.on().is_some()) {
            // Where a count is read, what comes after the call weighs from then on.
            let after_calls: u32 = (0..conditions.len())
                .filter(|&place| of[way.from].resets[place])
                .map(|place| heaviest[place] * levels.most_after(way.from, place))
                .sum();
            for weights in [&light, &heaviest] {
                let ahead: u32 = way.ahead().map(|to| of[to].full(weights)).sum();
                let begun: u32 = way
                    .made()
                    .map(|(place, code)| conditions[place].units(code) * weights[place])
                    .sum();
                let after = ahead + begun + after_calls;
                most = most.max(after.saturating_sub(of[way.from].full(weights)));
            }
        }
        most + conditions.iter().map(|condition| condition.most_added()).sum::<u32>()
    }
}

/// How many units of a condition begin on a transition.
pub(super) fn units_of(way: &Guarded, place: usize, conditions: &[Box<dyn Condition>]) -> u32 {
    way.codes(place).map(|code| conditions[place].units(code)).sum()
}

/// Whether a transition resets the units of a condition.
pub(super) fn is_reset(way: &Guarded, place: usize, conditions: &[Box<dyn Condition>]) -> bool {
    way.codes(place).any(|code| conditions[place].resets_units(code))
}

/// One weight for the units of a condition, and whether there are any after the call.
#[derive(Clone, Copy)]
struct Heavy {
    condition: usize,
    weight: u32,
    is_after: bool,
}

/// Each choice of those that are heavy, beside none.
///
/// # Errors
/// When there are too many.
fn corners(heavy: &[usize], weights: &[u32], levels: &Levels) -> Result<Vec<Vec<Heavy>>, String> {
    if heavy.len() > 6 {
        return Err("expected at most six conditions on numbers".to_owned());
    }
    let mut corners: Vec<Vec<Heavy>> = vec![Vec::new()];
    for &condition in heavy {
        let after = [Some(false), levels.has_units(condition).then_some(true)];
        let all = after.into_iter().flatten().flat_map(|is_after| {
            let one = Heavy { condition, weight: weights[condition], is_after };
            corners.iter().map(move |corner| [&corner[..], &[one]].concat())
        });
        let all: Vec<_> = all.collect();
        corners.extend(all);
    }
    Ok(corners.split_off(1))
}

/// How many tokens a state needs from which a transition is taken; none where that is not known yet.
pub(super) fn tokens_through(
    way: &Guarded,
    of: &[Need],
    conditions: &[Box<dyn Condition>],
) -> Option<u32> {
    way.on()?;
    let is_counted = way.made().any(|(place, code)| conditions[place].is_counted(code));
    let own = u32::from(!is_counted);
    way.ahead().try_fold(own, |tokens, to| {
        (of[to].tokens < FAR).then(|| (FAR - 1).min(tokens + of[to].tokens))
    })
}

/// What a state needs from which a transition is taken, beyond which all is known.
fn through(way: &Guarded, of: &[Need], conditions: &[Box<dyn Condition>]) -> Need {
    let delays = |guard: &&Guard| conditions[usize::from(guard.condition)].delays(guard.code);
    let mut units = Vec::with_capacity(conditions.len());
    let mut resets = Vec::with_capacity(conditions.len());
    for place in 0..conditions.len() {
        let is_reset = is_reset(way, place, conditions);
        let begun = if is_reset { 0 } else { units_of(way, place, conditions) };
        let all = way.ahead().fold((begun, is_reset), |(units, is_reset), to| {
            let after = if is_reset { 0 } else { of[to].units[place] };
            (FAR.min(units + after), is_reset || of[to].resets[place])
        });
        units.push(all.0);
        resets.push(all.1);
    }
    Need {
        tokens: tokens_through(way, of, conditions).unwrap_or(FAR),
        units: units.into(),
        resets: resets.into(),
        pays_here: of[way.from].pays_here.clone(),
        delayed: way.guards.iter().find(delays).map(|guard| guard.condition),
    }
}
