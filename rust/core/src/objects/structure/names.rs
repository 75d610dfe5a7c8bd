//! Names: those of atoms with their elements, as words and spelled.

use std::cell::Cell;
use std::ops::Range;

use super::Atoms;
use super::letters::{build_letters, write_letters};
use crate::columns::Words;
use crate::residues::{ATOM_WORDS, COUNT, RESIDUES, said};
use crate::vocabulary::{self, Block, block, token};
use crate::wire::{Builder, First, Writer, any_of};

const ELEMENT: &Block = block("element");
const DEUTERIUM: u16 = token("D");
/// The wildcard of molecules, for an atom of an unknown element.
const UNKNOWN: u16 = token("*");
const WORD: First = First(&[any_of(ATOM_WORDS)]);
const SPELLED: First = First(&[any_of(ELEMENT), (DEUTERIUM, DEUTERIUM)]);

/// No word, or no token.
const NONE: u16 = u16::MAX;

/// What a sentence says of the name of an atom.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// Nothing: it is the turn of a word.
    Unsaid,
    Word(u16),
    Spelled,
}

/// The names of atoms that are written.
pub(super) struct WrittenNames<'a> {
    atoms: &'a Atoms,
    /// By code the token of an element.
    elements: Vec<u16>,
    /// By code of a name the code of the element with which it was last seen, and the word.
    words: Vec<Cell<(u32, u16)>>,
}

impl<'a> WrittenNames<'a> {
    pub fn of(atoms: &'a Atoms) -> Self {
        let elements = atoms.element.distinct().map(element_token).collect();
        let words = vec![Cell::new((u32::MAX, NONE)); atoms.name.distinct().len()];
        WrittenNames { atoms, elements, words }
    }

    /// The word of an atom, if its name and its element are one.
    #[inline]
    pub fn word(&self, row: usize) -> Option<u16> {
        let element = self.atoms.element.codes()[row];
        let cell = &self.words[self.atoms.name.codes()[row] as usize];
        let (known, word) = cell.get();
        let word = if known == element {
            word
        } else {
            let element_token = self.elements[element as usize];
            let word = RESIDUES.word(self.atoms.name.get(row), element_token).unwrap_or(NONE);
            cell.set((element, word));
            word
        };
        (word != NONE).then_some(word)
    }

    /// Whether atoms have the names and the elements of others, in their order.
    #[inline]
    pub fn are_same(&self, one: Range<usize>, other: Range<usize>) -> bool {
        let (names, elements) = (self.atoms.name.codes(), self.atoms.element.codes());
        // A loop: the call that compares slices takes longer than these few numbers.
        one.len() == other.len()
            && one
                .zip(other)
                .all(|(one, other)| names[one] == names[other] && elements[one] == elements[other])
    }

    /// Write a name and an element that are no word.
    ///
    /// ```ebnf
    /// spelled           = ( element | "D" ) letter* ;
    ///     where: not_one_of(spelled, atom_word)
    /// ```
    pub fn spell(&self, row: usize, out: &mut Writer) {
        let element = self.elements[self.atoms.element.codes()[row] as usize];
        if element == NONE {
            out.refuse_cell("atoms.element", row, "an element is a symbol, D or X");
        }
        out.token(element);
        write_letters(self.atoms.name.get(row), out);
    }
}

fn element_token(symbol: &[u8]) -> u16 {
    let of = |symbol| vocabulary::id(symbol).filter(|&id| ELEMENT.has(id) && id != UNKNOWN);
    match symbol {
        b"D" => DEUTERIUM,
        b"X" => UNKNOWN,
        _ => std::str::from_utf8(symbol).ok().and_then(of).unwrap_or(NONE),
    }
}

fn symbol_of(token: u16) -> String {
    match token {
        UNKNOWN => "X".to_owned(),
        _ => vocabulary::name(token).unwrap_or_default().into_owned(),
    }
}

/// The names of atoms that are built.
pub(super) struct BuiltNames {
    /// By word the codes of its name and of its element.
    words: Vec<(u32, u32)>,
    spelled: Vec<u8>,
}

impl BuiltNames {
    pub fn new() -> Self {
        BuiltNames { words: vec![(u32::MAX, 0); COUNT], spelled: Vec::new() }
    }

    /// Append the name and the element of a word.
    #[inline]
    pub fn push(&mut self, word: u16, names: &mut Words, elements: &mut Words) {
        use crate::columns::Column;

        let known = &mut self.words[usize::from(word)];
        if known.0 == u32::MAX {
            let (name, element) = said(word);
            *known =
                (names.code_of(name.as_bytes()), elements.code_of(symbol_of(element).as_bytes()));
        }
        names.push(known.0);
        elements.push(known.1);
    }

    /// Take a name, if one is said; one that is spelled is appended.
    pub fn take(&mut self, from: &mut Builder, names: &mut Words, elements: &mut Words) -> Name {
        if from.at(WORD) {
            return Name::Word(from.take() - ATOM_WORDS.base);
        }
        if !from.at(SPELLED) {
            return Name::Unsaid;
        }
        elements.push_word(symbol_of(from.take()).as_bytes());
        build_letters(from, &mut self.spelled);
        names.push_word(&self.spelled);
        Name::Spelled
    }
}
