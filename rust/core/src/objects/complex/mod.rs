//! Complex: members in their order, and which of their units are near to each other.

mod contacts;

pub use contacts::{Contact, Contacts, Level, Relation};

use crate::object_type::ObjectType;
use crate::objects::pocket::Lined;
use crate::objects::{Conformer, Molecule, Structure};
use crate::objects::{conformer, molecule, structure};
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<ComplexS>");
pub(crate) const CLOSE: u16 = token("<ComplexE>");

/// Members, and contacts between their units.
#[derive(Clone, Debug, PartialEq)]
pub struct Complex {
    /// The members.
    pub members: Vec<Member>,
    /// Their contacts, where they are said.
    pub contacts: Option<Relation>,
}

/// One member of a complex.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // a complex has few
pub enum Member {
    /// A chain with its sites.
    Lined(Lined),
    /// A molecule or an ion.
    Molecule(Molecule),
    /// A molecule with coordinates.
    Conformer(Conformer),
    /// Strands with coordinates.
    Structure(Structure),
}

impl Member {
    /// How many units it has.
    #[must_use]
    pub fn units(&self, level: Level) -> usize {
        let of_molecule = |molecule: &Molecule| molecule.atoms.len();
        match (self, level) {
            (Member::Lined(lined), _) => {
                let spelled = lined.spelled.iter().map(|one| of_molecule(&one.molecule));
                lined.residues() + spelled.sum::<usize>()
            }
            (Member::Molecule(molecule), _) => of_molecule(molecule),
            (Member::Conformer(conformer), _) => of_molecule(&conformer.molecule),
            (Member::Structure(structure), Level::Residue) => structure.residues.len(),
            (Member::Structure(structure), Level::Atom) => structure.atoms.len(),
        }
    }
}

impl Complex {
    /// How many units its members have.
    #[must_use]
    pub fn units(&self, level: Level) -> usize {
        self.members.iter().map(|member| member.units(level)).sum()
    }
}

/// ```ebnf
/// complex = "<ComplexS>" member member* ( contacts | atom_contacts )? "<ComplexE>" ;
///     where: pairs(first_unit, second_unit, residue, dna_nucleotide, rna_nucleotide, residue_of_strand, atom)
///     where: pairs(first_atom_unit, second_atom_unit, residue, dna_nucleotide, rna_nucleotide, first_point, later_point, atom)
/// ```
impl Production for Complex {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        if self.members.is_empty() {
            out.refuse("expected a member");
        }
        out.many_of("members", &self.members);
        if let Some(relation) = &self.contacts {
            relation.write(self.units(relation.level), out);
        }
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let complex = Complex { members: from.many(), contacts: Relation::build(from) };
        from.take();
        complex
    }
}

/// ```ebnf
/// member  = lined | molecule | conformer | structure ;
/// ```
impl Production for Member {
    const FIRST: First = First(&[
        Lined::FIRST.0[0],
        Lined::FIRST.0[1],
        Lined::FIRST.0[2],
        (molecule::OPEN, molecule::OPEN),
        (conformer::OPEN, conformer::OPEN),
        (structure::OPEN, structure::OPEN),
    ]);

    fn write(&self, out: &mut Writer) {
        match self {
            Member::Lined(lined) => out.one(lined),
            Member::Molecule(molecule) => out.one(molecule),
            Member::Conformer(conformer) => out.one(conformer),
            Member::Structure(structure) => out.one(structure),
        }
    }

    fn build(from: &mut Builder) -> Self {
        match from.peek() {
            Some(molecule::OPEN) => Member::Molecule(from.one()),
            Some(conformer::OPEN) => Member::Conformer(from.one()),
            Some(structure::OPEN) => Member::Structure(from.one()),
            _ => Member::Lined(from.one()),
        }
    }
}

impl ObjectType for Complex {
    const WRITES_SENTENCES: bool = true;
}
