//! What a side condition is: registers, what a transition does to them, and what it demands.
//!
//! The compiler asks a condition once for each transition of the automaton: an instance of a rule
//! begins (`enter`) or ends (`leave`), a call begins or returns, a token is read. It answers with
//! codes of its own: actions, which change its registers, and guards, which must hold. At run time
//! it is given these codes again, and answers for one token (`refusal`) or for a mask (`restrict`).
//! The shape is that of `tests/oracle/condition.py`, which shares no code with it.

use std::fmt::Debug;

use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::Tokens;

/// The place of a clause among all clauses of a grammar.
pub(crate) type ClauseId = u16;

/// What one condition makes of one transition: codes that only it understands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    pub actions: Vec<u8>,
    pub guards: Vec<u8>,
}

impl Code {
    pub fn acts(&self, action: u8) -> bool {
        self.actions.contains(&action)
    }

    pub fn guards(&self, guard: u8) -> bool {
        self.guards.contains(&guard)
    }
}

/// A token that is read at a position.
pub(crate) struct Seen<'a> {
    pub position: &'a Position,
    /// What may be read after it.
    pub next: &'a [&'a Tokens],
    /// How many instances must still come before it and after it, of what the condition names by
    /// `demand`.
    pub due: (u32, u32),
}

impl Seen<'_> {
    /// Whether it is in an instance of a rule.
    pub fn within(&self, rule: usize) -> bool {
        self.position.rules.contains(&rule)
    }

    /// Whether exactly this token is read there.
    pub fn is(&self, id: u16) -> bool {
        self.position.tokens == [(id, id)]
    }

    /// Whether all tokens that are read there are of a range.
    pub fn is_in(&self, range: (u16, u16)) -> bool {
        is_in(&self.position.tokens, range)
    }
}

/// Whether there are tokens, and all of them are of a range.
pub(crate) fn is_in(tokens: &Tokens, range: (u16, u16)) -> bool {
    !tokens.is_empty() && tokens.iter().all(|each| range.0 <= each.0 && each.1 <= range.1)
}

/// What a transition means for what a condition owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is used by itself
pub(crate) struct Effect {
    /// One more is owed after it.
    pub arises: bool,
    /// One less is owed after it.
    pub pays: bool,
    /// It may be taken only while something is owed.
    pub needs: bool,
    /// It may be taken only while nothing is owed.
    pub bars: bool,
    /// It may be taken only when its token pays all that is owed.
    pub settles: bool,
}

/// Instances of a rule that must be possible as often as the rules demand them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    /// Within one instance of this rule.
    pub holder: usize,
    pub rule: usize,
    /// Only those that follow an instance of this rule; before it nothing is demanded.
    pub after: Option<usize>,
    /// The most that may be demanded.
    pub most: u32,
}

/// What is known of the shortest way from a state to the end, as one condition counts.
#[derive(Clone, Copy)]
pub(crate) struct Ahead {
    /// How many units begin on it.
    pub units: u32,
    /// Whether something may be paid before the next unit begins, on any way.
    pub pays_here: bool,
}

/// What a condition does to the mask of one state: intervals and bitsets, never ids one by one.
pub(crate) trait Patch: Debug + Send + Sync {
    /// Put tokens in and remove tokens.
    fn restrict(&self, registers: &Registers, mask: &mut Words);
}

/// A condition that looks at its guards one after the other.
pub(crate) trait Restrict: Clone + Debug + Send + Sync + 'static {
    /// Remove the tokens that a guard refuses.
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words);
}

/// Its guards at one state.
#[derive(Debug)]
struct Listed<C> {
    condition: C,
    guards: Vec<(u8, Bits)>,
}

impl<C: Restrict> Patch for Listed<C> {
    fn restrict(&self, registers: &Registers, mask: &mut Words) {
        for (guard, bits) in &self.guards {
            self.condition.restrict(*guard, bits, registers, mask);
        }
    }
}

/// The patch of a condition that looks at its guards one after the other.
pub(crate) fn listed<C: Restrict>(condition: &C, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
    Box::new(Listed { condition: condition.clone(), guards })
}

/// One side condition, or several that share their registers.
pub(crate) trait Condition: Debug + Send + Sync {
    /// The rule that states it.
    fn holder(&self) -> usize;

    /// The clause that errors of compiling name.
    fn clause(&self) -> ClauseId;

    /// The rules whose instances it is told of.
    fn rules(&self) -> Vec<usize>;

    /// The rules of whose instances it does the same wherever they begin, so that what they are in
    /// may be called.
    fn counts(&self) -> Vec<usize> {
        Vec::new()
    }

    /// The rules in which no use of another is a call, as it looks at every token: all of its own,
    /// unless it says which `tokens` it looks at.
    fn covers(&self) -> Vec<usize> {
        self.rules().into_iter().chain([self.holder()]).collect()
    }

