//! Compiling: from rules and conditions to the tables of a machine.

use std::collections::HashMap;

use super::completion::Completion;
use super::demands::due;
use super::guarded::{Guarded, Guards, Target};
use super::machine::{BACK, Entry, Form, Machine, NOWHERE, StateMask};
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
        let mut conditions = Conditions::of(grammar)?;
        let automaton = unroll(grammar, conditions.about())?;
        for condition in &conditions.all {
            if let Some((clause, reason)) = condition.misplaced(&automaton.all) {
                return Err(conditions.said(clause, reason));
            }
        }
        let due = due(&automaton, &conditions)?;
        let ways = Guards::new(grammar, &conditions, &automaton, due).all()?;
        let completion = Completion::of(&ways, &automaton, &mut conditions)?;
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
    let (class_of, firsts) = classes(ways.iter().map(|way| &way.tokens));
    let classes = firsts.len();
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
            to: match way.target {
                Target::State(to) => to as u32,
                Target::Back => BACK,
                Target::OnFromBack => NOWHERE,
            },
            guards: (guards, machine.guards.len() as u32),
            actions: (actions, machine.actions.len() as u32),
        });
        let entry = u16::try_from(machine.entries.len());
        let entry = entry.map_err(|_| "more than 65,535 transitions")?;
        for (class, &id) in firsts.iter().enumerate().skip(1) {
            if has(&way.tokens, id) {
                machine.next[way.from * classes + class] = entry;
            }
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
    let mut rows = HashMap::new();
    for (tokens, patches) in tokens_of.iter().zip(patches) {
        let mut row = [0; WORDS];
        Bits::of(tokens).write(&mut row);
        let place = *rows.entry(row).or_insert_with(|| {
            machine.rows.push(row);
            machine.rows.len() as u32 - 1
        });
        let first = machine.patches.len() as u32;
        machine.patches.extend(patches.lowered(conditions));
        let patches = (first, machine.patches.len() as u32);
        machine.masks.push(StateMask { row: place, patches });
    }
    Ok(machine)
}

/// The class of each token, and the first token of each class: tokens that are together in every set
/// have one. Class 0 is for those in none.
fn classes<'a>(sets: impl Iterator<Item = &'a Tokens>) -> (Vec<u16>, Vec<u16>) {
    let mut distinct: Vec<&Tokens> = sets.collect();
    distinct.sort_unstable();
    distinct.dedup();
    // Between two bounds all tokens are in the same sets.
    let bounds =
        distinct.iter().flat_map(|set| set.iter().flat_map(|&(low, high)| [low, high + 1]));
    let mut bounds: Vec<u16> = bounds.chain([0, SIZE as u16]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut signatures: HashMap<Vec<u16>, u16> = HashMap::from([(Vec::new(), 0)]);
    let (mut class_of, mut firsts) = (vec![0; SIZE], vec![0]);
    for pair in bounds.windows(2) {
        let sets = (0..distinct.len() as u16).filter(|&i| has(distinct[usize::from(i)], pair[0]));
        let next = signatures.len() as u16;
        let class = *signatures.entry(sets.collect()).or_insert(next);
        if class == next {
            firsts.push(pair[0]);
        }
        class_of[usize::from(pair[0])..usize::from(pair[1])].fill(class);
    }
    (class_of, firsts)
}

/// Whether a token is one of a set.
fn has(set: &Tokens, id: u16) -> bool {
    set.iter().any(|&(low, high)| low <= id && id <= high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::File;
    use crate::spec_texts::SPEC_TEXTS;

    /// The grammar of the spec, with a declared file or without one.
    fn grammar(declared: Option<&str>) -> Grammar {
        let files = SPEC_TEXTS.iter().filter(|(path, _)| path.ends_with("ebnf"));
        let is_object = |path: &str| declared.is_none() && path.starts_with("objects/");
        let mut files: Vec<File> = files
            .map(|(path, text)| File { text, is_object: is_object(path), is_declared: false })
            .collect();
        files.extend(declared.map(|text| File { text, is_object: true, is_declared: true }));
        Grammar::read(&files).unwrap()
    }

    /// How many positions and transitions a grammar takes.
    fn size(grammar: &Grammar) -> (usize, usize) {
        let automaton = unroll(grammar, Conditions::of(grammar).unwrap().about()).unwrap();
        (automaton.all.len(), automaton.transitions.len())
    }

    #[test]
    fn the_spec_takes_few_positions() {
        let mut grammar = grammar(None);
        let whole = size(&grammar);
        println!("all: {whole:?}");
        for object in grammar.objects.clone() {
            grammar.objects = vec![object];
            let of_object = size(&grammar);
            println!("{}: {of_object:?}", grammar.rules[object].name);
            // An infill has a molecule with holes, and one that fills them; a structure has the numbers of
            // its operators; a complex has structures and conformers.
            let most = if grammar.rules[object].name == "complex" { 850 } else { 450 };
            assert!(of_object.0 < most, "{of_object:?}");
        }
        assert!(whole.0 < 1_700, "{whole:?}");
    }

    #[test]
    fn twenty_molecules_and_twenty_numbers_take_few_positions() {
        let tokens = "tokens: x at 7168\n    <XS>\n    <XE>\n    one\n    two\n";
        let uses = "\"one\" molecule number \"two\" ".repeat(20);
        let one = grammar(Some(&format!("{tokens}x = \"<XS>\" decimals {uses} \"<XE>\" ;\n")));
        let taken = size(&one);
        println!("{taken:?}");
        assert!(taken.0 < 300, "{taken:?}");
        Machine::compile(&one).unwrap();
    }
}
