//! Demands: how many instances of a rule the rules still demand from each state on.

use std::collections::VecDeque;

use crate::automaton::{Event, Leg, PositionAutomaton, Transition};
use crate::conditions::{Conditions, Demand};

const FAR: u32 = u32::MAX / 4;
const NO_COUNT: &str = "expected the count to be read once, before what it counts";

/// By condition and position how many must still come in the instance that states the condition;
/// nothing for conditions that demand nothing.
///
/// # Errors
/// When more are demanded than can be kept, or what they follow is not read once before them.
pub(super) fn due(
    automaton: &PositionAutomaton,
    conditions: &Conditions,
) -> Result<Vec<Vec<u32>>, String> {
    let mut all = Vec::new();
    for condition in &conditions.all {
        let Some(demand) = condition.demand() else {
            all.push(Vec::new());
            continue;
        };
        let said = |reason: &str| conditions.said(condition.clause(), reason);
        let due = due_of(automaton, demand);
        // A way that never ends is refused where completions are found.
        if due.iter().any(|&due| demand.most < due && due < FAR) {
            let most = demand.most;
            return Err(said(&format!("expected rules that demand at most {most} of them")));
        }
        if demand.after.is_some_and(|after| !is_read_once_before(automaton, demand, after)) {
            return Err(said(NO_COUNT));
        }
        all.push(due.into_iter().map(|due| if due < FAR { due } else { 0 }).collect());
    }
    Ok(all)
}

/// Whether an instance of a rule begins on a leg, within what states the condition.
fn begins(leg: &Leg, automaton: &PositionAutomaton, demand: Demand, rule: usize) -> bool {
    let within = leg.to.is_some_and(|to| automaton.all[to].around(rule).contains(&demand.holder));
    within && leg.events.contains(&Event::Begin(rule))
}

/// Whether the instance that states the condition ends before the token of a transition.
fn leaves(transition: &Transition, automaton: &PositionAutomaton, demand: Demand) -> bool {
    automaton.all[transition.from].ends.contains(&demand.holder)
        || transition.here().events.contains(&Event::End(demand.holder))
}

fn due_of(automaton: &PositionAutomaton, demand: Demand) -> Vec<u32> {
    let count = automaton.all.len();
    let within = |at: usize| automaton.all[at].rules.contains(&demand.holder);
    let mut into: Vec<Vec<&Transition>> = vec![Vec::new(); count];
    let mut is_last = vec![true; count];
    for transition in &automaton.transitions {
        is_last[transition.from] = false;
        if let Some(to) = transition.here().to {
            into[to].push(transition);
        }
    }
    let mut due = vec![FAR; count];
    let mut waiting: VecDeque<usize> = VecDeque::new();
    for at in 0..count {
        if !within(at) || is_last[at] {
            due[at] = 0;
            waiting.push_back(at);
        }
    }
    while let Some(at) = waiting.pop_front() {
        for transition in &into[at] {
            let from = transition.from;
            let after =
                demand.after.is_some_and(|rule| begins(transition.here(), automaton, demand, rule));
            let known = if leaves(transition, automaton, demand) || after {
                0
            } else {
                due[at] + u32::from(begins(transition.here(), automaton, demand, demand.rule))
            };
            if within(from) && known < due[from] {
                due[from] = known;
                waiting.push_back(from);
            }
        }
    }
    due
}

/// Whether a rule is read once, and before what is demanded, on every way.
fn is_read_once_before(automaton: &PositionAutomaton, demand: Demand, after: usize) -> bool {
    let mut from: Vec<Vec<&Transition>> = vec![Vec::new(); automaton.all.len()];
    for transition in &automaton.transitions {
        from[transition.from].push(transition);
    }
    // By position whether it is reached before the rule was read, and after it.
    let mut reached = vec![[false; 2]; automaton.all.len()];
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    let mut reach = |at: usize, read: usize, waiting: &mut Vec<(usize, usize)>| {
        if !std::mem::replace(&mut reached[at][read], true) {
            waiting.push((at, read));
        }
    };
    for leg in automaton.transitions.iter().flat_map(|transition| &transition.legs) {
        if let (Some(to), true) = (leg.to, leg.events.contains(&Event::Begin(demand.holder))) {
            if begins(leg, automaton, demand, demand.rule) {
                return false;
            }
            let read = usize::from(begins(leg, automaton, demand, after));
            reach(to, read, &mut waiting);
        }
    }
    while let Some((at, read)) = waiting.pop() {
        for transition in &from[at] {
            let Some(to) = transition.here().to else { continue };
            if leaves(transition, automaton, demand) {
                continue;
            }
            let counts = begins(transition.here(), automaton, demand, after);
            let indices = begins(transition.here(), automaton, demand, demand.rule);
            if (counts && read == 1) || (indices && read == 0) {
                return false;
            }
            reach(to, usize::from(counts || read == 1), &mut waiting);
        }
    }
    true
}
