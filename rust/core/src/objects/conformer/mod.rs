//! Conformer: a molecule with coordinates, in one or more poses.
//!
//! `parts` is what its record says beside the points.

mod parents;
mod parts;
mod poses;

pub use parts::{Properties, Property, Title, TitleByte};

use crate::columns;
use crate::columns::{Bytes, Columns};
use crate::number::Fixed;
use crate::object_type::ObjectType;
use crate::objects::molecule::Molecule;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};
use poses::{build_poses, write_poses};

pub(crate) const OPEN: u16 = token("<ConformerS>");
pub(crate) const CLOSE: u16 = token("<ConformerE>");

/// A molecule with coordinates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conformer {
    /// What it is of.
    pub molecule: Molecule,
    /// How many points each atom has beside its own.
    pub carried: Carried,
    /// The points of all poses, pose after pose; each atom is followed by its hydrogens.
    pub points: Points,
    /// In which order the record has the points of a pose.
    pub ranks: Ranks,
    /// The title of the record.
    pub title: Title,
    /// What else the record says, by name.
    pub properties: Properties,
}

columns! {
    /// What each atom carries.
    pub struct Carried of Carries {
        /// How many of its hydrogens have coordinates and are not atoms of the molecule.
        hydrogens: Vec<u32>,
    }
}

columns! {
    /// Points in space, with one count of decimals.
    pub struct Points of Coordinates {
        /// Along the first axis, in ångström.
        x: Fixed,
        /// Along the second.
        y: Fixed,
        /// Along the third.
        z: Fixed,
    }
}

columns! {
    /// The points of a pose in the order of the record.
    pub struct Ranks of Rank {
        /// By point the row of the record that it stands in; absent where the order is not held.
        order: Option<Vec<u32>>,
    }
}

impl Columns for Conformer {
    fn write_bytes(&self, out: &mut Vec<u8>) {
        self.molecule.write_bytes(out);
        self.carried.write_bytes(out);
        self.points.write_bytes(out);
        self.ranks.write_bytes(out);
        self.title.write_bytes(out);
        self.properties.write_bytes(out);
    }

    fn read_bytes(from: &mut Bytes) -> Option<Self> {
        Some(Conformer {
            molecule: Molecule::read_bytes(from)?,
            carried: Carried::read_bytes(from)?,
            points: Points::read_bytes(from)?,
            ranks: Ranks::read_bytes(from)?,
            title: Title::read_bytes(from)?,
            properties: Properties::read_bytes(from)?,
        })
    }
}

/// ```ebnf
/// conformer = "<ConformerS>" molecule grid pose pose* order? title? property* "<ConformerE>" ;
///     where: one_each(step, atom, pose)
///     where: alike(hydrogen, pose)
///     where: permutation(rank, order)
/// ```
impl Production for Conformer {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        out.part_of("molecule", &self.molecule);
        write_poses(self, out);
        out.one(&self.ranks);
        out.one(&self.title);
        out.one(&self.properties);
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let molecule: Molecule = from.one();
        let (carried, points) = build_poses(from, &molecule);
        let conformer = Conformer {
            molecule,
            carried,
            points,
            ranks: from.one(),
            title: from.one(),
            properties: from.one(),
        };
        from.take();
        conformer
    }
}

impl ObjectType for Conformer {
    const WRITES_SENTENCES: bool = true;
}

impl Conformer {
    /// How many points a pose has.
    #[must_use]
    pub fn points_of_a_pose(&self) -> usize {
        let hydrogens = self.carried.hydrogens.iter();
        self.molecule.atoms.len() + hydrogens.map(|&count| count as usize).sum::<usize>()
    }
}
