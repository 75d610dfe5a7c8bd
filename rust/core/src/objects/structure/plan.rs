//! Plan: what is said of the names of a residue's atoms, and from which of them each is a step.

use std::ops::Range;
use std::rc::Rc;

use super::names::{Name, WrittenNames};
use super::placed::Placed;
use crate::residues::{RESIDUES, Residue};

/// What a sentence says of an atom beside its values.
#[derive(Clone, Copy)]
pub(super) struct Planned {
    /// Of its name.
    pub name: Name,
    /// How many rows before it stands the atom from which it is a step.
    pub back: usize,
}

/// The plans of residues; most residues of one component have the same names, and so one plan.
pub(super) struct Plans {
    naming: u8,
    /// By residue of the spec the atoms of the last one, and its plan.
    lately: Vec<(Range<usize>, Rc<[Planned]>)>,
    placed: Placed,
}

impl Plans {
    /// Of a structure whose list of names is given.
    pub fn new(naming: u8) -> Self {
        let lately = vec![(0..0, Rc::from([])); RESIDUES.all.len()];
        Plans { naming, lately, placed: Placed::new() }
    }

    /// The plan of the atoms of a residue, by its place in the spec.
    pub fn of(&mut self, place: u8, atoms: Range<usize>, names: &WrittenNames) -> Rc<[Planned]> {
        let (last, plan) = &self.lately[usize::from(place)];
        if names.are_same(last.clone(), atoms.clone()) {
            return Rc::clone(plan);
        }
        let plan = self.plan(&RESIDUES.all[usize::from(place)], atoms.clone(), names);
        self.lately[usize::from(place)] = (atoms, Rc::clone(&plan));
        plan
    }

    fn plan(
        &mut self,
        residue: &'static Residue,
        atoms: Range<usize>,
        names: &WrittenNames,
    ) -> Rc<[Planned]> {
        self.placed.begin(atoms.start);
        let mut turn = 0;
        let mut plan = |row: usize| {
            let word = names.word(row);
            let name = match word {
                None => Name::Spelled,
                Some(word) if word == residue.word(self.naming, turn) => Name::Unsaid,
                Some(word) => Name::Word(word),
            };
            turn = match name {
                Name::Word(word) => residue.after(self.naming, turn, word),
                Name::Unsaid | Name::Spelled => residue.next(self.naming, turn),
            };
            let atom = word.and_then(|word| residue.atom(word));
            let first = row == atoms.start;
            let back = if first { 0 } else { row - self.placed.parent(residue, atom, row) };
            self.placed.put(atom, row);
            Planned { name, back }
        };
        atoms.clone().map(&mut plan).collect()
    }
}
