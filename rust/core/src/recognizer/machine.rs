//! Machine: a grammar as tables.

use super::completion::Completion;
use crate::automaton::mask::{WORDS, Words};
use crate::automaton::registers::Registers;
use crate::conditions::{ClauseId, Conditions, Patch};
use crate::grammar::lexicon::Lexicon;

/// No state: the one on the stack takes the token.
pub(super) const NOWHERE: u32 = u32::MAX;
/// The state on the stack.
pub(super) const BACK: u32 = u32::MAX - 1;

/// What a transition does: an action of a condition, by its place and code, or one of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Of(u8, u8),
    /// A call that goes on at this state when it returns.
    Call(u16),
    Return,
}

/// What must hold for a transition: a guard of a condition, by its place and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    pub condition: u8,
    pub code: u8,
}

/// A transition as the table has it: its target (`BACK` and `NOWHERE` for returns), and its guards and
/// actions in the machine's lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub to: u32,
    pub guards: (u32, u32),
    pub actions: (u32, u32),
}

/// The mask of a state: a row, and what its guards make of it, in the machine's lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct StateMask {
    pub row: u32,
    pub patches: (u32, u32),
}

/// A form of an object type: one of the rules of which the type's own rule is a choice.
#[derive(Debug)]
pub(super) struct Form {
    pub name: String,
    pub object_type: String,
    pub start: u32,
}

/// A grammar compiled.
#[derive(Debug, Default)]
pub struct Machine {
    /// The name of each object type and where it begins.
    pub(super) starts: Vec<(String, u32)>,
    /// The forms of the object types.
    pub(super) forms: Vec<Form>,
    /// Where any object begins.
    pub(super) start: u32,
    pub(crate) conditions: Conditions,
    /// Tokens that no rule tells apart have one class; 0 is no token of the grammar.
    pub(super) class_of: Vec<u16>,
    pub(super) classes: usize,
    /// By state and class the transition, one more than its place; 0 for none.
    pub(super) next: Vec<u16>,
    pub(super) entries: Vec<Entry>,
    pub(super) guards: Vec<Guard>,
    pub(super) actions: Vec<Action>,
    /// By state its mask.
    pub(super) masks: Vec<StateMask>,
    pub(super) rows: Vec<[u32; WORDS]>,
    pub(super) patches: Vec<Box<dyn Patch>>,
    pub(super) completion: Completion,
    /// The tokens that its grammar declares.
    pub(super) lexicon: Lexicon,
}

impl Machine {
    /// Where the sentences of a kind begin: of an object type, or of a form of one.
    pub(super) fn start_of(&self, kind: &str) -> Option<u32> {
        let form = || self.forms.iter().find(|form| form.name == kind).map(|form| form.start);
        self.starts.iter().find(|(name, _)| name == kind).map(|&(_, start)| start).or_else(form)
    }

    /// The object type of a kind, which is one or a form of one.
    #[must_use]
    pub fn object_type(&self, kind: &str) -> Option<&str> {
        let form = || self.forms.iter().find(|form| form.name == kind);
        self.kinds().find(|&name| name == kind).or_else(|| Some(form()?.object_type.as_str()))
    }

    /// The names of the object types.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.starts.iter().map(|(name, _)| name.as_str())
    }

    /// The tokens that its grammar declares, beside those of the vocabulary.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Whether a token is used by any rule.
    pub(crate) fn reads(&self, id: u16) -> bool {
        self.class_of[usize::from(id)] != 0
    }

    /// Whether a token completes a sentence.
    pub(crate) fn ends(&self, state: u32, id: u16, registers: &Registers) -> bool {
        let returns = self.entry(state, id).is_some_and(|entry| entry.to == BACK);
        returns && self.conditions.stack.depth(registers) == 0
    }

    /// The transition of a token from a state.
    #[inline]
    pub(super) fn entry(&self, state: u32, id: u16) -> Option<Entry> {
        let class = usize::from(*self.class_of.get(usize::from(id))?);
        let place = self.next[state as usize * self.classes + class];
        Some(self.entries[usize::from(place.checked_sub(1)?)])
    }

    /// The clause that a token would break, if any.
    #[inline]
    pub(super) fn refusal(&self, entry: Entry, id: u16, registers: &Registers) -> Option<ClauseId> {
        let (first, last) = entry.guards;
        self.guards[first as usize..last as usize].iter().find_map(|guard| {
            let condition = &self.conditions.all[usize::from(guard.condition)];
            condition.refusal(guard.code, id, registers)
        })
    }

    /// Write what may follow a state to a mask of `WORDS` words.
    #[inline]
    pub(super) fn mask(&self, state: u32, registers: &Registers, mask: &mut [u32]) {
        let StateMask { row, patches: (first, last) } = self.masks[state as usize];
        mask.copy_from_slice(&self.rows[row as usize]);
        for patch in &self.patches[first as usize..last as usize] {
            patch.restrict(registers, &mut Words(mask));
        }
    }

    /// Take a transition, which may be taken, and give the state after it.
    #[inline]
    pub(super) fn take(&self, entry: Entry, id: u16, registers: &mut Registers) -> u32 {
        let mut entry = entry;
        let stack = &self.conditions.stack;
        loop {
            let mut back = NOWHERE;
            for action in &self.actions[entry.actions.0 as usize..entry.actions.1 as usize] {
                match *action {
                    Action::Of(condition, code) => {
                        let condition = &self.conditions.all[usize::from(condition)];
                        condition.act(code, id, registers);
                    }
                    Action::Call(state) => {
                        self.completion.call(stack, u32::from(state), registers);
                    }
                    Action::Return => back = stack.pop(registers),
                }
            }
            match (back, entry.to) {
                (NOWHERE, BACK) => return stack.pop(registers),
                (NOWHERE, to) => return to,
                _ => {}
            }
            match self.entry(back, id) {
                Some(next) => entry = next,
                None => return NOWHERE,
            }
        }
    }
}
