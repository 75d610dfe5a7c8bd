//! Transitions with all that the conditions make of them.

use super::machine::{Action, Guard};
use crate::automaton::{Event, PositionAutomaton, Transition};
use crate::conditions::{Code, Conditions, Seen};
use crate::grammar::{Grammar, Tokens};

/// Where a transition leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    State(usize),
    /// The state on the stack: its token is the last of a call.
    Back,
    /// Where the state on the stack goes with the same token.
    OnFromBack,
}

/// A transition with what it does and demands. The last state is the beginning of any object.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    pub from: usize,
    pub legs: Vec<GuardedLeg>,
    pub tokens: Tokens,
    pub actions: Vec<Action>,
    pub guards: Vec<Guard>,
    pub target: Target,
}

/// The part of it that is in one copy: where the copy goes on, and what each condition makes of it.
#[derive(Clone, Debug)]
pub(super) struct GuardedLeg {
    pub to: Option<usize>,
    pub codes: Codes,
}

/// What each condition makes of a leg; most make nothing of most.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes(Vec<(u8, Code)>);

static NOTHING: Code = Code { actions: Vec::new(), guards: Vec::new() };

impl Codes {
    /// What a condition makes of it.
    pub fn of(&self, condition: usize) -> &Code {
        let found = self.0.iter().find(|(place, _)| usize::from(*place) == condition);
        found.map_or(&NOTHING, |(_, code)| code)
    }

    /// The conditions that make something of it, and what.
    fn made(&self) -> impl Iterator<Item = (usize, &Code)> {
        self.0.iter().map(|(place, code)| (usize::from(*place), code))
    }

