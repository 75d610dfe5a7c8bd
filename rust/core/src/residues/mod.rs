//! Residues: the atoms of those that have a token, by `spec/residues.toml`.
//!
//! A word is the name of an atom, by its place in the block `atom_word`. An atom is what one or more
//! words name, by its place in its residue. A list has the words in the order in which programs write
//! them; its place in the block `naming` is its naming.

mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::vocabulary::{Block, block};
use table::{AMBIGUOUS, SOURCES, WORDS};
pub use table::{COUNT, NAMINGS};

/// The words as tokens.
pub const ATOM_WORDS: &Block = block("atom_word");

/// The lists as tokens.
pub const NAMING: &Block = block("naming");

/// What residues make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is a kind of molecule
pub enum Polymer {
    Protein,
    Dna,
    Rna,
}

/// A residue as the spec has it.
#[derive(Debug)]
struct Source {
    /// Of what it is a monomer.
    polymer: Option<Polymer>,
    token: u16,
    component: &'static str,
    /// By atom the one to which it is bonded; the first one names itself.
    parents: &'static [u8],
    /// Each word, and its atom.
    words: &'static [(u16, u8)],
    lists: [&'static [u16]; NAMINGS],
}

impl Source {
    fn is_ribo(&self) -> bool {
        self.polymer == Some(Polymer::Rna)
    }
}

/// The most atoms that a residue has.
pub const MOST_ATOMS: usize = {
    let (mut most, mut at) = (0, 0);
    while at < SOURCES.len() {
        let atoms = SOURCES[at].parents.len();
        most = if atoms > most { atoms } else { most };
        at += 1;
    }
    most
};

/// Nothing, where a place may be.
pub const NONE: u8 = u8::MAX;

/// A residue that has a token.
#[derive(Debug)]
pub struct Residue {
    source: &'static Source,
    /// By word its atom, or none.
    atoms: [u8; COUNT],
    /// By list and word the turn after it, or none where the word is not of an atom of the list.
    after: [[u8; COUNT]; NAMINGS],
}

impl Residue {
    fn of(source: &'static Source) -> Self {
        let mut atoms = [NONE; COUNT];
        for &(word, atom) in source.words {
            atoms[usize::from(word)] = atom;
        }
        let mut after = [[NONE; COUNT]; NAMINGS];
        for (after, list) in after.iter_mut().zip(&source.lists) {
            let turn_after = |turn: usize| ((turn + 1) % list.len()) as u8;
            for &(word, atom) in source.words {
                let is_it = |&other: &u16| atoms[usize::from(other)] == atom;
                if let Some(turn) = list.iter().position(is_it) {
                    after[usize::from(word)] = turn_after(turn);
                }
            }
            // A word of the list itself, where two of it name one atom.
            for (turn, &word) in list.iter().enumerate() {
                after[usize::from(word)] = turn_after(turn);
            }
        }
        Residue { source, atoms, after }
    }

    /// Its token, which a nucleotide of RNA and one of DNA share.
    #[must_use]
    pub fn token(&self) -> u16 {
        self.source.token
    }

    /// Whether it is a nucleotide of RNA.
    #[must_use]
    pub fn is_ribo(&self) -> bool {
        self.source.is_ribo()
    }

    /// The name of its component.
    #[must_use]
    pub fn component(&self) -> &'static str {
        self.source.component
    }

    /// How many atoms it can have.
    #[must_use]
    pub fn atoms(&self) -> usize {
        self.source.parents.len()
    }

    /// The atom that a word names.
    #[must_use]
    pub fn atom(&self, word: u16) -> Option<u8> {
        Some(self.atoms[usize::from(word)]).filter(|&atom| atom != NONE)
    }

    /// The atom to which an atom is bonded; the first one has none.
    #[must_use]
    pub fn parent(&self, atom: u8) -> Option<u8> {
        Some(self.source.parents[usize::from(atom)]).filter(|&parent| parent != atom)
    }

    /// The word whose turn it is in a list.
    #[must_use]
    pub fn word(&self, naming: u8, turn: u8) -> u16 {
        self.source.lists[usize::from(naming)][usize::from(turn)]
    }

    /// Whose turn it is after an atom for which no word of the list was said.
    #[must_use]
    pub fn next(&self, naming: u8, turn: u8) -> u8 {
        let next = turn + 1;
        if usize::from(next) == self.source.lists[usize::from(naming)].len() { 0 } else { next }
    }

    /// Whose turn it was before an atom took it.
    #[must_use]
    pub fn before(&self, naming: u8, turn: u8) -> u8 {
        if turn > 0 { turn - 1 } else { (self.source.lists[usize::from(naming)].len() - 1) as u8 }
    }

    /// Whose turn it is after a word was said: after the atom that it names, where the list has that.
    #[must_use]
    pub fn after(&self, naming: u8, turn: u8, word: u16) -> u8 {
        match self.after[usize::from(naming)][usize::from(word)] {
            NONE => turn,
            after => after,
        }
    }
}

