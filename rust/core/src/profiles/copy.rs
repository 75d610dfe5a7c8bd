//! Copy: the edited form of an edit repeats the protein outside its marks.
//!
//! What is not marked cuts the protein into segments; what is marked may become anything. So the
//! edited form is the segments in their order with anything between them, which is matched like a
//! pattern with wildcards: each segment where it first fits, the last one at the end.

use crate::automaton::mask::{Words, ids_of};
use crate::automaton::registers::{Allocator, Registers};
use crate::recognizer::{Accepted, Configuration, Layer, Machine};

use crate::vocabulary::token;

const EDIT: u16 = token("<EditS>");
const OPEN: u16 = token("<ProteinS>");
const CLOSE: u16 = token("<ProteinE>");
const MARK_OPEN: u16 = token("<MarkS>");
const MARK_CLOSE: u16 = token("<MarkE>");
const NAME_OPEN: u16 = token("<NameS>");
const NAME_CLOSE: u16 = token("<NameE>");

/// 0 outside of an edit, then as below.
const PHASE: usize = 0;
/// How many tokens were not marked.
const UNMARKED: usize = 1;
const MARKED: usize = 2;
/// How many tokens of a name were read; 0 outside of names.
const NAME: usize = 3;
/// The segment that is matched, and how much of it is.
const SEGMENT: usize = 4;
const MATCHED: usize = 5;
const REGISTERS: usize = 6;

const BEFORE: u32 = 1;
const PROTEIN: u32 = 2;
const BETWEEN: u32 = 3;
const EDITED: u32 = 4;
const AFTER: u32 = 5;

const NOT_COPIED: &str = "copy: the edited form repeats what is not marked";

/// The layer, with the segments of the protein that is edited.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    base: usize,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, Default)]
struct Segment {
    ids: Vec<u16>,
    /// Of each length of a match the longest shorter one that it ends with.
    shorter: Vec<usize>,
}

impl Segment {
    fn new(ids: Vec<u16>) -> Self {
        let mut shorter = vec![0; ids.len() + 1];
        let mut length = 0;
        for i in 1..ids.len() {
            while length > 0 && ids[i] != ids[length] {
                length = shorter[length];
            }
            length += usize::from(ids[i] == ids[length]);
            shorter[i + 1] = length;
        }
        Segment { ids, shorter }
    }

    /// How much is matched after one more token.
    fn after(&self, mut matched: usize, id: u16) -> usize {
        loop {
            if self.ids.get(matched) == Some(&id) {
                return matched + 1;
            }
            if matched == 0 {
                return 0;
            }
            matched = self.shorter[matched];
        }
    }
}

