//! Compiling: from rules and conditions to the tables of a machine.

use std::collections::HashMap;

use super::completion::Completion;
use super::demands::due;
use super::guarded::{Guarded, Guards};
use super::machine::{Entry, Form, Machine, NOWHERE};
use super::patches::Patches;
use crate::automaton::bits::Bits;
use crate::automaton::mask::WORDS;
use crate::automaton::{PositionAutomaton, unroll};
use crate::conditions::Conditions;
use crate::grammar::{Grammar, Tokens};
use crate::vocabulary::SIZE;

impl Machine {
    /// Compile a grammar.
    ///
    /// # Errors
    /// When a condition is not of the closed list, when one token does not decide, or when what is
    /// owed could not be paid.
    pub fn compile(grammar: &Grammar) -> Result<Machine, String> {
        let conditions = Conditions::of(grammar)?;
        let mut scoped = vec![false; grammar.rules.len()];
        for rule in conditions.all.iter().flat_map(|condition| condition.rules()) {
            scoped[rule] = true;
        }
        let automaton = unroll(grammar, &scoped)?;
        for condition in &conditions.all {
            if let Some((clause, reason)) = condition.misplaced(&automaton.all) {
                return Err(conditions.said(clause, reason));
            }
        }
        let due = due(&automaton, &conditions)?;
        let ways = Guards::new(grammar, &conditions, &automaton, due).all()?;
        let completion = Completion::of(&ways, &automaton, &conditions)?;
        let mut machine = tables(&ways, &automaton, &conditions)?;
        let names = grammar.objects.iter().map(|&object| grammar.rules[object].name.clone());
        machine.starts = names.zip(automaton.starts.iter().map(|&start| start as u32)).collect();
        let forms = grammar.objects.iter().zip(&automaton.forms);
        machine.forms = forms
            .flat_map(|(&object, forms)| forms.iter().map(move |&(form, at)| (form, object, at)))
            .map(|(form, object, at)| Form {
                name: grammar.rules[form].name.clone(),
                object_type: grammar.rules[object].name.clone(),
                start: at as u32,
            })
            .collect();
        machine.conditions = conditions;
        machine.completion = completion;
        machine.lexicon = grammar.lexicon.clone();
        Ok(machine)
    }
}

/// The tables of transitions; the last state is the beginning of any object.
fn tables(
    ways: &[Guarded],
    automaton: &PositionAutomaton,
    conditions: &Conditions,
) -> Result<Machine, String> {
    let count = automaton.all.len() + 1;
    let (class_of, classes) = classes(ways.iter().map(|way| &way.tokens));
    let mut machine = Machine {
        start: count as u32 - 1,
        class_of,
        classes,
        next: vec![0; count * classes],
        ..Machine::default()
    };
    let mut patches = vec![Patches::default(); count];
    let mut tokens_of = vec![Tokens::new(); count];
    for way in ways {
        let (guards, actions) = (machine.guards.len() as u32, machine.actions.len() as u32);
        machine.guards.extend(&way.guards);
        machine.actions.extend(&way.actions);
        machine.entries.push(Entry {
            to: way.to.map_or(NOWHERE, |to| to as u32),
            guards: (guards, machine.guards.len() as u32),
            actions: (actions, machine.actions.len() as u32),
        });
        let entry = u16::try_from(machine.entries.len());
        let entry = entry.map_err(|_| "more than 65,535 transitions")?;
        for id in way.tokens.iter().flat_map(|&(low, high)| low..=high) {
            let class = usize::from(machine.class_of[usize::from(id)]);
            machine.next[way.from * classes + class] = entry;
        }
        // What a condition puts in is not in the row.
        let puts = way
            .guards
            .iter()
            .any(|guard| conditions.all[usize::from(guard.condition)].puts(guard.code));
        if !puts {
            tokens_of[way.from].extend(&way.tokens);
        }
        patches[way.from].add(conditions, way);
    }
    machine.patches = patches.into_iter().map(|one| one.lowered(conditions)).collect();
    let mut rows = HashMap::new();
    for tokens in tokens_of {
        let mut row = vec![0; WORDS];
        Bits::of(&tokens).write(&mut row);
        let next = rows.len();
        let place = *rows.entry(row.clone()).or_insert(next);
        if place == next {
            machine.rows.extend(row);
        }
        machine.row_of.push(place as u16);
    }
    Ok(machine)
}

/// Tokens that are together in every set have one class; 0 is for those in none.
fn classes<'a>(sets: impl Iterator<Item = &'a Tokens>) -> (Vec<u16>, usize) {
    let mut distinct: Vec<&Tokens> = sets.collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut signatures: HashMap<Vec<u16>, u16> = HashMap::from([(Vec::new(), 0)]);
    let class_of = (0..SIZE as u16)
        .map(|id| {
            let has = |set: &Tokens| set.iter().any(|&(low, high)| low <= id && id <= high);
            let signature: Vec<u16> =
                (0..distinct.len() as u16).filter(|&i| has(distinct[usize::from(i)])).collect();
            let next = signatures.len() as u16;
            *signatures.entry(signature).or_insert(next)
        })
        .collect();
    (class_of, signatures.len())
}