    /// What a condition makes of it, to change.
    fn entry(&mut self, condition: u8) -> &mut Code {
        let at = self.0.iter().position(|(place, _)| *place == condition).unwrap_or_else(|| {
            self.0.push((condition, Code::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

impl Guarded {
    /// Where the copy of its state goes on.
    pub fn on(&self) -> Option<usize> {
        self.legs[0].to
    }

    /// What a condition makes of its legs, those of which it makes nothing left out.
    pub fn codes(&self, condition: usize) -> impl Iterator<Item = &Code> {
        self.made().filter(move |(place, _)| *place == condition).map(|(_, code)| code)
    }

    /// The conditions that make something of its legs, and what.
    pub fn made(&self) -> impl Iterator<Item = (usize, &Code)> {
        self.legs.iter().flat_map(|leg| leg.codes.made())
    }

    /// Where its legs lead, the innermost first: all that must come to an end after it.
    pub fn ahead(&self) -> impl Iterator<Item = usize> + '_ {
        self.legs.iter().rev().filter_map(|leg| leg.to)
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
        for leg in all.iter().flat_map(|way| &way.legs) {
            for &next in leg.to.map_or(&[][..], |to| &from[to]) {
                for (place, first) in leg.codes.made() {
                    let second = all[next].legs[0].codes.of(place);
                    if let Some(reason) = self.conditions.all[place].refuses_after(first, second) {
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
            if all[i].on().is_some() {
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
                    all[i].legs[0].codes.entry(guard.condition).guards.push(guard.code);
                }
            }
        }
        Ok(())
    }

    /// What the conditions make of a transition.
    fn guarded(&self, transition: &Transition) -> Guarded {
        let positions = &self.automaton.all;
        let mut told = Told::new(self.conditions);
        // The calls after which something comes; the others give way to the one around them.
        let mut calls = Vec::new();
        let mut target = Target::OnFromBack;
        for (place, leg) in transition.legs.iter().enumerate() {
            self.tell_events(&mut told, transition, place);
            let Some(to) = leg.to else {
                told.each(|_| 0, |c, code| c.resume(&positions[transition.from], code));
                told.actions.push(Action::Return);
                told.end_leg(leg.to, 0);
                continue;
            };
            self.tell_read(&mut told, transition, place, to);
            if let Some(next) = transition.legs.get(place + 1).and_then(|next| next.to) {
                told.each(|_| 0, |c, code| c.call(&positions[next], code));
                if !self.after[to].is_empty() {
                    calls.push((told.actions.len(), to));
                    told.actions.push(Action::Call(to as u16));
                }
            } else if !self.after[to].is_empty() {
                target = Target::State(to);
            } else if let Some((call, back)) = calls.pop() {
                // The token begins the call and ends it.
                told.actions.remove(call);
                target = Target::State(back);
            } else {
                target = Target::Back;
            }
            told.end_leg(leg.to, positions[to].rules.len());
        }
        let clause = |guard: Guard| self.conditions.all[usize::from(guard.condition)].clause();
        told.guards.sort_by_key(|&(depth, guard)| (std::cmp::Reverse(depth), clause(guard)));
        Guarded {
            from: transition.from,
            legs: told.legs,
            tokens: transition.tokens.clone(),
            actions: told.actions,
            guards: told.guards.into_iter().map(|(_, guard)| guard).collect(),
            target,
        }
    }

    /// Tell the rules that begin and end on a leg.
    fn tell_events(&self, told: &mut Told, transition: &Transition, place: usize) {
        let leg = &transition.legs[place];
        let before = &self.automaton.all[transition.from];
        let to = leg.to.map(|to| &self.automaton.all[to]);
        for &event in &leg.events {
            match event {
                Event::Begin(rule) => told.each(|_| 0, |c, code| c.enter(rule, to, code)),
                Event::End(rule) => told.each(
                    |holder| before.depth(holder),
                    |c, code| c.leave(rule, before, false, code),
                ),
            }
        }
    }

    /// Tell what is read at the end of a leg; nothing where a call is to return to.
    fn tell_read(&self, told: &mut Told, transition: &Transition, place: usize, at: usize) {
        let position = &self.automaton.all[at];
        let is_last = place + 1 == transition.legs.len();
        let after = if is_last { &self.after[at][..] } else { &[] };
        let next: Vec<&Tokens> = after.iter().map(|next| &next.tokens).collect();
        let mut condition_place = 0;
        told.each(
            |holder| position.depth(holder),
            |condition, code| {
                let due = &self.due[condition_place];
                let of = |at: usize| due.get(at).copied().unwrap_or(0);
                let before = if place == 0 { of(transition.from) } else { 0 };
                let seen = Seen { position, next: &next, due: (before, of(at)) };
                condition.read(&seen, code);
                condition_place += 1;
            },
        );
        for &rule in position.ends.iter().filter(|_| is_last) {
            told.each(
                |holder| position.depth(holder),
                |condition, code| condition.leave(rule, position, true, code),
            );
        }
    }
}

/// What was told to the conditions of one transition, and what they answered.
struct Told<'a> {
    conditions: &'a Conditions,
    legs: Vec<GuardedLeg>,
    /// Of the present leg.
    codes: Vec<Code>,
    actions: Vec<Action>,
    guards: Vec<AtDepth>,
    /// How many rules the legs before lie in.
    depth: usize,
}

impl<'a> Told<'a> {
    fn new(conditions: &'a Conditions) -> Self {
        Told {
            conditions,
            legs: Vec::with_capacity(1),
            codes: vec![Code::default(); conditions.all.len()],
            actions: Vec::new(),
            guards: Vec::new(),
            depth: 0,
        }
    }

    /// A leg ends, and the next one begins so much deeper.
    fn end_leg(&mut self, to: Option<usize>, depth: usize) {
        let said = |code: &Code| !code.actions.is_empty() || !code.guards.is_empty();
        let codes = (0..).zip(&mut self.codes).filter(|(_, code)| said(code));
        let codes = Codes(codes.map(|(place, code)| (place, std::mem::take(code))).collect());
        self.legs.push(GuardedLeg { to, codes });
        self.depth += depth;
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
            let depth = self.depth + depth(condition.holder());
            let guards = &code.guards[guards..];
            self.guards
                .extend(guards.iter().map(|&code| (depth, Guard { condition: place, code })));
        }
    }
}