/// All residues that have a token.
#[derive(Debug)]
pub struct Residues {
    /// The residues, in the order of the spec.
    pub all: Vec<Residue>,
    by_name: HashMap<&'static str, u8>,
    by_token: HashMap<(bool, u16), u8>,
    words: HashMap<(&'static str, u16), u16>,
}

/// The residues of the spec.
pub static RESIDUES: LazyLock<Residues> = LazyLock::new(|| {
    let all: Vec<Residue> = SOURCES.iter().map(Residue::of).collect();
    let places = || SOURCES.iter().zip(0..);
    Residues {
        by_name: places().map(|(source, place)| (source.component, place)).collect(),
        by_token: places()
            .map(|(source, place)| ((source.is_ribo(), source.token), place))
            .collect(),
        words: WORDS.iter().copied().zip(0..).collect(),
        all,
    }
});

impl Residues {
    /// The place of the residue that a token means, where a nucleotide is of RNA or not.
    #[must_use]
    pub fn of_token(&self, is_ribo: bool, token: u16) -> Option<u8> {
        let found = self.by_token.get(&(is_ribo, token));
        found.or_else(|| self.by_token.get(&(false, token))).copied()
    }

    /// The place of the residue that a component is.
    #[must_use]
    pub fn of_component(&self, name: &[u8]) -> Option<u8> {
        self.by_name.get(std::str::from_utf8(name).ok()?).copied()
    }

    /// Of what a component is a monomer: one that has a token, or means any of several.
    #[must_use]
    pub fn polymer_of(&self, name: &[u8]) -> Option<Polymer> {
        let coded =
            self.of_component(name).map(|place| self.all[usize::from(place)].source.polymer);
        let ambiguous = || AMBIGUOUS.iter().find(|(of, _)| of.as_bytes() == name);
        coded.unwrap_or_else(|| ambiguous().map(|(_, polymer)| *polymer))
    }

    /// The token of the element of an atom of a component, if that has a token and such an atom.
    #[must_use]
    pub fn element_of(&self, component: &[u8], name: &[u8]) -> Option<u16> {
        let residue = &self.all[usize::from(self.of_component(component)?)];
        let words = WORDS.iter().zip(0..).filter(|((word, _), _)| word.as_bytes() == name);
        let mut of_residue = words.filter(|&(_, word)| residue.atom(word).is_some());
        of_residue.next().map(|((_, element), _)| *element)
    }

    /// The word for a name and the token of an element.
    #[must_use]
    pub fn word(&self, name: &[u8], element: u16) -> Option<u16> {
        self.words.get(&(std::str::from_utf8(name).ok()?, element)).copied()
    }
}

/// The name and the token of the element that a word says.
#[must_use]
pub fn said(word: u16) -> (&'static str, u16) {
    WORDS[usize::from(word)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residue(name: &str) -> &'static Residue {
        &RESIDUES.all[usize::from(RESIDUES.of_component(name.as_bytes()).unwrap())]
    }

    fn word(name: &str) -> u16 {
        WORDS.iter().position(|(word, _)| *word == name).unwrap() as u16
    }

    #[test]
    fn words_take_turns() {
        let serine = residue("SER");
        let names: Vec<&str> = (0..6).map(|turn| said(serine.word(0, turn)).0).collect();
        assert_eq!(names, ["N", "CA", "C", "O", "CB", "OG"]);
        assert_eq!(serine.after(0, 3, word("CA")), 2);
        // An atom of no list.
        assert_eq!(serine.after(0, 3, word("OXT")), 3);
        // Another word for an atom of the list, and one for no atom of the residue.
        assert_eq!(said(serine.word(0, serine.after(0, 1, word("HN")))).0, "HA");
        assert_eq!(serine.after(0, 1, word("CZ3")), 1);
        let alpha = residue("GLY");
        assert_eq!(alpha.next(7, 0), 0);
    }

    #[test]
    fn atoms_have_parents() {
        let serine = residue("SER");
        let parent = |name| serine.parent(serine.atom(word(name)).unwrap());
        assert_eq!(parent("N"), None);
        assert_eq!(parent("1HB"), serine.atom(word("CB")));
        assert_eq!(serine.atom(word("CZ3")), None);
    }

    #[test]
    fn a_token_and_a_sugar_are_a_component() {
        for (is_ribo, token, name) in [
            (false, "Ala", "ALA"),
            (true, "Ala", "ALA"),
            (false, "nt:T", "DT"),
            (true, "nt:A", "A"),
            (true, "Hoh", "HOH"),
        ] {
            let found = RESIDUES.of_token(is_ribo, crate::vocabulary::id(token).unwrap());
            assert_eq!(found, RESIDUES.of_component(name.as_bytes()), "{name}");
            assert!(found.is_some());
        }
        assert_eq!(RESIDUES.of_component(b"MSE"), None);
    }

    #[test]
    fn monomers_are_of_polymers() {
        for (name, polymer) in [
            ("ALA", Some(Polymer::Protein)),
            ("UNK", Some(Polymer::Protein)),
            ("DT", Some(Polymer::Dna)),
            ("DN", Some(Polymer::Dna)),
            ("U", Some(Polymer::Rna)),
            ("N", Some(Polymer::Rna)),
            ("HOH", None),
            ("MSE", None),
        ] {
            assert_eq!(RESIDUES.polymer_of(name.as_bytes()), polymer, "{name}");
        }
    }
}
