//! A position: where one token is read, and the transitions between positions.

use crate::grammar::Tokens;

/// What happens on the way from one token to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An instance of a rule begins.
    Begin(usize),
    /// An instance of a rule ends.
    End(usize),
    /// A call, which goes on at this position when it returns.
    Call(usize),
    /// The return of a call.
    Return,
}

/// A place where one token is read, the beginning of an object, or where a call returns to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    /// What is read there; nothing at a beginning and at a return.
    pub tokens: Tokens,
    /// The rules that it is in, the outermost first.
    pub rules: Vec<usize>,
    /// Whether it is in a call.
    pub is_called: bool,
    /// The rules that end with it, whatever follows.
    pub ends: Vec<usize>,
}

impl Position {
    /// The rules around the innermost instance of one of them.
    pub fn around(&self, rule: usize) -> &[usize] {
        let place = self.rules.iter().rposition(|&each| each == rule);
        &self.rules[..place.unwrap_or(0)]
    }
}

/// A way from one position to the next; with no target it goes on as the called position does.
#[derive(Clone, Debug)]
pub(crate) struct Transition {
    pub from: usize,
    pub events: Vec<Event>,
    pub tokens: Tokens,
    pub to: Option<usize>,
}
