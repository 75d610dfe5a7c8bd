//! The worked example of README.md, made anew: `C1CC1` with its states, registers and masks.

use super::machine::Machine;
use super::recognizer::Recognizer;
use super::spec;
use crate::automaton::{PositionAutomaton, unroll};
use crate::conditions::Conditions;
use crate::conditions::labels::Labels;
use crate::grammar::{File, Grammar};
use crate::spec_texts::SPEC_TEXTS;
use crate::vocabulary;

const PAGE: &str = include_str!("README.md");
const SENTENCE: [&str; 7] = ["<MoleculeS>", "C", "open1", "C", "C", "close1", "<MoleculeE>"];

/// The grammar of the spec and its positions, whose numbers are those of the machine's states.
fn automaton() -> (Grammar, PositionAutomaton) {
    let files = SPEC_TEXTS.iter().filter(|(path, _)| path.ends_with("ebnf"));
    let files: Vec<File> = files
        .map(|(path, text)| File {
            text,
            is_object: path.starts_with("objects/"),
            is_declared: false,
        })
        .collect();
    let grammar = Grammar::read(&files).unwrap();
    let automaton = unroll(&grammar, Conditions::of(&grammar).unwrap().about()).unwrap();
    (grammar, automaton)
}

/// What labels and the stack hold.
fn registers(machine: &Machine, one: &Recognizer) -> String {
    let registers = one.configuration().registers;
    let of_molecules = |bank: &Labels| bank.holder_name == "molecule";
    let mut banks = machine.conditions.labels.iter();
    let (_, bank) = banks.find(|(_, bank)| of_molecules(bank)).unwrap();
    let open: Vec<String> = bank
        .open_labels(registers)
        .map(|label| format!("{label} by atom {}", bank.opener(registers, label)))
        .collect();
    let open = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
    format!("{} | {} | {open}", bank.current(registers), bank.parent(registers))
}

/// The ids that may come next, by block of the vocabulary; few of one block by name.
fn mask(one: &mut Recognizer) -> String {
    let mut blocks: Vec<(&str, Vec<u16>)> = Vec::new();
    for id in one.allowed() {
        let block = vocabulary::BLOCKS.iter().find(|block| block.has(id)).unwrap().name;
        match blocks.last_mut() {
            Some((last, ids)) if *last == block => ids.push(id),
            _ => blocks.push((block, vec![id])),
        }
    }
    let text = |(block, ids): &(&str, Vec<u16>)| {
        let names: Vec<_> = ids.iter().map(|&id| vocabulary::name(id).unwrap()).collect();
        if names.len() <= 5 {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            names.join(" ")
        } else {
            format!("{} of {block}", names.len())
        }
    };
    blocks.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_worked_example_of_the_page_is_true() {
    let (grammar, automaton) = automaton();
    let machine = spec().any();
    let mut one = Recognizer::new(machine, Some("molecule"), None).unwrap();
    let mut lines = vec![
        "| token | state: the rules that its position is in | atom | parent | open labels | least to \
         come | mask |"
            .to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    for token in SENTENCE {
        one.accept(vocabulary::id(token).unwrap()).unwrap();
        let state = one.configuration().state as usize;
        let rules =
            automaton.all[state].rules.iter().map(|&rule| grammar.rules[rule].name.as_str());
        lines.push(format!(
            "| `{token}` | {} | {} | {} | {} |",
            if one.is_done() { "the end".to_owned() } else { rules.collect::<Vec<_>>().join(" ") },
            registers(machine, &one),
            one.min_tokens_to_complete(),
            if one.is_done() { "nothing".to_owned() } else { mask(&mut one) },
        ));
    }
    let table = lines.join("\n");
    assert!(PAGE.contains(&table), "expected in README.md:\n{table}");
}
