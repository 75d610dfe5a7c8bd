//! Residues: how many a structure has, over all its models.

use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::component;
use crate::number::{groups_of_index, groups_of_whole};
use crate::recognizer::{Accepted, Configuration, Layer, Machine};
use crate::vocabulary::{Block, block, token};

/// How many residues there are.
const COUNT: usize = 0;
/// Where the sentence stands, as below.
const PHASE: usize = 1;
/// How many groups of digits a whole number or a link has still to come: they look like a number of a
/// residue.
const GROUPS: usize = 2;
const REGISTERS: usize = 3;

const BEFORE_MODELS: u32 = 0;
const IN_MODEL: u32 = 1;
const IN_STRAND: u32 = 2;
/// What is said of a residue has begun, and the residue has not.
const PENDING: u32 = 3;

const OPEN: u16 = token("<StructureS>");
const CLOSE: u16 = token("<StructureE>");
const MODEL: u16 = token("<Model>");
const WATER: u16 = token("Hoh");
const STRANDS: [u16; 4] =
    [token("<ProteinStrand>"), token("<DnaStrand>"), token("<RnaStrand>"), token("<HeteroStrand>")];
/// What stands before a residue, beside a number.
const BEFORE: [u16; 8] = [
    token("<Back>"),
    token("<Place>"),
    token("<OtherPlace>"),
    token("<UnknownNumber>"),
    token("<NoNumber>"),
    token("<Insertion>"),
    token("<OtherRecord>"),
    token("<OtherSugar>"),
];
const NUMBER: &Block = block("index_group");

const LINK_KIND: &Block = block("link_kind");

const TOO_MANY: &str = "the structure would have more residues than asked for";
const TOO_FEW: &str = "the structure would have fewer residues than asked for";

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Residues {
    base: usize,
    /// The fewest and the most residues.
    length: (u32, u32),
}

/// Whether the grammar of a machine has structures.
pub(super) fn has_structures(machine: &Machine) -> bool {
    machine.reads(OPEN)
}

/// Whether a token of a structure is a residue, or begins the name of one.
fn is_residue(id: u16) -> bool {
    id == component::OPEN
        || id == WATER
        || block("amino_acid").has(id)
        || block("nucleotide").has(id)
}

impl Residues {
    pub fn new(length: (u32, u32), registers: &mut Allocator) -> Self {
        Residues { base: registers.words(REGISTERS), length }
    }

    fn get(&self, registers: &Registers, at: usize) -> u32 {
        registers.get(self.base + at)
    }

    fn set(&self, registers: &mut Registers, at: usize, value: u32) {
        registers.set(self.base + at, value);
    }

    /// Whether a token begins what is said of a residue, or is one.
    fn begins(&self, registers: &Registers, id: u16) -> bool {
        let is_number = NUMBER.has(id) && self.get(registers, GROUPS) == 0;
        self.get(registers, PHASE) == IN_STRAND
            && (is_residue(id) || BEFORE.contains(&id) || is_number)
    }
}

impl Layer for Residues {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        let (fewest, most) = self.length;
        let count = self.get(at.registers, COUNT);
        if id == CLOSE && count < fewest {
            return Some(TOO_FEW);
        }
        (count >= most && self.begins(at.registers, id)).then_some(TOO_MANY)
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        let groups = self.get(registers, GROUPS);
        if id == MODEL {
            self.set(registers, PHASE, IN_MODEL);
        } else if STRANDS.contains(&id) {
            self.set(registers, PHASE, IN_STRAND);
        } else if let Some(count) = groups_of_whole(id) {
            self.set(registers, GROUPS, count);
        } else if self.get(registers, PHASE) >= IN_STRAND && is_residue(id) {
            self.set(registers, COUNT, self.get(registers, COUNT) + 1);
            self.set(registers, PHASE, IN_STRAND);
        } else if self.begins(registers, id) {
            self.set(registers, PHASE, PENDING);
        } else if LINK_KIND.has(id) {
            self.set(registers, GROUPS, 1);
        } else if groups > 0 {
            self.set(registers, GROUPS, groups_of_index(id).unwrap_or(groups - 1));
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        for id in ids_of(mask.0).collect::<Vec<_>>() {
            if self.refusal(at, id).is_some() {
                mask.clear_id(id);
            }
        }
    }

    fn most_added(&self) -> usize {
        8
    }

    /// A residue that is missing takes a token; so do a model and a strand, if it has none.
    fn more(&self, at: Configuration, _: u32) -> i64 {
        let phase = self.get(at.registers, PHASE);
        let there = self.get(at.registers, COUNT) + u32::from(phase == PENDING);
        let owed = i64::from(self.length.0.saturating_sub(there));
        let around = match phase {
            BEFORE_MODELS => 2,
            IN_MODEL => 1,
            _ => 0,
        };
        if owed > 0 { owed + around } else { 0 }
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}
