//! Positions: the rules unrolled into the places where one token is read, and what follows each.
//!
//! A use of a rule is unrolled where it is written, so that a position knows all of its context; or,
//! where nothing in it depends on the context, it is a call of a copy that all of its uses share. A
//! rule that uses itself at its very end goes round in a loop; one that uses itself elsewhere is
//! called as well. Only calls need a stack.

use std::collections::HashMap;

use super::links::Exit;
use super::position::{Leg, Position, Transition};
use super::sharing::{About, Sharing};
use super::unroller::Unroller;
use crate::grammar::{Grammar, Tokens};

/// The place among the positions where every object has ended.
pub(crate) const END: usize = 0;

/// A grammar unrolled.
#[derive(Debug)]
pub(crate) struct PositionAutomaton {
    pub all: Vec<Position>,
    pub transitions: Vec<Transition>,
    /// The beginning of each object type, in the order of the grammar's.
    pub starts: Vec<usize>,
    /// The forms of each object type, which are rules, with their beginnings, in the same order.
    pub forms: Vec<Vec<(usize, usize)>>,
    /// Of each position after which a rule within itself may return, where it may go back to.
    pub backs: HashMap<usize, Vec<usize>>,
}

/// Unroll a grammar, with what its conditions are about.
///
/// # Errors
/// When a rule needs more than one token to decide or cannot be unrolled.
pub(crate) fn unroll(grammar: &Grammar, about: Vec<About>) -> Result<PositionAutomaton, String> {
    let sharing = Sharing::of(grammar, about);
    let mut unroller = Unroller::new(grammar, &sharing);
    unroller.position(Tokens::new());
    let mut starts = Vec::new();
    for &object in &grammar.objects {
        let whole = unroller.used(object)?;
        if whole.nullable {
            return Err(format!("{} may be empty", grammar.rules[object].name));
        }
        if whole.last.iter().any(|exit| !unroller.links.is_last(exit)) {
            let name = &grammar.rules[object].name;
            return Err(format!("{name} must end with a token after which nothing can follow"));
        }
        let start = unroller.position(Tokens::new());
        unroller.links.connect(&[Exit { from: start, passed: Vec::new() }], &whole.first);
        starts.push(start);
    }
    let mut transitions = unroller.transitions()?;
    let mut forms = Vec::new();
    for (&object, &start) in grammar.objects.iter().zip(&starts) {
        let mut of_object = Vec::new();
        for form in grammar.forms(object) {
            let from = unroller.position(Tokens::new());
            let is_in =
                |leg: &Leg| leg.to.is_some_and(|at| unroller.positions[at].rules.contains(&form));
            let first = transitions.iter().filter(|each| each.from == start);
            let own: Vec<Transition> = first
                .filter(|each| each.legs.iter().any(is_in))
                .map(|each| Transition { from, ..each.clone() })
                .collect();
            transitions.extend(own);
            of_object.push((form, from));
        }
        forms.push(of_object);
    }
    let mut backs = HashMap::new();
    for (_, exits, all) in unroller.exits {
        backs.extend(exits.into_iter().map(|exit| (exit.from, all.clone())));
    }
    let all = unroller.positions;
    let positions = PositionAutomaton { all, transitions, starts, forms, backs };
    positions.decide(grammar)?;
    Ok(positions)
}

impl PositionAutomaton {
    /// One token decides: no two ways from one position begin with the same one.
    fn decide(&self, grammar: &Grammar) -> Result<(), String> {
        let mut by_position = vec![Vec::new(); self.all.len()];
        for transition in &self.transitions {
            by_position[transition.from].extend(transition.tokens.iter().copied());
        }
        for (position, mut tokens) in self.all.iter().zip(by_position) {
            tokens.sort_unstable();
            if let Some(pair) = tokens.windows(2).find(|pair| pair[0].1 >= pair[1].0) {
                let rule = position.rules.last().map_or("the rules", |&r| &grammar.rules[r].name);
                let token = grammar.lexicon.any_name(pair[1].0).unwrap_or_default();
                return Err(format!("in {rule} one token does not decide what {token} begins"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::File;

    fn unrolled(text: &str) -> Result<PositionAutomaton, String> {
        let grammar = Grammar::read(&[File { text, is_object: true, is_declared: false }]).unwrap();
        unroll(&grammar, Vec::new())
    }

    #[test]
    fn what_cannot_be_decided_is_refused() {
        for (text, reason) in [
            ("x = \"C\" | \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"* \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"? ;", "may be empty"),
            ("x = x \"C\" | \"N\" ;", "uses itself at its beginning"),
        ] {
            let error = unrolled(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn only_a_use_in_the_middle_is_a_call() {
        let calls = |text| {
            let all = unrolled(text).unwrap();
            let goes_on = |leg: &Leg| all.transitions.iter().any(|each| leg.to == Some(each.from));
            let ways = all.transitions.iter();
            ways.filter(|way| way.legs.iter().rev().skip(1).any(goes_on)).count()
        };
        assert_eq!(calls("x = \"C\" x | \"N\" ;"), 0);
        assert_eq!(calls("x = \"C\" | \"(\" x \")\" ;"), 4);
    }
}
