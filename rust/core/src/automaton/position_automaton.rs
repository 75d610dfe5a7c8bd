//! Positions: the rules unrolled into the places where one token is read, and what follows each.
//!
//! Every use of a rule is unrolled where it is written, so that a position knows all of its context.
//! A rule that uses itself at its very end goes round in a loop; one that uses itself elsewhere is
//! called, which is the only thing that needs a stack.

use std::collections::HashMap;

use super::position::{Position, Transition};
use super::unroller::{Exit, Unroller};
use crate::grammar::{Grammar, Tokens};

/// A grammar unrolled.
#[derive(Debug)]
pub(crate) struct PositionAutomaton {
    pub all: Vec<Position>,
    pub transitions: Vec<Transition>,
    /// The beginning of each object type, in the order of the grammar's.
    pub starts: Vec<usize>,
    /// The forms of each object type, which are rules, with their beginnings, in the same order.
    pub forms: Vec<Vec<(usize, usize)>>,
    /// Of each position that ends a call, where it may go back to.
    pub backs: HashMap<usize, Vec<usize>>,
}

/// Unroll a grammar, in which instances of the `scoped` rules begin and end.
///
/// # Errors
/// When a rule needs more than one token to decide or cannot be unrolled.
pub(crate) fn unroll(grammar: &Grammar, scoped: &[bool]) -> Result<PositionAutomaton, String> {
    let mut unroller = Unroller::new(grammar, scoped);
    let mut starts = Vec::new();
    for &object in &grammar.objects {
        let whole = unroller.rule(object)?;
        if whole.nullable {
            return Err(format!("{} may be empty", grammar.rules[object].name));
        }
        if whole.last.iter().any(|exit| unroller.left.contains(&exit.from)) {
            let name = &grammar.rules[object].name;
            return Err(format!("{name} must end with a token after which nothing can follow"));
        }
        let start = unroller.position(Tokens::new());
        unroller.connect(&[Exit { from: start, events: Vec::new() }], &whole.first);
        starts.push(start);
    }
    let mut transitions = unroller.transitions()?;
    let mut forms = Vec::new();
    for (&object, &start) in grammar.objects.iter().zip(&starts) {
        let mut of_object = Vec::new();
        for form in grammar.forms(object) {
            let from = unroller.position(Tokens::new());
            let begins = |to: usize| unroller.positions[to].rules.contains(&form);
            let first = transitions.iter().filter(|each| each.from == start);
            let own: Vec<Transition> = first
                .filter(|each| each.to.is_some_and(begins))
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
    use super::super::position::Event;
    use super::*;
    use crate::grammar::File;
    use crate::spec_texts::SPEC_TEXTS;

    fn unrolled(text: &str, scoped: &[&str]) -> Result<PositionAutomaton, String> {
        let grammar = Grammar::read(&[File { text, is_object: true, is_declared: false }]).unwrap();
        let scoped: Vec<bool> =
            grammar.rules.iter().map(|rule| scoped.contains(&rule.name.as_str())).collect();
        unroll(&grammar, &scoped)
    }

    #[test]
    fn the_spec_is_unrolled() {
        let files: Vec<File> = SPEC_TEXTS
            .iter()
            .filter(|(path, _)| std::path::Path::new(path).extension().is_some_and(|e| e == "ebnf"))
            .map(|(path, text)| File {
                text,
                is_object: path.starts_with("objects/"),
                is_declared: false,
            })
            .collect();
        let grammar = Grammar::read(&files).unwrap();
        let scoped: Vec<bool> = grammar
            .rules
            .iter()
            .map(|rule| ["atom", "branch", "component", "molecule"].contains(&rule.name.as_str()))
            .collect();
        let all = unroll(&grammar, &scoped).unwrap();
        assert_eq!(all.starts.len(), 7);
        println!("{} positions {} transitions", all.all.len(), all.transitions.len());
        assert!((500..3000).contains(&all.all.len()), "{}", all.all.len());
    }

    #[test]
    fn what_cannot_be_decided_is_refused() {
        for (text, reason) in [
            ("x = \"C\" | \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"* \"C\" ;", "one token does not decide what C begins"),
            ("x = \"C\"? ;", "may be empty"),
            ("x = x \"C\" | \"N\" ;", "uses itself at its beginning"),
        ] {
            let error = unrolled(text, &[]).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn only_a_use_in_the_middle_is_a_call() {
        let calls = |text| {
            let all = unrolled(text, &[]).unwrap();
            all.transitions
                .iter()
                .filter(|e| e.events.iter().any(|e| matches!(e, Event::Call(_))))
                .count()
        };
        assert_eq!(calls("x = \"C\" x | \"N\" ;"), 0);
        assert_eq!(calls("x = \"C\" | \"(\" x \")\" ;"), 4);
    }
}
