//! Compiling: from rules and conditions to the tables of a machine.

use std::collections::HashMap;

use super::completion::Completion;
use super::conditions::{Conditions, Seen};
use super::labels::{LabelGuard, Labels};
use super::machine::{Form, Guard, Machine, NOWHERE, Op, Step};
use super::patches::Patches;
use crate::automaton::mask::{WORDS, bits_of};
use crate::automaton::{Event, PositionAutomaton, Transition, unroll};
use crate::grammar::{Grammar, Tokens};
use crate::vocabulary::SIZE;

impl Machine {
    /// Compile a grammar.
    ///
    /// # Errors
    /// When a condition is not of the closed list, when one token does not decide, or when what is
    /// opened could not be closed.
    pub fn compile(grammar: &Grammar) -> Result<Machine, String> {
        let conditions = Conditions::of(grammar)?;
        let positions = unroll(grammar, &conditions.scoped(grammar))?;
        let is_declared = !grammar.lexicon.sections.is_empty();
        if let Some(reason) = conditions.misplaced(&positions.all).filter(|_| is_declared) {
            return Err(reason);
        }
        let compiler = Compiler { grammar, conditions: &conditions, positions: &positions };
        let mut machine = compiler.tables()?;
        machine.starts = grammar
            .objects
            .iter()
            .map(|&i| grammar.rules[i].name.clone())
            .zip(positions.starts.iter().map(|&start| start as u32))
            .collect();
        machine.forms = grammar
            .objects
            .iter()
            .zip(&positions.forms)
            .flat_map(|(&object, forms)| forms.iter().map(move |&(form, at)| (form, object, at)))
            .map(|(form, object, at)| Form {
                name: grammar.rules[form].name.clone(),
                object_type: grammar.rules[object].name.clone(),
                start: at as u32,
            })
            .collect();
        machine.levels = conditions.registers;
        machine.clauses = conditions.clauses;
        machine.labels = conditions.labels.into_iter().map(|(bank, _)| bank).collect();
        machine.tallies = conditions.tallies.into_iter().map(|(bank, _)| bank).collect();
        machine.words = conditions.words.into_iter().map(|(bank, _)| bank).collect();
        machine.lexicon = grammar.lexicon.clone();
        machine.places = conditions.places.into_iter().map(|(bank, _)| bank).collect();
        Ok(machine)
    }
}

struct Compiler<'a> {
    grammar: &'a Grammar,
    conditions: &'a Conditions,
    positions: &'a PositionAutomaton,
}

/// An transition with all that the conditions make of it.
pub(crate) struct Way {
    pub from: usize,
    pub to: Option<usize>,
    pub tokens: Tokens,
    pub ops: Vec<Op>,
    pub guards: Vec<Guard>,
}

