//! Again: what a pocket says after its task repeats the chains before it, sites and molecules aside.

use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::recognizer::{Accepted, Configuration, Layer, Machine};
use crate::vocabulary::{Block, block, token};

const OPEN: u16 = token("<PocketS>");
const CLOSE: u16 = token("<PocketE>");
const TASKS: [u16; 2] = [token("<Search>"), token("<Trans>")];
const MOLECULE_OPEN: u16 = token("<MoleculeS>");
const MOLECULE_CLOSE: u16 = token("<MoleculeE>");
const SITE: &Block = block("site");

/// 0 outside of a pocket, then as below.
const PHASE: usize = 0;
/// How many pockets were before this one.
const BEFORE: usize = 1;
/// How many tokens of chains were given, and how many of them are repeated.
const GIVEN: usize = 2;
const REPEATED: usize = 3;
/// Whether a molecule is being read.
const IN_MOLECULE: usize = 4;
const REGISTERS: usize = 5;

const FIRST: u32 = 1;
const SECOND: u32 = 2;

const NOT_REPEATED: &str = "copy: the chains are repeated, with other sites and molecules";

/// What the grammar needs after a molecule of a residue: the ends of the chain and of the pocket.
const CLOSINGS: i64 = 2;

/// The layer, with the tokens of the chains that were given in each pocket.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    base: usize,
    given: Vec<Vec<u16>>,
    /// The most tokens that were given so far.
    longest: usize,
}

impl Again {
    pub fn new(registers: &mut Allocator) -> Self {
        Again { base: registers.words(REGISTERS), given: Vec::new(), longest: 0 }
    }

    fn get(&self, registers: &Registers, at: usize) -> u32 {
        registers.get(self.base + at)
    }

    /// What is left to be repeated; nothing before the task, and within a molecule.
    fn left(&self, registers: &Registers) -> Option<&[u16]> {
        let is_here = self.get(registers, PHASE) == SECOND && self.get(registers, IN_MOLECULE) == 0;
        let given = self.given.get(self.get(registers, BEFORE) as usize).filter(|_| is_here)?;
        given.get(self.get(registers, REPEATED) as usize..)
    }
}

impl Layer for Again {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        let left = self.left(at.registers)?;
        let fits = match id {
            CLOSE => left.is_empty(),
            MOLECULE_OPEN => true,
            _ => SITE.has(id) || left.first() == Some(&id),
        };
        (!fits).then_some(NOT_REPEATED)
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, history: &[Accepted], id: u16) {
        let phase = self.get(registers, PHASE);
        let is_in_molecule = self.get(registers, IN_MOLECULE) == 1;
        let before = self.get(registers, BEFORE);
        let mut set = |at, value| registers.set(self.base + at, value);
        match id {
            OPEN => {
                set(PHASE, FIRST);
                set(GIVEN, 0);
                set(REPEATED, 0);
            }
            _ if phase == 0 => {}
            CLOSE => {
                set(PHASE, 0);
                set(BEFORE, before + 1);
            }
            MOLECULE_OPEN | MOLECULE_CLOSE => set(IN_MOLECULE, u32::from(id == MOLECULE_OPEN)),
            _ if is_in_molecule || SITE.has(id) => {}
            _ if TASKS.contains(&id) => {
                set(PHASE, SECOND);
                // Tokens of a pocket that was rolled back give way.
                self.given.truncate(before as usize);
                self.given.push(chains(history));
            }
            _ => {
                let at = if phase == FIRST { GIVEN } else { REPEATED };
                let count = self.get(registers, at) + 1;
                registers.set(self.base + at, count);
                self.longest = self.longest.max(count as usize);
            }
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        if self.left(at.registers).is_some() {
            for id in ids_of(mask.0).collect::<Vec<_>>() {
                if self.refusal(at, id).is_some() {
                    mask.clear_id(id);
                }
            }
        }
    }

    /// The task demands that all be repeated.
    fn most_added(&self) -> usize {
        self.longest + CLOSINGS as usize
    }

    /// All that is left and the end of the pocket, in place of what the grammar needs beside a
    /// molecule.
    fn more(&self, at: Configuration, of_grammar: u32) -> i64 {
        if self.get(at.registers, PHASE) != SECOND {
            return 0;
        }
        let given = self.given.get(self.get(at.registers, BEFORE) as usize).map_or(0, Vec::len);
        let left = given as i64 - i64::from(self.get(at.registers, REPEATED)) + 1;
        let is_in_molecule = self.get(at.registers, IN_MOLECULE) == 1;
        left - if is_in_molecule { CLOSINGS } else { i64::from(of_grammar) }
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

/// The tokens of the chains of a pocket up to its task, which was read last.
fn chains(history: &[Accepted]) -> Vec<u16> {
    let read = history.iter().rev().skip(1).map(|&(id, ..)| id);
    let mut is_in_molecule = false;
    let mut chains: Vec<u16> = read
        .take_while(|&id| id != OPEN)
        .filter(|&id| {
            is_in_molecule = (is_in_molecule || id == MOLECULE_CLOSE) && id != MOLECULE_OPEN;
            !is_in_molecule && id != MOLECULE_OPEN && !SITE.has(id)
        })
        .collect();
    chains.reverse();
    chains
}

/// Whether the grammar of a machine has pockets.
pub(super) fn has_pockets(machine: &Machine) -> bool {
    machine.reads(OPEN)
}
