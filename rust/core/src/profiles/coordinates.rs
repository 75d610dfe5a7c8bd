//! Coordinates: the sentence is that of an object, whose points are free and nothing else.
//!
//! The sentence of the object is a row of parts: a token that must come, or a point. So a sequence, a
//! molecule, the names of atoms and their order are fixed, and where they lie is not.

use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::number::groups_of_whole;
use crate::recognizer::{Accepted, Configuration, Layer, Machine};
use crate::vocabulary::{Block, block, token};

/// The part that comes next, or is being read.
const PART: usize = 0;
/// How many floors of a point are still to come; one that is begun is still to come.
const FLOORS: usize = 1;
/// How many groups of digits of a floor are.
const GROUPS: usize = 2;
/// How many tokens of decimals are.
const DECIMALS: usize = 3;
const REGISTERS: usize = 4;

const OTHER: &str = "coordinates: all other tokens are those of the object";
const POINT: &str = "coordinates: the object has a point here";

const GRID: &Block = block("grid");
const CELL: &Block = block("cell");
const HYDROGEN_CELL: &Block = block("hydrogen_cell");
const WHOLE: &Block = block("number_whole");
const DIGITS: &Block = block("number_fraction");
const FAR: u16 = token("<Far>");
const FAR_H: u16 = token("<FarH>");
const POSE: u16 = token("<Pose>");
const NAME_CLOSE: u16 = token("<NameE>");
const WATER: u16 = token("Hoh");
/// Of numbers between a residue or a pose and its first point there are none.
const BEFORE_A_PLACE: [u16; 3] = [POSE, NAME_CLOSE, WATER];

/// One part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Token(u16),
    Place,
    Step,
    Hydrogen,
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Coordinates {
    base: usize,
    parts: Vec<Part>,
    /// By part how many tokens it and all after it need.
    needed: Vec<u32>,
    /// How many tokens of decimals a point has.
    decimals: u32,
}

impl Coordinates {
    /// Of the sentence of an object.
    pub fn new(sentence: &[u16], registers: &mut Allocator) -> Self {
        let grid = sentence.iter().find(|&&id| GRID.has(id));
        let decimals = grid.map_or(0, |&id| u32::from(id - GRID.base));
        let parts = parts_of(sentence, decimals);
        let mut needed = vec![0; parts.len() + 1];
        for (at, part) in parts.iter().enumerate().rev() {
            needed[at] = needed[at + 1] + tokens_of(*part, decimals);
        }
        Coordinates { base: registers.words(REGISTERS), parts, needed, decimals }
    }

    fn get(&self, registers: &Registers, at: usize) -> u32 {
        registers.get(self.base + at)
    }

    fn set(&self, registers: &mut Registers, at: usize, value: u32) {
        registers.set(self.base + at, value);
    }

    /// The part that must begin next; None within a point, where the grammar knows what comes.
    fn next(&self, registers: &Registers) -> Option<Part> {
        let within = [FLOORS, GROUPS, DECIMALS].iter().any(|&at| self.get(registers, at) > 0);
        let part = self.parts.get(self.get(registers, PART) as usize).copied();
        part.filter(|_| !within)
    }

    /// How many tokens a completion has at least.
    fn left(&self, registers: &Registers) -> u32 {
        let groups = self.get(registers, GROUPS);
        // The floor that is begun needs its groups and nothing else.
        let floors = self.get(registers, FLOORS) - u32::from(groups > 0);
        let point = floors + groups + self.get(registers, DECIMALS);
        let part = self.get(registers, PART) as usize + usize::from(point > 0);
        point + self.needed[part.min(self.parts.len())]
    }
}

impl Layer for Coordinates {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        match self.next(at.registers)? {
            Part::Token(wanted) => (id != wanted).then_some(OTHER),
            point => (!begins(point, id)).then_some(POINT),
        }
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, _: &[Accepted], id: u16) {
        match self.next(registers) {
            Some(Part::Token(_)) => {
                return self.set(registers, PART, self.get(registers, PART) + 1);
            }
            Some(_) => {
                self.set(registers, DECIMALS, self.decimals);
                let is_cell = CELL.has(id) || HYDROGEN_CELL.has(id);
                self.set(registers, FLOORS, if is_cell { 0 } else { 3 });
            }
            None if self.get(registers, PART) as usize == self.parts.len() => return,
            None => {}
        }
        let (floors, groups) = (self.get(registers, FLOORS), self.get(registers, GROUPS));
        if let Some(count) = groups_of_whole(id) {
            self.set(registers, GROUPS, count);
        } else if WHOLE.has(id) {
            self.set(registers, FLOORS, floors - 1);
        } else if groups > 0 {
            self.set(registers, GROUPS, groups - 1);
            self.set(registers, FLOORS, floors - u32::from(groups == 1));
        } else if DIGITS.has(id) {
            self.set(registers, DECIMALS, self.get(registers, DECIMALS) - 1);
        }
        if [FLOORS, GROUPS, DECIMALS].iter().all(|&at| self.get(registers, at) == 0) {
            self.set(registers, PART, self.get(registers, PART) + 1);
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        if self.next(at.registers).is_none() {
            return;
        }
        for id in ids_of(mask.0).collect::<Vec<_>>() {
            if self.refusal(at, id).is_some() {
                mask.clear_id(id);
            }
        }
    }

    fn most_added(&self) -> usize {
        8
    }

    /// The object says how many tokens are needed; the grammar would end sooner.
    fn more(&self, at: Configuration, of_grammar: u32) -> i64 {
        i64::from(self.left(at.registers)) - i64::from(of_grammar)
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

/// How many tokens a part has at least.
fn tokens_of(part: Part, decimals: u32) -> u32 {
    match part {
        Part::Token(_) => 1,
        Part::Place => 3 + decimals,
        Part::Step | Part::Hydrogen => 1 + decimals,
    }
}

/// Whether a token begins a point of a sort.
fn begins(point: Part, id: u16) -> bool {
    match point {
        Part::Token(_) => false,
        Part::Place => WHOLE.has(id),
        Part::Step => CELL.has(id) || id == FAR,
        Part::Hydrogen => HYDROGEN_CELL.has(id) || id == FAR_H,
    }
}

/// The parts of a sentence.
fn parts_of(sentence: &[u16], decimals: u32) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut awaits_place = false;
    let mut at = 0;
    while let Some(&id) = sentence.get(at) {
        let sorts = [Part::Step, Part::Hydrogen, Part::Place];
        let point = sorts.into_iter().find(|&point| begins(point, id));
        if let Some(point) = point.filter(|&point| point != Part::Place || awaits_place) {
            parts.push(point);
            awaits_place = false;
            at += length_of(&sentence[at..], decimals);
            continue;
        }
        awaits_place |= BEFORE_A_PLACE.contains(&id)
            || block("amino_acid").has(id)
            || block("nucleotide").has(id);
        parts.push(Part::Token(id));
        at += 1;
    }
    parts
}

/// How many tokens the point has with which a sentence goes on.
fn length_of(rest: &[u16], decimals: u32) -> usize {
    let is_cell = CELL.has(rest[0]) || HYDROGEN_CELL.has(rest[0]);
    let mut at = usize::from(is_cell || rest[0] == FAR || rest[0] == FAR_H);
    for _ in 0..if is_cell { 0 } else { 3 } {
        at += 1 + groups_of_whole(rest[at]).map_or(0, |groups| groups as usize);
    }
    at + decimals as usize
}
