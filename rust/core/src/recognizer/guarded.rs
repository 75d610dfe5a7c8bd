//! Transitions with all that the conditions make of them.

use super::machine::{Action, Guard};
use crate::automaton::{Event, PositionAutomaton, Transition};
use crate::conditions::{Code, Conditions, Seen};
use crate::grammar::{Grammar, Tokens};

/// A transition with what it does and demands. The last state is the beginning of any object.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    pub from: usize,
    pub to: Option<usize>,
    pub tokens: Tokens,
    pub actions: Vec<Action>,
    pub guards: Vec<Guard>,
    /// What each condition makes of it.
    pub codes: Vec<Code>,
}

impl Guarded {
    /// The state at which the call goes on that it begins, if it does.
    pub fn called(&self) -> Option<usize> {
        self.actions.iter().find_map(|action| match action {
            Action::Call(back) => Some(usize::from(*back)),
            _ => None,
        })
    }
}

/// Asks the conditions about the transitions of an automaton.
pub(super) struct Guards<'a> {
    grammar: &'a Grammar,
    conditions: &'a Conditions,
    automaton: &'a PositionAutomaton,
    /// The transitions from each position.
    after: Vec<Vec<&'a Transition>>,
    /// By condition and position how many instances of what it demands must still come.
    due: Vec<Vec<u32>>,
}

/// A guard, and how deep the rule lies that states its condition.
type AtDepth = (usize, Guard);

impl<'a> Guards<'a> {
    pub fn new(
        grammar: &'a Grammar,
        conditions: &'a Conditions,
        automaton: &'a PositionAutomaton,
        due: Vec<Vec<u32>>,
    ) -> Self {
        let mut after = vec![Vec::new(); automaton.all.len()];
        for transition in &automaton.transitions {
            after[transition.from].push(transition);
        }
        Guards { grammar, conditions, automaton, after, due }
    }

    /// All transitions of the machine.
    ///
    /// # Errors
    /// When two may not follow each other, or a return would need different things.
    pub fn all(&self) -> Result<Vec<Guarded>, String> {
        let transitions = self.automaton.transitions.iter();
        let mut all: Vec<Guarded> = transitions.map(|one| self.guarded(one)).collect();
        let mut from = vec![Vec::new(); self.automaton.all.len()];
        for (place, way) in all.iter().enumerate() {
            from[way.from].push(place);
        }
        self.follow_each_other(&all, &from)?;
        self.need_what_returns_need(&mut all, &from)?;
        let start = self.automaton.all.len();
        for &beginning in &self.automaton.starts {
            let copies: Vec<Guarded> = from[beginning]
                .iter()
                .map(|&place| Guarded { from: start, ..all[place].clone() })
                .collect();
            all.extend(copies);
        }
        Ok(all)
    }

    fn follow_each_other(&self, all: &[Guarded], from: &[Vec<usize>]) -> Result<(), String> {
        for way in all {
            for &next in way.to.map_or(&[][..], |to| &from[to]) {
                let codes = way.codes.iter().zip(&all[next].codes);
                for (condition, (first, second)) in self.conditions.all.iter().zip(codes) {
                    if let Some(reason) = condition.refuses_after(first, second) {
                        return Err(reason.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// A return needs what the transition after it needs.
    fn need_what_returns_need(
        &self,
        all: &mut [Guarded],
        from: &[Vec<usize>],
    ) -> Result<(), String> {
        for i in 0..all.len() {
            let Some(backs) = self.automaton.backs.get(&all[i].from) else { continue };
            if all[i].to.is_some() {
                continue;
            }
            let after = |back: usize| -> Vec<Guard> {
                from[back].iter().flat_map(|&place| all[place].guards.clone()).collect()
            };
            let guards = after(backs[0]);
            if backs.iter().any(|&back| after(back) != guards) {
                let rule = self.automaton.all[backs[0]].rules.last().map_or(0, |&rule| rule);
                let name = &self.grammar.rules[rule].name;
                return Err(format!(
                    "in {name} the conditions after a rule that uses itself are not the same \
                     everywhere"
                ));
            }
            for guard in guards {
                if !all[i].guards.contains(&guard) {
                    all[i].guards.push(guard);
                    all[i].codes[usize::from(guard.condition)].guards.push(guard.code);
                }
            }
        }
        Ok(())
    }

    /// What the conditions make of a transition.
    fn guarded(&self, transition: &Transition) -> Guarded {
        let positions = &self.automaton.all;
        let (before, to) = (&positions[transition.from], transition.to.map(|to| &positions[to]));
        let mut told = Told::new(self.conditions);
        for &event in &transition.events {
            let depth = |rule: usize| before.rules.iter().rposition(|&each| each == rule);
            match event {
                Event::Begin(rule) => told.each(|_| 0, |c, code| c.enter(rule, to, code)),
                Event::End(rule) => told.each(
                    |holder| depth(holder).unwrap_or(0),
                    |c, code| c.leave(rule, Some(before), code),
                ),
                Event::Call(back) => {
                    told.each(|_| 0, |c, code| c.call(code));
                    told.actions.push(Action::Call(back as u16));
                }
                Event::Return => {
                    told.each(|_| 0, |c, code| c.resume(code));
                    told.actions.push(Action::Return);
                }
            }
        }
        if let (Some(position), Some(at)) = (to, transition.to) {
            let next: Vec<&Tokens> = self.after[at].iter().map(|next| &next.tokens).collect();
            let depth = |holder: usize| {
                position.rules.iter().rposition(|&each| each == holder).unwrap_or(0)
            };
            let mut place = 0;
            told.each(depth, |condition, code| {
                let of = |at: usize| self.due[place].get(at).copied().unwrap_or(0);
                let due = (of(transition.from), of(at));
                condition.read(&Seen { position, next: &next, due }, code);
                place += 1;
            });
            for &rule in &position.ends {
                told.each(depth, |condition, code| condition.leave(rule, None, code));
            }
        }
        told.guards.sort_by_key(|&(depth, guard)| {
            (std::cmp::Reverse(depth), self.conditions.all[usize::from(guard.condition)].clause())
        });
        Guarded {
            from: transition.from,
            to: transition.to,
            tokens: transition.tokens.clone(),
            actions: told.actions,
            guards: told.guards.into_iter().map(|(_, guard)| guard).collect(),
            codes: told.codes,
        }
    }
}

/// What was told to the conditions of one transition, and what they answered.
struct Told<'a> {
    conditions: &'a Conditions,
    codes: Vec<Code>,
    actions: Vec<Action>,
    guards: Vec<AtDepth>,
}

impl<'a> Told<'a> {
    fn new(conditions: &'a Conditions) -> Self {
        let codes = vec![Code::default(); conditions.all.len()];
        Told { conditions, codes, actions: Vec::new(), guards: Vec::new() }
    }

    /// Tell each condition something, and note what is new.
    fn each(
        &mut self,
        depth: impl Fn(usize) -> usize,
        mut tell: impl FnMut(&dyn crate::conditions::Condition, &mut Code),
    ) {
        for (place, condition) in self.conditions.all.iter().enumerate() {
            let code = &mut self.codes[place];
            let (actions, guards) = (code.actions.len(), code.guards.len());
            tell(&**condition, code);
            let place = place as u8;
            self.actions.extend(code.actions[actions..].iter().map(|&of| Action::Of(place, of)));
            let depth = depth(condition.holder());
            let guards = &code.guards[guards..];
            self.guards
                .extend(guards.iter().map(|&code| (depth, Guard { condition: place, code })));
        }
    }
}
