//! `not_one_of(RULE, "X", …)`: the characters of RULE do not spell one of these words; where the block
//! `atom_word` is named, its tokens are not the element and the characters of one of these.

use std::collections::HashMap;

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, listed};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=usize::MAX, declared: None, state };

#[derive(Clone, Debug)]
struct NotOneOf {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    trie: Trie,
    /// The register: the node of the trie that the word so far leads to.
    node: usize,
}

/// The words by their characters. Node 0 is the beginning; from node 1 no word goes on.
#[derive(Clone, Debug)]
struct Trie {
    /// By node whether a word ends there, and the characters that complete one.
    ends: Vec<(bool, Vec<u16>)>,
    next: HashMap<(u32, u16), u32>,
}

const NOWHERE: u32 = 1;

// Actions.
const BEGIN: u8 = 0;
const READ: u8 = 1;

// Guards.
/// The word may end before the token.
const ENDS: u8 = 0;
/// The word may end with the token.
const LAST: u8 = 1;

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let rule = stated.rule(0)?;
    let words = (1..stated.clause.arguments.len()).map(|i| stated.words(i));
    let trie = Trie::of(&words.collect::<Result<Vec<_>, _>>()?.concat());
    let node = clauses.registers.word();
    let condition = NotOneOf { holder: stated.holder, clause: stated.id, rule, trie, node };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl Trie {
    /// Words as the tokens of their characters.
    fn of(words: &[Vec<u16>]) -> Self {
        let mut trie = Trie { ends: vec![(false, Vec::new()); 2], next: HashMap::new() };
        for word in words {
            let (mut node, mut before) = (0, 0);
            for &id in word {
                before = node;
                let ends = &mut trie.ends;
                node = *trie.next.entry((node, id)).or_insert_with(|| {
                    ends.push((false, Vec::new()));
                    ends.len() as u32 - 1
                });
            }
            if let Some(&last) = word.last() {
                trie.ends[node as usize].0 = true;
                trie.ends[before as usize].1.push(last);
            }
        }
        trie
    }

    fn after(&self, node: u32, id: u16) -> u32 {
        self.next.get(&(node, id)).copied().unwrap_or(NOWHERE)
    }
}

impl NotOneOf {
    fn is_one(&self, registers: &Registers) -> bool {
        self.trie.ends[registers.get(self.node) as usize].0
    }
}

impl Condition for NotOneOf {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn covers(&self) -> Vec<usize> {
        vec![self.rule]
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if rule == self.rule {
            code.actions.push(BEGIN);
        }
    }

    fn leave(&self, rule: usize, at: &Position, is_last: bool, code: &mut Code) {
        if rule == self.rule && !is_last && at.rules.contains(&self.holder) {
            code.guards.push(ENDS);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if seen.within(self.holder) && seen.within(self.rule) {
            if seen.position.ends.contains(&self.rule) {
                code.guards.push(LAST);
            }
            code.actions.push(READ);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        let node = match action {
            BEGIN => 0,
            _ => self.trie.after(registers.get(self.node), id),
        };
        registers.set(self.node, node);
    }

    fn refusal(&self, guard: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        let is_one = match guard {
            ENDS => self.is_one(registers),
            _ => self.trie.ends[self.trie.after(registers.get(self.node), id) as usize].0,
        };
        is_one.then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn accounts_for(&self, _: u8) -> bool {
        true
    }

    fn adds(&self) -> bool {
        false
    }

    fn delays(&self, guard: u8) -> bool {
        guard == ENDS
    }

    /// A word that is one of these may grow by a character.
    fn delay(&self, registers: &Registers) -> u32 {
        u32::from(self.is_one(registers))
    }
}

impl Restrict for NotOneOf {
    fn restrict(&self, guard: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        match guard {
            ENDS if self.is_one(registers) => mask.clear(bits),
            ENDS => {}
            _ => {
                let last = &self.trie.ends[registers.get(self.node) as usize].1;
                last.iter().filter(|&&id| bits.has(id)).for_each(|&id| mask.clear_id(id));
            }
        }
    }
}