impl Compiler<'_> {
    fn tables(&self) -> Result<Machine, String> {
        let ways = self.ways()?;
        let count = self.positions.all.len() + 1;
        let start = count - 1;
        let (class_of, classes) = classes(ways.iter().map(|way| &way.tokens));
        let mut machine = Machine {
            start: start as u32,
            class_of,
            classes,
            next: vec![0; count * classes],
            patches: vec![Patches::default(); count],
            ..Machine::default()
        };
        let mut rows = HashMap::new();
        let mut tokens_of = vec![Tokens::new(); count];
        for way in &ways {
            let (guards, ops) = (machine.guards.len() as u32, machine.ops.len() as u32);
            machine.guards.extend(&way.guards);
            machine.ops.extend(&way.ops);
            machine.steps.push(Step {
                to: way.to.map_or(NOWHERE, |to| to as u32),
                guards: (guards, machine.guards.len() as u32),
                ops: (ops, machine.ops.len() as u32),
            });
            let step = u16::try_from(machine.steps.len()).map_err(|_| "more than 65,535 steps")?;
            for id in way.tokens.iter().flat_map(|&(low, high)| low..=high) {
                let class = usize::from(machine.class_of[usize::from(id)]);
                machine.next[way.from * classes + class] = step;
            }
            // Labels are put into the mask one by one, so they are not in the row.
            if !way.guards.iter().any(|guard| guard.puts()) {
                tokens_of[way.from].extend(&way.tokens);
            }
            machine.patches[way.from].add(&self.conditions.labels, way);
        }
        for tokens in tokens_of {
            let mut row = vec![0; WORDS];
            for (word, bits) in bits_of(&tokens) {
                row[usize::from(word)] = bits;
            }
            let next = rows.len();
            let place = *rows.entry(row.clone()).or_insert(next);
            if place == next {
                machine.rows.extend(row);
            }
            machine.row_of.push(place as u16);
        }
        machine.completion = {
            let is_declared = !self.grammar.lexicon.sections.is_empty();
            Completion::of(&ways, self.positions, self.conditions, is_declared)?
        };
        Ok(machine)
    }

    /// All transitions; the last position is the beginning of any object.
    fn ways(&self) -> Result<Vec<Way>, String> {
        let mut after = vec![Vec::new(); self.positions.all.len()];
        for transition in &self.positions.transitions {
            after[transition.from].push(transition);
        }
        let mut ways: Vec<Way> = self
            .positions
            .transitions
            .iter()
            .map(|transition| self.way(transition, &after))
            .collect();
        if ways.iter().any(|way| closes_last_after_a_symbol(way, &ways)) {
            return Err("what closes after another token cannot be the last of its rule".to_owned());
        }
        // A return needs what the step after it needs.
        for i in 0..ways.len() {
            let Some(backs) = self.positions.backs.get(&ways[i].from) else { continue };
            if ways[i].to.is_some() {
                continue;
            }
            let after = |back: usize| -> Vec<Guard> {
                let steps = ways.iter().filter(|way| way.from == back);
                steps.flat_map(|way| way.guards.clone()).collect()
            };
            let guards = after(backs[0]);
            if backs.iter().any(|&back| after(back) != guards) {
                let rule = self.positions.all[backs[0]].rules.last().map_or(0, |&rule| rule);
                let name = &self.grammar.rules[rule].name;
                return Err(format!(
                    "in {name} the conditions after a rule that uses itself are not the same \
                     everywhere"
                ));
            }
            for guard in guards {
                if !ways[i].guards.contains(&guard) {
                    ways[i].guards.push(guard);
                }
            }
        }
        let start = self.positions.all.len();
        for &from in &self.positions.starts {
            let first = ways.iter().filter(|way| way.from == from);
            let copies: Vec<Way> = first
                .map(|way| Way {
                    from: start,
                    to: way.to,
                    tokens: way.tokens.clone(),
                    ops: way.ops.clone(),
                    guards: way.guards.clone(),
                })
                .collect();
            ways.extend(copies);
        }
        Ok(ways)
    }

    /// What conditions make of an transition; `after` has the transitions from each position.
    fn way(&self, transition: &Transition, after: &[Vec<&Transition>]) -> Way {
        let positions = &self.positions.all;
        let names = |rule: usize| self.grammar.rules[rule].name.as_str();
        let (mut ops, mut guards) = (Vec::new(), Vec::new());
        for &event in &transition.events {
            if let Event::End(rule) = event {
                self.conditions.on_end(rule, Some(&positions[transition.from]), &[], &mut guards);
            }
            self.conditions.on_event(event, transition.to.map(|to| &positions[to]), &mut ops);
            match event {
                Event::Call(back) => ops.push(Op::Call(back as u16)),
                Event::Return => ops.push(Op::Return),
                Event::Begin(_) | Event::End(_) => {}
            }
        }
        if let Some(to) = transition.to {
            let before_close = |bank: &Labels| {
                let after = &after[to];
                !after.is_empty() && after.iter().all(|transition| bank.closes(&transition.tokens))
            };
            let seen =
                Seen { position: &positions[to], before_close: &before_close, names: &names };
            self.conditions.on_token(&seen, &mut ops, &mut guards);
            for &rule in &positions[to].ends {
                self.conditions.on_end(rule, None, &ops, &mut guards);
                self.conditions.on_event(Event::End(rule), None, &mut ops);
            }
        }
        Way {
            from: transition.from,
            to: transition.to,
            tokens: transition.tokens.clone(),
            ops,
            guards,
        }
    }
}

/// Whether a symbol may be read after which a label would have to close that is the last of its
/// scope: whether there is one is not asked before it.
fn closes_last_after_a_symbol(way: &Way, ways: &[Way]) -> bool {
    way.guards.iter().any(|guard| {
        match guard {
        Guard::Label(i, LabelGuard::Closing) => ways.iter().any(|after| {
            let settles = |guard: &Guard| {
                matches!(guard, Guard::Label(of, LabelGuard::Settles(_)) if of == i)
            };
            Some(after.from) == way.to && after.guards.iter().any(settles)
        }),
        _ => false,
    }
    })
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