impl Layer for Copy {
    fn refusal(&self, at: Configuration, id: u16) -> Option<&'static str> {
        let registers = at.registers;
        if registers.get(self.base + PHASE) != EDITED {
            return None;
        }
        let (segment, matched) = self.matched(registers);
        let one = &self.segments[segment];
        let fits = if id == CLOSE {
            segment + 1 == self.segments.len() && matched == one.ids.len()
        } else {
            segment > 0 || one.ids.get(matched) == Some(&id)
        };
        (!fits).then_some(NOT_COPIED)
    }

    fn take(&mut self, _: &Machine, registers: &mut Registers, history: &[Accepted], id: u16) {
        let phase = registers.get(self.base + PHASE);
        match id {
            EDIT => {
                for at in self.base..self.base + REGISTERS {
                    registers.set(at, 0);
                }
                return registers.set(self.base + PHASE, BEFORE);
            }
            _ if phase == 0 => return,
            OPEN => {
                if phase == BEFORE {
                    return registers.set(self.base + PHASE, PROTEIN);
                }
                let protein = history.iter().rev().skip(1).map(|&(id, ..)| id);
                let mut protein: Vec<u16> = protein.take_while(|&id| id != OPEN).collect();
                protein.reverse();
                self.segments = segments(&protein);
                registers.set(self.base + PHASE, EDITED);
                registers.set(self.base + MATCHED, 0);
                return self.go_on(registers, 0, 0);
            }
            CLOSE => {
                return registers
                    .set(self.base + PHASE, if phase == EDITED { AFTER } else { BETWEEN });
            }
            MARK_OPEN | MARK_CLOSE => {
                return registers.set(self.base + MARKED, u32::from(id == MARK_OPEN));
            }
            _ => {}
        }
        let name = registers.get(self.base + NAME);
        let inside = name > 0 || id == NAME_OPEN;
        registers.set(self.base + NAME, if inside && id != NAME_CLOSE { name + 1 } else { 0 });
        if phase == PROTEIN && registers.get(self.base + MARKED) == 0 {
            registers.set(self.base + UNMARKED, registers.get(self.base + UNMARKED) + 1);
        } else if phase == EDITED {
            let (segment, matched) = self.matched(registers);
            self.go_on(registers, segment, self.segments[segment].after(matched, id));
        }
    }

    fn restrict(&self, at: Configuration, mask: &mut Words) {
        if at.registers.get(self.base + PHASE) == EDITED {
            for id in ids_of(mask.0).collect::<Vec<_>>() {
                if self.refusal(at, id).is_some() {
                    mask.clear_id(id);
                }
            }
        }
    }

    /// A match that breaks off begins again; what is begun must be repeated.
    fn most_added(&self) -> usize {
        8 + self.segments.iter().map(|one| one.ids.len()).max().unwrap_or(0)
    }

    /// How many tokens more are needed than the grammar needs; negative for those counted twice.
    fn more(&self, at: Configuration, of_grammar: u32) -> i64 {
        let registers = at.registers;
        let of_grammar = i64::from(of_grammar);
        match registers.get(self.base + PHASE) {
            PROTEIN => {
                // What a name still needs must be repeated, too.
                let rest =
                    if registers.get(self.base + MARKED) == 0 { of_grammar - PROTEINS } else { 0 };
                i64::from(registers.get(self.base + UNMARKED)) + rest
            }
            BETWEEN => i64::from(registers.get(self.base + UNMARKED)),
            EDITED => {
                let (segment, matched) = self.matched(registers);
                let later = self.segments[segment..].iter().map(|one| one.ids.len());
                let left = later.sum::<usize>() - matched;
                // The rest of a name that is being matched is a part of its segment.
                let within = registers.get(self.base + NAME) > 0
                    && matched >= registers.get(self.base + NAME) as usize;
                left as i64 - if within { of_grammar - CLOSINGS } else { 0 }
            }
            _ => 0,
        }
    }

    fn boxed(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

impl Copy {
    pub fn new(registers: &mut Allocator) -> Self {
        Copy { base: registers.words(REGISTERS), segments: Vec::new() }
    }

    /// The segment that is matched, and how much of it is.
    fn matched(&self, registers: &Registers) -> (usize, usize) {
        let get = |at| registers.get(self.base + at) as usize;
        (get(SEGMENT), get(MATCHED))
    }

    /// So much of a segment is matched; a whole one gives way to the next.
    fn go_on(&self, registers: &mut Registers, mut segment: usize, mut matched: usize) {
        while segment + 1 < self.segments.len() && matched == self.segments[segment].ids.len() {
            (segment, matched) = (segment + 1, 0);
        }
        registers.set(self.base + SEGMENT, segment as u32);
        registers.set(self.base + MATCHED, matched as u32);
    }
}

/// What the grammar needs at the end of the protein: its end, an empty edited form, the end.
const PROTEINS: i64 = 4;
/// And at the end of the edited form.
const CLOSINGS: i64 = 2;

/// What is not marked.
fn segments(protein: &[u16]) -> Vec<Segment> {
    let mut all = vec![Vec::new()];
    let mut marked = false;
    for &id in protein {
        match id {
            MARK_OPEN => marked = true,
            MARK_CLOSE => {
                marked = false;
                all.push(Vec::new());
            }
            CLOSE => break,
            id if !marked => all.last_mut().unwrap_or(&mut Vec::new()).push(id),
            _ => {}
        }
    }
    all.into_iter().map(Segment::new).collect()
}

/// Whether the grammar of a machine has edits.
pub(super) fn has_edits(machine: &Machine) -> bool {
    machine.reads(EDIT)
}