    /// The tokens that mean something to it only within its rules.
    fn tokens(&self) -> Tokens {
        Tokens::new()
    }

    /// What must be possible as often as the rules demand it.
    fn demand(&self) -> Option<Demand> {
        None
    }

    /// The clause that the rules do not suit, and why.
    fn misplaced(&self, _positions: &[Position]) -> Option<(ClauseId, &'static str)> {
        None
    }

    /// Why two transitions may not follow each other.
    fn refuses_after(&self, _first: &Code, _second: &Code) -> Option<&'static str> {
        None
    }

    // What a transition does, told in the order of its events.

    /// An instance of a rule begins on the way to a position.
    fn enter(&self, _rule: usize, _to: Option<&Position>, _code: &mut Code) {}

    /// An instance of a rule ends after a position, or with it where the token that is read there is
    /// the last of the rule: what that demands, before what it does.
    fn leave(&self, _rule: usize, _at: &Position, _is_last: bool, _code: &mut Code) {}

    /// A rule is called on the way to a position.
    fn call(&self, _to: &Position, _code: &mut Code) {}

    /// A rule that uses itself returns after a position, before the next token is read.
    fn resume(&self, _before: &Position, _code: &mut Code) {}

    /// A token is read.
    fn read(&self, _seen: &Seen, _code: &mut Code) {}

    // What the codes mean at run time.

    /// Change the registers.
    fn act(&self, action: u8, id: u16, registers: &mut Registers);

    /// The clause that a token breaks, if any.
    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId>;

    /// Whether a mask has the tokens of a guard only if its patch puts them in.
    fn puts(&self, _guard: u8) -> bool {
        false
    }

    /// What the guards of a state, each with its tokens, mean for its mask.
    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch>;

    // What it means for the minimum number of tokens to completion.

    /// Whether what a guard may refuse is accounted for: what is said below of debts, units and
    /// delays, or `demand`, is all that the refusal makes a sentence need. Without an account a guard
    /// may refuse only what is optional; another grammar is rejected.
    fn accounts_for(&self, _guard: u8) -> bool {
        false
    }

    /// Whether it ever makes a sentence need more than the rules do, beside what it delays: what it
    /// answers below to `owed`, `unit_weight` and `more` is not always 0.
    fn adds(&self) -> bool {
        true
    }

    /// What a transition means for what is owed.
    fn effect(&self, _code: &Code) -> Effect {
        Effect::default()
    }

    /// How much can be owed, where what is owed is to be found by a walk over the states.
    fn most_owed(&self, _positions: &[Position]) -> Option<usize> {
        None
    }

    /// Whether there is no bound on what is owed, so that its cost must go on evenly.
    fn is_unbounded(&self) -> bool {
        false
    }

    /// How many tokens pay what is owed now.
    fn owed(&self, _registers: &Registers) -> u32 {
        0
    }

    /// Whether the token of a transition is counted by `owed`, so that it is not counted again.
    fn is_counted(&self, _code: &Code) -> bool {
        false
    }

    /// How many units begin on a transition.
    fn units(&self, _code: &Code) -> u32 {
        0
    }

    /// The rule whose instances its units are, where `more` counts those that must come beyond the
    /// shortest way, or counts with them.
    fn units_of(&self) -> Option<usize> {
        None
    }

    /// Whether units that begin after a transition are not to be counted before it.
    fn resets_units(&self, _code: &Code) -> bool {
        false
    }

    /// The most tokens that a unit takes beside those of the rules.
    fn heaviest_unit(&self) -> u32 {
        0
    }

    /// Whether there may be no room for a unit, so that the shortest way must have the fewest.
    fn is_scarce(&self) -> bool {
        false
    }

    /// How many each takes now, where all take as many.
    fn unit_weight(&self, _registers: &Registers) -> u32 {
        0
    }

    /// How many tokens all units ahead, and one that has begun, take beside those of the rules.
    fn more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        ahead.units * self.unit_weight(registers)
    }

    /// No less than `more`, found at once.
    fn at_most_more(&self, ahead: Ahead, registers: &Registers) -> u32 {
        self.more(ahead, registers)
    }

    /// Whether a guard can refuse the first token of a shortest way that another token opens.
    fn delays(&self, _guard: u8) -> bool {
        false
    }

    /// How many tokens open it.
    fn delay(&self, _registers: &Registers) -> u32 {
        0
    }

    /// The most that one token can add to what is needed, beside units, debts and leaps.
    fn most_added(&self) -> u32 {
        0
    }

    /// Whether a transition may add any number of tokens to what is needed.
    fn leaps(&self, _code: &Code) -> bool {
        false
    }

    /// The most that such a transition can add now.
    fn leap(&self, _registers: &Registers) -> u32 {
        0
    }
}
