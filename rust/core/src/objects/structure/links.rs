//! Links: those of an atom with atoms before it.

use super::check::all_empty;
use super::letters::{build_marked, write_marked};
use super::{LinkKind, Links};
use crate::columns::Words;
use crate::number::{Fixed, Index, WHOLE_FIRST, build_number, write_number};
use crate::vocabulary::{Block, block, token};
use crate::wire::{Builder, First, Writer, any_of};

const KIND: &Block = block("link_kind");
const FIRST: First = First(&[any_of(KIND)]);
const SYMMETRY: u16 = token("<Symmetry>");
const OWN_SYMMETRY: u16 = token("<OwnSymmetry>");

/// States of a distance.
const STATED: u8 = 0;
const UNKNOWN: u8 = 1;

/// The links that are written.
pub(super) struct WrittenLinks<'a> {
    links: &'a Links,
    /// The next of them.
    row: usize,
}

impl<'a> WrittenLinks<'a> {
    pub fn of(links: &'a Links) -> Self {
        WrittenLinks { links, row: 0 }
    }

    /// Write those of an atom with itself and atoms before it.
    #[inline]
    pub fn write(&mut self, atom: usize, out: &mut Writer) {
        while self.links.end.get(self.row).is_some_and(|&end| end as usize == atom) {
            self.link(out);
            self.row += 1;
        }
    }

    /// ```ebnf
    /// residue_link = link_kind back symmetry? own_symmetry? distance? ;
    /// back         = index ;
    /// symmetry     = "<Symmetry>" letter letter* ;
    /// own_symmetry = "<OwnSymmetry>" letter letter* ;
    /// distance     = whole fraction* ;
    ///     where: places(distance, distance_decimals)
    /// ```
    fn link(&self, out: &mut Writer) {
        let (links, row) = (self.links, self.row);
        let Some(kind) = LinkKind::of(links.kind[row]) else {
            return out.refuse_cell("links.kind", row, "a kind of link is 0 to 9");
        };
        out.token(KIND.base + kind as u16);
        match links.end[row].checked_sub(links.begin[row]) {
            Some(back) => out.one(&Index(back)),
            None => out.refuse_cell("links.begin", row, "a link begins at its earlier atom"),
        }
        for (mark, column) in
            [(SYMMETRY, &links.begin_symmetry), (OWN_SYMMETRY, &links.end_symmetry)]
        {
            let word = column.as_ref().map_or(&b""[..], |column| column.get(row));
            write_marked(mark, word, out);
        }
        let Some(column) = &links.distance else { return };
        match links.distance_state.as_ref().map_or(STATED, |states| states[row]) {
            STATED => write_number(column.scaled[row], column.decimals, out),
            UNKNOWN if column.scaled[row] == 0 => {}
            _ => {
                let reason = "a distance that is unknown has state 1 and is 0";
                out.refuse_cell("links.distance", row, reason);
            }
        }
    }

    /// All of them were written.
    pub fn end(&self, out: &mut Writer) {
        if self.row < self.links.len() {
            let reason = "links are in the order of their later atoms, which are rows of the atoms";
            out.refuse_cell("links.end", self.row, reason);
        }
    }
}

/// The links that are built.
pub(super) struct BuiltLinks {
    links: Links,
    letters: Vec<u8>,
}

impl BuiltLinks {
    /// Of the count of decimals of their distances, if they have some.
    pub fn of(distance: Option<u8>) -> Self {
        let links = Links {
            begin_symmetry: Some(Words::default()),
            end_symmetry: Some(Words::default()),
            distance: distance.map(|decimals| Fixed { decimals, scaled: Vec::new() }),
            distance_state: distance.map(|_| Vec::new()),
            ..Links::default()
        };
        BuiltLinks { links, letters: Vec::new() }
    }

    /// Build those of an atom.
    #[inline]
    pub fn build(&mut self, from: &mut Builder, atom: usize) {
        while let Some(kind) = from.peek().filter(|&id| FIRST.has(id)) {
            from.take();
            self.link(from, (kind - KIND.base) as u8, atom as u32);
        }
    }

    fn link(&mut self, from: &mut Builder, kind: u8, end: u32) {
        let links = &mut self.links;
        links.kind.push(kind);
        links.begin.push(end.saturating_sub(from.one::<Index>().0));
        links.end.push(end);
        for (mark, column) in
            [(SYMMETRY, &mut links.begin_symmetry), (OWN_SYMMETRY, &mut links.end_symmetry)]
        {
            build_marked(mark, from, &mut self.letters);
            column.get_or_insert_default().push_word(&self.letters);
        }
        if let (Some(column), Some(states)) = (&mut links.distance, &mut links.distance_state) {
            let is_said = from.at(WHOLE_FIRST);
            states.push(if is_said { STATED } else { UNKNOWN });
            column.scaled.push(if is_said { build_number(from, column.decimals) } else { 0 });
        }
    }

    /// All of them.
    pub fn finish(mut self) -> Links {
        for column in [&mut self.links.begin_symmetry, &mut self.links.end_symmetry] {
            column.take_if(|words| all_empty(words));
        }
        let states = &mut self.links.distance_state;
        states.take_if(|states| states.iter().all(|&state| state == STATED));
        self.links
    }
}
