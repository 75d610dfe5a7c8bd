//! Trace: to which rule each token of a sentence belongs.
//!
//! One token decides, so a sentence is followed rule by rule with FIRST and no search. Conditions
//! are not looked at: whether the tokens are a sentence is for the recognizer to say.

use std::collections::HashMap;

use super::first::FirstSets;
use super::rule::{Expression, Grammar};

/// Where a token belongs: its innermost rule, and every rule in force, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The innermost rule.
    pub rule: usize,
    /// The rules in force, each once: a chain within a chain is a chain.
    pub rules: Vec<usize>,
}

/// The rules of the tokens, up to the first token that the rules do not have there.
#[must_use]
pub fn trace(grammar: &Grammar, first: &FirstSets, ids: &[u16]) -> Vec<Place> {
    let mut walk = Walk { grammar, first, places: Vec::new(), within: HashMap::new() };
    let Some(&opening) = ids.first() else { return Vec::new() };
    let begins = |&&object: &&usize| first.begins(&grammar.rules[object].expression, opening);
    let Some(&object) = grammar.objects.iter().find(begins) else { return Vec::new() };
    let place = walk.enter(None, object);
    let mut waiting = vec![(&grammar.rules[object].expression, place)];
    let mut traced = Vec::with_capacity(ids.len());
    for &id in ids {
        let Some(place) = walk.follow(id, &mut waiting) else { break };
        traced.push(walk.places[place].clone());
    }
    traced
}

struct Walk<'g> {
    grammar: &'g Grammar,
    first: &'g FirstSets,
    places: Vec<Place>,
    /// The place of a rule that begins within a place.
    within: HashMap<(Option<usize>, usize), usize>,
}

impl<'g> Walk<'g> {
    fn enter(&mut self, outer: Option<usize>, rule: usize) -> usize {
        if let Some(&place) = self.within.get(&(outer, rule)) {
            return place;
        }
        let mut rules = outer.map_or_else(Vec::new, |outer| self.places[outer].rules.clone());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
        // A rule within itself has the same rules in force: one place serves both.
        let new = Place { rule, rules };
        let place = self.places.iter().position(|place| *place == new).unwrap_or_else(|| {
            self.places.push(new);
            self.places.len() - 1
        });
        self.within.insert((outer, rule), place);
        place
    }

    /// The place of the next token, if it is this one.
    fn follow(&mut self, id: u16, waiting: &mut Vec<(&'g Expression, usize)>) -> Option<usize> {
        while let Some((part, place)) = waiting.pop() {
            match part {
                Expression::Tokens(_) => return self.first.begins(part, id).then_some(place),
                Expression::Rule(rule) => {
                    let place = self.enter(Some(place), *rule);
                    waiting.push((&self.grammar.rules[*rule].expression, place));
                }
                Expression::Sequence(parts) => {
                    waiting.extend(parts.iter().rev().map(|part| (part, place)));
                }
                Expression::Choice(options) => {
                    match options.iter().find(|option| self.first.begins(option, id)) {
                        Some(option) => waiting.push((option, place)),
                        None if self.first.is_nullable(part) => {}
                        None => return None,
                    }
                }
                Expression::Maybe(inner) => {
                    if self.first.begins(inner, id) {
                        waiting.push((inner, place));
                    }
                }
                Expression::Many(inner) => {
                    if self.first.begins(inner, id) {
                        waiting.extend([(part, place), (&**inner, place)]);
                    }
                }
            }
        }
        None
    }
}
