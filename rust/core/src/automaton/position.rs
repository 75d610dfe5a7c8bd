//! A position: where one token is read, and the transitions between positions.

use crate::grammar::Tokens;

/// What happens to the rules around on the way from one token to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An instance of a rule begins.
    Begin(usize),
    /// An instance of a rule ends.
    End(usize),
}

/// A place where one token is read, the beginning of an object, or where a call returns to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    /// What is read there; nothing at a beginning and at a return.
    pub tokens: Tokens,
    /// The rules that it is in, the outermost first; in a rule that is called from several places
    /// these begin with that rule.
    pub rules: Vec<usize>,
    /// Whether it is in a call of a rule that uses itself.
    pub is_called: bool,
    /// The rules that end with it, whatever follows.
    pub ends: Vec<usize>,
    /// The number of the copy that is called and has it; 0 outside of calls.
    pub level: usize,
}

impl Position {
    /// The rules around the innermost instance of one of them.
    pub fn around(&self, rule: usize) -> &[usize] {
        let place = self.rules.iter().rposition(|&each| each == rule);
        &self.rules[..place.unwrap_or(0)]
    }

    /// How deep its innermost instance of a rule lies; 0 without one.
    pub fn depth(&self, rule: usize) -> usize {
        self.rules.iter().rposition(|&each| each == rule).unwrap_or(0)
    }
}

/// A way from one position to the next, with a leg for each call that it begins and one more.
#[derive(Clone, Debug)]
pub(crate) struct Transition {
    pub from: usize,
    /// The first leg goes on in the copy of `from`, each other one in the copy that is called; the
    /// token is read at the end of the last.
    pub legs: Vec<Leg>,
    pub tokens: Tokens,
}

/// The part of a transition that is in one copy.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub events: Vec<Event>,
    /// Where the copy goes on: at the position that is read, or where a call returns to. With none
    /// the call that it is in returns, and goes on as the position there does.
    pub to: Option<usize>,
}

impl Transition {
    /// The part in the copy of the position that it leaves.
    pub fn here(&self) -> &Leg {
        &self.legs[0]
    }
}
