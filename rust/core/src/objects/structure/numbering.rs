//! Numbering: the numbers of models and residues, those that follow each other not said.

use super::letters::{build_marked, write_marked};
use super::{Residues, StrandKind};
use crate::number::Positive;
use crate::vocabulary::token;
use crate::wire::{Builder, Writer};

const BACK: u16 = token("<Back>");
const PLACE: u16 = token("<Place>");
const OTHER_PLACE: u16 = token("<OtherPlace>");
const UNKNOWN_PLACE: u16 = token("<UnknownPlace>");
const UNKNOWN_NUMBER: u16 = token("<UnknownNumber>");
const NO_NUMBER: u16 = token("<NoNumber>");
const INSERTION: u16 = token("<Insertion>");
const OTHER_RECORD: u16 = token("<OtherRecord>");

/// States of a number.
const STATED: u8 = 0;
const UNKNOWN: u8 = 1;
const WITHOUT: u8 = 2;

/// Write a number that is not the one expected; `false` where no token says how far it is from that.
///
/// ```ebnf
/// jump   = positive | "<Back>" positive ;
/// ```
#[must_use]
pub(super) fn write_jump(number: i32, expected: i32, out: &mut Writer) -> bool {
    let jump = number.wrapping_sub(expected);
    if jump.unsigned_abs() >= 1_000_000_000 {
        return false;
    }
    if jump < 0 {
        out.token(BACK);
    }
    if jump != 0 {
        out.one(&Positive(jump.unsigned_abs()));
    }
    true
}

/// The number that is said, or the one expected.
pub(super) fn build_jump(from: &mut Builder, expected: i32) -> i32 {
    let jump = if from.take_if(BACK) {
        (from.one::<Positive>().0 as i32).wrapping_neg()
    } else {
        from.maybe::<Positive>().map_or(0, |jump| jump.0 as i32)
    };
    expected.wrapping_add(jump)
}

pub(super) const TOO_FAR: &str =
    "a number is less than 1,000,000,000 from the one that would follow";
const STATES: &str = "a state is 0, 1 or 2";
const NOT_ZERO: &str = "a number that is not stated is 0";

/// Where the residues of a strand stand in its numbers.
#[derive(Default)]
pub(super) struct Numbering {
    number: i32,
    place: i32,
}

impl Numbering {
    /// Write where a residue stands.
    ///
    /// ```ebnf
    /// numbering      = sequence_place? ( jump | "<NoNumber>" | "<UnknownNumber>" )? insertion? "<OtherRecord>"? ;
    /// sequence_place = "<Place>" jump | "<OtherPlace>" | "<UnknownPlace>" ;
    /// ```
    pub fn write(
        &mut self,
        residues: &Residues,
        row: usize,
        (kind, is_coded): (StrandKind, bool),
        out: &mut Writer,
    ) {
        if let Some(places) = &residues.label_seq {
            self.write_place(residues, places[row], row, kind, out);
        }
        let insertion = residues.insertion.get(row);
        let expected = self.expected(insertion);
        let state = residues.number_state.as_ref().map_or(STATED, |states| states[row]);
        let number = residues.number[row];
        match state {
            STATED => {
                if !write_jump(number, expected, out) {
                    out.refuse_cell("residues.number", row, TOO_FAR);
                }
                self.number = number;
            }
            UNKNOWN => out.token(UNKNOWN_NUMBER),
            WITHOUT => out.token(NO_NUMBER),
            _ => out.refuse_cell("residues.number_state", row, STATES),
        }
        if state != STATED && number != 0 {
            out.refuse_cell("residues.number", row, NOT_ZERO);
        }
        write_marked(INSERTION, insertion, out);
        if residues.hetero[row] != is_usually_hetero(kind, is_coded) {
            out.token(OTHER_RECORD);
        }
    }

    fn write_place(
        &mut self,
        residues: &Residues,
        place: i32,
        row: usize,
        kind: StrandKind,
        out: &mut Writer,
    ) {
        let state = residues.label_seq_state.as_ref().map_or(STATED, |states| states[row]);
        let expected = self.place.wrapping_add(1);
        match state {
            STATED if place == expected => {
                if kind == StrandKind::Hetero {
                    out.token(OTHER_PLACE);
                }
                self.place = place;
            }
            STATED => {
                out.token(PLACE);
                if !write_jump(place, expected, out) {
                    out.refuse_cell("residues.label_seq", row, TOO_FAR);
                }
                self.place = place;
            }
            WITHOUT if kind == StrandKind::Hetero => {}
            WITHOUT => out.token(OTHER_PLACE),
            UNKNOWN => out.token(UNKNOWN_PLACE),
            _ => out.refuse_cell("residues.label_seq_state", row, STATES),
        }
        if state != STATED && place != 0 {
            out.refuse_cell("residues.label_seq", row, NOT_ZERO);
        }
    }

    /// Build where a residue stands: its number, place and insertion code; then whether its record is
    /// not the usual one.
    pub fn build(
        &mut self,
        from: &mut Builder,
        kind: StrandKind,
        has_places: bool,
        insertion: &mut Vec<u8>,
    ) -> Numbers {
        let place = has_places.then(|| self.build_place(from, kind));
        let state = match from.peek() {
            Some(UNKNOWN_NUMBER) => UNKNOWN,
            Some(NO_NUMBER) => WITHOUT,
            _ => STATED,
        };
        let jump = if state == STATED {
            build_jump(from, 0)
        } else {
            from.take();
            0
        };
        build_marked(INSERTION, from, insertion);
        if state == STATED {
            self.number = self.expected(insertion).wrapping_add(jump);
        }
        let number = if state == STATED { self.number } else { 0 };
        Numbers { number: (number, state), place, is_other_record: from.take_if(OTHER_RECORD) }
    }

    fn build_place(&mut self, from: &mut Builder, kind: StrandKind) -> (i32, u8) {
        let expected = self.place.wrapping_add(1);
        if from.take_if(UNKNOWN_PLACE) {
            return (0, UNKNOWN);
        }
        let is_stated = if from.take_if(PLACE) {
            self.place = build_jump(from, expected);
            true
        } else {
            let is_stated = from.take_if(OTHER_PLACE) == (kind == StrandKind::Hetero);
            if is_stated {
                self.place = expected;
            }
            is_stated
        };
        if is_stated { (self.place, STATED) } else { (0, WITHOUT) }
    }

    fn expected(&self, insertion: &[u8]) -> i32 {
        if insertion.is_empty() { self.number.wrapping_add(1) } else { self.number }
    }
}

/// What a sentence says of the numbers of a residue, each with its state.
pub(super) struct Numbers {
    pub number: (i32, u8),
    pub place: Option<(i32, u8)>,
    pub is_other_record: bool,
}

/// Whether the record of a residue is HETATM as a rule.
pub(super) fn is_usually_hetero(kind: StrandKind, is_coded: bool) -> bool {
    kind == StrandKind::Hetero || !is_coded
}
